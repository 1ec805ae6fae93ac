//! What a change of sharing may say, as it is typed and as the cloud reads it.

use clap::{Args, ValueEnum};
use serde_json::{Map, Value, json};

use crate::failure::CliError;
use crate::graph::Graph;
use crate::person_lookup::find_group;

/// With whom sharing is allowed, loosest first. The cloud's own names are understood too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Level {
    /// Everybody, also by links without sign-in
    #[value(alias = "externalUserAndGuestSharing")]
    Anyone,
    /// Everybody who signs in; new guests are made
    #[value(alias = "externalUserSharingOnly")]
    NewAndExistingGuests,
    /// Guests who are in the directory already
    #[value(alias = "existingExternalUserSharingOnly")]
    ExistingGuests,
    /// Nobody outside
    #[value(alias = "disabled")]
    OnlyOurPeople,
}

impl Level {
    /// Levels from the loosest to the strictest.
    pub(super) const ALL: [Self; 4] =
        [Self::Anyone, Self::NewAndExistingGuests, Self::ExistingGuests, Self::OnlyOurPeople];

    /// Tells whether the cloud's name of a level means a looser one.
    pub(super) fn is_stricter_than(self, name: &str) -> bool {
        let place = |name: &str| Self::ALL.iter().position(|level| level.graph_name() == name);
        place(name) < place(self.graph_name())
    }

    /// Returns the cloud's name.
    pub(super) fn graph_name(self) -> &'static str {
        match self {
            Self::Anyone => "externalUserAndGuestSharing",
            Self::NewAndExistingGuests => "externalUserSharingOnly",
            Self::ExistingGuests => "existingExternalUserSharingOnly",
            Self::OnlyOurPeople => "disabled",
        }
    }
}

