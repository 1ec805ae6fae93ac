//! Local tree: the folder on disk. It never follows a link, never leaves the root, never unlinks what a person wrote.

use async_trait::async_trait;
use bytes::Bytes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sync_core::{Fingerprint, ItemId, LocalId, LocalKind, Motion, Problem, RelPath};
use transfer::{ContentId, Manifest};

use super::Intent;

/// A file or folder: where it was last seen, and which one it must still be. The port opens the path beneath the
/// root's own handle without following links and answers [`LocalError::Changed`] when another file is there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LocalRef {
    /// Where.
    pub path: RelPath,
    /// Which.
    pub id: LocalId,
}

/// One file or folder as the disk shows it now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalEntry {
    /// Which.
    pub id: LocalId,
    /// The folder it is in.
    pub parent: LocalId,
    /// Raw name; bytes that are not UTF-8 are escaped so that it stays unique in the folder, with a problem set.
    pub name: String,
    /// What it is. Links, pipes, devices and mount points are [`LocalKind::Other`] with a problem set.
    pub kind: LocalKind,
    /// Its metadata. For a folder `size` is 0 and the times mean nothing.
    pub fingerprint: Fingerprint,
    /// [`Motion::Moving`] while a writer is known to hold it, or it was written so lately that nothing is known.
    pub motion: Motion,
    /// Why it cannot sync. A folder that cannot be listed carries [`Problem::Unreadable`] and has no entries.
    pub problem: Option<Problem>,
}

/// The result of walking the whole root or one part of it. The control folder is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scan {
    /// The folder walked; for a whole scan the root.
    pub top: LocalId,
    /// Everything below it, folders before what they hold, each node once.
    pub entries: Vec<LocalEntry>,
}

/// The root's identity, checked against its marker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RootHealth {
    /// The root folder.
    pub root: LocalId,
    /// Free bytes for staging, beyond the reserve the port keeps.
    pub free: u64,
}

/// A file read under the fingerprint protocol: metadata agreed before opening, after opening, after the last byte and
/// by path (sync-engine.md 5.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HashedFile {
    /// The chunks.
    pub manifest: Manifest,
    /// Metadata under which the bytes were read.
    pub fingerprint: Fingerprint,
    /// The file's own time.
    pub modified: Timestamp,
    /// All bytes, when there are at most `OperationBatch::MAX_INLINE`.
    pub inline: Option<Bytes>,
}

/// Names a file being staged. The engine derives it from the content, so a crashed download finds its stage again.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct StageId(pub String);

/// A small file to stage whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StageRequest {
    /// The stage's name.
    pub stage: StageId,
    /// All bytes.
    pub bytes: Bytes,
    /// Time to give the file.
    pub modified: Timestamp,
}

/// A stage ready for chunks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenedStage {
    /// Positions in the manifest of the chunks it still lacks; those it has were verified by hash.
    pub missing: Vec<usize>,
}

