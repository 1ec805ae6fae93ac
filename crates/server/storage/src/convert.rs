//! Conversions between columns and model types that every repository needs.

use std::str::FromStr;

use model::Timestamp;

use crate::StorageError;

/// Times are stored as microseconds since 1970.
pub(crate) fn micros(time: Timestamp) -> i64 {
    time.as_microsecond()
}

/// Reads a stored time.
pub(crate) fn time(
    table: &'static str,
    column: &'static str,
    micros: i64,
) -> Result<Timestamp, StorageError> {
    Timestamp::from_microsecond(micros).map_err(|_| StorageError::Corrupt { table, column })
}

/// Reads a stored time that may be absent.
pub(crate) fn maybe_time(
    table: &'static str,
    column: &'static str,
    micros: Option<i64>,
) -> Result<Option<Timestamp>, StorageError> {
    micros.map(|micros| time(table, column, micros)).transpose()
}

/// Reads a stored id.
pub(crate) fn id<T: FromStr>(
    table: &'static str,
    column: &'static str,
    text: &str,
) -> Result<T, StorageError> {
    text.parse().map_err(|_| StorageError::Corrupt { table, column })
}

/// Reads a stored id that may be absent.
pub(crate) fn maybe_id<T: FromStr>(
    table: &'static str,
    column: &'static str,
    text: Option<String>,
) -> Result<Option<T>, StorageError> {
    text.map(|text| id(table, column, &text)).transpose()
}

/// Reads a stored code of an enumeration: its position in `values`.
pub(crate) fn code<T: Copy>(
    table: &'static str,
    column: &'static str,
    values: &[T],
    code: i64,
) -> Result<T, StorageError> {
    let value = usize::try_from(code).ok().and_then(|position| values.get(position));
    value.copied().ok_or(StorageError::Corrupt { table, column })
}

/// Returns the code of an enumeration's value: its position in `values`, which must list every value.
pub(crate) fn code_of<T: PartialEq>(values: &[T], value: &T) -> i64 {
    values
        .iter()
        .position(|known| known == value)
        .and_then(|position| i64::try_from(position).ok())
        .unwrap_or(-1)
}

/// Reads the stored hash of a secret.
pub(crate) fn secret_hash(
    table: &'static str,
    column: &'static str,
    bytes: &[u8],
) -> Result<model::SecretHash, StorageError> {
    bytes.try_into().map(model::SecretHash).map_err(|_| StorageError::Corrupt { table, column })
}
