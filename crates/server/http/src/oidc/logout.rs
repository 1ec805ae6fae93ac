//! `GET /{organization}/oauth2/v2.0/logout`: leads to the sign-out page, which asks; an address alone ends no session.

use axum::response::Response;

use crate::pages::redirect;

pub(super) async fn get_logout() -> Response {
    redirect("/sign-out")
}
