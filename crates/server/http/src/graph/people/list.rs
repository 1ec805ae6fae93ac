//! `GET /users`: in pages, with the filters that clients send: `userType`, `mail` and `externalUserState`.

use axum::Json;
use axum::extract::State;
use directory::read::list_people;
use graph_types::{Collection, User};
use model::UserKind;

use super::shape::state_name;
use super::user;
use crate::graph_query::GraphQuery;
use crate::{Administering, ApiError, App};

/// People in a page when the caller does not say.
const PAGE: i64 = 100;
/// Most people in a page.
const LARGEST_PAGE: i64 = 999;

pub(super) async fn list_users(
    State(app): State<App>,
    Administering { call, .. }: Administering,
    query: GraphQuery,
) -> Result<Json<Collection<User>>, ApiError> {
    let filter = query.get("filter").map(Filter::parse).transpose()?;
    let most = query.top(PAGE, LARGEST_PAGE)?;
    let mut after = query.get("skiptoken").map(str::to_owned);
    if after.as_ref().is_some_and(|name| name.contains('\0')) {
        return Err(ApiError::invalid("Invalid paging token; list from the start"));
    }
    let mut value = Vec::new();
    let next = loop {
        let page = list_people(&call, after.clone(), most).await?;
        let full = i64::try_from(page.len()).unwrap_or(i64::MAX) == most;
        after = page.last().map(|person| person.principal_name.to_lowercase());
        let fitting = page.iter().filter(|person| filter.as_ref().is_none_or(|filter| filter.admits(person)));
        value.extend(fitting.map(|person| user(person, &[])));
        // A page of a filtered list may be shorter than asked for, never empty with more behind it.
        if !full || !value.is_empty() {
            break full.then_some(after).flatten();
        }
    };
    let next_link = next.map(|after| query.next_link(&app.settings.origin, "/v1.0/users", &after));
    Ok(Json(Collection { context: None, value, next_link }))
}

/// A condition on people.
#[derive(Debug, PartialEq, Eq)]
enum Filter {
    Kind(UserKind),
    Mail(String),
    State(String),
}

impl Filter {
    fn parse(text: &str) -> Result<Self, ApiError> {
        let unsupported = || ApiError::NotSupported("this $filter");
        let (property, value) = text.trim().split_once(" eq ").ok_or_else(unsupported)?;
        let value = value.trim().strip_prefix('\'').and_then(|value| value.strip_suffix('\''));
        let value = value.ok_or_else(unsupported)?.replace("''", "'");
        match property.trim() {
            "userType" if value.eq_ignore_ascii_case("guest") => Ok(Self::Kind(UserKind::Guest)),
            "userType" if value.eq_ignore_ascii_case("member") => Ok(Self::Kind(UserKind::Member)),
            "mail" | "userPrincipalName" => Ok(Self::Mail(value.to_lowercase())),
            "externalUserState" => Ok(Self::State(value)),
            _ => Err(unsupported()),
        }
    }

    fn admits(&self, person: &model::User) -> bool {
        match self {
            Self::Kind(kind) => person.kind == *kind,
            Self::Mail(text) => {
                let mail = person.mail.as_deref().map(str::to_lowercase);
                mail.as_ref() == Some(text) || person.principal_name.to_lowercase() == *text
            }
            Self::State(name) => {
                person.guest_state.is_some_and(|state| state_name(state).eq_ignore_ascii_case(name))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use model::UserKind;

    use super::Filter;

    #[test]
    fn the_filters_clients_send_are_read_and_others_are_said_to_be_missing() {
        let read = |text| Filter::parse(text).ok();
        assert_eq!(read("userType eq 'Guest'"), Some(Filter::Kind(UserKind::Guest)));
        assert_eq!(read("mail eq 'O''Hara@x.example'"), Some(Filter::Mail("o'hara@x.example".to_owned())));
        assert_eq!(read("startswith(displayName,'a')"), None);
        assert_eq!(read("userType eq 'Alien'"), None);
    }
}
