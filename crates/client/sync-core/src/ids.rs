//! Identities: what the server calls an item, what the disk calls a file, where a file is beneath the root; and the
//! texts the trees share.

use std::borrow::Borrow;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The server's name of an item; stable over rename and move. Key of the remote and the synced tree.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemId(Arc<str>);

impl ItemId {
    /// Wraps the server's text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(Arc::from(text))
    }

    /// Returns the server's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Its order is that of its text.
impl Borrow<str> for ItemId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ItemId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for ItemId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "item:{}", self.0)
    }
}

impl From<&str> for ItemId {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for ItemId {
    fn from(text: String) -> Self {
        Self(Arc::from(text))
    }
}

impl Serialize for ItemId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for ItemId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from)
    }
}

/// A name or a tag. Shared, because the three trees and their indexes would else hold each of them many times.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text(Arc<str>);

impl Text {
    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the copy that `other` has, when it is the same text.
    #[must_use]
    pub(crate) fn shared_with(self, other: &Self) -> Self {
        if self == *other { other.clone() } else { self }
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

/// Its order is that of its characters.
impl Borrow<str> for Text {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        &*self.0 == other
    }
}

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        &*self.0 == *other
    }
}

impl PartialEq<Text> for &str {
    fn eq(&self, other: &Text) -> bool {
        *self == &*other.0
    }
}

impl PartialEq<String> for Text {
    fn eq(&self, other: &String) -> bool {
        &*self.0 == other.as_str()
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.0, f)
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self(Arc::from(text))
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(Arc::from(text))
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from)
    }
}

/// The disk's name of a file or folder; stable over rename and move within the root. Key of the local tree.
///
/// An inode number alone is reused at once by some file systems, therefore the birth time (or the inode's
/// generation where there is none) is part of it. When a file has several names (hard links), each name is its own
/// node: `link` is then a hash of parent and name, and 0 otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LocalId {
    /// Inode number.
    pub inode: u64,
    /// Birth time in nanoseconds, or the inode's generation.
    pub birth: i64,
    /// 0, or what tells the names of a hard-linked file apart.
    pub link: u64,
}

impl LocalId {
    /// Makes the id of a file with one name.
    #[must_use]
    pub const fn new(inode: u64, birth: i64) -> Self {
        Self { inode, birth, link: 0 }
    }
}

/// A place beneath the root: names joined by `/`, empty for the root itself.
///
/// Invariant: no part is empty, `.`, `..`, or holds a NUL; so it can never leave the root.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RelPath(String);

/// A text is no place beneath a root.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a path part is empty, `.`, `..`, or holds a slash or a NUL")]
pub struct InvalidPath;

impl RelPath {
    /// Returns the root's own path.
    #[must_use]
    pub fn root() -> Self {
        Self::default()
    }

    /// Returns the path of `name` in this folder.
    ///
    /// # Errors
    /// [`InvalidPath`] when `name` is no single path part.
    pub fn join(&self, name: &str) -> Result<Self, InvalidPath> {
        if !is_part(name) {
            return Err(InvalidPath);
        }
        Ok(if self.0.is_empty() { Self(name.to_owned()) } else { Self(format!("{}/{name}", self.0)) })
    }

    /// Returns the folder and the name; none for the root.
    #[must_use]
    pub fn split(&self) -> Option<(Self, &str)> {
        match self.0.rsplit_once('/') {
            Some((parent, name)) => Some((Self(parent.to_owned()), name)),
            None if self.0.is_empty() => None,
            None => Some((Self::root(), &self.0)),
        }
    }

    /// Returns the parts from the root down.
    pub fn parts(&self) -> impl Iterator<Item = &str> {
        self.0.split('/').filter(|part| !part.is_empty())
    }

    /// Returns the text, parts joined by `/`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Tells whether this is the root.
    #[must_use]
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for RelPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for RelPath {
    type Error = InvalidPath;

    fn try_from(text: String) -> Result<Self, InvalidPath> {
        if text.is_empty() || text.split('/').all(is_part) { Ok(Self(text)) } else { Err(InvalidPath) }
    }
}

impl From<RelPath> for String {
    fn from(path: RelPath) -> Self {
        path.0
    }
}

fn is_part(name: &str) -> bool {
    !name.is_empty() && name != "." && name != ".." && !name.contains(['/', '\0'])
}

#[cfg(test)]
mod tests {
    use super::RelPath;

    #[test]
    fn a_path_never_leaves_the_root() {
        for bad in ["..", ".", "", "a/b", "a\0"] {
            assert!(RelPath::root().join(bad).is_err(), "{bad:?}");
        }
        for bad in ["../a", "a//b", "/a", "a/"] {
            assert!(RelPath::try_from(bad.to_owned()).is_err(), "{bad:?}");
        }
        let path = RelPath::root().join("a").unwrap().join("b").unwrap();
        assert_eq!(path.split(), Some((RelPath::try_from("a".to_owned()).unwrap(), "b")));
    }
}
