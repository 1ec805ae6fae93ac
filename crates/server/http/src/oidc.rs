//! The identity provider's protocol routes in Entra's shape (graph-surface.md 2). Errors have their own body.

mod authorization;
mod authorize;
mod device_code;
mod discovery;
mod instance;
mod keys;
mod logout;
mod refused;
mod token;

use crate::{Admits, RouteTable};

pub(crate) use authorization::{Authorization, OpenAuthorization};

/// Adds the routes.
pub(crate) fn add(routes: RouteTable) -> RouteTable {
    routes
        .get(
            "/{organization}/v2.0/.well-known/openid-configuration",
            Admits::Anyone,
            discovery::get_configuration,
        )
        .get("/{organization}/discovery/v2.0/keys", Admits::Anyone, keys::get_keys)
        .get("/common/discovery/instance", Admits::Anyone, instance::get_instance)
        .get("/{organization}/oauth2/v2.0/authorize", Admits::Anyone, authorize::get_authorize)
        .post("/{organization}/oauth2/v2.0/authorize", Admits::Anyone, authorize::post_authorize)
        .post("/{organization}/oauth2/v2.0/token", Admits::Anyone, token::post_token)
        .post("/{organization}/oauth2/v2.0/devicecode", Admits::Anyone, device_code::post_device_code)
        .get("/{organization}/oauth2/v2.0/logout", Admits::Anyone, logout::get_logout)
}
