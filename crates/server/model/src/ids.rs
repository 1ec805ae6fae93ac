//! Ids: every kind of thing has its own id type, 16 random bytes with one text form used everywhere.
//!
//! Directory objects print as GUIDs, as Entra's do. Drives print as `b!` and base64url, items as `01` and base32, as
//! clients expect (graph-surface.md 1.3: no `#`, `/`, `?` or `:` in either).

use std::fmt;
use std::str::FromStr;

use data_encoding::{BASE32_NOPAD, BASE64URL_NOPAD};
use uuid::Uuid;

/// A text is not an id of the expected kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not a {kind} id")]
pub struct InvalidId {
    /// The kind expected.
    pub kind: &'static str,
}

macro_rules! define_id {
    ($(#[$meta:meta])* $name:ident, $kind:literal, $print:expr, $parse:expr) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// Makes an id from random bytes.
            #[must_use]
            pub fn from_random(bytes: [u8; 16]) -> Self {
                Self(uuid::Builder::from_random_bytes(bytes).into_uuid())
            }

            /// Wraps a UUID.
            #[must_use]
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// Returns the UUID behind the text form.
            #[must_use]
            pub const fn uuid(&self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let print: fn(&Uuid) -> String = $print;
                f.write_str(&print(&self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                let parse: fn(&str) -> Option<Uuid> = $parse;
                parse(text).map(Self).ok_or(InvalidId { kind: $kind })
            }
        }
    };
}

fn parse_guid(text: &str) -> Option<Uuid> {
    // Only the hyphenated form: one id has one spelling, except for case.
    (text.len() == 36).then(|| Uuid::try_parse(text).ok()).flatten()
}

fn parse_drive(text: &str) -> Option<Uuid> {
    let bytes = BASE64URL_NOPAD.decode(text.strip_prefix("b!")?.as_bytes()).ok()?;
    Uuid::from_slice(&bytes).ok()
}

fn parse_item(text: &str) -> Option<Uuid> {
    let bytes = BASE32_NOPAD.decode(text.strip_prefix("01")?.to_ascii_uppercase().as_bytes()).ok()?;
    Uuid::from_slice(&bytes).ok()
}

define_id! {
    /// An organization.
    TenantId, "tenant", |id| id.to_string(), parse_guid
}
define_id! {
    /// A member or guest object within one tenant.
    UserId, "user", |id| id.to_string(), parse_guid
}
define_id! {
    /// A security group or a site's group.
    GroupId, "group", |id| id.to_string(), parse_guid
}
define_id! {
    /// A site.
    SiteId, "site", |id| id.to_string(), parse_guid
}
define_id! {
    /// A document library.
    DriveId, "drive", |id| format!("b!{}", BASE64URL_NOPAD.encode(id.as_bytes())), parse_drive
}
define_id! {
    /// A file or folder; stable over rename and move within its drive.
    ItemId, "item", |id| format!("01{}", BASE32_NOPAD.encode(id.as_bytes())), parse_item
}
define_id! {
    /// A grant of a role to somebody on a site or item.
    PermissionId, "permission", |id| id.to_string(), parse_guid
}
define_id! {
    /// An application registered in one tenant.
    ApplicationId, "application", |id| id.to_string(), parse_guid
}
define_id! {
    /// A sharing link; Graph shows it as a permission of the same id.
    LinkId, "link", |id| id.to_string(), parse_guid
}
define_id! {
    /// An invitation of a guest.
    InvitationId, "invitation", |id| id.to_string(), parse_guid
}
define_id! {
    /// The refresh tokens of one client on one device.
    FamilyId, "family", |id| id.to_string(), parse_guid
}
define_id! {
    /// Bytes on their way to an item.
    UploadId, "upload", |id| id.to_string(), parse_guid
}
define_id! {
    /// A copy under way.
    CopyId, "copy", |id| id.to_string(), parse_guid
}
define_id! {
    /// A second factor of a person.
    FactorId, "second factor", |id| id.to_string(), parse_guid
}
define_id! {
    /// A conditional access policy.
    AccessPolicyId, "policy", |id| id.to_string(), parse_guid
}
define_id! {
    /// A named location.
    NamedLocationId, "named location", |id| id.to_string(), parse_guid
}
define_id! {
    /// A record of a sign-in.
    SignInId, "sign-in", |id| id.to_string(), parse_guid
}
define_id! {
    /// Terms of use.
    TermsId, "terms of use", |id| id.to_string(), parse_guid
}
define_id! {
    /// A provisioning service's right to call.
    ProvisioningTokenId, "provisioning token", |id| id.to_string(), parse_guid
}
define_id! {
    /// A queued job.
    JobId, "job", |id| id.to_string(), parse_guid
}

define_id! {
    /// A record of the audit trail.
    AuditRecordId, "audit record", |id| id.to_string(), parse_guid
}

#[cfg(test)]
mod tests {
    use super::{DriveId, ItemId, TenantId};

    #[test]
    fn ids_print_and_parse_back_without_characters_clients_stumble_over() {
        let drive = DriveId::from_random([7; 16]);
        let item = ItemId::from_random([255; 16]);
        let tenant = TenantId::from_random([1; 16]);
        assert_eq!(drive.to_string().parse(), Ok(drive));
        assert_eq!(item.to_string().parse(), Ok(item));
        assert_eq!(tenant.to_string().to_uppercase().parse(), Ok(tenant));
        for text in [drive.to_string(), item.to_string()] {
            assert!(!text.contains(['#', '/', '?', ':']), "{text}");
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "root",
            "b!",
            "b!AAAA",
            "01",
            "01!!!!",
            "00000000000000000000000000000000",
            "é".repeat(18).as_str(),
        ] {
            assert!(text.parse::<DriveId>().is_err(), "{text}");
            assert!(text.parse::<ItemId>().is_err(), "{text}");
            assert!(text.parse::<TenantId>().is_err(), "{text}");
        }
    }
}
