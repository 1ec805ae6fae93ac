//! Terminal: what came from a server or a disk is shown as text only. Names may hold anything, and a terminal obeys
//! control characters.

use std::io::{BufRead as _, Write as _};

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

fn is_unfit(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn a_name_cannot_command_the_terminal() {
        assert_eq!(plain("a\u{1b}[2Jb\u{202e}c\nd"), "a\u{fffd}[2Jb\u{fffd}c\u{fffd}d");
        assert_eq!(plain("Grüße – 報告"), "Grüße – 報告");
    }
}
