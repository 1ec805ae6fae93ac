//! PATCH of SCIM (RFC 7644 3.5.2), as Entra and Okta send it: changes to the JSON of a resource, which is then read like a
//! whole one. Entra writes operations with a capital letter, truths as texts, and members to remove as a value.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::error::ScimError;
use super::filter::{Filter, Path, member};

/// Most operations of a request.
const MOST: usize = 1_000;

/// A PATCH as it came.
#[derive(Debug, Deserialize)]
pub(crate) struct Patch {
    #[serde(rename = "Operations", alias = "operations")]
    operations: Vec<Operation>,
}

#[derive(Debug, Deserialize)]
struct Operation {
    op: String,
    path: Option<String>,
    #[serde(default)]
    value: Value,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Add,
    Replace,
    Remove,
}

impl Patch {
    /// Applies every operation to a resource, in order; none counts when one is refused.
    pub(crate) fn apply(self, resource: &mut Value) -> Result<(), ScimError> {
        if self.operations.is_empty() || self.operations.len() > MOST {
            return Err(ScimError::bad("invalidSyntax", "send between 1 and 1000 Operations"));
        }
        self.operations.into_iter().try_for_each(|operation| apply(operation, resource))
    }
}

fn apply(operation: Operation, resource: &mut Value) -> Result<(), ScimError> {
    let kind = match operation.op.to_ascii_lowercase().as_str() {
        "add" => Kind::Add,
        "replace" => Kind::Replace,
        "remove" => Kind::Remove,
        _ => return Err(ScimError::bad("invalidSyntax", "an op is add, replace or remove")),
    };
    match operation.path.filter(|path| !path.is_empty()) {
        Some(path) => at(kind, &path, operation.value, resource),
        None if kind == Kind::Remove => Err(ScimError::bad("noTarget", "a remove needs a path")),
        None => {
            let Value::Object(values) = operation.value else {
                return Err(ScimError::bad("invalidValue", "without a path the value is an object"));
            };
            values.into_iter().try_for_each(|(path, value)| match value {
                // An extension's attributes stand in an object of its name.
                Value::Object(_) if path.starts_with("urn:") => Ok(()),
                value => at(kind, &path, value, resource),
            })
        }
    }
}

fn at(kind: Kind, path: &str, value: Value, resource: &mut Value) -> Result<(), ScimError> {
    let Path { name, which, part } =
        Path::read(path).map_err(|_| ScimError::bad("invalidPath", "a path cannot be read"))?;
    let object = resource.as_object_mut().ok_or(ScimError::bad("invalidPath", "there is no such place"))?;
    // The name as it stands there, whatever its case in the path.
    let name = object.keys().find(|known| known.eq_ignore_ascii_case(&name)).cloned().unwrap_or(name);
    match which {
        Some(which) => of_list(kind, object, &name, &which, part.as_deref(), value),
        None => of_attribute(kind, object, name, part, value),
    }
}

fn of_attribute(
    kind: Kind,
    object: &mut Map<String, Value>,
    name: String,
    part: Option<String>,
    value: Value,
) -> Result<(), ScimError> {
    if let Some(part) = part {
        let inner = object.entry(name).or_insert_with(|| Value::Object(Map::new()));
        let Value::Object(inner) = inner else {
            return Err(ScimError::bad("invalidPath", "a part of a list needs a condition in brackets"));
        };
        return of_attribute(kind, inner, part, None, value);
    }
    match (kind, object.get_mut(&name)) {
        (Kind::Remove, Some(Value::Array(list))) if !value.is_null() => {
            let gone = listed(value);
            list.retain(|kept| !gone.iter().any(|gone| same(kept, gone)));
        }
        (Kind::Remove, _) => {
            object.remove(&name);
        }
        (Kind::Add, Some(Value::Array(list))) => {
            for new in listed(value) {
                if !list.iter().any(|known| same(known, &new)) {
                    list.push(new);
                }
            }
        }
        (Kind::Add | Kind::Replace, Some(Value::Object(inner))) if value.is_object() => {
            let Value::Object(new) = value else { return Ok(()) };
            inner.extend(new);
        }
        (Kind::Add | Kind::Replace, _) => {
            object.insert(name, value);
        }
    }
    Ok(())
}

fn of_list(
    kind: Kind,
    object: &mut Map<String, Value>,
    name: &str,
    which: &Filter,
    part: Option<&str>,
    value: Value,
) -> Result<(), ScimError> {
    let list = object.entry(name).or_insert_with(|| Value::Array(Vec::new()));
    let Value::Array(list) = list else {
        return Err(ScimError::bad("invalidPath", "only a list takes a condition in brackets"));
    };
    match (kind, part) {
        (Kind::Remove, None) => list.retain(|kept| !which.fits(kept)),
        _ => {
            let mut met = false;
            for kept in list.iter_mut().filter(|kept| which.fits(kept)) {
                met = true;
                put(kind, kept, part, value.clone());
            }
            if !met && kind != Kind::Remove {
                // Entra adds `emails[type eq "work"].value` where there is none yet.
                let mut new = Value::Object(conditions(which));
                put(kind, &mut new, part, value);
                list.push(new);
            }
        }
    }
    Ok(())
}

