//! `POST /{organization}/oauth2/v2.0/token`

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Response};
use data_encoding::BASE64;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use identity::{ApplicationTokenRequest, Grant, IdentityError, Refusal, TokenRequest};
use percent_encoding::percent_decode_str;

use super::refused::refuse_at;
use crate::presence::From;
use crate::{App, RetirableMethod};

type Fields = BTreeMap<String, String>;

pub(super) async fn post_token(
    State(app): State<App>,
    Path(organization): Path<String>,
    From(presence): From,
    headers: HeaderMap,
    form: Result<Form<Fields>, FormRejection>,
) -> Response {
    // Whatever is answered is judged from where the request comes.
    let app = App { identity: app.identity.meeting(presence), ..app };
    match answer(&app, &organization, &headers, form).await {
        Ok(answer) => answer,
        Err(error) => refuse_at(&app, &organization, &headers, error),
    }
}

async fn answer(
    app: &App,
    organization: &str,
    headers: &HeaderMap,
    form: Result<Form<Fields>, FormRejection>,
) -> Result<Response, IdentityError> {
    let Form(mut fields) = form.map_err(|_| Refusal::Malformed("the body must be a form"))?;
    let authority = app.identity.authority(organization).await?;
    let ClientProof { client_id, secret } = client(headers, &mut fields)?;
    app.settings.programs.check_client(&client_id, headers)?;
    let scope = fields.remove("scope");
    if fields.get("grant_type").is_some_and(|grant| grant == "client_credentials") {
        let scope = scope.ok_or(Refusal::Malformed("scope"))?;
        let request = ApplicationTokenRequest { authority, client_id, secret, scope };
        return Ok(Json(app.identity.application_token(request).await?).into_response());
    }
    // Clients that people sign in to are public. Libraries that send their secret by Basic first fall back to the body
    // when they are refused.
    if secret.is_some() {
        return Err(Refusal::SecretOfPublicClient.into());
    }
    let grant = grant(&mut fields)?;
    if matches!(grant, Grant::DeviceCode(_)) {
        app.settings.programs.check_method(RetirableMethod::DeviceCode)?;
    }
    Ok(Json(app.identity.token(TokenRequest { authority, client_id, grant, scope }).await?).into_response())
}

fn grant(fields: &mut Fields) -> Result<Grant, Refusal> {
    let mut take = |name: &'static str| fields.remove(name).filter(|text| !text.is_empty());
    let mut need = |name: &'static str| take(name).ok_or(Refusal::Malformed(name));
    match need("grant_type")?.as_str() {
        "authorization_code" => Ok(Grant::AuthorizationCode {
            code: need("code")?,
            redirect_uri: need("redirect_uri")?,
            verifier: need("code_verifier").ok(),
            line: need("refresh_token").ok(),
        }),
        "refresh_token" => Ok(Grant::RefreshToken(need("refresh_token")?)),
        "urn:ietf:params:oauth:grant-type:device_code" => {
            // MSAL sends the same value under both names.
            Ok(Grant::DeviceCode(need("device_code").or_else(|_| need("code"))?))
        }
        // What another cloud would sign for an account of its own (RFC 7523).
        "urn:ietf:params:oauth:grant-type:jwt-bearer" => Err(Refusal::OtherCloud),
        _ => Err(Refusal::UnsupportedGrant),
    }
}

/// How a client names itself and what it proves that with.
struct ClientProof {
    client_id: String,
    secret: Option<String>,
}

/// Reads the client from HTTP Basic, else from the body.
fn client(headers: &HeaderMap, fields: &mut Fields) -> Result<ClientProof, Refusal> {
    if fields.contains_key("client_assertion") {
        return Err(Refusal::AssertionUnsupported);
    }
    if let Some(value) = headers.get(AUTHORIZATION) {
        return basic(value.to_str().unwrap_or_default()).ok_or(Refusal::SecretWrong);
    }
    let client_id = fields.remove("client_id").ok_or(Refusal::Malformed("client_id"))?;
    Ok(ClientProof { client_id, secret: fields.remove("client_secret").filter(|secret| !secret.is_empty()) })
}

/// Reads HTTP Basic, in which both parts are escaped as in a form (RFC 6749 section 2.3.1).
fn basic(value: &str) -> Option<ClientProof> {
    let (scheme, credentials) = value.split_once(' ')?;
    let decoded = BASE64.decode(credentials.trim().as_bytes()).ok()?;
    let text = String::from_utf8(decoded).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let (id, secret) = text.split_once(':')?;
    let unescaped = |text: &str| {
        let text = text.replace('+', " ");
        percent_decode_str(&text).decode_utf8().ok().map(|text| text.into_owned())
    };
    let (client_id, secret) = (unescaped(id)?, unescaped(secret)?);
    Some(ClientProof { client_id, secret: Some(secret).filter(|secret| !secret.is_empty()) })
}
