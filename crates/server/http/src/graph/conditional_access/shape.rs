//! A conditional access policy in Graph's words. What this server does not judge yet is refused, never left out: a policy
//! must not mean something else than what was written.

use std::collections::BTreeSet;
use std::str::FromStr;

use graph_types::{
    ConditionalAccessApplications, ConditionalAccessConditions, ConditionalAccessGrantControls,
    ConditionalAccessGuests, ConditionalAccessLocations, ConditionalAccessPlatforms, ConditionalAccessPolicy,
    ConditionalAccessTenants, ConditionalAccessUsers,
};
use model::{
    AccessConditions, AccessControl, AccessPolicy, AccessPolicyId, ApplicationSet, ClientApp, DirectoryRole,
    GrantOperator, GuestKind, GuestSet, InAndOut, LocationSet, Platform, PlatformSet, PolicyState, TenantId,
    TenantSet, Timestamp, UserSet,
};
use serde_json::Value;

use crate::ApiError;

/// Role templates, by the ids they have everywhere.
const ROLES: [(DirectoryRole, &str); 3] = [
    (DirectoryRole::GlobalAdministrator, "62e90394-69f5-4237-9190-012177145e10"),
    (DirectoryRole::SharePointAdministrator, "f28a1f50-f6e7-4571-818b-6a12f2af6b6c"),
    (DirectoryRole::GuestInviter, "95e79109-95c0-4d8e-aee3-d01accf2d47b"),
];
const CONTROLS: [(AccessControl, &str); 4] = [
    (AccessControl::Block, "block"),
    (AccessControl::Mfa, "mfa"),
    (AccessControl::CompliantDevice, "compliantDevice"),
    (AccessControl::JoinedDevice, "domainJoinedDevice"),
];
/// What is known in each part of a policy; everything else must be absent, null or empty.
const KNOWN: [(&str, &[&str]); 7] = [
    (
        "",
        &["id", "displayName", "state", "createdDateTime", "modifiedDateTime", "conditions", "grantControls"],
    ),
    ("/conditions", &["users", "applications", "clientAppTypes", "locations", "platforms"]),
    ("/conditions/locations", &["includeLocations", "excludeLocations"]),
    ("/conditions/platforms", &["includePlatforms", "excludePlatforms"]),
    (
        "/conditions/users",
        &[
            "includeUsers",
            "excludeUsers",
            "includeGroups",
            "excludeGroups",
            "includeRoles",
            "excludeRoles",
            "includeGuestsOrExternalUsers",
            "excludeGuestsOrExternalUsers",
        ],
    ),
    ("/conditions/applications", &["includeApplications", "excludeApplications"]),
    ("/grantControls", &["operator", "builtInControls", "termsOfUse"]),
];

/// Makes a policy that says nothing yet.
pub(super) fn empty(id: AccessPolicyId, tenant: TenantId, now: Timestamp) -> AccessPolicy {
    AccessPolicy {
        id,
        tenant,
        display_name: String::new(),
        state: PolicyState::Disabled,
        conditions: AccessConditions::default(),
        operator: GrantOperator::And,
        controls: BTreeSet::new(),
        sign_in_every_s: None,
        created: now,
        modified: now,
    }
}

/// Reads a policy over the one that is there.
pub(super) fn read(mut asked: Value, before: AccessPolicy) -> Result<AccessPolicy, ApiError> {
    refuse_unknown(&asked)?;
    drop_nulls(&mut asked);
    let asked: ConditionalAccessPolicy = serde_json::from_value(asked)
        .map_err(|error| ApiError::invalid(format!("the body is no policy: {error}")))?;
    let state = match asked.state.as_deref() {
        None => before.state,
        Some(name) => PolicyState::from_graph_name(name).ok_or_else(|| {
            ApiError::invalid("state is one of enabled, disabled, enabledForReportingButNotEnforced")
        })?,
    };
    let (operator, controls) = match &asked.grant_controls {
        None => (before.operator, before.controls.clone()),
        Some(grant) => {
            let mut controls = words(&grant.built_in_controls, "builtInControls", &CONTROLS)?;
            controls.extend(ids(&grant.terms_of_use, "termsOfUse")?.into_iter().map(AccessControl::Terms));
            (operator(grant)?, controls)
        }
    };
    Ok(AccessPolicy {
        display_name: asked.display_name.unwrap_or_else(|| before.display_name.clone()),
        state,
        conditions: match &asked.conditions {
            None => before.conditions.clone(),
            Some(conditions) => read_conditions(conditions)?,
        },
        operator,
        controls,
        ..before
    })
}

