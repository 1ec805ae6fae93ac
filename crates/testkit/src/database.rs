//! Database: a fresh migrated store of either kind.

use runtime::Runtime;
use storage::{DatabaseConfig, Store};
use tempfile::TempDir;

use crate::PostgresCluster;

/// Which database a test stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Database {
    /// A file in the test's folder.
    Sqlite,
    /// A database of its own in this program's private cluster.
    PostgreSql,
}

impl Database {
    /// Opens an empty, migrated database.
    ///
    /// # Panics
    /// When the database cannot be had.
    pub async fn open(self, folder: &TempDir, runtime: Runtime) -> Store {
        let config = match self {
            Self::Sqlite => DatabaseConfig::Sqlite(folder.path().join("cloud.db")),
            Self::PostgreSql => DatabaseConfig::Postgres(PostgresCluster::shared().create_database()),
        };
        let store = Store::open(config, runtime).await.expect("opens");
        store.migrate().await.expect("migrates");
        store
    }
}
