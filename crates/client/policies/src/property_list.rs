//! Property lists: policies on macOS, of both editions of the client, as XML or binary. Files in, layers out; the reading
//! runs on every system.

use std::io;
use std::path::{Path, PathBuf};

use plist::Value as Property;

use crate::{Layer, RawValue};

/// Bundle ids: the edition people install themselves, and the store's.
pub const BUNDLES: [&str; 2] = ["org.footbridge.client", "org.footbridge.client-mac"];

/// Returns where the system keeps managed preferences of a person, the strongest place first.
#[must_use]
pub fn places(user: &str) -> Vec<PathBuf> {
    let managed = Path::new("/Library/Managed Preferences");
    let of = |folder: &Path| BUNDLES.map(|bundle| folder.join(format!("{bundle}.plist")));
    of(managed).into_iter().chain(of(&managed.join(user))).collect()
}

/// Reads files, the strongest first. May block.
#[must_use]
pub fn read(files: &[PathBuf]) -> Vec<Layer> {
    files.iter().filter_map(|file| read_file(file)).collect()
}

fn read_file(path: &Path) -> Option<Layer> {
    let source = path.display().to_string();
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
        Err(error) => return Some(Layer::unreadable(source, error)),
    };
    Some(match Property::from_reader(io::Cursor::new(bytes)) {
        Ok(Property::Dictionary(fields)) => {
            Layer::read(source, fields.into_iter().map(|(name, value)| (name, raw(value))).collect())
        }
        Ok(_) => Layer::unreadable(source, "it is not a dictionary"),
        Err(error) => Layer::unreadable(source, error),
    })
}

fn raw(property: Property) -> RawValue {
    match property {
        Property::Boolean(on) => RawValue::Flag(on),
        Property::Integer(number) => {
            number.as_signed().map_or(RawValue::Unfit("a too large number"), RawValue::Number)
        }
        Property::String(text) => RawValue::Text(text),
        Property::Array(items) => RawValue::List(items.into_iter().map(raw).collect()),
        Property::Dictionary(fields) => {
            RawValue::Table(fields.into_iter().map(|(name, value)| (name, raw(value))).collect())
        }
        Property::Date(_) => RawValue::Unfit("a date"),
        Property::Data(_) => RawValue::Unfit("data"),
        _ => RawValue::Unfit("something else"),
    }
}

#[cfg(test)]
mod tests {
    use plist::{Dictionary, Value as Property};

    use super::{BUNDLES, places, read};
    use crate::{Policies, Setting};

    const A: &str = "11111111-2222-3333-4444-555555555555";

    fn document() -> Property {
        let mut tenants = Dictionary::new();
        tenants.insert(A.to_owned(), Property::Boolean(true));
        let mut place = Dictionary::new();
        place.insert("Path".to_owned(), Property::String("/Volumes/Work".to_owned()));
        place.insert("TenantId".to_owned(), Property::String(A.to_owned()));
        let mut fields = Dictionary::new();
        fields.insert("BlockExternalSync".to_owned(), Property::Boolean(true));
        fields.insert("AllowTenantList".to_owned(), Property::Dictionary(tenants));
        fields.insert("DefaultFolderLocation".to_owned(), Property::Array(vec![Property::Dictionary(place)]));
        Property::Dictionary(fields)
    }

    #[test]
    fn s_6_5_xml_and_binary_lists_of_both_editions_say_the_same() {
        let home = tempfile::tempdir().unwrap();
        for (bundle, binary) in [(BUNDLES[0], false), (BUNDLES[1], true)] {
            let file = home.path().join(format!("{bundle}.plist"));
            if binary {
                document().to_file_binary(&file).unwrap();
            } else {
                document().to_file_xml(&file).unwrap();
            }
            let policies = Policies::of(read(&[file, home.path().join("absent.plist")]));
            assert!(policies.flaws.is_empty(), "{:?}", policies.flaws);
            let refused = policies.may_sync(A, "contoso").unwrap_err();
            assert_eq!(refused.setting, Setting::BlockExternalSync);
            assert!(policies.may_add_account("other").is_err());
            assert_eq!(policies.default_root(A), Some("/Volumes/Work"));
        }
    }

    #[test]
    fn r_d11_a_broken_list_closes() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("a.plist");
        std::fs::write(&file, "<plist><dict>").unwrap();
        assert!(Policies::of(read(&[file])).may_add_account(A).is_err());
    }

    #[test]
    fn s_6_5_the_computers_lists_come_before_the_persons() {
        let places = places("gustav");
        assert_eq!(places.len(), 4);
        assert!(!places[1].starts_with("/Library/Managed Preferences/gustav"));
        assert!(places[2].starts_with("/Library/Managed Preferences/gustav"));
    }
}
