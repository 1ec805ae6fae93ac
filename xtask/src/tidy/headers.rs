//! Headers: every Rust file says what it is before it says anything else.

use super::Finding;
use super::source_tree::SourceTree;

/// A file above this many lines needs a header that explains why.
const LONG_FILE: usize = 400;
/// That header's least length.
const LONG_HEADER: usize = 3;

/// Checks the `//!` header of every Rust file.
pub(crate) fn check(tree: &SourceTree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.rust() {
        let header = file.text.lines().take_while(|line| line.starts_with("//!")).count();
        let lines = file.text.lines().count();
        let (wrong, mend) = if header == 0 {
            (
                "the file does not open with `//!`",
                "say in the first line what it is and what a reader must know",
            )
        } else if lines > LONG_FILE && header < LONG_HEADER {
            (
                "a file above 400 lines has a header of fewer than 3 lines",
                "split it, or say in the header why not",
            )
        } else {
            continue;
        };
        findings.push(Finding {
            path: file.path.clone(),
            line: 1,
            rule: "headers",
            wrong: wrong.into(),
            mend: mend.into(),
        });
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_opens_with_its_header_is_accepted() {
        assert_eq!(check(&SourceTree::of(&[("a.rs", "//! A: what it is.\nfn a() {}\n")])), []);
    }

    #[test]
    fn a_file_that_opens_with_something_else_is_found() {
        assert_eq!(check(&SourceTree::of(&[("a.rs", "// A\nfn a() {}\n")])).len(), 1);
        assert_eq!(check(&SourceTree::of(&[("a.rs", "")])).len(), 1);
    }

    #[test]
    fn a_long_file_needs_a_long_header() {
        let body = "// x\n".repeat(400);
        assert_eq!(check(&SourceTree::of(&[("a.rs", &format!("//! A.\n{body}"))])).len(), 1);
        assert_eq!(check(&SourceTree::of(&[("a.rs", &format!("//! A.\n//! B.\n//! C.\n{body}"))])), []);
    }
}