/// Refuses what is said about anything this server does not judge.
fn refuse_unknown(asked: &Value) -> Result<(), ApiError> {
    for (part, known) in KNOWN {
        let Some(members) = asked.pointer(part).and_then(Value::as_object) else { continue };
        for (name, value) in members.iter().filter(|(name, _)| !name.contains('@')) {
            let silent = value.is_null() || value.as_array().is_some_and(Vec::is_empty);
            if !silent && !known.contains(&name.as_str()) {
                return Err(ApiError::NotSupported("a condition, control or session control of this kind"));
            }
        }
    }
    Ok(())
}

/// Graph writes null for what is absent.
fn drop_nulls(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|_, member| !member.is_null());
            members.values_mut().for_each(drop_nulls);
        }
        Value::Array(values) => values.iter_mut().for_each(drop_nulls),
        _ => {}
    }
}

fn operator(grant: &ConditionalAccessGrantControls) -> Result<GrantOperator, ApiError> {
    match grant.operator.to_ascii_uppercase().as_str() {
        "AND" => Ok(GrantOperator::And),
        "OR" => Ok(GrantOperator::Or),
        _ => Err(ApiError::invalid("operator is AND or OR")),
    }
}

fn words<T: Copy + Ord>(
    texts: &[String],
    field: &'static str,
    known: &[(T, &str)],
) -> Result<BTreeSet<T>, ApiError> {
    let read = |text: &String| {
        let found = known.iter().find(|(_, name)| name.eq_ignore_ascii_case(text)).map(|(word, _)| *word);
        found.ok_or_else(|| ApiError::invalid(format!("{field}: \"{text}\" is not known here")))
    };
    texts.iter().map(read).collect()
}

fn ids<T: FromStr + Ord>(texts: &[String], field: &'static str) -> Result<BTreeSet<T>, ApiError> {
    let read =
        |text: &String| text.parse().map_err(|_| ApiError::invalid(format!("{field}: \"{text}\" is no id")));
    texts.iter().map(read).collect()
}

fn read_conditions(asked: &ConditionalAccessConditions) -> Result<AccessConditions, ApiError> {
    let (users, applications) = (&asked.users, &asked.applications);
    let all = asked.client_app_types.iter().any(|text| text.eq_ignore_ascii_case("all"));
    let clients = ClientApp::ALL.map(|client| (client, client.graph_name()));
    Ok(AccessConditions {
        users: InAndOut {
            include: user_set(
                (&users.include_users, &users.include_groups, &users.include_roles),
                users.include_guests_or_external_users.as_ref(),
            )?,
            exclude: user_set(
                (&users.exclude_users, &users.exclude_groups, &users.exclude_roles),
                users.exclude_guests_or_external_users.as_ref(),
            )?,
        },
        applications: InAndOut {
            include: application_set(&applications.include_applications),
            exclude: application_set(&applications.exclude_applications),
        },
        client_apps: match all {
            true => BTreeSet::new(),
            false => words(&asked.client_app_types, "clientAppTypes", &clients)?,
        },
        locations: asked.locations.as_ref().map(read_locations).transpose()?,
        platforms: asked.platforms.as_ref().map(read_platforms).transpose()?,
    })
}

/// What includes nothing would never apply, which nobody means who excludes something.
fn require_included(texts: &[String], field: &'static str) -> Result<(), ApiError> {
    match texts.is_empty() {
        true => Err(ApiError::invalid(format!("{field} must name something"))),
        false => Ok(()),
    }
}

