//! Entering an organization with a browser's session: the same door as for tokens, judged anew at every page.

use model::{Actor, Caller, ClientApp, Road, TenantId, User};
use policy::Demand;
use storage::Call;

use crate::account::{check_home, check_resource};
use crate::{Bearer, Identity, IdentityError, Refusal, SignedIn};

impl Identity {
    /// Returns the context of somebody signed in for an organization: their own, or one where they are an accepted
    /// guest.
    ///
    /// # Errors
    /// [`Refusal::NoGuest`](crate::Refusal::NoGuest), [`Refusal::InvitationPending`](crate::Refusal::InvitationPending)
    /// or another refusal of the account.
    pub async fn enter(&self, person: &SignedIn, tenant: TenantId) -> Result<Bearer, IdentityError> {
        let user = self.pass(person, tenant, ClientApp::Browser).await?;
        let caller = Caller { tenant, user: user.id, kind: user.kind, home: person.home, road: Road::Page };
        let call = Call::new(self.0.store.clone(), tenant, Actor::Person(user.id)).seen(self.1);
        Ok(Bearer { call, caller, line: None })
    }

    /// Lists what an organization's policies ask of somebody signed in before they may come in with a kind of client, in the
    /// order in which it is given.
    ///
    /// # Errors
    /// A refusal that nothing they do would change.
    pub async fn demands(
        &self,
        person: &SignedIn,
        tenant: TenantId,
        client_app: ClientApp,
    ) -> Result<Vec<Demand>, IdentityError> {
        match self.pass(person, tenant, client_app).await {
            Ok(_) => Ok(Vec::new()),
            Err(IdentityError::Refused(Refusal::Conditions { demands, .. })) if !demands.is_empty() => {
                Ok(demands)
            }
            Err(refused) => Err(refused),
        }
    }

    async fn pass(
        &self,
        person: &SignedIn,
        tenant: TenantId,
        client_app: ClientApp,
    ) -> Result<User, IdentityError> {
        let (home, since, proofs) = (person.home, person.since, person.proofs.clone());
        let door = match client_app {
            // A browser's session is judged as of its beginning; what a client gets next begins now.
            ClientApp::Browser => self.door(client_app).begun(since),
            ClientApp::MobileAndDesktop | ClientApp::ExchangeActiveSync | ClientApp::Other => {
                self.door(client_app)
            }
        };
        self.boundary(home.tenant, tenant)
            .read(move |scope| -> Result<_, IdentityError> {
                let account = check_home(&mut scope.home(), home, since)?;
                let door = door.leave(&mut scope.home(), home.user, tenant)?;
                check_resource(&mut scope.resource(), &account, &door, &proofs)
            })
            .await
    }
}
