//! Graph paths: the many ways clients write an item's address, made into one before routing (graph-surface.md 1.2).
//!
//! Canonical is `/v1.0/drives/{drive}/items/{item}` followed by an action. `{item}` is an id, `root`, or either with a
//! path behind it as one escaped segment: `root:%2Fa%2Fb:`. Function calls become query options. The result is
//! canonical itself, whatever came in.

use std::borrow::Cow;

/// Other names of the same surface.
const PREFIXES: [&str; 2] = ["/_api/v2.0/", "/_api/v2.1/"];
const PREFIX: &str = "/v1.0/";

/// Returns the canonical path and query of a Graph request; none when they are canonical or not Graph's.
#[must_use]
pub(crate) fn canonical_graph(path: &str, query: Option<&str>) -> Option<String> {
    let rest = PREFIXES.iter().find_map(|prefix| path.strip_prefix(prefix)).or(path.strip_prefix(PREFIX))?;
    let rest = rest.trim_end_matches('/').replace("/%24", "/$");
    let (rest, option) = unfold_call(&rest);
    let rest = match (split_drive(&rest), drive_of_site(&rest)) {
        (Some((drive, tail)), _) => {
            let item = canonical_item(tail);
            // The caller's own drive and a site's have their items where every drive has them.
            let own = drive == "me/drive" && item.starts_with("items/");
            let drive = match drive_of_site(drive) {
                Some(site) => site,
                None if own => "drives/me".to_owned(),
                None => drive.to_owned(),
            };
            Cow::Owned(format!("{drive}/{item}"))
        }
        (None, Some(site)) => Cow::Owned(site),
        (None, None) => rest,
    };
    let mut canonical = format!("{PREFIX}{}", rest.trim_end_matches('/'));
    let options: Vec<&str> =
        query.into_iter().chain(option.as_deref()).filter(|part| !part.is_empty()).collect();
    if !options.is_empty() {
        canonical.push('?');
        canonical.push_str(&options.join("&"));
    }
    let same = query.map_or(canonical == path, |query| canonical == format!("{path}?{query}"));
    (!same).then_some(canonical)
}

/// Splits `drives/{id}/…`, `me/drive/…` and `{users|groups|sites}/{id}/drive/…` before what names an item.
fn split_drive(rest: &str) -> Option<(&str, &str)> {
    let segments: Vec<&str> = rest.split('/').collect();
    let depth = match segments.as_slice() {
        ["drives", _, _, ..] | ["me", "drive", _, ..] => 2,
        ["users" | "groups" | "sites", _, "drive", _, ..] => 3,
        _ => return None,
    };
    let length = segments.iter().take(depth).map(|segment| segment.len() + 1).sum::<usize>();
    Some((&rest[..length - 1], &rest[length..]))
}

/// Writes the drive that `sites/{id}/drive` means.
fn drive_of_site(rest: &str) -> Option<String> {
    match rest.split('/').collect::<Vec<_>>().as_slice() {
        ["sites", site, "drive"] => Some(format!("drives/site:{site}")),
        _ => None,
    }
}

/// Writes `root…` and `items/…` in the canonical form; leaves everything else.
fn canonical_item(tail: &str) -> String {
    let (named, items) = match tail.strip_prefix("items/") {
        Some(named) => (named, true),
        None => (tail, false),
    };
    let first = named.split('/').next().unwrap_or_default();
    let start = before_colon(first);
    let is_root = start.eq_ignore_ascii_case("root");
    if !items && !is_root {
        return tail.to_owned();
    }
    let start = if is_root { "root" } else { start };
    if start.len() == first.len() {
        // No path: an id or `root`, then perhaps an action.
        return format!("items/{start}{}", &named[first.len()..]);
    }
    let behind = skip_colon(&named[start.len()..]);
    let (path, action) = split_at_colon(behind);
    let names: Vec<String> =
        plain_slashes(path).split('/').filter(|name| !name.is_empty()).map(str::to_owned).collect();
    let action = plain_slashes(action);
    let action = action.trim_matches('/');
    let item = if names.is_empty() { start.to_owned() } else { format!("{start}:%2F{}:", names.join("%2F")) };
    if action.is_empty() { format!("items/{item}") } else { format!("items/{item}/{action}") }
}

/// Turns `…/delta(token='x')` into `…/delta` and `token=x`, and other calls into their bare name.
fn unfold_call(rest: &str) -> (Cow<'_, str>, Option<String>) {
    let last = rest.rsplit('/').next().unwrap_or_default();
    let opening = find_escaped(last, "(", "%28");
    let Some(opening) = opening.filter(|_| last.ends_with(')') || last.to_ascii_lowercase().ends_with("%29"))
    else {
        return (Cow::Borrowed(rest), None);
    };
    let name = &last[..opening];
    if !matches!(name, "delta" | "search" | "recent" | "sharedWithMe") {
        return (Cow::Borrowed(rest), None);
    }
    let inside = last[opening..].trim_start_matches("%28").trim_start_matches('(');
    let inside = inside.trim_end_matches("%29").trim_end_matches(')');
    let inside = inside.replace("%27", "'").replace("%3D", "=").replace("%3d", "=");
    let option = inside.split_once('=').map(|(key, value)| {
        let value = value.strip_prefix('\'').unwrap_or(value);
        let value = value.strip_suffix('\'').unwrap_or(value);
        format!(
            "{}={}",
            key.trim(),
            value.replace("''", "'").replace('&', "%26").replace('+', "%2B").replace('#', "%23")
        )
    });
    (Cow::Owned(format!("{}{name}", &rest[..rest.len() - last.len()])), option)
}

