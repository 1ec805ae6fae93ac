//! Marks: what was heard lately about the writers of files. They are forgotten soon; then a file's age decides.

use std::collections::BTreeMap;
use std::time::Duration;

/// What was heard last about a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// It was written and not closed since.
    Writing,
    /// Its writer closed it, or it was moved here complete.
    Closed,
}

/// The marks by folder and name.
#[derive(Debug, Default)]
pub(super) struct Marks(BTreeMap<(i32, Vec<u8>), (Mark, Duration)>);

/// More marks than this are thinned out.
const MANY: usize = 8192;
/// Older marks may be forgotten.
const OLD: Duration = Duration::from_secs(60);

impl Marks {
    pub(super) fn get(&self, wd: i32, name: &[u8]) -> Option<(Mark, Duration)> {
        self.0.get(&(wd, name.to_vec())).copied()
    }

    /// Sets a mark; tells whether it is another one than before.
    pub(super) fn set(&mut self, wd: i32, name: &[u8], mark: Mark, elapsed: Duration) -> bool {
        if self.0.len() >= MANY {
            self.0.retain(|_, (_, at)| elapsed.saturating_sub(*at) < OLD);
        }
        if self.0.len() >= MANY {
            // Nothing known is always safe: the file's age decides.
            self.0.clear();
        }
        self.0.insert((wd, name.to_vec()), (mark, elapsed)).is_none_or(|(before, _)| before != mark)
    }

    pub(super) fn remove(&mut self, wd: i32, name: &[u8]) {
        self.0.remove(&(wd, name.to_vec()));
    }

    pub(super) fn remove_folder(&mut self, wd: i32) {
        let names: Vec<_> = self
            .0
            .range((wd, Vec::new())..)
            .take_while(|((of, _), _)| *of == wd)
            .map(|(key, _)| key.clone())
            .collect();
        for key in names {
            self.0.remove(&key);
        }
    }
}
