//! Words of the sharing policy: how Graph and the original's commands write levels, lists, roles and lifetimes.

use std::collections::BTreeSet;

use model::{DomainList, DomainMode, DomainName, LinkKind, Role, SharingLevel};

use crate::ApiError;

/// Reads a sharing level by Graph's name.
pub(super) fn level(name: &str) -> Result<SharingLevel, ApiError> {
    SharingLevel::from_graph_name(name).ok_or_else(|| {
        let names: Vec<&str> = SharingLevel::ALL.iter().map(|level| level.graph_name()).collect();
        ApiError::invalid(format!("a sharing capability is one of {}", names.join(", ")))
    })
}

/// Reads a list of domains; none when neither its meaning nor its domains are named. Naming domains alone keeps the
/// meaning they belong to.
pub(in crate::graph) fn domain_list(
    mode: Option<&str>,
    allowed: Option<&[String]>,
    blocked: Option<&[String]>,
) -> Result<Option<DomainList>, ApiError> {
    let filled = |list: Option<&[String]>| list.is_some_and(|list| !list.is_empty());
    let mode = match mode {
        Some(name) => DomainMode::from_graph_name(name).ok_or_else(|| {
            ApiError::invalid("a domain restriction mode is one of none, allowList, blockList")
        })?,
        None if filled(allowed) && filled(blocked) => {
            return Err(ApiError::invalid(
                "name a domain restriction mode: there is one list, of allowed or of blocked domains",
            ));
        }
        None if allowed.is_some() && !filled(blocked) => DomainMode::AllowList,
        None if blocked.is_some() => DomainMode::BlockList,
        None => return Ok(None),
    };
    let (listed, other) = match mode {
        DomainMode::Unrestricted => return Ok(Some(DomainList::UNRESTRICTED)),
        DomainMode::AllowList => (allowed, blocked),
        DomainMode::BlockList => (blocked, allowed),
    };
    let Some(listed) = listed.filter(|_| !filled(other)) else {
        return Err(ApiError::invalid("name the domains of the list that the mode is about, and no others"));
    };
    let read = |text: &String| {
        text.parse::<DomainName>().map_err(|error| ApiError::invalid(format!("{error}: \"{text}\" is none")))
    };
    Ok(Some(DomainList { mode, domains: listed.iter().map(read).collect::<Result<_, _>>()? }))
}

/// Writes a list as its mode's name, allowed domains and blocked domains.
pub(in crate::graph) fn domain_fields(
    mode: DomainMode,
    domains: &BTreeSet<DomainName>,
) -> (Option<String>, Option<Vec<String>>, Option<Vec<String>>) {
    let listed = || domains.iter().map(ToString::to_string).collect::<Vec<_>>();
    let of = |wanted| Some(if mode == wanted { listed() } else { Vec::new() });
    (Some(mode.graph_name().to_owned()), of(DomainMode::AllowList), of(DomainMode::BlockList))
}

/// Reads one of a few values by the original's name, in any case.
pub(super) fn named<T: Copy>(
    what: &str,
    all: &[T],
    name_of: fn(T) -> &'static str,
    name: &str,
) -> Result<T, ApiError> {
    let found = all.iter().copied().find(|one| name_of(*one).eq_ignore_ascii_case(name));
    found.ok_or_else(|| {
        let names: Vec<&str> = all.iter().map(|one| name_of(*one)).collect();
        ApiError::invalid(format!("{what} is one of {}", names.join(", ")))
    })
}

/// Reads what a link lets do.
pub(super) fn role(name: &str) -> Result<Role, ApiError> {
    match name.to_ascii_lowercase().as_str() {
        "view" => Ok(Role::Read),
        "edit" => Ok(Role::Write),
        _ => Err(ApiError::invalid("what a link lets do is view or edit")),
    }
}

/// Writes what a link lets do.
pub(super) fn role_name(role: Role) -> String {
    if role == Role::Read { "view" } else { "edit" }.to_owned()
}

/// Reads whom a link opens for.
pub(super) fn scope(name: &str) -> Result<LinkKind, ApiError> {
    LinkKind::from_graph_name(name)
        .ok_or_else(|| ApiError::invalid("a scope is one of anonymous, organization, users, existingAccess"))
}
