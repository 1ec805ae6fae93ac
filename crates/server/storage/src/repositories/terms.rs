//! Terms of use of a tenant: agreements, their versions and texts, and what people answered.

use diesel::prelude::*;
use model::{Agreement, TermsAnswer, TermsExpiry, TermsId, TermsText, TermsVersion, UserId};

use crate::connection::on;
use crate::convert::{id, maybe_time, micros, time};
use crate::schema::terms::{agreement_files, agreement_responses, agreements};
use crate::{Scope, StorageError, Writing};

const TABLE: &str = "agreements";
const ANSWERS: &str = "agreement_responses";

/// The terms of use of a scope's tenant.
pub struct Terms<'s, M>(Scope<'s, M>);

impl<M> Scope<'_, M> {
    /// Returns the tenant's terms of use.
    pub fn terms(&mut self) -> Terms<'_, M> {
        Terms(self.reborrow())
    }
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = agreements, treat_none_as_null = true)]
struct Row {
    id: String,
    tenant_id: String,
    display_name: String,
    viewing_required: bool,
    expires_from: Option<i64>,
    expires_every_s: Option<i64>,
    reaccept_every_s: Option<i64>,
    created_at: i64,
}

impl Row {
    fn into_agreement(self) -> Result<Agreement, StorageError> {
        let from = maybe_time(TABLE, "expires_from", self.expires_from)?;
        Ok(Agreement {
            id: id(TABLE, "id", &self.id)?,
            display_name: self.display_name,
            viewing_required: self.viewing_required,
            expiry: from.zip(self.expires_every_s).map(|(from, every_s)| TermsExpiry { from, every_s }),
            reaccept_every_s: self.reaccept_every_s,
            created: time(TABLE, "created_at", self.created_at)?,
        })
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = agreement_files)]
struct TextRow {
    agreement_id: String,
    version: i64,
    language: String,
    tenant_id: String,
    is_default: bool,
    file_name: String,
    media_type: String,
    content: Vec<u8>,
    reaccept: bool,
    published_at: i64,
}

impl<M> Terms<'_, M> {
    /// Lists the agreements, the oldest first.
    ///
    /// # Errors
    /// A storage error.
    pub fn list(&mut self) -> Result<Vec<Agreement>, StorageError> {
        let query = agreements::table
            .filter(agreements::tenant_id.eq(self.0.tenant.to_string()))
            .order((agreements::created_at, agreements::id));
        let rows: Vec<Row> = on!(self.0, connection => query.select(Row::as_select()).load(connection))?;
        rows.into_iter().map(Row::into_agreement).collect()
    }

    /// Finds an agreement.
    ///
    /// # Errors
    /// A storage error.
    pub fn find(&mut self, agreement: TermsId) -> Result<Option<Agreement>, StorageError> {
        let query = agreements::table
            .filter(agreements::id.eq(agreement.to_string()))
            .filter(agreements::tenant_id.eq(self.0.tenant.to_string()));
        let row: Option<Row> =
            on!(self.0, connection => query.select(Row::as_select()).first(connection).optional())?;
        row.map(Row::into_agreement).transpose()
    }

    /// Lists the versions of an agreement, the oldest first.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_versions(&mut self, agreement: TermsId) -> Result<Vec<TermsVersion>, StorageError> {
        let query = agreement_files::table
            .filter(agreement_files::agreement_id.eq(agreement.to_string()))
            .filter(agreement_files::tenant_id.eq(self.0.tenant.to_string()))
            .select((agreement_files::version, agreement_files::reaccept, agreement_files::published_at))
            .distinct()
            .order(agreement_files::version);
        let rows: Vec<(i64, bool, i64)> = on!(self.0, connection => query.load(connection))?;
        let read = |(version, reaccept, published): (i64, bool, i64)| {
            let published = time("agreement_files", "published_at", published)?;
            Ok(TermsVersion { version, reaccept, published })
        };
        rows.into_iter().map(read).collect()
    }

    /// Lists the texts of a version, by language.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_texts(&mut self, agreement: TermsId, version: i64) -> Result<Vec<TermsText>, StorageError> {
        let query = agreement_files::table
            .filter(agreement_files::agreement_id.eq(agreement.to_string()))
            .filter(agreement_files::tenant_id.eq(self.0.tenant.to_string()))
            .filter(agreement_files::version.eq(version))
            .order(agreement_files::language);
        let rows: Vec<TextRow> =
            on!(self.0, connection => query.select(TextRow::as_select()).load(connection))?;
        let read = |row: TextRow| TermsText {
            language: row.language,
            is_default: row.is_default,
            file_name: row.file_name,
            media_type: row.media_type,
            content: row.content,
        };
        Ok(rows.into_iter().map(read).collect())
    }

    /// Lists what people answered, the newest first.
    ///
    /// # Errors
    /// A storage error.
    pub fn list_answers(&mut self, agreement: TermsId) -> Result<Vec<TermsAnswer>, StorageError> {
        let query = agreement_responses::table
            .filter(agreement_responses::agreement_id.eq(agreement.to_string()))
            .filter(agreement_responses::tenant_id.eq(self.0.tenant.to_string()))
            .order((agreement_responses::answered_at.desc(), agreement_responses::user_id))
            .select((
                agreement_responses::user_id,
                agreement_responses::version,
                agreement_responses::accepted,
                agreement_responses::answered_at,
            ));
        let rows: Vec<(String, i64, bool, i64)> = on!(self.0, connection => query.load(connection))?;
        rows.into_iter().map(answer).collect()
    }

    /// Finds what a person answered last.
    ///
    /// # Errors
    /// A storage error.
    pub fn last_answer(
        &mut self,
        agreement: TermsId,
        user: UserId,
    ) -> Result<Option<TermsAnswer>, StorageError> {
        let query = agreement_responses::table
            .filter(agreement_responses::agreement_id.eq(agreement.to_string()))
            .filter(agreement_responses::tenant_id.eq(self.0.tenant.to_string()))
            .filter(agreement_responses::user_id.eq(user.to_string()))
            .order(agreement_responses::answered_at.desc())
            .select((
                agreement_responses::user_id,
                agreement_responses::version,
                agreement_responses::accepted,
                agreement_responses::answered_at,
            ));
        let row: Option<(String, i64, bool, i64)> =
            on!(self.0, connection => query.first(connection).optional())?;
        row.map(answer).transpose()
    }
}

