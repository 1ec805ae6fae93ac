//! Writing a file: a new one, or other bytes for one that exists.

use content::upload_sessions::{self, UploadSession};
use content::uploads::{self, Upload, Uploader};
use content::{PreparedContent, record_content};
use model::{ItemContent, ItemId, ItemKind, Timestamp, UploadId};
use storage::NewItem;
use transfer::ContentId;

use super::Condition;
use crate::contents::withdraw_lost;
use crate::editor::{ConflictBehavior, Editor, stored_time};
use crate::{ItemError, SeenItem};

/// Longest file, in bytes (sharing-and-guests.md section 8).
pub const LONGEST_FILE: u64 = 250 * 1_000_000_000;

/// Which file is written.
#[derive(Debug, Clone)]
pub enum FileTarget {
    /// The file of this name in a folder.
    Named {
        /// The folder.
        parent: ItemId,
        /// The name.
        name: String,
        /// What to do when it is taken.
        conflict: ConflictBehavior,
    },
    /// A file that exists.
    Existing(ItemId),
}

/// Where the bytes are.
#[derive(Debug, Clone)]
pub enum FileBytes {
    /// Prepared, with the upload that kept their chunks, if they are many.
    Prepared(Box<PreparedContent>, Option<UploadId>),
    /// In a complete upload; the content must turn out to be this one.
    Upload(UploadId, ContentId),
    /// In a complete upload session.
    Session(UploadId),
}

/// A file to be written.
#[derive(Debug, Clone)]
pub struct Put {
    /// Which.
    pub target: FileTarget,
    /// The bytes.
    pub bytes: FileBytes,
    /// What must still hold of a file that exists.
    pub condition: Condition,
    /// The file's own time of modification; now when not told.
    pub modified: Option<Timestamp>,
    /// The file's own time of creation, for a new file.
    pub created: Option<Timestamp>,
}

/// Bytes that were found, and found complete.
enum FoundBytes {
    Prepared(Box<PreparedContent>, Option<UploadId>),
    Upload(Box<Upload>),
    Session(Box<UploadSession>),
}

/// Where the bytes go, once every check passed.
enum Place {
    New(SeenItem, model::ItemName),
    Existing(SeenItem),
}

impl Editor<'_, '_> {
    /// Writes a file. The answer tells whether it is new.
    ///
    /// # Errors
    /// Refusals of right, name, condition, conflict, room and bytes.
    pub fn put_file(&mut self, put: Put) -> Result<(SeenItem, Written), ItemError> {
        let place = self.place_of(&put.target, &put.condition)?;
        let bytes = self.find_bytes(put.bytes)?;
        // What is replaced stays as a version, so it makes no room.
        self.require_room(bytes.length())?;
        let content = self.record(bytes)?;
        let modified = stored_time(put.modified.unwrap_or(self.now));
        match place {
            Place::New(parent, name) => {
                let new = NewItem {
                    id: self.fresh_id(),
                    parent: parent.item.id,
                    name,
                    kind: ItemKind::File,
                    content: Some(content),
                    file_created: put.created.map_or(modified, stored_time),
                    file_modified: modified,
                };
                let item = self.changes.create_item(new, &self.by)?;
                self.note("FileUploaded", &item);
                Ok((self.below(&parent, item)?, Written::New))
            }
            Place::Existing(seen) => {
                let item = self.changes.replace_content(seen.item, content, modified, &self.by)?;
                self.note("FileModified", &item);
                Ok((SeenItem { item, ..seen }, Written::Replaced))
            }
        }
    }

    /// Checks that a file could be written, before its bytes come.
    ///
    /// # Errors
    /// As [`Self::put_file`].
    pub fn check_file(
        &mut self,
        target: &FileTarget,
        condition: &Condition,
        length: u64,
    ) -> Result<(), ItemError> {
        self.place_of(target, condition)?;
        self.require_room(length)
    }

