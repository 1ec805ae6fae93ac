//! Sharing links, known by the hash of their secret. A revoked one stays as a tombstone; what a link is worth at a
//! moment is decided elsewhere.

use diesel::prelude::*;
use model::{
    Link, LinkId, LinkKind, LinkRecipient, PermissionScope, Role, SecretHash, SiteId, Timestamp,
    WrongPasswords,
};

use crate::connection::on;
use crate::convert::{code, code_of, id, maybe_id, maybe_time, micros, secret_hash, time};
use crate::schema::directory::users;
use crate::schema::links::{link_keys, link_recipients, links};
use crate::{Scope, StorageError, Writing};

const TABLE: &str = "links";
/// `users.kind` of a guest.
const GUEST: i64 = 1;

/// The sharing links of a scope's tenant.
pub struct Links<'s, M>(Scope<'s, M>);

impl<M> Scope<'_, M> {
    /// Returns the tenant's sharing links.
    pub fn links(&mut self) -> Links<'_, M> {
        Links(self.reborrow())
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = links)]
struct Row {
    id: String,
    tenant_id: String,
    site_id: String,
    drive_id: String,
    item_id: String,
    kind: i64,
    role: i64,
    token_hash: Vec<u8>,
    password_hash: Option<String>,
    created_by: Option<String>,
    created_at: i64,
    expires_at: Option<i64>,
    revoked_at: Option<i64>,
}

impl Row {
    /// Returns none for a link of a site, which there is none of.
    fn from_link(link: &Link) -> Option<Self> {
        let PermissionScope::Item { site, drive, item } = link.scope else { return None };
        Some(Self {
            id: link.id.to_string(),
            tenant_id: link.tenant.to_string(),
            site_id: site.to_string(),
            drive_id: drive.to_string(),
            item_id: item.to_string(),
            kind: code_of(&LinkKind::ALL, &link.kind),
            role: code_of(&Role::ALL, &link.role),
            token_hash: link.token.0.to_vec(),
            password_hash: link.password.clone(),
            created_by: link.created_by.map(|user| user.to_string()),
            created_at: micros(link.created),
            expires_at: link.expires.map(micros),
            revoked_at: link.revoked.map(micros),
        })
    }

    fn into_link(self) -> Result<Link, StorageError> {
        let scope = PermissionScope::Item {
            site: id(TABLE, "site_id", &self.site_id)?,
            drive: id(TABLE, "drive_id", &self.drive_id)?,
            item: id(TABLE, "item_id", &self.item_id)?,
        };
        Ok(Link {
            id: id(TABLE, "id", &self.id)?,
            tenant: id(TABLE, "tenant_id", &self.tenant_id)?,
            scope,
            kind: code(TABLE, "kind", &LinkKind::ALL, self.kind)?,
            role: code(TABLE, "role", &Role::ALL, self.role)?,
            token: secret_hash(TABLE, "token_hash", &self.token_hash)?,
            password: self.password_hash,
            created_by: maybe_id(TABLE, "created_by", self.created_by)?,
            created: time(TABLE, "created_at", self.created_at)?,
            expires: maybe_time(TABLE, "expires_at", self.expires_at)?,
            revoked: maybe_time(TABLE, "revoked_at", self.revoked_at)?,
        })
    }
}

