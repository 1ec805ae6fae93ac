//! Named locations: `/identity/conditionalAccess/namedLocations` (C04). One file for its few endpoints, as for policies.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::{Path, State};
use directory::{delete_named_location, list_named_locations, put_named_location};
use graph_types::{Collection, IpRange, NamedLocation as Written};
use http::StatusCode;
use model::{Country, LocationKind, NamedLocation, NamedLocationId};

use crate::json_body::JsonBody;
use crate::{Admits, ApiError, App, Authenticated, RouteTable};

const ADDRESSES: &str = "#microsoft.graph.ipNamedLocation";
const COUNTRIES: &str = "#microsoft.graph.countryNamedLocation";
/// Most ranges of one location.
const MOST_RANGES: usize = 2_000;

pub(super) fn add(routes: RouteTable) -> RouteTable {
    const LOCATIONS: &str = "/v1.0/identity/conditionalAccess/namedLocations";
    const LOCATION: &str = "/v1.0/identity/conditionalAccess/namedLocations/{location}";
    routes
        .get(LOCATIONS, Admits::Token, list_locations)
        .post(LOCATIONS, Admits::Token, create_location)
        .get(LOCATION, Admits::Token, get_location)
        .patch(LOCATION, Admits::Token, update_location)
        .delete(LOCATION, Admits::Token, delete_location)
}

async fn list_locations(
    Authenticated { call, .. }: Authenticated,
) -> Result<Json<Collection<Written>>, ApiError> {
    let found = list_named_locations(&call).await?;
    Ok(Json(Collection::last(found.iter().map(write).collect())))
}

async fn create_location(
    State(app): State<App>,
    Authenticated { call, .. }: Authenticated,
    JsonBody(asked): JsonBody<Written>,
) -> Result<(StatusCode, Json<Written>), ApiError> {
    let kind = match asked.odata_type.as_deref() {
        Some(ADDRESSES) => LocationKind::Addresses { ranges: Vec::new(), trusted: false },
        Some(COUNTRIES) => LocationKind::Countries { countries: BTreeSet::new(), unknown: false },
        _ => return Err(ApiError::invalid(format!("@odata.type is {ADDRESSES} or {COUNTRIES}"))),
    };
    let (runtime, tenant) = (call.store().runtime(), call.tenant());
    let (id, now) = (NamedLocationId::from_random(runtime.random()), runtime.now());
    let fresh = NamedLocation { id, tenant, display_name: String::new(), kind, created: now, modified: now };
    let location = read(asked, fresh)?;
    let kept = put_named_location(&call, location, app.identity.countries().clone()).await?;
    Ok((StatusCode::CREATED, Json(write(&kept))))
}

async fn get_location(
    Authenticated { call, .. }: Authenticated,
    Path(id): Path<String>,
) -> Result<Json<Written>, ApiError> {
    Ok(Json(write(&find(list_named_locations(&call).await?, &id)?)))
}

async fn update_location(
    State(app): State<App>,
    Authenticated { call, .. }: Authenticated,
    Path(id): Path<String>,
    JsonBody(asked): JsonBody<Written>,
) -> Result<Json<Written>, ApiError> {
    let before = find(list_named_locations(&call).await?, &id)?;
    let location = read(asked, before)?;
    Ok(Json(write(&put_named_location(&call, location, app.identity.countries().clone()).await?)))
}

