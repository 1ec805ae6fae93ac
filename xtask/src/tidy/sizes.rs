//! Sizes: no file above 800 lines, no function above 100.
//!
//! Functions are found by rustfmt's layout: the closing brace stands alone, as deep as the `fn` line.

use super::Finding;
use super::source_tree::{SourceFile, SourceTree};

const FILE_LINES: usize = 800;
const FUNCTION_LINES: usize = 100;

/// Checks the length of files and functions.
pub(crate) fn check(tree: &SourceTree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.rust() {
        let lines = file.text.lines().count();
        if lines > FILE_LINES {
            findings.push(Finding {
                path: file.path.clone(),
                line: 0,
                rule: "file-size",
                wrong: format!("{lines} lines; {FILE_LINES} is the limit"),
                mend: "split it by concept".into(),
            });
        }
        findings.extend(long_functions(file));
    }
    findings
}

fn long_functions(file: &SourceFile) -> Vec<Finding> {
    let lines: Vec<&str> = file.text.lines().collect();
    let mut findings = Vec::new();
    for (start, line) in lines.iter().enumerate() {
        let Some(name) = function_name(line) else { continue };
        let closing = format!("{}}}", indentation(line));
        let Some(length) = lines[start..].iter().position(|line| *line == closing) else { continue };
        // A declaration without body, or a body on one line, ends before any closing brace of its depth.
        let has_body = lines[start..=start + length]
            .iter()
            .take_while(|line| !line.ends_with(';'))
            .any(|line| line.ends_with('{'));
        if has_body && length + 1 > FUNCTION_LINES {
            findings.push(Finding {
                path: file.path.clone(),
                line: start + 1,
                rule: "function-size",
                wrong: format!("`{name}` has {} lines; {FUNCTION_LINES} is the limit", length + 1),
                mend: "split it where a sentence would end".into(),
            });
        }
    }
    findings
}

fn indentation(line: &str) -> &str {
    &line[..line.len() - line.trim_start().len()]
}

/// Returns the function's name when the line starts one.
fn function_name(line: &str) -> Option<&str> {
    let mut words = line.split_whitespace();
    let before = ["pub", "pub(crate)", "pub(super)", "const", "async", "unsafe", "extern"];
    let word = words.find(|word| !before.contains(word))?;
    if word != "fn" {
        return None;
    }
    words.next()?.split(['(', '<']).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(lines: usize) -> String {
        format!(
            "impl A {{\n    pub(crate) async fn long(\n        &self,\n    ) {{\n{}    }}\n}}\n",
            "        x();\n".repeat(lines)
        )
    }

    #[test]
    fn short_files_and_functions_are_accepted() {
        assert_eq!(check(&SourceTree::of(&[("a.rs", &file(96))])), []);
    }

    #[test]
    fn a_long_function_is_found_with_its_name() {
        let found = check(&SourceTree::of(&[("a.rs", &file(97))]));
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].line, found[0].wrong.as_str()), (2, "`long` has 101 lines; 100 is the limit"));
    }

    #[test]
    fn a_declaration_in_a_long_trait_is_not_a_function() {
        let text = format!(
            "trait A {{\n    fn a(&self);\n{}    fn b(&self) {{\n    }}\n}}\n",
            "    // x\n".repeat(120)
        );
        assert_eq!(check(&SourceTree::of(&[("a.rs", &text)])), []);
    }

    #[test]
    fn a_long_file_is_found() {
        assert_eq!(check(&SourceTree::of(&[("a.rs", &"// x\n".repeat(801))])).len(), 1);
        assert_eq!(check(&SourceTree::of(&[("a.md", &"x\n".repeat(801))])), []);
    }
}