fn put(kind: Kind, into: &mut Value, part: Option<&str>, value: Value) {
    match (into, part, value) {
        (Value::Object(inner), Some(part), _) if kind == Kind::Remove => {
            inner.remove(part);
        }
        (Value::Object(inner), Some(part), value) => {
            inner.insert(part.to_owned(), value);
        }
        (Value::Object(inner), None, Value::Object(new)) => inner.extend(new),
        (into, _, value) => *into = value,
    }
}

/// Returns what a new value must have to meet a condition.
fn conditions(which: &Filter) -> Map<String, Value> {
    let mut kept = Map::new();
    for name in ["type", "value"] {
        if let Some(text) = which.must_equal(name) {
            kept.insert(name.to_owned(), Value::from(text));
        }
    }
    kept
}

fn listed(value: Value) -> Vec<Value> {
    match value {
        Value::Array(list) => list,
        value => vec![value],
    }
}

/// Returns whether two values of a list stand for the same.
fn same(left: &Value, right: &Value) -> bool {
    match (member(left, "value"), member(right, "value")) {
        (Some(left), Some(right)) => left == right,
        _ => left == right,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::Patch;

    fn patched(mut resource: Value, operations: Value) -> Option<Value> {
        let patch: Patch = serde_json::from_value(json!({ "Operations": operations })).ok()?;
        patch.apply(&mut resource).ok().map(|()| resource)
    }

    #[test]
    fn r_x09_patches_as_entra_and_okta_send_them_are_applied() {
        let ben = || json!({ "userName": "ben", "active": true, "name": { "givenName": "B" }, "emails": [{ "type": "work", "value": "b" }] });
        let cases = [
            (
                ben(),
                json!([{ "op": "Replace", "path": "active", "value": "False" }]),
                "active",
                json!("False"),
            ),
            (ben(), json!([{ "op": "replace", "value": { "active": false } }]), "active", json!(false)),
            (
                ben(),
                json!([{ "op": "Add", "path": "name.familyName", "value": "X" }]),
                "name",
                json!({ "givenName": "B", "familyName": "X" }),
            ),
            (
                ben(),
                json!([{ "op": "replace", "value": { "name.givenName": "C" } }]),
                "name",
                json!({ "givenName": "C" }),
            ),
            (
                ben(),
                json!([{ "op": "Replace", "path": "emails[type eq \"work\"].value", "value": "c" }]),
                "emails",
                json!([{ "type": "work", "value": "c" }]),
            ),
            (
                ben(),
                json!([{ "op": "Add", "path": "emails[type eq \"home\"].value", "value": "h" }]),
                "emails",
                json!([{ "type": "work", "value": "b" }, { "type": "home", "value": "h" }]),
            ),
            (ben(), json!([{ "op": "remove", "path": "emails[type eq \"work\"]" }]), "emails", json!([])),
            (ben(), json!([{ "op": "Remove", "path": "USERNAME" }]), "userName", Value::Null),
            (
                json!({ "members": [{ "value": "1" }, { "value": "2" }] }),
                json!([{ "op": "Remove", "path": "members", "value": [{ "value": "1" }] }]),
                "members",
                json!([{ "value": "2" }]),
            ),
            (
                json!({ "members": [{ "value": "1" }] }),
                json!([{ "op": "Add", "path": "members", "value": [{ "value": "1" }, { "value": "2" }] }]),
                "members",
                json!([{ "value": "1" }, { "value": "2" }]),
            ),
            (
                json!({ "members": [{ "value": "1" }, { "value": "2" }] }),
                json!([{ "op": "remove", "path": "members[value eq \"2\"]" }]),
                "members",
                json!([{ "value": "1" }]),
            ),
            (
                json!({ "members": [{ "value": "1" }] }),
                json!([{ "op": "remove", "path": "members" }]),
                "members",
                Value::Null,
            ),
            (
                json!({ "members": [{ "value": "1" }] }),
                json!([{ "op": "replace", "path": "members", "value": [{ "value": "3" }] }]),
                "members",
                json!([{ "value": "3" }]),
            ),
        ];
        for (resource, operations, name, expected) in cases {
            let said = operations.to_string();
            assert_eq!(patched(resource, operations).expect(&said)[name], expected, "{said}");
        }
    }

    #[test]
    fn other_patches_are_refused() {
        for operations in [
            json!([]),
            json!([{ "op": "move", "path": "a" }]),
            json!([{ "op": "remove" }]),
            json!([{ "op": "add", "value": 5 }]),
            json!([{ "op": "add", "path": "a[", "value": 5 }]),
            json!([{ "op": "add", "path": "userName[type eq \"x\"]", "value": 5 }]),
            json!([{ "op": "add", "path": "userName.part", "value": 5 }]),
        ] {
            assert_eq!(patched(json!({ "userName": "ben" }), operations.clone()), None, "{operations}");
        }
    }

    proptest! {
        #[test]
        fn no_patch_makes_the_server_fail(path in "[a-z.\\[\\]\" eq]{0,40}", op in "(add|Replace|remove)", value in "[a-z0-9]{0,5}") {
            for value in [json!(value), json!([{ "value": value }]), json!({ "a": value }), Value::Null] {
                let resource = json!({ "userName": "b", "emails": [{ "value": "b", "type": "work" }], "name": {} });
                let _patched = patched(resource, json!([{ "op": op, "path": path, "value": value }]));
            }
        }
    }
}
