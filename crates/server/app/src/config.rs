//! Configuration in two steps: as written in the file and on the command line, then as the program needs it.
//!
//! The command line wins over the file. Everything has a default but the data folder.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use federation::AllowedHosts;
use http_api::{ForwardingHeader, InvalidVersion, ProgramRules, RetirableMethod};
use ipnet::IpNet;
use serde::Deserialize;
use storage::DatabaseConfig;
use url::Url;

use crate::content_config::{ContentConfig, WrittenBucket};

/// Why a configuration cannot be used. Each names the setting and how to mend it.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("the configuration file {path} cannot be read")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The file is not what it should be.
    #[error("the configuration file {path} has a mistake")]
    Parse {
        /// The file.
        path: PathBuf,
        /// Where and what.
        #[source]
        source: toml::de::Error,
    },
    /// A needed setting is missing.
    #[error("the setting `{0}` is missing; give it in the configuration file or as `--{0}`")]
    Missing(&'static str),
    /// A setting cannot be used.
    #[error("the setting `{name}` cannot be used: {reason}")]
    Unusable {
        /// The setting.
        name: &'static str,
        /// Why, and what would do.
        reason: String,
    },
}

/// Settings as written. Absent ones take their defaults later.
#[derive(Debug, Clone, Default, Deserialize, clap::Args)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct WrittenConfig {
    /// Folder for the database, the content and caught mail.
    #[arg(long)]
    pub data: Option<PathBuf>,
    /// Address and port to listen on.
    #[arg(long)]
    pub listen: Option<SocketAddr>,
    /// The cloud's public origin, such as https://cloud.example; links in mails start with it.
    #[arg(long)]
    pub origin: Option<String>,
    /// `postgres://…`; without it an embedded database in the data folder is used.
    #[arg(long)]
    pub database: Option<String>,
    /// Bucket for contents; without it they lie in the data folder.
    #[arg(long)]
    pub s3_bucket: Option<String>,
    /// Address of the S3 server, such as https://s3.example; Amazon's when not given.
    #[arg(long)]
    pub s3_endpoint: Option<String>,
    /// Region of the bucket; us-east-1 when not given.
    #[arg(long)]
    pub s3_region: Option<String>,
    /// Folder within the bucket.
    #[arg(long)]
    pub s3_prefix: Option<String>,
    /// File (mode 600) with access-key-id = "…" and secret-access-key = "…". Without it the key is taken from
    /// FOOTBRIDGE_S3_ACCESS_KEY_ID and FOOTBRIDGE_S3_SECRET_ACCESS_KEY.
    #[arg(long)]
    pub s3_credentials: Option<PathBuf>,
    /// `folder` keeps mails as files and shows them on /mailbox (for trying out), `smtp://…` sends them.
    #[arg(long)]
    pub mail: Option<String>,
    /// Address mails come from.
    #[arg(long)]
    pub mail_from: Option<String>,
    /// Range of addresses of a proxy in front of the server, such as 10.0.0.0/24; may be given several times. Only such a
    /// proxy is believed when it says whom it speaks for.
    #[arg(long)]
    pub trusted_proxy: Vec<IpNet>,
    /// The header in which the proxies say it: `x-forwarded-for` or `forwarded`. They must write it anew or add to it.
    #[arg(long)]
    pub forwarding_header: Option<WrittenForwarding>,
    /// Database of countries in the MaxMind format, for named locations by country; read when the server starts.
    #[arg(long)]
    pub country_database: Option<PathBuf>,
    /// Host of an organization's own sign-in that may be private or without TLS, such as idp.internal:8443; once for each.
    #[arg(long)]
    pub federation_host: Vec<String>,
    /// The oldest version of the sync client that may sign in and stay signed in, such as 0.2.0.
    #[arg(long)]
    pub oldest_client: Option<String>,
    /// A way of signing in that is over: `device-code`; may be given several times.
    #[arg(long)]
    pub retired_sign_in: Vec<WrittenMethod>,
    /// `text` or `json`.
    #[arg(long)]
    pub log: Option<LogFormat>,
}

/// A way of signing in that can be ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum WrittenMethod {
    /// A short code typed on another computer.
    DeviceCode,
}

/// The header in which proxies say whom they speak for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum WrittenForwarding {
    /// `X-Forwarded-For`.
    XForwardedFor,
    /// `Forwarded`.
    Forwarded,
}

/// How logs are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// Where mails go.
#[derive(Clone, PartialEq, Eq)]
pub enum MailConfig {
    /// Kept as files; shown on the mailbox page.
    Folder(PathBuf),
    /// Sent by SMTP; the URL may hold a password.
    Smtp(String),
}

