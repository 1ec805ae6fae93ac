//! Reason: why not. Each has a code that never changes, a sentence for people, and what can be done.
//!
//! The file is long because it is one table: whoever adds a reason finds here every word that is used already.

/// Why something is refused. One reason belongs to one condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// The account was deleted in this organization.
    AccountDeleted,
    /// The account is blocked in this organization.
    AccountBlocked,
    /// The guest has not accepted the invitation.
    InvitationPending,
    /// The guest object is bound to another home account than the one that signed in.
    OtherHomeAccount,
    /// The site, library or folder is gone.
    RootDeleted,
    /// The organization or the site is closed to outsiders.
    SharingClosed,
    /// There is no permission, or it was taken away.
    NoPermission,
    /// There was a permission, and its time is over.
    PermissionExpired,
    /// The place was shared by a link that needs no sign-in.
    SharedWithoutSignIn,
    /// A single file was shared; files shared alone open in the browser only.
    SingleFile,
    /// A folder was opened by a code, not by an account.
    OpenedByCode,
    /// The link's time is over.
    LinkExpired,
    /// The sharing level has no room for the link at the moment.
    LinkClosed,
    /// The link is for members of its organization.
    LinkForMembers,
    /// The link names other people.
    LinkForOthers,
    /// The link asks for its password.
    LinkPassword,
    /// The sharing level admits no links without sign-in.
    LevelAdmitsNoAnyoneLink,
    /// Links without sign-in are for folders and files.
    AnyoneLinkOfLibrary,
    /// The caller may not decide who has access here.
    MayNotManageSharing,
    /// The role is more than the caller has.
    RoleAboveOwn,
    /// Owners are made in the site's owner group, not by sharing.
    OwnerIsNotShared,
    /// The address belongs to this organization, but to nobody in it.
    NoSuchMember,
    /// The recipient's account is blocked here.
    RecipientBlocked,
    /// The sharing level admits nobody from outside.
    LevelAdmitsNoOutsider,
    /// The sharing level admits only guests who are in the directory already.
    LevelAdmitsNoNewGuest,
    /// The caller may not invite new guests.
    MayNotInvite,
    /// The caller lacks the administrative role.
    RoleRequired,
    /// The program lacks the permission.
    ApplicationPermissionRequired,
    /// Only a person can do this.
    PersonRequired,
    /// A site without an owner could be changed by nobody.
    LastOwner,
    /// The site's level would be looser than the organization's.
    LooserThanOrganization,
    /// The organization's list of domains does not admit the recipient's.
    DomainRefusedByOrganization,
    /// The site's list of domains does not admit the recipient's.
    DomainRefusedBySite,
    /// The directory's list of domains admits no new guest of the recipient's.
    DomainRefusedByDirectory,
    /// A list of domains does not admit the caller's any more.
    DomainClosed,
    /// The site is locked: nobody gets in.
    SiteLocked,
    /// The site is locked: nothing in it changes.
    SiteReadOnly,
    /// The site opens on managed devices alone, and there are none.
    DeviceNotManaged,
    /// The site opens in the browser alone, without handing files over.
    BrowserOnly,
    /// The site asks for an authentication context, which a program cannot prove.
    AuthenticationContext,
    /// The site's files are not handed out.
    DownloadBlocked,
    /// The site has no links for the organization.
    OrganizationLinksOff,
    /// Only chosen groups may share with people outside, and the caller is in none.
    SharerInNoGroup,
    /// The caller's groups may share with people who sign in only.
    SharerGroupGuestsOnly,
    /// The guest's time in the site is over.
    GuestStayOver,
    /// Links without sign-in may not let do that much.
    AnyoneLinkRole,
    /// Links without sign-in may not last that long.
    AnyoneLinkLife,
    /// The list of domains is too long.
    DomainListTooLong,
    /// The site's list of domains would widen the organization's allow list.
    DomainsBeyondOrganization,
    /// More groups than can be chosen.
    TooManySharerGroups,
    /// The time for guests is out of range.
    GuestLifeOutOfRange,
    /// The time for links without sign-in is out of range.
    AnyoneLifeOutOfRange,
    /// The policy asks for nothing.
    PolicyAsksNothing,
    /// A block stands beside other controls.
    BlockStandsAlone,
    /// More policies than can be kept.
    TooManyAccessPolicies,
    /// More agreements than can be kept.
    TooManyAgreements,
    /// A policy asks for the agreement.
    AgreementInUse,
    /// There is no such agreement.
    NoSuchAgreement,
    /// The policy would shut out whoever sets it.
    WouldLockOut,
    /// The organization has as many named locations as it can have.
    TooManyNamedLocations,
    /// The person's home organization does not let them out to this one.
    OutboundBlocked,
    /// The organization does not let in this person of another one.
    InboundBlocked,
    /// One part of a cross-tenant setting blocks everything, the other does not.
    CrossingContradicts,
    /// The time for records of the audit trail is out of range.
    RetentionOutOfRange,
}

