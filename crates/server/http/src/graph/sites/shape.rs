//! A site as Graph shows it.

use drive::reading::{DriveView, Whole};
use drive::sites::{LibraryView, SiteView, WebAddress};
use graph_types::{Drive, FootbridgeSite, Site, SiteCollection};
use model::Tenant;

use crate::App;
use crate::graph::drives::drive_shape;

/// Returns the cloud's host, without a port: site ids are made with it.
pub(super) fn host(app: &App) -> &str {
    let origin = app.settings.origin.as_str();
    let authority = origin.split_once("://").map_or(origin, |(_, authority)| authority);
    authority.split_once(':').map_or(authority, |(host, _)| host)
}

/// Writes a site.
pub(in crate::graph) fn site(app: &App, view: &SiteView) -> Site {
    let host = host(app);
    Site {
        id: format!("{host},{0},{0}", view.site.id),
        name: view.site.name.clone(),
        display_name: view.site.display_name.clone(),
        web_url: view.address.url(&app.settings.origin),
        site_collection: SiteCollection { hostname: host.to_owned() },
        created_date_time: Some(view.site.created.into()),
        footbridge: Some(FootbridgeSite {
            effective_sharing_capability: view.level.graph_name().to_owned(),
            sharing_capability: view.site.sharing.graph_name().to_owned(),
            open_to_outsiders: view.open_to_outsiders,
            role: view.role.map(|role| role.graph_name().to_owned()),
        }),
    }
}

/// Writes the organization in the place of a root site; it has no libraries.
pub(super) fn root(app: &App, tenant: &Tenant) -> Site {
    let host = host(app);
    Site {
        id: format!("{host},{0},{0}", tenant.id),
        name: "root".to_owned(),
        display_name: tenant.display_name.clone(),
        web_url: format!("{}/{}", app.settings.origin, tenant.initial_domain),
        site_collection: SiteCollection { hostname: host.to_owned() },
        created_date_time: Some(tenant.created.into()),
        footbridge: None,
    }
}

/// Writes a library that is open to the caller as a whole.
pub(super) fn library(origin: &str, site: &SiteView, view: &LibraryView) -> Drive {
    let (drive, room) = (view.drive.clone(), view.room);
    let address = WebAddress { item: Some((drive.id, drive.root)), ..site.address.clone() };
    let personal_of = site.site.personal_of;
    drive_shape(origin, &DriveView { drive, address, whole: Whole::Yes, personal_of, room })
}
