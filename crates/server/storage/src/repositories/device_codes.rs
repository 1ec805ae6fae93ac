//! Device codes. They exist before anybody signed in, so they belong to no tenant and are reached by the operator's
//! context; whoever answers one is written into it.

use diesel::prelude::*;
use model::{DeviceCode, DeviceCodeState, HomeAccount, SecretHash, Timestamp};

use crate::connection::on;
use crate::convert::{code, code_of, id, maybe_id, maybe_time, micros, secret_hash, time};
use crate::schema::identity::device_codes;
use crate::{OperatorScope, StorageError, Writing};

const STATES: [DeviceCodeState; 4] =
    [DeviceCodeState::Pending, DeviceCodeState::Approved, DeviceCodeState::Declined, DeviceCodeState::Spent];

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = device_codes)]
struct Row {
    device_hash: Vec<u8>,
    user_code_hash: Vec<u8>,
    client_id: String,
    resource_tenant_id: Option<String>,
    scope: String,
    state: i64,
    home_tenant_id: Option<String>,
    home_user_id: Option<String>,
    signed_in_at: Option<i64>,
    polled_at: Option<i64>,
    expires_at: i64,
}

impl Row {
    fn into_device_code(self) -> Result<DeviceCode, StorageError> {
        const TABLE: &str = "device_codes";
        let tenant = self.home_tenant_id.map(|text| id(TABLE, "home_tenant_id", &text)).transpose()?;
        let user = self.home_user_id.map(|text| id(TABLE, "home_user_id", &text)).transpose()?;
        Ok(DeviceCode {
            device: secret_hash(TABLE, "device_hash", &self.device_hash)?,
            user_code: secret_hash(TABLE, "user_code_hash", &self.user_code_hash)?,
            client: self.client_id,
            resource: maybe_id(TABLE, "resource_tenant_id", self.resource_tenant_id)?,
            scope: self.scope,
            state: code(TABLE, "state", &STATES, self.state)?,
            home: tenant.zip(user).map(|(tenant, user)| HomeAccount { tenant, user }),
            signed_in: maybe_time(TABLE, "signed_in_at", self.signed_in_at)?,
            polled: maybe_time(TABLE, "polled_at", self.polled_at)?,
            expires: time(TABLE, "expires_at", self.expires_at)?,
        })
    }
}

impl<M> OperatorScope<'_, M> {
    /// Finds a request by the code its device polls with.
    ///
    /// # Errors
    /// A storage error.
    pub fn find_device_code(&mut self, device: SecretHash) -> Result<Option<DeviceCode>, StorageError> {
        let query = device_codes::table.filter(device_codes::device_hash.eq(device.0.as_slice()));
        let row: Option<Row> =
            on!(self, connection => query.select(Row::as_select()).first(connection).optional())?;
        row.map(Row::into_device_code).transpose()
    }

    /// Finds a request by the code a person typed.
    ///
    /// # Errors
    /// A storage error.
    pub fn find_device_code_by_user_code(
        &mut self,
        user_code: SecretHash,
    ) -> Result<Option<DeviceCode>, StorageError> {
        let query = device_codes::table.filter(device_codes::user_code_hash.eq(user_code.0.as_slice()));
        let row: Option<Row> =
            on!(self, connection => query.select(Row::as_select()).first(connection).optional())?;
        row.map(Row::into_device_code).transpose()
    }
}

impl OperatorScope<'_, Writing> {
    /// Keeps a device's fresh request.
    ///
    /// # Errors
    /// [`StorageError::Duplicate`] when the code for people is taken.
    pub fn create_device_code(&mut self, request: &DeviceCode) -> Result<(), StorageError> {
        let row = Row {
            device_hash: request.device.0.to_vec(),
            user_code_hash: request.user_code.0.to_vec(),
            client_id: request.client.clone(),
            resource_tenant_id: request.resource.map(|tenant| tenant.to_string()),
            scope: request.scope.clone(),
            state: code_of(&STATES, &request.state),
            home_tenant_id: request.home.map(|home| home.tenant.to_string()),
            home_user_id: request.home.map(|home| home.user.to_string()),
            signed_in_at: request.signed_in.map(micros),
            polled_at: request.polled.map(micros),
            expires_at: micros(request.expires),
        };
        on!(self, connection => diesel::insert_into(device_codes::table).values(&row).execute(connection))?;
        Ok(())
    }

    /// Answers a pending request as somebody who signed in at `signed_in`; returns whether it was pending still.
    ///
    /// # Errors
    /// A storage error.
    pub fn answer_device_code(
        &mut self,
        device: SecretHash,
        state: DeviceCodeState,
        home: HomeAccount,
        signed_in: Timestamp,
    ) -> Result<bool, StorageError> {
        let update = diesel::update(device_codes::table)
            .filter(device_codes::device_hash.eq(device.0.as_slice()))
            .filter(device_codes::state.eq(code_of(&STATES, &DeviceCodeState::Pending)))
            .set((
                device_codes::state.eq(code_of(&STATES, &state)),
                device_codes::home_tenant_id.eq(home.tenant.to_string()),
                device_codes::home_user_id.eq(home.user.to_string()),
                device_codes::signed_in_at.eq(micros(signed_in)),
            ));
        Ok(on!(self, connection => update.execute(connection))? == 1)
    }

    /// Spends an approved request; returns whether this call was the one that spent it.
    ///
    /// # Errors
    /// A storage error.
    pub fn spend_device_code(&mut self, device: SecretHash) -> Result<bool, StorageError> {
        let update = diesel::update(device_codes::table)
            .filter(device_codes::device_hash.eq(device.0.as_slice()))
            .filter(device_codes::state.eq(code_of(&STATES, &DeviceCodeState::Approved)))
            .set(device_codes::state.eq(code_of(&STATES, &DeviceCodeState::Spent)));
        Ok(on!(self, connection => update.execute(connection))? == 1)
    }

    /// Notes when a device last asked.
    ///
    /// # Errors
    /// A storage error.
    pub fn poll_device_code(&mut self, device: SecretHash, at: Timestamp) -> Result<(), StorageError> {
        let update = diesel::update(device_codes::table)
            .filter(device_codes::device_hash.eq(device.0.as_slice()))
            .set(device_codes::polled_at.eq(micros(at)));
        on!(self, connection => update.execute(connection))?;
        Ok(())
    }

    /// Removes requests that ended before `now`.
    ///
    /// # Errors
    /// A storage error.
    pub fn delete_expired_device_codes(&mut self, now: Timestamp) -> Result<(), StorageError> {
        let delete = diesel::delete(device_codes::table.filter(device_codes::expires_at.lt(micros(now))));
        on!(self, connection => delete.execute(connection))?;
        Ok(())
    }
}
