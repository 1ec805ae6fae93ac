//! Reserved crates: a few third-party crates, and the process's environment, belong to one place of the tree.

use super::Finding;
use super::layers::{normal_dependencies, short_name};
use super::source_tree::SourceTree;

/// Third-party crate → the only crates that may use it, and the reason.
const RESERVED: &[(&str, &[&str], &str)] = &[
    ("diesel", &["storage"], "the server's only SQL is in `storage`"),
    ("rusqlite", &["state", "testkit"], "the client's only SQL is in `state`"),
    ("axum", &["http", "app", "testkit"], "HTTP routing is in `http`"),
    ("object_store", &["content", "app"], "bytes live in `content`"),
    ("fuser", &["ondemand"], "FUSE is in `ondemand`"),
];

/// Crates that are, or hold, a binary's main and may read the environment.
const MAY_READ_ENVIRONMENT: &[&str] =
    &["app", "cli", "agent", "demo", "bench", "xtask", "testkit", "e2e", "fuzz"];

/// Checks manifests for reserved crates and sources for the environment.
pub(crate) fn check(tree: &SourceTree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (folder, manifest) in tree.crates() {
        for used in normal_dependencies(&manifest.text) {
            let Some((name, owners, reason)) = RESERVED.iter().find(|(name, ..)| *name == used) else {
                continue;
            };
            if !owners.contains(&short_name(folder)) {
                findings.push(Finding {
                    path: manifest.path.clone(),
                    line: 0,
                    rule: "reserved-crates",
                    wrong: format!("`{}` may not use `{name}`: {reason}", short_name(folder)),
                    mend: format!("use what {owners:?} offer, or add the operation there"),
                });
            }
        }
    }
    let module = concat!("std", "::env");
    // Examples, tests and build scripts are programs of their own.
    for file in tree.rust().filter(|file| file.path.contains("/src/")) {
        let Some(folder) = file.crate_folder(tree) else { continue };
        if MAY_READ_ENVIRONMENT.contains(&short_name(folder)) {
            continue;
        }
        for (index, line) in file.text.lines().enumerate() {
            if line.contains(module) && !line.trim_start().starts_with("//") {
                findings.push(Finding {
                    path: file.path.clone(),
                    line: index + 1,
                    rule: "environment",
                    wrong: "a library reads the process's environment".into(),
                    mend: "take the value as a parameter; binaries read configuration".into(),
                });
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_owner_of_a_reserved_crate_may_use_it() {
        let tree = SourceTree::of(&[(
            "crates/server/storage/Cargo.toml",
            "[dependencies]\ndiesel.workspace = true",
        )]);
        assert_eq!(check(&tree), []);
    }

    #[test]
    fn another_crate_may_not_use_a_reserved_one_outside_tests() {
        let manifest = "[dependencies]\nrusqlite.workspace = true\n[dev-dependencies]\naxum.workspace = true";
        let found = check(&SourceTree::of(&[("crates/client/engine/Cargo.toml", manifest)]));
        assert_eq!(found.len(), 1);
        assert!(found[0].wrong.contains("rusqlite"));
    }

    #[test]
    fn only_programs_read_the_environment() {
        let text = concat!("//! x\nlet home = std", "::env::var(\"HOME\");\n");
        let tree = |folder: &str| {
            SourceTree::of(&[(&format!("{folder}/Cargo.toml"), ""), (&format!("{folder}/src/lib.rs"), text)])
        };
        assert_eq!(check(&tree("crates/client/cli")), []);
        assert_eq!(check(&tree("crates/client/engine")).len(), 1);
    }
}
