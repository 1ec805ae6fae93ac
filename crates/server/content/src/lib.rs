//! Content: where bytes live. Small chunks in the database, others in object storage, all named by their hash.
//!
//! Entry points: [`ContentStore`] (a place for chunks), [`ContentWriter`] (a stream becomes a content), [`uploads`]
//! (have/need in chunks), [`upload_sessions`] (a stream in fragments), [`ContentReader`] (a content becomes a stream).
//!
//! Invariants:
//! - a chunk is stored only under the hash of its bytes, keyed by the tenant, and checked again when it is read;
//! - a content is recorded only when all its chunks are, in the transaction that makes an item refer to it; bytes in
//!   object storage are durable (file and folder synced) before that transaction, small chunks are part of it;
//! - bytes are read through a content, and a content is opened only by a caller that was allowed an item referring to
//!   it: nothing unreferenced can be read;
//! - no more than one chunk (4 MiB) of a stream is held;
//! - nothing depends on a conditional PUT. An object without a row may be a chunk on its way: whoever collects garbage
//!   must leave rowless objects younger than a day alone, and chunks leased by an upload too.
//!
//! Deliberately unknown here: items, who may read what, HTTP.

mod content_reader;
mod content_store;
mod content_writer;
mod error;
mod prepared;
pub mod upload_sessions;
pub mod uploads;

pub use content_reader::{ContentReader, read_whole};
pub use content_store::ContentStore;
pub use content_writer::ContentWriter;
pub use error::ContentError;
pub use prepared::{PreparedChunk, PreparedContent, record_content};