impl<M> Links<'_, M> {
    /// Returns what the secrets of the tenant's links are derived from; none before the first link.
    ///
    /// # Errors
    /// A storage error.
    pub fn key(&mut self) -> Result<Option<[u8; 32]>, StorageError> {
        let query = link_keys::table.find(self.0.tenant.to_string()).select(link_keys::value);
        let stored: Option<Vec<u8>> = on!(self.0, connection => query.first(connection).optional())?;
        let corrupt = |_| StorageError::Corrupt { table: "link_keys", column: "value" };
        stored.map(|value| value.try_into().map_err(corrupt)).transpose()
    }

    /// Finds a link that was not taken away.
    ///
    /// # Errors
    /// A storage error.
    pub fn find(&mut self, link: LinkId) -> Result<Option<Link>, StorageError> {
        let query = links::table
            .filter(links::id.eq(link.to_string()))
            .filter(links::tenant_id.eq(self.0.tenant.to_string()))
            .filter(links::revoked_at.is_null());
        let row: Option<Row> =
            on!(self.0, connection => query.select(Row::as_select()).first(connection).optional())?;
        row.map(Row::into_link).transpose()
    }

    /// Finds the link of a secret that was not taken away.
    ///
    /// # Errors
    /// A storage error.
    pub fn find_by_token(&mut self, token: SecretHash) -> Result<Option<Link>, StorageError> {
        let query = links::table
            .filter(links::token_hash.eq(token.0.to_vec()))
            .filter(links::tenant_id.eq(self.0.tenant.to_string()))
            .filter(links::revoked_at.is_null());
        let row: Option<Row> =
            on!(self.0, connection => query.select(Row::as_select()).first(connection).optional())?;
        row.map(Row::into_link).transpose()
    }

    /// Lists the links anywhere in a site, oldest first.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_of_site(&mut self, site: SiteId) -> Result<Vec<Link>, StorageError> {
        let query = links::table
            .filter(links::tenant_id.eq(self.0.tenant.to_string()))
            .filter(links::site_id.eq(site.to_string()))
            .filter(links::revoked_at.is_null())
            .order((links::created_at, links::id));
        let rows: Vec<Row> = on!(self.0, connection => query.select(Row::as_select()).load(connection))?;
        rows.into_iter().map(Row::into_link).collect()
    }

    /// Lists the links of items themselves, such as an item and the folders above it, oldest first.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_of_items(&mut self, items: &[model::ItemId]) -> Result<Vec<Link>, StorageError> {
        let items: Vec<String> = items.iter().map(ToString::to_string).collect();
        let query = links::table
            .filter(links::tenant_id.eq(self.0.tenant.to_string()))
            .filter(links::item_id.eq_any(&items))
            .filter(links::revoked_at.is_null())
            .order((links::created_at, links::id));
        let rows: Vec<Row> = on!(self.0, connection => query.select(Row::as_select()).load(connection))?;
        rows.into_iter().map(Row::into_link).collect()
    }

    /// Lists links that stand, by id, behind one; in one site or in all.
    ///
    /// # Errors
    /// A storage error.
    pub fn page(
        &mut self,
        site: Option<SiteId>,
        after: Option<LinkId>,
        most: i64,
    ) -> Result<Vec<Link>, StorageError> {
        let (anywhere, site) = (site.is_none(), site.map(|site| site.to_string()).unwrap_or_default());
        let query = links::table
            .filter(links::tenant_id.eq(self.0.tenant.to_string()))
            .filter(links::revoked_at.is_null())
            .filter(links::id.gt(after.map(|after| after.to_string()).unwrap_or_default()))
            .filter(links::site_id.eq(site).or(anywhere.into_sql::<diesel::sql_types::Bool>()))
            .order(links::id)
            .limit(most);
        let rows: Vec<Row> = on!(self.0, connection => query.select(Row::as_select()).load(connection))?;
        rows.into_iter().map(Row::into_link).collect()
    }

    /// Lists the kinds of links in a site that stand at a moment and open something to people outside: those for
    /// anyone, and those that name a guest or a mere address (B14).
    ///
    /// # Errors
    /// A storage error.
    pub fn list_outward_kinds(
        &mut self,
        site: SiteId,
        now: Timestamp,
    ) -> Result<Vec<LinkKind>, StorageError> {
        let (tenant, site) = (self.0.tenant.to_string(), site.to_string());
        let standing = || {
            links::table
                .filter(links::tenant_id.eq(&tenant).and(links::site_id.eq(&site)))
                .filter(links::revoked_at.is_null())
                .filter(links::expires_at.is_null().or(links::expires_at.gt(micros(now))))
        };
        let anyone = code_of(&LinkKind::ALL, &LinkKind::Anyone);
        let query = standing().filter(links::kind.eq(anyone)).select(links::id);
        let by_anyone: Option<String> = on!(self.0, connection => query.first(connection).optional())?;
        let people: i64 = 0;
        let query = standing()
            .inner_join(link_recipients::table.on(link_recipients::link_id.eq(links::id)))
            .left_join(users::table.on(users::id.eq(link_recipients::recipient)))
            .filter(
                link_recipients::recipient_kind
                    .ne(people)
                    .or(users::kind.eq(GUEST).and(users::deleted_at.is_null()).assume_not_null()),
            )
            .select(links::id);
        let by_name: Option<String> = on!(self.0, connection => query.first(connection).optional())?;
        let kinds = [by_anyone.map(|_| LinkKind::Anyone), by_name.map(|_| LinkKind::SpecificPeople)];
        Ok(kinds.into_iter().flatten().collect())
    }

    /// Returns the wrong guesses of a link's password in the present spell; none when there were none.
    ///
    /// # Errors
    /// A storage error.
    pub fn wrong_passwords(&mut self, link: LinkId) -> Result<Option<WrongPasswords>, StorageError> {
        let query = links::table
            .filter(links::id.eq(link.to_string()))
            .filter(links::tenant_id.eq(self.0.tenant.to_string()))
            .select((links::wrong_passwords, links::wrong_since));
        let row: Option<(i64, Option<i64>)> = on!(self.0, connection => query.first(connection).optional())?;
        let Some((count, Some(since))) = row else { return Ok(None) };
        Ok(Some(WrongPasswords { count, since: time(TABLE, "wrong_since", since)? }))
    }
}

