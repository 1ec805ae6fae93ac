//! S3: the settings of a bucket, and the store of contents that lies in it.
//!
//! Requests are signed, addressed by path, retried for a while, and never conditional: several S3 servers silently
//! ignore conditions.

use std::sync::Arc;
use std::time::Duration;

use object_store::aws::{AmazonS3Builder, S3ConditionalPut};
use object_store::prefix::PrefixStore;
use object_store::{ClientOptions, RetryConfig};

use crate::{ContentError, ContentStore};

/// How long one request may take: a chunk of 4 MiB on a slow line.
const REQUEST: Duration = Duration::from_secs(60);
/// How long a request that fails is repeated.
const REPEATED: Duration = Duration::from_secs(30);

/// Where a bucket is and who may use it. Its `Debug` tells no secret.
#[derive(Clone, PartialEq, Eq)]
pub struct S3Bucket {
    /// The bucket.
    pub bucket: String,
    /// The server's address; Amazon's when not told.
    pub endpoint: Option<String>,
    /// The region requests are signed for.
    pub region: String,
    /// A folder within the bucket.
    pub prefix: Option<String>,
    /// The access key's id.
    pub access_key_id: String,
    /// The access key's secret.
    pub secret_access_key: String,
}

impl std::fmt::Debug for S3Bucket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("S3Bucket")
            .field("bucket", &self.bucket)
            .field("endpoint", &self.endpoint)
            .field("region", &self.region)
            .field("prefix", &self.prefix)
            .finish_non_exhaustive()
    }
}

impl ContentStore {
    /// Opens a bucket. Nothing is asked of it yet; see [`ContentStore::probe`].
    ///
    /// # Errors
    /// [`ContentError::Objects`] when the settings cannot be used.
    pub fn s3(bucket: &S3Bucket) -> Result<Self, ContentError> {
        // The first to install a provider wins; whoever was first chose the same one.
        let _installed = rustls::crypto::ring::default_provider().install_default();
        // Whether plain HTTP may be used was decided with the settings.
        let plain = bucket.endpoint.as_deref().is_some_and(|endpoint| endpoint.starts_with("http://"));
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(&bucket.bucket)
            .with_region(&bucket.region)
            .with_access_key_id(&bucket.access_key_id)
            .with_secret_access_key(&bucket.secret_access_key)
            .with_virtual_hosted_style_request(false)
            .with_conditional_put(S3ConditionalPut::Disabled)
            .with_client_options(ClientOptions::new().with_timeout(REQUEST).with_allow_http(plain))
            .with_retry(RetryConfig { retry_timeout: REPEATED, ..RetryConfig::default() });
        if let Some(endpoint) = &bucket.endpoint {
            builder = builder.with_endpoint(endpoint);
        }
        let objects = builder.build()?;
        Ok(match &bucket.prefix {
            Some(prefix) => Self::new(Arc::new(PrefixStore::new(objects, prefix.as_str()))),
            None => Self::new(Arc::new(objects)),
        })
    }
}