async fn delete_location(
    Authenticated { call, .. }: Authenticated,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    // Who may not see locations is refused before anything about the id is told.
    let found = find(list_named_locations(&call).await?, &id)?;
    delete_named_location(&call, found.id).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn find(locations: Vec<NamedLocation>, id: &str) -> Result<NamedLocation, ApiError> {
    let id: NamedLocationId = id.parse().map_err(|_| ApiError::NotFound)?;
    locations.into_iter().find(|location| location.id == id).ok_or(ApiError::NotFound)
}

/// Reads a location over the one that is there.
fn read(asked: Written, before: NamedLocation) -> Result<NamedLocation, ApiError> {
    let name = match before.kind {
        LocationKind::Addresses { .. } => ADDRESSES,
        LocationKind::Countries { .. } => COUNTRIES,
    };
    if asked.odata_type.as_deref().is_some_and(|asked| asked != name) {
        return Err(ApiError::invalid(format!("@odata.type of this location is {name}")));
    }
    if asked.country_lookup_method.as_deref().is_some_and(|method| method != "clientIpAddress") {
        return Err(ApiError::NotSupported("a country by anything but the client's address"));
    }
    let kind = match before.kind {
        LocationKind::Addresses { ranges, trusted } => LocationKind::Addresses {
            ranges: asked.ip_ranges.map_or(Ok(ranges), read_ranges)?,
            trusted: asked.is_trusted.unwrap_or(trusted),
        },
        LocationKind::Countries { countries, unknown } => LocationKind::Countries {
            countries: asked.countries_and_regions.map_or(Ok(countries), read_countries)?,
            unknown: asked.include_unknown_countries_and_regions.unwrap_or(unknown),
        },
    };
    let empty = match &kind {
        LocationKind::Addresses { ranges, .. } => ranges.is_empty(),
        LocationKind::Countries { countries, unknown } => countries.is_empty() && !unknown,
    };
    if empty {
        return Err(ApiError::invalid("ipRanges or countriesAndRegions must name something"));
    }
    Ok(NamedLocation { kind, display_name: asked.display_name.unwrap_or(before.display_name), ..before })
}

fn read_ranges(asked: Vec<IpRange>) -> Result<Vec<ipnet::IpNet>, ApiError> {
    if asked.len() > MOST_RANGES {
        return Err(ApiError::invalid(format!("a location has {MOST_RANGES} ranges at most")));
    }
    let read = |range: &IpRange| {
        let found: Result<ipnet::IpNet, _> = range.cidr_address.parse();
        let wrong = |_| ApiError::invalid("cidrAddress is a range of addresses such as 192.0.2.0/24");
        found.map(|range| range.trunc()).map_err(wrong)
    };
    let ranges: BTreeSet<ipnet::IpNet> = asked.iter().map(read).collect::<Result<_, _>>()?;
    Ok(ranges.into_iter().collect())
}

fn read_countries(asked: Vec<String>) -> Result<BTreeSet<Country>, ApiError> {
    let read = |text: &String| {
        Country::parse(text)
            .ok_or_else(|| ApiError::invalid("countriesAndRegions has countries of two letters"))
    };
    asked.iter().map(read).collect()
}

fn write(location: &NamedLocation) -> Written {
    let written = Written {
        id: Some(location.id.to_string()),
        display_name: Some(location.display_name.clone()),
        created_date_time: Some(location.created.into()),
        modified_date_time: Some(location.modified.into()),
        ..Written::default()
    };
    match &location.kind {
        LocationKind::Addresses { ranges, trusted } => Written {
            odata_type: Some(ADDRESSES.to_owned()),
            is_trusted: Some(*trusted),
            ip_ranges: Some(ranges.iter().map(write_range).collect()),
            ..written
        },
        LocationKind::Countries { countries, unknown } => Written {
            odata_type: Some(COUNTRIES.to_owned()),
            countries_and_regions: Some(countries.iter().map(ToString::to_string).collect()),
            include_unknown_countries_and_regions: Some(*unknown),
            country_lookup_method: Some("clientIpAddress".to_owned()),
            ..written
        },
    }
}

fn write_range(range: &ipnet::IpNet) -> IpRange {
    let name = match range {
        ipnet::IpNet::V4(_) => "#microsoft.graph.iPv4CidrRange",
        ipnet::IpNet::V6(_) => "#microsoft.graph.iPv6CidrRange",
    };
    IpRange { odata_type: Some(name.to_owned()), cidr_address: range.to_string() }
}
