//! Copies under way: what was asked for, how far it is, and which folders are still to be walked.

use diesel::dsl::max;
use diesel::prelude::*;
use model::{
    Caller, CopyFolder, CopyId, CopyState, HomeAccount, ItemCopy, Road, SecretHash, Timestamp, UserKind,
};

use crate::connection::on;
use crate::context::OperatorScope;
use crate::convert::{code, code_of, id, maybe_id, micros, time};
use crate::schema::versions_and_bins::{copies, copy_folders};
use crate::{Scope, StorageError, Writing};

const TABLE: &str = "copies";
const KINDS: [UserKind; 2] = [UserKind::Member, UserKind::Guest];
const RUNNING: i64 = 0;
const COMPLETED: i64 = 1;
const FAILED: i64 = 2;

/// The copies of a scope's tenant.
pub struct Copies<'s, M>(Scope<'s, M>);

impl<M> Scope<'_, M> {
    /// Returns the tenant's copies.
    pub fn copies(&mut self) -> Copies<'_, M> {
        Copies(self.reborrow())
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = copies)]
struct Row {
    id: String,
    tenant_id: String,
    secret_hash: Vec<u8>,
    user_id: String,
    user_kind: i64,
    home_tenant_id: String,
    home_user_id: String,
    source_drive_id: String,
    target_drive_id: String,
    target_item_id: String,
    total: i64,
    done: i64,
    state: i64,
    error_code: Option<String>,
    error_text: Option<String>,
    created_at: i64,
    expires_at: i64,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = copy_folders)]
struct FolderRow {
    copy_id: String,
    position: i64,
    tenant_id: String,
    source_id: String,
    target_id: String,
    after_id: Option<String>,
}

fn state_columns(state: &CopyState) -> (i64, Option<String>, Option<String>) {
    match state {
        CopyState::Running => (RUNNING, None, None),
        CopyState::Completed => (COMPLETED, None, None),
        CopyState::Failed { code, message } => (FAILED, Some(code.clone()), Some(message.clone())),
    }
}

impl Row {
    fn into_copy(self) -> Result<ItemCopy, StorageError> {
        let home = HomeAccount {
            tenant: id(TABLE, "home_tenant_id", &self.home_tenant_id)?,
            user: id(TABLE, "home_user_id", &self.home_user_id)?,
        };
        let caller = Caller {
            tenant: id(TABLE, "tenant_id", &self.tenant_id)?,
            user: id(TABLE, "user_id", &self.user_id)?,
            kind: code(TABLE, "user_kind", &KINDS, self.user_kind)?,
            home,
            // What copies within the server goes on as the program that asked for it.
            road: Road::Program,
        };
        let state = match self.state {
            RUNNING => CopyState::Running,
            COMPLETED => CopyState::Completed,
            FAILED => CopyState::Failed {
                code: self.error_code.unwrap_or_default(),
                message: self.error_text.unwrap_or_default(),
            },
            _ => return Err(StorageError::Corrupt { table: TABLE, column: "state" }),
        };
        Ok(ItemCopy {
            id: id(TABLE, "id", &self.id)?,
            caller,
            source_drive: id(TABLE, "source_drive_id", &self.source_drive_id)?,
            target_drive: id(TABLE, "target_drive_id", &self.target_drive_id)?,
            target: id(TABLE, "target_item_id", &self.target_item_id)?,
            total: self.total,
            done: self.done,
            state,
            created: time(TABLE, "created_at", self.created_at)?,
            expires: time(TABLE, "expires_at", self.expires_at)?,
        })
    }
}

impl<M> Copies<'_, M> {
    /// Finds a copy.
    ///
    /// # Errors
    /// A storage error.
    pub fn find(&mut self, copy: CopyId) -> Result<Option<ItemCopy>, StorageError> {
        let query =
            copies::table.find(copy.to_string()).filter(copies::tenant_id.eq(self.0.tenant.to_string()));
        let row: Option<Row> =
            on!(self.0, connection => query.select(Row::as_select()).first(connection).optional())?;
        row.map(Row::into_copy).transpose()
    }

    /// Finds a copy by its id and the hash of its monitor's secret.
    ///
    /// # Errors
    /// A storage error.
    pub fn find_by_secret(
        &mut self,
        copy: CopyId,
        secret: SecretHash,
    ) -> Result<Option<ItemCopy>, StorageError> {
        let query = copies::table
            .find(copy.to_string())
            .filter(copies::secret_hash.eq(secret.0.as_slice()))
            .filter(copies::tenant_id.eq(self.0.tenant.to_string()));
        let row: Option<Row> =
            on!(self.0, connection => query.select(Row::as_select()).first(connection).optional())?;
        row.map(Row::into_copy).transpose()
    }

    /// Finds the first folder whose children are still to be copied.
    ///
    /// # Errors
    /// A storage error.
    pub fn find_next_folder(&mut self, copy: CopyId) -> Result<Option<CopyFolder>, StorageError> {
        let query = copy_folders::table
            .filter(copy_folders::copy_id.eq(copy.to_string()))
            .filter(copy_folders::tenant_id.eq(self.0.tenant.to_string()))
            .order(copy_folders::position);
        let row: Option<FolderRow> =
            on!(self.0, connection => query.select(FolderRow::as_select()).first(connection).optional())?;
        row.map(|row| {
            Ok(CopyFolder {
                position: row.position,
                source: id("copy_folders", "source_id", &row.source_id)?,
                target: id("copy_folders", "target_id", &row.target_id)?,
                after: maybe_id("copy_folders", "after_id", row.after_id)?,
            })
        })
        .transpose()
    }
}

