//! Permissions: roles on sites and items. A revoked one stays as a tombstone; nothing here decides what it is worth.
//!
//! The file is long because every way to ask who holds what is one query here: by place, by holder, by group, by link, and
//! along the folders above an item. They share the row and its conversions.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};
use model::{
    DriveId, GroupId, ItemId, LinkId, Permission, PermissionId, PermissionScope, Principal, Role, SiteId,
    Timestamp, UserId,
};

use crate::connection::on;
use crate::convert::{code, code_of, id, maybe_id, maybe_time, micros, time};
use crate::schema::directory::{group_members, users};
use crate::schema::items::items;
use crate::schema::sites::permissions;
use crate::{Scope, StorageError, Writing};

const TABLE: &str = "permissions";
pub(super) const USER: i64 = 0;
pub(super) const GROUP: i64 = 1;
/// `users.kind` of a guest.
pub(super) const GUEST: i64 = 1;
/// Deepest chain of folders that is followed; drives do not allow deeper ones.
const MAX_DEPTH: i64 = 1_000;

/// The permissions of a scope's tenant.
pub struct Permissions<'s, M>(pub(super) Scope<'s, M>);

impl<M> Scope<'_, M> {
    /// Returns the tenant's permissions.
    pub fn permissions(&mut self) -> Permissions<'_, M> {
        Permissions(self.reborrow())
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = permissions)]
pub(super) struct Row {
    id: String,
    tenant_id: String,
    site_id: String,
    drive_id: Option<String>,
    item_id: Option<String>,
    principal_kind: i64,
    principal_id: String,
    role: i64,
    created_by: Option<String>,
    created_at: i64,
    expires_at: Option<i64>,
    revoked_at: Option<i64>,
    link_id: Option<String>,
}

/// An item and the folders above it, nearest first, as [`Permissions::list_chains`] finds them.
#[derive(QueryableByName)]
struct Link {
    #[diesel(sql_type = Text)]
    start: String,
    #[diesel(sql_type = Text)]
    item: String,
    #[diesel(sql_type = Nullable<Text>)]
    parent: Option<String>,
    #[diesel(sql_type = BigInt)]
    depth: i64,
}

impl Row {
    fn from_permission(permission: &Permission) -> Self {
        let (drive, item) = match permission.scope {
            PermissionScope::Site(_) => (None, None),
            PermissionScope::Item { drive, item, .. } => (Some(drive.to_string()), Some(item.to_string())),
        };
        let (principal_kind, principal_id) = match permission.principal {
            Principal::User(user) => (USER, user.to_string()),
            Principal::Group(group) => (GROUP, group.to_string()),
        };
        Self {
            id: permission.id.to_string(),
            tenant_id: permission.tenant.to_string(),
            site_id: permission.scope.site().to_string(),
            drive_id: drive,
            item_id: item,
            principal_kind,
            principal_id,
            role: code_of(&Role::ALL, &permission.role),
            created_by: permission.created_by.map(|user| user.to_string()),
            created_at: micros(permission.created),
            expires_at: permission.expires.map(micros),
            revoked_at: permission.revoked.map(micros),
            link_id: permission.link.map(|link| link.to_string()),
        }
    }

    pub(super) fn into_permission(self) -> Result<Permission, StorageError> {
        let site: SiteId = id(TABLE, "site_id", &self.site_id)?;
        let drive: Option<DriveId> = maybe_id(TABLE, "drive_id", self.drive_id)?;
        let item: Option<ItemId> = maybe_id(TABLE, "item_id", self.item_id)?;
        let scope = match drive.zip(item) {
            Some((drive, item)) => PermissionScope::Item { site, drive, item },
            None => PermissionScope::Site(site),
        };
        let principal = match self.principal_kind {
            USER => Principal::User(id(TABLE, "principal_id", &self.principal_id)?),
            GROUP => Principal::Group(id(TABLE, "principal_id", &self.principal_id)?),
            _ => return Err(StorageError::Corrupt { table: TABLE, column: "principal_kind" }),
        };
        Ok(Permission {
            id: id(TABLE, "id", &self.id)?,
            tenant: id(TABLE, "tenant_id", &self.tenant_id)?,
            scope,
            principal,
            role: code(TABLE, "role", &Role::ALL, self.role)?,
            link: maybe_id(TABLE, "link_id", self.link_id)?,
            created_by: maybe_id(TABLE, "created_by", self.created_by)?,
            created: time(TABLE, "created_at", self.created_at)?,
            expires: maybe_time(TABLE, "expires_at", self.expires_at)?,
            revoked: maybe_time(TABLE, "revoked_at", self.revoked_at)?,
        })
    }
}

