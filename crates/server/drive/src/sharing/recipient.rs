//! Recipient: who a name or address means, and how policy sees them.

use model::{Address, Group, GroupId, InvalidAddress, Principal, User, UserId, UserKind};
use policy::{Reason, Recipient};
use storage::{Scope, StorageError};

/// How a recipient is named by the one who shares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecipientName {
    /// By address.
    Address(String),
    /// By the id of a person or group of the directory.
    Object(String),
}

/// Why one recipient got nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ShareRefusal {
    /// A rule refuses it.
    #[error("{}", .0.message())]
    Policy(Reason),
    /// The address is none.
    #[error(transparent)]
    Address(InvalidAddress),
    /// Nobody in the directory has this id.
    #[error("nobody in the directory has this id")]
    UnknownObject,
    /// Groups are given access by name; a link names people.
    #[error("a link names people; share with the group itself instead")]
    GroupInLink,
}

impl ShareRefusal {
    /// Returns the code that clients know it by.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Policy(reason) => reason.code(),
            Self::Address(_) => "invalidAddress",
            Self::UnknownObject => "unknownObject",
            Self::GroupInLink => "groupInLink",
        }
    }
}

/// Who a recipient is.
pub(crate) enum Who {
    /// Somebody in the directory.
    Person(User),
    /// A group.
    Group(Group),
    /// Somebody from outside whom the directory does not know.
    New(Address),
    /// Somebody from outside who stays out of the directory and opens it by a code (A05, A12).
    ByCode(Address),
    /// Nobody: an address of our own domains.
    Nobody,
}

impl Who {
    /// Returns how policy sees them.
    pub(super) fn class(&self) -> Recipient {
        match self {
            Self::Person(person) if !person.enabled => Recipient::Blocked,
            Self::Person(person) if person.kind == UserKind::Guest => Recipient::Guest,
            Self::Person(_) | Self::Group(_) => Recipient::Member,
            Self::New(_) => Recipient::Unknown,
            Self::ByCode(_) => Recipient::ByCode,
            Self::Nobody => Recipient::UnknownMember,
        }
    }

    /// Returns whom a permission would be given to; none for somebody without an object yet.
    pub(super) fn principal(&self) -> Option<Principal> {
        match self {
            Self::Person(person) => Some(Principal::User(person.id)),
            Self::Group(group) => Some(Principal::Group(group.id)),
            Self::New(_) | Self::ByCode(_) | Self::Nobody => None,
        }
    }
}

/// Finds out who is meant. The inner error is the recipient's own and harms nobody else.
pub(crate) fn resolve<M>(
    scope: &mut Scope<'_, M>,
    name: &RecipientName,
) -> Result<Result<Who, ShareRefusal>, StorageError> {
    match name {
        RecipientName::Address(text) => match text.parse::<Address>() {
            Ok(address) => by_address(scope, address).map(Ok),
            Err(invalid) => Ok(Err(ShareRefusal::Address(invalid))),
        },
        RecipientName::Object(id) => Ok(by_id(scope, id)?.ok_or(ShareRefusal::UnknownObject)),
    }
}

fn by_address<M>(scope: &mut Scope<'_, M>, address: Address) -> Result<Who, StorageError> {
    if let Some(person) = scope.users().find_by_address(&address)? {
        return Ok(Who::Person(person));
    }
    let ours = scope.tenants().list_domains()?.contains(&address.domain());
    Ok(if ours { Who::Nobody } else { Who::New(address) })
}

fn by_id<M>(scope: &mut Scope<'_, M>, id: &str) -> Result<Option<Who>, StorageError> {
    if let Ok(id) = id.parse::<UserId>()
        && let Some(person) = scope.users().find(id)?
    {
        return Ok(Some(Who::Person(person)));
    }
    match id.parse::<GroupId>() {
        Ok(id) => Ok(scope.groups().find(id)?.map(Who::Group)),
        Err(_) => Ok(None),
    }
}