impl Reason {
    /// Returns the code that clients and records know it by.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::AccountDeleted => "accountDeleted",
            Self::AccountBlocked => "accountBlocked",
            Self::InvitationPending => "invitationPending",
            Self::OtherHomeAccount => "otherHomeAccount",
            Self::RootDeleted => "rootDeleted",
            Self::SharingClosed => "sharingClosed",
            Self::NoPermission => "noPermission",
            Self::PermissionExpired => "permissionExpired",
            Self::SharedWithoutSignIn => "sharedWithoutSignIn",
            Self::SingleFile => "singleFile",
            Self::OpenedByCode => "openedByCode",
            Self::LinkExpired => "linkExpired",
            Self::LinkClosed => "linkClosed",
            Self::LinkForMembers => "linkForMembers",
            Self::LinkForOthers => "linkForOthers",
            Self::LinkPassword => "linkPassword",
            Self::LevelAdmitsNoAnyoneLink => "sharingLevelAdmitsNoAnyoneLink",
            Self::AnyoneLinkOfLibrary => "anyoneLinkOfLibrary",
            Self::MayNotManageSharing => "mayNotManageSharing",
            Self::RoleAboveOwn => "roleAboveOwn",
            Self::OwnerIsNotShared => "ownerIsNotShared",
            Self::NoSuchMember => "noSuchMember",
            Self::RecipientBlocked => "recipientBlocked",
            Self::LevelAdmitsNoOutsider => "sharingLevelAdmitsNoOutsider",
            Self::LevelAdmitsNoNewGuest => "sharingLevelAdmitsNoNewGuest",
            Self::MayNotInvite => "mayNotInvite",
            Self::RoleRequired => "roleRequired",
            Self::ApplicationPermissionRequired => "applicationPermissionRequired",
            Self::PersonRequired => "personRequired",
            Self::LastOwner => "lastOwner",
            Self::LooserThanOrganization => "looserThanOrganization",
            Self::DomainRefusedByOrganization => "domainNotAllowedByOrganization",
            Self::DomainRefusedBySite => "domainNotAllowedBySite",
            Self::DomainRefusedByDirectory => "domainNotAllowedByDirectory",
            Self::DomainClosed => "domainClosed",
            Self::SiteLocked => "siteLocked",
            Self::SiteReadOnly => "siteReadOnly",
            Self::DeviceNotManaged => "deviceNotManaged",
            Self::BrowserOnly => "siteOpensInBrowserOnly",
            Self::AuthenticationContext => "authenticationContextRequired",
            Self::DownloadBlocked => "downloadBlocked",
            Self::OrganizationLinksOff => "organizationLinksDisabled",
            Self::SharerInNoGroup => "sharerInNoGroup",
            Self::SharerGroupGuestsOnly => "sharerGroupGuestsOnly",
            Self::GuestStayOver => "guestAccessExpired",
            Self::AnyoneLinkRole => "anyoneLinkRoleAboveCap",
            Self::AnyoneLinkLife => "anyoneLinkLastsTooLong",
            Self::DomainListTooLong => "domainListTooLong",
            Self::DomainsBeyondOrganization => "domainsBeyondOrganization",
            Self::TooManySharerGroups => "tooManySharerGroups",
            Self::GuestLifeOutOfRange => "guestLifeOutOfRange",
            Self::AnyoneLifeOutOfRange => "anyoneLinkLifeOutOfRange",
            Self::PolicyAsksNothing => "policyAsksNothing",
            Self::BlockStandsAlone => "blockStandsAlone",
            Self::TooManyAccessPolicies => "tooManyPolicies",
            Self::TooManyAgreements => "tooManyAgreements",
            Self::AgreementInUse => "agreementInUse",
            Self::NoSuchAgreement => "noSuchAgreement",
            Self::WouldLockOut => "wouldLockYouOut",
            Self::TooManyNamedLocations => "tooManyNamedLocations",
            Self::OutboundBlocked => "crossTenantOutboundBlocked",
            Self::InboundBlocked => "crossTenantInboundBlocked",
            Self::CrossingContradicts => "crossTenantSettingContradicts",
            Self::RetentionOutOfRange => "retentionOutOfRange",
        }
    }

    /// Returns what is the matter, for people.
    #[must_use]
    pub const fn message(self) -> &'static str {
        match self {
            Self::AccountDeleted => "Your guest account in this organization was deleted.",
            Self::AccountBlocked => "Your account is blocked in this organization.",
            Self::InvitationPending => "The invitation to this organization has not been accepted yet.",
            Self::OtherHomeAccount => "The invitation belongs to another account than the one signed in.",
            Self::RootDeleted => "The site, library or folder was deleted by its organization.",
            Self::SharingClosed => "This organization or site is closed to people outside at the moment.",
            Self::NoPermission => "Your permission was removed.",
            Self::PermissionExpired => "Your permission has ended.",
            Self::SharedWithoutSignIn => {
                "It was shared by a link that needs no sign-in; such links never sync."
            }
            Self::SingleFile => "A single file was shared; it opens in the browser but cannot be synced.",
            Self::OpenedByCode => "It was opened by a code from a mail; what is opened so never syncs.",
            Self::LinkExpired => "This link has expired.",
            Self::LinkClosed => "Sharing in this way is switched off at the moment.",
            Self::LinkForMembers => "This link is for people of the organization that made it.",
            Self::LinkForOthers => "This link was made for other people.",
            Self::LinkPassword => "This link asks for a password.",
            Self::LevelAdmitsNoAnyoneLink => "Links that need no sign-in are not allowed here.",
            Self::AnyoneLinkOfLibrary => {
                "Links that need no sign-in are for folders and files, not for libraries."
            }
            Self::MayNotManageSharing => "You may not decide who has access here.",
            Self::RoleAboveOwn => "You cannot give more than you have.",
            Self::OwnerIsNotShared => "Owners are added to the site's owner group, not by sharing.",
            Self::NoSuchMember => "This address belongs to your organization, but nobody there has it.",
            Self::RecipientBlocked => "This person's account is blocked in your organization.",
            Self::LevelAdmitsNoOutsider => "Sharing with people outside is turned off here.",
            Self::LevelAdmitsNoNewGuest => "Only guests already in the directory can be given access here.",
            Self::MayNotInvite => "You may not invite new guests.",
            Self::RoleRequired => "This needs an administrator role that you do not have.",
            Self::ApplicationPermissionRequired => "The application was not given the permission for this.",
            Self::PersonRequired => "This is open to people only, not to applications.",
            Self::LastOwner => "A site must keep at least one owner.",
            Self::LooserThanOrganization => "A site cannot be more open than its organization.",
            Self::DomainRefusedByOrganization => {
                "This organization does not share with addresses of this domain."
            }
            Self::DomainRefusedBySite => "This site is not shared with addresses of this domain.",
            Self::DomainRefusedByDirectory => {
                "This organization makes no guests with addresses of this domain."
            }
            Self::DomainClosed => {
                "This organization or site is closed to addresses of your domain at the moment."
            }
            Self::SiteLocked => "The organization has locked this site; nobody can open it at the moment.",
            Self::SiteReadOnly => {
                "The organization has locked this site; it can be read, and nothing in it changes."
            }
            Self::DeviceNotManaged => "This site opens only on devices that its organization manages.",
            Self::BrowserOnly => {
                "This site opens in the browser only; its files can be neither downloaded nor synced."
            }
            Self::AuthenticationContext => {
                "This site asks for more than a program can prove; it opens in the browser and cannot be synced."
            }
            Self::DownloadBlocked => "Files of this site can be neither downloaded nor synced.",
            Self::OrganizationLinksOff => "This site has no links for everybody in the organization.",
            Self::SharerInNoGroup => "Only members of certain groups may share with people outside.",
            Self::SharerGroupGuestsOnly => {
                "Your groups may share with people who sign in, not by links for anyone."
            }
            Self::GuestStayOver => {
                "Your access to this site has ended after the time the organization sets for guests."
            }
            Self::AnyoneLinkRole => "Links that need no sign-in may only be for viewing here.",
            Self::AnyoneLinkLife => "Links that need no sign-in may not last that long here.",
            Self::DomainListTooLong => "The list of domains is too long.",
            Self::DomainsBeyondOrganization => {
                "Where the organization has an allow list, a site may only allow some of its domains."
            }
            Self::TooManySharerGroups => "At most twelve groups can be chosen to share with people outside.",
            Self::GuestLifeOutOfRange => "Guests' access lasts between 30 and 730 days, or without end.",
            Self::PolicyAsksNothing => "A policy must ask for something.",
            Self::BlockStandsAlone => "A policy that blocks cannot ask for anything else.",
            Self::TooManyAccessPolicies => "The organization has as many policies as it can have.",
            Self::TooManyAgreements => "The organization has 40 agreements, as many as it can have.",
            Self::AgreementInUse => "A policy asks people to accept this agreement.",
            Self::NoSuchAgreement => "The policy names terms of use that do not exist.",
            Self::WouldLockOut => "With this policy you could not get in any more to take it back.",
            Self::TooManyNamedLocations => "The organization has as many named locations as it can have.",
            Self::OutboundBlocked => {
                "The home organization does not let this person use resources of this one."
            }
            Self::InboundBlocked => "This organization does not let in this person of another organization.",
            Self::CrossingContradicts => "People and applications of one setting contradict each other.",
            Self::RetentionOutOfRange => "Records are kept between 30 and 3,650 days.",
            Self::AnyoneLifeOutOfRange => "Links that need no sign-in last up to 730 days, or without end.",
        }
    }

    /// Returns what can be done about it, for people.
    #[must_use]
    pub const fn remedy(self) -> &'static str {
        match self {
            Self::AccountDeleted => "Ask the person who shared it to invite you again.",
            Self::AccountBlocked | Self::RecipientBlocked => {
                "An administrator of the organization can unblock it."
            }
            Self::InvitationPending => {
                "Open the link in the invitation mail, or the site's address, and accept."
            }
            Self::OtherHomeAccount => "Sign in with the account that accepted the invitation.",
            Self::RootDeleted => {
                "Ask the site's owner; a deleted site or folder can be restored for a while."
            }
            Self::SharingClosed => {
                "Nothing is lost: access comes back if the organization opens sharing again."
            }
            Self::NoPermission | Self::PermissionExpired => "Ask the site's owner for access.",
            Self::SharedWithoutSignIn => "Ask for the folder to be shared with you by name.",
            Self::SingleFile => "Ask for the folder that holds the file to be shared.",
            Self::OpenedByCode => "Ask for guest access; your organization must be on this cloud for that.",
            Self::LinkExpired => "Ask the person who sent it for a new one.",
            Self::LinkClosed => "Ask the person who sent it to share it with you by name.",
            Self::LinkForMembers | Self::LinkForOthers => {
                "Sign in with the account it was made for, or ask for it to be shared with you by name."
            }
            Self::LinkPassword => "Open it in the browser; the person who sent it knows the password.",
            Self::LevelAdmitsNoAnyoneLink => {
                "Share with people by name, or ask an administrator to change the sharing level."
            }
            Self::AnyoneLinkOfLibrary => {
                "Make the link for a folder, or share the library with people by name."
            }
            Self::MayNotManageSharing => "Ask an owner of the site to share it.",
            Self::RoleAboveOwn => "Give view access, or ask an owner.",
            Self::OwnerIsNotShared => "Add the person to the site's owner group.",
            Self::NoSuchMember => "Check the spelling.",
            Self::LevelAdmitsNoOutsider => {
                "An administrator can change the sharing level of the organization or site."
            }
            Self::LevelAdmitsNoNewGuest => "An administrator can invite the person first, then share again.",
            Self::MayNotInvite => {
                "Ask a member of the organization, or somebody with the Guest Inviter role."
            }
            Self::RoleRequired => "Ask an administrator of your organization.",
            Self::ApplicationPermissionRequired => {
                "Register the application with the permission that names it, such as User.Invite.All."
            }
            Self::PersonRequired => "Sign in as a person.",
            Self::LastOwner => "Add another owner first.",
            Self::LooserThanOrganization => "Open the organization's level first, or choose a stricter one.",
            Self::DomainRefusedByOrganization => {
                "An administrator can change the organization's list of domains."
            }
            Self::DomainRefusedBySite => "An administrator can change the site's list of domains.",
            Self::DomainRefusedByDirectory => "An administrator can change the directory's list of domains.",
            Self::DomainClosed => {
                "Nothing is lost: access comes back if the organization admits your domain again."
            }
            Self::SiteLocked | Self::SiteReadOnly => {
                "Nothing is lost: it goes on when an administrator of the organization takes the lock away."
            }
            Self::DeviceNotManaged => {
                "An administrator of the organization can open the site to other devices."
            }
            Self::BrowserOnly | Self::AuthenticationContext => {
                "Open it in the browser. An administrator of the organization can allow more."
            }
            Self::DownloadBlocked => {
                "An administrator of the organization can allow downloads from the site."
            }
            Self::OrganizationLinksOff | Self::SharerGroupGuestsOnly => "Share with people by name.",
            Self::SharerInNoGroup => {
                "Ask an administrator to add you to such a group, or ask somebody in one to share it."
            }
            Self::GuestStayOver => "Ask the site's owner to extend it; nothing has to be shared again.",
            Self::AnyoneLinkRole => "Make the link for viewing, or share with people by name.",
            Self::AnyoneLinkLife => "Choose an earlier end, or leave it out to get the latest one allowed.",
            Self::DomainListTooLong => {
                "Shorten it: 5,000 domains for the organization, 500 for a site, 25 KB for the directory."
            }
            Self::DomainsBeyondOrganization => "Choose an allow list within the organization's.",
            Self::TooManySharerGroups => "Put the people into fewer groups.",
            Self::GuestLifeOutOfRange | Self::AnyoneLifeOutOfRange => {
                "Choose a number of days in this range, or none."
            }
            Self::RetentionOutOfRange => "Choose a number of days in this range.",
            Self::PolicyAsksNothing => "Name a control, such as mfa or block.",
            Self::BlockStandsAlone => "Make two policies.",
            Self::TooManyAccessPolicies | Self::TooManyNamedLocations => "Remove one, or join some.",
            Self::TooManyAgreements => "Remove one, or publish a new version of one.",
            Self::AgreementInUse => "Change the policy first.",
            Self::NoSuchAgreement => "Make the agreement first, and name it by its id.",
            Self::WouldLockOut => "Exclude yourself or a group of administrators.",
            Self::OutboundBlocked => {
                "Ask an administrator of the home organization to allow it (outbound access)."
            }
            Self::InboundBlocked => "Ask an administrator of this organization to allow it (inbound access).",
            Self::CrossingContradicts => "Block all people and all applications, or neither.",
        }
    }
}
