//! Query options of Graph: with or without `$`, in any case, percent-encoded or not (graph-surface.md 1.2).

use axum::extract::FromRequestParts;
use http::Uri;
use http::request::Parts;

use crate::{ApiError, App};

/// The query of a request; names in lower case without `$`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct GraphQuery(Vec<(String, String)>);

impl FromRequestParts<App> for GraphQuery {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, ApiError> {
        Ok(Self::of(&parts.uri))
    }
}

impl GraphQuery {
    /// Reads the query of an address.
    pub(crate) fn of(uri: &Uri) -> Self {
        Self::parse(uri.query().unwrap_or_default())
    }

    fn parse(query: &str) -> Self {
        let pairs = url::form_urlencoded::parse(query.as_bytes());
        let name = |name: &str| name.strip_prefix('$').unwrap_or(name).to_lowercase();
        Self(pairs.map(|(key, value)| (name(&key), value.into_owned())).collect())
    }

    /// Returns an option, named in lower case without `$`.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Returns what is expanded, in lower case, without the options in parentheses.
    pub(crate) fn expanded(&self) -> Vec<String> {
        let mut names = vec![String::new()];
        let mut depth = 0_u32;
        for letter in self.get("expand").unwrap_or_default().chars() {
            match letter {
                '(' => depth += 1,
                ')' => depth = depth.saturating_sub(1),
                ',' if depth == 0 => names.push(String::new()),
                letter if depth == 0 && !letter.is_whitespace() => {
                    names.last_mut().into_iter().for_each(|name| name.extend(letter.to_lowercase()));
                }
                _ => {}
            }
        }
        names.retain(|name| !name.is_empty());
        names
    }

    /// Refuses an option that would be passed over: an answer that ignores it would be a wrong one.
    pub(crate) fn refuse(&self, option: &str, what: &'static str) -> Result<(), ApiError> {
        let asked = self.get(option).is_some_and(|text| !text.trim().is_empty());
        if asked { Err(ApiError::NotSupported(what)) } else { Ok(()) }
    }

    /// Refuses an order other than by name.
    pub(crate) fn require_order_by_name(&self) -> Result<(), ApiError> {
        let order = self.get("orderby").unwrap_or("name").trim().to_ascii_lowercase();
        let plain = order.strip_suffix(" asc").unwrap_or(&order).trim_end();
        if plain == "name" { Ok(()) } else { Err(ApiError::NotSupported("an order other than by name")) }
    }

    /// Returns how many values a page may have.
    pub(crate) fn top(&self, usual: i64, most: i64) -> Result<i64, ApiError> {
        let Some(text) = self.get("top") else { return Ok(usual) };
        match text.parse::<i64>() {
            Ok(top) if top >= 1 => Ok(top.min(most)),
            _ => Err(ApiError::Invalid {
                code: "invalidRequest",
                inner: Some("invalidQueryOption"),
                message: "$top must be a positive number".to_owned(),
            }),
        }
    }

    /// Writes the address of the next page: the same options with another token.
    pub(crate) fn next_link(&self, origin: &str, path: &str, token: &str) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in self.0.iter().filter(|(name, _)| name != "skiptoken") {
            query.append_pair(&format!("${name}"), value);
        }
        query.append_pair("$skiptoken", token);
        format!("{origin}{path}?{}", query.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::GraphQuery;

    #[test]
    fn options_are_read_in_every_spelling() {
        for text in ["$top=5&search=a", "top=5&%24search=a", "%24Top=5&$Search=a"] {
            let query = GraphQuery::parse(text);
            assert_eq!((query.top(1, 9).ok(), query.get("search")), (Some(5), Some("a")), "{text}");
        }
        assert!(GraphQuery::parse("$top=0").top(1, 9).is_err());
        let expand = GraphQuery::parse("$expand=Children($select=id,name;$top=1), thumbnails");
        assert_eq!(expand.expanded(), ["children", "thumbnails"]);
        for (text, fine) in
            [("", true), ("$orderby=name", true), ("orderby=Name%20asc", true), ("$orderby=size", false)]
        {
            assert_eq!(GraphQuery::parse(text).require_order_by_name().is_ok(), fine, "{text}");
        }
        let next = GraphQuery::parse("$top=5&$skiptoken=a").next_link("https://c", "/v1.0/users", "b&c");
        assert_eq!(next, "https://c/v1.0/users?%24top=5&%24skiptoken=b%26c");
    }
}
