//! Conflict names: what the local bytes are called when the server's version keeps the name.
//!
//! The tag comes from the content, so two computers that resolve independently agree, and resolving again changes
//! nothing.

use jiff::Timestamp;
use transfer::ContentId;

use crate::name::MAX_NAME_BYTES;

const OPEN: &str = " (conflict \u{2013} ";

/// Returns `stem (conflict – who, date, tag).ext`, at most 255 bytes, replacing an earlier conflict suffix.
///
/// `who` is a person or device; `when` gives the UTC date; without a content the tag is left out.
#[must_use]
pub fn conflict_name(name: &str, who: &str, when: Timestamp, content: Option<&ContentId>) -> String {
    conflict_name_numbered(name, who, when, content, 0)
}

/// As [`conflict_name`], with a number for the case that the plain one is taken by something else.
#[must_use]
pub fn conflict_name_numbered(
    name: &str,
    who: &str,
    when: Timestamp,
    content: Option<&ContentId>,
    number: u32,
) -> String {
    let (stem, extension) = split_extension(name);
    let stem = strip_conflict(stem);
    let who: String = who.chars().filter(|c| !is_unfit(*c)).take(40).collect();
    let who = if who.trim().is_empty() { "someone" } else { who.trim() };
    let date = when.strftime("%Y-%m-%d");
    let tag = content.map(|id| format!(", {:.6}", id.to_string())).unwrap_or_default();
    let number = if number == 0 { String::new() } else { format!(" {number}") };
    let suffix = format!("{OPEN}{who}, {date}{tag}{number})");
    let room = MAX_NAME_BYTES.saturating_sub(suffix.len() + extension.len());
    format!("{}{suffix}{extension}", cut(stem, room))
}

/// Tells whether a name was made by [`conflict_name`].
#[must_use]
pub fn is_conflict_name(name: &str) -> bool {
    let (stem, _) = split_extension(name);
    strip_conflict(stem).len() < stem.len()
}

fn is_unfit(c: char) -> bool {
    c.is_control() || "\"*:<>?/\\|()".contains(c)
}

fn split_extension(name: &str) -> (&str, &str) {
    match name.rfind('.') {
        // An over-long or spaced "extension" is part of the name, not an extension.
        Some(at) if at > 0 && name.len() - at <= 24 && !name[at..].contains([' ', ')']) => name.split_at(at),
        _ => (name, ""),
    }
}

fn strip_conflict(stem: &str) -> &str {
    match stem.rfind(OPEN) {
        Some(at) if at > 0 && stem.ends_with(')') => &stem[..at],
        _ => stem,
    }
}

fn cut(text: &str, room: usize) -> &str {
    let mut end = room.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].trim_end_matches([' ', '.'])
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use transfer::{ChunkHash, ContentId};

    use super::{conflict_name, is_conflict_name};

    fn content() -> ContentId {
        ContentId::from_bytes(*ChunkHash::of(b"x").as_bytes())
    }

    #[test]
    fn a_conflict_name_tells_who_when_and_which_bytes() {
        let name = conflict_name("Plan v1.docx", "Ada", Timestamp::UNIX_EPOCH, Some(&content()));
        let tag: String = content().to_string().chars().take(6).collect();
        assert_eq!(name, format!("Plan v1 (conflict \u{2013} Ada, 1970-01-01, {tag}).docx"));
        assert!(is_conflict_name(&name) && !is_conflict_name("Plan (v1).docx"));
    }

    #[test]
    fn row_19_a_conflict_of_a_conflict_replaces_the_suffix() {
        let once = conflict_name("a.txt", "Ada", Timestamp::UNIX_EPOCH, Some(&content()));
        assert_eq!(conflict_name(&once, "Ada", Timestamp::UNIX_EPOCH, Some(&content())), once);
    }

    #[test]
    fn a_long_name_is_cut_before_the_suffix_and_keeps_its_extension() {
        let name = conflict_name(&format!("{}.pdf", "é".repeat(125)), "Ada/Eve", Timestamp::UNIX_EPOCH, None);
        assert!(name.len() <= 255 && name.ends_with(").pdf") && name.contains("AdaEve"));
    }
}
