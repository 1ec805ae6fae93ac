//! `quota`: shows and sets how much an organization, or one site, may keep, and how many versions of a file.

use std::path::Path;

use anyhow::Context;
use app::assemble::open_store;
use app::config::WrittenConfig;
use model::{Actor, AuditEvent, SiteId, Timestamp};
use runtime::Runtime;
use storage::{Call, Commit, Scope, StorageError, Writing};

use super::organization;

/// Whose quota, and how much.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    settings: WrittenConfig,
    /// One of the organization's domains.
    #[arg(long)]
    domain: String,
    /// Name of a site as its address has it; without it the organization as a whole is meant.
    #[arg(long)]
    site: Option<String>,
    /// Most that may be kept, such as 500GB or 2TiB. For a site it holds for each of its libraries.
    #[arg(long, conflicts_with = "unlimited")]
    limit: Option<Limit>,
    /// Take the limit away.
    #[arg(long)]
    unlimited: bool,
    /// Most versions of a file that each library of a site keeps, the present one included.
    #[arg(long, requires = "site", value_parser = clap::value_parser!(i64).range(1..=50_000))]
    versions: Option<i64>,
}

/// What is set.
struct Change {
    site: Option<String>,
    /// The new limit, none for none; absent when it stays.
    quota: Option<Option<u64>>,
    versions: Option<i64>,
}

/// A number of bytes as people write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Limit(u64);

impl std::str::FromStr for Limit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const UNITS: [(&str, u64); 9] = [
            ("KiB", 1 << 10),
            ("MiB", 1 << 20),
            ("GiB", 1 << 30),
            ("TiB", 1 << 40),
            ("kB", 1_000),
            ("MB", 1_000_000),
            ("GB", 1_000_000_000),
            ("TB", 1_000_000_000_000),
            ("", 1),
        ];
        let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let (number, unit) = text.split_at(digits);
        let factor = UNITS.iter().find(|(name, _)| *name == unit.trim()).map(|(_, factor)| factor);
        let bytes =
            number.parse::<u64>().ok().zip(factor).and_then(|(number, factor)| number.checked_mul(*factor));
        bytes
            .map(Self)
            .ok_or_else(|| "write a whole number and B, kB, MB, GB, TB, KiB, MiB, GiB or TiB".to_owned())
    }
}

/// Runs the command.
pub(crate) async fn run(file: Option<&Path>, arguments: Arguments) -> anyhow::Result<()> {
    let config = WrittenConfig::read(file, arguments.settings)?.resolve()?;
    let runtime = Runtime::tokio();
    let store = open_store(&config, runtime.clone()).await?;
    store.check_schema().await?;
    let tenant = organization::find(&store, &arguments.domain).await?;
    let call = Call::new(store, tenant, Actor::Operator);
    let quota = match (arguments.limit, arguments.unlimited) {
        (Some(limit), _) => Some(Some(limit.0)),
        (None, true) => Some(None),
        (None, false) => None,
    };
    let change = Change { site: arguments.site.clone(), quota, versions: arguments.versions };
    if change.quota.is_some() || change.versions.is_some() {
        let (id, now) = (runtime.random(), runtime.now());
        call.write(move |scope| -> anyhow::Result<_> {
            let site = set(scope, &change)?;
            let proof = scope.audit().record(id, &change.event(now, site))?;
            Ok(Commit::new((), proof))
        })
        .await?;
    }
    tell(&call, arguments.site).await
}

impl Change {
    /// Writes the record: of which site, and how much.
    fn event(&self, now: Timestamp, site: Option<SiteId>) -> AuditEvent {
        let mut event = AuditEvent::new(now, Actor::Operator, "StorageQuotaSet");
        if let Some(site) = site {
            event = event.site(site);
        }
        if let Some(quota) = self.quota {
            let limit = quota.map_or_else(|| "unlimited".to_owned(), |bytes| bytes.to_string());
            event = event.detail("StorageQuota", limit);
        }
        match self.versions {
            Some(most) => event.detail("VersionLimit", most.to_string()),
            None => event,
        }
    }
}

/// Sets what is to be set; returns the site it was set for.
fn set(scope: &mut Scope<'_, Writing>, change: &Change) -> anyhow::Result<Option<SiteId>> {
    let Some(name) = &change.site else {
        if let Some(quota) = change.quota {
            scope.quotas().update_tenant(quota)?;
        }
        return Ok(None);
    };
    let site = scope.sites().find_by_name(name)?.with_context(|| format!("there is no site {name}"))?;
    for drive in scope.drives().list_of_site(site.id)? {
        if let Some(quota) = change.quota {
            scope.quotas().update_drive(drive.id, quota)?;
        }
        if let Some(most) = change.versions {
            scope.drives().update_version_limit(drive.id, most)?;
        }
    }
    Ok(Some(site.id))
}

async fn tell(call: &Call, site: Option<String>) -> anyhow::Result<()> {
    let lines = call
        .read(move |scope| -> Result<_, StorageError> {
            let mut lines = Vec::new();
            match site {
                None => {
                    let tenant = scope.quotas().load()?;
                    lines.push(line("The organization", tenant.used, tenant.quota));
                }
                Some(name) => {
                    let site = scope.sites().find_by_name(&name)?.map(|site| site.id);
                    for drive in site.map_or(Ok(Vec::new()), |site| scope.drives().list_of_site(site))? {
                        lines.push(line(&drive.name, drive.used, drive.quota));
                        lines.push(format!(
                            "{} keeps {} versions of a file.",
                            drive.name, drive.version_limit
                        ));
                    }
                }
            }
            Ok(lines)
        })
        .await?;
    anyhow::ensure!(!lines.is_empty(), "there is no such site");
    lines.iter().for_each(|line| println!("{line}"));
    Ok(())
}

fn line(what: &str, used: u64, quota: Option<u64>) -> String {
    match quota {
        Some(quota) => format!("{what} keeps {used} of {quota} bytes."),
        None => format!("{what} keeps {used} bytes and has no limit."),
    }
}

#[cfg(test)]
mod tests {
    use model::{SiteId, Timestamp};

    use super::{Change, Limit};

    #[test]
    fn the_record_says_which_site_and_how_much() {
        let site = SiteId::from_random([1; 16]);
        let change = |quota, versions| Change { site: None, quota, versions };
        let event = change(Some(Some(5)), Some(7)).event(Timestamp::UNIX_EPOCH, Some(site));
        assert_eq!(event.site, Some(site));
        assert_eq!(event.details, [("StorageQuota", "5".to_owned()), ("VersionLimit", "7".to_owned())]);
        let event = change(Some(None), None).event(Timestamp::UNIX_EPOCH, None);
        assert_eq!((event.site, event.details), (None, vec![("StorageQuota", "unlimited".to_owned())]));
    }

    #[test]
    fn sizes_are_read_as_people_write_them() {
        for (text, bytes) in
            [("0", 0), ("500", 500), ("2TiB", 2 << 40), ("500GB", 500_000_000_000), ("1 MB", 1_000_000)]
        {
            assert_eq!(text.parse(), Ok(Limit(bytes)), "{text}");
        }
        for bad in ["", "GB", "-1", "1.5GB", "99999999999TB", "5 apples"] {
            assert!(bad.parse::<Limit>().is_err(), "{bad}");
        }
    }
}
