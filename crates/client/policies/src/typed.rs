//! Typed values: a policy's value in the form the policy has, or why it is none.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{Kind, RawValue};

/// A policy's value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind", content = "value")]
pub enum Value {
    /// On or off.
    Flag(bool),
    /// Organizations, by their ids in lower case.
    Tenants(BTreeSet<String>),
    /// A folder for each organization's id.
    Folders(BTreeMap<String, String>),
    /// It cannot be read and takes everything away it could take away.
    Closed,
}

/// Reads a value of a kind.
pub(crate) fn read(kind: Kind, raw: &RawValue) -> Result<Value, String> {
    match kind {
        Kind::Flag => flag(raw).map(Value::Flag),
        Kind::Tenants => tenants(raw).map(Value::Tenants),
        Kind::Folders => folders(raw).map(Value::Folders),
    }
}

fn flag(raw: &RawValue) -> Result<bool, String> {
    match raw {
        RawValue::Flag(on) => Ok(*on),
        RawValue::Number(0) => Ok(false),
        RawValue::Number(1) => Ok(true),
        other => Err(format!("it must be true or false, or 1 or 0, and is {}", other.form())),
    }
}

fn tenants(raw: &RawValue) -> Result<BTreeSet<String>, String> {
    match raw {
        RawValue::List(items) => items
            .iter()
            .map(|item| match item {
                RawValue::Text(text) => tenant(text),
                other => Err(format!("it must hold ids of organizations, and holds {}", other.form())),
            })
            .collect(),
        RawValue::Table(table) => {
            let mut found = BTreeSet::new();
            for (name, value) in table {
                let id = tenant(name)?;
                match value {
                    RawValue::Flag(false) | RawValue::Number(0) => {}
                    RawValue::Flag(true) | RawValue::Number(1) => {
                        found.insert(id);
                    }
                    // In a registry the value is the id once more.
                    RawValue::Text(text) if tenant(text).as_ref() == Ok(&id) => {
                        found.insert(id);
                    }
                    other => {
                        return Err(format!(
                            "`{name}` must be true or the id itself, and is {}",
                            other.form()
                        ));
                    }
                }
            }
            Ok(found)
        }
        other => {
            Err(format!("it must be a table or a list of ids of organizations, and is {}", other.form()))
        }
    }
}

fn folders(raw: &RawValue) -> Result<BTreeMap<String, String>, String> {
    match raw {
        // macOS: one dictionary of `Path` and `TenantId`, or a list of them.
        RawValue::List(items) => {
            let read: Result<Vec<_>, _> = items.iter().map(folders).collect();
            Ok(read?.into_iter().flatten().collect())
        }
        RawValue::Table(table) => match (table.get("TenantId"), table.get("Path")) {
            (Some(RawValue::Text(id)), Some(RawValue::Text(path))) => {
                Ok(BTreeMap::from([(tenant(id)?, folder(path)?)]))
            }
            _ => table
                .iter()
                .map(|(id, path)| match path {
                    RawValue::Text(path) => Ok((tenant(id)?, folder(path)?)),
                    other => Err(format!("`{id}` must name a folder, and is {}", other.form())),
                })
                .collect(),
        },
        other => {
            Err(format!("it must be a table from ids of organizations to folders, and is {}", other.form()))
        }
    }
}

fn folder(path: &str) -> Result<String, String> {
    if path.is_empty() || path.contains('\0') {
        Err("a folder has no name".to_owned())
    } else {
        Ok(path.to_owned())
    }
}

fn tenant(text: &str) -> Result<String, String> {
    let bare = text.trim().trim_start_matches('{').trim_end_matches('}').to_ascii_lowercase();
    let parts: Vec<&str> = bare.split('-').collect();
    let fits = parts.iter().map(|part| part.len()).eq([8, 4, 4, 4, 12])
        && parts.iter().all(|part| part.chars().all(|c| c.is_ascii_hexdigit()));
    if fits { Ok(bare) } else { Err(format!("`{text}` is not the id of an organization")) }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Value, read};
    use crate::{Kind, RawValue};

    const A: &str = "11111111-2222-3333-4444-555555555555";

    fn table(entries: &[(&str, RawValue)]) -> RawValue {
        RawValue::Table(entries.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect())
    }

    fn text(text: &str) -> RawValue {
        RawValue::Text(text.to_owned())
    }

    #[test]
    fn s_6_5_each_form_administrators_write_is_read() {
        for raw in [RawValue::Flag(true), RawValue::Number(1)] {
            assert_eq!(read(Kind::Flag, &raw), Ok(Value::Flag(true)));
        }
        let wanted = Ok(Value::Tenants([A.to_owned()].into()));
        for raw in [
            RawValue::List(vec![text(A)]),
            table(&[(A, text(A))]),
            table(&[(A, RawValue::Flag(true))]),
            table(&[(&A.to_uppercase(), RawValue::Number(1))]),
            table(&[(&format!("{{{A}}}"), text(A))]),
        ] {
            assert_eq!(read(Kind::Tenants, &raw), wanted, "{raw:?}");
        }
        let wanted = Ok(Value::Folders(BTreeMap::from([(A.to_owned(), "/srv".to_owned())])));
        let of_mac = table(&[("Path", text("/srv")), ("TenantId", text(A))]);
        for raw in [table(&[(A, text("/srv"))]), RawValue::List(vec![of_mac.clone()]), of_mac] {
            assert_eq!(read(Kind::Folders, &raw), wanted, "{raw:?}");
        }
    }

    #[test]
    fn s_6_5_what_is_of_another_form_is_a_flaw_and_never_a_guess() {
        for (kind, raw) in [
            (Kind::Flag, text("1")),
            (Kind::Flag, RawValue::Number(2)),
            (Kind::Tenants, RawValue::Flag(true)),
            (Kind::Tenants, text(A)),
            (Kind::Tenants, RawValue::List(vec![text("contoso.example")])),
            (Kind::Tenants, table(&[(A, text("another"))])),
            (Kind::Folders, table(&[(A, RawValue::Number(1))])),
            (Kind::Folders, text("/srv")),
        ] {
            assert!(read(kind, &raw).is_err(), "{kind:?} {raw:?}");
        }
    }
}
