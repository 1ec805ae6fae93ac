//! Encoding: how ids, kinds, times and records stand in columns. What does not decode is damage, never a default.

use jiff::Timestamp;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, Value, ValueRef};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sync_core::{Gone, LocalId, LocalKind, Motion};
use transfer::{ContentId, ItemKind, ItemRole};

/// A [`LocalId`] as 24 bytes, big endian, so that order in the column is order of the ids.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LocalKey(pub(crate) LocalId);

impl ToSql for LocalKey {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let mut bytes = Vec::with_capacity(24);
        bytes.extend_from_slice(&self.0.inode.to_be_bytes());
        bytes.extend_from_slice(&self.0.birth.to_be_bytes());
        bytes.extend_from_slice(&self.0.link.to_be_bytes());
        Ok(ToSqlOutput::Owned(Value::Blob(bytes)))
    }
}

impl FromSql for LocalKey {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let bytes: [u8; 24] = value.as_blob()?.try_into().map_err(|_| FromSqlError::InvalidType)?;
        let (words, _) = bytes.as_chunks::<8>();
        let [inode, birth, link] = words else { return Err(FromSqlError::InvalidType) };
        Ok(Self(LocalId {
            inode: u64::from_be_bytes(*inode),
            birth: i64::from_be_bytes(*birth),
            link: u64::from_be_bytes(*link),
        }))
    }
}

/// A [`ContentId`] as its 32 bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ContentKey(pub(crate) ContentId);

impl ToSql for ContentKey {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(ValueRef::Blob(self.0.as_bytes())))
    }
}

impl FromSql for ContentKey {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        ContentId::from_slice(value.as_blob()?).map(Self).ok_or(FromSqlError::InvalidType)
    }
}

/// A value that stands in a column as a small number.
pub(crate) trait Code: Sized + Copy + 'static {
    /// All values; the place is the number.
    const ALL: &'static [Self];
    /// Returns the number.
    fn code(self) -> i64;
}

impl Code for ItemKind {
    const ALL: &'static [Self] = &[Self::File, Self::Folder];
    fn code(self) -> i64 {
        i64::from(self == Self::Folder)
    }
}

impl Code for ItemRole {
    const ALL: &'static [Self] = &[Self::Read, Self::Write];
    fn code(self) -> i64 {
        i64::from(self == Self::Write)
    }
}

impl Code for Motion {
    const ALL: &'static [Self] = &[Self::Settled, Self::Moving];
    fn code(self) -> i64 {
        i64::from(self == Self::Moving)
    }
}

impl Code for LocalKind {
    const ALL: &'static [Self] = &[Self::File, Self::Folder, Self::Other];
    fn code(self) -> i64 {
        match self {
            Self::File => 0,
            Self::Folder => 1,
            Self::Other => 2,
        }
    }
}

impl Code for Gone {
    const ALL: &'static [Self] = &[Self::Deleted, Self::AccessRevoked, Self::Unlisted];
    fn code(self) -> i64 {
        match self {
            Self::Deleted => 0,
            Self::AccessRevoked => 1,
            Self::Unlisted => 2,
        }
    }
}

/// Reads the number of a [`Code`] back.
pub(crate) struct Coded<T>(pub(crate) T);

impl<T: Code> FromSql for Coded<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let number = value.as_i64()?;
        let place = usize::try_from(number).map_err(|_| FromSqlError::OutOfRange(number))?;
        T::ALL.get(place).copied().map(Self).ok_or(FromSqlError::OutOfRange(number))
    }
}

/// A record as JSON.
pub(crate) struct Json<T>(pub(crate) T);

impl<T: Serialize> ToSql for Json<&T> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let text = serde_json::to_string(self.0)
            .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
        Ok(ToSqlOutput::Owned(Value::Text(text)))
    }
}

impl<T: DeserializeOwned> FromSql for Json<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        serde_json::from_str(value.as_str()?).map(Self).map_err(|error| FromSqlError::Other(Box::new(error)))
    }
}

/// Joins the two columns of a time.
pub(crate) fn timestamp(seconds: i64, nanoseconds: i32) -> rusqlite::Result<Timestamp> {
    Timestamp::new(seconds, nanoseconds).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(0, seconds))
}