impl std::fmt::Debug for MailConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Folder(path) => f.debug_tuple("Folder").field(path).finish(),
            Self::Smtp(_) => f.write_str("Smtp(…)"),
        }
    }
}

/// Settings as the program needs them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Folder for everything the server keeps.
    pub data: PathBuf,
    /// Where to listen.
    pub listen: SocketAddr,
    /// The public origin without a slash at the end.
    pub origin: String,
    /// The database.
    pub database: DatabaseConfig,
    /// Where contents lie.
    pub content: ContentConfig,
    /// Where mails go.
    pub mail: MailConfig,
    /// Address mails come from.
    pub mail_from: String,
    /// The proxies in front of the server.
    pub trusted_proxies: Vec<IpNet>,
    /// What they write.
    pub forwarding_header: ForwardingHeader,
    /// The database of countries.
    pub country_database: Option<PathBuf>,
    /// Hosts of organizations' own sign-ins that may be private or without TLS.
    pub federation_hosts: AllowedHosts,
    /// What is taken from programs.
    pub programs: ProgramRules,
    /// How logs are written.
    pub log: LogFormat,
}

impl WrittenConfig {
    /// Reads the file, if one is named, and lays the command line over it.
    ///
    /// # Errors
    /// [`ConfigError`] names file and mistake.
    pub fn read(file: Option<&Path>, arguments: Self) -> Result<Self, ConfigError> {
        let Some(path) = file else { return Ok(arguments) };
        let text = std::fs::read_to_string(path)
            .map_err(|source| ConfigError::Read { path: path.to_owned(), source })?;
        let written: Self =
            toml::from_str(&text).map_err(|source| ConfigError::Parse { path: path.to_owned(), source })?;
        Ok(Self {
            data: arguments.data.or(written.data),
            listen: arguments.listen.or(written.listen),
            origin: arguments.origin.or(written.origin),
            database: arguments.database.or(written.database),
            s3_bucket: arguments.s3_bucket.or(written.s3_bucket),
            s3_endpoint: arguments.s3_endpoint.or(written.s3_endpoint),
            s3_region: arguments.s3_region.or(written.s3_region),
            s3_prefix: arguments.s3_prefix.or(written.s3_prefix),
            s3_credentials: arguments.s3_credentials.or(written.s3_credentials),
            mail: arguments.mail.or(written.mail),
            mail_from: arguments.mail_from.or(written.mail_from),
            trusted_proxy: match arguments.trusted_proxy.is_empty() {
                true => written.trusted_proxy,
                false => arguments.trusted_proxy,
            },
            forwarding_header: arguments.forwarding_header.or(written.forwarding_header),
            country_database: arguments.country_database.or(written.country_database),
            federation_host: match arguments.federation_host.is_empty() {
                true => written.federation_host,
                false => arguments.federation_host,
            },
            oldest_client: arguments.oldest_client.or(written.oldest_client),
            retired_sign_in: match arguments.retired_sign_in.is_empty() {
                true => written.retired_sign_in,
                false => arguments.retired_sign_in,
            },
            log: arguments.log.or(written.log),
        })
    }

    /// Completes and checks the settings.
    ///
    /// # Errors
    /// [`ConfigError`] names the setting and how to mend it.
    pub fn resolve(self) -> Result<Config, ConfigError> {
        let data = self.data.ok_or(ConfigError::Missing("data"))?;
        let listen = self.listen.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8080)));
        let origin = checked_origin(self.origin.unwrap_or_else(|| format!("http://{listen}")))?;
        let database = match self.database {
            None => DatabaseConfig::Sqlite(data.join("footbridge.db")),
            Some(url) if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
                DatabaseConfig::Postgres(url)
            }
            Some(_) => {
                let reason =
                    "it must start with postgres://; leave it out for the embedded database".to_owned();
                return Err(ConfigError::Unusable { name: "database", reason });
            }
        };
        let bucket = WrittenBucket {
            bucket: self.s3_bucket,
            endpoint: self.s3_endpoint,
            region: self.s3_region,
            prefix: self.s3_prefix,
            credentials: self.s3_credentials,
        };
        let content = bucket.resolve(&data, environment)?;
        let mail = match self.mail.as_deref() {
            // The mailbox page needs no sign-in, so it must not be reachable from anywhere else.
            None | Some("folder") if !is_this_computer(&origin) => {
                let reason = "a cloud for others must send its mail: give smtp://… or smtps://…".to_owned();
                return Err(ConfigError::Unusable { name: "mail", reason });
            }
            None | Some("folder") => MailConfig::Folder(data.join("mail")),
            Some(url) if url.starts_with("smtp://") || url.starts_with("smtps://") => {
                MailConfig::Smtp(url.to_owned())
            }
            Some(_) => {
                let reason = "it must be `folder` or start with smtp:// or smtps://".to_owned();
                return Err(ConfigError::Unusable { name: "mail", reason });
            }
        };
        let mail_from = self.mail_from.unwrap_or_else(|| "no-reply@footbridge.localhost".to_owned());
        let programs = programs(self.oldest_client.as_deref(), &self.retired_sign_in)?;
        let log = self.log.unwrap_or_default();
        let federation_hosts = AllowedHosts::parse(self.federation_host.iter().map(String::as_str))
            .map_err(|error| ConfigError::Unusable { name: "federation-host", reason: error.to_string() })?;
        Ok(Config {
            data,
            listen,
            origin,
            database,
            content,
            mail,
            mail_from,
            trusted_proxies: self.trusted_proxy,
            forwarding_header: match self.forwarding_header {
                Some(WrittenForwarding::Forwarded) => ForwardingHeader::Forwarded,
                Some(WrittenForwarding::XForwardedFor) | None => ForwardingHeader::XForwardedFor,
            },
            country_database: self.country_database,
            federation_hosts,
            programs,
            log,
        })
    }
}

