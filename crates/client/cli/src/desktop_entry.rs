//! Desktop entry: the texts by which a desktop knows who opens our links (freedesktop.org: Desktop Entry, MIME
//! applications). Text in, text out; a person's other lines stay as they are.

/// Name of our desktop entry.
pub const FILE_NAME: &str = "footbridge-open.desktop";
/// Our own scheme, and the one of the client people used before.
pub const SCHEMES: [&str; 2] = ["footbridge", "odopen"];

const DEFAULTS: &str = "[Default Applications]";

/// Whether a scheme is taken from another program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// We come first.
    Always,
    /// Only where there is no default.
    IfFree,
}

/// Writes the entry. It runs in a terminal, because it asks before it talks to a cloud the person does not know.
pub fn entry(words: &[String]) -> String {
    let command: Vec<String> = words.iter().map(|word| quoted(word)).collect();
    let types: String = SCHEMES.iter().map(|scheme| format!("x-scheme-handler/{scheme};")).collect();
    format!(
        "[Desktop Entry]\nType=Application\nName=Footbridge\nComment=Sync what other organizations shared with you\n\
         Exec={} %u\nTerminal=true\nNoDisplay=true\nMimeType={types}\n",
        command.join(" ")
    )
}

/// Quotes a word twice, as the specification says: once for the command, once for the file.
fn quoted(word: &str) -> String {
    let mut text = String::from("\"");
    for letter in word.chars() {
        match letter {
            '"' | '`' | '$' => text.extend(['\\', '\\', letter]),
            '\\' => text.push_str("\\\\\\\\"),
            '%' => text.push_str("%%"),
            '\n' => text.push_str("\\n"),
            other => text.push(other),
        }
    }
    text.push('"');
    text
}

/// Makes our entry a scheme's default.
pub fn with_default(text: &str, scheme: &str, claim: Claim) -> String {
    let key = format!("x-scheme-handler/{scheme}");
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let section = lines.iter().position(|line| line.trim() == DEFAULTS);
    let Some(section) = section else {
        if lines.last().is_some_and(|line| !line.trim().is_empty()) {
            lines.push(String::new());
        }
        lines.extend([DEFAULTS.to_owned(), format!("{key}={FILE_NAME}")]);
        return joined(&lines);
    };
    let end = lines.iter().skip(section + 1).position(|line| line.trim_start().starts_with('['));
    let end = end.map_or(lines.len(), |offset| section + 1 + offset);
    let found = (section + 1..end).find(|at| lines[*at].split('=').next().map(str::trim) == Some(&key));
    match found {
        None => lines.insert(section + 1, format!("{key}={FILE_NAME}")),
        Some(at) => {
            let others = others(&lines[at]);
            if others.is_empty() {
                lines[at] = format!("{key}={FILE_NAME}");
            } else if claim == Claim::Always {
                lines[at] = format!("{key}={FILE_NAME};{}", others.join(";"));
            }
        }
    }
    joined(&lines)
}

/// Takes our entry out of every line.
pub fn without(text: &str) -> String {
    let mut lines = Vec::new();
    for line in text.lines() {
        if !line.contains(FILE_NAME) {
            lines.push(line.to_owned());
            continue;
        }
        let others = others(line);
        if let (false, Some((key, _))) = (others.is_empty(), line.split_once('=')) {
            lines.push(format!("{key}={}", others.join(";")));
        }
    }
    joined(&lines)
}

/// The other programs named in a line.
fn others(line: &str) -> Vec<&str> {
    let programs = line.split_once('=').map_or("", |(_, programs)| programs);
    programs
        .split(';')
        .map(str::trim)
        .filter(|program| !program.is_empty() && *program != FILE_NAME)
        .collect()
}

fn joined(lines: &[String]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::{Claim, entry, with_default, without};

    #[test]
    fn a_persons_other_defaults_stay_and_installing_twice_changes_nothing() {
        let theirs = "[Added Associations]\ntext/plain=b.desktop;\n\n[Default Applications]\ntext/html=fox.desktop\n\
                      x-scheme-handler/odopen=other.desktop;\n\n[Removed Associations]\na/b=c.desktop\n";
        let install = |text: &str| {
            with_default(&with_default(text, "footbridge", Claim::Always), "odopen", Claim::IfFree)
        };
        let once = install(theirs);
        assert_eq!(install(&once), once);
        assert!(once.contains("\nx-scheme-handler/footbridge=footbridge-open.desktop\n"), "{once}");
        assert!(once.contains("\nx-scheme-handler/odopen=other.desktop;\n"), "{once}");
        assert!(once.contains("text/html=fox.desktop") && once.contains("a/b=c.desktop"), "{once}");
        assert_eq!(without(&once), theirs);
        let fresh = install("");
        assert!(fresh.contains("x-scheme-handler/odopen=footbridge-open.desktop"), "{fresh}");
        assert_eq!(without(&fresh), "[Default Applications]\n");
    }

    #[test]
    fn another_program_is_put_behind_and_comes_back() {
        let theirs = "[Default Applications]\nx-scheme-handler/footbridge=old.desktop\n";
        let ours = with_default(theirs, "footbridge", Claim::Always);
        assert!(ours.contains("footbridge=footbridge-open.desktop;old.desktop\n"), "{ours}");
        assert_eq!(without(&ours), theirs);
    }

    #[test]
    fn a_program_with_an_odd_path_is_still_one_word() {
        let text = entry(&["/opt/a \"b\" $c 100%/footbridge".to_owned(), "open".to_owned()]);
        let wanted = "Exec=\"/opt/a \\\\\"b\\\\\" \\\\$c 100%%/footbridge\" \"open\" %u\n";
        assert!(text.contains(wanted), "{text}");
    }
}