impl Copies<'_, Writing> {
    /// Stores a copy that was asked for.
    ///
    /// # Errors
    /// A storage error.
    pub fn create(&mut self, copy: &ItemCopy, secret: SecretHash) -> Result<(), StorageError> {
        let (state, error_code, error_text) = state_columns(&copy.state);
        let row = Row {
            id: copy.id.to_string(),
            tenant_id: self.0.tenant.to_string(),
            secret_hash: secret.0.to_vec(),
            user_id: copy.caller.user.to_string(),
            user_kind: code_of(&KINDS, &copy.caller.kind),
            home_tenant_id: copy.caller.home.tenant.to_string(),
            home_user_id: copy.caller.home.user.to_string(),
            source_drive_id: copy.source_drive.to_string(),
            target_drive_id: copy.target_drive.to_string(),
            target_item_id: copy.target.to_string(),
            total: copy.total,
            done: copy.done,
            state,
            error_code,
            error_text,
            created_at: micros(copy.created),
            expires_at: micros(copy.expires),
        };
        on!(self.0, connection => diesel::insert_into(copies::table).values(&row).execute(connection))?;
        Ok(())
    }

    /// Records how far a copy is.
    ///
    /// # Errors
    /// A storage error.
    pub fn update(&mut self, copy: CopyId, done: i64, state: &CopyState) -> Result<(), StorageError> {
        let (state, error_code, error_text) = state_columns(state);
        let update = diesel::update(copies::table.find(copy.to_string()))
            .filter(copies::tenant_id.eq(self.0.tenant.to_string()))
            .set((
                copies::done.eq(done),
                copies::state.eq(state),
                copies::error_code.eq(error_code),
                copies::error_text.eq(error_text),
            ));
        on!(self.0, connection => update.execute(connection))?;
        Ok(())
    }

    /// Adds a folder whose children are to be copied, behind all others.
    ///
    /// # Errors
    /// A storage error.
    pub fn add_folder(
        &mut self,
        copy: CopyId,
        source: model::ItemId,
        target: model::ItemId,
    ) -> Result<(), StorageError> {
        let last = copy_folders::table
            .filter(copy_folders::copy_id.eq(copy.to_string()))
            .select(max(copy_folders::position));
        let last: Option<i64> = on!(self.0, connection => last.first(connection))?;
        let row = FolderRow {
            copy_id: copy.to_string(),
            position: last.unwrap_or(0) + 1,
            tenant_id: self.0.tenant.to_string(),
            source_id: source.to_string(),
            target_id: target.to_string(),
            after_id: None,
        };
        on!(self.0, connection => diesel::insert_into(copy_folders::table).values(&row).execute(connection))?;
        Ok(())
    }

    /// Records up to which child a folder is copied.
    ///
    /// # Errors
    /// A storage error.
    pub fn update_folder(
        &mut self,
        copy: CopyId,
        position: i64,
        after: model::ItemId,
    ) -> Result<(), StorageError> {
        let update = diesel::update(copy_folders::table.find((copy.to_string(), position)))
            .filter(copy_folders::tenant_id.eq(self.0.tenant.to_string()))
            .set(copy_folders::after_id.eq(after.to_string()));
        on!(self.0, connection => update.execute(connection))?;
        Ok(())
    }

    /// Forgets a folder whose children are all copied.
    ///
    /// # Errors
    /// A storage error.
    pub fn delete_folder(&mut self, copy: CopyId, position: i64) -> Result<(), StorageError> {
        let delete = diesel::delete(copy_folders::table.find((copy.to_string(), position)))
            .filter(copy_folders::tenant_id.eq(self.0.tenant.to_string()));
        on!(self.0, connection => delete.execute(connection))?;
        Ok(())
    }
}

impl OperatorScope<'_, Writing> {
    /// Forgets copies whose monitors ended before a time, with what is left of their lists of folders.
    ///
    /// # Errors
    /// A storage error.
    pub fn delete_expired_copies(&mut self, before: Timestamp) -> Result<(), StorageError> {
        let delete = diesel::delete(copies::table).filter(copies::expires_at.lt(micros(before)));
        on!(self, connection => delete.execute(connection))?;
        Ok(())
    }
}
