//! Tidy: the rules of this house that a compiler cannot check.
//!
//! Every rule is a pure function from the tracked files ([`SourceTree`]) to findings, so each has its unit tests
//! with a good and a bad example. A finding names the file, the rule, and how to mend it.

mod headers;
mod layers;
mod machine_paths;
mod names;
mod requirements;
mod reserved_crates;
mod rules;
mod sizes;
mod source_tree;
mod words;

use std::fmt;
use std::path::Path;
use std::process::ExitCode;

use source_tree::SourceTree;

/// One broken rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Finding {
    /// Path inside the repository.
    path: String,
    /// 1-based; 0 when the finding is about the file as a whole.
    line: usize,
    /// The rule's name.
    rule: &'static str,
    /// What is wrong.
    wrong: String,
    /// What to do.
    mend: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = if self.line == 0 { String::new() } else { format!(":{}", self.line) };
        write!(f, "{}{line}: [{}] {}\n    mend: {}", self.path, self.rule, self.wrong, self.mend)
    }
}

/// A rule looks at the whole tree and lists what breaks it.
type Rule = fn(&SourceTree) -> Vec<Finding>;

const RULES: &[Rule] = &[
    layers::check,
    reserved_crates::check,
    headers::check,
    sizes::check,
    names::check,
    words::check,
    requirements::check,
    rules::check,
];

/// Checks every rule, prints the findings, and fails when there are any.
pub(crate) fn run(root: &Path) -> anyhow::Result<ExitCode> {
    let tree = SourceTree::load(root)?;
    let mut findings: Vec<Finding> = RULES.iter().flat_map(|rule| rule(&tree)).collect();
    findings.extend(machine_paths::check(&tree, &machine_paths::private_hosts()));
    findings.sort();
    for finding in &findings {
        eprintln!("{finding}");
    }
    if findings.is_empty() {
        println!("tidy: {} files keep the rules", tree.files().len());
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!("tidy: {} findings", findings.len());
    Ok(ExitCode::FAILURE)
}
