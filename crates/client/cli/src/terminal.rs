//! Terminal: what came from a server or a disk is shown as text only. Names may hold anything, and a terminal obeys
//! control characters.

/// Returns the text without control characters.
pub fn plain(text: &str) -> String {
    text.replace(is_unfit, "\u{fffd}")
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
