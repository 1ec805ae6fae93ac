//! Filters and paths of SCIM (RFC 7644 3.4.2.2 and 3.5.2), as strangers write them: bounded, and read without recursion that
//! a text could drive deep.
//!
//! Longer than most: the grammar is one thing, and a quarter of the file is the texts it must read and refuse.

use serde_json::Value;

/// Longest filter or path, in bytes.
const LONGEST: usize = 2_048;
/// Deepest nesting of parentheses and `not`.
const DEEPEST: usize = 16;

/// An attribute, such as `name.givenName`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Attribute {
    /// Its name.
    pub(crate) name: String,
    /// Its part.
    pub(crate) part: Option<String>,
}

/// How a value is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comparison {
    Equal,
    NotEqual,
    Contains,
    StartsWith,
    EndsWith,
}

/// A condition on a resource.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Filter {
    Compare(Attribute, Comparison, Value),
    Present(Attribute),
    /// One value of a list meets a condition.
    Some(String, Box<Filter>),
    And(Box<Filter>, Box<Filter>),
    Or(Box<Filter>, Box<Filter>),
    Not(Box<Filter>),
}

/// Where a change is made: an attribute, perhaps the values of a list that meet a condition, perhaps a part of them.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Path {
    pub(crate) name: String,
    pub(crate) which: Option<Filter>,
    pub(crate) part: Option<String>,
}

/// The text is no filter or path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unreadable;

impl Filter {
    /// Reads a filter.
    pub(crate) fn read(text: &str) -> Result<Self, Unreadable> {
        let mut reader = Reader::new(text)?;
        let filter = reader.either(0)?;
        reader.end().map(|()| filter)
    }

    /// Returns whether a resource, or a value of a list, meets the condition. Names and texts are compared in any case.
    pub(crate) fn fits(&self, resource: &Value) -> bool {
        match self {
            Self::Compare(attribute, comparison, wanted) => {
                let found = attribute.values(resource);
                match comparison {
                    Comparison::NotEqual => !found.iter().any(|value| equal(value, wanted)),
                    _ => found.iter().any(|value| comparison.holds(value, wanted)),
                }
            }
            Self::Present(attribute) => !attribute.values(resource).is_empty(),
            Self::Some(name, filter) => {
                let list = member(resource, name).and_then(Value::as_array);
                list.is_some_and(|list| list.iter().any(|value| filter.fits(value)))
            }
            Self::And(left, right) => left.fits(resource) && right.fits(resource),
            Self::Or(left, right) => left.fits(resource) || right.fits(resource),
            Self::Not(filter) => !filter.fits(resource),
        }
    }

    /// Returns the text that an attribute must equal for the condition to be met, so that it can be looked up.
    pub(crate) fn must_equal(&self, name: &str) -> Option<&str> {
        match self {
            Self::Compare(attribute, Comparison::Equal, Value::String(text))
                if attribute.name.eq_ignore_ascii_case(name) =>
            {
                let plain = attribute.part.as_ref().is_none_or(|part| part.eq_ignore_ascii_case("value"));
                plain.then_some(text)
            }
            Self::Some(list, filter) if list.eq_ignore_ascii_case(name) => filter.must_equal("value"),
            Self::And(left, right) => left.must_equal(name).or_else(|| right.must_equal(name)),
            _ => None,
        }
    }
}

impl Path {
    /// Reads a path.
    pub(crate) fn read(text: &str) -> Result<Self, Unreadable> {
        let mut reader = Reader::new(text)?;
        let Attribute { name, part } = reader.attribute()?;
        if part.is_some() || !reader.take("[") {
            return reader.end().map(|()| Self { name, which: None, part });
        }
        let which = reader.either(0)?;
        if !reader.take("]") {
            return Err(Unreadable);
        }
        let part = if reader.take(".") { Some(reader.word()?) } else { None };
        reader.end().map(|()| Self { name, which: Some(which), part })
    }
}

impl Attribute {
    /// Returns the values an attribute has; those of every value of a list.
    fn values<'v>(&self, resource: &'v Value) -> Vec<&'v Value> {
        let parts = |value: &'v Value| match &self.part {
            Some(part) => member(value, part),
            // A list's value is what stands for it.
            None if value.is_object() => member(value, "value"),
            None => Some(value),
        };
        match member(resource, &self.name) {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(list)) => list.iter().filter_map(parts).collect(),
            Some(value) => parts(value).into_iter().collect(),
        }
    }
}

