//! Windows: the system's own registry behind the port. Built there alone.

use std::collections::BTreeMap;

use windows_registry::{CURRENT_USER, Key, LOCAL_MACHINE, Type};

use crate::RawValue;
use crate::registry::{Hive, Registry};

/// `ERROR_FILE_NOT_FOUND` as an `HRESULT`: there is no such key.
const NO_KEY: i32 = 0x8007_0002_u32.cast_signed();

/// The registry of this computer.
#[derive(Debug, Clone, Copy, Default)]
pub struct WindowsRegistry;

impl Registry for WindowsRegistry {
    fn values(&self, hive: Hive, key: &str) -> Result<Option<BTreeMap<String, RawValue>>, String> {
        let above: &Key = match hive {
            Hive::LocalMachine => LOCAL_MACHINE,
            Hive::CurrentUser => CURRENT_USER,
        };
        let key = match above.open(key) {
            Ok(key) => key,
            Err(error) if error.code().0 == NO_KEY => return Ok(None),
            Err(error) => return Err(error.message()),
        };
        let values = key.values().map_err(|error| error.message())?;
        Ok(Some(values.map(|(name, value)| (name, raw(value))).collect()))
    }
}

fn raw(value: windows_registry::Value) -> RawValue {
    match value.ty() {
        Type::U32 => {
            u32::try_from(value).map_or(RawValue::Unfit("a broken number"), |n| RawValue::Number(n.into()))
        }
        Type::String | Type::ExpandString => {
            String::try_from(value).map_or(RawValue::Unfit("a broken text"), RawValue::Text)
        }
        _ => RawValue::Unfit("of another type"),
    }
}
