//! Options: what is measured, how large, and where.

use std::path::PathBuf;

use clap::{Parser, ValueEnum};

/// Measures the real programs on this computer, each scenario beside rsync making the same two copies.
#[derive(Debug, Clone, Parser)]
#[command(name = "make bench")]
pub struct Options {
    /// Divides every count and size by this; 10 or 20 is for trying it out.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=1000))]
    pub scale: u64,
    /// Only these, and what they build on; without it everything but the file of 4 GiB.
    #[arg(long, value_delimiter = ',')]
    pub only: Vec<Scenario>,
    /// Folder for everything; emptied first and removed at the end.
    #[arg(long, default_value = ".footbridge/bench")]
    pub dir: PathBuf,
    /// File for the numbers as JSON.
    #[arg(long, default_value = ".footbridge/bench.json")]
    pub json: PathBuf,
    /// Chooses the contents of the files.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Keep the folder, with logs and data.
    #[arg(long)]
    pub keep: bool,
}

/// One measurement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Scenario {
    /// 10,000 files of 1 to 32 KiB.
    SmallFiles,
    /// The folder of these 10,000 gets another name.
    RenameFolder,
    /// One file of 4 KiB beside them: how long until it is on the other side.
    OneFile,
    /// A file of 2 GiB.
    BigFile,
    /// 1 MiB is overwritten inside it.
    Overwrite,
    /// 1 MiB is inserted inside it.
    Insert,
    /// A client starts with 50,000 files that did not change.
    StartUnchanged,
    /// A file of 4 GiB (for the memory; only when asked for, because it needs 20 GiB of disk).
    HugeFile,
    /// 100,000 files of 1 to 4 KiB (for the memory).
    ManyFiles,
    /// Tokens and accesses with 10,000 guests, 2,000 sites and 200 policies; no file moves.
    Decisions,
}

impl Scenario {
    /// Groups of those that move files share one cloud; within a group a scenario builds on those before it.
    pub const GROUPS: [&'static [Self]; 5] = [
        &[Self::SmallFiles, Self::RenameFolder, Self::OneFile],
        &[Self::BigFile, Self::Overwrite, Self::Insert],
        &[Self::StartUnchanged],
        &[Self::HugeFile],
        &[Self::ManyFiles],
    ];

    fn is_usual(self) -> bool {
        self != Self::HugeFile
    }
}

impl Options {
    /// Tells whether decisions are measured.
    #[must_use]
    pub fn wants_decisions(&self) -> bool {
        self.only.is_empty() || self.only.contains(&Scenario::Decisions)
    }

    /// Returns what to run of a group: everything up to the last that is wanted.
    #[must_use]
    pub fn wanted_of(&self, group: &[Scenario]) -> Vec<Scenario> {
        let wanted = |scenario: &Scenario| {
            if self.only.is_empty() { scenario.is_usual() } else { self.only.contains(scenario) }
        };
        let until = group.iter().rposition(wanted).map_or(0, |last| last + 1);
        group[..until].to_vec()
    }

    /// Returns a count or size divided by the scale, at least `least`.
    #[must_use]
    pub fn scaled(&self, full: u64, least: u64) -> u64 {
        (full / self.scale).max(least)
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::{Options, Scenario};

    #[test]
    fn a_scenario_brings_what_it_builds_on_and_the_huge_file_comes_only_when_asked_for() {
        let asked = Options::parse_from(["bench", "--only", "overwrite,many-files", "--scale", "10"]);
        let run: Vec<_> = Scenario::GROUPS.iter().flat_map(|group| asked.wanted_of(group)).collect();
        assert_eq!(run, [Scenario::BigFile, Scenario::Overwrite, Scenario::ManyFiles]);
        assert_eq!((asked.scaled(10_000, 1), asked.scaled(5, 1)), (1000, 1));
        let usual = Options::parse_from(["bench"]);
        let run: Vec<_> = Scenario::GROUPS.iter().flat_map(|group| usual.wanted_of(group)).collect();
        assert_eq!(run.len(), 8);
        assert!(!run.contains(&Scenario::HugeFile) && run.contains(&Scenario::ManyFiles));
        assert!(usual.wants_decisions() && !asked.wants_decisions());
    }
}