/// Which permissions of a person are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// Those that stand.
    Now,
    /// Also those that were taken away.
    Ever,
}

impl<M> Permissions<'_, M> {
    /// Finds a permission that stands.
    ///
    /// # Errors
    /// A storage error.
    pub fn find(&mut self, permission: PermissionId) -> Result<Option<Permission>, StorageError> {
        let query = permissions::table
            .filter(permissions::id.eq(permission.to_string()))
            .filter(permissions::tenant_id.eq(self.0.tenant.to_string()))
            .filter(permissions::revoked_at.is_null());
        let row: Option<Row> =
            on!(self.0, connection => query.select(Row::as_select()).first(connection).optional())?;
        row.map(Row::into_permission).transpose()
    }

    /// Lists the permissions given at a site itself.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_of_site(&mut self, site: SiteId) -> Result<Vec<Permission>, StorageError> {
        let query = permissions::table
            .filter(permissions::tenant_id.eq(self.0.tenant.to_string()))
            .filter(permissions::site_id.eq(site.to_string()))
            .filter(permissions::item_id.is_null())
            .filter(permissions::revoked_at.is_null())
            .order((permissions::created_at, permissions::id));
        let rows: Vec<Row> = on!(self.0, connection => query.select(Row::as_select()).load(connection))?;
        rows.into_iter().map(Row::into_permission).collect()
    }

    /// Lists the permissions given anywhere in a site: on itself, its libraries, folders and files.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_in_site(&mut self, site: SiteId) -> Result<Vec<Permission>, StorageError> {
        let query = permissions::table
            .filter(permissions::tenant_id.eq(self.0.tenant.to_string()))
            .filter(permissions::site_id.eq(site.to_string()))
            .filter(permissions::revoked_at.is_null())
            .order((permissions::created_at, permissions::id));
        let rows: Vec<Row> = on!(self.0, connection => query.select(Row::as_select()).load(connection))?;
        rows.into_iter().map(Row::into_permission).collect()
    }

    /// Lists the permissions given at items themselves, such as an item and the folders above it.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_of_items(&mut self, items: &[ItemId]) -> Result<Vec<Permission>, StorageError> {
        let items: Vec<String> = items.iter().map(ToString::to_string).collect();
        let query = permissions::table
            .filter(permissions::tenant_id.eq(self.0.tenant.to_string()))
            .filter(permissions::item_id.eq_any(&items))
            .filter(permissions::revoked_at.is_null())
            .order((permissions::created_at, permissions::id));
        let rows: Vec<Row> = on!(self.0, connection => query.select(Row::as_select()).load(connection))?;
        rows.into_iter().map(Row::into_permission).collect()
    }

    /// Lists the permissions given to a group.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_of_group(&mut self, group: GroupId) -> Result<Vec<Permission>, StorageError> {
        let query = permissions::table
            .filter(permissions::tenant_id.eq(self.0.tenant.to_string()))
            .filter(permissions::principal_kind.eq(GROUP))
            .filter(permissions::principal_id.eq(group.to_string()))
            .filter(permissions::revoked_at.is_null())
            .order((permissions::created_at, permissions::id));
        let rows: Vec<Row> = on!(self.0, connection => query.select(Row::as_select()).load(connection))?;
        rows.into_iter().map(Row::into_permission).collect()
    }

    /// Lists what people hold by having opened a link, oldest first.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_of_link(&mut self, link: LinkId) -> Result<Vec<Permission>, StorageError> {
        let query = permissions::table
            .filter(permissions::tenant_id.eq(self.0.tenant.to_string()))
            .filter(permissions::link_id.eq(link.to_string()))
            .filter(permissions::revoked_at.is_null())
            .order((permissions::created_at, permissions::id));
        let rows: Vec<Row> = on!(self.0, connection => query.select(Row::as_select()).load(connection))?;
        rows.into_iter().map(Row::into_permission).collect()
    }

    /// Returns whether any guest who is not deleted holds a permission in a site, directly or through a group (B14).
    ///
    /// # Errors
    /// A storage error.
    pub fn has_guest_in_site(&mut self, site: SiteId) -> Result<bool, StorageError> {
        let (tenant, site) = (self.0.tenant.to_string(), site.to_string());
        let direct = permissions::table
            .inner_join(users::table.on(users::id.eq(permissions::principal_id)))
            .filter(permissions::tenant_id.eq(&tenant).and(permissions::site_id.eq(&site)))
            .filter(permissions::principal_kind.eq(USER).and(permissions::revoked_at.is_null()))
            .filter(users::kind.eq(GUEST).and(users::deleted_at.is_null()))
            .select(users::id);
        let found: Option<String> = on!(self.0, connection => direct.first(connection).optional())?;
        if found.is_some() {
            return Ok(true);
        }
        let by_group = permissions::table
            .inner_join(group_members::table.on(group_members::group_id.eq(permissions::principal_id)))
            .inner_join(users::table.on(users::id.eq(group_members::user_id)))
            .filter(permissions::tenant_id.eq(&tenant).and(permissions::site_id.eq(&site)))
            .filter(permissions::principal_kind.eq(GROUP).and(permissions::revoked_at.is_null()))
            .filter(users::kind.eq(GUEST).and(users::deleted_at.is_null()))
            .select(users::id);
        let found: Option<String> = on!(self.0, connection => by_group.first(connection).optional())?;
        Ok(found.is_some())
    }

    /// Lists what a person holds, directly or through a group; in one site, or everywhere.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_held_by(
        &mut self,
        person: UserId,
        site: Option<SiteId>,
        held: Held,
    ) -> Result<Vec<Permission>, StorageError> {
        let (tenant, person) = (self.0.tenant.to_string(), person.to_string());
        let groups = group_members::table
            .filter(group_members::tenant_id.eq(&tenant))
            .filter(group_members::user_id.eq(&person))
            .select(group_members::group_id);
        let oneself = users::table.filter(users::id.eq(&person)).select(users::id);
        // One list of principals: asked for as person or group, an index of principals would not be used, and every
        // permission of the organization read. Which kind a principal is of says its id.
        let query = permissions::table
            .filter(permissions::tenant_id.eq(&tenant))
            .filter(permissions::principal_id.eq_any(oneself.union_all(groups)))
            .filter(permissions::revoked_at.is_null().or((held == Held::Ever).into_sql::<Bool>()))
            .order((permissions::created_at, permissions::id));
        let rows: Vec<Row> = match site {
            Some(site) => {
                let there = query.filter(permissions::site_id.eq(site.to_string()));
                on!(self.0, connection => there.select(Row::as_select()).load(connection))?
            }
            None => on!(self.0, connection => query.select(Row::as_select()).load(connection))?,
        };
        rows.into_iter().map(Row::into_permission).collect()
    }

    /// Finds the standing permission that was given to a principal by name at exactly one place.
    ///
    /// # Errors
    /// A storage error.
    pub fn find_at(
        &mut self,
        scope: PermissionScope,
        principal: Principal,
    ) -> Result<Option<Permission>, StorageError> {
        let there = match scope {
            PermissionScope::Site(site) => self.list_of_site(site)?,
            PermissionScope::Item { item, .. } => self.list_of_items(&[item])?,
        };
        let by_name =
            |permission: &Permission| permission.principal == principal && permission.link.is_none();
        Ok(there.into_iter().find(by_name))
    }

    /// Lists for each item of a drive the item itself and the folders above it up to the root, nearest first.
    /// Items that are not in the drive are left out.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_chains(
        &mut self,
        drive: DriveId,
        items: &[ItemId],
    ) -> Result<BTreeMap<ItemId, Vec<ItemId>>, StorageError> {
        let mut chains: BTreeMap<ItemId, Vec<ItemId>> = BTreeMap::new();
        for items in items.chunks(500) {
            for link in self.list_links(drive, items)? {
                let start: ItemId = id("items", "id", &link.start)?;
                chains.entry(start).or_default().push(id("items", "id", &link.item)?);
                if link.parent.is_some() && link.depth >= MAX_DEPTH {
                    return Err(StorageError::Corrupt { table: "items", column: "parent_id" });
                }
            }
        }
        Ok(chains)
    }

    /// Returns whether any of these items is in the recycle bin.
    ///
    /// # Errors
    /// A storage error.
    pub fn has_deleted_item(&mut self, chain: &[ItemId]) -> Result<bool, StorageError> {
        let ids: Vec<String> = chain.iter().map(ToString::to_string).collect();
        let query = items::table
            .filter(items::tenant_id.eq(self.0.tenant.to_string()))
            .filter(items::id.eq_any(&ids))
            .filter(items::deleted_at.is_not_null())
            .select(items::id);
        let found: Option<String> = on!(self.0, connection => query.first(connection).optional())?;
        Ok(found.is_some())
    }

    fn list_links(&mut self, drive: DriveId, items: &[ItemId]) -> Result<Vec<Link>, StorageError> {
        // Ids are our own text form, letters and digits alone; the list is written into the text because neither
        // database takes a list as one parameter in the same way.
        let list: Vec<String> = items.iter().map(|item| format!("'{item}'")).collect();
        let list = if list.is_empty() { "''".to_owned() } else { list.join(",") };
        let text = |first: &str, second: &str, third: &str, fourth: &str| {
            format!(
                "WITH RECURSIVE chain (start, item, parent, depth) AS (\
                   SELECT id, id, parent_id, CAST(0 AS BIGINT) FROM items \
                    WHERE tenant_id = {first} AND drive_id = {second} AND id IN ({list}) \
                   UNION ALL \
                   SELECT chain.start, items.id, items.parent_id, chain.depth + 1 FROM chain \
                     JOIN items ON items.id = chain.parent \
                    WHERE items.tenant_id = {third} AND items.drive_id = {fourth} AND chain.depth < {MAX_DEPTH}) \
                 SELECT start, item, parent, depth FROM chain ORDER BY start, depth"
            )
        };
        let (tenant, drive) = (self.0.tenant.to_string(), drive.to_string());
        let text = match &self.0.connection {
            crate::connection::Connection::Sqlite(_) => text("?", "?", "?", "?"),
            crate::connection::Connection::Postgres(_) => text("$1", "$2", "$3", "$4"),
        };
        let query = diesel::sql_query(text)
            .bind::<Text, _>(&tenant)
            .bind::<Text, _>(&drive)
            .bind::<Text, _>(&tenant)
            .bind::<Text, _>(&drive);
        Ok(on!(self.0, connection => query.load(connection))?)
    }
}

