//! Place: where a server keeps everything, in both ways there are: one machine, and what several servers share.

use std::path::{Path, PathBuf};

use content::{ContentStore, S3Bucket};
use runtime::Runtime;
use storage::Store;
use tempfile::TempDir;

use crate::{Database, S3Server};

/// A way to keep what a server keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// SQLite and a folder.
    OneMachine,
    /// PostgreSQL and a bucket of an S3 server.
    Shared,
}

/// An opened [`Place`].
#[derive(Debug, Clone)]
pub struct OpenPlace {
    /// The database, empty and migrated.
    pub store: Store,
    /// Where bytes live.
    pub contents: ContentStore,
    /// Where the objects lie as files, to look at and to damage.
    pub objects: PathBuf,
}

impl Place {
    /// Opens an empty place. `folder` must live as long as it.
    ///
    /// # Panics
    /// When database or object storage cannot be had.
    pub async fn open(self, folder: &TempDir, runtime: Runtime) -> OpenPlace {
        let database = match self {
            Self::OneMachine => Database::Sqlite,
            Self::Shared => Database::PostgreSql,
        };
        let store = database.open(folder, runtime).await;
        let (contents, objects) = self.contents(folder.path());
        OpenPlace { store, contents, objects }
    }

    fn contents(self, folder: &Path) -> (ContentStore, PathBuf) {
        match self {
            Self::OneMachine => {
                let objects = folder.join("content");
                std::fs::create_dir(&objects).expect("makes a folder");
                (ContentStore::folder(&objects).expect("opens the folder"), objects)
            }
            Self::Shared => {
                let bucket = s3_bucket();
                (
                    ContentStore::s3(&bucket).expect("opens the bucket"),
                    S3Server::shared().folder(&bucket.bucket),
                )
            }
        }
    }
}

/// Makes a bucket on this program's S3 server.
#[must_use]
pub fn s3_bucket() -> S3Bucket {
    let server = S3Server::shared();
    S3Bucket {
        bucket: server.create_bucket(),
        endpoint: Some(server.endpoint()),
        region: S3Server::REGION.to_owned(),
        prefix: None,
        access_key_id: S3Server::ACCESS_KEY.to_owned(),
        secret_access_key: S3Server::SECRET_KEY.to_owned(),
    }
}
