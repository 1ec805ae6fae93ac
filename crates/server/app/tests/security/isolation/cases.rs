//! Cases: the table of the sweep, by the groups in which routes are served.

mod account;
mod addresses;
mod admin_center;
mod audit;
mod copies;
mod directory;
mod federation;
mod health;
mod items;
mod links;
mod oidc;
mod pages;
mod policies;
mod provisioning;
mod recycle_bin;
mod searches;
mod sharing;
mod site_pages;
mod sites;
mod transfer_changes;
mod transfer_reads;
mod versions;

use super::case::Case;

/// Lists every case of every route.
pub(super) fn all() -> Vec<Case> {
    [
        health::cases(),
        oidc::cases(),
        directory::cases(),
        sites::cases(),
        policies::cases(),
        federation::cases(),
        provisioning::cases(),
        audit::cases(),
        // Before sharing, where the folder's inheritance is restored: that takes its links along.
        links::cases(),
        sharing::cases(),
        transfer_reads::cases(),
        items::cases(),
        addresses::cases(),
        versions::cases(),
        recycle_bin::cases(),
        copies::cases(),
        searches::cases(),
        site_pages::cases(),
        account::cases(),
        admin_center::cases(),
        transfer_changes::cases(),
        // Last, because the pending guest accepts there.
        pages::cases(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
