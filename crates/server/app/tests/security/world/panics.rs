//! Panics: a hook that remembers every panic of the server, also those that something catches on the way.

use std::panic;
use std::sync::{Mutex, Once, PoisonError};

static SEEN: Mutex<Vec<String>> = Mutex::new(Vec::new());
static HOOK: Once = Once::new();

/// Panics of this program since a point in time.
#[derive(Debug)]
pub(crate) struct Panics {
    before: usize,
}

/// Begins to watch.
pub(crate) fn watch() -> Panics {
    HOOK.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let place = info.location().map(|at| at.file().to_owned()).unwrap_or_default();
            // A test that fails panics too; only the product's panics are of interest.
            if !place.contains("tests/security") {
                SEEN.lock().unwrap_or_else(PoisonError::into_inner).push(info.to_string());
            }
            usual(info);
        }));
    });
    Panics { before: SEEN.lock().unwrap_or_else(PoisonError::into_inner).len() }
}

impl Panics {
    /// Returns what panicked since.
    pub(crate) fn seen(&self) -> Vec<String> {
        SEEN.lock().unwrap_or_else(PoisonError::into_inner)[self.before..].to_vec()
    }
}
