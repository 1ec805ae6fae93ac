//! Will it sync? Every condition between a person and syncing a place, passed, failed, or asked for at sign-in (X02).
//!
//! The facts are loaded and judged by what enforces at every request: `may_open` and `may_sync_what` on the stored truth,
//! the organization's conditional access, and for somebody who is not in the directory yet `may_share`. Nothing is decided
//! here. What the person's own organization and computer say is known to them alone.

use directory::{AccessRules, Arrival, Countries, SignInEvidence, authority_of, judge_person};
use model::{
    Actor, Caller, ClientApp, DriveId, GuestIntegration, HomeAccount, ItemId, Presence, Proofs, Role, SiteId,
    Timestamp, User,
};
use policy::{
    Administration, Barrier, Decision, Demand, Opened, Outcome, Reason, SyncFacts, may_administer, may_share,
    may_sync, may_sync_what,
};
use storage::{Call, Scope, StorageError};

use crate::access::{drive_access, facts_of};
use crate::links::shape_of;
use crate::sharing::{Place, PlacePolicy, RecipientName, ShareRefusal, SharingError, Who, resolve_recipient};

/// How a condition stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It holds.
    Passed,
    /// The person can meet it when they sign in.
    Asked,
    /// It does not hold.
    Failed,
}

/// One condition, judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// Its code: a [`Reason`]'s, or `conditionalAccess`.
    pub code: &'static str,
    /// What must hold.
    pub text: String,
    /// How it stands.
    pub standing: Standing,
    /// What can be done, unless it holds.
    pub remedy: Option<String>,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncExplanation {
    /// The person, if the directory knows them.
    pub person: Option<User>,
    /// How they were named.
    pub named: String,
    /// Every condition, in the order in which the first failed one is the reason.
    pub conditions: Vec<Condition>,
}

impl SyncExplanation {
    /// Returns whether nothing stands in the way but what is asked for at sign-in.
    #[must_use]
    pub fn will_sync(&self) -> bool {
        self.conditions.iter().all(|condition| condition.standing != Standing::Failed)
    }

    /// Returns the first condition that fails.
    #[must_use]
    pub fn in_the_way(&self) -> Option<&Condition> {
        self.conditions.iter().find(|condition| condition.standing == Standing::Failed)
    }
}

/// Explains whether somebody can sync a place. People in charge of the place and administrators may ask about anybody,
/// everybody about themselves where they have or had access.
///
/// # Errors
/// [`SharingError::NotFound`] when the place is hidden from whoever asks, [`SharingError::Refused`] when they see it and
/// are not in charge of it.
pub async fn explain_sync(
    call: &Call,
    caller: Caller,
    place: Place,
    person: Option<RecipientName>,
) -> Result<SyncExplanation, SharingError> {
    let now = call.store().runtime().now();
    call.read(move |scope| {
        let own = RecipientName::Object(caller.user.to_string());
        let named = person.unwrap_or(own);
        let (who, text) = match resolve_recipient(scope, &named)? {
            Ok(who) => (who, text_of(&named)),
            Err(ShareRefusal::Policy(reason)) => return Err(SharingError::Refused(reason)),
            Err(_) => (Who::Nobody, text_of(&named)),
        };
        let (site, drive, item) = require_asker(scope, &caller, now, place, &who)?;
        match who {
            Who::Person(person) => {
                let conditions = conditions_of(scope, &person, now, drive, item)?;
                Ok(SyncExplanation { named: text, conditions, person: Some(person) })
            }
            who => {
                let conditions = without_account(scope, &caller, now, place, site, &who)?;
                Ok(SyncExplanation { named: text, conditions, person: None })
            }
        }
    })
    .await
}

/// Judges every condition between somebody of the directory and syncing an item.
///
/// # Errors
/// A storage error.
pub fn conditions_of<M>(
    scope: &mut Scope<'_, M>,
    person: &User,
    now: Timestamp,
    drive: DriveId,
    item: ItemId,
) -> Result<Vec<Condition>, StorageError> {
    let own = HomeAccount { tenant: person.tenant, user: person.id };
    let home = person.home.unwrap_or(own);
    let open = facts_of(scope, person, home, now, drive, item)?;
    let kind = scope.items().list_ever(drive, &[item])?.remove(&item).map(|item| item.kind);
    let shape = kind.map_or(policy::Shape::Folder, shape_of);
    let mut conditions = told(&may_sync(&SyncFacts { open, shape, opened: Opened::SignedIn }));
    // Behind the account and before the place, where sign-in asks it.
    let behind = conditions.iter().take_while(|condition| is_about_account(condition.code)).count();
    conditions.splice(behind..behind, conditional_access(scope, person, now)?);
    Ok(conditions)
}

