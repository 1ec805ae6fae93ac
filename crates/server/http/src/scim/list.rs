//! Lists: filter and pages of SCIM (RFC 7644 3.4.2). A page begins at an index, so that every list is found whole first.

use serde::Deserialize;
use serde_json::{Value, json};

use super::error::ScimError;
use super::filter::Filter;

/// Most resources of a page.
pub(super) const MOST: usize = 200;
/// Most resources that are searched for one request.
pub(super) const SEARCHED: usize = 50_000;

/// What a list is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ListQuery {
    filter: Option<String>,
    start_index: Option<String>,
    count: Option<String>,
    excluded_attributes: Option<String>,
}

impl ListQuery {
    /// Reads the filter.
    pub(super) fn filter(&self) -> Result<Option<Filter>, ScimError> {
        let text = self.filter.as_deref().filter(|text| !text.trim().is_empty());
        text.map(|text| {
            Filter::read(text).map_err(|_| ScimError::bad("invalidFilter", "the filter cannot be read"))
        })
        .transpose()
    }

    /// Returns whether the members of groups are asked to be left out, as Entra does.
    pub(super) fn leaves_out(&self, name: &str) -> bool {
        let named = self.excluded_attributes.as_deref().unwrap_or_default().split(',');
        named.into_iter().any(|excluded| excluded.trim().eq_ignore_ascii_case(name))
    }

    /// Returns the part of a list that is asked for. An index below one is the first, a count below none is none.
    pub(super) fn page(&self, all: Vec<Value>) -> Result<Value, ScimError> {
        let number = |text: &Option<String>, otherwise: i64| match text {
            None => Ok(otherwise),
            Some(text) => text
                .parse::<i64>()
                .map_err(|_| ScimError::bad("invalidValue", "startIndex and count are numbers")),
        };
        let start = usize::try_from(number(&self.start_index, 1)?.max(1)).unwrap_or(1);
        let count = usize::try_from(number(&self.count, i64::from(100_u8))?.max(0)).unwrap_or(0).min(MOST);
        let total = all.len();
        let page: Vec<Value> = all.into_iter().skip(start - 1).take(count).collect();
        Ok(of(total, start, page))
    }
}

/// Returns a list in one page.
pub(super) fn whole(all: Vec<Value>) -> Value {
    of(all.len(), 1, all)
}

fn of(total: usize, start: usize, page: Vec<Value>) -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        "totalResults": total,
        "startIndex": start,
        "itemsPerPage": page.len(),
        "Resources": page,
    })
}