impl Comparison {
    fn holds(self, value: &Value, wanted: &Value) -> bool {
        let texts = value.as_str().zip(wanted.as_str());
        let lower = texts.map(|(value, wanted)| (value.to_lowercase(), wanted.to_lowercase()));
        match (self, lower) {
            (Self::Equal, _) => equal(value, wanted),
            (Self::NotEqual, _) => !equal(value, wanted),
            (Self::Contains, Some((value, wanted))) => value.contains(&wanted),
            (Self::StartsWith, Some((value, wanted))) => value.starts_with(&wanted),
            (Self::EndsWith, Some((value, wanted))) => value.ends_with(&wanted),
            (_, None) => false,
        }
    }
}

fn equal(value: &Value, wanted: &Value) -> bool {
    match (value, wanted) {
        (Value::String(value), Value::String(wanted)) => value.to_lowercase() == wanted.to_lowercase(),
        // Entra writes truth as a text.
        (Value::Bool(value), Value::String(wanted)) => value.to_string().eq_ignore_ascii_case(wanted),
        _ => value == wanted,
    }
}

/// Finds a member of an object by its name in any case.
pub(crate) fn member<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    value.as_object()?.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

/// Reads a text from its front.
struct Reader<'t>(&'t str);

impl<'t> Reader<'t> {
    fn new(text: &'t str) -> Result<Self, Unreadable> {
        if text.len() <= LONGEST { Ok(Self(text)) } else { Err(Unreadable) }
    }

    fn end(&self) -> Result<(), Unreadable> {
        if self.0.trim().is_empty() { Ok(()) } else { Err(Unreadable) }
    }

    fn take(&mut self, mark: &str) -> bool {
        match self.0.trim_start().strip_prefix(mark) {
            Some(rest) => {
                self.0 = rest;
                true
            }
            None => false,
        }
    }

    /// Takes a word if it is this one, in any case.
    fn take_word(&mut self, wanted: &str) -> bool {
        let text = self.0.trim_start();
        let end = text.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(text.len());
        let (word, rest) = text.split_at(end);
        let found = word.eq_ignore_ascii_case(wanted);
        if found {
            self.0 = rest;
        }
        found
    }

