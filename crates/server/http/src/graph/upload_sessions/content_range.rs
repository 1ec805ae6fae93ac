//! `Content-Range` of a fragment: which bytes come, of how many.

use http::{HeaderMap, header};

use crate::ApiError;

/// Longest fragment and one byte more (graph-surface.md U-1).
const TOO_LONG: u64 = 60 * 1024 * 1024;

/// The bytes a fragment carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fragment {
    pub(super) start: u64,
    /// The byte after its last one.
    pub(super) end: u64,
    /// The length of the whole.
    pub(super) total: u64,
}

impl Fragment {
    /// Reads the header. A request without it may only be an empty file.
    pub(super) fn of(headers: &HeaderMap) -> Result<Self, ApiError> {
        let length =
            headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
        let fragment = match headers.get(header::CONTENT_RANGE) {
            Some(range) => range.to_str().ok().and_then(Self::parse),
            None if length == Some(0) => Some(Self { start: 0, end: 0, total: 0 }),
            None => None,
        };
        let fragment = fragment.ok_or_else(|| {
            ApiError::invalid("a fragment needs a Content-Range such as `bytes 0-327679/1048576`")
        })?;
        if fragment.length() >= TOO_LONG {
            return Err(ApiError::FragmentTooLong(TOO_LONG - 1));
        }
        Ok(fragment)
    }

    fn parse(text: &str) -> Option<Self> {
        let (unit, rest) = text.trim().split_once([' ', '='])?;
        let (range, total) = rest.trim().split_once('/')?;
        let total = number(total)?;
        if !unit.eq_ignore_ascii_case("bytes") {
            return None;
        }
        // An empty file has no last byte, so clients write what their arithmetic yields.
        if total == 0 && ["*", "0--1", "0-0", "0-"].contains(&range.trim()) {
            return Some(Self { start: 0, end: 0, total: 0 });
        }
        let (start, last) = range.split_once('-')?;
        let (start, end) = (number(start)?, number(last)?.checked_add(1)?);
        (start < end && end <= total).then_some(Self { start, end, total })
    }

    /// Returns how many bytes it has.
    pub(super) fn length(&self) -> u64 {
        self.end - self.start
    }

    /// Returns whether the content ends with it.
    pub(super) fn is_last(&self) -> bool {
        self.end == self.total
    }
}

/// Digits alone; `parse` would take a sign.
fn number(text: &str) -> Option<u64> {
    let text = text.trim();
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue};

    use super::Fragment;

    fn read(range: &str) -> Option<(u64, u64, u64)> {
        let mut headers = HeaderMap::new();
        headers.insert("content-range", HeaderValue::from_str(range).expect("a value"));
        Fragment::of(&headers).ok().map(|fragment| (fragment.start, fragment.end, fragment.total))
    }

    #[test]
    fn ranges_are_read_as_clients_write_them() {
        for (range, expected) in [
            ("bytes 0-9/10", (0, 10, 10)),
            ("bytes 327680-655360/716800", (327_680, 655_361, 716_800)),
            ("Bytes 5-5/6", (5, 6, 6)),
            ("bytes=0-3/4", (0, 4, 4)),
            ("bytes */0", (0, 0, 0)),
            ("bytes 0--1/0", (0, 0, 0)),
        ] {
            assert_eq!(read(range), Some(expected), "{range}");
        }
    }

    #[test]
    fn other_ranges_are_refused() {
        for range in [
            "",
            "bytes",
            "bytes 0-9",
            "bytes 0-9/*",
            "bytes 9-0/10",
            "bytes 0-10/10",
            "bytes -5/10",
            "bytes +0-+9/10",
            "items 0-9/10",
            "bytes 0-18446744073709551615/18446744073709551615",
            "bytes 0-62914559/99999999",
            "bytes */10",
        ] {
            assert_eq!(read(range), None, "{range}");
        }
    }
}
