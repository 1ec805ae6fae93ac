//! Machine paths: nothing in the repository may name the computer it was written on, nor where its packages came
//! from. Names of private package mirrors are read from this machine's own configuration, so that none stands here.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::Finding;
use super::source_tree::SourceTree;

/// Folders of building machines, written apart so that this file keeps its own rule.
const PLACES: [&str; 3] = [concat!("/ro", "ot/"), concat!("/wo", "rk/"), concat!("/tmp/", "wt")];

/// What may follow the first place in an address: it is also Graph's name of a drive's top.
const GRAPH_SEGMENTS: [&str; 8] =
    ["children", "delta", "content", "search", "permissions", "invite", "create", "{"];

/// Hosts that everybody uses.
const PUBLIC_HOSTS: [&str; 5] =
    ["github.com", "index.crates.io", "crates.io", "static.crates.io", "registry.npmjs.org"];

/// Checks every tracked file for places and hosts of one machine.
pub(crate) fn check(tree: &SourceTree, private_hosts: &BTreeSet<String>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.files() {
        for (index, line) in file.text.lines().enumerate() {
            let wrong = if PLACES.iter().any(|place| names_place(line, place)) {
                "an absolute path of one machine"
            } else if private_hosts.iter().any(|host| line.contains(host.as_str())) {
                "the host of a package mirror"
            } else {
                continue;
            };
            findings.push(Finding {
                path: file.path.clone(),
                line: index + 1,
                rule: "machine-paths",
                wrong: wrong.into(),
                mend: "use a path inside the repository, a temporary folder, or the public host".into(),
            });
        }
    }
    findings
}

/// Tells whether `place` starts a path in `line`, rather than going on inside an address.
fn names_place(line: &str, place: &str) -> bool {
    line.match_indices(place).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = &line[at + place.len()..];
        let starts_path = before.is_none_or(|c| c.is_whitespace() || "\"'`=(:<[,".contains(c));
        starts_path && !GRAPH_SEGMENTS.iter().any(|segment| after.starts_with(segment))
    })
}

/// Returns the hosts this machine takes packages from, as its own configuration names them.
pub(crate) fn private_hosts() -> BTreeSet<String> {
    let home = std::env::var("HOME").map(PathBuf::from).unwrap_or_default();
    let cargo = std::env::var("CARGO_HOME").map_or_else(|_| home.join(".cargo"), PathBuf::from);
    let files = [
        cargo.join("config.toml"),
        cargo.join("config"),
        home.join(".npmrc"),
        home.join(".config/pip/pip.conf"),
    ];
    let mut text: String = files.iter().filter_map(|file| std::fs::read_to_string(file).ok()).collect();
    for variable in ["PIP_INDEX_URL", "NPM_CONFIG_REGISTRY", "npm_config_registry", "GOPROXY"] {
        text.push(' ');
        text.push_str(&std::env::var(variable).unwrap_or_default());
    }
    hosts_in(&text)
}

/// Returns the hosts of all addresses in `text` that not everybody uses.
fn hosts_in(text: &str) -> BTreeSet<String> {
    text.split("://")
        .skip(1)
        .filter_map(|rest| rest.split(['/', '"', '\'', '\n', ' ', ',']).next())
        .filter_map(|authority| authority.rsplit('@').next()?.split(':').next())
        .filter(|host| host.contains('.') && !host.starts_with("127.") && !PUBLIC_HOSTS.contains(host))
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(line: &str) -> usize {
        check(&SourceTree::of(&[("a.md", line)]), &BTreeSet::from(["mirror.example".to_owned()])).len()
    }

    #[test]
    fn addresses_and_relative_paths_are_accepted() {
        assert_eq!(findings(&format!("GET /v1.0/drives/{{id}}{}children", PLACES[0])), 0);
        assert_eq!(findings(&format!("see docs{}x", PLACES[1])), 0);
        assert_eq!(findings("registry+https://github.com/rust-lang/crates.io-index"), 0);
    }

    #[test]
    fn absolute_paths_and_mirrors_are_found() {
        for place in PLACES {
            assert_eq!(findings(&format!("cd {place}x")), 1, "{place}");
            assert_eq!(findings(&format!("\"{place}x\"")), 1, "{place}");
        }
        assert_eq!(findings("https://mirror.example/simple"), 1);
    }

    #[test]
    fn hosts_are_read_from_configuration() {
        let text = "registry = \"sparse+https://user:secret@mirror.example:8443/index/\"\nurl='https://github.com/x'";
        assert_eq!(hosts_in(text), BTreeSet::from(["mirror.example".to_owned()]));
    }
}