/// One step on disk. Each re-checks what it names at the last moment and refuses with [`LocalError::Changed`] or
/// [`LocalError::Exists`]; a refused step changed nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "type")]
pub enum LocalChange {
    /// Makes a folder; never over anything. A folder already there is [`LocalError::Exists`].
    #[serde(rename_all = "camelCase")]
    MakeDir {
        /// In which folder.
        parent: LocalRef,
        /// Its name.
        name: String,
    },
    /// Moves a finished stage to a free name.
    #[serde(rename_all = "camelCase")]
    Place {
        /// The finished stage.
        stage: StageId,
        /// In which folder.
        parent: LocalRef,
        /// Its name.
        name: String,
    },
    /// Exchanges a finished stage with a file, checks what came out, and exchanges back when it is not the expected
    /// version. The old file is parked in the trash and watched for late writes (sync-engine.md 5.3).
    #[serde(rename_all = "camelCase")]
    Replace {
        /// The finished stage.
        stage: StageId,
        /// The file.
        target: LocalRef,
        /// The version to replace.
        expected: Fingerprint,
        /// The item it belongs to, for the trash's list.
        item: ItemId,
    },
    /// Renames or moves to a free name. What is moved may change meanwhile; only its identity is checked.
    #[serde(rename_all = "camelCase")]
    Move {
        /// What.
        node: LocalRef,
        /// Into which folder.
        parent: LocalRef,
        /// Under which name.
        name: String,
    },
    /// Moves a file to the private trash after checking its version, and checks again afterwards.
    #[serde(rename_all = "camelCase")]
    Trash {
        /// The file.
        node: LocalRef,
        /// The version to remove.
        expected: Fingerprint,
        /// The item it belonged to; none for disposable leftovers.
        item: Option<ItemId>,
    },
    /// Removes a folder that is empty.
    #[serde(rename_all = "camelCase")]
    RemoveDir {
        /// The folder.
        node: LocalRef,
    },
    /// Copies a file to the rescue folder outside the root; the file stays where it is.
    #[serde(rename_all = "camelCase")]
    Rescue {
        /// The file.
        node: LocalRef,
        /// The version meant.
        expected: Fingerprint,
    },
    /// Brings a parked file that changed after it was replaced back to a free name.
    #[serde(rename_all = "camelCase")]
    Unpark {
        /// Its name in the trash, from [`ParkedChange`].
        parked: String,
        /// Into which folder.
        parent: LocalRef,
        /// Under which name.
        name: String,
    },
}

/// What a step left behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// The node as it is after the step and after the barrier; none when it is gone (trash, remove) and for a rescue.
    pub entry: Option<LocalEntry>,
}

/// A parked file somebody went on writing after it was replaced or trashed. Its bytes are a local edit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParkedChange {
    /// Its name in the trash.
    pub parked: String,
    /// The item it belonged to.
    pub item: Option<ItemId>,
    /// Name it had.
    pub name: String,
}

/// What recovery found about a step that was under way when the engine ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Recovered {
    /// It had not begun. Its stage, if any, stays for reuse.
    NotStarted,
    /// It is done, the old version parked or in the trash as usual.
    Finished,
    /// Something unexpected came out; it was put back, or both versions are kept in the tree and in the trash.
    Undone,
}

/// Which part of the folder may have changed. Never more than a hint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LocalHint {
    /// These folders should be listed again. Paths may be outdated.
    Folders(Vec<RelPath>),
    /// Anything may have changed: events were lost, or the watch cannot see everything.
    Everything,
}

/// Why a request to the disk failed. No variant is ever an observation of absence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LocalError {
    /// The root is unmounted, replaced or has lost its marker. Nothing may be done in either direction.
    #[error("the folder is not available: {0}")]
    Unavailable(String),
    /// What is there is not what was named: another file, another version, or nothing.
    #[error("it changed meanwhile")]
    Changed,
    /// The name is taken.
    #[error("the name is taken")]
    Exists,
    /// The folder holds something.
    #[error("the folder is not empty")]
    NotEmpty,
    /// The file is written while it is read, again and again.
    #[error("it is being written")]
    Busy,
    /// No room for staging.
    #[error("the disk is full")]
    DiskFull,
    /// The person may not read or write it.
    #[error("permission denied on this computer")]
    Denied,
    /// The bytes staged are not the bytes promised; the stage is dropped.
    #[error("the bytes are not what their name says")]
    Corrupt,
    /// Anything else the system said, without a path.
    #[error("{0}")]
    Io(String),
}

