//! Site: a place of an organization (graph-surface.md 5), with what Footbridge adds under its own name.

use serde::{Deserialize, Serialize};

use crate::GraphTime;

/// Where a site collection lives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteCollection {
    /// The cloud's host.
    pub hostname: String,
}

/// What Footbridge says about a site beyond Graph.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FootbridgeSite {
    /// The sharing level in effect, by Graph's names.
    pub effective_sharing_capability: String,
    /// The sharing level as set at the site.
    pub sharing_capability: String,
    /// Whether people from outside have access to anything here.
    pub open_to_outsiders: bool,
    /// The caller's role at the site itself; absent when only a part of it is open to them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
}

/// A site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Site {
    /// `{host},{guid},{guid}`.
    pub id: String,
    /// Name in addresses.
    pub name: String,
    /// Name shown to people.
    pub display_name: String,
    /// Where it opens in the browser.
    pub web_url: String,
    /// Where the collection lives.
    pub site_collection: SiteCollection,
    /// When it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_date_time: Option<GraphTime>,
    /// What Footbridge adds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub footbridge: Option<FootbridgeSite>,
}

/// The body of `POST /sites`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NewSite {
    /// Name in addresses.
    pub name: String,
    /// Name shown to people.
    pub display_name: String,
}
