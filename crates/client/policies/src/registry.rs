//! Registry: policies on Windows, below `SOFTWARE\Policies\Footbridge` with the value names of the original. The reading
//! goes through a port, so that everything but the system's own calls is tested on every system.
//!
//! The computer's hive is stronger than the person's.

use std::collections::BTreeMap;

use crate::{Kind, Layer, RawValue, Setting};

/// The key below each hive.
pub const KEY: &str = r"SOFTWARE\Policies\Footbridge";

/// A hive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hive {
    /// `HKEY_LOCAL_MACHINE`, the computer's.
    LocalMachine,
    /// `HKEY_CURRENT_USER`, the person's.
    CurrentUser,
}

impl Hive {
    const fn name(self) -> &'static str {
        match self {
            Self::LocalMachine => "HKLM",
            Self::CurrentUser => "HKCU",
        }
    }
}

/// The system's registry.
pub trait Registry {
    /// Returns the values of a key by name, as [`RawValue::Number`], [`RawValue::Text`] or [`RawValue::Unfit`]; none when
    /// there is no such key.
    ///
    /// # Errors
    /// For people: why the key cannot be read.
    fn values(&self, hive: Hive, key: &str) -> Result<Option<BTreeMap<String, RawValue>>, String>;
}

/// Reads both hives, the strongest first.
#[must_use]
pub fn read(registry: &dyn Registry) -> Vec<Layer> {
    [Hive::LocalMachine, Hive::CurrentUser].into_iter().filter_map(|hive| read_hive(registry, hive)).collect()
}

fn read_hive(registry: &dyn Registry, hive: Hive) -> Option<Layer> {
    let source = format!(r"{}\{KEY}", hive.name());
    let read = || -> Result<Option<BTreeMap<String, RawValue>>, String> {
        let found = registry.values(hive, KEY)?;
        let (mut values, mut there) = (found.clone().unwrap_or_default(), found.is_some());
        for setting in Setting::ALL.into_iter().filter(|setting| setting.kind() != Kind::Flag) {
            // A list is a key of its own below.
            if let Some(list) = registry.values(hive, &format!(r"{KEY}\{}", setting.name()))? {
                values.insert(setting.name().to_owned(), RawValue::Table(list));
                there = true;
            }
        }
        Ok(there.then_some(values))
    };
    match read() {
        Ok(values) => values.map(|values| Layer::read(source, values)),
        Err(why) => Some(Layer::unreadable(source, why)),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Hive, KEY, Registry, read};
    use crate::{Policies, RawValue, Setting, Value};

    const A: &str = "11111111-2222-3333-4444-555555555555";

    #[derive(Default)]
    struct Kept {
        keys: BTreeMap<(Hive, String), BTreeMap<String, RawValue>>,
        denied: Option<Hive>,
    }

    impl Kept {
        fn set(&mut self, hive: Hive, below: &str, name: &str, value: RawValue) {
            self.keys.entry((hive, format!("{KEY}{below}"))).or_default().insert(name.to_owned(), value);
        }
    }

    impl Registry for Kept {
        fn values(&self, hive: Hive, key: &str) -> Result<Option<BTreeMap<String, RawValue>>, String> {
            if self.denied == Some(hive) {
                return Err("access is denied".to_owned());
            }
            Ok(self.keys.get(&(hive, key.to_owned())).cloned())
        }
    }

    #[test]
    fn s_6_5_values_and_subkeys_are_read_and_the_computers_hive_wins() {
        let mut kept = Kept::default();
        kept.set(Hive::LocalMachine, "", "BlockExternalSync", RawValue::Number(0));
        kept.set(Hive::LocalMachine, r"\AllowTenantList", A, RawValue::Text(A.to_uppercase()));
        kept.set(Hive::CurrentUser, "", "BlockExternalSync", RawValue::Number(1));
        kept.set(Hive::CurrentUser, r"\DefaultRootDir", A, RawValue::Text(r"D:\Shared".to_owned()));
        let policies = Policies::of(read(&kept));
        assert!(policies.flaws.is_empty(), "{:?}", policies.flaws);
        let set = &policies.set[&Setting::BlockExternalSync];
        assert_eq!(
            (&set.value, set.source.as_str()),
            (&Value::Flag(false), r"HKLM\SOFTWARE\Policies\Footbridge")
        );
        assert!(policies.may_add_account(A).is_ok() && policies.may_add_account("other").is_err());
        assert_eq!(policies.default_root(A), Some(r"D:\Shared"));
    }

    #[test]
    fn r_d11_a_value_of_another_type_or_a_denied_key_closes() {
        let mut kept = Kept::default();
        kept.set(Hive::LocalMachine, "", "BlockExternalSync", RawValue::Text("1".to_owned()));
        assert!(Policies::of(read(&kept)).may_sync("home", "contoso").is_err());
        let kept = Kept { denied: Some(Hive::LocalMachine), ..Kept::default() };
        let refused = Policies::of(read(&kept)).may_add_account("home").unwrap_err();
        assert!(refused.message.contains("HKLM"), "{refused}");
        assert!(read(&Kept::default()).is_empty(), "no key, no policy");
    }
}