fn read_locations(asked: &ConditionalAccessLocations) -> Result<InAndOut<LocationSet>, ApiError> {
    require_included(&asked.include_locations, "includeLocations")?;
    let set = |texts: &[String]| {
        let is = |text: &String, word: &str| text.eq_ignore_ascii_case(word);
        let named: Vec<String> =
            texts.iter().filter(|text| !is(text, "All") && !is(text, "AllTrusted")).cloned().collect();
        Ok::<_, ApiError>(LocationSet {
            all: texts.iter().any(|text| is(text, "All")),
            all_trusted: texts.iter().any(|text| is(text, "AllTrusted")),
            named: ids(&named, "locations")?,
        })
    };
    Ok(InAndOut { include: set(&asked.include_locations)?, exclude: set(&asked.exclude_locations)? })
}

fn read_platforms(asked: &ConditionalAccessPlatforms) -> Result<InAndOut<PlatformSet>, ApiError> {
    require_included(&asked.include_platforms, "includePlatforms")?;
    let known = Platform::ALL.map(|platform| (platform, platform.graph_name()));
    let set = |texts: &[String]| {
        let named: Vec<String> =
            texts.iter().filter(|text| !text.eq_ignore_ascii_case("all")).cloned().collect();
        let platforms = words(&named, "platforms", &known)?;
        Ok::<_, ApiError>(PlatformSet { all: named.len() < texts.len(), platforms })
    };
    Ok(InAndOut { include: set(&asked.include_platforms)?, exclude: set(&asked.exclude_platforms)? })
}

fn user_set(
    (users, groups, roles): (&[String], &[String], &[String]),
    guests: Option<&ConditionalAccessGuests>,
) -> Result<UserSet, ApiError> {
    let is = |text: &String, word: &str| text.eq_ignore_ascii_case(word);
    let word = |text: &String| ["All", "None", "GuestsOrExternalUsers"].iter().any(|word| is(text, word));
    let named: Vec<String> = users.iter().filter(|text| !word(text)).cloned().collect();
    let everybody_outside = users.iter().any(|text| is(text, "GuestsOrExternalUsers"));
    Ok(UserSet {
        all: users.iter().any(|text| is(text, "All")),
        users: ids(&named, "users")?,
        groups: ids(groups, "groups")?,
        roles: words(roles, "roles", &ROLES)?,
        guests: match guests {
            _ if everybody_outside => Some(GuestSet::everybody()),
            Some(guests) => Some(guest_set(guests)?),
            None => None,
        },
    })
}

fn guest_set(asked: &ConditionalAccessGuests) -> Result<GuestSet, ApiError> {
    let texts: Vec<String> =
        asked.guest_or_external_user_types.split(',').map(|text| text.trim().to_owned()).collect();
    let kinds =
        words(&texts, "guestOrExternalUserTypes", &GuestKind::ALL.map(|kind| (kind, kind.graph_name())))?;
    let homes = match &asked.external_tenants {
        Some(tenants) if !tenants.membership_kind.eq_ignore_ascii_case("all") => {
            TenantSet::These(ids(&tenants.members, "members")?)
        }
        _ => TenantSet::All,
    };
    Ok(GuestSet { kinds, homes })
}

fn application_set(texts: &[String]) -> ApplicationSet {
    let word = |text: &&String, word: &str| text.eq_ignore_ascii_case(word);
    let named = texts.iter().filter(|text| !word(text, "All") && !word(text, "None"));
    ApplicationSet {
        all: texts.iter().any(|text| word(&text, "All")),
        ids: named
            .map(|text| if word(&text, "Office365") { "Office365".to_owned() } else { text.to_lowercase() })
            .collect(),
    }
}

