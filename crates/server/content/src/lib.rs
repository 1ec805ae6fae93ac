//! Content: where bytes live. Small chunks in the database, others in object storage, all named by their hash.
//!
//! Entry points: [`ContentStore`] (a place for chunks), [`ContentWriter`] (a stream becomes a content), [`uploads`]
//! (have/need in chunks), [`upload_sessions`] (a stream in fragments), [`ContentReader`] (a content becomes a stream),
//! [`Collector`] (removes what nothing refers to), [`Scrubber`] (reads back what is kept), [`Hasher`] (makes the
//! SHA-256 that Graph tells).
//!
//! Invariants:
//! - a chunk is stored only under the hash of its bytes, keyed by the tenant, and checked again when it is read;
//! - a content is recorded only when all its chunks are, in the transaction that makes an item refer to it; bytes in
//!   object storage are durable (file and folder synced) before that transaction, small chunks are part of it;
//! - bytes are read through a content, and a content is opened only by a caller that was allowed an item referring to
//!   it: nothing unreferenced can be read;
//! - no more than one chunk (4 MiB) of a stream is held;
//! - nothing depends on a conditional PUT: an object's name is used once, and the chunk's row says which object holds its
//!   bytes. Removing an object therefore never hits bytes that somebody stores meanwhile;
//! - what is referenced is never removed: the database itself refuses to forget a content an item refers to, and a chunk
//!   a content or an upload counts on; objects are removed after the commit that forgot them;
//! - bytes are recorded within a day of being prepared, and an object without a row is removed after two.
//!
//! Deliberately unknown here: items, who may read what, HTTP.

mod collector;
mod content_reader;
mod content_store;
mod content_writer;
mod error;
mod hasher;
mod prepared;
mod s3;
mod scrubber;
pub mod upload_sessions;
pub mod uploads;

pub use collector::{Collector, GRACE, Progress, Round};
pub use content_reader::{ContentReader, read_whole};
pub use content_store::ContentStore;
pub use content_writer::ContentWriter;
pub use error::ContentError;
pub use hasher::{Hashed, Hasher};
pub use prepared::{PreparedChunk, PreparedContent, RECORDABLE, record_content};
pub use s3::S3Bucket;
pub use scrubber::{Scrubbed, Scrubber};
