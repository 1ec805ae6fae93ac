//! Names: which are one and the same, which a library refuses, and which may be a name on this disk.
//!
//! A name from a server is hostile until [`check_local_name`] passed.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// Longest name on disk, in bytes.
pub const MAX_NAME_BYTES: usize = 255;
/// Longest path below the library, in characters.
pub const MAX_PATH_CHARS: usize = 400;
/// Name of the folder at the root in which the client keeps stage, trash and marker. Never synced, never placed.
pub const CONTROL_FOLDER: &str = ".footbridge";

/// Why a name is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum NameIssue {
    /// No character at all.
    Empty,
    /// `.` or `..`.
    Dots,
    /// A slash or a NUL, which would leave the folder.
    Separator,
    /// A control character.
    Control,
    /// One of `" * : < > ? / \ |`.
    Character,
    /// Begins or ends with a space.
    OuterSpace,
    /// Ends with a period.
    TrailingPeriod,
    /// A reserved word, such as `CON` or `desktop.ini`.
    Reserved,
    /// Longer than a name may be.
    TooLong,
    /// The path as a whole is too long.
    PathTooLong,
    /// Characters that turn the direction of writing and so hide the true ending.
    Bidi,
}

impl NameIssue {
    /// Tells a person the rule that was broken, to go on a sentence.
    #[must_use]
    pub fn rule(self) -> &'static str {
        match self {
            Self::Empty => "a name has at least one letter",
            Self::Dots => "`.` and `..` mean folders",
            Self::Separator => "a name holds no slash",
            Self::Control => "it holds an invisible control character",
            Self::Character => "none of \" * : < > ? / \\ | may be in it",
            Self::OuterSpace => "it begins or ends with a space",
            Self::TrailingPeriod => "it ends with a period",
            Self::Reserved => "it is reserved, such as CON, NUL or .lock",
            Self::TooLong => "it is too long",
            Self::PathTooLong => "with the folders above it, it is longer than 400 characters",
            Self::Bidi => "it holds characters that turn the direction of writing",
        }
    }
}

/// Returns the form under which two names of one folder are the same: `casefold(NFC(name))`.
#[must_use]
pub fn name_key(name: &str) -> String {
    if name.is_ascii() {
        return name.to_ascii_lowercase();
    }
    let composed: String = name.nfc().collect();
    caseless::default_case_fold_str(&composed)
}

/// Checks a local name against the library's rules (sharing-and-guests.md section 8).
///
/// # Errors
/// The first rule broken.
pub fn check_library_name(name: &str) -> Result<(), NameIssue> {
    check_local_name(name)?;
    if name.contains(['"', '*', ':', '<', '>', '?', '\\', '|']) {
        return Err(NameIssue::Character);
    }
    if name.starts_with(' ') || name.ends_with(' ') {
        return Err(NameIssue::OuterSpace);
    }
    if name.ends_with('.') {
        return Err(NameIssue::TrailingPeriod);
    }
    if is_reserved(name) {
        return Err(NameIssue::Reserved);
    }
    Ok(())
}

/// Checks that a server's name is safe as one name on this disk.
///
/// # Errors
/// The first rule broken.
pub fn check_local_name(name: &str) -> Result<(), NameIssue> {
    match name {
        "" => return Err(NameIssue::Empty),
        "." | ".." => return Err(NameIssue::Dots),
        _ => {}
    }
    if name.contains(['/', '\0']) {
        return Err(NameIssue::Separator);
    }
    if name.chars().any(char::is_control) {
        return Err(NameIssue::Control);
    }
    if name.chars().any(is_bidi_override) {
        return Err(NameIssue::Bidi);
    }
    if name.len() > MAX_NAME_BYTES {
        return Err(NameIssue::TooLong);
    }
    if name_key(name) == CONTROL_FOLDER {
        return Err(NameIssue::Reserved);
    }
    Ok(())
}

fn is_bidi_override(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn is_reserved(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    if lower.starts_with("~$") || lower.contains("_vti_") {
        return true;
    }
    let stem = lower.split('.').next().unwrap_or_default();
    match lower.as_str() {
        ".lock" | "desktop.ini" => return true,
        _ => {}
    }
    match stem {
        "con" | "prn" | "aux" | "nul" => true,
        _ => {
            let numbered = stem.strip_prefix("com").or_else(|| stem.strip_prefix("lpt"));
            numbered.is_some_and(|rest| rest.len() == 1 && rest.bytes().all(|b| b.is_ascii_digit()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{NameIssue, check_library_name, check_local_name, name_key};

    #[test]
    fn names_that_differ_by_case_or_normal_form_have_one_key() {
        assert_eq!(name_key("README.md"), name_key("readme.MD"));
        assert_eq!(name_key("cafe\u{301}"), name_key("CAF\u{c9}"));
        assert_ne!(name_key("a"), name_key("b"));
    }

    #[test]
    fn a_hostile_name_is_never_placed() {
        let cases = [
            ("", NameIssue::Empty),
            ("..", NameIssue::Dots),
            ("a/b", NameIssue::Separator),
            ("a\0", NameIssue::Separator),
            ("a\nb", NameIssue::Control),
            ("fdp\u{202e}exe", NameIssue::Bidi),
            (".FootBridge", NameIssue::Reserved),
        ];
        for (name, issue) in cases {
            assert_eq!(check_local_name(name), Err(issue), "{name:?}");
        }
        assert_eq!(check_local_name(&"x".repeat(256)), Err(NameIssue::TooLong));
    }

    #[test]
    fn a_library_refuses_what_windows_could_not_hold() {
        let bad = [
            "a*b",
            " a",
            "a ",
            "a.",
            "CON",
            "con.txt",
            "COM1",
            "lpt9.log",
            "desktop.ini",
            ".lock",
            "~$x",
            "a_vti_b",
        ];
        for name in bad {
            assert!(check_library_name(name).is_err(), "{name:?}");
        }
        for name in ["a", "a#b", "100%", ".gitignore", "COM10", "console", "Grüße.md"] {
            assert_eq!(check_library_name(name), Ok(()), "{name:?}");
        }
    }
}
