//! Databases: a fresh migrated store of either kind.

use runtime::Runtime;
use storage::{DatabaseConfig, Store};
use testkit::PostgresCluster;

/// Which database a world stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Database {
    Sqlite,
    PostgreSql,
}

impl Database {
    /// Opens an empty database.
    pub(crate) async fn open(self, folder: &tempfile::TempDir, runtime: Runtime) -> Store {
        let config = match self {
            Self::Sqlite => DatabaseConfig::Sqlite(folder.path().join("cloud.db")),
            Self::PostgreSql => DatabaseConfig::Postgres(PostgresCluster::shared().create_database()),
        };
        let store = Store::open(config, runtime).await.expect("opens");
        store.migrate().await.expect("migrates");
        store
    }
}
