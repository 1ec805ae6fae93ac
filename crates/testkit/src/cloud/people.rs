//! People of a cloud: members, guests, and the contexts in which they act.

use directory::{GuestInvitation, NewMember, Notify, Offer, accept_invitation, add_member, invite_guest};
use model::{Actor, Caller, HomeAccount, Road, TenantId, UserId, UserKind};
use storage::{Boundary, Call};

use super::{Cloud, ORIGIN, new_member};

impl Cloud {
    /// Somebody acting in their tenant.
    #[must_use]
    pub fn call(&self, caller: Caller) -> Call {
        Call::new(self.store.clone(), caller.tenant, Actor::Person(caller.user))
    }

    /// Between Fabrikam, where people sign in, and Contoso, which shares.
    #[must_use]
    pub fn boundary(&self) -> Boundary {
        Boundary::new(self.store.clone(), self.fabrikam, self.contoso)
    }

    /// Somebody of Fabrikam, at home.
    #[must_use]
    pub fn at_home(&self, user: UserId) -> HomeAccount {
        HomeAccount { tenant: self.fabrikam, user }
    }

    /// Somebody of Contoso.
    #[must_use]
    pub fn at_contoso(&self, user: UserId) -> Caller {
        member(self.contoso, user)
    }

    /// Adds a member known by some addresses.
    ///
    /// # Panics
    /// When that is refused.
    pub async fn add_member(&self, tenant: TenantId, addresses: &[&str]) -> UserId {
        self.add(tenant, new_member(addresses[0], &addresses[1..], Some(self.password_hash.clone()))).await
    }

    /// Adds a member as described.
    ///
    /// # Panics
    /// When that is refused.
    pub async fn add(&self, tenant: TenantId, new: NewMember) -> UserId {
        let admin = if tenant == self.contoso { self.anna } else { self.ada };
        add_member(&self.call(member(tenant, admin)), new).await.expect("adds").id
    }

    /// Invites somebody to Contoso without mail, and returns the guest who has not accepted yet.
    ///
    /// # Panics
    /// When that is refused.
    pub async fn invite(&self, address: &str) -> UserId {
        let new = GuestInvitation {
            address: address.parse().expect("an address"),
            display_name: None,
            redirect_url: ORIGIN.to_owned(),
            message: None,
            origin: ORIGIN.to_owned(),
        };
        let anna = self.call(self.at_contoso(self.anna));
        invite_guest(&anna, new, Notify::Nobody).await.expect("invites").guest.id
    }

    /// Somebody of Fabrikam accepts what Contoso offered.
    ///
    /// # Panics
    /// When nothing was offered.
    pub async fn accept(&self, user: UserId, offer: Offer) -> Caller {
        let home = self.at_home(user);
        let accepted = accept_invitation(&self.boundary(), self.runtime(), home, offer).await;
        let guest = accepted.expect("accepts").guest.id;
        Caller { tenant: self.contoso, user: guest, kind: UserKind::Guest, home, road: Road::Program }
    }

    /// Adds a member of Fabrikam who is an accepted guest of Contoso, without any right yet.
    ///
    /// # Panics
    /// When that is refused.
    pub async fn add_guest(&self, address: &str) -> Caller {
        let user = self.add_member(self.fabrikam, &[address]).await;
        self.invite(address).await;
        self.accept(user, Offer::Any).await
    }
}

fn member(tenant: TenantId, user: UserId) -> Caller {
    Caller { tenant, user, kind: UserKind::Member, home: HomeAccount { tenant, user }, road: Road::Program }
}
