//! Federations: where an organization's members sign in outside this cloud, and which subject of an issuer is which member.

use diesel::prelude::*;
use model::{
    AddressTrust, ClientAuthentication, FederatedSubject, Federation, FederationState, Newcomers,
    SharedSecret, UserId,
};

use crate::connection::on;
use crate::convert::{code, code_of, id, micros, time};
use crate::schema::federation::{federated_subjects, federations};
use crate::{Scope, StorageError, Writing};

const TABLE: &str = "federations";
const NOTHING: i64 = 0;
const SECRET_BASIC: i64 = 1;
const SECRET_POST: i64 = 2;
const OWN_KEY: i64 = 3;

/// The federation of a scope's tenant.
pub struct Federations<'s, M>(Scope<'s, M>);

impl<M> Scope<'_, M> {
    /// Returns the tenant's federation.
    pub fn federations(&mut self) -> Federations<'_, M> {
        Federations(self.reborrow())
    }
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = federations, treat_none_as_null = true)]
struct Row {
    tenant_id: String,
    display_name: String,
    issuer: String,
    client_id: String,
    authentication: i64,
    client_secret: Option<String>,
    addresses: i64,
    newcomers: i64,
    state: i64,
    created_at: i64,
    modified_at: i64,
}

impl Row {
    fn from_federation(federation: &Federation) -> Self {
        let (authentication, client_secret) = match &federation.authentication {
            ClientAuthentication::Nothing => (NOTHING, None),
            ClientAuthentication::SecretBasic(secret) => (SECRET_BASIC, Some(secret.0.clone())),
            ClientAuthentication::SecretPost(secret) => (SECRET_POST, Some(secret.0.clone())),
            ClientAuthentication::OwnKey => (OWN_KEY, None),
        };
        Self {
            tenant_id: federation.tenant.to_string(),
            display_name: federation.display_name.clone(),
            issuer: federation.issuer.clone(),
            client_id: federation.client_id.clone(),
            authentication,
            client_secret,
            addresses: code_of(&AddressTrust::ALL, &federation.addresses),
            newcomers: code_of(&Newcomers::ALL, &federation.newcomers),
            state: code_of(&FederationState::ALL, &federation.state),
            created_at: micros(federation.created),
            modified_at: micros(federation.modified),
        }
    }

    fn into_federation(self) -> Result<Federation, StorageError> {
        let damaged = StorageError::Corrupt { table: TABLE, column: "authentication" };
        let authentication = match (self.authentication, self.client_secret) {
            (NOTHING, _) => ClientAuthentication::Nothing,
            (SECRET_BASIC, Some(secret)) => ClientAuthentication::SecretBasic(SharedSecret(secret)),
            (SECRET_POST, Some(secret)) => ClientAuthentication::SecretPost(SharedSecret(secret)),
            (OWN_KEY, _) => ClientAuthentication::OwnKey,
            _ => return Err(damaged),
        };
        Ok(Federation {
            tenant: id(TABLE, "tenant_id", &self.tenant_id)?,
            display_name: self.display_name,
            issuer: self.issuer,
            client_id: self.client_id,
            authentication,
            addresses: code(TABLE, "addresses", &AddressTrust::ALL, self.addresses)?,
            newcomers: code(TABLE, "newcomers", &Newcomers::ALL, self.newcomers)?,
            state: code(TABLE, "state", &FederationState::ALL, self.state)?,
            created: time(TABLE, "created_at", self.created_at)?,
            modified: time(TABLE, "modified_at", self.modified_at)?,
        })
    }
}

impl<M> Federations<'_, M> {
    /// Finds the tenant's federation, used or not.
    ///
    /// # Errors
    /// A storage error.
    pub fn find(&mut self) -> Result<Option<Federation>, StorageError> {
        let query = federations::table.find(self.0.tenant.to_string());
        let row: Option<Row> =
            on!(self.0, connection => query.select(Row::as_select()).first(connection).optional())?;
        row.map(Row::into_federation).transpose()
    }

    /// Finds the bond of a subject, also one of a person who was deleted since.
    ///
    /// # Errors
    /// A storage error.
    pub fn find_subject(
        &mut self,
        issuer: &str,
        subject: &str,
    ) -> Result<Option<FederatedSubject>, StorageError> {
        let query = federated_subjects::table
            .find((self.0.tenant.to_string(), issuer.to_owned(), subject.to_owned()))
            .select((federated_subjects::user_id, federated_subjects::bound_at));
        let row: Option<(String, i64)> = on!(self.0, connection => query.first(connection).optional())?;
        row.map(|(user, bound)| {
            Ok(FederatedSubject {
                issuer: issuer.to_owned(),
                subject: subject.to_owned(),
                user: id("federated_subjects", "user_id", &user)?,
                bound: time("federated_subjects", "bound_at", bound)?,
            })
        })
        .transpose()
    }

    /// Returns whether a person is bound to somebody of an issuer.
    ///
    /// # Errors
    /// A storage error.
    pub fn is_bound(&mut self, issuer: &str, user: UserId) -> Result<bool, StorageError> {
        let query = federated_subjects::table
            .filter(federated_subjects::tenant_id.eq(self.0.tenant.to_string()))
            .filter(federated_subjects::issuer.eq(issuer))
            .filter(federated_subjects::user_id.eq(user.to_string()))
            .select(federated_subjects::subject);
        let found: Option<String> = on!(self.0, connection => query.first(connection).optional())?;
        Ok(found.is_some())
    }
}

impl Federations<'_, Writing> {
    /// Keeps the tenant's federation in the place of the one before. Its tenant must be the scope's.
    ///
    /// # Errors
    /// A storage error.
    pub fn put(&mut self, federation: &Federation) -> Result<(), StorageError> {
        let row = Row { tenant_id: self.0.tenant.to_string(), ..Row::from_federation(federation) };
        let insert = diesel::insert_into(federations::table)
            .values(&row)
            .on_conflict(federations::tenant_id)
            .do_update()
            .set(&row);
        on!(self.0, connection => insert.execute(connection))?;
        Ok(())
    }

    /// Removes the tenant's federation; the bonds of its people stay. Returns whether there was one.
    ///
    /// # Errors
    /// A storage error.
    pub fn delete(&mut self) -> Result<bool, StorageError> {
        let delete = diesel::delete(federations::table.find(self.0.tenant.to_string()));
        Ok(on!(self.0, connection => delete.execute(connection))? == 1)
    }

    /// Binds a member to a subject, in the place of whomever it was bound to.
    ///
    /// # Errors
    /// [`StorageError::Duplicate`] when the member is bound to another subject of the issuer.
    pub fn bind(&mut self, bond: &FederatedSubject) -> Result<(), StorageError> {
        let tenant = self.0.tenant.to_string();
        let before = diesel::delete(federated_subjects::table.find((&tenant, &bond.issuer, &bond.subject)));
        on!(self.0, connection => before.execute(connection))?;
        let row = (
            federated_subjects::tenant_id.eq(&tenant),
            federated_subjects::issuer.eq(&bond.issuer),
            federated_subjects::subject.eq(&bond.subject),
            federated_subjects::user_id.eq(bond.user.to_string()),
            federated_subjects::bound_at.eq(micros(bond.bound)),
        );
        let insert = diesel::insert_into(federated_subjects::table).values(row);
        on!(self.0, connection => insert.execute(connection))?;
        Ok(())
    }
}
