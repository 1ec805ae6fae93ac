//! Records as they are told: the original's words for where and what kind an operation is are found by its name.

use drive::audit_trail::AuditView;
use graph_types::{
    AuditApplication, AuditDetail, AuditEntry, AuditInitiator, AuditTarget, AuditUser, DirectoryAudit,
};
use model::{ItemKind, RecordedActor, User};

/// Writes a record as the original's unified audit log has it.
pub(super) fn entry(origin: &str, view: AuditView) -> AuditEntry {
    let AuditView { record, actor, site, item, address, .. } = view;
    let mut data = record.details;
    let personal = site.as_ref().is_some_and(|site| site.personal_of.is_some());
    let of_site = record.site.is_some();
    let item_type = match (&item, record.item) {
        (Some(item), _) if item.kind == ItemKind::File => Some("File"),
        (Some(_), _) => Some("Folder"),
        // What is gone is known by its operation alone.
        (None, Some(_)) if record.operation.starts_with("File") => Some("File"),
        (None, Some(_)) if record.operation.starts_with("Folder") => Some("Folder"),
        (None, Some(_)) => None,
        (None, None) => of_site.then_some("Web"),
    };
    let name = data.remove("name").or_else(|| item.map(|item| item.name));
    AuditEntry {
        id: record.id.to_string(),
        creation_time: record.at.into(),
        user_id: who(&record.actor, actor.as_ref()),
        workload: if personal { "OneDrive" } else { workload(of_site) }.to_owned(),
        record_type: record_type(&record.operation, of_site).to_owned(),
        operation: record.operation,
        object_id: address.map(|address| address.url(origin)),
        site: record.site.map(|site| site.to_string()),
        item_type: item_type.map(str::to_owned),
        source_file_name: name,
        client_ip: record.client_address,
        user_agent: record.user_agent,
        target_user_or_group_type: data.remove("TargetUserOrGroupType"),
        target_user_or_group_name: data.remove("TargetUserOrGroupName"),
        unique_sharing_id: data.remove("UniqueSharingId"),
        event_data: data,
        sealed: record.seal.is_some(),
    }
}

/// Writes a record in Graph's shape.
pub(super) fn directory_audit(view: AuditView) -> DirectoryAudit {
    let AuditView { record, actor, target, site, item, .. } = view;
    let mut initiated_by = AuditInitiator::default();
    match &record.actor {
        RecordedActor::Person(id) => {
            initiated_by.user = Some(AuditUser {
                id: id.to_string(),
                display_name: actor.as_ref().map(|actor| actor.display_name.clone()),
                user_principal_name: actor.map(|actor| actor.principal_name),
                ip_address: record.client_address,
            });
        }
        other => {
            let app_id = match other {
                RecordedActor::Application(id) => Some(id.to_string()),
                _ => None,
            };
            initiated_by.app = Some(AuditApplication { app_id, display_name: who(other, None) });
        }
    }
    let resource = |kind: &str, id: String, name: Option<String>| AuditTarget {
        id: Some(id),
        display_name: name,
        kind: kind.to_owned(),
        user_principal_name: None,
    };
    let mut targets = Vec::new();
    if let Some(id) = record.target {
        let name = target.as_ref().map(|target| target.display_name.clone());
        let user_principal_name = target.map(|target| target.principal_name);
        targets.push(AuditTarget { user_principal_name, ..resource("User", id.to_string(), name) });
    }
    if let Some(group) = record.details.get("Group") {
        let name = record.details.get("TargetUserOrGroupName").cloned();
        targets.push(resource("Group", group.clone(), name));
    }
    if let Some(id) = record.item {
        targets.push(resource("Item", id.to_string(), item.map(|item| item.name)));
    }
    if let Some(id) = record.site {
        targets.push(resource("Site", id.to_string(), site.map(|site| site.display_name)));
    }
    let details = record.details.into_iter().map(|(key, value)| AuditDetail { key, value });
    DirectoryAudit {
        id: record.id.to_string(),
        category: category(&record.operation).to_owned(),
        result: "success".to_owned(),
        activity_date_time: record.at.into(),
        logged_by_service: if record.site.is_some() { "SharePoint" } else { "Core Directory" }.to_owned(),
        activity_display_name: record.operation,
        initiated_by,
        target_resources: targets,
        additional_details: details.collect(),
        user_agent: record.user_agent,
    }
}

fn who(actor: &RecordedActor, person: Option<&User>) -> String {
    match (actor, person) {
        (_, Some(person)) => person.principal_name.clone(),
        (RecordedActor::Person(id), None) => id.to_string(),
        (RecordedActor::Application(id), None) => format!("app@{id}"),
        (RecordedActor::Operator, None) => "operator".to_owned(),
        // Whoever uses a link without signing in is known by nothing.
        (RecordedActor::System(job), None) if job.contains("link") => "anonymous".to_owned(),
        (RecordedActor::System(job), None) => format!("system ({job})"),
    }
}

const fn workload(of_site: bool) -> &'static str {
    if of_site { "SharePoint" } else { "AzureActiveDirectory" }
}

fn record_type(operation: &str, of_site: bool) -> &'static str {
    const SHARING: [&str; 10] = [
        "Sharing",
        "AnonymousLink",
        "CompanyLink",
        "SecureLink",
        "AddedToSecureLink",
        "RemovedFromSecureLink",
        "AccessRequest",
        "AddedToGroup",
        "RemovedFromGroup",
        "GuestAccess",
    ];
    let starts = |names: &[&str]| names.iter().any(|name| operation.starts_with(name));
    if operation != "SharingPolicyChanged" && starts(&SHARING) {
        "SharePointSharingOperation"
    } else if starts(&["File", "Folder"]) {
        "SharePointFileOperation"
    } else if of_site || starts(&["SharingPolicy"]) {
        "SharePoint"
    } else {
        "AzureActiveDirectory"
    }
}

fn category(operation: &str) -> &'static str {
    match operation {
        name if name.contains("Policy") || name.contains("policy") => "Policy",
        name if name.contains("Group") || name.contains("group") => "GroupManagement",
        name if name.contains("user") || name.contains("Invitation") => "UserManagement",
        _ => "Other",
    }
}

#[cfg(test)]
mod tests {
    use super::record_type;

    #[test]
    fn s_7_3_the_kind_of_a_record_follows_from_its_operation() {
        for (operation, of_site, kind) in [
            ("SharingSet", true, "SharePointSharingOperation"),
            ("SharingInvitationCreated", false, "SharePointSharingOperation"),
            ("AddedToSecureLink", true, "SharePointSharingOperation"),
            ("FileUploaded", true, "SharePointFileOperation"),
            ("SharingPolicyChanged", false, "SharePoint"),
            ("SiteCollectionCreated", true, "SharePoint"),
            ("Update user", false, "AzureActiveDirectory"),
        ] {
            assert_eq!(record_type(operation, of_site), kind, "{operation}");
        }
    }
}
