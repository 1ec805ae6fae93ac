//! Passwords come from standard input or a hidden prompt, never from an argument, which every process could read.

use std::io::{BufRead, IsTerminal, Write};

use anyhow::Context;

/// Fewest characters of a password (NIST SP 800-63B asks for 8).
const SHORTEST: usize = 8;

/// Where a password comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// A person is asked when one sits there.
    Ask,
    /// Standard input, silently.
    Standard,
}

impl From<bool> for Source {
    fn from(from_standard_input: bool) -> Self {
        if from_standard_input { Self::Standard } else { Self::Ask }
    }
}

/// Reads one line as a password.
pub(crate) fn read(source: Source) -> anyhow::Result<String> {
    let input = std::io::stdin();
    let asking = source == Source::Ask && input.is_terminal();
    if asking {
        print!("Password for the new account: ");
        std::io::stdout().flush()?;
    }
    let _echo = asking.then(HiddenEcho::start);
    let mut line = String::new();
    input.lock().read_line(&mut line).context("no password could be read from standard input")?;
    let password = line.trim_end_matches(['\r', '\n']).to_owned();
    anyhow::ensure!(
        password.chars().count() >= SHORTEST,
        "the password is too short: use at least {SHORTEST} characters"
    );
    Ok(password)
}

/// Turns the terminal's echo off while a password is typed.
struct HiddenEcho(Option<rustix::termios::Termios>);

impl HiddenEcho {
    fn start() -> Self {
        let input = std::io::stdin();
        let before = rustix::termios::tcgetattr(&input).ok();
        if let Some(mut settings) = before.clone() {
            settings.local_modes.remove(rustix::termios::LocalModes::ECHO);
            // A terminal that cannot hide input still takes it.
            let _set = rustix::termios::tcsetattr(&input, rustix::termios::OptionalActions::Now, &settings);
        }
        Self(before)
    }
}

impl Drop for HiddenEcho {
    fn drop(&mut self) {
        if let Some(before) = &self.0 {
            let _set =
                rustix::termios::tcsetattr(std::io::stdin(), rustix::termios::OptionalActions::Now, before);
            println!();
        }
    }
}
