//! Layers: which crate may use which. The table is the architecture's; every other edge is an error.

use std::collections::BTreeMap;

use super::Finding;
use super::source_tree::SourceTree;

/// Crate → crates of this workspace it may use. A crate is named by the last part of its folder.
#[rustfmt::skip]
const MAY_USE: &[(&str, &[&str])] = &[
    // Shared: server and client meet only here.
    ("runtime",     &[]),
    ("graph-types", &[]),
    ("transfer",    &[]),
    // Server
    ("model",       &[]),
    ("policy",      &["model"]),
    ("storage",     &["model", "runtime"]),
    ("content",     &["model", "storage", "transfer", "runtime"]),
    ("directory",   &["model", "policy", "storage", "runtime"]),
    ("federation",  &["model", "runtime"]),
    ("identity",    &["model", "policy", "storage", "directory", "federation", "runtime"]),
    ("drive",       &["model", "policy", "storage", "directory", "content", "transfer", "runtime"]),
    ("jobs",        &["model", "storage", "directory", "content", "identity", "drive", "runtime"]),
    ("http",        &["graph-types", "transfer", "model", "policy", "storage", "content", "directory", "identity",
                      "drive", "runtime"]),
    // The server's own tests stand in `app` and speak the transfer API.
    ("app",         &["model", "policy", "storage", "content", "directory", "federation", "identity", "drive", "jobs",
                      "http", "transfer", "runtime"]),
    // Client
    ("agent-api",   &[]),
    ("sync-core",   &["transfer"]),
    ("engine",      &["sync-core", "transfer", "runtime"]),
    ("state",       &["engine", "sync-core", "transfer", "runtime"]),
    ("disk",        &["engine", "sync-core", "transfer", "runtime"]),
    ("remote",      &["engine", "sync-core", "transfer", "graph-types", "runtime"]),
    ("ondemand",    &["engine", "sync-core", "transfer", "runtime"]),
    ("policies",    &[]),
    ("agent",       &["agent-api", "sync-core", "engine", "state", "disk", "remote", "ondemand", "policies",
                      "transfer", "runtime"]),
    ("cli",         &["agent", "agent-api", "remote", "graph-types", "runtime"]),
];

/// Crates that see the product from outside and may use anything.
const MAY_USE_ANYTHING: &[&str] = &["demo", "bench", "testkit", "e2e", "fuzz", "xtask"];

/// Anything may test with this one.
const TEST_KIT: &str = "testkit";

/// Checks every manifest's internal dependencies against the table.
pub(crate) fn check(tree: &SourceTree) -> Vec<Finding> {
    let packages = package_folders(tree);
    let aliases = workspace_aliases(tree);
    let mut findings = Vec::new();
    for (folder, manifest) in tree.crates() {
        let user = short_name(folder);
        if MAY_USE_ANYTHING.contains(&user) {
            continue;
        }
        let Some((_, allowed)) = MAY_USE.iter().find(|(name, _)| *name == user) else {
            findings.push(Finding {
                path: manifest.path.clone(),
                line: 0,
                rule: "layers",
                wrong: format!("crate `{user}` is not in the table of who may use whom"),
                mend: "add it to xtask/src/tidy/layers.rs and to docs/ARCHITECTURE.md, with a design note"
                    .into(),
            });
            continue;
        };
        for (kind, package) in dependencies(&manifest.text, &aliases) {
            let Some(used) = packages.get(&package) else { continue };
            let free = kind == Kind::Test && used == TEST_KIT;
            if !free && used != user && !allowed.contains(&used.as_str()) {
                findings.push(Finding {
                    path: manifest.path.clone(),
                    line: 0,
                    rule: "layers",
                    wrong: format!("`{user}` may not use `{used}`"),
                    mend: format!(
                        "`{user}` may use {allowed:?}; move the code to the layer it belongs to, or give it a port"
                    ),
                });
            }
        }
    }
    findings
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Normal,
    Test,
}

/// Returns the crate's name in the table: the last part of its folder.
pub(crate) fn short_name(folder: &str) -> &str {
    folder.rsplit('/').next().unwrap_or(folder)
}

/// Package name → crate name in the table, for every crate of the workspace.
fn package_folders(tree: &SourceTree) -> BTreeMap<String, String> {
    tree.crates()
        .filter_map(|(folder, manifest)| {
            let parsed: toml::Table = manifest.text.parse().ok()?;
            let name = parsed.get("package")?.get("name")?.as_str()?.to_owned();
            Some((name, short_name(folder).to_owned()))
        })
        .collect()
}

