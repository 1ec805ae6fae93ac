//! Cloud: what a run needs of a library, be it the model or the real server.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use engine::RemoteTree;

use crate::model_cloud::{ModelCloud, ModelRemote, RemoteFaults};
use crate::simulation::{Process, Signal};
use crate::story::{Digest, Tree};

/// A library that clients sync.
#[async_trait]
pub trait Cloud: Send + Sync {
    /// Returns the id of the library's top folder.
    fn root(&self) -> String;

    /// Connects one life of a person's client.
    async fn connect(
        &self,
        person: &str,
        process: &Process,
        faults: Signal<RemoteFaults>,
    ) -> Arc<dyn RemoteTree>;

    /// Returns the library as it is now.
    async fn tree(&self) -> Tree;

    /// Returns every content that can be had back, old versions and deleted files included.
    async fn kept(&self) -> BTreeSet<Digest>;

    /// Returns a number that changes with every change of the library.
    async fn sequence(&self) -> u64;

    /// Kills the server process and starts it anew.
    async fn restart(&self);
}

/// The model cloud as a library. It keeps everything over a restart.
#[derive(Debug, Clone, Default)]
pub struct ModelLibrary(ModelCloud);

#[async_trait]
impl Cloud for ModelLibrary {
    fn root(&self) -> String {
        crate::model_cloud::TOP.to_owned()
    }

    async fn connect(
        &self,
        _person: &str,
        process: &Process,
        faults: Signal<RemoteFaults>,
    ) -> Arc<dyn RemoteTree> {
        Arc::new(ModelRemote::connect(&self.0, process, faults))
    }

    async fn tree(&self) -> Tree {
        let tree = self.0.tree();
        tree.into_iter().map(|(path, bytes)| (path, bytes.map(|bytes| Digest::of(&bytes)))).collect()
    }

    async fn kept(&self) -> BTreeSet<Digest> {
        self.0.all_contents().iter().map(|bytes| Digest::of(bytes)).collect()
    }

    async fn sequence(&self) -> u64 {
        self.0.sequence()
    }

    async fn restart(&self) {}
}