    fn place_of(&mut self, target: &FileTarget, condition: &Condition) -> Result<Place, ItemError> {
        let (parent, name, conflict) = match target {
            FileTarget::Existing(item) => {
                let seen = self.item(*item)?;
                return self.existing(seen, condition);
            }
            FileTarget::Named { parent, name, conflict } => (*parent, name, *conflict),
        };
        let parent = self.item(parent)?;
        parent.require_folder()?;
        let name = self.name_for(&parent, name, ItemKind::File)?;
        match (self.holder(&parent, &name, None)?, conflict) {
            (None, _) => {
                parent.require_write()?;
                if *condition != Condition::None {
                    return Err(ItemError::NotFound);
                }
                Ok(Place::New(parent, name))
            }
            (Some(_), ConflictBehavior::Rename) => {
                parent.require_write()?;
                let name = self.free_name(&parent, name.as_str(), ItemKind::File)?;
                Ok(Place::New(parent, name))
            }
            (Some(holder), ConflictBehavior::Replace) if holder.item.kind == ItemKind::File => {
                self.existing(holder, condition)
            }
            (Some(holder), _) => {
                parent.require_write()?;
                Err(ItemError::NameTaken(Some(Box::new(holder.remote()))))
            }
        }
    }

    fn existing(&mut self, seen: SeenItem, condition: &Condition) -> Result<Place, ItemError> {
        if seen.item.kind != ItemKind::File {
            return Err(ItemError::NotAFile);
        }
        seen.require_write()?;
        condition.check(&seen)?;
        Ok(Place::Existing(seen))
    }

    /// Finds the bytes, so that a full drive and an incomplete upload refuse before anything is recorded.
    fn find_bytes(&mut self, bytes: FileBytes) -> Result<FoundBytes, ItemError> {
        match bytes {
            FileBytes::Prepared(content, upload) => Ok(FoundBytes::Prepared(content, upload)),
            FileBytes::Upload(id, expected) => {
                let (user, now) = (self.uploader(), self.now);
                let mut scope = self.changes.scope();
                let mut upload = uploads::find(&mut scope, id, user, now)?;
                withdraw_lost(&mut scope, &self.sight, &mut upload)?;
                if upload.manifest.content_id() != expected {
                    return Err(ItemError::ContentMismatch);
                }
                let missing = upload.plan().need.len();
                if missing > 0 {
                    return Err(ItemError::UploadIncomplete(missing));
                }
                Ok(FoundBytes::Upload(Box::new(upload)))
            }
            FileBytes::Session(id) => {
                let (user, now) = (self.uploader(), self.now);
                let session = upload_sessions::find(&mut self.changes.scope(), id, user, now)?;
                Ok(FoundBytes::Session(Box::new(session)))
            }
        }
    }

    fn record(&mut self, bytes: FoundBytes) -> Result<ItemContent, ItemError> {
        let (user, now) = (self.uploader(), self.now);
        let drive = self.sight.drive().id;
        let mut scope = self.changes.scope();
        match bytes {
            FoundBytes::Prepared(content, upload) => {
                let recorded = record_content(&mut scope, &content, now)?;
                if let Some(upload) = upload {
                    scope.uploads().delete(upload)?;
                }
                Ok(recorded)
            }
            FoundBytes::Upload(upload) => Ok(uploads::commit(&mut scope, &upload, drive, now)?),
            FoundBytes::Session(session) => {
                let uploader = Uploader { drive, user };
                Ok(upload_sessions::commit(&mut scope, session.id, uploader, now)?)
            }
        }
    }
}

impl FoundBytes {
    fn length(&self) -> u64 {
        match self {
            Self::Prepared(content, _) => content.named.size,
            Self::Upload(upload) => upload.manifest.size(),
            Self::Session(session) => session.received,
        }
    }
}

/// Whether a written file is new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// It was made.
    New,
    /// It had other bytes before.
    Replaced,
}
