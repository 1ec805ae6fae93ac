//! What access reviews decided, the last decision for each permission and link (B09).

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::upsert::excluded;
use model::{ReviewDecision, ReviewSubject, Reviewed};

use crate::connection::on;
use crate::convert::{code, code_of, id, micros, time};
use crate::schema::governance::access_decisions;
use crate::{Scope, StorageError, Writing};

const TABLE: &str = "access_decisions";

/// The decisions of a scope's tenant.
pub struct AccessDecisions<'s, M>(Scope<'s, M>);

impl<M> Scope<'_, M> {
    /// Returns the tenant's decisions about access.
    pub fn access_decisions(&mut self) -> AccessDecisions<'_, M> {
        AccessDecisions(self.reborrow())
    }
}

impl<M> AccessDecisions<'_, M> {
    /// Lists the decisions about some permissions and links; what nobody decided about is left out.
    ///
    /// # Errors
    /// A storage error.
    pub fn list(
        &mut self,
        subjects: &[ReviewSubject],
    ) -> Result<BTreeMap<ReviewSubject, Reviewed>, StorageError> {
        let mut found = BTreeMap::new();
        for subjects in subjects.chunks(500) {
            let by_name: BTreeMap<String, ReviewSubject> =
                subjects.iter().map(|subject| (subject.to_string(), *subject)).collect();
            let names: Vec<&String> = by_name.keys().collect();
            let query = access_decisions::table
                .filter(access_decisions::tenant_id.eq(self.0.tenant.to_string()))
                .filter(access_decisions::subject.eq_any(names))
                .select((
                    access_decisions::subject,
                    access_decisions::decision,
                    access_decisions::decided_by,
                    access_decisions::decided_at,
                ));
            let rows: Vec<(String, i64, String, i64)> = on!(self.0, connection => query.load(connection))?;
            for (subject, decision, by, at) in rows {
                let reviewed = Reviewed {
                    decision: code(TABLE, "decision", &ReviewDecision::ALL, decision)?,
                    by: id(TABLE, "decided_by", &by)?,
                    at: time(TABLE, "decided_at", at)?,
                };
                found.extend(by_name.get(&subject).map(|subject| (*subject, reviewed)));
            }
        }
        Ok(found)
    }
}

impl AccessDecisions<'_, Writing> {
    /// Keeps a decision in the place of an earlier one.
    ///
    /// # Errors
    /// A storage error.
    pub fn put(&mut self, subject: ReviewSubject, reviewed: Reviewed) -> Result<(), StorageError> {
        let row = (
            access_decisions::tenant_id.eq(self.0.tenant.to_string()),
            access_decisions::subject.eq(subject.to_string()),
            access_decisions::decision.eq(code_of(&ReviewDecision::ALL, &reviewed.decision)),
            access_decisions::decided_by.eq(reviewed.by.to_string()),
            access_decisions::decided_at.eq(micros(reviewed.at)),
        );
        on!(self.0, connection => diesel::insert_into(access_decisions::table)
            .values(row)
            .on_conflict((access_decisions::tenant_id, access_decisions::subject))
            .do_update()
            .set((
                access_decisions::decision.eq(excluded(access_decisions::decision)),
                access_decisions::decided_by.eq(excluded(access_decisions::decided_by)),
                access_decisions::decided_at.eq(excluded(access_decisions::decided_at)),
            ))
            .execute(connection))?;
        Ok(())
    }
}
