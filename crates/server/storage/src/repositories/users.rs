//! People: members and guests, every address they are known by, and their passwords.

use diesel::prelude::*;
use model::{Address, GuestState, HomeAccount, Timestamp, User, UserId, UserKind};

use crate::connection::on;
use crate::convert::{code, code_of, id, maybe_id, maybe_time, micros, time};
use crate::schema::directory::{user_addresses, users};
use crate::{Scope, StorageError, Writing};

const KINDS: [UserKind; 2] = [UserKind::Member, UserKind::Guest];
pub(super) const STATES: [GuestState; 2] = [GuestState::PendingAcceptance, GuestState::Accepted];

/// The people of a scope's tenant.
pub struct Users<'s, M>(Scope<'s, M>);

impl<M> Scope<'_, M> {
    /// Returns the tenant's people.
    pub fn users(&mut self) -> Users<'_, M> {
        Users(self.reborrow())
    }
}

/// Whether a person may sign in to a tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignIn {
    /// They may.
    Allowed,
    /// They may not; the object stays.
    Blocked,
}

/// A person to be made.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// The object, complete.
    pub user: User,
    /// Every address they are known by.
    pub addresses: Vec<Address>,
    /// A member's password as an Argon2id PHC string.
    pub password_hash: Option<String>,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = users)]
pub(super) struct Row {
    id: String,
    tenant_id: String,
    kind: i64,
    principal_name: String,
    principal_key: String,
    display_name: String,
    mail: Option<String>,
    enabled: bool,
    guest_state: Option<i64>,
    home_tenant_id: Option<String>,
    home_user_id: Option<String>,
    created_at: i64,
    deleted_at: Option<i64>,
    tokens_valid_from: i64,
}

impl Row {
    fn from_user(user: &User) -> Self {
        Self {
            id: user.id.to_string(),
            tenant_id: user.tenant.to_string(),
            kind: code_of(&KINDS, &user.kind),
            principal_name: user.principal_name.clone(),
            principal_key: user.principal_name.to_lowercase(),
            display_name: user.display_name.clone(),
            mail: user.mail.clone(),
            enabled: user.enabled,
            guest_state: user.guest_state.map(|state| code_of(&STATES, &state)),
            home_tenant_id: user.home.map(|home| home.tenant.to_string()),
            home_user_id: user.home.map(|home| home.user.to_string()),
            created_at: micros(user.created),
            deleted_at: user.deleted.map(micros),
            tokens_valid_from: micros(user.tokens_valid_from),
        }
    }

    pub(super) fn into_user(self) -> Result<User, StorageError> {
        const TABLE: &str = "users";
        let home_tenant = maybe_id(TABLE, "home_tenant_id", self.home_tenant_id)?;
        let home_user = maybe_id(TABLE, "home_user_id", self.home_user_id)?;
        Ok(User {
            id: id(TABLE, "id", &self.id)?,
            tenant: id(TABLE, "tenant_id", &self.tenant_id)?,
            kind: code(TABLE, "kind", &KINDS, self.kind)?,
            principal_name: self.principal_name,
            display_name: self.display_name,
            mail: self.mail,
            enabled: self.enabled,
            guest_state: self
                .guest_state
                .map(|state| code(TABLE, "guest_state", &STATES, state))
                .transpose()?,
            home: home_tenant.zip(home_user).map(|(tenant, user)| HomeAccount { tenant, user }),
            created: time(TABLE, "created_at", self.created_at)?,
            deleted: maybe_time(TABLE, "deleted_at", self.deleted_at)?,
            tokens_valid_from: time(TABLE, "tokens_valid_from", self.tokens_valid_from)?,
        })
    }
}

