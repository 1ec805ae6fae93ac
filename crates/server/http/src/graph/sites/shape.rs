//! A site as Graph shows it.

use drive::sites::{SiteView, WebAddress};
use graph_types::{Drive, FootbridgeSite, Quota, Site, SiteCollection};
use model::Tenant;

use crate::App;

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

/// What a library without a limit says it can hold; clients stumble over a missing or zero total.
const NO_LIMIT: u64 = 25 * (1 << 40);

/// Writes a library that is open to the caller as a whole.
pub(super) fn library(origin: &str, view: &SiteView, drive: &model::Drive) -> Drive {
    let address = WebAddress { item: Some((drive.id, drive.root)), ..view.address.clone() };
    let total = drive.quota.unwrap_or(NO_LIMIT);
    let remaining = total.saturating_sub(drive.used);
    let state = match remaining {
        0 => "exceeded",
        left if left < total / 100 => "critical",
        left if left < total / 10 => "nearing",
        _ => "normal",
    };
    Drive {
        id: drive.id.to_string(),
        name: drive.name.clone(),
        drive_type: "documentLibrary".to_owned(),
        web_url: address.url(origin),
        created_date_time: Some(drive.created.into()),
        quota: Some(Quota { total, used: drive.used, remaining, deleted: 0, state: state.to_owned() }),
    }
}
