//! Who: every kind of caller the sweep knows, and what each of them is supposed to know.

use std::fmt;

/// A kind of caller. The order is that of the printed table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Who {
    /// Nobody: no token, no session.
    Anonymous,
    /// A token signed with another key under our key's name.
    Forged,
    /// A token that says it needs no signature.
    Unsigned,
    /// A real token with another person's id written into it.
    Tampered,
    /// The owner's real token, after its end.
    Expired,
    /// The owner's id token, which is for the client and opens nothing.
    IdToken,
    /// A program of Contoso that may see people, groups and sites, manage groups and invite guests.
    Application,
    /// A member of another organization without any guest object.
    Stranger,
    /// The Global Administrator of another organization.
    StrangerAdmin,
    /// The site's guest with a real token for their own organization.
    GuestAtHome,
    /// Invited, not yet accepted; the only tokens they can get are for their home.
    Pending,
    /// A guest whose object was deleted, with the token from before.
    Deleted,
    /// A guest whose permission was removed, with the token from before.
    Revoked,
    /// An accepted guest without any permission.
    PlainGuest,
    /// A guest of the other private site.
    HeronGuest,
    /// A member of Contoso without any permission on the site.
    Colleague,
    /// Contoso's Global Administrator, who is in no site.
    Admin,
    /// A guest with a role on one folder.
    FolderGuest,
    /// A guest of the whole site who may read.
    Reader,
    /// A guest of the whole site who may change: the positive control.
    SiteGuest,
    /// The owner of the site: the positive control.
    Owner,
}

use Who::*;

impl Who {
    pub(crate) const ALL: [Self; 21] = [
        Anonymous,
        Forged,
        Unsigned,
        Tampered,
        Expired,
        IdToken,
        Application,
        Stranger,
        StrangerAdmin,
        GuestAtHome,
        Pending,
        Deleted,
        Revoked,
        PlainGuest,
        HeronGuest,
        Colleague,
        Admin,
        FolderGuest,
        Reader,
        SiteGuest,
        Owner,
    ];
    /// Callers whose token opens nothing at all.
    pub(crate) const WITHOUT_TOKEN: [Self; 7] =
        [Anonymous, Forged, Unsigned, Tampered, Expired, IdToken, Deleted];
    /// Callers with a token for their own organization, Fabrikam.
    pub(crate) const AT_FABRIKAM: [Self; 4] = [Stranger, StrangerAdmin, GuestAtHome, Pending];
    /// Callers to whom the site or a part of it is open.
    pub(crate) const INSIDE: [Self; 4] = [FolderGuest, Reader, SiteGuest, Owner];
    /// Members of Contoso, who see its directory.
    pub(crate) const MEMBERS: [Self; 3] = [Colleague, Admin, Owner];

    /// The person's address; none for callers that are nobody or use somebody's spoilt token.
    pub(crate) const fn address(self) -> Option<&'static str> {
        Some(match self {
            Stranger => "sten@fabrikam.example",
            StrangerAdmin => "ada@fabrikam.example",
            GuestAtHome | SiteGuest => "gustav@fabrikam.example",
            Pending => "petra@fabrikam.example",
            Deleted => "dora@fabrikam.example",
            Revoked => "rita@fabrikam.example",
            PlainGuest => "paul@fabrikam.example",
            HeronGuest => "hedwig@fabrikam.example",
            FolderGuest => "frieda@fabrikam.example",
            Reader => "leo@fabrikam.example",
            Colleague => "kolja@contoso.example",
            Admin => "anna@contoso.example",
            Owner => "olga@contoso.example",
            Anonymous | Forged | Unsigned | Tampered | Expired | IdToken | Application => return None,
        })
    }

    /// The person's name, found nowhere else.
    pub(crate) fn display_name(self) -> String {
        let first = self.address().and_then(|text| text.split('@').next()).unwrap_or_default();
        format!("{first}-Nachname-{}", first.len() + 7_000)
    }

    pub(crate) fn at_contoso(self) -> bool {
        Self::MEMBERS.contains(&self)
    }
}

impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Anonymous => "anonymous",
            Forged => "forged",
            Unsigned => "unsigned",
            Tampered => "tampered",
            Expired => "expired",
            IdToken => "id-token",
            Application => "program",
            Stranger => "stranger",
            StrangerAdmin => "str.admin",
            GuestAtHome => "at-home",
            Pending => "pending",
            Deleted => "deleted",
            Revoked => "revoked",
            PlainGuest => "no-perm",
            HeronGuest => "other-site",
            Colleague => "colleague",
            Admin => "admin",
            FolderGuest => "folder",
            Reader => "reader",
            SiteGuest => "guest",
            Owner => "owner",
        })
    }
}
