//! The audit trail: Graph's `directoryAudit`, and ours, whose fields are those of the original's unified audit log
//! (sharing-and-guests.md 7.3).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::GraphTime;

/// Graph's record of one act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DirectoryAudit {
    /// The record's id.
    pub id: String,
    /// `UserManagement`, `GroupManagement`, `Policy` or `Other`.
    pub category: String,
    /// Always `success`: what was refused is a record with its own name.
    pub result: String,
    /// What was done, by the original's operation name.
    pub activity_display_name: String,
    /// When.
    pub activity_date_time: GraphTime,
    /// Which part of the server says so.
    pub logged_by_service: String,
    /// Who did it.
    pub initiated_by: AuditInitiator,
    /// To whom or what.
    pub target_resources: Vec<AuditTarget>,
    /// Further facts.
    pub additional_details: Vec<AuditDetail>,
    /// The program it was done with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_agent: Option<String>,
}

/// Who did something: a person, or a program.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditInitiator {
    /// The person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<AuditUser>,
    /// The program, or the server itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app: Option<AuditApplication>,
}

/// A person who did something.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditUser {
    /// Object id.
    pub id: String,
    /// Name shown to people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// Sign-in name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_principal_name: Option<String>,
    /// Their address on the network.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ip_address: Option<String>,
}

/// A program that did something.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditApplication {
    /// Its id; none for the server itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app_id: Option<String>,
    /// Its name.
    pub display_name: String,
}

/// Whom or what something was done to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditTarget {
    /// Object id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Name shown to people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// `User`, `Group`, `Site` or `Item`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Sign-in name of a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_principal_name: Option<String>,
}

/// One further fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditDetail {
    /// Its name.
    pub key: String,
    /// Its value.
    pub value: String,
}

/// Our record of one act, as the original's unified audit log has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditEntry {
    /// The record's id.
    pub id: String,
    /// When.
    pub creation_time: GraphTime,
    /// Sign-in name of the person, or the name of the program or job.
    pub user_id: String,
    /// What was done.
    pub operation: String,
    /// `SharePoint`, `OneDrive` or `AzureActiveDirectory`.
    pub workload: String,
    /// `SharePointSharingOperation`, `SharePointFileOperation`, `SharePoint` or `AzureActiveDirectory`.
    pub record_type: String,
    /// Address of what it was done to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object_id: Option<String>,
    /// The site's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// `File`, `Folder` or `Web`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item_type: Option<String>,
    /// Name of the file or folder at that time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_file_name: Option<String>,
    /// The address it was done from.
    #[serde(rename = "clientIP", default, skip_serializing_if = "Option::is_none")]
    pub client_ip: Option<String>,
    /// The program it was done with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_agent: Option<String>,
    /// `Member`, `Guest`, `SharePointGroup` or `SecurityGroup`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_user_or_group_type: Option<String>,
    /// Who was meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_user_or_group_name: Option<String>,
    /// Ties the records of one link together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unique_sharing_id: Option<String>,
    /// Further facts.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub event_data: BTreeMap<String, String>,
    /// Whether a seal holds it already.
    pub sealed: bool,
}

/// What verifying the audit trail found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditVerification {
    /// Whether nothing is wrong.
    pub intact: bool,
    /// Records that seals hold.
    pub records: u64,
    /// Seals.
    pub seals: u64,
    /// Records that wait for their seal.
    pub unsealed: u64,
    /// The end of the chain, to be kept elsewhere and given back later.
    pub head: String,
    /// What is wrong.
    pub findings: Vec<AuditFinding>,
}

/// One sign of tampering.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditFinding {
    /// Its kind, such as `recordChanged`.
    pub code: String,
    /// What it is, for people.
    pub message: String,
}

/// Settings of the audit trail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditSettings {
    /// How many days records are kept.
    pub retention_in_days: i64,
}
