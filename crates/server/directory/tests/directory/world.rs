//! World: Contoso, which shares, and Fabrikam, whose people are invited.

use std::ops::Deref;

use directory::{GuestInvitation, Invited, NewMember, Notify, invite_guest};
use model::{Actor, Address, TenantId, UserId};
use storage::Call;
use testkit::cloud::Cloud;

pub(crate) use testkit::cloud::{ORIGIN, ticket};

pub(crate) struct World(Cloud);

impl Deref for World {
    type Target = Cloud;

    fn deref(&self) -> &Cloud {
        &self.0
    }
}

pub(crate) fn address(text: &str) -> Address {
    text.parse().expect("an address")
}

pub(crate) fn new_member(text: &str, aliases: &[&str]) -> NewMember {
    testkit::cloud::new_member(text, aliases, Some("$argon2id$x".to_owned()))
}

pub(crate) fn invitation(text: &str) -> GuestInvitation {
    GuestInvitation {
        address: address(text),
        display_name: None,
        redirect_url: format!("{ORIGIN}/contoso.example/sites/Falcon"),
        message: Some("Hello".to_owned()),
        origin: ORIGIN.to_owned(),
    }
}

impl World {
    pub(crate) async fn new() -> Self {
        Self(Cloud::start().await)
    }

    pub(crate) fn call(&self, tenant: TenantId, person: UserId) -> Call {
        Call::new(self.store.clone(), tenant, Actor::Person(person))
    }

    /// Contoso's administrator.
    pub(crate) fn anna(&self) -> Call {
        self.call(self.contoso, self.anna)
    }

    /// Fabrikam's administrator.
    pub(crate) fn ada(&self) -> Call {
        self.call(self.fabrikam, self.ada)
    }

    pub(crate) async fn invite(&self, text: &str) -> Invited {
        invite_guest(&self.anna(), invitation(text), Notify::Mail).await.expect("invites")
    }
}
