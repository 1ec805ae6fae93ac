//! The Graph surface. Each area is a folder, each endpoint a file; conversions to JSON stand beside their area.

mod admin;
mod audit;
mod batch;
mod conditional_access;
mod cross_tenant;
mod deleted_people;
mod download;
mod drives;
mod federation;
mod groups;
mod invitations;
mod items;
mod monitor;
mod people;
mod policies;
mod provisioning;
mod quota;
mod recycle_bin;
mod review;
mod shares;
mod sharing;
mod sign_ins;
mod sites;
mod terms;
mod upload_sessions;
mod versions;

pub(crate) use sites::SiteName;

use crate::RouteTable;

/// Adds the routes.
pub(crate) fn add(routes: RouteTable) -> RouteTable {
    let routes = batch::add(routes);
    let routes = people::add(routes);
    let routes = deleted_people::add(routes);
    let routes = groups::add(routes);
    let routes = invitations::add(routes);
    let routes = sites::add(routes);
    let routes = admin::add(routes);
    let routes = policies::add(routes);
    let routes = conditional_access::add(routes);
    let routes = federation::add(routes);
    let routes = provisioning::add(routes);
    let routes = terms::add(routes);
    let routes = cross_tenant::add(routes);
    let routes = sign_ins::add(routes);
    let routes = drives::add(routes);
    let routes = items::add(routes);
    let routes = upload_sessions::add(routes);
    let routes = download::add(routes);
    let routes = versions::add(routes);
    let routes = monitor::add(routes);
    let routes = recycle_bin::add(routes);
    let routes = shares::add(routes);
    let routes = audit::add(routes);
    let routes = review::add(routes);
    sharing::add(routes)
}
