//! Named locations of an organization (C04). A change counts with the next request of everybody.

use model::{LocationKind, NamedLocation, NamedLocationId};
use policy::{Administration, Reason};
use storage::{Call, Commit, Scope, Writing};

use crate::access_policies::{arrival, require_way_back};
use crate::authority::require;
use crate::error::check_text;
use crate::{Countries, DirectoryError, event, record};

/// Most named locations of an organization.
const MOST: usize = 195;

/// Lists the named locations, the oldest first. Administrators alone may.
///
/// # Errors
/// [`DirectoryError::Refused`].
pub async fn list_named_locations(call: &Call) -> Result<Vec<NamedLocation>, DirectoryError> {
    let actor = call.actor();
    call.read(move |scope| {
        require(scope, actor, Administration::ManageDirectory)?;
        Ok(scope.named_locations().list()?)
    })
    .await
}

/// Keeps a location: a new one, or one in the place of that with its id. It is refused when policies that name it would then
/// shut out whoever sets it.
///
/// # Errors
/// [`DirectoryError::Refused`], [`DirectoryError::CountriesUnknown`], or [`DirectoryError::Text`] for a name that cannot be
/// used.
pub async fn put_named_location(
    call: &Call,
    location: NamedLocation,
    countries: Countries,
) -> Result<NamedLocation, DirectoryError> {
    let (runtime, actor) = (call.store().runtime().clone(), call.actor());
    let here = arrival(call, countries);
    call.write(move |scope| {
        require(scope, actor, Administration::ManageDirectory)?;
        if matches!(location.kind, LocationKind::Countries { .. }) && !here.countries.is_known() {
            return Err(DirectoryError::CountriesUnknown);
        }
        let display_name = check_text("the location's name", &location.display_name)?;
        let all = scope.named_locations().list()?;
        let before = all.iter().find(|known| known.id == location.id);
        if before.is_none() && all.len() >= MOST {
            return Err(Reason::TooManyNamedLocations.into());
        }
        let location = NamedLocation {
            display_name,
            tenant: scope.tenant(),
            created: before.map_or_else(|| runtime.now(), |before| before.created),
            modified: runtime.now(),
            ..location
        };
        scope.named_locations().put(&location)?;
        require_way_back(scope, actor, here)?;
        let operation = match before {
            Some(_) => "UpdateNamedLocation",
            None => "AddNamedLocation",
        };
        let done = event(&runtime, actor, operation)
            .detail("Location", location.id.to_string())
            .detail("Name", location.display_name.clone());
        let proof = record(scope, &runtime, &[done])?;
        Ok(Commit::new(location, proof))
    })
    .await
}

/// Removes a location that no policy names.
///
/// # Errors
/// [`DirectoryError::Refused`], [`DirectoryError::NotFound`] or [`DirectoryError::InUse`].
pub async fn delete_named_location(call: &Call, location: NamedLocationId) -> Result<(), DirectoryError> {
    let (runtime, actor) = (call.store().runtime().clone(), call.actor());
    call.write(move |scope| {
        require(scope, actor, Administration::ManageDirectory)?;
        if let Some(users) = users_of(scope, location)? {
            return Err(DirectoryError::InUse(users));
        }
        if !scope.named_locations().delete(location)? {
            return Err(DirectoryError::NotFound);
        }
        let done = event(&runtime, actor, "DeleteNamedLocation").detail("Location", location.to_string());
        let proof = record(scope, &runtime, &[done])?;
        Ok(Commit::new((), proof))
    })
    .await
}

/// Names the policies that use a location; none when none does.
fn users_of(
    scope: &mut Scope<'_, Writing>,
    location: NamedLocationId,
) -> Result<Option<String>, DirectoryError> {
    let policies = scope.access_policies().list()?;
    let using = policies.iter().filter(|policy| {
        let places = policy.conditions.locations.iter().flat_map(|on| [&on.include, &on.exclude]);
        places.into_iter().any(|set| set.named.contains(&location))
    });
    let names: Vec<String> = using.map(|policy| format!("\"{}\"", policy.display_name)).collect();
    Ok((!names.is_empty()).then(|| names.join(", ")))
}
