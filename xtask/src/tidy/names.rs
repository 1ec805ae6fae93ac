//! Names: a file carries the name of its one concept; drawers for everything are not concepts.

use super::Finding;
use super::source_tree::SourceTree;

const DRAWERS: &[&str] = &["util", "utils", "helper", "helpers", "common", "misc", "shared", "manager"];

/// Checks the names of Rust files and of their folders inside a crate's sources.
pub(crate) fn check(tree: &SourceTree) -> Vec<Finding> {
    tree.rust()
        .filter(|file| {
            let inside = file.path.split_once("/src/").map_or(file.path.as_str(), |(_, inside)| inside);
            let stem = inside.strip_suffix(".rs").unwrap_or(inside);
            // Only parts inside the sources count: `crates/shared` is a group of crates.
            let parts =
                if file.path.contains("/src/") { stem } else { stem.rsplit('/').next().unwrap_or(stem) };
            parts.split('/').any(|part| DRAWERS.contains(&part) || part.ends_with("_manager"))
        })
        .map(|file| Finding {
            path: file.path.clone(),
            line: 0,
            rule: "names",
            wrong: "the name says nothing about what is inside".into(),
            mend: "name it for its one concept, or split it until each part has one".into(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_concept_is_a_name() {
        let tree = SourceTree::of(&[
            ("crates/shared/transfer/src/manifest.rs", ""),
            ("crates/a/tests/story.rs", ""),
        ]);
        assert_eq!(check(&tree), []);
    }

    #[test]
    fn a_drawer_is_not() {
        for path in ["crates/a/src/utils.rs", "crates/a/src/common/mod.rs", "crates/a/src/lock_manager.rs"] {
            assert_eq!(check(&SourceTree::of(&[(path, "")])).len(), 1, "{path}");
        }
    }
}
