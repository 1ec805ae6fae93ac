//! Resolve: leads a person to the page on which they meet what one organization asks for, and goes on at once after it
//! (X01). Every other organization is left alone.

use std::time::Duration;

use agent_api::{Failure, FailureKind, Message};
use engine::{Demand, RootState};
use remote::{Account, BrowserStepUp, TokenError};

use super::find_root_info::{candidates, tenants};
use super::sign_in::failure as sign_in_failure;
use super::token::failure as token_failure;
use crate::Agent;
use crate::root_link::RootLink;
use crate::root_view::RootView;
use crate::session::Outlet;

/// How often a page that sends nobody back is asked whether it has done its work.
const ASK_EVERY: Duration = Duration::from_secs(2);
/// How long a person may take on such a page.
const PERSON_LIMIT: Duration = Duration::from_secs(15 * 60);

/// An organization, as an account knows it.
struct Asking {
    account: Account,
    tenant: String,
    organization: String,
}

pub(super) async fn run(
    agent: &Agent,
    subject: Option<&str>,
    named: Option<&str>,
    outlet: &mut Outlet,
) -> Result<Message, Failure> {
    let asking = find(agent, subject, named)?;
    let tokens = agent.tokens(&asking.account);
    match tokens.ask_anew(&asking.tenant).await {
        Ok(_token) => {}
        Err(TokenError::InteractionNeeded { demand, message, .. }) if !demand.is_met_in_browser() => {
            return Err(Failure::new(FailureKind::NoAccess, message).with_remedy(demand.remedy()));
        }
        Err(TokenError::InteractionNeeded {
            demand: Demand::Invitation, page: Some(page), message, ..
        }) => {
            tell(outlet, page, message).await?;
            wait_until_let_in(agent, &asking).await?;
        }
        Err(TokenError::InteractionNeeded { claims, message, .. }) => {
            let step = BrowserStepUp::begin(&tokens, &asking.tenant, claims.as_deref()).await;
            let step = step.map_err(sign_in_failure)?;
            tell(outlet, step.page().to_owned(), message).await?;
            step.finish().await.map_err(sign_in_failure)?;
        }
        Err(error) => return Err(token_failure(error)),
    }
    agent.go_on(&asking.account, &asking.tenant);
    Ok(Message::Resolved { organization: asking.organization })
}

async fn tell(outlet: &mut Outlet, page: String, reason: String) -> Result<(), Failure> {
    let message = Message::MeetDemand { page, reason };
    outlet.send(&message).await.map_err(|error| Failure::new(FailureKind::Internal, error.to_string()))
}

/// Waits for a page that does not come back to this program.
async fn wait_until_let_in(agent: &Agent, asking: &Asking) -> Result<(), Failure> {
    let (runtime, tokens) = (&agent.0.runtime, agent.tokens(&asking.account));
    let last = runtime.elapsed() + PERSON_LIMIT;
    while runtime.elapsed() < last {
        runtime.sleep(ASK_EVERY).await;
        match tokens.ask_anew(&asking.tenant).await {
            Ok(_token) => return Ok(()),
            Err(
                TokenError::InteractionNeeded { .. }
                | TokenError::Transport(_)
                | TokenError::Throttled { .. },
            ) => {}
            Err(error) => return Err(token_failure(error)),
        }
    }
    let late = Failure::new(FailureKind::SignInFailed, "Nothing happened on the page in time.");
    Err(late.with_remedy("Run `footbridge resolve` again."))
}

fn find(agent: &Agent, subject: Option<&str>, named: Option<&str>) -> Result<Asking, Failure> {
    match subject {
        Some(link) if link.contains("://") => of_link(agent, link, named),
        Some(name) => of_roots(agent, Some(name), named),
        None => of_roots(agent, None, named),
    }
}

/// The organization behind a link, before anything of it is synced.
fn of_link(agent: &Agent, link: &str, named: Option<&str>) -> Result<Asking, Failure> {
    let link = RootLink::parse(link)?;
    let accounts = candidates(agent, &link, named, agent_api::CloudTrust::KnownOnly)?;
    let account = accounts.into_iter().next();
    let account = account.ok_or_else(|| Failure::new(FailureKind::NoAccount, "Nobody is signed in."))?;
    let tenant = tenants(agent, &link, &account).into_iter().next().unwrap_or_default();
    Ok(Asking { account, organization: "The organization".to_owned(), tenant })
}

/// The organization of synced folders: the one named, or the only one that asks for something.
fn of_roots(agent: &Agent, name: Option<&str>, named: Option<&str>) -> Result<Asking, Failure> {
    let live = agent.live();
    let mut found: Vec<Asking> = Vec::new();
    for root in &live.settings.roots {
        let asks = live.roots.get(&root.id).is_some_and(|live| is_asked(&live.view()));
        let meant = match name {
            None => asks,
            Some(name) => root.organization.eq_ignore_ascii_case(name) || root.is_called(name),
        };
        let Some(account) = live.settings.account(&root.account).filter(|_| meant) else { continue };
        let other =
            named.is_some_and(|named| account.key() != named && !account.address.eq_ignore_ascii_case(named));
        let known = |asking: &Asking| asking.tenant == root.tenant && asking.account == *account;
        if !other && !found.iter().any(known) {
            found.push(Asking {
                account: account.clone(),
                tenant: root.tenant.clone(),
                organization: root.organization.clone(),
            });
        }
    }
    if found.len() > 1 {
        let names: Vec<String> = found
            .iter()
            .map(|asking| format!("{} ({})", asking.organization, asking.account.address))
            .collect();
        let text = format!("Several organizations are meant: {}.", names.join(", "));
        return Err(Failure::new(FailureKind::NotFound, text)
            .with_remedy("Name one, or one of its folders, and the account with `--account`."));
    }
    found.pop().ok_or_else(|| match name {
        None => Failure::new(FailureKind::NotFound, "No organization asks you for anything.")
            .with_remedy("`footbridge status` shows how everything is."),
        Some(name) => {
            let text = format!("Nothing of an organization called `{name}` is synced here.");
            Failure::new(FailureKind::NotFound, text)
                .with_remedy("`footbridge sync list` shows what is; a link can be given instead.")
        }
    })
}

fn is_asked(view: &RootView) -> bool {
    matches!(view, RootView::Running(status) if status.state == RootState::InteractionNeeded)
}