/// Dependency key → package name, where the workspace renames one.
fn workspace_aliases(tree: &SourceTree) -> BTreeMap<String, String> {
    let table = tree.find("Cargo.toml").and_then(|file| file.text.parse::<toml::Table>().ok());
    let Some(dependencies) =
        table.as_ref().and_then(|table| table.get("workspace")?.get("dependencies")?.as_table())
    else {
        return BTreeMap::new();
    };
    dependencies
        .iter()
        .filter_map(|(key, value)| Some((key.clone(), value.get("package")?.as_str()?.to_owned())))
        .collect()
}

/// Returns every dependency of a manifest as a package name.
fn dependencies(manifest: &str, aliases: &BTreeMap<String, String>) -> Vec<(Kind, String)> {
    let Ok(table) = manifest.parse::<toml::Table>() else { return Vec::new() };
    let mut found = dependencies_of(&table, aliases);
    if let Some(targets) = table.get("target").and_then(toml::Value::as_table) {
        for target in targets.values().filter_map(toml::Value::as_table) {
            found.extend(dependencies_of(target, aliases));
        }
    }
    found
}

fn dependencies_of(table: &toml::Table, aliases: &BTreeMap<String, String>) -> Vec<(Kind, String)> {
    let sections = [
        ("dependencies", Kind::Normal),
        ("build-dependencies", Kind::Normal),
        ("dev-dependencies", Kind::Test),
    ];
    let mut found = Vec::new();
    for (section, kind) in sections {
        let Some(entries) = table.get(section).and_then(toml::Value::as_table) else { continue };
        for (key, value) in entries {
            let renamed = value.get("package").and_then(toml::Value::as_str).map(str::to_owned);
            let package = renamed.or_else(|| aliases.get(key).cloned()).unwrap_or_else(|| key.clone());
            found.push((kind, package));
        }
    }
    found
}

/// Returns the packages of a manifest's normal and build dependencies (for the rule of reserved crates).
pub(crate) fn normal_dependencies(manifest: &str) -> Vec<String> {
    dependencies(manifest, &BTreeMap::new())
        .into_iter()
        .filter_map(|(kind, name)| (kind == Kind::Normal).then_some(name))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODEL: (&str, &str) = ("crates/server/model/Cargo.toml", "[package]\nname = \"footbridge-model\"");
    const DRIVE: (&str, &str) = ("crates/server/drive/Cargo.toml", "[package]\nname = \"footbridge-drive\"");
    const TESTKIT: (&str, &str) = ("crates/testkit/Cargo.toml", "[package]\nname = \"footbridge-testkit\"");

    fn findings_for(policy: &str) -> Vec<Finding> {
        let manifest = format!("[package]\nname = \"footbridge-policy\"\n{policy}");
        check(&SourceTree::of(&[MODEL, DRIVE, TESTKIT, ("crates/server/policy/Cargo.toml", &manifest)]))
    }

    #[test]
    fn an_edge_of_the_table_is_accepted() {
        assert_eq!(
            findings_for("[dependencies]\nfootbridge-model.workspace = true\nserde.workspace = true"),
            []
        );
    }

    #[test]
    fn an_edge_against_the_table_is_found_in_every_section() {
        for section in
            ["dependencies", "build-dependencies", "dev-dependencies", "target.'cfg(unix)'.dependencies"]
        {
            let found = findings_for(&format!("[{section}]\nfootbridge-drive.workspace = true"));
            assert_eq!(found.len(), 1, "{section}");
            assert_eq!(found[0].wrong, "`policy` may not use `drive`");
        }
    }

    #[test]
    fn a_renamed_edge_is_found() {
        assert_eq!(
            findings_for("[dependencies]\nd = { package = \"footbridge-drive\", path = \"x\" }").len(),
            1
        );
    }

    #[test]
    fn testkit_is_free_in_tests_and_nowhere_else() {
        assert_eq!(findings_for("[dev-dependencies]\nfootbridge-testkit.workspace = true"), []);
        assert_eq!(findings_for("[dependencies]\nfootbridge-testkit.workspace = true").len(), 1);
    }

    #[test]
    fn a_crate_outside_the_table_is_found() {
        let tree =
            SourceTree::of(&[("crates/server/extra/Cargo.toml", "[package]\nname = \"footbridge-extra\"")]);
        assert_eq!(check(&tree).len(), 1);
    }
}
