//! Words: notes to oneself do not land; what is open is an issue.

use super::Finding;
use super::source_tree::SourceTree;

/// The two markers, written apart so that this file keeps its own rule.
const MARKERS: [&str; 2] = [concat!("TO", "DO"), concat!("FIX", "ME")];

/// Checks source files of every language for markers.
pub(crate) fn check(tree: &SourceTree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.files().iter().filter(|file| is_source(&file.path)) {
        for (index, line) in file.text.lines().enumerate() {
            if MARKERS.iter().any(|marker| has_word(line, marker)) {
                findings.push(Finding {
                    path: file.path.clone(),
                    line: index + 1,
                    rule: "markers",
                    wrong: "a note to oneself".into(),
                    mend: "do it, or file an issue and say in a full sentence what does not hold yet".into(),
                });
            }
        }
    }
    findings
}

fn is_source(path: &str) -> bool {
    let extension = path.rsplit('.').next().unwrap_or_default();
    ["rs", "sh", "toml", "sql", "html", "css", "ts", "tsx", "py"].contains(&extension)
        || path.ends_with("Makefile")
}

fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_without_markers_is_accepted() {
        assert_eq!(check(&SourceTree::of(&[("a.rs", "// MASTODON"), ("notes.md", MARKERS[0])])), []);
    }

    #[test]
    fn markers_are_found() {
        for marker in MARKERS {
            assert_eq!(check(&SourceTree::of(&[("a.rs", &format!("// {marker}: later"))])).len(), 1);
        }
    }
}