impl<M> Users<'_, M> {
    /// Finds a person who is not deleted.
    ///
    /// # Errors
    /// A storage error.
    pub fn find(&mut self, user: UserId) -> Result<Option<User>, StorageError> {
        let query = users::table
            .filter(users::id.eq(user.to_string()))
            .filter(users::tenant_id.eq(self.0.tenant.to_string()))
            .filter(users::deleted_at.is_null());
        let row: Option<Row> =
            on!(self.0, connection => query.select(Row::as_select()).first(connection).optional())?;
        row.map(Row::into_user).transpose()
    }

    /// Finds a person, deleted or not; nobody who is gone for good.
    ///
    /// # Errors
    /// A storage error.
    pub fn find_even_deleted(&mut self, user: UserId) -> Result<Option<User>, StorageError> {
        let query = users::table
            .filter(users::id.eq(user.to_string()))
            .filter(users::tenant_id.eq(self.0.tenant.to_string()))
            .filter(users::purged_at.is_null());
        let row: Option<Row> =
            on!(self.0, connection => query.select(Row::as_select()).first(connection).optional())?;
        row.map(Row::into_user).transpose()
    }

    /// Lists people by name, after the one with the given sign-in name.
    ///
    /// # Errors
    /// A storage error.
    pub fn list(&mut self, after: Option<&str>, most: i64) -> Result<Vec<User>, StorageError> {
        let query = users::table
            .filter(users::tenant_id.eq(self.0.tenant.to_string()))
            .filter(users::deleted_at.is_null())
            .filter(users::principal_key.gt(after.unwrap_or_default().to_lowercase()))
            .order(users::principal_key)
            .limit(most);
        let rows: Vec<Row> = on!(self.0, connection => query.select(Row::as_select()).load(connection))?;
        rows.into_iter().map(Row::into_user).collect()
    }

    /// Lists people who were deleted, the last ones first.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_deleted(&mut self, most: i64) -> Result<Vec<User>, StorageError> {
        let query = users::table
            .filter(users::tenant_id.eq(self.0.tenant.to_string()))
            .filter(users::deleted_at.is_not_null())
            .filter(users::purged_at.is_null())
            .order((users::deleted_at.desc(), users::id))
            .limit(most);
        let rows: Vec<Row> = on!(self.0, connection => query.select(Row::as_select()).load(connection))?;
        rows.into_iter().map(Row::into_user).collect()
    }

    /// Lists the guests who were ever bound to a home account, deleted ones included, newest first.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_ever_bound_to(&mut self, home: HomeAccount) -> Result<Vec<User>, StorageError> {
        let query = users::table
            .filter(users::tenant_id.eq(self.0.tenant.to_string()))
            .filter(users::home_tenant_id.eq(home.tenant.to_string()))
            .filter(users::home_user_id.eq(home.user.to_string()))
            .order((users::created_at.desc(), users::id));
        let rows: Vec<Row> = on!(self.0, connection => query.select(Row::as_select()).load(connection))?;
        rows.into_iter().map(Row::into_user).collect()
    }

    /// Finds the person an address means, whichever of their addresses it is (A11).
    ///
    /// # Errors
    /// A storage error.
    pub fn find_by_address(&mut self, address: &Address) -> Result<Option<User>, StorageError> {
        let tenant = self.0.tenant.to_string();
        let query = user_addresses::table
            .inner_join(users::table.on(users::id.eq(user_addresses::user_id)))
            .filter(user_addresses::tenant_id.eq(&tenant))
            .filter(user_addresses::address_key.eq(address.key()))
            .filter(users::deleted_at.is_null());
        let row: Option<Row> =
            on!(self.0, connection => query.select(Row::as_select()).first(connection).optional())?;
        row.map(Row::into_user).transpose()
    }

    /// Finds a person by sign-in name.
    ///
    /// # Errors
    /// A storage error.
    pub fn find_by_principal_name(&mut self, name: &str) -> Result<Option<User>, StorageError> {
        let query = users::table
            .filter(users::tenant_id.eq(self.0.tenant.to_string()))
            .filter(users::principal_key.eq(name.to_lowercase()))
            .filter(users::deleted_at.is_null());
        let row: Option<Row> =
            on!(self.0, connection => query.select(Row::as_select()).first(connection).optional())?;
        row.map(Row::into_user).transpose()
    }

    /// Finds the guest bound to a home account (A02).
    ///
    /// # Errors
    /// A storage error.
    pub fn find_by_home(&mut self, home: HomeAccount) -> Result<Option<User>, StorageError> {
        let query = users::table
            .filter(users::tenant_id.eq(self.0.tenant.to_string()))
            .filter(users::home_tenant_id.eq(home.tenant.to_string()))
            .filter(users::home_user_id.eq(home.user.to_string()))
            .filter(users::deleted_at.is_null());
        let row: Option<Row> =
            on!(self.0, connection => query.select(Row::as_select()).first(connection).optional())?;
        row.map(Row::into_user).transpose()
    }

    /// Lists every address a person is known by.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_addresses(&mut self, user: UserId) -> Result<Vec<String>, StorageError> {
        let query = user_addresses::table
            .filter(user_addresses::tenant_id.eq(self.0.tenant.to_string()))
            .filter(user_addresses::user_id.eq(user.to_string()))
            .order(user_addresses::address_key)
            .select(user_addresses::address_key);
        Ok(on!(self.0, connection => query.load(connection))?)
    }

    /// Returns a member's password hash.
    ///
    /// # Errors
    /// A storage error.
    pub fn find_password_hash(&mut self, user: UserId) -> Result<Option<String>, StorageError> {
        let query = users::table
            .filter(users::id.eq(user.to_string()))
            .filter(users::tenant_id.eq(self.0.tenant.to_string()))
            .filter(users::deleted_at.is_null())
            .select(users::password_hash);
        let hash: Option<Option<String>> = on!(self.0, connection => query.first(connection).optional())?;
        Ok(hash.flatten())
    }
}

