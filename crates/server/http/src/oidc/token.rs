//! `POST /{organization}/oauth2/v2.0/token`

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Response};
use data_encoding::BASE64;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use identity::{Grant, IdentityError, Refusal, TokenAnswer, TokenRequest};

use super::refused::refuse;
use crate::App;

type Fields = BTreeMap<String, String>;

pub(super) async fn post_token(
    State(app): State<App>,
    Path(organization): Path<String>,
    headers: HeaderMap,
    form: Result<Form<Fields>, FormRejection>,
) -> Response {
    match answer(&app, &organization, &headers, form).await {
        Ok(answer) => Json(answer).into_response(),
        Err(error) => refuse(&app, &headers, error),
    }
}

async fn answer(
    app: &App,
    organization: &str,
    headers: &HeaderMap,
    form: Result<Form<Fields>, FormRejection>,
) -> Result<TokenAnswer, IdentityError> {
    let Form(mut fields) = form.map_err(|_| Refusal::Malformed("the body must be a form"))?;
    let authority = app.identity.authority(organization).await?;
    let client_id = client(headers, &mut fields)?;
    let scope = fields.remove("scope");
    let grant = grant(&mut fields)?;
    app.identity.token(TokenRequest { authority, client_id, grant, scope }).await
}

fn grant(fields: &mut Fields) -> Result<Grant, Refusal> {
    let mut take = |name: &'static str| fields.remove(name).filter(|text| !text.is_empty());
    let mut need = |name: &'static str| take(name).ok_or(Refusal::Malformed(name));
    match need("grant_type")?.as_str() {
        "authorization_code" => Ok(Grant::AuthorizationCode {
            code: need("code")?,
            redirect_uri: need("redirect_uri")?,
            verifier: need("code_verifier").ok(),
        }),
        "refresh_token" => Ok(Grant::RefreshToken(need("refresh_token")?)),
        "urn:ietf:params:oauth:grant-type:device_code" => {
            // MSAL sends the same value under both names.
            Ok(Grant::DeviceCode(need("device_code").or_else(|_| need("code"))?))
        }
        _ => Err(Refusal::UnsupportedGrant),
    }
}

/// Reads the client from HTTP Basic, else from the body. Every client is public, so a secret is a mistake; libraries
/// that try Basic first fall back to the body when they are refused.
fn client(headers: &HeaderMap, fields: &mut Fields) -> Result<String, Refusal> {
    if fields.contains_key("client_secret") || fields.contains_key("client_assertion") {
        return Err(Refusal::SecretOfPublicClient);
    }
    if let Some(value) = headers.get(AUTHORIZATION) {
        let (id, secret) = basic(value.to_str().unwrap_or_default()).ok_or(Refusal::SecretOfPublicClient)?;
        return if secret.is_empty() { Ok(id) } else { Err(Refusal::SecretOfPublicClient) };
    }
    fields.remove("client_id").ok_or(Refusal::Malformed("client_id"))
}

fn basic(value: &str) -> Option<(String, String)> {
    let (scheme, credentials) = value.split_once(' ')?;
    let decoded = BASE64.decode(credentials.trim().as_bytes()).ok()?;
    let text = String::from_utf8(decoded).ok()?;
    let (id, secret) = text.split_once(':')?;
    scheme.eq_ignore_ascii_case("basic").then(|| (id.to_owned(), secret.to_owned()))
}
