//! Folder overlap: whether a folder lies at, above or below another one, whatever links lead there. Of two synced
//! folders one inside the other, the outer would send the inner one's files to another organization.

use std::ffi::OsString;
use std::io;
use std::path::{Component, Path, PathBuf};

use sync_core::CONTROL_FOLDER;

/// How a folder lies to another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Overlap {
    /// They are the same.
    Same,
    /// It lies inside the other.
    Inside,
    /// It holds the other.
    Around,
}

/// Tells how `folder` lies to `other`, both as [`resolved`] gives them; none when they are apart.
pub(crate) fn overlap(folder: &Path, other: &Path) -> Option<Overlap> {
    match (folder.starts_with(other), other.starts_with(folder)) {
        (true, true) => Some(Overlap::Same),
        (true, false) => Some(Overlap::Inside),
        (false, true) => Some(Overlap::Around),
        (false, false) => None,
    }
}

/// Returns where an absolute path leads: links of the part that exists are followed, the rest is kept.
///
/// # Errors
/// When the part that exists cannot be read, or the rest steps upwards.
pub(crate) fn resolved(path: &Path) -> io::Result<PathBuf> {
    let mut rest: Vec<OsString> = Vec::new();
    let mut there = path;
    let mut found = loop {
        match there.canonicalize() {
            Ok(found) => break found,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        let upwards = || io::Error::new(io::ErrorKind::InvalidInput, "it leads upwards out of a folder");
        match there.components().next_back() {
            Some(Component::Normal(name)) => rest.push(name.to_owned()),
            _ => return Err(upwards()),
        }
        there = there.parent().ok_or_else(upwards)?;
    };
    found.extend(rest.into_iter().rev());
    Ok(found)
}

/// Returns the nearest folder above that bears the mark of a synced folder, also of another program or person.
pub(crate) fn marked_above(folder: &Path) -> Option<PathBuf> {
    let marked = |above: &&Path| above.join(CONTROL_FOLDER).join("marker").symlink_metadata().is_ok();
    folder.ancestors().skip(1).find(marked).map(Path::to_owned)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Overlap, marked_above, overlap, resolved};

    #[test]
    fn folders_are_compared_by_whole_names() {
        let cases = [
            ("/a/b", "/a/b", Some(Overlap::Same)),
            ("/a/b/c", "/a/b", Some(Overlap::Inside)),
            ("/a", "/a/b", Some(Overlap::Around)),
            ("/a/bc", "/a/b", None),
        ];
        for (folder, other, wanted) in cases {
            assert_eq!(overlap(Path::new(folder), Path::new(other)), wanted, "{folder} {other}");
        }
    }

    #[test]
    fn a_link_does_not_hide_where_a_folder_lies() {
        let home = tempfile::tempdir().unwrap();
        let place = home.path().canonicalize().unwrap();
        std::fs::create_dir_all(place.join("synced/deep")).unwrap();
        std::os::unix::fs::symlink(place.join("synced"), place.join("link")).unwrap();
        assert_eq!(resolved(&place.join("link/new/one")).unwrap(), place.join("synced/new/one"));
        assert_eq!(resolved(&place.join("synced/deep/../two")).unwrap(), place.join("synced/two"));
        assert!(resolved(&place.join("nowhere/../../two")).is_err());
        assert_eq!(marked_above(&place.join("synced/deep")), None);
        std::fs::create_dir(place.join("synced/.footbridge")).unwrap();
        std::fs::write(place.join("synced/.footbridge/marker"), "{}").unwrap();
        assert_eq!(marked_above(&place.join("synced/deep/x")), Some(place.join("synced")));
        assert_eq!(marked_above(&place.join("synced")), None);
    }
}
