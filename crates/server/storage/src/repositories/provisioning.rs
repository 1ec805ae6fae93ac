//! Provisioning: tokens of provisioning services, and what they call people and groups.

use diesel::prelude::*;
use model::{GroupId, GroupRecord, PersonRecord, ProvisioningToken, ProvisioningTokenId, SecretHash, UserId};

use crate::connection::on;
use crate::convert::{id, maybe_time, micros, secret_hash, time};
use crate::schema::provisioning::{provisioned_groups, provisioned_people, provisioning_tokens};
use crate::{Scope, StorageError, Writing};

const TOKENS: &str = "provisioning_tokens";
const PEOPLE: &str = "provisioned_people";
const GROUPS: &str = "provisioned_groups";

/// What provisioning services keep of a scope's tenant.
pub struct Provisioning<'s, M>(Scope<'s, M>);

impl<M> Scope<'_, M> {
    /// Returns what provisioning services keep of the tenant.
    pub fn provisioning(&mut self) -> Provisioning<'_, M> {
        Provisioning(self.reborrow())
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = provisioning_tokens)]
struct TokenRow {
    id: String,
    tenant_id: String,
    display_name: String,
    token_hash: Vec<u8>,
    created_at: i64,
    expires_at: i64,
}

impl TokenRow {
    fn into_token(self) -> Result<ProvisioningToken, StorageError> {
        Ok(ProvisioningToken {
            id: id(TOKENS, "id", &self.id)?,
            tenant: id(TOKENS, "tenant_id", &self.tenant_id)?,
            display_name: self.display_name,
            token: secret_hash(TOKENS, "token_hash", &self.token_hash)?,
            created: time(TOKENS, "created_at", self.created_at)?,
            expires: time(TOKENS, "expires_at", self.expires_at)?,
        })
    }
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = provisioned_people, treat_none_as_null = true)]
struct PersonRow {
    user_id: String,
    tenant_id: String,
    external_id: Option<String>,
    given_name: Option<String>,
    family_name: Option<String>,
    modified_at: i64,
}

impl PersonRow {
    fn into_record(self) -> Result<PersonRecord, StorageError> {
        Ok(PersonRecord {
            user: id(PEOPLE, "user_id", &self.user_id)?,
            external_id: self.external_id,
            given_name: self.given_name,
            family_name: self.family_name,
            modified: time(PEOPLE, "modified_at", self.modified_at)?,
        })
    }
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = provisioned_groups, treat_none_as_null = true)]
struct GroupRow {
    group_id: String,
    tenant_id: String,
    external_id: Option<String>,
    modified_at: i64,
    deleted_at: Option<i64>,
}

impl GroupRow {
    fn into_record(self) -> Result<GroupRecord, StorageError> {
        Ok(GroupRecord {
            group: id(GROUPS, "group_id", &self.group_id)?,
            external_id: self.external_id,
            modified: time(GROUPS, "modified_at", self.modified_at)?,
            deleted: maybe_time(GROUPS, "deleted_at", self.deleted_at)?,
        })
    }
}