fn is_about_account(code: &str) -> bool {
    [Reason::AccountDeleted, Reason::AccountBlocked, Reason::InvitationPending, Reason::OtherHomeAccount]
        .iter()
        .any(|reason| reason.code() == code)
}

fn told(decision: &Decision) -> Vec<Condition> {
    let each = decision.checks().iter().map(|check| Condition {
        code: check.reason.code(),
        text: check.reason.condition().to_owned(),
        standing: if check.passed { Standing::Passed } else { Standing::Failed },
        remedy: (!check.passed).then(|| check.reason.remedy().to_owned()),
    });
    each.collect()
}

/// Says what the organization's policies ask of the sync client in this person's hands, with nothing proven yet and from
/// nowhere in particular.
fn conditional_access<M>(
    scope: &mut Scope<'_, M>,
    person: &User,
    now: Timestamp,
) -> Result<Vec<Condition>, StorageError> {
    let rules = AccessRules::load(scope)?;
    let arrival = Arrival {
        presence: Presence::default(),
        client_app: ClientApp::MobileAndDesktop,
        countries: Countries::default(),
    };
    let proofs = Proofs::password_alone(now);
    let evidence = SignInEvidence { proofs: &proofs, begun: now, now };
    let decision = judge_person(scope, &rules, person, &arrival, evidence)?;
    let policies = rules.policies();
    let elsewhere = |id| {
        let found = policies.iter().find(|policy| policy.id == id);
        found.is_some_and(|policy| {
            policy.conditions.locations.is_some() || policy.conditions.platforms.is_some()
        })
    };
    let name = |id| {
        let known = policies.iter().find(|policy| policy.id == id);
        known.map_or_else(String::new, |policy| policy.display_name.clone())
    };
    let condition = |text: String, standing, remedy: Option<&str>| Condition {
        code: "conditionalAccess",
        text,
        standing,
        remedy: remedy.map(str::to_owned),
    };
    Ok(match decision.outcome {
        Outcome::Allow if rules.ask_nothing() => Vec::new(),
        Outcome::Allow => vec![condition(
            "The organization's access policies let the sync client in.".to_owned(),
            Standing::Passed,
            None,
        )],
        Outcome::Demand(asked) => asked
            .iter()
            .map(|asked| {
                let demands: Vec<&str> = asked.demands.iter().map(|demand| demanded(*demand)).collect();
                let text = format!("The policy “{}” asks for {}.", name(asked.policy), demands.join(" and "));
                condition(text, Standing::Asked, Some("The person does it when they sign in."))
            })
            .collect(),
        Outcome::Refuse(refusing) => refusing
            .iter()
            .map(|(policy, barrier)| {
                if elsewhere(*policy) {
                    let text = format!(
                        "The policy “{}” lets people in by where and on what they are.",
                        name(*policy)
                    );
                    let remedy =
                        "It depends on the person's network and computer; they see it when they sign in.";
                    return condition(text, Standing::Asked, Some(remedy));
                }
                let text = format!("The policy “{}” {}.", name(*policy), barred(*barrier));
                condition(
                    text,
                    Standing::Failed,
                    Some("An administrator can change the policy or exclude the person."),
                )
            })
            .collect(),
    })
}

const fn demanded(demand: Demand) -> &'static str {
    match demand {
        Demand::Mfa => "a second factor",
        Demand::Terms(_) => "terms of use to be accepted",
        Demand::SignInAgain => "a new sign-in",
    }
}

const fn barred(barrier: Barrier) -> &'static str {
    match barrier {
        Barrier::Blocked => "does not block the sync client for this person",
        Barrier::DeviceNotCompliant => "finds the device managed as it asks",
        Barrier::DeviceNotJoined => "finds the device joined as it asks",
    }
}

