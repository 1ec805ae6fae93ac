//! Managed: every policy of this computer with its value and the place it comes from (D11).

use agent_api::{ManagedPolicies, ManagedPolicy, Message, PolicyFlaw};
use policies::{Setting, Value};

use crate::Agent;

pub(super) fn run(agent: &Agent) -> Message {
    let policies = agent.policies();
    let told = Setting::ALL.into_iter().filter_map(|setting| {
        let set = policies.set.get(&setting)?;
        Some(ManagedPolicy {
            name: setting.name().to_owned(),
            value: words(&set.value),
            readable: set.value != Value::Closed,
            source: set.source.clone(),
        })
    });
    let flaws = policies.flaws.iter().map(|flaw| PolicyFlaw {
        source: flaw.source.clone(),
        policy: flaw.setting.map(|setting| setting.name().to_owned()),
        text: flaw.text.clone(),
    });
    Message::Managed(Box::new(ManagedPolicies { policies: told.collect(), flaws: flaws.collect() }))
}

fn words(value: &Value) -> Vec<String> {
    match value {
        Value::Flag(on) => vec![if *on { "on" } else { "off" }.to_owned()],
        Value::Tenants(tenants) => tenants.iter().cloned().collect(),
        Value::Folders(folders) => {
            folders.iter().map(|(tenant, folder)| format!("{tenant}: {folder}")).collect()
        }
        Value::Closed => Vec::new(),
    }
}