fn programs(oldest: Option<&str>, retired: &[WrittenMethod]) -> Result<ProgramRules, ConfigError> {
    let unusable =
        |error: InvalidVersion| ConfigError::Unusable { name: "oldest-client", reason: error.to_string() };
    Ok(ProgramRules {
        oldest_client: oldest.map(str::parse).transpose().map_err(unusable)?,
        retired: retired.iter().map(|WrittenMethod::DeviceCode| RetirableMethod::DeviceCode).collect(),
    })
}

#[expect(clippy::disallowed_methods, reason = "configuration is read here")]
fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn is_this_computer(origin: &str) -> bool {
    Url::parse(origin).is_ok_and(|url| url.host_str().is_some_and(is_local))
}

/// Returns whether a host is this computer.
pub(crate) fn is_local(host: &str) -> bool {
    host == "localhost" || host.ends_with(".localhost") || host.starts_with("127.") || host == "[::1]"
}

/// Checks that the origin is one, and that passwords never cross a network in the clear.
fn checked_origin(text: String) -> Result<String, ConfigError> {
    let unusable = |reason: &str| ConfigError::Unusable { name: "origin", reason: reason.to_owned() };
    let url = Url::parse(&text).map_err(|_| unusable("it must look like https://cloud.example"))?;
    let host = url.host_str().ok_or_else(|| unusable("it must name a host"))?;
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() {
        return Err(unusable("it must be only scheme, host and port"));
    }
    let local = is_local(host);
    match url.scheme() {
        "https" => {}
        "http" if local => {}
        _ => {
            return Err(unusable(
                "it must be https:// unless it is this computer; put a proxy with TLS in front",
            ));
        }
    }
    Ok(url.origin().ascii_serialization())
}

#[cfg(test)]
mod tests {
    use super::{ConfigError, WrittenConfig};

    fn written(origin: &str) -> WrittenConfig {
        let mail = Some("smtp://mail.example".to_owned());
        WrittenConfig {
            data: Some("data".into()),
            origin: Some(origin.to_owned()),
            mail,
            ..WrittenConfig::default()
        }
    }

    #[test]
    fn a_mailbox_page_is_only_for_this_computer() {
        for (origin, usable) in [("http://127.0.0.1:8080", true), ("https://cloud.example", false)] {
            for mail in [None, Some("folder".to_owned())] {
                let config = WrittenConfig { mail, ..written(origin) }.resolve();
                assert_eq!(config.is_ok(), usable, "{origin}");
            }
        }
    }

    #[test]
    fn an_origin_without_tls_is_refused_unless_it_is_this_computer() {
        for good in ["https://cloud.example", "http://127.0.0.1:8080", "http://localhost:1/"] {
            assert!(written(good).resolve().is_ok(), "{good}");
        }
        for bad in [
            "http://cloud.example",
            "ftp://cloud.example",
            "cloud.example",
            "https://a.example/b",
            "https://u@a.example",
        ] {
            assert!(
                matches!(written(bad).resolve(), Err(ConfigError::Unusable { name: "origin", .. })),
                "{bad}"
            );
        }
    }

    #[test]
    fn a_missing_data_folder_is_named() {
        assert!(matches!(WrittenConfig::default().resolve(), Err(ConfigError::Missing("data"))));
    }

    #[test]
    fn a_password_in_the_mail_setting_is_not_printed() {
        let config = WrittenConfig {
            mail: Some("smtp://u:hunter2@mail.example".to_owned()),
            ..written("https://a.example")
        };
        let text = format!("{:?}", config.resolve().expect("usable"));
        assert!(!text.contains("hunter2"), "{text}");
    }
}