impl Users<'_, Writing> {
    /// Makes a person with every address.
    ///
    /// # Errors
    /// [`StorageError::Duplicate`] when a name or address belongs to somebody else.
    pub fn create(&mut self, new: &NewUser) -> Result<(), StorageError> {
        let row = Row::from_user(&new.user);
        let insert = diesel::insert_into(users::table)
            .values((&row, users::password_hash.eq(new.password_hash.as_deref())));
        on!(self.0, connection => insert.execute(connection))?;
        new.addresses.iter().try_for_each(|address| self.add_address(new.user.id, address))
    }

    /// Makes a person known by one more address; again is fine.
    ///
    /// # Errors
    /// [`StorageError::Duplicate`] when it belongs to somebody else.
    pub fn add_address(&mut self, user: UserId, address: &Address) -> Result<(), StorageError> {
        let known = self.find_by_address(address)?;
        if known.is_some_and(|known| known.id == user) {
            return Ok(());
        }
        let row = (
            user_addresses::tenant_id.eq(self.0.tenant.to_string()),
            user_addresses::address_key.eq(address.key()),
            user_addresses::user_id.eq(user.to_string()),
        );
        on!(self.0, connection => diesel::insert_into(user_addresses::table).values(row).execute(connection))?;
        Ok(())
    }

    /// Gives a person other names and addresses. Addresses that are not among them are free for others.
    ///
    /// # Errors
    /// [`StorageError::Duplicate`] when a name or address belongs to somebody else.
    pub fn update_names(
        &mut self,
        user: UserId,
        (principal_name, display_name): (&Address, &str),
        addresses: &[Address],
    ) -> Result<(), StorageError> {
        let update = diesel::update(users::table.filter(users::id.eq(user.to_string())))
            .filter(users::tenant_id.eq(self.0.tenant.to_string()))
            .filter(users::deleted_at.is_null())
            .set((
                users::principal_name.eq(principal_name.as_str()),
                users::principal_key.eq(principal_name.as_str().to_lowercase()),
                users::display_name.eq(display_name),
                users::mail.eq(principal_name.as_str()),
            ));
        on!(self.0, connection => update.execute(connection))?;
        let freed =
            diesel::delete(user_addresses::table.filter(user_addresses::user_id.eq(user.to_string())))
                .filter(user_addresses::tenant_id.eq(self.0.tenant.to_string()));
        on!(self.0, connection => freed.execute(connection))?;
        addresses.iter().try_for_each(|address| self.add_address(user, address))
    }

    /// Binds a guest to a home account: the invitation is accepted (A06).
    ///
    /// # Errors
    /// [`StorageError::Duplicate`] when another guest is bound to that account.
    pub fn accept_guest(
        &mut self,
        user: UserId,
        home: HomeAccount,
        at: Timestamp,
    ) -> Result<(), StorageError> {
        let update = diesel::update(users::table.filter(users::id.eq(user.to_string())))
            .filter(users::tenant_id.eq(self.0.tenant.to_string()))
            .set((
                users::guest_state.eq(code_of(&STATES, &GuestState::Accepted)),
                users::guest_state_at.eq(micros(at)),
                users::home_tenant_id.eq(home.tenant.to_string()),
                users::home_user_id.eq(home.user.to_string()),
            ));
        on!(self.0, connection => update.execute(connection))?;
        Ok(())
    }

    /// Allows or blocks a person's sign-in to this tenant; blocking voids their tokens.
    ///
    /// # Errors
    /// A storage error.
    pub fn update_sign_in(
        &mut self,
        user: UserId,
        sign_in: SignIn,
        at: Timestamp,
    ) -> Result<(), StorageError> {
        let voided = (sign_in == SignIn::Blocked).then(|| users::tokens_valid_from.eq(micros(at)));
        let update = diesel::update(users::table.filter(users::id.eq(user.to_string())))
            .filter(users::tenant_id.eq(self.0.tenant.to_string()))
            .filter(users::deleted_at.is_null())
            .set((users::enabled.eq(sign_in == SignIn::Allowed), voided));
        on!(self.0, connection => update.execute(connection))?;
        Ok(())
    }

    /// Deletes a person softly and frees their addresses (A10). Their tokens are void from then on.
    ///
    /// # Errors
    /// A storage error.
    pub fn delete(&mut self, user: UserId, at: Timestamp) -> Result<(), StorageError> {
        let update = diesel::update(users::table.filter(users::id.eq(user.to_string())))
            .filter(users::tenant_id.eq(self.0.tenant.to_string()))
            .filter(users::deleted_at.is_null())
            .set((users::deleted_at.eq(micros(at)), users::tokens_valid_from.eq(micros(at))));
        on!(self.0, connection => update.execute(connection))?;
        let freed =
            diesel::delete(user_addresses::table.filter(user_addresses::user_id.eq(user.to_string())))
                .filter(user_addresses::tenant_id.eq(self.0.tenant.to_string()));
        on!(self.0, connection => freed.execute(connection))?;
        Ok(())
    }

    /// Brings a deleted person back under one address. Tokens of before the deletion stay void.
    ///
    /// # Errors
    /// [`StorageError::Duplicate`] when their name, home account or the address is somebody else's by now.
    pub fn restore(&mut self, user: UserId, address: &Address) -> Result<(), StorageError> {
        let update = diesel::update(users::table.filter(users::id.eq(user.to_string())))
            .filter(users::tenant_id.eq(self.0.tenant.to_string()))
            .set(users::deleted_at.eq(None::<i64>));
        on!(self.0, connection => update.execute(connection))?;
        self.add_address(user, address)
    }
}
