//! Sync roots: what a library or folder is called and belongs to, and whether it is open to the caller.

use serde::{Deserialize, Serialize};

use crate::{ChunkKey, ItemRole};

/// The sync client's id as a public OAuth client, the same on every cloud.
pub const CLIENT_ID: &str = "f007b41d-9e5c-4a77-8d0e-5c1e57000001";

/// Asks which root an address means. The token's tenant must own it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ResolveRequest {
    /// A site's, library's or folder's web address.
    pub address: String,
}

/// Returns the tenant that a sharing link's path names, as its id: `/:f:/g/{secret}`, whose secret begins with it. None for
/// any other path.
#[must_use]
pub fn tenant_of_link(path: &str) -> Option<String> {
    let mut segments = path.trim_start_matches('/').split('/');
    let letter = segments.next()?.strip_prefix(':')?.strip_suffix(':')?;
    let secret = segments.next().filter(|segment| *segment == "g").and(segments.next())?;
    let bytes = data_encoding::BASE64URL_NOPAD.decode(secret.as_bytes()).ok()?;
    let tenant = data_encoding::HEXLOWER.encode(bytes.get(..16)?);
    let guid = [&tenant[..8], &tenant[8..12], &tenant[12..16], &tenant[16..20], &tenant[20..]].join("-");
    (letter.len() == 1 && bytes.len() == 48).then_some(guid)
}

/// A sync root, as its owner names it. Names are untrusted on disk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RootInfo {
    /// Tenant that owns the content.
    pub tenant: String,
    /// Its display name: the folder on the person's disk.
    pub organization: String,
    /// Its initial domain, which tells two organizations of one name apart.
    pub initial_domain: String,
    /// Site's display name.
    pub site: String,
    /// Library's name.
    pub library: String,
    /// Folder's name, when the root is a folder.
    pub folder: Option<String>,
    /// The drive.
    pub drive: String,
    /// The root item of the scope.
    pub item: String,
    /// Key of the tenant's chunk names.
    pub chunk_key: ChunkKey,
    /// The drive's epoch.
    pub epoch: String,
    /// The caller's role at the root (B15).
    pub role: ItemRole,
    /// Where it opens in the browser.
    pub web_url: String,
}

/// Whether a root is open to the caller (sync-engine.md section 10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum AccessState {
    /// Open in both directions.
    Active,
    /// Open for reading.
    ReadOnly,
    /// The owner's policy asks for something only a person can do in a browser.
    InteractionNeeded,
    /// The owner paused outside access; it may come back.
    Suspended,
    /// The caller's access ended.
    Revoked,
}

/// Why a root is not active (sharing-and-guests.md 6.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum AccessReason {
    /// The permission was removed.
    PermissionRemoved,
    /// The guest account was deleted.
    GuestDeleted,
    /// The guest account is blocked.
    GuestBlocked,
    /// The invitation is not accepted yet.
    InvitationPending,
    /// The organization or site closed its sharing.
    SharingLevelLowered,
    /// A list of domains does not admit the person's any more.
    DomainBlocked,
    /// The time the organization gives guests in a site is over.
    GuestAccessExpired,
    /// The organization locked the site.
    SiteLocked,
    /// The organization locked the site against changes.
    SiteReadOnly,
    /// The site does not open to programs that sync: it is for the browser, or its files are not handed out.
    SyncNotAllowed,
    /// The site or library was deleted.
    RootDeleted,
    /// The share is for viewing only.
    ViewOnly,
    /// A policy asks for more.
    PolicyChallenge,
}

/// Asks, with a token of the person's home, whether a root is still open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AccessQuestion {
    /// Tenant that owns the root.
    pub tenant: String,
    /// The drive.
    pub drive: String,
    /// The root item.
    pub item: String,
    /// Fresh text of the asker's, repeated in the answer.
    pub nonce: String,
}

/// The signed answer to "may I still sync this?" given only to somebody who provably had access.
///
/// It travels as a compact JWS whose payload is this object; the client checks signature, root, nonce and age before
/// it changes a root's state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AccessReport {
    /// The drive asked about.
    pub drive: String,
    /// The root item asked about.
    pub item: String,
    /// The person, as the home tenant knows them: `<home tenant>.<home object>`.
    pub person: String,
    /// The nonce of the question.
    pub nonce: String,
    /// When it was made, seconds since 1970.
    pub iat: i64,
    /// The state.
    pub state: AccessState,
    /// Why, unless active.
    pub reason: Option<AccessReason>,
    /// For people: what happened.
    pub message: String,
    /// For people: what to do.
    pub remedy: String,
}

#[cfg(test)]
mod tests {
    use super::tenant_of_link;

    #[test]
    fn a_sharing_links_path_names_its_tenant_and_others_name_none() {
        let secret = data_encoding::BASE64URL_NOPAD.encode(&[0x1f; 48]);
        let guid = "1f1f1f1f-1f1f-1f1f-1f1f-1f1f1f1f1f1f";
        assert_eq!(tenant_of_link(&format!("/:f:/g/{secret}")).as_deref(), Some(guid));
        assert_eq!(tenant_of_link(&format!("/:u:/g/{secret}/items/x")).as_deref(), Some(guid));
        for path in ["/", "", "/:f:/g/", "/:f:/s/x", "/contoso.example/sites/falcon", "/:f:/g/AAAA", "/f/g/é"]
        {
            assert_eq!(tenant_of_link(path), None, "{path}");
        }
    }
}
