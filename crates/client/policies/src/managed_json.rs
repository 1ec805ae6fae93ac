//! Managed JSON: policies on Linux, as browsers keep them: every `*.json` of a folder of the administrator's.
//!
//! Of two files of one folder the one whose name sorts last is the stronger. Folders that come first are stronger than
//! those behind them; the computer's is first.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use crate::{Layer, RawValue};

/// The folder of the computer's administrator.
pub const FOLDER: &str = "/etc/footbridge/policies/managed";
/// Largest file that is read.
const LIMIT: u64 = 1024 * 1024;

/// Reads folders, the strongest first. May block.
#[must_use]
pub fn read(folders: &[PathBuf]) -> Vec<Layer> {
    folders.iter().flat_map(|folder| read_folder(folder)).collect()
}

fn read_folder(folder: &Path) -> Vec<Layer> {
    let names = match list(folder) {
        Ok(names) => names,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Vec::new(),
        Err(error) => return vec![Layer::unreadable(folder.display().to_string(), error)],
    };
    names.iter().rev().map(|path| read_file(path)).collect()
}

fn list(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

fn read_file(path: &Path) -> Layer {
    let source = path.display().to_string();
    let read = || -> Result<BTreeMap<String, RawValue>, String> {
        let mut text = String::new();
        let file = fs::File::open(path).map_err(|error| error.to_string())?;
        file.take(LIMIT).read_to_string(&mut text).map_err(|error| error.to_string())?;
        let json: Json = serde_json::from_str(&text).map_err(|error| error.to_string())?;
        let Json::Object(fields) = json else { return Err("it is not a JSON object".to_owned()) };
        Ok(fields.into_iter().map(|(name, value)| (name, raw(value))).collect())
    };
    match read() {
        Ok(values) => Layer::read(source, values),
        Err(why) => Layer::unreadable(source, why),
    }
}

fn raw(json: Json) -> RawValue {
    match json {
        Json::Bool(on) => RawValue::Flag(on),
        Json::Number(number) => {
            number.as_i64().map_or(RawValue::Unfit("a broken or too large number"), RawValue::Number)
        }
        Json::String(text) => RawValue::Text(text),
        Json::Array(items) => RawValue::List(items.into_iter().map(raw).collect()),
        Json::Object(fields) => {
            RawValue::Table(fields.into_iter().map(|(name, value)| (name, raw(value))).collect())
        }
        Json::Null => RawValue::Unfit("null"),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::read;
    use crate::{Policies, Setting, Value};

    #[test]
    fn s_6_5_of_two_files_the_last_by_name_wins_and_the_first_folder_before_others() {
        let home = tempfile::tempdir().unwrap();
        let folders = [home.path().join("computer"), home.path().join("person")];
        assert!(read(&folders).is_empty(), "no folder, no policy");
        for (place, text) in [
            ("computer/10-a.json", r#"{"BlockExternalSync": true, "SilentAccountConfig": true}"#),
            ("computer/20-b.json", r#"{"BlockExternalSync": false}"#),
            ("computer/30-c.txt", "{broken"),
            ("person/99.json", r#"{"BlockExternalSync": true, "FilesOnDemandEnabled": 1, "Unheard": 1}"#),
        ] {
            let path = home.path().join(place);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let policies = Policies::of(read(&folders));
        let from = |setting: Setting| {
            let set = &policies.set[&setting];
            (set.value.clone(), set.source.rsplit('/').next().unwrap().to_owned())
        };
        assert_eq!(from(Setting::BlockExternalSync), (Value::Flag(false), "20-b.json".to_owned()));
        assert_eq!(from(Setting::SilentAccountConfig), (Value::Flag(true), "10-a.json".to_owned()));
        assert_eq!(from(Setting::FilesOnDemandEnabled), (Value::Flag(true), "99.json".to_owned()));
        assert_eq!(policies.flaws.len(), 1, "{:?}", policies.flaws);
        assert!(policies.flaws[0].text.contains("Unheard"));
    }

    #[test]
    fn r_d11_a_broken_file_closes_and_is_named() {
        let home = tempfile::tempdir().unwrap();
        for text in ["{broken", "[]", "", "\u{0}"] {
            fs::write(home.path().join("a.json"), text).unwrap();
            let policies = Policies::of(read(&[home.path().to_owned()]));
            let refused = policies.may_sync("home", "contoso").unwrap_err();
            assert!(refused.message.contains("a.json"), "{text:?}: {refused}");
        }
        fs::remove_file(home.path().join("a.json")).unwrap();
        fs::create_dir(home.path().join("b.json")).unwrap();
        assert!(Policies::of(read(&[home.path().to_owned()])).may_add_account("home").is_err());
    }
}
