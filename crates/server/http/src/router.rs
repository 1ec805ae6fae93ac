//! Router: the table of contents, every route grouped by who calls it, under the layers all share.

use axum::Router;
use axum::extract::Request;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, header};
use tower::ServiceExt;

use crate::canonical::canonicalise;
use crate::envelope::envelope;
use crate::presence::note_presence;
use crate::select::select;
use crate::{
    ApiError, App, Route, RouteTable, access_question, graph, health, oidc, pages, scim, transfer_api,
};

/// Collects every route.
fn table() -> RouteTable {
    let routes = RouteTable::default();
    let routes = health::add(routes);
    let routes = graph::add(routes);
    let routes = oidc::add(routes);
    let routes = scim::add(routes);
    let routes = transfer_api::add(routes);
    let routes = access_question::add(routes);
    pages::add(routes)
}

/// Lists every route that [`router`] serves.
#[must_use]
pub fn routes() -> Vec<Route> {
    table().into_parts().1
}

/// Builds the service of the whole server.
///
/// Paths are made canonical before routing, which a layer of the inner router could not do.
pub fn router(app: App) -> Router {
    let (router, _) = table().into_parts();
    let inner: Router = router
        .fallback(unknown_address)
        .method_not_allowed_fallback(async || ApiError::MethodNotAllowed)
        .layer(from_fn(select))
        .layer(from_fn_with_state(app.clone(), note_presence))
        .layer(from_fn_with_state(app.clone(), envelope))
        .with_state(app);
    let rewrite: fn(Request) -> Request = canonicalise;
    Router::new().fallback_service(inner.map_request(rewrite))
}

/// Answers an address that is no route's: a person at a browser gets a page, everybody else Graph's envelope.
async fn unknown_address(headers: HeaderMap) -> Response {
    let accepted = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    if accepted.is_some_and(|accepted| accepted.contains("text/html")) {
        pages::absent_page()
    } else {
        ApiError::NotFound.into_response()
    }
}
