//! `audit verify`: whether organizations' audit trails are as the server wrote them. Ends with an error when one is not.

use std::path::Path;

use anyhow::Context;
use app::assemble::{Parts, assemble, open_store};
use app::config::WrittenConfig;
use identity::AuditHead;
use runtime::Runtime;
use storage::Operator;

use super::organization;

/// What to do with the audit trail.
#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Check every seal and every record it holds.
    Verify(Verify),
}

/// Which trail to check.
#[derive(clap::Args)]
pub(crate) struct Verify {
    #[command(flatten)]
    settings: WrittenConfig,
    /// A domain of the organization; without it every organization is checked.
    #[arg(long)]
    domain: Option<String>,
    /// A head that an earlier check or the server's log told and that was kept elsewhere: the trail must still have it.
    #[arg(long, requires = "domain")]
    head: Option<String>,
}

/// Runs the command.
pub(crate) async fn run(file: Option<&Path>, command: Command) -> anyhow::Result<()> {
    let Command::Verify(arguments) = command;
    let head = arguments.head.as_deref().map(str::parse::<AuditHead>).transpose();
    let head = head.map_err(anyhow::Error::msg).context("--head cannot be read")?;
    let config = WrittenConfig::read(file, arguments.settings)?.resolve()?;
    let store = open_store(&config, Runtime::tokio()).await?;
    store.check_schema().await?;
    let mut tenants = Operator::new(store.clone()).read(|cloud| cloud.list_tenants()).await?;
    if let Some(domain) = &arguments.domain {
        let wanted = organization::find(&store, domain).await?;
        tenants.retain(|tenant| tenant.id == wanted);
    }
    let server = assemble(store.clone(), store.runtime().clone(), Parts::of(&config)?).await?;
    let mut findings = 0;
    for tenant in tenants {
        let verdict = server.identity.verify_audit(tenant.id, head).await?;
        let state = if verdict.tampering.is_empty() { "intact" } else { "TOUCHED" };
        println!(
            "{}: {state}, {} records in {} seals, {} not sealed yet",
            tenant.display_name, verdict.records, verdict.seals, verdict.unsealed
        );
        println!("  head {}", verdict.head);
        for sign in &verdict.tampering {
            println!("  {sign}");
        }
        findings += verdict.tampering.len();
    }
    anyhow::ensure!(findings == 0, "{findings} signs that somebody changed the audit trail past the server");
    Ok(())
}
