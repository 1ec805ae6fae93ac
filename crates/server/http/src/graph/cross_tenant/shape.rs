//! Cross-tenant access settings in Graph's words. A setting that is null is inherited; one that is left out stays. What this
//! server does not judge is refused, never left out.

use graph_types::{
    CrossTenantConfiguration, CrossTenantConsent, CrossTenantSetting, CrossTenantTarget, CrossTenantTargets,
    CrossTenantTrust,
};
use model::{
    AccessType, Consent, CrossTenantSettings, Crossing, CrossingApplications, CrossingUsers, InboundTrust,
    TenantId,
};
use serde_json::Value;

use crate::ApiError;

const EVERYBODY: &str = "AllUsers";
const EVERYTHING: &str = "AllApplications";
const OFFICE: &str = "Office365";

/// Reads settings over those that are there.
pub(super) fn read(asked: Value, before: CrossTenantSettings) -> Result<CrossTenantSettings, ApiError> {
    let Value::Object(asked) = asked else { return Err(ApiError::invalid("the body is an object")) };
    let mut settings = before;
    for (name, value) in asked.into_iter().filter(|(name, _)| !name.contains('@')) {
        match name.as_str() {
            "b2bCollaborationInbound" => settings.inbound = parse(value)?.map(read_crossing).transpose()?,
            "b2bCollaborationOutbound" => settings.outbound = parse(value)?.map(read_crossing).transpose()?,
            "inboundTrust" => settings.trust = parse(value)?.map(read_trust),
            "automaticUserConsentSettings" => {
                let consent: CrossTenantConsent = parse(value)?.unwrap_or_default();
                settings.consent_inbound = consent.inbound_allowed.map(read_consent);
                settings.consent_outbound = consent.outbound_allowed.map(read_consent);
            }
            _ if value.is_null() => {}
            _ => return Err(ApiError::NotSupported("a cross-tenant setting of this kind")),
        }
    }
    Ok(settings)
}

fn parse<T: serde::de::DeserializeOwned>(value: Value) -> Result<Option<T>, ApiError> {
    serde_json::from_value(value)
        .map_err(|error| ApiError::invalid(format!("a setting is malformed: {error}")))
}

fn read_trust(trust: CrossTenantTrust) -> InboundTrust {
    InboundTrust {
        mfa: trust.is_mfa_accepted,
        compliant_device: trust.is_compliant_device_accepted,
        joined_device: trust.is_joined_device_accepted,
    }
}

fn read_consent(automatic: bool) -> Consent {
    if automatic { Consent::Automatic } else { Consent::Asked }
}

/// Reads one direction. A part that is left out lets everything through.
fn read_crossing(asked: CrossTenantSetting) -> Result<Crossing, ApiError> {
    let open = Crossing::open();
    Ok(Crossing {
        users: asked.users_and_groups.map_or(Ok(open.users), read_users)?,
        applications: asked.applications.map_or(Ok(open.applications), read_applications)?,
    })
}

fn access(name: &str) -> Result<AccessType, ApiError> {
    AccessType::from_graph_name(name).ok_or_else(|| ApiError::invalid("accessType is allowed or blocked"))
}

fn read_users(asked: CrossTenantTargets) -> Result<CrossingUsers, ApiError> {
    let wrong = |_| ApiError::invalid(format!("a target is {EVERYBODY}, or the id of a user or group"));
    let none = CrossingUsers { access: access(&asked.access_type)?, ..Crossing::open().users };
    let mut users = CrossingUsers { all: false, ..none };
    for CrossTenantTarget { target, target_type } in asked.targets {
        match target_type.as_str() {
            "user" if target == EVERYBODY => users.all = true,
            "user" => {
                users.users.insert(target.parse().map_err(wrong)?);
            }
            "group" => {
                users.groups.insert(target.parse().map_err(wrong)?);
            }
            _ => return Err(ApiError::invalid("targetType is user or group")),
        }
    }
    Ok(users)
}

fn read_applications(asked: CrossTenantTargets) -> Result<CrossingApplications, ApiError> {
    let none = CrossingApplications { access: access(&asked.access_type)?, ..Crossing::open().applications };
    let mut applications = CrossingApplications { all: false, ..none };
    for CrossTenantTarget { target, target_type } in asked.targets {
        match target.as_str() {
            _ if target_type != "application" => {
                return Err(ApiError::invalid("targetType is application"));
            }
            EVERYTHING => applications.all = true,
            OFFICE => {
                applications.ids.insert(target);
            }
            id => {
                let wrong = |_| ApiError::invalid(format!("a target is {EVERYTHING}, {OFFICE} or an id"));
                let id: model::ApplicationId = id.parse().map_err(wrong)?;
                applications.ids.insert(id.to_string());
            }
        }
    }
    Ok(applications)
}

/// Writes settings.
pub(super) fn write(tenant: Option<TenantId>, settings: &CrossTenantSettings) -> CrossTenantConfiguration {
    let automatic = |consent: Option<Consent>| consent.map(|consent| consent == Consent::Automatic);
    let (inbound_allowed, outbound_allowed) =
        (automatic(settings.consent_inbound), automatic(settings.consent_outbound));
    let consent = inbound_allowed.is_some() || outbound_allowed.is_some();
    CrossTenantConfiguration {
        tenant_id: tenant.map(|tenant| tenant.to_string()),
        b2b_collaboration_inbound: settings.inbound.as_ref().map(write_crossing),
        b2b_collaboration_outbound: settings.outbound.as_ref().map(write_crossing),
        inbound_trust: settings.trust.map(|trust| CrossTenantTrust {
            is_mfa_accepted: trust.mfa,
            is_compliant_device_accepted: trust.compliant_device,
            is_joined_device_accepted: trust.joined_device,
        }),
        automatic_user_consent_settings: consent
            .then_some(CrossTenantConsent { inbound_allowed, outbound_allowed }),
    }
}

fn write_crossing(crossing: &Crossing) -> CrossTenantSetting {
    let (who, what) = (&crossing.users, &crossing.applications);
    let target = |target: String, kind: &str| CrossTenantTarget { target, target_type: kind.to_owned() };
    let mut users: Vec<CrossTenantTarget> = Vec::new();
    users.extend(who.all.then(|| target(EVERYBODY.to_owned(), "user")));
    users.extend(who.users.iter().map(|user| target(user.to_string(), "user")));
    users.extend(who.groups.iter().map(|group| target(group.to_string(), "group")));
    let mut applications: Vec<CrossTenantTarget> = Vec::new();
    applications.extend(what.all.then(|| target(EVERYTHING.to_owned(), "application")));
    applications.extend(what.ids.iter().map(|id| target(id.clone(), "application")));
    let list = |access: AccessType, targets| CrossTenantTargets {
        access_type: access.graph_name().to_owned(),
        targets,
    };
    CrossTenantSetting {
        users_and_groups: Some(list(who.access, users)),
        applications: Some(list(what.access, applications)),
    }
}
