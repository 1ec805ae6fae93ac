//! The file of results of a bulk invitation. What is done is appended to a file beside it and flushed to the disk before the
//! next people are invited, so that a crash loses nothing; the whole takes the result's name in one step at the end.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::invitation_table::InvitationTable;
use crate::failure::CliError;

/// Results as they grow.
pub(super) struct ResultFile {
    out: PathBuf,
    partial: PathBuf,
    file: File,
}

/// Where results lie until all of them are there.
fn partial_of(out: &Path) -> PathBuf {
    let mut name = out.as_os_str().to_owned();
    name.push(".partial");
    PathBuf::from(name)
}

/// Reads what earlier runs to the same file have left: first the results, then those of a run that broke off.
pub(super) fn earlier(out: &Path) -> Result<Vec<InvitationTable>, CliError> {
    let mut found = Vec::new();
    for path in [out.to_owned(), partial_of(out)] {
        match fs::read(&path) {
            Ok(bytes) if bytes.is_empty() => {}
            Ok(bytes) => {
                // A run that was cut off while it wrote leaves a last line without its end.
                let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
                if whole > 0 {
                    found.push(InvitationTable::read(&bytes[..whole])?);
                }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(failed(&path, &error)),
        }
    }
    Ok(found)
}

impl ResultFile {
    /// Begins a file of results with what is known already.
    pub(super) fn begin(out: &Path, table: &InvitationTable) -> Result<Self, CliError> {
        let partial = partial_of(out);
        // What a broken run left stays until the new beginning, which holds all of it, is on the disk.
        let mut fresh = partial.as_os_str().to_owned();
        fresh.push(".new");
        let fresh = PathBuf::from(fresh);
        let mut bytes = table.heading()?;
        for row in table.rows.iter().filter(|row| table.is_done(row)) {
            bytes.extend(table.line(row)?);
        }
        write_whole(&fresh, &bytes).map_err(|error| failed(&fresh, &error))?;
        fs::rename(&fresh, &partial).map_err(|error| failed(&partial, &error))?;
        let file =
            OpenOptions::new().append(true).open(&partial).map_err(|error| failed(&partial, &error))?;
        Ok(Self { out: out.to_owned(), partial, file })
    }

    /// Appends rows and waits until they are on the disk.
    pub(super) fn append(&mut self, table: &InvitationTable, rows: &[usize]) -> Result<(), CliError> {
        let mut bytes = Vec::new();
        for at in rows {
            bytes.extend(table.line(&table.rows[*at])?);
        }
        let written = self.file.write_all(&bytes).and_then(|()| self.file.sync_data());
        written.map_err(|error| failed(&self.partial, &error))
    }

    /// Writes all rows in their order and gives them the result's name.
    pub(super) fn finish(self, table: &InvitationTable) -> Result<(), CliError> {
        let mut bytes = table.heading()?;
        for row in &table.rows {
            bytes.extend(table.line(row)?);
        }
        let mut whole = self.out.as_os_str().to_owned();
        whole.push(".new");
        let whole = PathBuf::from(whole);
        write_whole(&whole, &bytes).map_err(|error| failed(&whole, &error))?;
        fs::rename(&whole, &self.out).map_err(|error| failed(&self.out, &error))?;
        fs::remove_file(&self.partial).map_err(|error| failed(&self.partial, &error))
    }
}

/// Links in a result accept invitations, so that the file is its owner's alone.
fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn failed(path: &Path, error: &io::Error) -> CliError {
    CliError::Computer(format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::{ResultFile, earlier};
    use crate::commands::guests::invitation_table::{InvitationTable, RowOutcome};

    #[test]
    fn a_run_that_was_cut_off_while_writing_loses_no_finished_row() {
        let folder = tempfile::tempdir().expect("a folder");
        let out = folder.path().join("results.csv");
        let input = b"Name,Email\nA,a@x.example\nB,b@x.example\nC,c@x.example\n";
        let mut table = InvitationTable::read(input).expect("a table");
        let done = RowOutcome { error: "success".into(), ..RowOutcome::default() };
        let mut results = ResultFile::begin(&out, &table).expect("begins");
        table.settle(0, &done);
        results.append(&table, &[0]).expect("appends");
        drop(results);
        let partial = folder.path().join("results.csv.partial");
        let mut bytes = std::fs::read(&partial).expect("is there");
        bytes.extend(b"B,b@x.exam");
        std::fs::write(&partial, bytes).expect("writes");

        let mut again = InvitationTable::read(input).expect("a table");
        let taken: usize = earlier(&out).expect("reads").iter().map(|table| again.take_over(table)).sum();
        assert_eq!(taken, 1);
        let results = ResultFile::begin(&out, &again).expect("begins");
        results.finish(&again).expect("finishes");
        assert!(!partial.exists());
        let whole = InvitationTable::read(&std::fs::read(&out).expect("is there")).expect("a table");
        assert_eq!(whole.rows, again.rows);
    }
}
