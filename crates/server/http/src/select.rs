//! `$select` and `$count`: whatever answers, only the properties asked for are sent (graph-surface.md 1.6).
//!
//! It is one layer over the whole Graph surface, so that no endpoint can forget it. What a client must never lose — the
//! id, that an item is gone, annotations of the answer itself — stays; unknown names are ignored.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde_json::{Map, Value};

use crate::ApiError;
use crate::graph_query::GraphQuery;

/// Longest answer that is read again, in bytes; a longer one is sent as it is.
const LONGEST: usize = 64 * 1024 * 1024;
/// Properties that stay whatever is selected.
const KEPT: [&str; 3] = ["id", "deleted", "error"];

/// Runs a request and leaves out of its answer what was not selected.
pub(crate) async fn select(request: Request, next: Next) -> Response {
    let (names, count) = match request.uri().path().starts_with("/v1.0/") {
        true => {
            let query = GraphQuery::of(request.uri());
            (Names::of(&query), Count::of(&query))
        }
        false => (None, Count::Untold),
    };
    let response = next.run(request).await;
    match (names, count) {
        (None, Count::Untold) => response,
        (names, count) if is_json(&response) => narrow(response, names.as_ref(), count).await,
        _ => response,
    }
}

/// Whether the number of all values is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Count {
    Untold,
    /// `$count=true` of a first page. It is told when that page is the only one: nothing is counted that is not listed.
    OfOnlyPage,
}

impl Count {
    fn of(query: &GraphQuery) -> Self {
        let asked = query.get("count").is_some_and(|text| text.eq_ignore_ascii_case("true"));
        if asked && query.get("skiptoken").is_none() { Self::OfOnlyPage } else { Self::Untold }
    }

    fn tell(self, value: &mut Value) {
        let Some(answer) = value.as_object_mut().filter(|_| self == Self::OfOnlyPage) else { return };
        if answer.contains_key("@odata.nextLink") {
            return;
        }
        if let Some(Value::Array(values)) = answer.get("value") {
            let count = values.len();
            answer.insert("@odata.count".to_owned(), count.into());
        }
    }
}

fn is_json(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE);
    let json = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
    json && matches!(response.status(), StatusCode::OK | StatusCode::CREATED)
}

async fn narrow(response: Response, names: Option<&Names>, count: Count) -> Response {
    let (mut parts, body) = response.into_parts();
    let bytes = match to_bytes(body, LONGEST).await {
        Ok(bytes) => bytes,
        Err(error) => return ApiError::internal(error).into_response(),
    };
    let Ok(mut value) = serde_json::from_slice::<Value>(&bytes) else {
        return Response::from_parts(parts, Body::from(bytes));
    };
    if let Some(names) = names {
        names.keep(&mut value);
    }
    count.tell(&mut value);
    let text = value.to_string();
    parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(text.len()));
    Response::from_parts(parts, Body::from(text))
}

/// The properties asked for, in lower case.
#[derive(Debug, PartialEq, Eq)]
struct Names(Vec<String>);

impl Names {
    /// Reads `$select`, to which what is expanded belongs; none when everything is wanted.
    fn of(query: &GraphQuery) -> Option<Self> {
        let selected = query.get("select")?;
        let mut names: Vec<String> =
            selected.split(',').map(first_step).filter(|name| !name.is_empty()).collect();
        if names.is_empty() || names.iter().any(|name| name == "*") {
            return None;
        }
        names.extend(query.expanded());
        Some(Self(names))
    }

    /// Leaves the selected properties of a thing, or of each thing of a collection.
    fn keep(&self, value: &mut Value) {
        let Some(answer) = value.as_object_mut() else { return };
        match answer.get_mut("value") {
            Some(Value::Array(things)) => {
                for thing in things.iter_mut().filter_map(Value::as_object_mut) {
                    self.keep_of(thing);
                }
            }
            _ => self.keep_of(answer),
        }
    }

    fn keep_of(&self, thing: &mut Map<String, Value>) {
        thing
            .retain(|name, _| KEPT.contains(&name.as_str()) || name.starts_with("@odata.") || self.has(name));
    }

    fn has(&self, name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        // The annotation has an older name, and what is expanded brings its own annotations along.
        let plain = name.split('@').next().filter(|plain| !plain.is_empty()).unwrap_or(&name);
        let download =
            name == "@microsoft.graph.downloadurl" && self.0.iter().any(|asked| is_download(asked));
        download || self.0.iter().any(|asked| asked == plain)
    }
}

fn is_download(asked: &str) -> bool {
    ["content.downloadurl", "@content.downloadurl", "downloadurl"].contains(&asked)
}

/// `folder/childCount` asks for the folder.
fn first_step(name: &str) -> String {
    name.trim().split('/').next().unwrap_or_default().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Names;
    use crate::graph_query::GraphQuery;

    fn kept(query: &str, mut value: serde_json::Value) -> serde_json::Value {
        let uri = format!("/v1.0/x?{query}").parse().expect("an address");
        if let Some(names) = Names::of(&GraphQuery::of(&uri)) {
            names.keep(&mut value);
        }
        value
    }

    #[test]
    fn what_was_not_asked_for_is_left_out() {
        let item = json!({"@odata.context": "c", "id": "1", "name": "n", "size": 2, "folder": {"childCount": 1},
            "@microsoft.graph.downloadUrl": "u", "deleted": {"state": "deleted"}});
        assert_eq!(kept("$select=", item.clone()), item);
        assert_eq!(kept("$select=*", item.clone()), item);
        assert_eq!(
            kept("select=Name,unknown", item.clone()),
            json!({"@odata.context": "c", "id": "1", "name": "n", "deleted": {"state": "deleted"}})
        );
        assert_eq!(
            kept("%24select=folder/childCount,%40microsoft.graph.downloadUrl", item),
            json!({"@odata.context": "c", "id": "1", "folder": {"childCount": 1}, "deleted": {"state": "deleted"},
                "@microsoft.graph.downloadUrl": "u"})
        );
        let page = json!({"value": [{"id": "1", "a": 1, "b": 2}], "@odata.nextLink": "l"});
        assert_eq!(kept("$select=b", page), json!({"value": [{"id": "1", "b": 2}], "@odata.nextLink": "l"}));
        let expanded = json!({"id": "1", "name": "n", "children": [], "children@odata.nextLink": "l"});
        assert_eq!(
            kept("$select=id&$expand=children($select=id)", expanded),
            json!({"id": "1", "children": [], "children@odata.nextLink": "l"})
        );
    }
}
