//! `GET` and `POST /{organization}/oauth2/v2.0/authorize`: leads a person to the page on which they sign in or go on.
//! No code is given here (`authorization`).

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path, Query, State};
use axum::response::Response;
use http::StatusCode;
use identity::Refusal;

use super::authorization::{Authorization, Parameters};
use crate::App;
use crate::pages::{Visitor, continue_page, message_page, redirect, sign_in_address};

pub(super) async fn get_authorize(
    State(app): State<App>,
    Path(organization): Path<String>,
    visitor: Visitor,
    Query(parameters): Query<Parameters>,
) -> Response {
    let authorization = Authorization::new(organization, parameters);
    let open = match authorization.open(&app).await {
        Ok(open) => open,
        Err(answer) => return *answer,
    };
    match (visitor.signed_in(), authorization.prompt()) {
        (None, Some("none")) => open.refuse(&Refusal::LoginRequired),
        (Some(_), Some("none")) => open.refuse(&Refusal::InteractionRequired),
        (None, _) | (Some(_), Some("login")) => {
            redirect(&sign_in_address(&authorization.address(&["prompt"]), authorization.hint()))
        }
        (Some(person), _) if authorization.is_too_old(person, app.runtime.now()) => {
            redirect(&sign_in_address(&authorization.address(&["prompt"]), Some(&person.principal_name)))
        }
        (Some(person), _) => continue_page(&app, &visitor, person, &authorization, &open).await,
    }
}

/// The same with the parameters in the body; a page of ours follows either way.
pub(super) async fn post_authorize(
    Path(organization): Path<String>,
    form: Result<Form<Parameters>, FormRejection>,
) -> Response {
    match form {
        Ok(Form(parameters)) => redirect(&Authorization::new(organization, parameters).address(&[])),
        Err(_) => message_page(
            StatusCode::BAD_REQUEST,
            "This request cannot be read",
            "The application sent something that is not a form. Start signing in again from the application.",
        ),
    }
}
