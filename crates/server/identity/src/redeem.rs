//! Redeeming invitations (A06, flow 2): what the consent page shows, and acceptance by who signed in at home.
//!
//! There are two ways here: the ticket of a mail, or any address of the organization opened by somebody it invited.
//! Declining changes nothing (C-3).

use directory::{DirectoryError, Offer, Ticket, accept_invitation};
use model::{GuestState, Invitation, TenantId, User};
use policy::skips_consent;
use storage::{Commit, Scope, StorageError, Unaudited};

use crate::account::{check_home, find_pending_guest};
use crate::{Identity, IdentityError, SignedIn};

/// What a person consents to by accepting (C-1).
const CONSENT: &str = "invitation";

/// An invitation as its pages show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitationView {
    /// The organization that invites.
    pub tenant: TenantId,
    /// Its name.
    pub organization: String,
    /// Its first domain, which tells organizations of one name apart.
    pub domain: String,
    /// The address that was invited.
    pub invited: String,
    /// Every address the guest is known by, as comparable keys.
    pub addresses: Vec<String>,
    /// Name of the person who invited.
    pub inviter: Option<String>,
    /// What they wrote.
    pub message: Option<String>,
    /// Whether it was accepted.
    pub accepted: bool,
    /// Where the browser goes afterwards.
    pub redirect_url: Option<String>,
}

/// Why an invitation could not be accepted.
#[derive(Debug, thiserror::Error)]
pub enum RedeemError {
    /// The directory refuses.
    #[error(transparent)]
    Directory(#[from] DirectoryError),
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl InvitationView {
    /// Returns whether the invitation is for this person, whichever of their addresses was invited (A11).
    #[must_use]
    pub fn is_for(&self, person: &SignedIn) -> bool {
        self.addresses.iter().any(|address| person.is_known_by(address))
    }

    /// Returns the invited address with most of its name hidden, for people it may not belong to.
    #[must_use]
    pub fn masked(&self) -> String {
        let (local, domain) = self.invited.rsplit_once('@').unwrap_or((&self.invited, ""));
        let first: String = local.chars().take(1).collect();
        format!("{first}•••@{domain}")
    }
}

impl Identity {
    /// Finds the invitation of a mailed ticket; none when there is none.
    ///
    /// # Errors
    /// A storage error.
    pub async fn invitation(&self, ticket: &str) -> Result<Option<InvitationView>, IdentityError> {
        let Some(ticket) = Ticket::parse(ticket) else { return Ok(None) };
        let hash = ticket.hash();
        let found = self
            .system(ticket.tenant())
            .read(move |scope| -> Result<_, StorageError> {
                let Some(invitation) = scope.invitations().find_by_ticket_hash(hash)? else {
                    return Ok(None);
                };
                let Some(guest) = scope.users().find(invitation.guest)? else { return Ok(None) };
                view(scope, guest, Some(invitation)).map(Some)
            })
            .await?;
        Ok(found)
    }

    /// Finds what an organization has offered to somebody signed in and they have not accepted; none otherwise.
    ///
    /// # Errors
    /// A refusal of the account at home, or a storage error.
    pub async fn offer(
        &self,
        person: &SignedIn,
        tenant: TenantId,
    ) -> Result<Option<InvitationView>, IdentityError> {
        let (home, since) = (person.home, person.since);
        self.boundary(home.tenant, tenant)
            .read(move |scope| -> Result<_, IdentityError> {
                let account = check_home(&mut scope.home(), home, since)?;
                let mut resource = scope.resource();
                let Some(guest) = find_pending_guest(&mut resource, &account)? else { return Ok(None) };
                let newest = resource.invitations().list_of_guest(guest.id)?.pop();
                Ok(Some(view(&mut resource, guest, newest)?))
            })
            .await
    }

    /// Accepts the invitation of a mailed ticket. Returns where the browser goes.
    ///
    /// # Errors
    /// [`RedeemError::Directory`] when the invitation is somebody else's or gone.
    pub async fn accept_ticket(
        &self,
        person: &SignedIn,
        ticket: &str,
    ) -> Result<Option<String>, RedeemError> {
        let ticket = Ticket::parse(ticket).ok_or(DirectoryError::NotFound)?;
        self.accept(person, ticket.tenant(), Offer::Ticket(ticket.hash())).await
    }

    /// Accepts whatever an organization has offered to somebody signed in.
    ///
    /// # Errors
    /// [`RedeemError::Directory`] when nothing was offered.
    pub async fn accept_offer(&self, person: &SignedIn, tenant: TenantId) -> Result<(), RedeemError> {
        self.accept(person, tenant, Offer::Any).await.map(|_| ())
    }

    /// Returns whether somebody accepts an organization's invitations without being asked: both organizations have said
    /// so for one another (C-2).
    ///
    /// # Errors
    /// A storage error.
    pub async fn accepts_unasked(&self, person: &SignedIn, tenant: TenantId) -> Result<bool, IdentityError> {
        let (home, remembered) = (person.home.tenant, self.0.rules.clone());
        self.boundary(home, tenant)
            .read(move |both| -> Result<_, IdentityError> {
                let at_home = remembered.of(&mut both.home())?;
                let there = remembered.of(&mut both.resource())?;
                Ok(skips_consent(at_home.toward(tenant), there.toward(home)))
            })
            .await
    }

    async fn accept(
        &self,
        person: &SignedIn,
        tenant: TenantId,
        offer: Offer,
    ) -> Result<Option<String>, RedeemError> {
        let boundary = self.boundary(person.home.tenant, tenant);
        let accepted = accept_invitation(&boundary, self.runtime(), person.home, offer).await?;
        let (guest, now) = (accepted.guest.id, self.runtime().now());
        self.system(tenant)
            .write(move |scope| -> Result<_, StorageError> {
                scope.consents().create(guest, CONSENT, now)?;
                // The acceptance itself was recorded with the change above.
                Ok(Commit::unaudited((), Unaudited::SignInPlumbing))
            })
            .await?;
        Ok(accepted.redirect_url)
    }
}

fn view<M>(
    scope: &mut Scope<'_, M>,
    guest: User,
    invitation: Option<Invitation>,
) -> Result<InvitationView, StorageError> {
    let tenant = scope.tenants().load()?;
    let addresses = scope.users().list_addresses(guest.id)?;
    let inviter = match invitation.as_ref().and_then(|invitation| invitation.created_by) {
        Some(inviter) => scope.users().find(inviter)?,
        None => None,
    };
    let (email, message, redirect_url) = match invitation {
        Some(invitation) => (Some(invitation.email), invitation.message, Some(invitation.redirect_url)),
        None => (None, None, None),
    };
    Ok(InvitationView {
        tenant: tenant.id,
        organization: tenant.display_name,
        domain: tenant.initial_domain,
        invited: email.or(guest.mail).unwrap_or_default(),
        addresses,
        inviter: inviter.map(|user| user.display_name),
        message,
        accepted: guest.guest_state == Some(GuestState::Accepted),
        redirect_url,
    })
}
