//! A file of people to invite, and of what came of it: columns `Name,Email` and those of the outcome (A08). What a spreadsheet
//! program writes is read — byte order marks, UTF-16, semicolons, tabs, quotes — and columns nobody knows here are kept.
//!
//! Cells that a spreadsheet would run as a formula are written with an apostrophe before them, which reading takes off again.

use csv::{ReaderBuilder, StringRecord, Terminator, Writer, WriterBuilder};

use crate::failure::CliError;

/// The columns of an outcome, in the order in which they are added.
pub(super) const OUTCOME: [&str; 6] = ["time", "status", "userId", "redeemUrl", "inviteId", "error"];
/// What stands in `error` when all is done.
pub(super) const SUCCESS: &str = "success";

/// A table of people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct InvitationTable {
    columns: Vec<String>,
    /// The people, one a row.
    pub rows: Vec<Row>,
    delimiter: u8,
    crlf: bool,
    name: usize,
    email: usize,
    outcome: [usize; OUTCOME.len()],
}

/// One person's cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row(Vec<String>);

/// What came of a row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct RowOutcome {
    pub time: String,
    pub status: String,
    pub user: String,
    pub redeem_url: String,
    pub invitation: String,
    /// [`SUCCESS`], or why not.
    pub error: String,
}

impl InvitationTable {
    /// Reads a file's bytes.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, CliError> {
        let text = decoded(bytes)?;
        let delimiter = delimiter_of(text.lines().next().unwrap_or_default());
        let mut reader =
            ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text.as_bytes());
        let headers = reader.headers().map_err(|error| unreadable(&error))?.clone();
        let mut columns: Vec<String> = headers.iter().map(|name| name.trim().to_owned()).collect();
        let find = |columns: &[String], name: &str| {
            columns.iter().position(|column| column.eq_ignore_ascii_case(name))
        };
        let (Some(name), Some(email)) = (find(&columns, "Name"), find(&columns, "Email")) else {
            return Err(CliError::Typed {
                text: "The file has no columns `Name` and `Email` in its first line.".to_owned(),
                hint: "Its first line is `Name,Email`; further columns may follow.".to_owned(),
            });
        };
        let outcome = OUTCOME.map(|wanted| {
            find(&columns, wanted).unwrap_or_else(|| {
                columns.push(wanted.to_owned());
                columns.len() - 1
            })
        });
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|error| unreadable(&error))?;
            if record.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            while columns.len() < record.len() {
                columns.push(String::new());
            }
            rows.push(Row(record.iter().map(bare).collect()));
        }
        for Row(cells) in &mut rows {
            cells.resize(columns.len(), String::new());
        }
        Ok(Self { columns, rows, delimiter, crlf: text.contains("\r\n"), name, email, outcome })
    }

    /// Returns a person's name; none when nobody wrote one.
    pub(super) fn name_of(&self, row: &Row) -> Option<String> {
        Some(row.0[self.name].trim().to_owned()).filter(|name| !name.is_empty())
    }

    /// Returns a person's address as it was written, without spaces around it.
    pub(super) fn email_of<'r>(&self, row: &'r Row) -> &'r str {
        row.0[self.email].trim()
    }

    /// Tells whether nothing is left to do for a person.
    pub(super) fn is_done(&self, row: &Row) -> bool {
        row.0[self.outcome[5]].trim() == SUCCESS
    }

    /// Writes what came of a row into it. An outcome without ids keeps those of an earlier try.
    pub(super) fn settle(&mut self, at: usize, outcome: &RowOutcome) {
        let values = [
            &outcome.time,
            &outcome.status,
            &outcome.user,
            &outcome.redeem_url,
            &outcome.invitation,
            &outcome.error,
        ];
        for (column, value) in self.outcome.into_iter().zip(values) {
            if !value.is_empty() {
                self.rows[at].0[column].clone_from(value);
            }
        }
    }

    /// Takes over what an earlier run is known to have done, by address. Returns for how many rows.
    pub(super) fn take_over(&mut self, earlier: &Self) -> usize {
        let mut taken = 0;
        let done = |row: &&Row| earlier.is_done(row);
        let known: std::collections::BTreeMap<String, &Row> =
            earlier.rows.iter().filter(done).map(|row| (earlier.email_of(row).to_lowercase(), row)).collect();
        for at in 0..self.rows.len() {
            let row = &self.rows[at];
            if self.is_done(row) {
                continue;
            }
            let Some(before) = known.get(&self.email_of(row).to_lowercase()) else { continue };
            let cell = |at: usize| before.0[earlier.outcome[at]].clone();
            let outcome = RowOutcome {
                time: cell(0),
                status: cell(1),
                user: cell(2),
                redeem_url: cell(3),
                invitation: cell(4),
                error: cell(5),
            };
            self.settle(at, &outcome);
            taken += 1;
        }
        taken
    }

    /// Writes the heading.
    pub(super) fn heading(&self) -> Result<Vec<u8>, CliError> {
        self.written(&self.columns)
    }

    /// Writes a row.
    pub(super) fn line(&self, row: &Row) -> Result<Vec<u8>, CliError> {
        self.written(&row.0)
    }

    fn written(&self, cells: &[String]) -> Result<Vec<u8>, CliError> {
        let terminator = if self.crlf { Terminator::CRLF } else { Terminator::Any(b'\n') };
        let mut writer: Writer<Vec<u8>> =
            WriterBuilder::new().delimiter(self.delimiter).terminator(terminator).from_writer(Vec::new());
        let record: StringRecord = cells.iter().map(|cell| guarded(cell)).collect();
        writer.write_record(&record).map_err(|error| unreadable(&error))?;
        writer.into_inner().map_err(|error| CliError::Computer(error.to_string()))
    }
}

