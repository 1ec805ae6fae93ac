//! Folder mailer: keeps each mail as an `.eml` file. A file appears whole or not at all.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use runtime::{BoxFuture, Runtime};

use crate::{Letter, MailError, Mailer};

/// Keeps mails in a folder.
#[derive(Debug, Clone)]
pub struct FolderMailer {
    folder: PathBuf,
    runtime: Runtime,
}

impl FolderMailer {
    /// Keeps mails in this folder, made when the first mail comes.
    #[must_use]
    pub fn new(folder: PathBuf, runtime: Runtime) -> Self {
        Self { folder, runtime }
    }
}

impl Mailer for FolderMailer {
    fn send<'a>(&'a self, letter: &'a Letter) -> BoxFuture<'a, Result<(), MailError>> {
        Box::pin(async move {
            // The time in front sorts a listing; the job behind it makes a second try find the first.
            let time = self.runtime.now().strftime("%Y%m%dT%H%M%S").to_string();
            let (folder, job, bytes) = (self.folder.clone(), letter.name().to_owned(), letter.bytes());
            let written = self.runtime.blocking(move || keep(&folder, &time, &job, &bytes)).await;
            match written {
                Ok(Ok(())) => Ok(()),
                Ok(Err(error)) => Err(MailError::Transient(Box::new(error))),
                Err(interrupted) => Err(MailError::Transient(Box::new(interrupted))),
            }
        })
    }
}

fn keep(folder: &Path, time: &str, job: &str, bytes: &[u8]) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let end = format!("-{job}.eml");
    for entry in fs::read_dir(folder)? {
        if entry?.file_name().to_string_lossy().ends_with(&end) {
            return Ok(());
        }
    }
    let staged = folder.join(format!(".{job}.part"));
    let mut file = File::create(&staged)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&staged, folder.join(format!("{time}{end}")))?;
    File::open(folder)?.sync_all()
}
