//! In force: what all layers together mean, and the questions the agent asks about it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{Flaw, Layer, Refusal, Setting, Value, typed};

/// One policy's value and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InForce {
    /// The value.
    pub value: Value,
    /// The place, for people.
    pub source: String,
}

/// The policies of this computer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Policies {
    /// Those that are set.
    pub set: BTreeMap<Setting, InForce>,
    /// What is wrong with places and values.
    pub flaws: Vec<Flaw>,
}

impl Policies {
    /// Makes what is in force of layers, the strongest first. The strongest layer that names a policy decides it; nothing
    /// is mixed from two. A place that cannot be read closes every restrictive policy, because it may have set any.
    #[must_use]
    pub fn of(layers: Vec<Layer>) -> Self {
        let mut policies = Self::default();
        for layer in &layers {
            if let Err(why) = &layer.values {
                policies.close_all(&layer.source, why);
            }
        }
        for layer in layers {
            let Ok(values) = layer.values else { continue };
            for (name, raw) in values {
                let Some(setting) = Setting::named(&name) else {
                    let text = format!("`{name}` is not known to this client and does nothing.");
                    policies.flaws.push(Flaw { source: layer.source.clone(), setting: None, text });
                    continue;
                };
                if policies.set.contains_key(&setting) {
                    continue;
                }
                match typed::read(setting.kind(), &raw) {
                    Ok(value) => {
                        policies.set.insert(setting, InForce { value, source: layer.source.clone() });
                    }
                    Err(why) => policies.flawed(setting, &layer.source, &why),
                }
            }
        }
        policies
    }

    fn close_all(&mut self, source: &str, why: &str) {
        let text = format!("It cannot be read ({why}), so whatever a policy could forbid is forbidden.");
        self.flaws.push(Flaw { source: source.to_owned(), setting: None, text });
        for setting in Setting::ALL.into_iter().filter(|setting| setting.is_restrictive()) {
            let closed = InForce { value: Value::Closed, source: source.to_owned() };
            self.set.entry(setting).or_insert(closed);
        }
    }

    fn flawed(&mut self, setting: Setting, source: &str, why: &str) {
        let name = setting.name();
        let text = if setting.is_restrictive() {
            let closed = InForce { value: Value::Closed, source: source.to_owned() };
            self.set.insert(setting, closed);
            format!("{name}: {why}. Until it is mended, everything it could forbid is forbidden.")
        } else {
            format!("{name}: {why}. It does nothing until it is mended.")
        };
        self.flaws.push(Flaw { source: source.to_owned(), setting: Some(setting), text });
    }

    /// Decides whether an account of an organization may be used on this computer.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn may_add_account(&self, home: &str) -> Result<(), Refusal> {
        self.listed(home, Setting::AllowTenantList, Setting::BlockTenantList, "accounts of your organization")
    }

    /// Decides whether content of the organization `owner` may be synced with an account of the organization `home`.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn may_sync(&self, home: &str, owner: &str) -> Result<(), Refusal> {
        self.may_add_account(home)?;
        if owner.eq_ignore_ascii_case(home) {
            return Ok(());
        }
        let block = Setting::BlockExternalSync;
        match self.set.get(&block) {
            Some(InForce { value: Value::Flag(false), .. }) | None => {}
            Some(set) => return Err(refusal(block, set, "content of other organizations")),
        }
        let (allow, block) = (Setting::AllowExternalTenantList, Setting::BlockExternalTenantList);
        self.listed(owner, allow, block, "content of this organization")
    }

    /// Asks a list of allowed organizations, which wins, or one of blocked ones.
    fn listed(&self, tenant: &str, allow: Setting, block: Setting, what: &str) -> Result<(), Refusal> {
        let id = tenant.to_ascii_lowercase();
        let holds = |tenants: &BTreeSet<String>| tenants.contains(&id);
        if let Some(set) = self.set.get(&allow) {
            return match &set.value {
                Value::Tenants(tenants) if holds(tenants) => Ok(()),
                _ => Err(refusal(allow, set, what)),
            };
        }
        match self.set.get(&block) {
            None => Ok(()),
            Some(set) => match &set.value {
                Value::Tenants(tenants) if !holds(tenants) => Ok(()),
                _ => Err(refusal(block, set, what)),
            },
        }
    }

    /// Returns the folder below which an organization's people have theirs, if a policy says it.
    #[must_use]
    pub fn default_root(&self, home: &str) -> Option<&str> {
        match &self.set.get(&Setting::DefaultRootDir)?.value {
            Value::Folders(folders) => folders.get(&home.to_ascii_lowercase()).map(String::as_str),
            _ => None,
        }
    }
}

