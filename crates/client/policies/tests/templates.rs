//! The templates that Windows administrators load list exactly the policies the client reads, with the same names, keys
//! and types.

use std::collections::{BTreeMap, BTreeSet};

use policies::registry::KEY;
use policies::{Kind, Setting};
use roxmltree::{Document, Node};

const ADMX: &str = include_str!("../../../../packaging/windows/Footbridge.admx");
const ADML: &str = include_str!("../../../../packaging/windows/en-US/Footbridge.adml");

fn all<'a>(document: &'a Document<'a>, tag: &str) -> Vec<Node<'a, 'a>> {
    document.descendants().filter(|node| node.tag_name().name() == tag).collect()
}

fn value<'a>(policy: Node<'a, 'a>, state: &str) -> Option<&'a str> {
    let state = policy.children().find(|node| node.tag_name().name() == state)?;
    state.children().find_map(|node| node.attribute("value"))
}

#[test]
fn r_d11_the_templates_list_the_policies_the_client_knows_with_the_same_names_and_types() {
    let document = Document::parse(ADMX).expect("XML");
    let policies: BTreeMap<&str, Node<'_, '_>> = all(&document, "policy")
        .into_iter()
        .map(|policy| (policy.attribute("name").expect("a name"), policy))
        .collect();
    let known: BTreeSet<&str> = Setting::ALL.into_iter().map(Setting::name).collect();
    assert_eq!(policies.keys().copied().collect::<BTreeSet<_>>(), known);
    for setting in Setting::ALL {
        let policy = policies[setting.name()];
        assert_eq!(policy.attribute("key"), Some(KEY), "{setting:?}");
        let list = policy.descendants().find(|node| node.tag_name().name() == "list");
        match setting.kind() {
            Kind::Flag => {
                assert_eq!(policy.attribute("valueName"), Some(setting.name()));
                assert_eq!(
                    (value(policy, "enabledValue"), value(policy, "disabledValue")),
                    (Some("1"), Some("0"))
                );
                assert!(list.is_none(), "{setting:?}");
            }
            Kind::Tenants | Kind::Folders => {
                let list = list.expect("a list");
                assert_eq!(list.attribute("key"), Some(format!(r"{KEY}\{}", setting.name()).as_str()));
                assert_eq!(list.attribute("explicitValue"), Some("true"), "names are written as typed");
            }
        }
    }
}

#[test]
fn every_text_the_templates_name_is_there_and_no_other() {
    let (document, texts) = (Document::parse(ADMX).expect("XML"), Document::parse(ADML).expect("XML"));
    let mut named: BTreeSet<(&str, &str)> = BTreeSet::new();
    for node in document.descendants() {
        for attribute in node.attributes() {
            let inner = attribute.value().strip_prefix("$(").and_then(|text| text.strip_suffix(')'));
            named.extend(inner.and_then(|text| text.split_once('.')));
        }
    }
    let mut there = BTreeSet::new();
    for kind in ["string", "presentation"] {
        there.extend(all(&texts, kind).into_iter().map(|node| (kind, node.attribute("id").expect("an id"))));
    }
    assert_eq!(named, there);
    let lists: BTreeSet<_> =
        all(&document, "list").into_iter().filter_map(|list| list.attribute("id")).collect();
    let boxes: BTreeSet<_> =
        all(&texts, "listBox").into_iter().filter_map(|list| list.attribute("refId")).collect();
    assert_eq!(lists, boxes);
}
