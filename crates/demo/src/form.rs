//! Forms of a page: just enough HTML reading to fill in the product's own server-rendered forms as a person would.

/// One form of a page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Form {
    /// Where it is sent, as written.
    pub action: String,
    /// Names and present values of its inputs and buttons, hidden ones included.
    pub fields: Vec<(String, String)>,
}

impl Form {
    /// Returns whether the form has a field of this name.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|(field, _)| field == name)
    }
}

/// Reads every form of a page.
#[must_use]
pub fn forms(html: &str) -> Vec<Form> {
    let mut forms = Vec::new();
    let mut open: Option<Form> = None;
    for tag in tags(html) {
        match tag.name.as_str() {
            "form" => {
                open = Some(Form { action: tag.attribute("action").unwrap_or_default(), fields: Vec::new() })
            }
            "/form" => forms.extend(open.take()),
            "input" | "button" => {
                if let (Some(form), Some(name)) = (&mut open, tag.attribute("name")) {
                    form.fields.push((name, tag.attribute("value").unwrap_or_default()));
                }
            }
            _ => {}
        }
    }
    forms
}

/// Reads the addresses of every link of a page.
#[must_use]
pub fn links(html: &str) -> Vec<String> {
    tags(html).into_iter().filter(|tag| tag.name == "a").filter_map(|tag| tag.attribute("href")).collect()
}

struct Tag {
    name: String,
    attributes: Vec<(String, String)>,
}

impl Tag {
    fn attribute(&self, name: &str) -> Option<String> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    }
}

fn tags(html: &str) -> Vec<Tag> {
    let mut tags = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        rest = &rest[start + 1..];
        if !rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/') {
            continue;
        }
        let end = rest.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(rest.len());
        let name = rest[..end].trim_end_matches('/').to_ascii_lowercase();
        rest = &rest[end..];
        let (attributes, after) = read_attributes(rest);
        rest = after;
        tags.push(Tag { name, attributes });
    }
    tags
}

fn read_attributes(mut rest: &str) -> (Vec<(String, String)>, &str) {
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        let Some(first) = rest.chars().next() else { return (attributes, rest) };
        if first == '>' {
            return (attributes, &rest[1..]);
        }
        let end = rest.find(|c: char| c.is_whitespace() || "=>".contains(c)).unwrap_or(rest.len());
        let name = rest[..end].to_ascii_lowercase();
        rest = &rest[end..];
        let mut value = String::new();
        if let Some(quoted) = rest.strip_prefix("=\"") {
            let end = quoted.find('"').unwrap_or(quoted.len());
            value = unescape(&quoted[..end]);
            rest = quoted.get(end + 1..).unwrap_or_default();
        } else if let Some(bare) = rest.strip_prefix('=') {
            let end = bare.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(bare.len());
            value = unescape(&bare[..end]);
            rest = &bare[end..];
        } else if name.is_empty() {
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
        }
        attributes.push((name, value));
    }
}

fn unescape(text: &str) -> String {
    let named = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#x27;", "'"),
        ("&#38;", "&"),
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&amp;", "&"),
    ];
    named.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

#[cfg(test)]
mod tests {
    use super::{forms, links};

    #[test]
    fn forms_and_links_are_read_as_written() {
        let html = r#"<p>1 < 2<form method=post action="/a?b=1&amp;c=2"><input type=hidden name="csrf" value="x&quot;y">
            <input name=address value=""><button name="answer" value=yes>Yes</button></form><a class="x" href='ignored' ><a href="footbridge://sync?a=1&amp;b=2">"#;
        let form = &forms(html)[0];
        assert_eq!(form.action, "/a?b=1&c=2");
        let expected = [("csrf", "x\"y"), ("address", ""), ("answer", "yes")];
        let expected: Vec<_> = expected.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        assert_eq!(form.fields, expected);
        assert_eq!(links(html)[1], "footbridge://sync?a=1&b=2");
    }
}
