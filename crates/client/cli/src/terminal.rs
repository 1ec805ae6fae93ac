//! Terminal: what came from a server or a disk is shown as text only. Names may hold anything, and a terminal obeys
//! control characters.

use std::io::{BufRead as _, Write as _};

use serde::Serialize;

use crate::failure::CliError;

/// Returns the text without control characters.
pub fn plain(text: &str) -> String {
    text.replace(is_unfit, "\u{fffd}")
}

/// Asks a question whose answer is yes or no; anything but yes is [`CliError::Declined`].
pub fn confirm(question: &str) -> Result<(), CliError> {
    let broken = |error: std::io::Error| CliError::Computer(error.to_string());
    print!("{question} [y/N] ");
    std::io::stdout().flush().map_err(broken)?;
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer).map_err(broken)?;
    match answer.trim().to_lowercase().as_str() {
        "y" | "yes" => Ok(()),
        _ => Err(CliError::Declined),
    }
}

/// Returns a value as one line of JSON. What a terminal would obey is escaped; whoever reads JSON gets it back whole.
pub fn json_line(value: &impl Serialize) -> Result<String, CliError> {
    let json = serde_json::to_string(value).map_err(|error| CliError::Computer(error.to_string()))?;
    let mut line = String::with_capacity(json.len());
    for letter in json.chars() {
        if is_unfit(letter) {
            // All of them lie in the first plane, where one escape is one character.
            line.push_str(&format!("\\u{:04x}", u32::from(letter)));
        } else {
            line.push(letter);
        }
    }
    Ok(line)
}

fn is_unfit(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::{json_line, plain};

    #[test]
    fn a_name_cannot_command_the_terminal() {
        assert_eq!(plain("a\u{1b}[2Jb\u{202e}c\nd"), "a\u{fffd}[2Jb\u{fffd}c\u{fffd}d");
        assert_eq!(plain("Grüße – 報告"), "Grüße – 報告");
    }

    #[test]
    fn json_commands_no_terminal_either_and_says_the_same() {
        let name = "a\u{9b}2Jb\u{202e}c\u{85}d\u{7f} Grüße";
        let line = json_line(&name).unwrap();
        assert_eq!(line, "\"a\\u009b2Jb\\u202ec\\u0085d\\u007f Grüße\"");
        assert_eq!(serde_json::from_str::<String>(&line).unwrap(), name);
    }
}
