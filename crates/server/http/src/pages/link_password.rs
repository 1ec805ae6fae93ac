//! `POST /:f:/g/{secret}/password`: proves a link's password in this browser. Ten wrong ones in a quarter of an hour let
//! the link rest until it is over.

use axum::extract::{Form, Path, State};
use axum::response::Response;
use drive::links::{bearer_call, count_password, forgive_passwords};
use http::StatusCode;
use serde::Deserialize;

use super::Visitor;
use super::answer::{absent_page, failed_page, message_page, redirect, server_failure, stale_form_page};
use super::link::LinkName;
use super::link_door::door;
use crate::App;

#[derive(Deserialize)]
pub(super) struct PasswordForm {
    #[serde(default)]
    password: String,
    #[serde(default)]
    token: String,
}

pub(super) async fn post_password(
    State(app): State<App>,
    Path(name): Path<LinkName>,
    visitor: Visitor,
    Form(form): Form<PasswordForm>,
) -> Response {
    if !visitor.sent(&form.token) {
        return stale_form_page();
    }
    let door = match door(&app, &name).await {
        Ok(door) => door,
        Err(answer) => return answer,
    };
    let (link, call) = (&door.face.link, bearer_call(app.store.clone(), &door.ticket));
    let Some(hash) = link.password.clone() else { return absent_page() };
    match count_password(&call, link.id).await {
        Ok(true) => {}
        Ok(false) => {
            return message_page(
                StatusCode::TOO_MANY_REQUESTS,
                "Too many wrong passwords",
                "This link rests for a while. Try again in a quarter of an hour, or ask the person who sent it.",
            );
        }
        Err(failure) => return server_failure(&failure),
    }
    let right = match app.identity.passwords().verify(&form.password, Some(hash.clone())).await {
        Ok(right) => right,
        Err(failure) => return failed_page(failure),
    };
    if right {
        if let Err(failure) = forgive_passwords(&call, link.id).await {
            return server_failure(&failure);
        }
        visitor.prove(redirect(&name.base()), link.id, &hash)
    } else {
        door.password_page(&visitor, Some("This is not the password. Check it and try again."))
    }
}
