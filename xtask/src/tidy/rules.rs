//! Rules: each row of the table *Rules* in `docs/requirements.md` is proven by tests that exist, or says why not.

use std::collections::BTreeSet;

use super::Finding;
use super::source_tree::SourceTree;

const TABLE: &str = "docs/requirements.md";
const HEADING: &str = "## Rules";
const STATES: [&str; 4] = ["done", "partial", "missing", "excluded"];

/// Checks states, named tests and reasons of the table of rules.
pub(crate) fn check(tree: &SourceTree) -> Vec<Finding> {
    let Some(table) = tree.find(TABLE) else { return Vec::new() };
    let tests = functions(tree);
    let mut findings = Vec::new();
    let lines = table.text.lines().enumerate().skip_while(|(_, line)| *line != HEADING);
    for (index, line) in lines {
        let Some((id, state, proof)) = row(line) else { continue };
        for (wrong, mend) in judge(id, state, proof, &tests) {
            findings.push(Finding { path: TABLE.into(), line: index + 1, rule: "rules", wrong, mend });
        }
    }
    findings
}

fn judge(id: &str, state: &str, proof: &str, tests: &BTreeSet<&str>) -> Vec<(String, String)> {
    let mut found = Vec::new();
    if !STATES.contains(&state) {
        found.push((format!("{id} has the state `{state}`"), format!("use one of {STATES:?}")));
    }
    let cited: Vec<&str> = proof.split('`').skip(1).step_by(2).filter(|name| is_test_name(name)).collect();
    for name in &cited {
        let begin = name.trim_end_matches('…');
        let exists = match name.ends_with('…') {
            true => tests.range(begin..).next().is_some_and(|test| test.starts_with(begin)),
            false => tests.contains(begin),
        };
        if !exists {
            found.push((
                format!("{id} names the test `{name}`, which does not exist"),
                String::from("name one that does"),
            ));
        }
    }
    if state == "done" && cited.is_empty() {
        found.push((
            format!("{id} is `done` and names no test"),
            "name the test, or say what is missing".into(),
        ));
    }
    if state == "excluded" && proof.is_empty() {
        found.push((format!("{id} is `excluded` without a reason"), "say why".into()));
    }
    found
}

/// Names of functions, tests among them.
fn functions(tree: &SourceTree) -> BTreeSet<&str> {
    let rust = tree.files().iter().filter(|file| file.is_rust());
    let names = rust.flat_map(|file| file.text.split("fn ").skip(1)).map(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        rest.get(..end).unwrap_or_default()
    });
    names.filter(|name| !name.is_empty()).collect()
}

/// Tells names of tests from other code that a proof quotes: words joined by at least two `_`.
fn is_test_name(quoted: &str) -> bool {
    let body = quoted.trim_end_matches('…');
    body.matches('_').count() >= 2
        && body.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// Reads `| L-1 | text | state | proof |`.
fn row(line: &str) -> Option<(&str, &str, &str)> {
    let mut cells = line.strip_prefix('|')?.trim_end().trim_end_matches('|').split('|').map(str::trim);
    let id = cells.next()?;
    if !id.contains(['-', '.']) || !id.ends_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    Some((id, cells.nth(1)?, cells.next().unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(state: &str, proof: &str) -> usize {
        let table = format!(
            "{HEADING}\n\n| rule | in short | state | proof |\n|---|---|---|---|\n| L-1 | two | {state} | {proof} |\n"
        );
        check(&SourceTree::of(&[(TABLE, &table), ("crates/a/tests/a.rs", "fn l_01_two_levels() {}")])).len()
    }

    #[test]
    fn a_done_rule_names_a_test_that_exists() {
        assert_eq!(findings("done", "`l_01_two_…`"), 0);
        assert_eq!(findings("done", "`l_01_two_levels`, `PATCH /x`"), 0);
        assert_eq!(findings("done", "`l_02_other_…`"), 1);
        assert_eq!(findings("done", "surely"), 1);
    }

    #[test]
    fn an_exclusion_has_its_reason_and_a_state_is_one_of_four() {
        assert_eq!(findings("excluded", "no such thing here"), 0);
        assert_eq!(findings("excluded", ""), 1);
        assert_eq!(findings("mostly", ""), 1);
        assert_eq!(findings("partial", "`l_09_gone_…`"), 1);
    }
}
