//! Content, on SQLite with a folder and on PostgreSQL with a real S3 server: streams, uploads, garbage, reading back.

mod faulty_objects;
mod garbage;
mod garbage_story;
mod hashes;
mod library;
mod s3;
mod scrub;
mod streams;
