//! The audit trail: Graph's `directoryAudits`, and ours under `/admin/audit` (B09).

mod directory_audits;
mod export;
mod list;
mod question;
mod settings;
mod shape;
mod verify;

use crate::{Admits, RouteTable};

pub(super) fn add(routes: RouteTable) -> RouteTable {
    routes
        .get("/v1.0/auditLogs/directoryAudits", Admits::Token, directory_audits::list_directory_audits)
        .get("/v1.0/admin/audit", Admits::Token, list::list_audit)
        .get("/v1.0/admin/audit/export", Admits::Token, export::export_audit)
        .get("/v1.0/admin/audit/verification", Admits::Token, verify::verify_audit)
        .get("/v1.0/admin/audit/settings", Admits::Token, settings::get_audit_settings)
        .patch("/v1.0/admin/audit/settings", Admits::Token, settings::update_audit_settings)
}
