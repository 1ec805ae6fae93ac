//! Who has access to what, what reaches outside, and who is told of it (B09, B10).

mod decide;
mod guest;
mod notifications;
mod report;
mod shape;
mod shared_outside;
mod site;

use crate::{Admits, RouteTable};

pub(super) fn add(routes: RouteTable) -> RouteTable {
    const NOTIFICATIONS: &str = "/v1.0/admin/sharing/notifications";
    routes
        .get("/v1.0/admin/sharedOutside", Admits::Token, shared_outside::list_shared_outside)
        .get("/v1.0/sites/{site}/accessReview", Admits::Token, site::get_site_review)
        .post("/v1.0/sites/{site}/accessReview/decisions", Admits::Token, decide::post_decision)
        .get("/v1.0/sites/{site}/sharingReport", Admits::Token, report::get_sharing_report)
        .get("/v1.0/users/{user}/accessReview", Admits::Token, guest::get_guest_review)
        .get(NOTIFICATIONS, Admits::Token, notifications::get_notifications)
        .patch(NOTIFICATIONS, Admits::Token, notifications::update_notifications)
}