/// What a list of domains means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum DomainRule {
    /// There is no list
    None,
    /// Only these domains
    Allow,
    /// Any but these domains
    Block,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Switch {
    On,
    Off,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum LinkRole {
    View,
    Edit,
}

impl LinkRole {
    fn graph_name(self) -> &'static str {
        match self {
            Self::View => "view",
            Self::Edit => "edit",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum LinkScope {
    /// Whoever has the link
    Anyone,
    /// People of the organization
    Organization,
    /// Named people
    People,
    /// Nobody new
    ExistingAccess,
}

/// A list of domains, as organization and site have one.
#[derive(Debug, Args)]
pub(super) struct DomainOptions {
    /// What the list of domains means
    #[arg(long, value_enum, value_name = "RULE")]
    pub domains: Option<DomainRule>,
    /// A domain of the list; the list is replaced
    #[arg(long = "domain", value_name = "DOMAIN", value_delimiter = ',', requires = "domains")]
    pub listed: Vec<String>,
}

impl DomainOptions {
    pub(super) fn write(&self, body: &mut Map<String, Value>) {
        let (mode, list) = match self.domains {
            None => return,
            Some(DomainRule::None) => ("none", None),
            Some(DomainRule::Allow) => ("allowList", Some("sharingAllowedDomainList")),
            Some(DomainRule::Block) => ("blockList", Some("sharingBlockedDomainList")),
        };
        body.insert("sharingDomainRestrictionMode".into(), json!(mode));
        if let Some(list) = list {
            body.insert(list.into(), json!(self.listed));
        }
    }
}

/// A link made without further words, as organization and site have one.
#[derive(Debug, Args)]
pub(super) struct DefaultLinkOptions {
    /// For whom a link is when nobody says
    #[arg(long, value_enum, value_name = "WHOM")]
    pub default_link: Option<LinkScope>,
    /// What such a link lets people do
    #[arg(long, value_enum, value_name = "ROLE")]
    pub default_role: Option<LinkRole>,
}

impl DefaultLinkOptions {
    pub(super) fn write(&self, body: &mut Map<String, Value>) {
        if let Some(scope) = self.default_link {
            let scope = match scope {
                LinkScope::Anyone => "anonymous",
                LinkScope::Organization => "organization",
                LinkScope::People => "users",
                LinkScope::ExistingAccess => "existingAccess",
            };
            body.insert("defaultShareLinkScope".into(), json!(scope));
        }
        if let Some(role) = self.default_role {
            body.insert("defaultShareLinkRole".into(), json!(role.graph_name()));
        }
    }
}

/// A change of what the organization sets.
#[derive(Debug, Args)]
pub(super) struct OrganizationChange {
    /// Level for sites
    #[arg(long, value_enum, value_name = "LEVEL")]
    sites: Option<Level>,
    /// Level for personal drives; never looser than for sites
    #[arg(long, value_enum, value_name = "LEVEL")]
    personal: Option<Level>,
    #[command(flatten)]
    domains: DomainOptions,
    /// Whether sharing with people outside makes guests of them
    #[arg(long, value_enum, value_name = "SWITCH")]
    guest_integration: Option<Switch>,
    /// Whether guests share what they may edit
    #[arg(long, value_enum, value_name = "SWITCH")]
    resharing: Option<Switch>,
    /// Whether only chosen groups share with people outside
    #[arg(long, value_enum, value_name = "SWITCH")]
    only_groups: Option<Switch>,
    /// A group whose members share with people who sign in; both lists of groups are replaced
    #[arg(long = "group", value_name = "GROUP")]
    groups: Vec<String>,
    /// A group whose members also make links without sign-in; both lists of groups are replaced
    #[arg(long = "anyone-group", value_name = "GROUP")]
    anyone_groups: Vec<String>,
    /// Days a guest keeps what they are given in a site: 30 to 730, or 0 for no end
    #[arg(long, value_name = "DAYS")]
    guest_days: Option<u16>,
    /// Days a link without sign-in lasts at most: 1 to 730, or 0 for no end
    #[arg(long, value_name = "DAYS")]
    anyone_link_days: Option<u16>,
    /// What a link without sign-in lets people do with a file at most
    #[arg(long, value_enum, value_name = "ROLE")]
    anyone_link_files: Option<LinkRole>,
    /// What a link without sign-in lets people do with a folder at most
    #[arg(long, value_enum, value_name = "ROLE")]
    anyone_link_folders: Option<LinkRole>,
    #[command(flatten)]
    default_link: DefaultLinkOptions,
}

impl OrganizationChange {
    /// Returns the level for sites, when it is to change.
    pub(super) fn sites(&self) -> Option<Level> {
        self.sites
    }

    /// Writes the change as the cloud reads it; groups are looked up by name.
    pub(super) async fn body(&self, graph: &Graph) -> Result<Value, CliError> {
        let mut body = Map::new();
        let mut put = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                body.insert(name.to_owned(), value);
            }
        };
        put("sharingCapability", self.sites.map(|level| json!(level.graph_name())));
        put("oneDriveSharingCapability", self.personal.map(|level| json!(level.graph_name())));
        put("isGuestIntegrationEnabled", self.guest_integration.map(|switch| json!(switch == Switch::On)));
        put("isResharingByExternalUsersEnabled", self.resharing.map(|switch| json!(switch == Switch::On)));
        put("isExternalSharingLimitedToGroups", self.only_groups.map(|switch| json!(switch == Switch::On)));
        put("externalUserExpireInDays", self.guest_days.map(|days| json!(days)));
        put("requireAnonymousLinksExpireInDays", self.anyone_link_days.map(|days| json!(days)));
        put("fileAnonymousLinkType", self.anyone_link_files.map(|role| json!(role.graph_name())));
        put("folderAnonymousLinkType", self.anyone_link_folders.map(|role| json!(role.graph_name())));
        if !self.groups.is_empty() || !self.anyone_groups.is_empty() {
            put("whoCanShareAuthenticatedGuestAllowList", Some(ids(graph, &self.groups).await?));
            put("whoCanShareAnonymousAllowList", Some(ids(graph, &self.anyone_groups).await?));
        }
        self.domains.write(&mut body);
        self.default_link.write(&mut body);
        said(body)
    }
}

/// Fails for a change that says nothing.
pub(super) fn said(body: Map<String, Value>) -> Result<Value, CliError> {
    if body.is_empty() {
        return Err(CliError::Typed {
            text: "Nothing to change was said.".to_owned(),
            hint: "`footbridge help sharing set` lists what can be set.".to_owned(),
        });
    }
    Ok(Value::Object(body))
}

async fn ids(graph: &Graph, names: &[String]) -> Result<Value, CliError> {
    let mut ids = Vec::new();
    for name in names {
        ids.push(find_group(graph, name).await?);
    }
    Ok(json!(ids))
}

#[cfg(test)]
mod tests {
    use super::Level;

    #[test]
    fn levels_are_ordered_as_the_cloud_names_them() {
        assert!(Level::OnlyOurPeople.is_stricter_than("externalUserAndGuestSharing"));
        assert!(Level::ExistingGuests.is_stricter_than("externalUserSharingOnly"));
        assert!(!Level::ExistingGuests.is_stricter_than("existingExternalUserSharingOnly"));
        assert!(!Level::Anyone.is_stricter_than("disabled"));
    }
}
