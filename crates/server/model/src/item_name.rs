//! Item name: what a file or folder may be called (sharing-and-guests.md section 8), and when two names are the same.

use unicode_normalization::UnicodeNormalization;

use crate::ItemKind;

/// A name that keeps every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemName {
    text: String,
    key: String,
}

/// Where an item is to live, as far as names care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemPlace {
    /// Directly in a library.
    LibraryRoot,
    /// In some folder.
    Folder,
}

/// The rule a name breaks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidName {
    /// Nothing, `.` or `..`.
    #[error("a name must not be empty, \".\" or \"..\"")]
    Empty,
    /// Longer than [`ItemName::MAX_LENGTH`].
    #[error("a name may have at most 255 characters; this one has {0}")]
    TooLong(usize),
    /// A character no name may contain.
    #[error("the character {0:?} is not allowed in a name")]
    Character(char),
    /// A space at an end.
    #[error("a name must not start or end with a space")]
    Space,
    /// A word kept by systems.
    #[error("\"{0}\" is a reserved name")]
    Reserved(String),
    /// `_vti_` somewhere.
    #[error("a name must not contain \"_vti_\"")]
    Vti,
    /// A file starting with `~$`.
    #[error("a file's name must not start with \"~$\"")]
    OwnerFile,
    /// A folder starting with `~`.
    #[error("a folder's name must not start with \"~\"")]
    FolderTilde,
    /// A folder ending with a dot.
    #[error("a folder's name must not end with a period")]
    FolderPeriod,
    /// `forms` in the root of a library.
    #[error("\"forms\" is not allowed in the root of a library")]
    Forms,
}

/// Characters the original refuses; control characters are refused too.
const FORBIDDEN: &str = "\"*:<>?/\\|";

impl ItemName {
    /// Longest name, in UTF-16 units, as every client of the original counts.
    pub const MAX_LENGTH: usize = 255;
    /// Longest path within a library, slashes included, in UTF-16 units.
    pub const MAX_PATH: usize = 400;

    /// Checks a name for an item of a kind at a place.
    ///
    /// # Errors
    /// [`InvalidName`] names the rule.
    pub fn parse(text: &str, kind: ItemKind, place: ItemPlace) -> Result<Self, InvalidName> {
        if matches!(text, "" | "." | "..") {
            return Err(InvalidName::Empty);
        }
        let length = Self::length_of(text);
        if length > Self::MAX_LENGTH {
            return Err(InvalidName::TooLong(length));
        }
        if let Some(bad) = text.chars().find(|c| FORBIDDEN.contains(*c) || c.is_control()) {
            return Err(InvalidName::Character(bad));
        }
        if text.starts_with(' ') || text.ends_with(' ') {
            return Err(InvalidName::Space);
        }
        let key = Self::key_of(text);
        if is_reserved(&key) {
            return Err(InvalidName::Reserved(text.to_owned()));
        }
        if key.contains("_vti_") {
            return Err(InvalidName::Vti);
        }
        match kind {
            ItemKind::File if text.starts_with("~$") => return Err(InvalidName::OwnerFile),
            ItemKind::Folder if text.starts_with('~') => return Err(InvalidName::FolderTilde),
            ItemKind::Folder if text.ends_with('.') => return Err(InvalidName::FolderPeriod),
            ItemKind::Folder if place == ItemPlace::LibraryRoot && key == "forms" => {
                return Err(InvalidName::Forms);
            }
            ItemKind::File | ItemKind::Folder => {}
        }
        Ok(Self { text: text.to_owned(), key })
    }

    /// Returns the name as it was given; it is kept as sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the form that equal names share.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Returns the form that equal names share: composed, case folded, composed again.
    #[must_use]
    pub fn key_of(text: &str) -> String {
        let composed: String = text.nfc().collect();
        caseless::default_case_fold_str(&composed).nfc().collect()
    }

    /// Returns a length as clients of the original count it: in UTF-16 units.
    #[must_use]
    pub fn length_of(text: &str) -> usize {
        text.encode_utf16().count()
    }

    /// Returns the name with a number before its extension, as `conflictBehavior=rename` makes it: `name 1.ext`.
    #[must_use]
    pub fn numbered(text: &str, number: u32, kind: ItemKind) -> String {
        let split = (kind == ItemKind::File).then(|| text.rfind('.')).flatten().filter(|at| *at > 0);
        match split {
            Some(at) => format!("{} {number}{}", &text[..at], &text[at..]),
            None => format!("{text} {number}"),
        }
    }
}

fn is_reserved(key: &str) -> bool {
    let device = |prefix: &str| {
        key.strip_prefix(prefix).is_some_and(|rest| rest.len() == 1 && rest.as_bytes()[0].is_ascii_digit())
    };
    matches!(key, ".lock" | "con" | "prn" | "aux" | "nul" | "desktop.ini") || device("com") || device("lpt")
}

#[cfg(test)]
mod tests {
    use super::{InvalidName, ItemName, ItemPlace};
    use crate::ItemKind::{File, Folder};

    #[test]
    fn every_rule_names_itself() {
        use InvalidName as E;
        let long = "x".repeat(256);
        let cases = [
            ("", File, E::Empty),
            ("..", File, E::Empty),
            (long.as_str(), File, E::TooLong(256)),
            ("a/b", File, E::Character('/')),
            ("a\\b", Folder, E::Character('\\')),
            ("a\0b", File, E::Character('\0')),
            ("a\nb", File, E::Character('\n')),
            (" a", File, E::Space),
            ("a ", Folder, E::Space),
            ("LPT3", File, E::Reserved("LPT3".into())),
            ("Desktop.INI", File, E::Reserved("Desktop.INI".into())),
            ("x_VTI_y", File, E::Vti),
            ("~$letter.docx", File, E::OwnerFile),
            ("~old", Folder, E::FolderTilde),
            ("old.", Folder, E::FolderPeriod),
            ("Forms", Folder, E::Forms),
        ];
        for (text, kind, error) in cases {
            assert_eq!(ItemName::parse(text, kind, ItemPlace::LibraryRoot), Err(error), "{text:?}");
        }
    }

    #[test]
    fn ordinary_and_odd_names_are_kept_as_sent() {
        for text in
            ["a.txt", "com10", "a#b%c.txt", "~old", "ends.", "ÄÖ ü.txt", "e\u{301}", "日本語", ".hidden"]
        {
            assert_eq!(
                ItemName::parse(text, File, ItemPlace::Folder).map(|name| name.text).as_deref(),
                Ok(text)
            );
        }
        assert!(ItemName::parse("forms", Folder, ItemPlace::Folder).is_ok());
    }

    #[test]
    fn names_that_differ_by_case_or_composition_are_the_same() {
        for (a, b) in
            [("README", "readme"), ("e\u{301}.txt", "É.TXT"), ("straße", "STRASSE"), ("Σίσυφος", "ΣΊΣΥΦΟΣ")]
        {
            assert_eq!(ItemName::key_of(a), ItemName::key_of(b));
        }
        assert_ne!(ItemName::key_of("a"), ItemName::key_of("ä"));
    }

    #[test]
    fn a_number_goes_before_the_extension() {
        assert_eq!(ItemName::numbered("name.ext", 1, File), "name 1.ext");
        assert_eq!(ItemName::numbered(".profile", 2, File), ".profile 2");
        assert_eq!(ItemName::numbered("v1.0", 1, Folder), "v1.0 1");
    }
}