fn refusal(setting: Setting, set: &InForce, what: &str) -> Refusal {
    let (name, source) = (setting.name(), &set.source);
    let message = match set.value {
        Value::Closed => format!(
            "The policy {name} of this computer cannot be read ({source}), so {what} may not be synced here until it is \
             mended."
        ),
        _ => format!("A policy of this computer, {name} ({source}), does not let {what} be synced here."),
    };
    Refusal { setting, message }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::Policies;
    use crate::{Layer, RawValue, Setting};

    const HOME: &str = "11111111-1111-1111-1111-111111111111";
    const CONTOSO: &str = "22222222-2222-2222-2222-222222222222";
    const OTHER: &str = "33333333-3333-3333-3333-333333333333";

    fn layer(source: &str, values: &[(Setting, RawValue)]) -> Layer {
        let values: BTreeMap<String, RawValue> =
            values.iter().map(|(setting, value)| (setting.name().to_owned(), value.clone())).collect();
        Layer::read(source, values)
    }

    fn list(tenants: &[&str]) -> RawValue {
        RawValue::List(tenants.iter().map(|tenant| RawValue::Text((*tenant).to_owned())).collect())
    }

    /// Who is refused by which policy: an account of home, of Contoso; content of home, Contoso, another organization.
    fn refusals(policies: &Policies) -> [Option<Setting>; 5] {
        let why = |answer: Result<(), crate::Refusal>| answer.err().map(|refusal| refusal.setting);
        [
            why(policies.may_add_account(HOME)),
            why(policies.may_add_account(CONTOSO)),
            why(policies.may_sync(HOME, HOME)),
            why(policies.may_sync(HOME, CONTOSO)),
            why(policies.may_sync(HOME, OTHER)),
        ]
    }

    #[test]
    fn r_d11_each_policy_refuses_what_it_says_and_nothing_else() {
        use Setting::{
            AllowExternalTenantList as AllowOwner, AllowTenantList as Allow, BlockExternalSync as External,
            BlockExternalTenantList as BlockOwner, BlockTenantList as Block,
        };
        type Case = (&'static str, Vec<(Setting, RawValue)>, [Option<Setting>; 5]);
        let on = RawValue::Number(1);
        let cases: Vec<Case> = vec![
            ("nothing set", vec![], [None; 5]),
            ("off", vec![(External, RawValue::Number(0))], [None; 5]),
            (
                "no external sync",
                vec![(External, on.clone())],
                [None, None, None, Some(External), Some(External)],
            ),
            (
                "no exceptions from it",
                vec![(External, on), (AllowOwner, list(&[CONTOSO]))],
                [None, None, None, Some(External), Some(External)],
            ),
            ("one partner", vec![(AllowOwner, list(&[CONTOSO]))], [None, None, None, None, Some(AllowOwner)]),
            (
                "not one partner",
                vec![(BlockOwner, list(&[OTHER]))],
                [None, None, None, None, Some(BlockOwner)],
            ),
            (
                "the allowed win",
                vec![(BlockOwner, list(&[CONTOSO])), (AllowOwner, list(&[CONTOSO]))],
                [None, None, None, None, Some(AllowOwner)],
            ),
            ("only our accounts", vec![(Allow, list(&[HOME]))], [None, Some(Allow), None, None, None]),
            ("not their accounts", vec![(Block, list(&[CONTOSO]))], [None, Some(Block), None, None, None]),
            ("nobody", vec![(Allow, list(&[]))], [Some(Allow); 5]),
        ];
        for (case, values, wanted) in cases {
            assert_eq!(refusals(&Policies::of(vec![layer("a", &values)])), wanted, "{case}");
        }
    }

    #[test]
    fn r_d11_what_cannot_be_read_is_as_strict_as_it_can_be_and_says_so() {
        let policies = Policies::of(vec![
            Layer::unreadable("broken.json", "not JSON"),
            layer("fine.json", &[(Setting::BlockExternalSync, RawValue::Flag(false))]),
        ]);
        let all = refusals(&policies);
        assert!(all.iter().all(Option::is_some), "{all:?}");
        let refused = policies.may_sync(HOME, CONTOSO).unwrap_err();
        assert!(
            refused.message.contains("broken.json") && refused.message.contains("cannot be read"),
            "{refused}"
        );
        for setting in Setting::ALL {
            let wrong = Policies::of(vec![layer("wrong.json", &[(setting, RawValue::Unfit("a date"))])]);
            assert_eq!(wrong.flaws.len(), 1, "{setting:?}");
            let refuses = wrong.may_sync(HOME, CONTOSO).is_err() || wrong.may_add_account(CONTOSO).is_err();
            assert_eq!(refuses, setting.is_restrictive(), "{setting:?}");
        }
    }

    #[test]
    fn s_6_5_the_strongest_layer_decides_a_policy_whole() {
        let strong = layer("strong", &[(Setting::AllowExternalTenantList, list(&[CONTOSO]))]);
        let weak = layer(
            "weak",
            &[
                (Setting::AllowExternalTenantList, list(&[OTHER])),
                (
                    Setting::DefaultRootDir,
                    RawValue::Table([(HOME.to_owned(), RawValue::Text("/srv".into()))].into()),
                ),
            ],
        );
        let policies = Policies::of(vec![strong, weak]);
        assert_eq!(policies.set[&Setting::AllowExternalTenantList].source, "strong");
        assert!(policies.may_sync(HOME, CONTOSO).is_ok() && policies.may_sync(HOME, OTHER).is_err());
        assert_eq!(policies.default_root(HOME), Some("/srv"));
        assert_eq!(policies.default_root(OTHER), None);
    }
}