/// What stands between a place and somebody who is not in the directory: whether sharing with them would do.
fn without_account<M>(
    scope: &mut Scope<'_, M>,
    caller: &Caller,
    now: Timestamp,
    place: Place,
    site: SiteId,
    who: &Who,
) -> Result<Vec<Condition>, SharingError> {
    let mut decision = Decision::new();
    let mut by_code = false;
    if let Who::New(address) = who {
        by_code = matches!(place, Place::Item { .. })
            && scope.tenants().guest_integration()? == GuestIntegration::Off
            || !scope.tenants().is_on_this_cloud(&address.domain())?;
    }
    if let Some(open) = place.open(scope, caller, now)? {
        let policy = PlacePolicy::load(scope, caller, site)?;
        let facts = policy.share_facts(scope, caller, &open, Role::Read)?;
        decision = may_share(&facts, &policy.recipient_facts(scope, who)?);
    }
    let mut conditions = told(&decision);
    if by_code {
        conditions.extend(told(&may_sync_what(policy::Shape::Folder, Opened::ByCode)));
    }
    let account = Condition {
        code: Reason::NoPermission.code(),
        text: "It is shared with the person.".to_owned(),
        standing: Standing::Failed,
        remedy: Some("Share it; the mail tells them how to accept.".to_owned()),
    };
    let group = Condition {
        code: "group",
        text: "One person is named, not a group.".to_owned(),
        standing: Standing::Failed,
        remedy: Some("Ask about each person of the group.".to_owned()),
    };
    conditions.push(if matches!(who, Who::Group(_)) { group } else { account });
    Ok(conditions)
}

/// Fails unless the caller may ask, and returns what is asked about: a site means its first library.
fn require_asker<M>(
    scope: &mut Scope<'_, M>,
    caller: &Caller,
    now: Timestamp,
    place: Place,
    who: &Who,
) -> Result<(SiteId, DriveId, ItemId), SharingError> {
    let (site, drive, item) = located(scope, place)?.ok_or(SharingError::NotFound)?;
    let own = matches!(who, Who::Person(person) if person.id == caller.user);
    if own && may_ask_for_oneself(scope, caller, now, drive, item)? {
        return Ok((site, drive, item));
    }
    let office =
        may_administer(&authority_of(scope, Actor::Person(caller.user))?, Administration::ReviewAccess);
    if office.allows() && caller.tenant == scope.tenant() {
        return Ok((site, drive, item));
    }
    let open = place.open(scope, caller, now)?.ok_or(SharingError::NotFound)?;
    if open.is_managed_by(caller) {
        Ok((site, drive, item))
    } else {
        Err(SharingError::Refused(Reason::MayNotManageSharing))
    }
}

/// Who lost access is told why about what they once had; to everybody else it does not exist.
fn may_ask_for_oneself<M>(
    scope: &mut Scope<'_, M>,
    caller: &Caller,
    now: Timestamp,
    drive: DriveId,
    item: ItemId,
) -> Result<bool, StorageError> {
    if scope.sync_roots().find(drive, item, caller.home)?.is_some() {
        return Ok(true);
    }
    let Some(open) = drive_access(scope, caller, now, drive)? else { return Ok(false) };
    let chain = scope.permissions().list_chains(drive, &[item])?.remove(&item).unwrap_or_default();
    Ok(open.role_along(&chain).is_some() && scope.items().find(drive, item)?.is_some())
}

fn located<M>(
    scope: &mut Scope<'_, M>,
    place: Place,
) -> Result<Option<(SiteId, DriveId, ItemId)>, StorageError> {
    match place {
        Place::Site(site) => {
            let drives = scope.drives().list_of_site(site)?;
            Ok(drives.into_iter().next().map(|drive| (site, drive.id, drive.root)))
        }
        Place::Item { drive, item } => {
            let Some(found) = scope.drives().find(drive)? else { return Ok(None) };
            let there = scope.items().list_ever(drive, &[item])?.contains_key(&item);
            Ok(there.then_some((found.site, drive, item)))
        }
    }
}

fn text_of(named: &RecipientName) -> String {
    match named {
        RecipientName::Address(text) | RecipientName::Object(text) => text.clone(),
    }
}