/// The folder on disk that belongs to one sync root.
#[async_trait]
pub trait LocalTree: Send + Sync + 'static {
    /// Checks root, marker and file system. Called before every observation and before every batch.
    ///
    /// # Errors
    /// [`LocalError::Unavailable`] on any mismatch.
    async fn health(&self) -> Result<RootHealth, LocalError>;

    /// Walks the whole root. A result is complete: what could not be listed is in it as a problem; when the walk
    /// could not finish or the root changed hands meanwhile, it fails.
    ///
    /// # Errors
    /// [`LocalError`]; then nothing is known.
    async fn scan(&self) -> Result<Scan, LocalError>;

    /// Lists one folder, without what is below its subfolders.
    ///
    /// # Errors
    /// [`LocalError::Changed`] when the folder is not there any more.
    async fn list(&self, folder: &LocalRef) -> Result<Scan, LocalError>;

    /// Waits until every event that happened before this call has been given out by [`LocalTree::hint`] or is ready.
    ///
    /// # Errors
    /// [`LocalError::Unavailable`].
    async fn barrier(&self) -> Result<(), LocalError>;

    /// Waits until something may have changed, and collects what is ready. Dropping the future loses no hint.
    async fn hint(&self) -> LocalHint;

    /// Returns the hints that are ready, without waiting; none when there is nothing.
    fn ready_hint(&self) -> Option<LocalHint>;

    /// Reads and hashes files, each under the fingerprint protocol; small ones bring their bytes. The answers are in
    /// the order of the files. The caller keeps the sum of small files below `OperationBatch::MAX_BYTES`.
    async fn read(&self, files: &[LocalRef]) -> Vec<Result<HashedFile, LocalError>>;

    /// Reads a part of a file and checks that the fingerprint still holds afterwards.
    ///
    /// # Errors
    /// [`LocalError::Changed`] when it does not.
    async fn read_part(
        &self,
        file: &LocalRef,
        expected: &Fingerprint,
        offset: u64,
        length: u32,
    ) -> Result<Bytes, LocalError>;

    /// Stages small files whole. A stage of that name is replaced. The answers are in the order of the requests and
    /// tell which file each stage is; it stays that file when it is placed.
    async fn stage(&self, files: Vec<StageRequest>) -> Vec<Result<LocalId, LocalError>>;

    /// Opens or reopens a stage for chunks and tells which are missing.
    ///
    /// # Errors
    /// [`LocalError::DiskFull`] when the whole content would not fit.
    async fn open_stage(&self, stage: &StageId, manifest: &Manifest) -> Result<OpenedStage, LocalError>;

    /// Copies into an open stage what a file on this computer has of its missing chunks, wherever they are in it, and
    /// returns those that are missing still. The file may change meanwhile: a stage is verified as a whole.
    ///
    /// # Errors
    /// [`LocalError`]; the stage is then as usable as before.
    async fn fill_stage(
        &self,
        stage: &StageId,
        from: &LocalRef,
        missing: Vec<usize>,
    ) -> Result<Vec<usize>, LocalError>;

    /// Writes bytes into an open stage.
    ///
    /// # Errors
    /// [`LocalError`].
    async fn write_stage(&self, stage: &StageId, offset: u64, bytes: Bytes) -> Result<(), LocalError>;

    /// Verifies a stage as a whole against the content and sets its time. Only a finished stage can be placed. Returns
    /// which file it is.
    ///
    /// # Errors
    /// [`LocalError::Corrupt`] when the bytes are others; the stage is then dropped.
    async fn finish_stage(
        &self,
        stage: &StageId,
        content: &ContentId,
        modified: Timestamp,
    ) -> Result<LocalId, LocalError>;

    /// Drops stages not named, that nobody needs any more.
    ///
    /// # Errors
    /// [`LocalError`].
    async fn keep_stages(&self, needed: &[StageId]) -> Result<(), LocalError>;

    /// Applies independent steps as one durable batch: makes staged bytes durable, takes every step, makes the steps
    /// durable, then answers, in the order of the steps. One failed step does not stop the others. The engine wrote
    /// their intents before and commits the results after.
    async fn apply(&self, changes: &[LocalChange]) -> Vec<Result<Applied, LocalError>>;

    /// Finds out what became of steps under way when the engine ended. Never deletes; an unexpected version that was
    /// exchanged out is brought back. The answers are in the order of the intents.
    ///
    /// # Errors
    /// [`LocalError`]; then nothing is known and the engine must not go on.
    async fn recover(&self, intents: &[Intent]) -> Result<Vec<Recovered>, LocalError>;

    /// Looks at parked files: drops from watch those whose time of grace has passed unchanged, and tells those that
    /// were written after they left the tree.
    ///
    /// # Errors
    /// [`LocalError`].
    async fn parked_changes(&self) -> Result<Vec<ParkedChange>, LocalError>;
}