impl Permissions<'_, Writing> {
    /// Gives a permission.
    ///
    /// # Errors
    /// [`StorageError::Duplicate`] when the holder has one at this place already.
    pub fn create(&mut self, permission: &Permission) -> Result<(), StorageError> {
        let row = Row::from_permission(permission);
        on!(self.0, connection => diesel::insert_into(permissions::table).values(&row).execute(connection))?;
        Ok(())
    }

    /// Changes the role and the end of a permission; returns whether it still stood.
    ///
    /// # Errors
    /// A storage error.
    pub fn update(
        &mut self,
        permission: PermissionId,
        role: Role,
        expires: Option<Timestamp>,
    ) -> Result<bool, StorageError> {
        let update = diesel::update(permissions::table.filter(permissions::id.eq(permission.to_string())))
            .filter(permissions::tenant_id.eq(self.0.tenant.to_string()))
            .filter(permissions::revoked_at.is_null())
            .set((
                permissions::role.eq(code_of(&Role::ALL, &role)),
                permissions::expires_at.eq(expires.map(micros)),
            ));
        let changed = on!(self.0, connection => update.execute(connection))?;
        Ok(changed > 0)
    }

    /// Takes a permission away (A10); its row stays.
    ///
    /// # Errors
    /// A storage error.
    pub fn revoke(&mut self, permission: PermissionId, at: Timestamp) -> Result<(), StorageError> {
        let update = diesel::update(permissions::table.filter(permissions::id.eq(permission.to_string())))
            .filter(permissions::tenant_id.eq(self.0.tenant.to_string()))
            .filter(permissions::revoked_at.is_null())
            .set(permissions::revoked_at.eq(micros(at)));
        on!(self.0, connection => update.execute(connection))?;
        Ok(())
    }

    /// Changes what everybody holds who opened a link, as the link itself changed.
    ///
    /// # Errors
    /// A storage error.
    pub fn update_of_link(
        &mut self,
        link: LinkId,
        role: Role,
        expires: Option<Timestamp>,
    ) -> Result<(), StorageError> {
        let update = diesel::update(permissions::table.filter(permissions::link_id.eq(link.to_string())))
            .filter(permissions::tenant_id.eq(self.0.tenant.to_string()))
            .filter(permissions::revoked_at.is_null())
            .set((
                permissions::role.eq(code_of(&Role::ALL, &role)),
                permissions::expires_at.eq(expires.map(micros)),
            ));
        on!(self.0, connection => update.execute(connection))?;
        Ok(())
    }

    /// Takes away what everybody holds who opened a link.
    ///
    /// # Errors
    /// A storage error.
    pub fn revoke_of_link(&mut self, link: LinkId, at: Timestamp) -> Result<(), StorageError> {
        let update = diesel::update(permissions::table.filter(permissions::link_id.eq(link.to_string())))
            .filter(permissions::tenant_id.eq(self.0.tenant.to_string()))
            .filter(permissions::revoked_at.is_null())
            .set(permissions::revoked_at.eq(micros(at)));
        on!(self.0, connection => update.execute(connection))?;
        Ok(())
    }
}
