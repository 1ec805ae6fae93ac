//! Raw names: file names are bytes; what is not UTF-8 is shown escaped, reversibly where nothing else looks alike.

use std::ffi::CString;
use std::fmt::Write;

use engine::LocalError;

/// Stands before the two digits of an escaped byte.
const MARK: char = '\u{fffd}';

/// Returns the name as text, and whether it had to be escaped.
pub(crate) fn shown(raw: &[u8]) -> (String, bool) {
    if let Ok(text) = std::str::from_utf8(raw) {
        return (text.to_owned(), false);
    }
    let mut text = String::new();
    for chunk in raw.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            // Writing to a string cannot fail.
            let _written = write!(text, "{MARK}{byte:02x}");
        }
    }
    (text, true)
}

/// Returns the bytes an escaped text stands for; none when nothing in it is escaped.
pub(crate) fn unescaped(text: &str) -> Option<Vec<u8>> {
    let mut parts = text.split(MARK);
    let mut raw = parts.next()?.as_bytes().to_vec();
    let mut any = false;
    for part in parts {
        let digits = part.get(..2)?;
        raw.push(u8::from_str_radix(digits, 16).ok()?);
        raw.extend_from_slice(&part.as_bytes()[2..]);
        any = true;
    }
    any.then_some(raw)
}

/// Makes the form the system wants.
///
/// # Errors
/// [`LocalError::Changed`] when the name holds a NUL, which no file on disk has.
pub(crate) fn c_name(raw: &[u8]) -> Result<CString, LocalError> {
    CString::new(raw).map_err(|_| LocalError::Changed)
}

#[cfg(test)]
mod tests {
    use super::{shown, unescaped};

    #[test]
    fn a_name_that_is_not_utf8_comes_back_from_its_shown_form() {
        let raw = b"caf\xe9 \xf0\x9f.txt";
        let (text, escaped) = shown(raw);
        assert!(escaped);
        assert_eq!(unescaped(&text).as_deref(), Some(&raw[..]));
        assert_eq!(shown("é".as_bytes()), ("é".to_owned(), false));
        assert_eq!(unescaped("plain"), None);
    }
}
