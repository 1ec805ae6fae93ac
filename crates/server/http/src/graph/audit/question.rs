//! What is asked of the audit trail: our plain parameters, and Graph's `$filter`.

use data_encoding::BASE64URL_NOPAD;
use drive::audit_trail::AuditQuestion;
use model::{SiteId, Timestamp};
use storage::{AuditPlace, AuditSearch};

use crate::graph::SiteName;
use crate::graph_query::GraphQuery;
use crate::{ApiError, App};

/// Most operations of one question.
const OPERATIONS: usize = 50;

/// Reads `from`, `until`, `operation` (several by commas), `person` (id or address), `site`, `item` and `$skiptoken`.
pub(super) fn read(app: &App, query: &GraphQuery) -> Result<AuditQuestion, ApiError> {
    let mut question = AuditQuestion::default();
    let search = &mut question.search;
    search.from = query.get("from").map(|text| time("from", text)).transpose()?;
    search.until = query.get("until").map(|text| time("until", text)).transpose()?;
    search.operations = query.get("operation").map(operations).transpose()?.unwrap_or_default();
    if let Some(site) = query.get("site") {
        search.sites = Some(vec![site_id(app, site)?]);
    }
    if let Some(item) = query.get("item") {
        search.item = Some(item.parse().map_err(|_| ApiError::invalid("item is an item's id"))?);
    }
    search.after = query.get("skiptoken").map(read_token).transpose()?;
    if let Some(person) = query.get("person") {
        question = about(question, person)?;
    }
    Ok(question)
}

/// Reads Graph's `$filter`: conditions on `activityDateTime`, `activityDisplayName` and `initiatedBy/user/id`, joined by
/// `and`.
pub(super) fn read_filter(query: &GraphQuery) -> Result<AuditQuestion, ApiError> {
    let unsupported = || ApiError::NotSupported("this $filter");
    let mut question = AuditQuestion::default();
    let filter = query.get("filter").unwrap_or_default();
    for condition in filter.split(" and ").map(str::trim).filter(|condition| !condition.is_empty()) {
        let words: Vec<&str> = condition.splitn(3, ' ').collect();
        let [property, operator, value] = words.as_slice() else { return Err(unsupported()) };
        let value = value.trim().trim_matches('\'');
        let search: &mut AuditSearch = &mut question.search;
        match (*property, *operator) {
            ("activityDateTime", "ge" | "gt") => search.from = Some(time("activityDateTime", value)?),
            ("activityDateTime", "le" | "lt") => search.until = Some(time("activityDateTime", value)?),
            ("activityDisplayName", "eq") => search.operations = operations(value)?,
            ("initiatedBy/user/id", "eq") => question = about(question, value)?,
            ("initiatedBy/user/userPrincipalName", "eq") => question = about(question, value)?,
            _ => return Err(unsupported()),
        }
    }
    question.search.after = query.get("skiptoken").map(read_token).transpose()?;
    Ok(question)
}

fn about(mut question: AuditQuestion, person: &str) -> Result<AuditQuestion, ApiError> {
    match person.parse() {
        Ok(id) => question.search.person = Some(id),
        Err(_) => {
            let address = person.parse().map_err(|_| ApiError::invalid("person is an id or an address"))?;
            question.address = Some(address);
        }
    }
    Ok(question)
}

fn operations(text: &str) -> Result<Vec<String>, ApiError> {
    let names: Vec<String> =
        text.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect();
    let fine =
        names.len() <= OPERATIONS && names.iter().all(|name| name.len() <= 100 && !name.contains('\0'));
    if fine { Ok(names) } else { Err(ApiError::invalid("operation is one name, or up to 50 by commas")) }
}

fn site_id(app: &App, site: &str) -> Result<SiteId, ApiError> {
    SiteName::of(app, site)?.id()
}

fn time(name: &str, text: &str) -> Result<Timestamp, ApiError> {
    let wrong = || ApiError::invalid(format!("{name} is a time such as 2026-01-31T00:00:00Z"));
    let read: Timestamp = text.parse().map_err(|_| wrong())?;
    Ok(read)
}

/// Writes where the next page begins.
pub(super) fn write_token(place: AuditPlace) -> String {
    BASE64URL_NOPAD.encode(format!("{} {}", place.at, place.id).as_bytes())
}

fn read_token(token: &str) -> Result<AuditPlace, ApiError> {
    let text = BASE64URL_NOPAD.decode(token.as_bytes()).ok().and_then(|text| String::from_utf8(text).ok());
    let read = text.as_deref().and_then(|text| {
        let (at, id) = text.split_once(' ')?;
        Some(AuditPlace { at: at.parse().ok()?, id: id.parse().ok()? })
    });
    read.ok_or_else(|| ApiError::invalid("Invalid paging token: start from the first page"))
}

#[cfg(test)]
mod tests {
    use model::{AuditRecordId, UserId};
    use storage::AuditPlace;

    use super::{read_filter, read_token, write_token};
    use crate::graph_query::GraphQuery;

    fn query(text: &str) -> GraphQuery {
        GraphQuery::of(&format!("/x?{text}").parse().expect("an address"))
    }

    #[test]
    fn the_filters_that_clients_send_are_read_and_others_are_said_to_be_missing() {
        let user = UserId::from_random([3; 16]);
        let text = format!(
            "$filter=activityDateTime%20ge%202026-01-01T00:00:00Z%20and%20activityDisplayName%20eq%20'SharingSet'\
             %20and%20initiatedBy/user/id%20eq%20'{user}'"
        );
        let read = read_filter(&query(&text)).expect("reads").search;
        assert_eq!(read.from, Some("2026-01-01T00:00:00Z".parse().expect("a time")));
        assert_eq!((read.operations, read.person), (vec!["SharingSet".to_owned()], Some(user)));
        for bad in ["$filter=category%20eq%20'x'", "$filter=x", "$filter=activityDateTime%20ge%20yesterday"] {
            assert!(read_filter(&query(bad)).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_place_reads_back() {
        let place = AuditPlace { at: -5, id: AuditRecordId::from_random([1; 16]) };
        assert_eq!(read_token(&write_token(place)).ok(), Some(place));
        assert!(read_token("!!").is_err());
    }
}
