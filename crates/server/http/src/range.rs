//! Ranges of a download: one range of bytes, as `Range` asks for it.

use std::ops::Range;

/// What a `Range` header means for a content of a length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// All of it.
    Whole,
    /// A part of it.
    Part(Range<u64>),
    /// Nothing there.
    Outside,
}

/// Reads a `Range` header. More than one range, another unit and what cannot be read mean the whole, as HTTP allows.
pub(crate) fn wanted(header: Option<&str>, length: u64) -> Wanted {
    let Some(range) = header.and_then(|header| header.trim().strip_prefix("bytes=")) else {
        return Wanted::Whole;
    };
    let Some((first, last)) = range.trim().split_once('-') else { return Wanted::Whole };
    match (first.trim(), last.trim()) {
        ("", suffix) => match suffix.parse::<u64>() {
            Ok(0) => Wanted::Outside,
            Ok(_) if length == 0 => Wanted::Outside,
            Ok(suffix) => Wanted::Part(length.saturating_sub(suffix)..length),
            Err(_) => Wanted::Whole,
        },
        (first, last) => {
            let Ok(first) = first.parse::<u64>() else { return Wanted::Whole };
            let last = if last.is_empty() { Ok(u64::MAX) } else { last.parse::<u64>() };
            match last {
                Ok(last) if last < first => Wanted::Whole,
                Ok(_) if first >= length => Wanted::Outside,
                Ok(last) => Wanted::Part(first..last.saturating_add(1).min(length)),
                Err(_) => Wanted::Whole,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Wanted::{Outside, Part, Whole};
    use super::wanted;

    #[test]
    fn ranges_are_read_as_http_says() {
        let cases = [
            (None, Whole),
            (Some("bytes=0-4"), Part(0..5)),
            (Some("bytes=5-"), Part(5..10)),
            (Some("bytes=-3"), Part(7..10)),
            (Some("bytes=-30"), Part(0..10)),
            (Some("bytes=8-99"), Part(8..10)),
            (Some("bytes=10-"), Outside),
            (Some("bytes=-0"), Outside),
            (Some("bytes=0-18446744073709551615"), Part(0..10)),
            (Some("bytes=5-4"), Whole),
            (Some("bytes=0-1,3-4"), Whole),
            (Some("items=0-1"), Whole),
            (Some("bytes=x"), Whole),
        ];
        for (header, expected) in cases {
            assert_eq!(wanted(header, 10), expected, "{header:?}");
        }
        assert_eq!(wanted(Some("bytes=0-"), 0), Outside);
    }
}