/// Writes a policy.
pub(super) fn write(policy: &AccessPolicy) -> ConditionalAccessPolicy {
    let on = &policy.conditions;
    let (include, exclude) = (&on.users.include, &on.users.exclude);
    let client_app_types = match on.client_apps.is_empty() {
        true => vec!["all".to_owned()],
        false => on.client_apps.iter().map(|client| client.graph_name().to_owned()).collect(),
    };
    let controls = CONTROLS.iter().filter(|(control, _)| policy.controls.contains(control));
    ConditionalAccessPolicy {
        id: Some(policy.id.to_string()),
        display_name: Some(policy.display_name.clone()),
        state: Some(policy.state.graph_name().to_owned()),
        created_date_time: Some(policy.created.into()),
        modified_date_time: Some(policy.modified.into()),
        conditions: Some(ConditionalAccessConditions {
            users: ConditionalAccessUsers {
                include_users: write_users(include),
                exclude_users: write_users(exclude),
                include_groups: texts(&include.groups),
                exclude_groups: texts(&exclude.groups),
                include_roles: write_roles(include),
                exclude_roles: write_roles(exclude),
                include_guests_or_external_users: include.guests.as_ref().map(write_guests),
                exclude_guests_or_external_users: exclude.guests.as_ref().map(write_guests),
            },
            applications: ConditionalAccessApplications {
                include_applications: write_applications(&on.applications.include),
                exclude_applications: write_applications(&on.applications.exclude),
            },
            client_app_types,
            locations: on.locations.as_ref().map(|on| ConditionalAccessLocations {
                include_locations: write_locations(&on.include),
                exclude_locations: write_locations(&on.exclude),
            }),
            platforms: on.platforms.as_ref().map(|on| ConditionalAccessPlatforms {
                include_platforms: write_platforms(&on.include),
                exclude_platforms: write_platforms(&on.exclude),
            }),
        }),
        grant_controls: Some(ConditionalAccessGrantControls {
            operator: if policy.operator == GrantOperator::And { "AND" } else { "OR" }.to_owned(),
            built_in_controls: controls.map(|(_, name)| (*name).to_owned()).collect(),
            terms_of_use: policy
                .controls
                .iter()
                .filter_map(|control| match control {
                    AccessControl::Terms(terms) => Some(terms.to_string()),
                    _ => None,
                })
                .collect(),
        }),
    }
}

fn texts<T: ToString>(set: &BTreeSet<T>) -> Vec<String> {
    set.iter().map(ToString::to_string).collect()
}

fn write_users(set: &UserSet) -> Vec<String> {
    let all = set.all.then(|| "All".to_owned());
    all.into_iter().chain(texts(&set.users)).collect()
}

fn write_roles(set: &UserSet) -> Vec<String> {
    ROLES.iter().filter(|(role, _)| set.roles.contains(role)).map(|(_, id)| (*id).to_owned()).collect()
}

fn write_guests(guests: &GuestSet) -> ConditionalAccessGuests {
    let kinds: Vec<&str> = guests.kinds.iter().map(|kind| kind.graph_name()).collect();
    let (membership_kind, members) = match &guests.homes {
        TenantSet::All => ("all", Vec::new()),
        TenantSet::These(homes) => ("enumerated", texts(homes)),
    };
    ConditionalAccessGuests {
        guest_or_external_user_types: kinds.join(","),
        external_tenants: Some(ConditionalAccessTenants {
            membership_kind: membership_kind.to_owned(),
            members,
        }),
    }
}

fn write_applications(set: &ApplicationSet) -> Vec<String> {
    let all = set.all.then(|| "All".to_owned());
    all.into_iter().chain(set.ids.iter().cloned()).collect()
}

fn write_locations(set: &LocationSet) -> Vec<String> {
    let words = [(set.all, "All"), (set.all_trusted, "AllTrusted")];
    let words = words.into_iter().filter(|(there, _)| *there).map(|(_, word)| word.to_owned());
    words.chain(texts(&set.named)).collect()
}

fn write_platforms(set: &PlatformSet) -> Vec<String> {
    let all = set.all.then(|| "all".to_owned());
    all.into_iter().chain(set.platforms.iter().map(|platform| platform.graph_name().to_owned())).collect()
}