    fn word(&mut self) -> Result<String, Unreadable> {
        let text = self.0.trim_start();
        let inner = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '$');
        let end = text.find(|c| !inner(c)).unwrap_or(text.len());
        let (word, rest) = text.split_at(end);
        if !word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '$') {
            return Err(Unreadable);
        }
        self.0 = rest;
        Ok(word.to_owned())
    }

    fn attribute(&mut self) -> Result<Attribute, Unreadable> {
        let text = self.0.trim_start();
        // The schema in front of a name says nothing: no two schemas share one.
        if text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("urn:")) {
            let end = text.find([' ', '[', ']', ')']).unwrap_or(text.len());
            let colon = text[..end].rfind(':').ok_or(Unreadable)?;
            self.0 = &text[colon + 1..];
        }
        let name = self.word()?;
        let part = if self.0.starts_with('.') {
            self.0 = &self.0[1..];
            Some(self.word()?)
        } else {
            None
        };
        Ok(Attribute { name, part })
    }

    fn either(&mut self, depth: usize) -> Result<Filter, Unreadable> {
        let mut left = self.both(depth)?;
        while self.take_word("or") {
            left = Filter::Or(Box::new(left), Box::new(self.both(depth)?));
        }
        Ok(left)
    }

    fn both(&mut self, depth: usize) -> Result<Filter, Unreadable> {
        let mut left = self.one(depth)?;
        while self.take_word("and") {
            left = Filter::And(Box::new(left), Box::new(self.one(depth)?));
        }
        Ok(left)
    }

    fn one(&mut self, depth: usize) -> Result<Filter, Unreadable> {
        if depth >= DEEPEST {
            return Err(Unreadable);
        }
        if self.take("(") {
            let inner = self.either(depth + 1)?;
            return if self.take(")") { Ok(inner) } else { Err(Unreadable) };
        }
        if self.take_word("not") {
            return Ok(Filter::Not(Box::new(self.one(depth + 1)?)));
        }
        let attribute = self.attribute()?;
        if attribute.part.is_none() && self.take("[") {
            let inner = self.either(depth + 1)?;
            if !self.take("]") {
                return Err(Unreadable);
            }
            return self.of_list(attribute.name, inner);
        }
        if self.take_word("pr") {
            return Ok(Filter::Present(attribute));
        }
        let comparison = self.comparison()?;
        Ok(Filter::Compare(attribute, comparison, self.value()?))
    }

    /// Reads what follows `list[condition]`: nothing, or a comparison of a part of the values that meet it.
    fn of_list(&mut self, list: String, inner: Filter) -> Result<Filter, Unreadable> {
        if !self.0.starts_with('.') {
            return Ok(Filter::Some(list, Box::new(inner)));
        }
        self.0 = &self.0[1..];
        let attribute = Attribute { name: self.word()?, part: None };
        let comparison = self.comparison()?;
        let compared = Filter::Compare(attribute, comparison, self.value()?);
        Ok(Filter::Some(list, Box::new(Filter::And(Box::new(inner), Box::new(compared)))))
    }

    fn comparison(&mut self) -> Result<Comparison, Unreadable> {
        let known = [
            ("eq", Comparison::Equal),
            ("ne", Comparison::NotEqual),
            ("co", Comparison::Contains),
            ("sw", Comparison::StartsWith),
            ("ew", Comparison::EndsWith),
        ];
        let found = known.into_iter().find(|(word, _)| self.take_word(word));
        found.map(|(_, comparison)| comparison).ok_or(Unreadable)
    }

    fn value(&mut self) -> Result<Value, Unreadable> {
        let text = self.0.trim_start();
        if text.starts_with('"') {
            let mut values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
            let value = values.next().and_then(Result::ok).ok_or(Unreadable)?;
            self.0 = text.get(values.byte_offset()..).ok_or(Unreadable)?;
            return Ok(value);
        }
        // A number or word of JSON ends where JSON itself would not end it.
        let end = text.find([' ', ')', ']']).unwrap_or(text.len());
        let value: Value = serde_json::from_str(&text[..end]).map_err(|_| Unreadable)?;
        if value.is_object() || value.is_array() {
            return Err(Unreadable);
        }
        self.0 = &text[end..];
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::{Filter, Path};

    fn person() -> Value {
        json!({
            "userName": "ben@fabrikam.example", "externalId": "b-1", "active": true,
            "name": { "givenName": "Ben" },
            "emails": [
                { "type": "work", "value": "ben@fabrikam.example", "primary": true },
                { "type": "other", "value": "b@fabrikam.example" },
            ],
        })
    }

    #[test]
    fn r_x09_filters_as_entra_and_okta_send_them_are_read() {
        let cases = [
            (r#"userName eq "BEN@fabrikam.example""#, true),
            (r#"userName Eq "ben""#, false),
            (r#"externalId eq "b-1""#, true),
            (r#"urn:ietf:params:scim:schemas:core:2.0:User:userName eq "ben@fabrikam.example""#, true),
            (r#"emails[type eq "work"].value eq "ben@fabrikam.example""#, true),
            (r#"emails[type eq "other"].value eq "ben@fabrikam.example""#, false),
            (r#"emails.value eq "b@fabrikam.example""#, true),
            (r#"emails eq "b@fabrikam.example""#, true),
            (r#"emails[type eq "work" and value sw "ben"]"#, true),
            (r#"name.givenName co "e" and active eq true"#, true),
            (r#"active eq "True""#, true),
            (r#"not (active eq true) or name.familyName pr"#, false),
            (r#"(userName sw "x" or userName ew ".example") and externalId pr"#, true),
            (r#"userName ne "x""#, true),
        ];
        for (text, expected) in cases {
            assert_eq!(Filter::read(text).map(|filter| filter.fits(&person())), Ok(expected), "{text}");
        }
        let looked_up = Filter::read(r#"active eq true and userName eq "x""#).expect("reads");
        assert_eq!(looked_up.must_equal("userName"), Some("x"));
        let either = Filter::read(r#"userName eq "x" or userName eq "y""#).expect("reads");
        assert_eq!(either.must_equal("userName"), None);
    }

    #[test]
    fn other_texts_are_refused() {
        let deep = format!("{}a pr{}", "(".repeat(100), ")".repeat(100));
        let nots = format!("{}a pr", "not ".repeat(100));
        let bad = [
            "",
            "userName",
            "userName eq",
            "userName eq x",
            "userName zz \"x\"",
            "userName eq \"x",
            "userName eq {}",
            "a eq 1 and",
            "(a pr",
            "a[b pr",
            "a[b pr].",
            "a pr b",
            "1 eq 1",
            ".a pr",
            "urn:",
            "urn:x",
            &deep,
            &nots,
        ];
        for text in bad {
            assert!(Filter::read(text).is_err(), "{text}");
        }
        for text in ["", "a[b eq", "a.b.c", "a[b pr]x", "members[value eq \"1\"].", "a]"] {
            assert!(Path::read(text).is_err(), "{text}");
        }
        let path = Path::read(r#"emails[type eq "work"].value"#).expect("reads");
        assert_eq!(
            (path.name.as_str(), path.part.as_deref(), path.which.is_some()),
            ("emails", Some("value"), true)
        );
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_fail(text in prop_oneof![".{0,60}", "[a-z() \\[\\].\"eqandornotpr]{0,80}"]) {
            if let Ok(filter) = Filter::read(&text) {
                let _fits = filter.fits(&person());
            }
            let _path = Path::read(&text);
        }
    }
}
