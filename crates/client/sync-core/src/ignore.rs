//! Ignored names: lock files, half-made downloads and editors' leftovers that never sync.

/// What an ignored file means for the folder that holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ignored {
    /// May go to the trash together with its folder.
    Disposable,
    /// Keeps its folder alive.
    Precious,
}

/// Returns whether a file of this name stays out of the sync, and what it means for its folder.
#[must_use]
pub fn ignored(name: &str) -> Option<Ignored> {
    let lower = name.to_ascii_lowercase();
    let disposable = lower.starts_with("~$")
        || lower.starts_with(".~lock.") && lower.ends_with('#')
        || lower.starts_with(".goutputstream-")
        || lower == "4913"
        || lower == ".ds_store"
        || lower == "thumbs.db"
        || lower == "desktop.ini"
        || lower.starts_with('.') && [".swp", ".swx", ".swo"].iter().any(|end| lower.ends_with(end));
    if disposable {
        return Some(Ignored::Disposable);
    }
    // Somebody's only copy may hide behind these: a browser's running download, a converter's output.
    let precious = [".tmp", ".part", ".crdownload", ".partial"].iter().any(|end| lower.ends_with(end));
    precious.then_some(Ignored::Precious)
}

#[cfg(test)]
mod tests {
    use super::{Ignored, ignored};

    #[test]
    fn lock_files_are_disposable_and_unfinished_downloads_are_precious() {
        for name in ["~$Report.docx", ".~lock.Budget.ods#", ".notes.swp", "4913"] {
            assert_eq!(ignored(name), Some(Ignored::Disposable), "{name}");
        }
        for name in ["movie.part", "x.TMP", "iso.crdownload"] {
            assert_eq!(ignored(name), Some(Ignored::Precious), "{name}");
        }
        assert_eq!(ignored("report.docx"), None);
    }
}