impl<M> Provisioning<'_, M> {
    /// Finds a token by the hash of its secret, also one that ended.
    ///
    /// # Errors
    /// A storage error.
    pub fn find_token(&mut self, token: SecretHash) -> Result<Option<ProvisioningToken>, StorageError> {
        let query = provisioning_tokens::table
            .filter(provisioning_tokens::token_hash.eq(token.0.as_slice()))
            .filter(provisioning_tokens::tenant_id.eq(self.0.tenant.to_string()));
        let row: Option<TokenRow> =
            on!(self.0, connection => query.select(TokenRow::as_select()).first(connection).optional())?;
        row.map(TokenRow::into_token).transpose()
    }

    /// Lists the tenant's tokens, the oldest first.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_tokens(&mut self) -> Result<Vec<ProvisioningToken>, StorageError> {
        let query = provisioning_tokens::table
            .filter(provisioning_tokens::tenant_id.eq(self.0.tenant.to_string()))
            .order((provisioning_tokens::created_at, provisioning_tokens::id));
        let rows: Vec<TokenRow> =
            on!(self.0, connection => query.select(TokenRow::as_select()).load(connection))?;
        rows.into_iter().map(TokenRow::into_token).collect()
    }

    /// Finds what is kept of a person.
    ///
    /// # Errors
    /// A storage error.
    pub fn find_person(&mut self, user: UserId) -> Result<Option<PersonRecord>, StorageError> {
        let query = provisioned_people::table
            .find(user.to_string())
            .filter(provisioned_people::tenant_id.eq(self.0.tenant.to_string()));
        let row: Option<PersonRow> =
            on!(self.0, connection => query.select(PersonRow::as_select()).first(connection).optional())?;
        row.map(PersonRow::into_record).transpose()
    }

    /// Lists the people a service calls by a name, deleted ones included.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_people_called(&mut self, external_id: &str) -> Result<Vec<UserId>, StorageError> {
        let query = provisioned_people::table
            .filter(provisioned_people::tenant_id.eq(self.0.tenant.to_string()))
            .filter(provisioned_people::external_id.eq(external_id))
            .order(provisioned_people::user_id)
            .select(provisioned_people::user_id);
        let ids: Vec<String> = on!(self.0, connection => query.load(connection))?;
        ids.iter().map(|text| id(PEOPLE, "user_id", text)).collect()
    }

    /// Finds what is kept of a group.
    ///
    /// # Errors
    /// A storage error.
    pub fn find_group(&mut self, group: GroupId) -> Result<Option<GroupRecord>, StorageError> {
        let query = provisioned_groups::table
            .find(group.to_string())
            .filter(provisioned_groups::tenant_id.eq(self.0.tenant.to_string()));
        let row: Option<GroupRow> =
            on!(self.0, connection => query.select(GroupRow::as_select()).first(connection).optional())?;
        row.map(GroupRow::into_record).transpose()
    }
}

impl Provisioning<'_, Writing> {
    /// Keeps a fresh token. Its tenant must be the scope's.
    ///
    /// # Errors
    /// A storage error.
    pub fn create_token(&mut self, token: &ProvisioningToken) -> Result<(), StorageError> {
        let row = TokenRow {
            id: token.id.to_string(),
            tenant_id: self.0.tenant.to_string(),
            display_name: token.display_name.clone(),
            token_hash: token.token.0.to_vec(),
            created_at: micros(token.created),
            expires_at: micros(token.expires),
        };
        let insert = diesel::insert_into(provisioning_tokens::table).values(&row);
        on!(self.0, connection => insert.execute(connection))?;
        Ok(())
    }

    /// Revokes a token. Returns whether there was one.
    ///
    /// # Errors
    /// A storage error.
    pub fn delete_token(&mut self, token: ProvisioningTokenId) -> Result<bool, StorageError> {
        let delete = diesel::delete(provisioning_tokens::table.find(token.to_string()))
            .filter(provisioning_tokens::tenant_id.eq(self.0.tenant.to_string()));
        Ok(on!(self.0, connection => delete.execute(connection))? == 1)
    }

    /// Keeps what a service says of a person, in the place of what it said before. The person must be the tenant's.
    ///
    /// # Errors
    /// A storage error.
    pub fn put_person(&mut self, record: &PersonRecord) -> Result<(), StorageError> {
        let row = PersonRow {
            user_id: record.user.to_string(),
            tenant_id: self.0.tenant.to_string(),
            external_id: record.external_id.clone(),
            given_name: record.given_name.clone(),
            family_name: record.family_name.clone(),
            modified_at: micros(record.modified),
        };
        let insert = diesel::insert_into(provisioned_people::table)
            .values(&row)
            .on_conflict(provisioned_people::user_id)
            .do_update()
            .set(&row);
        on!(self.0, connection => insert.execute(connection))?;
        Ok(())
    }

    /// Keeps what a service says of a group, in the place of what it said before. The group must be the tenant's.
    ///
    /// # Errors
    /// A storage error.
    pub fn put_group(&mut self, record: &GroupRecord) -> Result<(), StorageError> {
        let row = GroupRow {
            group_id: record.group.to_string(),
            tenant_id: self.0.tenant.to_string(),
            external_id: record.external_id.clone(),
            modified_at: micros(record.modified),
            deleted_at: record.deleted.map(micros),
        };
        let insert = diesel::insert_into(provisioned_groups::table)
            .values(&row)
            .on_conflict(provisioned_groups::group_id)
            .do_update()
            .set(&row);
        on!(self.0, connection => insert.execute(connection))?;
        Ok(())
    }
}
