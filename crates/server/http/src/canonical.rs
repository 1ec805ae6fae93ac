//! Canonical paths: the tolerance clients need (graph-surface.md 1.2), applied before routing by a pure function.

use std::borrow::Cow;

use crate::graph_path::canonical_graph;

/// Collapses repeated slashes.
#[must_use]
pub(crate) fn canonical_path(path: &str) -> Cow<'_, str> {
    if !path.contains("//") {
        return Cow::Borrowed(path);
    }
    let mut canonical = String::with_capacity(path.len());
    for character in path.chars() {
        if character != '/' || !canonical.ends_with('/') {
            canonical.push(character);
        }
    }
    Cow::Owned(canonical)
}

/// Rewrites a request's path to its canonical form; the query stays as it is.
pub(crate) fn canonicalise<B>(mut request: http::Request<B>) -> http::Request<B> {
    let uri = request.uri();
    let path = canonical_path(uri.path());
    let graph = canonical_graph(&path, uri.query());
    let rewritten = match (graph, path) {
        (Some(graph), _) => Some(graph),
        (None, Cow::Owned(path)) => Some(match uri.query() {
            Some(query) => format!("{path}?{query}"),
            None => path,
        }),
        (None, Cow::Borrowed(_)) => None,
    };
    if let Some(path_and_query) = rewritten {
        let mut parts = uri.clone().into_parts();
        if let Ok(path_and_query) = path_and_query.parse() {
            parts.path_and_query = Some(path_and_query);
            if let Ok(uri) = http::Uri::from_parts(parts) {
                *request.uri_mut() = uri;
            }
        }
    }
    request
}

#[cfg(test)]
mod tests {
    use super::canonical_path;

    #[test]
    fn repeated_slashes_are_one() {
        assert_eq!(canonical_path("/v1.0//me///drive/"), "/v1.0/me/drive/");
        assert_eq!(canonical_path("/v1.0/me"), "/v1.0/me");
    }
}
