//! Faulty objects: object storage that fails now and then, before or after it did what it was asked, as a network does.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use object_store::path::Path;
use object_store::{
    CopyOptions, Error, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore,
    PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
};

/// Says which operations fail; nothing fails while it is 0.
#[derive(Debug, Clone, Default)]
pub(crate) struct Faults(Arc<AtomicU64>);

#[derive(Debug)]
pub(crate) struct FaultyObjects {
    inner: Arc<dyn ObjectStore>,
    faults: Faults,
}

/// When an operation fails.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fault {
    Before,
    After,
}

impl Faults {
    /// Makes about one operation in eight fail from now on, always the same ones for a seed.
    pub(crate) fn begin(&self, seed: u64) {
        self.0.store(seed | 1, Ordering::SeqCst);
    }

    pub(crate) fn end(&self) {
        self.0.store(0, Ordering::SeqCst);
    }

    fn next(&self) -> Option<Fault> {
        let mut state = self.0.load(Ordering::SeqCst);
        if state == 0 {
            return None;
        }
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        self.0.store(state | 1, Ordering::SeqCst);
        match (state >> 20) % 16 {
            0 => Some(Fault::Before),
            1 => Some(Fault::After),
            _ => None,
        }
    }
}

impl FaultyObjects {
    pub(crate) fn new(inner: Arc<dyn ObjectStore>, faults: Faults) -> Self {
        Self { inner, faults }
    }

    async fn attempt<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        let fault = self.faults.next();
        if fault == Some(Fault::Before) {
            return Err(failed());
        }
        let done = work.await;
        if fault == Some(Fault::After) { Err(failed()) } else { done }
    }
}

fn failed() -> Error {
    Error::Generic { store: "faulty", source: "the connection was cut".into() }
}

impl fmt::Display for FaultyObjects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FaultyObjects")
    }
}

#[async_trait]
impl ObjectStore for FaultyObjects {
    async fn put_opts(&self, place: &Path, payload: PutPayload, options: PutOptions) -> Result<PutResult> {
        self.attempt(self.inner.put_opts(place, payload, options)).await
    }

    async fn put_multipart_opts(
        &self,
        place: &Path,
        options: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        self.inner.put_multipart_opts(place, options).await
    }

    async fn get_opts(&self, place: &Path, options: GetOptions) -> Result<GetResult> {
        self.attempt(self.inner.get_opts(place, options)).await
    }

    fn delete_stream(&self, places: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        let (before, after) = (self.faults.clone(), self.faults.clone());
        let places = places.map(move |place| match before.next() {
            Some(Fault::Before) => Err(failed()),
            _ => place,
        });
        let removed = self.inner.delete_stream(places.boxed());
        removed
            .map(move |place| if after.next() == Some(Fault::After) { Err(failed()) } else { place })
            .boxed()
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.inner.list(prefix)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.inner.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.inner.copy_opts(from, to, options).await
    }
}
