//! `footbridge sharing site`: what one site sets apart, as strict as the organization or stricter (B06, B07).

use std::process::ExitCode;

use clap::Args;
use http::Method;
use serde_json::{Map, Value, json};

use super::change::{DefaultLinkOptions, DomainOptions, Level, said};
use super::show::{days, domains, level};
use super::{set, show};
use crate::admin::{Admin, text_of};
use crate::failure::CliError;
use crate::site_lookup::find_any_site;
use crate::terminal::plain;

/// Which site, and what about it; without a change it is shown.
#[derive(Debug, Args)]
pub(super) struct SiteOptions {
    /// The site's web address, title or name
    #[arg(value_name = "SITE")]
    place: String,
    /// The site's level; never looser than the organization's
    #[arg(long, value_enum, value_name = "LEVEL")]
    level: Option<Level>,
    #[command(flatten)]
    domains: DomainOptions,
    /// Days a guest keeps what they are given here: 30 to 730, 0 for no end, or `default` for the organization's
    #[arg(long, value_name = "DAYS", value_parser = own_days)]
    guest_days: Option<OwnDays>,
    /// Days a link without sign-in lasts here at most: 1 to 730, 0 for no end, or `default`
    #[arg(long, value_name = "DAYS", value_parser = own_days)]
    anyone_link_days: Option<OwnDays>,
    #[command(flatten)]
    default_link: DefaultLinkOptions,
    /// Show what the change would end, and change nothing
    #[arg(long)]
    preview: bool,
    /// Do not ask
    #[arg(long)]
    yes: bool,
}

/// A number of days of the site's own, or the organization's.
#[derive(Debug, Clone, Copy)]
enum OwnDays {
    Organization,
    Days(u16),
}

fn own_days(text: &str) -> Result<OwnDays, String> {
    match text {
        "default" => Ok(OwnDays::Organization),
        days => days.parse().map(OwnDays::Days).map_err(|_| "a number of days, or `default`".to_owned()),
    }
}

/// Runs the command.
pub(super) async fn run(admin: &Admin, options: &SiteOptions) -> Result<ExitCode, CliError> {
    let site = find_any_site(&admin.graph, &options.place).await?;
    let path = format!("/admin/sites/{}", site["id"].as_str().unwrap_or_default());
    let body = body(options);
    if body.is_empty() && !options.preview {
        let own = admin.graph.send(Method::GET, &path, None).await?;
        admin.show(&own, |own| describe(&site, own));
        return Ok(ExitCode::SUCCESS);
    }
    let body = said(body)?;
    if options.preview {
        return set::preview_of(admin, &path, &body).await;
    }
    set::agree(admin, &path, &body, options.yes).await?;
    let own = admin.graph.send(Method::PATCH, &path, Some(&body)).await?;
    let site = find_any_site(&admin.graph, site["id"].as_str().unwrap_or_default()).await?;
    admin.show(&own, |own| describe(&site, own));
    Ok(ExitCode::SUCCESS)
}

fn body(options: &SiteOptions) -> Map<String, Value> {
    let mut body = Map::new();
    if let Some(level) = options.level {
        body.insert("sharingCapability".into(), json!(level.graph_name()));
    }
    options.domains.write(&mut body);
    let lives = [
        (options.guest_days, "overrideTenantExternalUserExpirationPolicy", "externalUserExpirationInDays"),
        (
            options.anyone_link_days,
            "overrideTenantAnonymousLinkExpirationPolicy",
            "anonymousLinkExpirationInDays",
        ),
    ];
    for (days, overrides, name) in lives {
        match days {
            None => {}
            Some(OwnDays::Organization) => {
                body.insert(overrides.into(), json!(false));
            }
            Some(OwnDays::Days(days)) => {
                body.insert(overrides.into(), json!(true));
                body.insert(name.into(), json!(days));
            }
        }
    }
    options.default_link.write(&mut body);
    body
}

fn describe(site: &Value, own: &Value) -> String {
    let effective = &site["footbridge"]["effectiveSharingCapability"];
    let own_or = |overrides: &str, text: String| match own[overrides].as_bool() {
        Some(true) => text,
        _ => "as the organization".to_owned(),
    };
    let link =
        format!("{}, {}", text_of(&own["defaultShareLinkScope"]), text_of(&own["defaultShareLinkRole"]));
    let lines = [
        ("Level set here", level(&own["sharingCapability"])),
        ("In effect", level(effective)),
        ("Domains", domains(own)),
        (
            "Guests keep it",
            own_or("overrideTenantExternalUserExpirationPolicy", days(&own["externalUserExpirationInDays"])),
        ),
        (
            "Anyone links last",
            own_or(
                "overrideTenantAnonymousLinkExpirationPolicy",
                show::days(&own["anonymousLinkExpirationInDays"]),
            ),
        ),
        ("A new link is for", own_or("overrideTenantDefaultShareLink", link)),
    ];
    let title = plain(site["displayName"].as_str().unwrap_or_default());
    let lines = lines.iter().map(|(name, value)| format!("  {:<20}{}\n", format!("{name}:"), plain(value)));
    format!("{title}\n{}", lines.collect::<String>())
}
