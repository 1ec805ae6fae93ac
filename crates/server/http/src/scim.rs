//! `/scim/v2`: an organization's own directory keeps its members and security groups here in step (X09, SCIM 2.0: RFC 7643,
//! RFC 7644), as Entra, Okta and others do it. The bearer token is one that an administrator made for it.

mod door;
mod error;
mod filter;
mod group_shape;
mod groups;
mod list;
mod patch;
mod service;
mod user_shape;
mod users;

use crate::{Admits, RouteTable};

/// Adds the routes.
pub(crate) fn add(routes: RouteTable) -> RouteTable {
    const USERS: &str = "/scim/v2/Users";
    const USER: &str = "/scim/v2/Users/{id}";
    const GROUPS: &str = "/scim/v2/Groups";
    const GROUP: &str = "/scim/v2/Groups/{id}";
    routes
        .get("/scim/v2/ServiceProviderConfig", Admits::Token, service::get_config)
        .get("/scim/v2/ResourceTypes", Admits::Token, service::get_resource_types)
        .get("/scim/v2/Schemas", Admits::Token, service::get_schemas)
        .get(USERS, Admits::Token, users::list)
        .post(USERS, Admits::Token, users::create)
        .get(USER, Admits::Token, users::get)
        .put(USER, Admits::Token, users::replace)
        .patch(USER, Admits::Token, users::change)
        .delete(USER, Admits::Token, users::delete)
        .get(GROUPS, Admits::Token, groups::list)
        .post(GROUPS, Admits::Token, groups::create)
        .get(GROUP, Admits::Token, groups::get)
        .put(GROUP, Admits::Token, groups::replace)
        .patch(GROUP, Admits::Token, groups::change)
        .delete(GROUP, Admits::Token, groups::delete)
}
