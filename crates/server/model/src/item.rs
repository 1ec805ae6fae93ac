//! Item: a file or folder of a drive. Its id stays over rename and move; `parent` is the only place it has.

use jiff::Timestamp;

use crate::{DriveId, ItemId, TenantId, UserId};

/// File or folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ItemKind {
    /// A file with content.
    File,
    /// A folder.
    Folder,
}

/// Bytes of a file by their names; the bytes themselves are in `content`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ItemContent {
    /// BLAKE3 of the manifest.
    pub id: [u8; 32],
    /// Length in bytes.
    pub size: u64,
    /// quickXorHash of the whole.
    pub quick_xor: [u8; 20],
}

/// Who did something to an item, and when by the server's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ItemStamp {
    /// When.
    pub at: Timestamp,
    /// Who; none for the server itself and its operator.
    pub by: Option<UserId>,
}

/// An item in the recycle bin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ItemDeletion {
    /// Who deleted it, and when.
    pub stamp: ItemStamp,
    /// The item whose deletion took this one along; itself when it was deleted directly.
    pub with: ItemId,
}

/// A file or folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its id.
    pub id: ItemId,
    /// The tenant that owns it.
    pub tenant: TenantId,
    /// The drive it lives in.
    pub drive: DriveId,
    /// The folder it lives in, or lived in before its deletion; none for the root.
    pub parent: Option<ItemId>,
    /// Its name; `root` for the root.
    pub name: String,
    /// File or folder.
    pub kind: ItemKind,
    /// A file's bytes; none for a folder.
    pub content: Option<ItemContent>,
    /// Counts every change of the item itself (eTag).
    pub version: i64,
    /// Counts changes of the content (cTag).
    pub content_version: i64,
    /// The file's own time of creation, as its writer tells it.
    pub file_created: Timestamp,
    /// The file's own time of modification, as its writer tells it.
    pub file_modified: Timestamp,
    /// Who made it.
    pub created: ItemStamp,
    /// Who changed it last.
    pub modified: ItemStamp,
    /// Who wrote the present content; none for a folder.
    pub written: Option<ItemStamp>,
    /// Number of its newest change in the drive's sequence.
    pub sequence: i64,
    /// The operation that made the newest change.
    pub operation: Option<String>,
    /// Set while it is in the recycle bin.
    pub deleted: Option<ItemDeletion>,
}

impl Item {
    /// Returns the length of the content; 0 for a folder.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.content.map_or(0, |content| content.size)
    }

    /// Returns the tag that changes with every change of the item itself, quoted as Graph sends it.
    #[must_use]
    pub fn e_tag(&self) -> String {
        format!("\"{{{}}},{}\"", self.id.uuid(), self.version)
    }

    /// Returns the tag that changes with the content; none for a folder.
    #[must_use]
    pub fn c_tag(&self) -> Option<String> {
        (self.kind == ItemKind::File)
            .then(|| format!("\"c:{{{}}},{}\"", self.id.uuid(), self.content_version))
    }
}

/// A content a file had before (X10).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ItemVersion {
    /// The file.
    pub item: ItemId,
    /// Counts the file's contents; the present one has [`Item::content_version`].
    pub number: i64,
    /// The bytes.
    pub content: ItemContent,
    /// The file's own time of modification with them.
    pub file_modified: Timestamp,
    /// Who wrote them.
    pub written: ItemStamp,
}

impl ItemVersion {
    /// Returns a version's id as Graph has it.
    #[must_use]
    pub fn id_of(number: i64) -> String {
        format!("{number}.0")
    }

    /// Reads a version's id; none for another text.
    #[must_use]
    pub fn number_of(id: &str) -> Option<i64> {
        let digits =
            id.strip_suffix(".0").filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
        digits.parse().ok().filter(|number| *number > 0)
    }
}

/// What a numbered change of a drive did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ItemChangeKind {
    /// The item was made.
    Created,
    /// Its content was replaced.
    Content,
    /// Its times or other facts changed.
    Facts,
    /// It was renamed, moved or both; old and new parent tell which.
    Moved,
    /// It went to the recycle bin.
    Deleted,
    /// It came back from the recycle bin.
    Restored,
    /// Who may do what with it, and so with everything below it, changed.
    Access,
}

/// One entry of a drive's log of changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemChange {
    /// Its number in the drive's sequence.
    pub sequence: i64,
    /// The item.
    pub item: ItemId,
    /// What was done.
    pub kind: ItemChangeKind,
    /// The folder it was in before, if it was in one.
    pub old_parent: Option<ItemId>,
    /// The folder it is in afterwards, if it is in one.
    pub new_parent: Option<ItemId>,
    /// The operation that did it.
    pub operation: Option<String>,
    /// Who did it; none for the server itself, its operator, and what was done before this was noted.
    pub by: Option<UserId>,
}

#[cfg(test)]
mod tests {
    use super::ItemVersion;

    #[test]
    fn a_versions_id_is_read_back_and_nothing_else_is() {
        assert_eq!(ItemVersion::number_of(&ItemVersion::id_of(12)), Some(12));
        for text in
            ["", "1", ".0", "0.0", "-1.0", "+1.0", "1.1", "1.0.0", "99999999999999999999.0", "current"]
        {
            assert_eq!(ItemVersion::number_of(text), None, "{text}");
        }
    }
}