fn find_escaped(text: &str, plain: &str, escaped: &str) -> Option<usize> {
    match (text.find(plain), text.find(escaped)) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

/// Returns where the next colon stands, written plainly or escaped, and how long it is.
fn colon(text: &str) -> Option<(usize, usize)> {
    let plain = text.find(':').map(|at| (at, 1));
    let escaped = text.to_ascii_lowercase().find("%3a").map(|at| (at, 3));
    match (plain, escaped) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

fn before_colon(segment: &str) -> &str {
    colon(segment).map_or(segment, |(at, _)| &segment[..at])
}

fn skip_colon(text: &str) -> &str {
    colon(text).map_or(text, |(at, length)| &text[at + length..])
}

fn split_at_colon(text: &str) -> (&str, &str) {
    colon(text).map_or((text, ""), |(at, length)| (&text[..at], &text[at + length..]))
}

/// A slash in a path is a slash, also when it was escaped with the rest.
fn plain_slashes(text: &str) -> String {
    text.replace("%2F", "/").replace("%2f", "/")
}

#[cfg(test)]
mod tests {
    use super::canonical_graph;

    fn canonical(path: &str) -> String {
        canonical_graph(path, None).unwrap_or_else(|| path.to_owned())
    }

    #[test]
    fn every_spelling_of_an_item_is_one() {
        let cases = [
            ("/v1.0/drives/D/root", "/v1.0/drives/D/items/root"),
            ("/v1.0/drives/D/", "/v1.0/drives/D"),
            ("/v1.0/drives/D/items:///", "/v1.0/drives/D/items:"),
            ("/v1.0/drives/D/items/01A/children", "/v1.0/drives/D/items/01A/children"),
            ("/v1.0/drives/D/root:/a/b.txt:/content", "/v1.0/drives/D/items/root:%2Fa%2Fb.txt:/content"),
            ("/v1.0/drives/D/root:/a/b.txt", "/v1.0/drives/D/items/root:%2Fa%2Fb.txt:"),
            ("/v1.0/drives/D/root:/a:", "/v1.0/drives/D/items/root:%2Fa:"),
            ("/v1.0/drives/D/root:/a:/", "/v1.0/drives/D/items/root:%2Fa:"),
            ("/v1.0/drives/D/root:", "/v1.0/drives/D/items/root"),
            ("/v1.0/drives/D/root:/:/children", "/v1.0/drives/D/items/root/children"),
            ("/v1.0/drives/D/items/01A:/x y:/children", "/v1.0/drives/D/items/01A:%2Fx y:/children"),
            (
                "/v1.0/drives/D/items/root%3A%2Fa%20b%2Fx%23.txt%3A/content",
                "/v1.0/drives/D/items/root:%2Fa%20b%2Fx%23.txt:/content",
            ),
            ("/v1.0/me/drive/root:/a:/children", "/v1.0/drives/me/items/root:%2Fa:/children"),
            ("/v1.0/me/drive/list", "/v1.0/me/drive/list"),
            ("/v1.0/sites/h,s,w/drive", "/v1.0/drives/site:h,s,w"),
            ("/v1.0/sites/h,s,w/drive/root:/a:", "/v1.0/drives/site:h,s,w/items/root:%2Fa:"),
            ("/v1.0/drives/site:h,s,w/items/root", "/v1.0/drives/site:h,s,w/items/root"),
            ("/_api/v2.0/drives/D/root/children", "/v1.0/drives/D/items/root/children"),
            ("/v1.0/drives/D/root/delta()", "/v1.0/drives/D/items/root/delta"),
            ("/v1.0/drives/D/root/delta(token='latest')", "/v1.0/drives/D/items/root/delta?token=latest"),
            ("/v1.0/drives/D/root/delta%28token%3D%27x%27%29", "/v1.0/drives/D/items/root/delta?token=x"),
            ("/v1.0/drives/D/root/search(q='it''s')", "/v1.0/drives/D/items/root/search?q=it's"),
            ("/v1.0/drives/D/search(q='a+b')", "/v1.0/drives/D/search?q=a%2Bb"),
            ("/v1.0/sites/h:/sites/x:/drives", "/v1.0/sites/h:/sites/x:/drives"),
            ("/v1.0/users", "/v1.0/users"),
            ("/v1.0/groups/G/members/%24ref", "/v1.0/groups/G/members/$ref"),
        ];
        for (path, expected) in cases {
            assert_eq!(canonical(path), expected, "{path}");
        }
        let query = canonical_graph("/v1.0/drives/D/root/delta()", Some("$top=1"));
        assert_eq!(query.as_deref(), Some("/v1.0/drives/D/items/root/delta?$top=1"));
    }

    #[test]
    fn other_paths_are_left_alone() {
        for path in ["/transfer/v1/drives/D/items/root:x", "/sign-in", "/", "/v1.0x/drives/D/root"] {
            assert_eq!(canonical_graph(path, Some("a=b")), None, "{path}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_canonical_path_stays_as_it_is(
            tail in "(root|items/01A|items/root|Root|items|list)(:|%3A|%3a)?(/[a-z:%./ ]{0,12}|%2F[a-z]{0,5}|){0,3}(:|%3a|)(/content|/children|/delta\\(\\)|)",
        ) {
            let once = canonical(&format!("/v1.0/drives/D/{tail}"));
            let (path, query) = match once.split_once('?') {
                Some((path, query)) => (path, Some(query)),
                None => (once.as_str(), None),
            };
            proptest::prop_assert_eq!(canonical_graph(path, query), None, "{} -> {}", tail, once);
        }

        #[test]
        fn foreign_paths_never_panic(path in "/(v1.0|_api/v2.0)/\\PC{0,40}", query in "\\PC{0,10}") {
            let _any = canonical_graph(&path, Some(&query));
        }
    }
}
