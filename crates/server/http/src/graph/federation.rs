//! `/admin/federation`: where the organization's members sign in outside this cloud (X09). One for each organization; ours,
//! as the original spreads it over several resources. The client's secret goes in and never comes out.

use axum::Json;
use axum::extract::State;
use directory::{AuthenticationChange, NewFederation, federation, remove_federation, set_federation};
use http::StatusCode;
use model::{
    AddressTrust, ClientAuthentication, Federation, FederationState, Newcomers, SharedSecret, TenantId,
};
use serde::{Deserialize, Serialize};

use crate::json_body::JsonBody;
use crate::{Admits, ApiError, App, Authenticated, RouteTable};

pub(super) fn add(routes: RouteTable) -> RouteTable {
    const FEDERATION: &str = "/v1.0/admin/federation";
    routes
        .get(FEDERATION, Admits::Token, get_federation)
        .put(FEDERATION, Admits::Token, put_federation)
        .delete(FEDERATION, Admits::Token, delete_federation)
}

/// How this cloud proves itself to the issuer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Way {
    None,
    ClientSecretBasic,
    ClientSecretPost,
    PrivateKeyJwt,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Trusted {
    Verified,
    All,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Asked {
    display_name: String,
    issuer: String,
    client_id: String,
    client_authentication: Way,
    client_secret: Option<String>,
    trusted_addresses: Option<Trusted>,
    add_newcomers: Option<bool>,
    is_enabled: Option<bool>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    display_name: String,
    issuer: String,
    client_id: String,
    client_authentication: Way,
    trusted_addresses: Trusted,
    add_newcomers: bool,
    is_enabled: bool,
    /// To be registered at the issuer.
    redirect_uri: String,
    /// Where the issuer reads this cloud's keys.
    keys_uri: String,
}

async fn get_federation(
    State(app): State<App>,
    Authenticated { call, .. }: Authenticated,
) -> Result<Json<Shown>, ApiError> {
    Ok(Json(shown(&app, call.tenant(), federation(&call).await?)))
}

/// Sets it. One that would be used is tried first: its document and keys must be there.
async fn put_federation(
    State(app): State<App>,
    Authenticated { call, .. }: Authenticated,
    JsonBody(asked): JsonBody<Asked>,
) -> Result<Json<Shown>, ApiError> {
    // Only who may set it makes this server ask a foreign one.
    if let Err(refused) = federation(&call).await
        && !matches!(refused, directory::DirectoryError::NotFound)
    {
        return Err(refused.into());
    }
    let new = read(asked)?;
    if new.state == FederationState::On
        && let Err(fault) = app.identity.look_up_provider(&new.issuer).await
    {
        return Err(ApiError::invalid(format!("this issuer cannot be used: {fault}")));
    }
    let kept = set_federation(&call, new).await?;
    Ok(Json(shown(&app, call.tenant(), kept)))
}

async fn delete_federation(Authenticated { call, .. }: Authenticated) -> Result<StatusCode, ApiError> {
    remove_federation(&call).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn read(asked: Asked) -> Result<NewFederation, ApiError> {
    let secret = asked.client_secret.map(SharedSecret);
    let authentication = match (asked.client_authentication, secret) {
        (Way::None, None) => AuthenticationChange::To(ClientAuthentication::Nothing),
        (Way::PrivateKeyJwt, None) => AuthenticationChange::To(ClientAuthentication::OwnKey),
        (Way::ClientSecretBasic, Some(secret)) => {
            AuthenticationChange::To(ClientAuthentication::SecretBasic(secret))
        }
        (Way::ClientSecretPost, Some(secret)) => {
            AuthenticationChange::To(ClientAuthentication::SecretPost(secret))
        }
        (Way::ClientSecretBasic | Way::ClientSecretPost, None) => AuthenticationChange::AsBefore,
        (Way::None | Way::PrivateKeyJwt, Some(_)) => {
            return Err(ApiError::invalid(
                "send no clientSecret where the client does not prove itself by one",
            ));
        }
    };
    Ok(NewFederation {
        display_name: asked.display_name,
        issuer: asked.issuer,
        client_id: asked.client_id,
        authentication,
        addresses: match asked.trusted_addresses {
            None | Some(Trusted::Verified) => AddressTrust::Verified,
            Some(Trusted::All) => AddressTrust::All,
        },
        newcomers: if asked.add_newcomers == Some(true) { Newcomers::Added } else { Newcomers::Refused },
        state: if asked.is_enabled == Some(false) { FederationState::Off } else { FederationState::On },
    })
}

fn shown(app: &App, tenant: TenantId, kept: Federation) -> Shown {
    Shown {
        display_name: kept.display_name,
        issuer: kept.issuer,
        client_id: kept.client_id,
        client_authentication: match kept.authentication {
            ClientAuthentication::Nothing => Way::None,
            ClientAuthentication::SecretBasic(_) => Way::ClientSecretBasic,
            ClientAuthentication::SecretPost(_) => Way::ClientSecretPost,
            ClientAuthentication::OwnKey => Way::PrivateKeyJwt,
        },
        trusted_addresses: match kept.addresses {
            AddressTrust::Verified => Trusted::Verified,
            AddressTrust::All => Trusted::All,
        },
        add_newcomers: kept.newcomers == Newcomers::Added,
        is_enabled: kept.state == FederationState::On,
        redirect_uri: app.identity.federated_redirect(tenant),
        keys_uri: format!("{}/{tenant}/discovery/v2.0/keys", app.identity.origin()),
    }
}