fn unreadable(error: &csv::Error) -> CliError {
    CliError::Typed {
        text: format!("The file cannot be read as a table: {error}"),
        hint: "Save it as CSV in UTF-8.".to_owned(),
    }
}

/// Reads text in UTF-8 or, with its mark, UTF-16, as spreadsheet programs write it.
fn decoded(bytes: &[u8]) -> Result<String, CliError> {
    let wide = |bytes: &[u8], read: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| read([pair[0], pair[1]])).collect();
        String::from_utf16(&units).ok()
    };
    let text = match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8(rest.to_vec()).ok(),
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        bytes => String::from_utf8(bytes.to_vec()).ok(),
    };
    text.ok_or_else(|| CliError::Typed {
        text: "The file is not text in UTF-8.".to_owned(),
        hint: "Save it as CSV in UTF-8.".to_owned(),
    })
}

/// Tells what separates cells: whichever of the usual characters stands in the heading most often.
fn delimiter_of(heading: &str) -> u8 {
    let count = |delimiter: u8| heading.bytes().filter(|byte| *byte == delimiter).count();
    // The last of equals wins, so the comma is the last.
    [b'\t', b';', b','].into_iter().max_by_key(|delimiter| count(*delimiter)).unwrap_or(b',')
}

/// Tells whether a spreadsheet would run a cell.
fn is_run(cell: &str) -> bool {
    cell.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// Writes a cell so that no spreadsheet runs it.
fn guarded(cell: &str) -> String {
    if is_run(cell) { format!("'{cell}") } else { cell.to_owned() }
}

/// Reads a cell as it was before it was guarded.
fn bare(cell: &str) -> String {
    match cell.strip_prefix('\'') {
        Some(rest) if is_run(rest) => rest.to_owned(),
        _ => cell.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{InvitationTable, RowOutcome, bare, guarded};

    fn table(text: &str) -> InvitationTable {
        InvitationTable::read(text.as_bytes()).expect("a table")
    }

    fn whole(table: &InvitationTable) -> String {
        let mut bytes = table.heading().expect("writes");
        table.rows.iter().for_each(|row| bytes.extend(table.line(row).expect("writes")));
        String::from_utf8(bytes).expect("text")
    }

    #[test]
    fn what_a_spreadsheet_would_run_is_guarded_and_read_back_the_same() {
        for cell in ["=1+1", "+41", "-1", "@SUM", "\tx", "\rx", "'=x", "''-", "plain", "", "'quoted'", "Ä"] {
            assert_eq!(bare(&guarded(cell)), cell);
            assert!(!guarded(cell).starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
        }
    }

    #[test]
    fn files_of_spreadsheet_programs_are_read_and_written_in_their_own_way() {
        let semicolons = "\u{feff}name;EMAIL;Team\r\n\"Doe; Jane\";jane@fabrikam.example;=A1\r\n;;\r\n";
        let read = table(semicolons);
        assert_eq!(read.rows.len(), 1);
        assert_eq!(read.name_of(&read.rows[0]).as_deref(), Some("Doe; Jane"));
        assert_eq!(read.email_of(&read.rows[0]), "jane@fabrikam.example");
        let written = whole(&read);
        assert_eq!(
            written,
            "name;EMAIL;Team;time;status;userId;redeemUrl;inviteId;error\r\n\
             \"Doe; Jane\";jane@fabrikam.example;'=A1;;;;;;\r\n"
        );
        assert_eq!(table(&written).rows, read.rows);

        let wide: Vec<u8> = [0xff, 0xfe]
            .into_iter()
            .chain("Name\tEmail\nJö\tj@x.example\n".encode_utf16().flat_map(u16::to_le_bytes))
            .collect();
        let wide = InvitationTable::read(&wide).expect("a table");
        assert_eq!(wide.name_of(&wide.rows[0]).as_deref(), Some("Jö"));
        assert!(InvitationTable::read(b"Name,Mail\n").is_err());
        assert!(InvitationTable::read(b"Name,Email\n\xff\xff,x\n").is_err());
    }

    #[test]
    fn the_output_is_a_valid_input_and_says_what_is_done() {
        let mut first = table("Name,Email\nJane,jane@x.example\nJoe,joe@x.example\n");
        let done = RowOutcome { error: "success".into(), user: "u1".into(), ..RowOutcome::default() };
        first.settle(0, &done);
        first.settle(1, &RowOutcome { error: "no such domain".into(), ..RowOutcome::default() });
        let again = table(&whole(&first));
        assert!(again.is_done(&again.rows[0]) && !again.is_done(&again.rows[1]));

        let mut afresh = table("Email,Name\nJOE@x.example,Joe\nJANE@x.example,Jane\nnew@x.example,New\n");
        assert_eq!(afresh.take_over(&again), 1);
        assert!(afresh.is_done(&afresh.rows[1]) && !afresh.is_done(&afresh.rows[0]));
    }
}
