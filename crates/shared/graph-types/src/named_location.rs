//! Named locations as Graph writes them: `/identity/conditionalAccess/namedLocations`.

use serde::{Deserialize, Serialize};

use crate::GraphTime;

/// A named location. `@odata.type` says which of its fields count.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct NamedLocation {
    /// `#microsoft.graph.ipNamedLocation` or `#microsoft.graph.countryNamedLocation`.
    #[serde(rename = "@odata.type", skip_serializing_if = "Option::is_none")]
    pub odata_type: Option<String>,
    /// Its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Name shown to people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// When it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_date_time: Option<GraphTime>,
    /// When it was last changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub modified_date_time: Option<GraphTime>,
    /// Whether its addresses are trusted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_trusted: Option<bool>,
    /// Its addresses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ip_ranges: Option<Vec<IpRange>>,
    /// Its countries, by two letters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub countries_and_regions: Option<Vec<String>>,
    /// Whether addresses of no known country count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub include_unknown_countries_and_regions: Option<bool>,
    /// Always `clientIpAddress`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country_lookup_method: Option<String>,
}

/// A range of addresses.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct IpRange {
    /// `#microsoft.graph.iPv4CidrRange` or `#microsoft.graph.iPv6CidrRange`.
    #[serde(rename = "@odata.type", skip_serializing_if = "Option::is_none")]
    pub odata_type: Option<String>,
    /// Such as `192.0.2.0/24`.
    pub cidr_address: String,
}
