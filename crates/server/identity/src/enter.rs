//! Entering an organization with a browser's session: the same door as for tokens, judged anew at every page.

use model::{Actor, Caller, ClientApp, HomeAccount, TenantId};
use storage::Call;

use crate::account::{check_home, check_resource};
use crate::{Bearer, Identity, IdentityError, SignedIn};

impl Identity {
    /// Returns the context of somebody signed in for an organization: their own, or one where they are an accepted
    /// guest.
    ///
    /// # Errors
    /// [`Refusal::NoGuest`](crate::Refusal::NoGuest), [`Refusal::InvitationPending`](crate::Refusal::InvitationPending)
    /// or another refusal of the account.
    pub async fn enter(&self, person: &SignedIn, tenant: TenantId) -> Result<Bearer, IdentityError> {
        let (home, since, proofs) = (person.home, person.since, person.proofs.clone());
        let door = self.door(ClientApp::Browser);
        let user = self
            .boundary(home.tenant, tenant)
            .read(move |scope| -> Result<_, IdentityError> {
                let account = check_home(&mut scope.home(), home, since)?;
                check_resource(&mut scope.resource(), &account, &door, &proofs)
            })
            .await?;
        let home: HomeAccount = person.home;
        let caller = Caller { tenant, user: user.id, kind: user.kind, home };
        let call = Call::new(self.0.store.clone(), tenant, Actor::Person(user.id)).seen(self.1);
        Ok(Bearer { call, caller, line: None })
    }
}