impl Links<'_, Writing> {
    /// Returns what the secrets of the tenant's links are derived from, storing `fresh` when there is none yet.
    ///
    /// # Errors
    /// A storage error.
    pub fn load_or_create_key(&mut self, fresh: &[u8; 32]) -> Result<[u8; 32], StorageError> {
        let tenant = self.0.tenant.to_string();
        let row = (link_keys::tenant_id.eq(&tenant), link_keys::value.eq(fresh.as_slice()));
        let insert = diesel::insert_into(link_keys::table).values(row).on_conflict_do_nothing();
        on!(self.0, connection => insert.execute(connection))?;
        self.key()?.ok_or(StorageError::NotFound { table: "link_keys", id: tenant })
    }

    /// Makes a link with whom it names.
    ///
    /// # Errors
    /// A storage error.
    pub fn create(&mut self, link: &Link, recipients: &[LinkRecipient]) -> Result<(), StorageError> {
        let row = Row::from_link(link).ok_or(StorageError::Corrupt { table: TABLE, column: "item_id" })?;
        on!(self.0, connection => diesel::insert_into(links::table).values(&row).execute(connection))?;
        for recipient in recipients {
            self.0.link_recipients().add(link.id, recipient, link.created)?;
        }
        Ok(())
    }

    /// Changes role, end and password of a link; returns whether it still stood.
    ///
    /// # Errors
    /// A storage error.
    pub fn update(&mut self, link: &Link) -> Result<bool, StorageError> {
        let update = diesel::update(links::table.filter(links::id.eq(link.id.to_string())))
            .filter(links::tenant_id.eq(self.0.tenant.to_string()))
            .filter(links::revoked_at.is_null())
            .set((
                links::role.eq(code_of(&Role::ALL, &link.role)),
                links::expires_at.eq(link.expires.map(micros)),
                links::password_hash.eq(link.password.as_deref()),
            ));
        let changed = on!(self.0, connection => update.execute(connection))?;
        Ok(changed > 0)
    }

    /// Takes a link away; its row stays.
    ///
    /// # Errors
    /// A storage error.
    pub fn revoke(&mut self, link: LinkId, at: Timestamp) -> Result<(), StorageError> {
        let update = diesel::update(links::table.filter(links::id.eq(link.to_string())))
            .filter(links::tenant_id.eq(self.0.tenant.to_string()))
            .filter(links::revoked_at.is_null())
            .set(links::revoked_at.eq(micros(at)));
        on!(self.0, connection => update.execute(connection))?;
        Ok(())
    }

    /// Keeps how often a link's password was guessed wrong; none begins anew.
    ///
    /// # Errors
    /// A storage error.
    pub fn set_wrong_passwords(
        &mut self,
        link: LinkId,
        wrong: Option<WrongPasswords>,
    ) -> Result<(), StorageError> {
        let update = diesel::update(links::table.filter(links::id.eq(link.to_string())))
            .filter(links::tenant_id.eq(self.0.tenant.to_string()))
            .set((
                links::wrong_passwords.eq(wrong.map_or(0, |wrong| wrong.count)),
                links::wrong_since.eq(wrong.map(|wrong| micros(wrong.since))),
            ));
        on!(self.0, connection => update.execute(connection))?;
        Ok(())
    }
}
