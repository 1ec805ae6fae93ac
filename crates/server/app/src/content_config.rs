//! Where contents lie: a folder, or a bucket with the key that may use it. The key comes from a file or the environment,
//! never from the command line, where every process could read it.

use std::path::{Path, PathBuf};

use content::S3Bucket;
use serde::Deserialize;
use url::Url;

use crate::config::{ConfigError, is_local};

/// Names of the environment variables that hold the key.
pub const KEY_VARIABLES: [&str; 2] = ["FOOTBRIDGE_S3_ACCESS_KEY_ID", "FOOTBRIDGE_S3_SECRET_ACCESS_KEY"];

/// Where contents lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ContentConfig {
    /// In a folder of the data folder.
    Folder(PathBuf),
    /// In a bucket.
    S3(Box<S3Bucket>),
}

/// The settings of a bucket as written.
#[derive(Debug, Default)]
pub(crate) struct WrittenBucket {
    pub(crate) bucket: Option<String>,
    pub(crate) endpoint: Option<String>,
    pub(crate) region: Option<String>,
    pub(crate) prefix: Option<String>,
    pub(crate) credentials: Option<PathBuf>,
}

/// An access key. There is no `Debug`, so that it cannot be printed by mistake.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct AccessKey {
    access_key_id: String,
    secret_access_key: String,
}

impl WrittenBucket {
    /// Completes and checks the settings. `environment` looks a variable up.
    pub(crate) fn resolve(
        self,
        data: &Path,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<ContentConfig, ConfigError> {
        let Some(bucket) = self.bucket else {
            let others = [self.endpoint.is_some(), self.region.is_some(), self.prefix.is_some()];
            if others.contains(&true) || self.credentials.is_some() {
                return Err(unusable("s3-bucket", "it is missing, but other settings of S3 are given"));
            }
            return Ok(ContentConfig::Folder(data.join("content")));
        };
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.';
        if !(3..=63).contains(&bucket.len()) || !bucket.chars().all(allowed) {
            return Err(unusable("s3-bucket", "a bucket has 3 to 63 lower-case letters, digits, - and ."));
        }
        let endpoint = self.endpoint.map(|endpoint| checked_endpoint(&endpoint)).transpose()?;
        let key = match self.credentials {
            Some(file) => AccessKey::read(&file)?,
            None => AccessKey::of_environment(environment)?,
        };
        Ok(ContentConfig::S3(Box::new(S3Bucket {
            bucket,
            endpoint,
            region: self.region.unwrap_or_else(|| "us-east-1".to_owned()),
            prefix: self.prefix.filter(|prefix| !prefix.is_empty()),
            access_key_id: key.access_key_id,
            secret_access_key: key.secret_access_key,
        })))
    }
}

impl AccessKey {
    fn read(file: &Path) -> Result<Self, ConfigError> {
        use std::os::unix::fs::PermissionsExt;
        let failed = |source| ConfigError::Read { path: file.to_owned(), source };
        let mode = std::fs::metadata(file).map_err(failed)?.permissions().mode();
        if mode & 0o077 != 0 {
            let reason = format!("{} can be read by others; run: chmod 600 on it", file.display());
            return Err(unusable("s3-credentials", &reason));
        }
        let text = std::fs::read_to_string(file).map_err(failed)?;
        // The parser's own error would repeat the line, and with it the secret.
        toml::from_str(&text).map_err(|_| {
            let reason = format!(
                "{} must hold two lines: access-key-id = \"…\" and secret-access-key = \"…\"",
                file.display()
            );
            unusable("s3-credentials", &reason)
        })
    }

