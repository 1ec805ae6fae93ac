//! driveItem: a file or folder (graph-surface.md 3.2, 1.4). Absent facets are left out: clients test for their presence.

use serde::{Deserialize, Serialize};

use crate::{GraphTime, IdentitySet};

/// Where an item lives.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ItemReference {
    /// The drive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drive_id: Option<String>,
    /// `documentLibrary`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drive_type: Option<String>,
    /// The folder; absent for a drive's root and for what was shared, whose folder is not told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// `/drives/{id}/root:/a/b`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
}

/// The file's own times, as its writer told them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct FileSystemInfo {
    /// Creation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_date_time: Option<GraphTime>,
    /// Modification.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_modified_date_time: Option<GraphTime>,
}

/// The facet of folders.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct FolderFacet {
    /// How many items it holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub child_count: Option<i64>,
}

/// Checksums of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Hashes {
    /// quickXorHash, in base64.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quick_xor_hash: Option<String>,
    /// SHA-256, in hexadecimal; absent until it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256_hash: Option<String>,
}

/// The facet of files.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct FileFacet {
    /// What the name suggests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mime_type: Option<String>,
    /// Checksums.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hashes: Option<Hashes>,
}

/// A facet that says something by being there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmptyFacet {}

/// The facet of deleted items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeletedFacet {
    /// `deleted`.
    pub state: String,
}

/// A file or folder.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DriveItem {
    /// What it is.
    #[serde(rename = "@odata.context", skip_serializing_if = "Option::is_none")]
    pub context: Option<String>,
    /// Its id.
    pub id: String,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Changes with every change of the item itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub e_tag: Option<String>,
    /// Changes with the content; absent for folders.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub c_tag: Option<String>,
    /// Length in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// Where it opens in the browser.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub web_url: Option<String>,
    /// When it was made here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_date_time: Option<GraphTime>,
    /// When it was changed here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_modified_date_time: Option<GraphTime>,
    /// Who made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_by: Option<IdentitySet>,
    /// Who changed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_modified_by: Option<IdentitySet>,
    /// Where it lives.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_reference: Option<ItemReference>,
    /// Its own times.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file_system_info: Option<FileSystemInfo>,
    /// There for folders.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub folder: Option<FolderFacet>,
    /// There for files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<FileFacet>,
    /// There for the drive's root.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub root: Option<EmptyFacet>,
    /// A folder's items, when they were asked for along with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub children: Option<Vec<DriveItem>>,
    /// Where more of them are.
    #[serde(rename = "children@odata.nextLink", default, skip_serializing_if = "Option::is_none")]
    pub children_next_link: Option<String>,
    /// Where a file's bytes are, for a while and without a token.
    #[serde(rename = "@microsoft.graph.downloadUrl", default, skip_serializing_if = "Option::is_none")]
    pub download_url: Option<String>,
    /// There for what is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deleted: Option<DeletedFacet>,
}

/// A page of `delta`: one of the two links.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeltaCollection {
    /// What the values are.
    #[serde(rename = "@odata.context", default, skip_serializing_if = "Option::is_none")]
    pub context: Option<String>,
    /// The items.
    pub value: Vec<DriveItem>,
    /// Where the next page is.
    #[serde(rename = "@odata.nextLink", default, skip_serializing_if = "Option::is_none")]
    pub next_link: Option<String>,
    /// Where later changes will be.
    #[serde(rename = "@odata.deltaLink", default, skip_serializing_if = "Option::is_none")]
    pub delta_link: Option<String>,
}

/// The body of `POST …/children` and of `PATCH` and `restore`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ItemChange {
    /// The name it shall have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// There when a folder shall be made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub folder: Option<serde_json::Value>,
    /// There when a placeholder shall be made, which is not supported.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remote_item: Option<serde_json::Value>,
    /// The folder it shall be in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_reference: Option<ItemReference>,
    /// The times it shall have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file_system_info: Option<FileSystemInfo>,
    /// `fail`, `replace` or `rename`; rclone writes the key its own way.
    #[serde(
        rename = "@microsoft.graph.conflictBehavior",
        alias = "@name.conflictBehavior",
        skip_serializing_if = "Option::is_none"
    )]
    pub conflict_behavior: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::{DriveItem, FolderFacet, ItemChange};

    #[test]
    fn absent_facets_are_left_out_and_both_conflict_keys_are_read() {
        let item = DriveItem {
            id: "01A".to_owned(),
            size: Some(3),
            folder: Some(FolderFacet::default()),
            ..DriveItem::default()
        };
        let json = serde_json::to_string(&item).expect("JSON");
        assert_eq!(json, r#"{"id":"01A","size":3,"folder":{}}"#);
        for key in ["@microsoft.graph.conflictBehavior", "@name.conflictBehavior"] {
            let body = format!(r#"{{"name":"a","folder":{{}},"{key}":"fail","unknown":1}}"#);
            let change: ItemChange = serde_json::from_str(&body).expect("reads");
            assert_eq!(change.conflict_behavior.as_deref(), Some("fail"));
        }
    }
}
