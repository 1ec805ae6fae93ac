//! Cross-tenant access settings: `/policies/crossTenantAccessPolicy` (sharing-and-guests.md 4.10). One file for its few
//! endpoints, which share how settings are found and changed; their words stand in `shape`.

mod shape;

use axum::Json;
use axum::extract::Path;
use directory::{delete_cross_tenant, list_cross_tenant, put_cross_tenant};
use graph_types::{Collection, CrossTenantConfiguration};
use http::StatusCode;
use model::{CrossTenantSettings, Partner, TenantId};
use policy::CrossTenantInEffect;
use serde_json::Value;
use storage::Call;

use crate::json_body::JsonBody;
use crate::{Admits, ApiError, Authenticated, RouteTable};

pub(super) fn add(routes: RouteTable) -> RouteTable {
    const DEFAULT: &str = "/v1.0/policies/crossTenantAccessPolicy/default";
    const PARTNERS: &str = "/v1.0/policies/crossTenantAccessPolicy/partners";
    const PARTNER: &str = "/v1.0/policies/crossTenantAccessPolicy/partners/{tenant}";
    routes
        .get(DEFAULT, Admits::Token, get_default)
        .patch(DEFAULT, Admits::Token, update_default)
        .get(PARTNERS, Admits::Token, list_partners)
        .post(PARTNERS, Admits::Token, create_partner)
        .get(PARTNER, Admits::Token, get_partner)
        .patch(PARTNER, Admits::Token, update_partner)
        .delete(PARTNER, Admits::Token, delete_partner)
}

async fn get_default(
    Authenticated { call, .. }: Authenticated,
) -> Result<Json<CrossTenantConfiguration>, ApiError> {
    let mut all = list_cross_tenant(&call).await?;
    Ok(Json(default(&all.remove(&Partner::Default).unwrap_or_default())))
}

async fn update_default(
    Authenticated { call, .. }: Authenticated,
    JsonBody(asked): JsonBody<Value>,
) -> Result<Json<CrossTenantConfiguration>, ApiError> {
    let mut all = list_cross_tenant(&call).await?;
    let settings = shape::read(asked, all.remove(&Partner::Default).unwrap_or_default())?;
    put_cross_tenant(&call, Partner::Default, settings.clone()).await?;
    Ok(Json(default(&settings)))
}

async fn list_partners(
    Authenticated { call, .. }: Authenticated,
) -> Result<Json<Collection<CrossTenantConfiguration>>, ApiError> {
    let all = list_cross_tenant(&call).await?;
    let partners = all.iter().filter_map(|(partner, settings)| match partner {
        Partner::Default => None,
        Partner::Tenant(tenant) => Some(shape::write(Some(*tenant), settings)),
    });
    Ok(Json(Collection::last(partners.collect())))
}

async fn create_partner(
    Authenticated { call, .. }: Authenticated,
    JsonBody(mut asked): JsonBody<Value>,
) -> Result<(StatusCode, Json<CrossTenantConfiguration>), ApiError> {
    let all = list_cross_tenant(&call).await?;
    let named = asked.as_object_mut().and_then(|asked| asked.remove("tenantId"));
    let tenant: Option<TenantId> = named.as_ref().and_then(Value::as_str).and_then(|id| id.parse().ok());
    let tenant = tenant.ok_or_else(|| ApiError::invalid("tenantId is the id of another organization"))?;
    if all.contains_key(&Partner::Tenant(tenant)) {
        let message = "there are settings about this organization already; change them".to_owned();
        return Err(ApiError::Conflict { code: "nameAlreadyExists", message });
    }
    let settings = shape::read(asked, CrossTenantSettings::default())?;
    put_cross_tenant(&call, Partner::Tenant(tenant), settings.clone()).await?;
    Ok((StatusCode::CREATED, Json(shape::write(Some(tenant), &settings))))
}

async fn get_partner(
    Authenticated { call, .. }: Authenticated,
    Path(tenant): Path<String>,
) -> Result<Json<CrossTenantConfiguration>, ApiError> {
    let (tenant, settings) = find(&call, &tenant).await?;
    Ok(Json(shape::write(Some(tenant), &settings)))
}

async fn update_partner(
    Authenticated { call, .. }: Authenticated,
    Path(tenant): Path<String>,
    JsonBody(asked): JsonBody<Value>,
) -> Result<Json<CrossTenantConfiguration>, ApiError> {
    let (tenant, before) = find(&call, &tenant).await?;
    let settings = shape::read(asked, before)?;
    put_cross_tenant(&call, Partner::Tenant(tenant), settings.clone()).await?;
    Ok(Json(shape::write(Some(tenant), &settings)))
}

async fn delete_partner(
    Authenticated { call, .. }: Authenticated,
    Path(tenant): Path<String>,
) -> Result<StatusCode, ApiError> {
    let (tenant, _) = find(&call, &tenant).await?;
    delete_cross_tenant(&call, Partner::Tenant(tenant)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Finds the settings about an organization. Who may not see them is refused before anything about it is told.
async fn find(call: &Call, tenant: &str) -> Result<(TenantId, CrossTenantSettings), ApiError> {
    let mut all = list_cross_tenant(call).await?;
    let tenant: TenantId = tenant.parse().map_err(|_| ApiError::NotFound)?;
    let found = all.remove(&Partner::Tenant(tenant)).ok_or(ApiError::NotFound)?;
    Ok((tenant, found))
}

/// Writes the default as it counts: nothing is inherited further.
fn default(settings: &CrossTenantSettings) -> CrossTenantConfiguration {
    let now = CrossTenantInEffect::of(None, settings);
    let whole = CrossTenantSettings {
        inbound: Some(now.inbound),
        outbound: Some(now.outbound),
        trust: Some(now.trust),
        consent_inbound: Some(now.consent_inbound),
        consent_outbound: Some(now.consent_outbound),
    };
    shape::write(None, &whole)
}
