//! Requirements: a row of `docs/requirements.md` that claims to be done needs a test named after it.

use super::Finding;
use super::source_tree::SourceTree;

const TABLE: &str = "docs/requirements.md";
const STATES: [&str; 3] = ["done", "partial", "missing"];

/// Checks states and proofs of the table of requirements.
pub(crate) fn check(tree: &SourceTree) -> Vec<Finding> {
    let Some(table) = tree.find(TABLE) else { return Vec::new() };
    let mut findings = Vec::new();
    for (index, line) in table.text.lines().enumerate() {
        let Some((id, state)) = row(line) else { continue };
        let finding = |wrong: String, mend: String| Finding {
            path: TABLE.into(),
            line: index + 1,
            rule: "requirements",
            wrong,
            mend,
        };
        if !STATES.contains(&state) {
            findings.push(finding(format!("{id} has the state `{state}`"), format!("use one of {STATES:?}")));
        } else if state == "done" && !has_test(tree, id) {
            let prefix = test_prefix(id);
            findings.push(finding(
                format!("{id} is `done` but no test is named `{prefix}…`"),
                format!("write `fn {prefix}…` against the real parts, or say `partial` and what is missing"),
            ));
        }
    }
    findings
}

/// Reads `| A01 | text | state | proof |`.
fn row(line: &str) -> Option<(&str, &str)> {
    let mut cells = line.strip_prefix('|')?.split('|').map(str::trim);
    let id = cells.next()?;
    let digits = id.strip_prefix(|c: char| c.is_ascii_uppercase())?;
    if digits.len() != 2 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    Some((id, cells.nth(1)?))
}

fn test_prefix(id: &str) -> String {
    format!("r_{}_", id.to_ascii_lowercase())
}

fn has_test(tree: &SourceTree, id: &str) -> bool {
    let function = format!("fn {}", test_prefix(id));
    let script = test_prefix(id);
    tree.files().iter().any(|file| match file.path.rsplit('.').next() {
        Some("rs") => file.text.contains(&function),
        Some("ts" | "tsx") => file.text.contains(&script),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(state: &str, test: &str) -> Vec<Finding> {
        let table =
            format!("| id | requirement | state | proof |\n|---|---|---|---|\n| A03 | one | {state} | |\n");
        check(&SourceTree::of(&[(TABLE, &table), ("crates/e2e/tests/a.rs", test)]))
    }

    #[test]
    fn a_done_row_with_its_test_is_accepted() {
        assert_eq!(findings("done", "async fn r_a03_one_sign_in() {}"), []);
        assert_eq!(findings("missing", ""), []);
        assert_eq!(findings("partial", ""), []);
    }

    #[test]
    fn a_done_row_without_a_test_is_found() {
        assert_eq!(findings("done", "fn r_a04_other() {}").len(), 1);
    }

    #[test]
    fn a_state_of_another_name_is_found() {
        assert_eq!(findings("mostly", "").len(), 1);
    }
}
