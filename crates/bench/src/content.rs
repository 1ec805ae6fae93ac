//! Content: files with bytes that neither compress nor repeat, the same for the same seed; and streaming comparison.

use std::fs::{self, File};
use std::io::{BufReader, Read, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use anyhow::Context;

/// Files in each folder of a filled tree.
const FILES_IN_FOLDER: u64 = 100;
/// How much is made, written or compared at once.
const BLOCK: usize = 1024 * 1024;

/// A stream of bytes that look random; the same for the same seed.
#[derive(Debug, Clone)]
pub struct Noise(u64);

impl Noise {
    /// Begins a stream.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Begins another stream that shares nothing with what comes of this one.
    #[must_use]
    pub fn branch(&mut self) -> Self {
        Self(self.number())
    }

    /// Returns the next number of SplitMix64.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Fills a buffer.
    pub fn fill(&mut self, bytes: &mut [u8]) {
        for piece in bytes.chunks_mut(8) {
            let number = self.number().to_le_bytes();
            piece.copy_from_slice(&number[..piece.len()]);
        }
    }
}

/// Fills a folder with `count` files of `smallest` to `largest` bytes, a hundred in each folder, and returns their
/// paths relative to it.
///
/// # Errors
/// When it cannot be written.
pub fn fill_tree(
    folder: &Path,
    count: u64,
    (smallest, largest): (u64, u64),
    noise: &mut Noise,
) -> anyhow::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    let mut bytes = vec![0; usize::try_from(largest)?];
    for file in 0..count {
        let place = PathBuf::from(format!("folder {:04}", file / FILES_IN_FOLDER));
        if file % FILES_IN_FOLDER == 0 {
            fs::create_dir_all(folder.join(&place))?;
        }
        let length = usize::try_from(smallest + noise.number() % (largest - smallest + 1))?;
        noise.fill(&mut bytes[..length]);
        let path = place.join(format!("file {file:06}.dat"));
        fs::write(folder.join(&path), &bytes[..length])?;
        paths.push(path);
    }
    Ok(paths)
}

/// Writes a file of `size` bytes.
///
/// # Errors
/// When it cannot be written.
pub fn write_file(path: &Path, size: u64, noise: &mut Noise) -> anyhow::Result<()> {
    let mut file = File::create(path)?;
    append(&mut file, size, noise)
}

fn append(file: &mut File, size: u64, noise: &mut Noise) -> anyhow::Result<()> {
    let (mut block, mut left) = (vec![0; BLOCK], size);
    while left > 0 {
        let length = usize::try_from(left.min(BLOCK as u64))?;
        noise.fill(&mut block[..length]);
        file.write_all(&block[..length])?;
        left -= length as u64;
    }
    Ok(())
}

/// Overwrites bytes in place.
///
/// # Errors
/// When the file cannot be written.
pub fn overwrite(path: &Path, offset: u64, length: u64, noise: &mut Noise) -> anyhow::Result<()> {
    let mut bytes = vec![0; usize::try_from(length)?];
    noise.fill(&mut bytes);
    Ok(File::options().write(true).open(path)?.write_all_at(&bytes, offset)?)
}

/// Writes a copy of a file that has `length` more bytes at `offset`.
///
/// # Errors
/// When one of the two cannot be read or written.
pub fn copy_with_insert(
    from: &Path,
    to: &Path,
    offset: u64,
    length: u64,
    noise: &mut Noise,
) -> anyhow::Result<()> {
    let (mut source, mut copy) = (File::open(from)?, File::create(to)?);
    std::io::copy(&mut Read::by_ref(&mut source).take(offset), &mut copy)?;
    append(&mut copy, length, noise)?;
    std::io::copy(&mut source, &mut copy)?;
    Ok(())
}

/// Fails unless both files have the same bytes.
///
/// # Errors
/// When they differ, or one cannot be read.
pub fn expect_same(left: &Path, right: &Path) -> anyhow::Result<()> {
    let open = |path: &Path| -> anyhow::Result<_> {
        let file = File::open(path).with_context(|| format!("{} cannot be opened", path.display()))?;
        Ok((file.metadata()?.len(), BufReader::with_capacity(BLOCK, file)))
    };
    let ((length, mut one), (other_length, mut other)) = (open(left)?, open(right)?);
    let (mut here, mut there) = (vec![0; BLOCK], vec![0; BLOCK]);
    let mut left_over = length;
    let mut same = length == other_length;
    while same && left_over > 0 {
        let piece = usize::try_from(left_over.min(BLOCK as u64))?;
        one.read_exact(&mut here[..piece])?;
        other.read_exact(&mut there[..piece])?;
        same = here[..piece] == there[..piece];
        left_over -= piece as u64;
    }
    anyhow::ensure!(same, "{} and {} differ", left.display(), right.display());
    Ok(())
}

/// Tells whether a part of two files is the same; a file that is not there is not the same.
#[must_use]
pub fn same_part(left: &Path, right: &Path, offset: u64, length: usize) -> bool {
    let read = |path: &Path| {
        let mut bytes = vec![0; length];
        File::open(path).and_then(|file| file.read_exact_at(&mut bytes, offset)).is_ok().then_some(bytes)
    };
    matches!((read(left), read(right)), (Some(left), Some(right)) if left == right)
}

#[cfg(test)]
mod tests {
    use super::{Noise, copy_with_insert, expect_same, fill_tree, overwrite, same_part, write_file};

    #[test]
    fn edits_are_where_they_should_be_and_seen_by_the_comparison() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        write_file(&at("one"), 3_000_000, &mut Noise::new(1)).expect("writes");
        write_file(&at("two"), 3_000_000, &mut Noise::new(1)).expect("writes");
        expect_same(&at("one"), &at("two")).expect("the same seed");
        overwrite(&at("two"), 2_000_000, 10, &mut Noise::new(2)).expect("writes");
        assert!(expect_same(&at("one"), &at("two")).is_err());
        assert!(
            same_part(&at("one"), &at("two"), 0, 100) && !same_part(&at("one"), &at("two"), 2_000_000, 10)
        );
        copy_with_insert(&at("one"), &at("three"), 7, 5, &mut Noise::new(3)).expect("writes");
        let (one, three) =
            (std::fs::read(at("one")).expect("one"), std::fs::read(at("three")).expect("three"));
        assert!(one[..7] == three[..7] && one[7..] == three[12..] && three.len() == one.len() + 5);
        let paths = fill_tree(&at("tree"), 150, (1, 9), &mut Noise::new(4)).expect("fills");
        assert!(paths.len() == 150 && paths.iter().all(|path| at("tree").join(path).is_file()));
    }
}
