//! Cross-tenant access: who of one organization may use resources of another (sharing-and-guests.md 4.10). Both sides are
//! asked at every token and request: the home organization whether it lets out, the other whether it lets in.

use std::collections::BTreeSet;

use model::{AccessType, Consent, CrossTenantSettings, Crossing, GroupId, InboundTrust, UserId};

use crate::{Decision, Reason};

/// Somebody on the way to another organization, as their home organization knows them.
#[derive(Debug, Clone, Copy)]
pub struct Traveller<'a> {
    /// Their account at home.
    pub user: UserId,
    /// Their groups at home.
    pub groups: &'a BTreeSet<GroupId>,
    /// The resources asked for, by every name they have.
    pub applications: &'a [&'a str],
}

/// What counts for one other organization: its own settings, and where they say nothing the default's, and where that says
/// nothing either what X-1 says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrossTenantInEffect {
    /// Who comes in.
    pub inbound: Crossing,
    /// Who goes out.
    pub outbound: Crossing,
    /// Which claims are trusted.
    pub trust: InboundTrust,
    /// Whether their people are asked.
    pub consent_inbound: Consent,
    /// Whether the own people are asked.
    pub consent_outbound: Consent,
}

impl CrossTenantInEffect {
    /// Lays the settings of one organization over the default.
    #[must_use]
    pub fn of(own: Option<&CrossTenantSettings>, default: &CrossTenantSettings) -> Self {
        let none = CrossTenantSettings::default();
        let own = own.unwrap_or(&none);
        let consent =
            |own: Option<Consent>, default: Option<Consent>| own.or(default).unwrap_or(Consent::Asked);
        Self {
            inbound: own.inbound.clone().or_else(|| default.inbound.clone()).unwrap_or_else(Crossing::open),
            outbound: own
                .outbound
                .clone()
                .or_else(|| default.outbound.clone())
                .unwrap_or_else(Crossing::open),
            trust: own.trust.or(default.trust).unwrap_or_default(),
            consent_inbound: consent(own.consent_inbound, default.consent_inbound),
            consent_outbound: consent(own.consent_outbound, default.consent_outbound),
        }
    }
}

impl Default for CrossTenantInEffect {
    fn default() -> Self {
        Self::of(None, &CrossTenantSettings::default())
    }
}

/// What is listed passes or is kept out.
fn passes(access: AccessType, listed: bool) -> bool {
    match access {
        AccessType::Allowed => listed,
        AccessType::Blocked => !listed,
    }
}

fn lets_pass(crossing: &Crossing, traveller: &Traveller<'_>) -> bool {
    let (who, what) = (&crossing.users, &crossing.applications);
    let named = who.users.contains(&traveller.user)
        || who.groups.iter().any(|group| traveller.groups.contains(group));
    let meant = traveller.applications.iter().any(|application| what.ids.contains(*application));
    passes(who.access, who.all || named) && passes(what.access, what.all || meant)
}

/// Decides whether the home organization lets somebody out to the organization these settings are about.
#[must_use]
pub fn may_go_out(outbound: &Crossing, traveller: &Traveller<'_>) -> Decision {
    Decision::new().require(Reason::OutboundBlocked, lets_pass(outbound, traveller))
}

/// Decides whether an organization lets in somebody of the one these settings are about. Without a traveller it is asked
/// for somebody of whom nothing is known yet: only what is closed to everybody is closed to them.
#[must_use]
pub fn may_come_in(inbound: &Crossing, traveller: Option<&Traveller<'_>>) -> Decision {
    let passes = match traveller {
        Some(traveller) => lets_pass(inbound, traveller),
        None => !closes_users(inbound) && !closes_applications(inbound),
    };
    Decision::new().require(Reason::InboundBlocked, passes)
}

fn closes_users(crossing: &Crossing) -> bool {
    let who = &crossing.users;
    match who.access {
        AccessType::Blocked => who.all,
        AccessType::Allowed => !who.all && who.users.is_empty() && who.groups.is_empty(),
    }
}

fn closes_applications(crossing: &Crossing) -> bool {
    let what = &crossing.applications;
    match what.access {
        AccessType::Blocked => what.all,
        AccessType::Allowed => !what.all && what.ids.is_empty(),
    }
}

/// Decides whether settings may be kept: neither direction blocks everybody from something or somebody from everything
///
#[must_use]
pub fn may_set_cross_tenant(settings: &CrossTenantSettings) -> Decision {
    let consistent = |crossing: &Option<Crossing>| {
        crossing.as_ref().is_none_or(|crossing| closes_users(crossing) == closes_applications(crossing))
    };
    let both = consistent(&settings.inbound) && consistent(&settings.outbound);
    Decision::new().require(Reason::CrossingContradicts, both)
}

/// Returns whether an invitation is accepted without asking: both sides must have said so for one another (C-2).
#[must_use]
pub fn skips_consent(home: &CrossTenantInEffect, resource: &CrossTenantInEffect) -> bool {
    home.consent_outbound == Consent::Automatic && resource.consent_inbound == Consent::Automatic
}

#[cfg(test)]
mod tests;
