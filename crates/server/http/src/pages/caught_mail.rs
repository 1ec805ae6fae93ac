//! Caught mail: reads back the mails that `jobs` writes — enough of MIME for those, for the demo's mailbox page.

use data_encoding::BASE64;

/// A mail as the mailbox page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CaughtMail {
    pub(super) name: String,
    pub(super) to: String,
    pub(super) subject: String,
    pub(super) date: String,
    /// The text part, cut into runs so that addresses can be shown as links.
    pub(super) lines: Vec<Vec<Run>>,
}

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) text: String,
    pub(super) link: bool,
}

impl CaughtMail {
    /// Reads a mail; none when it has no header.
    pub(super) fn parse(name: String, mail: &str) -> Option<Self> {
        let mail = mail.replace("\r\n", "\n");
        let (head, body) = mail.split_once("\n\n")?;
        let text = text_part(head, body);
        let lines = text.trim_end().lines().map(runs).collect();
        let get = |field: &str| decode_words(&header(head, field).unwrap_or_default());
        Some(Self { name, to: get("to"), subject: get("subject"), date: get("date"), lines })
    }
}

/// Finds a header field, folded lines joined.
fn header(head: &str, field: &str) -> Option<String> {
    let mut lines = head.lines().peekable();
    while let Some(line) = lines.next() {
        let Some((name, value)) = line.split_once(':') else { continue };
        if !name.eq_ignore_ascii_case(field) {
            continue;
        }
        let mut value = value.trim().to_owned();
        while let Some(folded) = lines.next_if(|line| line.starts_with([' ', '\t'])) {
            value.push(' ');
            value.push_str(folded.trim());
        }
        return Some(value);
    }
    None
}

fn text_part(head: &str, body: &str) -> String {
    let content_type = header(head, "content-type").unwrap_or_default();
    let boundary = content_type.split_once("boundary=").map(|(_, rest)| {
        let rest = rest.trim_start_matches('"');
        rest.split(['"', ';']).next().unwrap_or_default().to_owned()
    });
    if let Some(boundary) = boundary.filter(|boundary| !boundary.is_empty()) {
        let delimiter = format!("--{boundary}");
        for part in body.split(delimiter.as_str()).skip(1) {
            let Some((head, body)) = part.trim_start_matches('\n').split_once("\n\n") else { continue };
            let text = text_part(head, body);
            if !text.is_empty() {
                return text;
            }
        }
        return String::new();
    }
    if !content_type.is_empty() && !content_type.to_ascii_lowercase().starts_with("text/plain") {
        return String::new();
    }
    let bytes =
        match header(head, "content-transfer-encoding").unwrap_or_default().to_ascii_lowercase().as_str() {
            "base64" => {
                let joined: String = body.split_whitespace().collect();
                BASE64.decode(joined.as_bytes()).unwrap_or_default()
            }
            "quoted-printable" => quoted_printable(body),
            _ => body.as_bytes().to_vec(),
        };
    String::from_utf8_lossy(&bytes).into_owned()
}

fn quoted_printable(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let (mut decoded, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while let Some(byte) = bytes.get(at) {
        at += 1;
        if *byte != b'=' {
            decoded.push(*byte);
            continue;
        }
        if bytes.get(at) == Some(&b'\n') {
            at += 1;
        } else if let Some(value) = bytes
            .get(at..at + 2)
            .and_then(|pair| std::str::from_utf8(pair).ok())
            .and_then(|pair| u8::from_str_radix(pair, 16).ok())
        {
            decoded.push(value);
            at += 2;
        }
    }
    decoded
}

/// Decodes the encoded words of a header (RFC 2047).
fn decode_words(text: &str) -> String {
    let mut decoded = String::new();
    let mut rest = text;
    while let Some((before, word)) = rest.split_once("=?") {
        let mut parts = word.splitn(3, '?');
        let (Some(_), Some(encoding), Some(tail)) = (parts.next(), parts.next(), parts.next()) else { break };
        let Some((content, after)) = tail.split_once("?=") else { break };
        // White space between two encoded words is not part of the text.
        if !before.trim().is_empty() || decoded.is_empty() {
            decoded.push_str(before);
        }
        let bytes = match encoding {
            "B" | "b" => BASE64.decode(content.as_bytes()).unwrap_or_default(),
            _ => quoted_printable(&content.replace('_', " ")),
        };
        decoded.push_str(&String::from_utf8_lossy(&bytes));
        rest = after;
    }
    decoded.push_str(rest);
    decoded
}

fn runs(line: &str) -> Vec<Run> {
    let is_link = |word: &str| word.starts_with("http://") || word.starts_with("https://");
    let mut runs: Vec<Run> = Vec::new();
    for word in line.split_inclusive(' ') {
        let (text, space) = match word.strip_suffix(' ') {
            Some(text) => (text, " "),
            None => (word, ""),
        };
        match runs.last_mut() {
            Some(run) if !run.link && !is_link(text) => run.text.push_str(word),
            _ => {
                runs.push(Run { text: text.to_owned(), link: is_link(text) });
                if !space.is_empty() {
                    runs.push(Run { text: space.to_owned(), link: false });
                }
            }
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::CaughtMail;

    #[test]
    fn a_mail_with_two_parts_shows_its_text_and_its_link() {
        let mail = "To: maria@fabrikam.example\r\nSubject: =?utf-8?b?R3LDvMOfZQ==?=\r\n =?utf-8?Q?_aus_Z=C3=BCrich?=\r\n\
            Date: Fri, 20 Nov 2026 13:00:00 +0000\r\nContent-Type: multipart/alternative; boundary=\"b1\"\r\n\r\n\
            --b1\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
            Gr=C3=BC=C3=9Fe, open https://cloud.example/redeem/a=\r\nbc now\r\n--b1\r\nContent-Type: text/html\r\n\r\n<p>x\r\n--b1--\r\n";
        let mail = CaughtMail::parse("1".to_owned(), mail).expect("a mail");
        assert_eq!(mail.subject, "Grüße aus Zürich");
        assert_eq!(mail.to, "maria@fabrikam.example");
        let runs: Vec<(&str, bool)> = mail.lines[0].iter().map(|run| (run.text.as_str(), run.link)).collect();
        let expected = [
            ("Grüße, open ", false),
            ("https://cloud.example/redeem/abc", true),
            (" ", false),
            ("now", false),
        ];
        let joined: String = runs.iter().map(|(text, _)| *text).collect();
        assert_eq!(joined, "Grüße, open https://cloud.example/redeem/abc now");
        assert!(runs.contains(&expected[1]), "{runs:?}");
    }

    #[test]
    fn broken_mails_do_not_break_the_page() {
        for text in
            ["", "\n\n", "x", "A: b\n\n=", "Content-Type: multipart/x; boundary=\"\"\n\nx", "S: =?a?b\n\nx=4"]
        {
            let _read = CaughtMail::parse("1".to_owned(), text);
        }
    }
}
