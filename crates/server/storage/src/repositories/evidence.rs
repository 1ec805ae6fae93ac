//! Evidence: what was proven in a sign-in, kept by the line it goes on in and the organization it was proven to.

use diesel::prelude::*;
use model::{Proofs, SecretHash, SignInLine, TenantId, Timestamp};

use crate::connection::on;
use crate::convert::{id, micros, time};
use crate::schema::identity::sign_in_evidence;
use crate::{OperatorScope, Scope, StorageError, Writing};

const TABLE: &str = "sign_in_evidence";
const PASSWORD: i64 = 0;
const SECOND_FACTOR: i64 = 1;

/// What was proven in the sign-ins of a scope's members.
pub struct Evidence<'s, M>(Scope<'s, M>);

impl<M> Scope<'_, M> {
    /// Returns what was proven in the sign-ins of the tenant's members.
    pub fn evidence(&mut self) -> Evidence<'_, M> {
        Evidence(self.reborrow())
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = sign_in_evidence)]
struct Row {
    tenant_id: String,
    line: String,
    kind: i64,
    place_id: String,
    given_at: i64,
    expires_at: Option<i64>,
}

impl<M> Evidence<'_, M> {
    /// Returns what was proven in a line. One of which nothing is known began with a password at `since`.
    ///
    /// # Errors
    /// A storage error.
    pub fn proofs(&mut self, line: SignInLine, since: Timestamp) -> Result<Proofs, StorageError> {
        let mut proofs = Proofs::password_alone(since);
        for row in self.rows(line)? {
            let given = time(TABLE, "given_at", row.given_at)?;
            if row.kind == PASSWORD {
                proofs.signed_in = given;
            } else {
                proofs.second_factor.insert(id(TABLE, "place_id", &row.place_id)?, given);
            }
        }
        Ok(proofs)
    }

    fn rows(&mut self, line: SignInLine) -> Result<Vec<Row>, StorageError> {
        let query = sign_in_evidence::table
            .filter(sign_in_evidence::tenant_id.eq(self.0.tenant.to_string()))
            .filter(sign_in_evidence::line.eq(key(line)));
        Ok(on!(self.0, connection => query.select(Row::as_select()).load(connection))?)
    }
}

impl Evidence<'_, Writing> {
    /// Notes when the password was given in a line that ends at `expires`.
    ///
    /// # Errors
    /// A storage error.
    pub fn note_password(
        &mut self,
        line: SignInLine,
        at: Timestamp,
        expires: Option<Timestamp>,
    ) -> Result<(), StorageError> {
        let place = self.0.tenant;
        self.note(line, (PASSWORD, place.to_string()), micros(at), expires.map(micros))
    }

    /// Notes that a second factor was given to an organization in a line that ends at `expires`.
    ///
    /// # Errors
    /// A storage error.
    pub fn note_second_factor(
        &mut self,
        line: SignInLine,
        place: TenantId,
        at: Timestamp,
        expires: Option<Timestamp>,
    ) -> Result<(), StorageError> {
        self.note(line, (SECOND_FACTOR, place.to_string()), micros(at), expires.map(micros))
    }

    /// Adds to a line, which ends at `expires`, what was proven in another. What is known already stays if it is newer.
    ///
    /// # Errors
    /// A storage error.
    pub fn hand_on(
        &mut self,
        from: SignInLine,
        to: SignInLine,
        expires: Option<Timestamp>,
    ) -> Result<(), StorageError> {
        for row in self.rows(from)? {
            self.note(to, (row.kind, row.place_id), row.given_at, expires.map(micros))?;
        }
        Ok(())
    }

    fn note(
        &mut self,
        line: SignInLine,
        (kind, place): (i64, String),
        given: i64,
        expires: Option<i64>,
    ) -> Result<(), StorageError> {
        let update = diesel::update(sign_in_evidence::table)
            .filter(sign_in_evidence::tenant_id.eq(self.0.tenant.to_string()))
            .filter(sign_in_evidence::line.eq(key(line)))
            .filter(sign_in_evidence::kind.eq(kind))
            .filter(sign_in_evidence::place_id.eq(&place))
            .filter(sign_in_evidence::given_at.lt(given))
            .set(sign_in_evidence::given_at.eq(given));
        if on!(self.0, connection => update.execute(connection))? == 1 {
            return Ok(());
        }
        let row = Row {
            tenant_id: self.0.tenant.to_string(),
            line: key(line),
            kind,
            place_id: place,
            given_at: given,
            expires_at: expires,
        };
        let insert = diesel::insert_into(sign_in_evidence::table).values(&row).on_conflict_do_nothing();
        on!(self.0, connection => insert.execute(connection))?;
        Ok(())
    }
}

impl OperatorScope<'_, Writing> {
    /// Removes what was proven in sessions and codes of all tenants that ended before `now`.
    ///
    /// # Errors
    /// A storage error.
    pub fn delete_expired_evidence(&mut self, now: Timestamp) -> Result<(), StorageError> {
        let delete =
            diesel::delete(sign_in_evidence::table.filter(sign_in_evidence::expires_at.lt(micros(now))));
        on!(self, connection => delete.execute(connection))?;
        Ok(())
    }
}

/// Writes a line; families by their id alone, because they take their evidence along.
fn key(line: SignInLine) -> String {
    match line {
        SignInLine::Session(token) => format!("session {}", hex(token)),
        SignInLine::Code(code) => format!("code {}", hex(code)),
        SignInLine::Device(code) => format!("device {}", hex(code)),
        SignInLine::Client(family) => family.to_string(),
    }
}

fn hex(hash: SecretHash) -> String {
    hash.0.iter().map(|byte| format!("{byte:02x}")).collect()
}
