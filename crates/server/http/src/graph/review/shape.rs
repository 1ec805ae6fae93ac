//! Rows of a review as they are told, and where the next page begins.

use drive::review::{AccessRow, RowWho, RowsAfter, Through};
use graph_types::{AccessReviewItem, Identity};
use model::{ReviewSubject, UserKind};

use crate::ApiError;

/// Writes a row.
pub(super) fn item(row: AccessRow) -> AccessReviewItem {
    let (permission_id, link_id) = match row.subject {
        ReviewSubject::Permission(id) => (Some(id.to_string()), None),
        ReviewSubject::Link(id) => (None, Some(id.to_string())),
    };
    let (mut members, mut outside_members, mut named, mut holder) = (None, None, Vec::new(), None);
    let holder_type = match row.who {
        RowWho::Person(person) => {
            let kind = if person.kind == UserKind::Guest { "guest" } else { "member" };
            holder = Some(Identity {
                id: Some(person.id.to_string()),
                display_name: Some(person.display_name),
                email: person.mail,
            });
            kind
        }
        RowWho::Group(group, all, outside) => {
            (members, outside_members) = (Some(all), Some(outside));
            holder = Some(Identity {
                id: Some(group.id.to_string()),
                display_name: Some(group.display_name),
                email: None,
            });
            "group"
        }
        RowWho::Anyone => "anyone",
        RowWho::Organization => "organization",
        RowWho::Named(people) => {
            named = people;
            "named"
        }
    };
    AccessReviewItem {
        permission_id,
        link_id,
        site_id: row.site.as_ref().map(|site| site.id.to_string()),
        site_name: row.site.map(|site| site.display_name),
        item_id: row.item.as_ref().map(|item| item.id.to_string()),
        item_name: row.item.map(|item| item.name),
        holder,
        holder_type: holder_type.to_owned(),
        members,
        outside_members,
        named,
        through: match row.through {
            Through::Direct => "direct".to_owned(),
            Through::Group(name) => name,
            Through::Link(..) => "link".to_owned(),
        },
        role: row.role.graph_name().to_owned(),
        since: row.since.into(),
        until: row.until.map(Into::into),
        last_used: row.last_used.map(Into::into),
        decision: row.reviewed.map(|reviewed| reviewed.decision.name().to_owned()),
        decided: row.reviewed.map(|reviewed| reviewed.at.into()),
    }
}

/// Writes where the next page begins.
pub(super) fn write_after(after: RowsAfter) -> String {
    let (stream, id) = match after {
        RowsAfter::People(id) => ("p", id.map(|id| id.to_string())),
        RowsAfter::Groups(id) => ("g", id.map(|id| id.to_string())),
        RowsAfter::Links(id) => ("l", id.map(|id| id.to_string())),
    };
    format!("{stream}.{}", id.unwrap_or_default())
}

/// Reads it back; without a token the list begins.
pub(super) fn read_after(token: Option<&str>) -> Result<RowsAfter, ApiError> {
    let wrong = || ApiError::invalid("Invalid paging token: start from the first page");
    let Some(token) = token else { return Ok(RowsAfter::People(None)) };
    let (stream, id) = token.split_once('.').ok_or_else(wrong)?;
    match (stream, id) {
        ("p", "") => Ok(RowsAfter::People(None)),
        ("g", "") => Ok(RowsAfter::Groups(None)),
        ("l", "") => Ok(RowsAfter::Links(None)),
        ("p", id) => id.parse().map(|id| RowsAfter::People(Some(id))).map_err(|_| wrong()),
        ("g", id) => id.parse().map(|id| RowsAfter::Groups(Some(id))).map_err(|_| wrong()),
        ("l", id) => id.parse().map(|id| RowsAfter::Links(Some(id))).map_err(|_| wrong()),
        _ => Err(wrong()),
    }
}

#[cfg(test)]
mod tests {
    use drive::review::RowsAfter;
    use model::{LinkId, PermissionId};

    use super::{read_after, write_after};

    #[test]
    fn places_read_back() {
        let permission = PermissionId::from_random([1; 16]);
        for after in [
            RowsAfter::People(None),
            RowsAfter::Groups(None),
            RowsAfter::Links(None),
            RowsAfter::People(Some(permission)),
            RowsAfter::Groups(Some(permission)),
            RowsAfter::Links(Some(LinkId::from_random([2; 16]))),
        ] {
            assert_eq!(read_after(Some(&write_after(after))).ok(), Some(after));
        }
        for bad in ["", "x", "p.5", "q.", "l"] {
            assert!(read_after(Some(bad)).is_err(), "{bad}");
        }
    }
}
