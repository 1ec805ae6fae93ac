//! Administration: what every administrator's command has in common. A noun is a folder of `commands` with a `NounOptions`
//! that flattens [`AdminOptions`] and names its verbs, each verb a file; it opens [`Admin`] and answers through it, as
//! text for people or as JSON for scripts.
//!
//! The cloud alone decides who may do what: a command asks, and tells what was answered.

use agent::Places;
use clap::Args;
use serde_json::Value;

use crate::failure::CliError;
use crate::graph::Graph;
use crate::terminal::plain;

/// Who acts where, and how it is told.
#[derive(Debug, Clone, Args)]
pub struct AdminOptions {
    /// Your account, when several people are signed in
    #[arg(long, global = true, value_name = "ADDRESS")]
    pub account: Option<String>,
    /// The organization, by a domain or its id, when it is not your own
    #[arg(long, global = true, value_name = "DOMAIN")]
    pub organization: Option<String>,
    /// Print JSON for scripts
    #[arg(long, global = true)]
    pub json: bool,
}

/// An administrator at work.
pub struct Admin {
    /// Requests in their name.
    pub graph: Graph,
    json: bool,
}

impl Admin {
    /// Gets a token for who is named, where it is named.
    pub async fn open(places: &Places, options: &AdminOptions) -> Result<Self, CliError> {
        let graph = Graph::open_at(places, options.account.clone(), options.organization.clone()).await?;
        Ok(Self { graph, json: options.json })
    }

    /// Tells whether a program reads the answer.
    pub fn for_scripts(&self) -> bool {
        self.json
    }

    /// Prints an answer: the value itself for scripts, else `text` of it.
    pub fn show(&self, value: &Value, text: impl FnOnce(&Value) -> String) {
        if self.json {
            println!("{value}");
        } else {
            let text = text(value);
            print!("{text}{}", if text.is_empty() || text.ends_with('\n') { "" } else { "\n" });
        }
    }
}

/// Writes lines of cells in columns below their headings. Cells come from a cloud and are shown as plain text.
pub fn table(headings: &[&str], rows: &[Vec<String>]) -> String {
    let rows: Vec<Vec<String>> =
        rows.iter().map(|row| row.iter().map(|cell| plain(cell)).collect()).collect();
    let width = |at: usize| {
        let cells = rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.chars().count());
        cells.max().unwrap_or(0).max(headings.get(at).map_or(0, |heading| heading.chars().count()))
    };
    let widths: Vec<usize> = (0..headings.len()).map(width).collect();
    let line = |cells: &[String]| {
        let padded = cells.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned() + "\n"
    };
    let headings: Vec<String> = headings.iter().map(|heading| (*heading).to_owned()).collect();
    line(&headings) + &rows.iter().map(|row| line(row)).collect::<String>()
}

/// Returns a text of an answer, or nothing where there is none.
pub fn text_of(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(text_of).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::table;

    #[test]
    fn columns_stand_below_each_other_and_cells_command_no_terminal() {
        let rows = [vec!["a\u{1b}[2J".to_owned(), "b".to_owned()], vec!["longer".to_owned(), String::new()]];
        assert_eq!(table(&["Name", "State"], &rows), "Name    State\na\u{fffd}[2J   b\nlonger\n");
    }
}