fn answer((user, version, accepted, at): (String, i64, bool, i64)) -> Result<TermsAnswer, StorageError> {
    Ok(TermsAnswer {
        user: id(ANSWERS, "user_id", &user)?,
        version,
        accepted,
        at: time(ANSWERS, "answered_at", at)?,
    })
}

impl Terms<'_, Writing> {
    /// Keeps an agreement: a new one, or one in the place of that with its id.
    ///
    /// # Errors
    /// A storage error.
    pub fn put(&mut self, agreement: &Agreement) -> Result<(), StorageError> {
        let row = Row {
            id: agreement.id.to_string(),
            tenant_id: self.0.tenant.to_string(),
            display_name: agreement.display_name.clone(),
            viewing_required: agreement.viewing_required,
            expires_from: agreement.expiry.map(|expiry| micros(expiry.from)),
            expires_every_s: agreement.expiry.map(|expiry| expiry.every_s),
            reaccept_every_s: agreement.reaccept_every_s,
            created_at: micros(agreement.created),
        };
        let update = diesel::update(agreements::table)
            .filter(agreements::id.eq(&row.id))
            .filter(agreements::tenant_id.eq(&row.tenant_id))
            .set(&row);
        if on!(self.0, connection => update.execute(connection))? == 0 {
            on!(self.0, connection => diesel::insert_into(agreements::table).values(&row).execute(connection))?;
        }
        Ok(())
    }

    /// Publishes a version with its texts.
    ///
    /// # Errors
    /// A storage error.
    pub fn publish(
        &mut self,
        agreement: TermsId,
        version: TermsVersion,
        texts: &[TermsText],
    ) -> Result<(), StorageError> {
        for text in texts {
            let row = TextRow {
                agreement_id: agreement.to_string(),
                version: version.version,
                language: text.language.clone(),
                tenant_id: self.0.tenant.to_string(),
                is_default: text.is_default,
                file_name: text.file_name.clone(),
                media_type: text.media_type.clone(),
                content: text.content.clone(),
                reaccept: version.reaccept,
                published_at: micros(version.published),
            };
            let insert = diesel::insert_into(agreement_files::table).values(&row);
            on!(self.0, connection => insert.execute(connection))?;
        }
        Ok(())
    }

    /// Keeps what somebody answered.
    ///
    /// # Errors
    /// A storage error.
    pub fn answer(&mut self, agreement: TermsId, answer: TermsAnswer) -> Result<(), StorageError> {
        let row = (
            agreement_responses::agreement_id.eq(agreement.to_string()),
            agreement_responses::user_id.eq(answer.user.to_string()),
            agreement_responses::answered_at.eq(micros(answer.at)),
            agreement_responses::tenant_id.eq(self.0.tenant.to_string()),
            agreement_responses::version.eq(answer.version),
            agreement_responses::accepted.eq(answer.accepted),
        );
        let insert = diesel::insert_into(agreement_responses::table).values(row);
        on!(self.0, connection => insert.execute(connection))?;
        Ok(())
    }

    /// Removes an agreement with its texts and what was answered.
    ///
    /// # Errors
    /// A storage error.
    pub fn delete(&mut self, agreement: TermsId) -> Result<(), StorageError> {
        let (tenant, agreement) = (self.0.tenant.to_string(), agreement.to_string());
        let answers = diesel::delete(agreement_responses::table)
            .filter(agreement_responses::agreement_id.eq(&agreement))
            .filter(agreement_responses::tenant_id.eq(&tenant));
        on!(self.0, connection => answers.execute(connection))?;
        let texts = diesel::delete(agreement_files::table)
            .filter(agreement_files::agreement_id.eq(&agreement))
            .filter(agreement_files::tenant_id.eq(&tenant));
        on!(self.0, connection => texts.execute(connection))?;
        let delete = diesel::delete(agreements::table)
            .filter(agreements::id.eq(&agreement))
            .filter(agreements::tenant_id.eq(&tenant));
        on!(self.0, connection => delete.execute(connection))?;
        Ok(())
    }
}
