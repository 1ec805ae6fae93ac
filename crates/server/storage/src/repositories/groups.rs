//! Groups and their members: security groups, and the three groups of each site (A01, B15).

use std::collections::BTreeSet;

use diesel::prelude::*;
use model::{Group, GroupId, GroupKind, SiteId, Timestamp, User, UserId};

use super::users::Row as UserRow;
use crate::connection::on;
use crate::convert::{code, code_of, id, maybe_id, micros, time};
use crate::schema::directory::{group_members, groups, users};
use crate::{Scope, StorageError, Writing};

const TABLE: &str = "groups";
const KINDS: [GroupKind; 4] =
    [GroupKind::Security, GroupKind::SiteOwners, GroupKind::SiteMembers, GroupKind::SiteVisitors];

/// The groups of a scope's tenant.
pub struct Groups<'s, M>(Scope<'s, M>);

impl<M> Scope<'_, M> {
    /// Returns the tenant's groups.
    pub fn groups(&mut self) -> Groups<'_, M> {
        Groups(self.reborrow())
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = groups)]
struct Row {
    id: String,
    tenant_id: String,
    kind: i64,
    display_name: String,
    site_id: Option<String>,
    created_at: i64,
}

impl Row {
    fn into_group(self) -> Result<Group, StorageError> {
        Ok(Group {
            id: id(TABLE, "id", &self.id)?,
            tenant: id(TABLE, "tenant_id", &self.tenant_id)?,
            kind: code(TABLE, "kind", &KINDS, self.kind)?,
            display_name: self.display_name,
            site: maybe_id(TABLE, "site_id", self.site_id)?,
            created: time(TABLE, "created_at", self.created_at)?,
        })
    }
}

impl<M> Groups<'_, M> {
    /// Finds a group.
    ///
    /// # Errors
    /// A storage error.
    pub fn find(&mut self, group: GroupId) -> Result<Option<Group>, StorageError> {
        let query = groups::table
            .filter(groups::id.eq(group.to_string()))
            .filter(groups::tenant_id.eq(self.0.tenant.to_string()));
        let row: Option<Row> =
            on!(self.0, connection => query.select(Row::as_select()).first(connection).optional())?;
        row.map(Row::into_group).transpose()
    }

    /// Lists every group of the tenant by name.
    ///
    /// # Errors
    /// A storage error.
    pub fn list(&mut self) -> Result<Vec<Group>, StorageError> {
        let query = groups::table
            .filter(groups::tenant_id.eq(self.0.tenant.to_string()))
            .order((groups::display_name, groups::id));
        let rows: Vec<Row> = on!(self.0, connection => query.select(Row::as_select()).load(connection))?;
        rows.into_iter().map(Row::into_group).collect()
    }

    /// Lists a site's groups: owners, members, visitors.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_of_site(&mut self, site: SiteId) -> Result<Vec<Group>, StorageError> {
        let query = groups::table
            .filter(groups::tenant_id.eq(self.0.tenant.to_string()))
            .filter(groups::site_id.eq(site.to_string()))
            .order((groups::kind, groups::id));
        let rows: Vec<Row> = on!(self.0, connection => query.select(Row::as_select()).load(connection))?;
        rows.into_iter().map(Row::into_group).collect()
    }

    /// Lists a group's members who are not deleted, by name.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_members(&mut self, group: GroupId) -> Result<Vec<User>, StorageError> {
        let query = group_members::table
            .inner_join(users::table.on(users::id.eq(group_members::user_id)))
            .filter(group_members::tenant_id.eq(self.0.tenant.to_string()))
            .filter(group_members::group_id.eq(group.to_string()))
            .filter(users::deleted_at.is_null())
            .order((users::display_name, users::id));
        let rows: Vec<UserRow> =
            on!(self.0, connection => query.select(UserRow::as_select()).load(connection))?;
        rows.into_iter().map(UserRow::into_user).collect()
    }

    /// Lists the ids of the groups a person is in.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_ids_of(&mut self, user: UserId) -> Result<BTreeSet<GroupId>, StorageError> {
        let query = group_members::table
            .filter(group_members::tenant_id.eq(self.0.tenant.to_string()))
            .filter(group_members::user_id.eq(user.to_string()))
            .select(group_members::group_id);
        let found: Vec<String> = on!(self.0, connection => query.load(connection))?;
        found.iter().map(|text| id("group_members", "group_id", text)).collect()
    }

    /// Returns whether a person is in a group.
    ///
    /// # Errors
    /// A storage error.
    pub fn has_member(&mut self, group: GroupId, user: UserId) -> Result<bool, StorageError> {
        let query = group_members::table
            .filter(group_members::tenant_id.eq(self.0.tenant.to_string()))
            .filter(group_members::group_id.eq(group.to_string()))
            .filter(group_members::user_id.eq(user.to_string()))
            .select(group_members::user_id);
        let found: Option<String> = on!(self.0, connection => query.first(connection).optional())?;
        Ok(found.is_some())
    }
}

impl Groups<'_, Writing> {
    /// Gives a group another name.
    ///
    /// # Errors
    /// A storage error.
    pub fn rename(&mut self, group: GroupId, display_name: &str) -> Result<(), StorageError> {
        let update = diesel::update(groups::table.filter(groups::id.eq(group.to_string())))
            .filter(groups::tenant_id.eq(self.0.tenant.to_string()))
            .set(groups::display_name.eq(display_name));
        on!(self.0, connection => update.execute(connection))?;
        Ok(())
    }

    /// Makes a group.
    ///
    /// # Errors
    /// A storage error.
    pub fn create(&mut self, group: &Group) -> Result<(), StorageError> {
        let row = Row {
            id: group.id.to_string(),
            tenant_id: self.0.tenant.to_string(),
            kind: code_of(&KINDS, &group.kind),
            display_name: group.display_name.clone(),
            site_id: group.site.map(|site| site.to_string()),
            created_at: micros(group.created),
        };
        on!(self.0, connection => diesel::insert_into(groups::table).values(&row).execute(connection))?;
        Ok(())
    }

    /// Puts a person into a group; both must belong to the tenant. Returns whether they were not in it before.
    ///
    /// # Errors
    /// [`StorageError::NotFound`] when the tenant lacks either.
    pub fn add_member(&mut self, group: GroupId, user: UserId, at: Timestamp) -> Result<bool, StorageError> {
        if self.find(group)?.is_none() {
            return Err(StorageError::NotFound { table: TABLE, id: group.to_string() });
        }
        if self.0.users().find(user)?.is_none() {
            return Err(StorageError::NotFound { table: "users", id: user.to_string() });
        }
        let row = (
            group_members::tenant_id.eq(self.0.tenant.to_string()),
            group_members::group_id.eq(group.to_string()),
            group_members::user_id.eq(user.to_string()),
            group_members::added_at.eq(micros(at)),
        );
        let insert = diesel::insert_into(group_members::table).values(row).on_conflict_do_nothing();
        let added = on!(self.0, connection => insert.execute(connection))?;
        Ok(added > 0)
    }

    /// Takes a person out of a group. Returns whether they were in it.
    ///
    /// # Errors
    /// A storage error.
    pub fn remove_member(&mut self, group: GroupId, user: UserId) -> Result<bool, StorageError> {
        let delete =
            diesel::delete(group_members::table.filter(group_members::group_id.eq(group.to_string())))
                .filter(group_members::tenant_id.eq(self.0.tenant.to_string()))
                .filter(group_members::user_id.eq(user.to_string()));
        let removed = on!(self.0, connection => delete.execute(connection))?;
        Ok(removed > 0)
    }
}
