//! `POST /{organization}/oauth2/v2.0/devicecode`

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use identity::{DeviceGrant, IdentityError, Refusal};
use serde_json::json;

use super::refused::refuse;
use crate::{App, RetirableMethod};

pub(super) async fn post_device_code(
    State(app): State<App>,
    Path(organization): Path<String>,
    headers: HeaderMap,
    form: Result<Form<BTreeMap<String, String>>, FormRejection>,
) -> Response {
    match start(&app, &organization, &headers, form).await {
        Ok(grant) => {
            let page = format!("{}/device", app.identity.origin());
            let shown = format!("{}-{}", &grant.user_code[..4], &grant.user_code[4..]);
            let message =
                format!("To sign in, open the page {page} in a web browser and enter the code {shown}.");
            Json(json!({
                "device_code": grant.device_code,
                "user_code": shown,
                "verification_uri": page,
                "expires_in": grant.expires_in,
                "interval": grant.interval,
                "message": message,
            }))
            .into_response()
        }
        Err(error) => refuse(&app, &headers, error),
    }
}

async fn start(
    app: &App,
    organization: &str,
    headers: &HeaderMap,
    form: Result<Form<BTreeMap<String, String>>, FormRejection>,
) -> Result<DeviceGrant, IdentityError> {
    let Form(mut fields) = form.map_err(|_| Refusal::Malformed("the body must be a form"))?;
    let authority = app.identity.authority(organization).await?;
    let client = fields.remove("client_id").ok_or(Refusal::Malformed("client_id"))?;
    app.settings.programs.check_client(&client, headers)?;
    app.settings.programs.check_method(RetirableMethod::DeviceCode)?;
    let scope = fields.remove("scope").unwrap_or_default();
    app.identity.start_device(authority, &client, &scope).await
}