    fn of_environment(look_up: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let [id, secret] = KEY_VARIABLES.map(look_up);
        match (id, secret) {
            (Some(access_key_id), Some(secret_access_key)) => Ok(Self { access_key_id, secret_access_key }),
            _ => Err(unusable(
                "s3-credentials",
                "a bucket needs a key: name a file here, or set FOOTBRIDGE_S3_ACCESS_KEY_ID and \
                 FOOTBRIDGE_S3_SECRET_ACCESS_KEY in the environment",
            )),
        }
    }
}

/// Checks that bytes never cross a network in the clear, and that the address holds no secret.
fn checked_endpoint(text: &str) -> Result<String, ConfigError> {
    let refuse = |reason: &str| unusable("s3-endpoint", reason);
    let url = Url::parse(text).map_err(|_| refuse("it must look like https://s3.example"))?;
    let host = url.host_str().ok_or_else(|| refuse("it must name a host"))?;
    if !url.username().is_empty() || url.password().is_some() || url.query().is_some() {
        return Err(refuse("it must be only scheme, host, port and path; the key has a setting of its own"));
    }
    match url.scheme() {
        "https" => {}
        "http" if is_local(host) => {}
        _ => return Err(refuse("it must be https:// unless it is this computer")),
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

fn unusable(name: &'static str, reason: &str) -> ConfigError {
    ConfigError::Unusable { name, reason: reason.to_owned() }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;
    use std::path::Path;

    use super::{ContentConfig, WrittenBucket};
    use crate::config::ConfigError;

    fn key(name: &str) -> Option<String> {
        Some(if name.contains("SECRET") { "hunter2".to_owned() } else { "AKIA".to_owned() })
    }

    fn bucket(endpoint: Option<&str>) -> WrittenBucket {
        WrittenBucket {
            bucket: Some("contents".to_owned()),
            endpoint: endpoint.map(str::to_owned),
            ..WrittenBucket::default()
        }
    }

    fn resolve(written: WrittenBucket) -> Result<ContentConfig, ConfigError> {
        written.resolve(Path::new("data"), key)
    }

    #[test]
    fn without_a_bucket_contents_lie_in_the_data_folder() {
        let config = resolve(WrittenBucket::default()).expect("usable");
        assert_eq!(config, ContentConfig::Folder("data/content".into()));
    }

    #[test]
    fn what_could_leak_or_cannot_work_is_refused_by_the_name_of_its_setting() {
        for endpoint in
            ["http://s3.example", "ftp://127.0.0.1", "https://key:secret@s3.example", "s3.example"]
        {
            let refused = resolve(bucket(Some(endpoint)));
            assert!(
                matches!(refused, Err(ConfigError::Unusable { name: "s3-endpoint", .. })),
                "{endpoint}: {refused:?}"
            );
        }
        for endpoint in ["https://s3.example", "http://127.0.0.1:9000/", "http://localhost:9000"] {
            assert!(resolve(bucket(Some(endpoint))).is_ok(), "{endpoint}");
        }
        let nameless = WrittenBucket { region: Some("here".to_owned()), ..WrittenBucket::default() };
        let shouted = WrittenBucket { bucket: Some("Contents".to_owned()), ..WrittenBucket::default() };
        for written in [nameless, shouted] {
            assert!(matches!(resolve(written), Err(ConfigError::Unusable { name: "s3-bucket", .. })));
        }
        let keyless = bucket(None).resolve(Path::new("data"), |_| None);
        assert!(matches!(keyless, Err(ConfigError::Unusable { name: "s3-credentials", .. })));
    }

    #[test]
    fn a_key_file_is_read_when_it_is_private_and_its_mistakes_do_not_tell_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("key");
        let resolve = || {
            let written = WrittenBucket { credentials: Some(file.clone()), ..bucket(None) };
            written.resolve(Path::new("data"), |_| None)
        };
        let write = |text: &str, mode: u32| {
            std::fs::write(&file, text).expect("writes");
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).expect("sets the mode");
        };
        let good = "access-key-id = \"AKIA\"\nsecret-access-key = \"hunter2\"\n";
        write(good, 0o644);
        assert!(resolve().is_err_and(|error| error.to_string().contains("chmod 600")));
        write(good, 0o600);
        let config = resolve().expect("usable");
        assert!(matches!(&config, ContentConfig::S3(bucket) if bucket.secret_access_key == "hunter2"));
        assert!(!format!("{config:?}").contains("hunter2"));
        write("secret-access-key = hunter2", 0o600);
        let refused = format!("{:?}", resolve().expect_err("a mistake"));
        assert!(!refused.contains("hunter2"), "{refused}");
    }
}
