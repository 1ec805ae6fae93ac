//! Continuations: where a person goes on after signing in. Always a path of this origin.

use super::answer::FormTargets;

/// Longest accepted continuation, in bytes.
const LONGEST: usize = 8_192;

/// Reads a continuation; anything that could lead to another origin becomes the start page.
pub(super) fn local(text: &str) -> &str {
    // Browsers read `//host` and `/\host` as another host, and drop tabs and line ends before they look.
    let foreign = text.starts_with("//")
        || text.contains('\\')
        || text.chars().any(char::is_control)
        || text.len() > LONGEST;
    if text.starts_with('/') && !foreign { text } else { "/" }
}

/// Returns the address of the sign-in page that leads to `then`; `hint` is pre-filled (A04).
pub(crate) fn sign_in_address(then: &str, hint: Option<&str>) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("continue", then);
    if let Some(hint) = hint {
        query.append_pair("hint", hint);
    }
    format!("/sign-in?{}", query.finish())
}

/// Returns whether a continuation is a client's request.
pub(super) fn is_authorization(then: &str) -> bool {
    then.split('?').next().is_some_and(|path| path.ends_with("/oauth2/v2.0/authorize"))
}

/// Says where the forms of a sign-in page may lead: at the end of a client's sign-in, to the client.
pub(super) fn targets(then: &str) -> FormTargets {
    if is_authorization(then) { FormTargets::OwnAndLoopback } else { FormTargets::Own }
}

#[cfg(test)]
mod tests {
    use super::local;

    #[test]
    fn a_continuation_never_leaves_this_origin() {
        for good in ["/", "/contoso.example/sites/falcon?x=http://a.example", "/redeem/t#x"] {
            assert_eq!(local(good), good);
        }
        let bad = [
            "",
            "https://evil.example/",
            "//evil.example",
            "/\\evil.example",
            "\\/evil.example",
            "/\t/evil.example",
            "\n//evil.example",
            "javascript:alert(1)",
            " /x",
        ];
        for bad in bad {
            assert_eq!(local(bad), "/", "{bad:?}");
        }
    }
}
