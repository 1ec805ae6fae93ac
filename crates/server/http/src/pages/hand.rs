//! Hand: whoever changes something on a page, signed in or by a link, so that each form is written once for both.

use axum::response::Response;
use drive::contents::{ContentCaller, Room, find_room};
use drive::links::{LinkError, LinkUse, bearer_call, edit_linked, find_linked_room};
use drive::{EditRequest, Editor, ItemError, edit};
use http::StatusCode;
use identity::Bearer;
use model::{DriveId, ItemId};
use runtime::Runtime;
use storage::Call;

use super::answer::message_page;
use super::link_door::refused;
use crate::App;

/// Whoever changes something, and through which door they came.
pub(super) struct Hand {
    call: Call,
    runtime: Runtime,
    door: Door,
}

enum Door {
    Person(ContentCaller),
    Link(LinkUse),
}

impl Hand {
    /// Somebody signed in who changes a drive.
    pub(super) fn of_person(app: &App, bearer: Bearer, drive: DriveId) -> Self {
        let runtime = app.runtime.clone();
        let who = ContentCaller { caller: bearer.caller, drive, runtime: runtime.clone() };
        Self { call: bearer.call, runtime, door: Door::Person(who) }
    }

    /// Whoever came by a link.
    pub(super) fn of_link(app: &App, used: LinkUse) -> Self {
        let call = bearer_call(app.store.clone(), &used.ticket);
        Self { call, runtime: app.runtime.clone(), door: Door::Link(used) }
    }

    pub(super) fn call(&self) -> &Call {
        &self.call
    }

    /// Returns where bytes may be written; the error is the page to answer.
    pub(super) async fn room(&self, item: ItemId) -> Result<Room, Response> {
        let found = match &self.door {
            Door::Person(who) => find_room(&self.call, who, item).await.map_err(LinkError::from),
            Door::Link(used) => find_linked_room(&self.call, used.clone(), item).await,
        };
        found.map_err(refused_change)
    }

    /// Changes the drive; the error is the page to answer.
    pub(super) async fn edit<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Editor<'_, '_>) -> Result<T, ItemError> + Send + 'static,
    ) -> Result<T, Response> {
        let done = match &self.door {
            Door::Person(who) => {
                let runtime = self.runtime.clone();
                let request = EditRequest { caller: who.caller, drive: who.drive, runtime };
                edit(&self.call, request, work).await.map_err(LinkError::from)
            }
            Door::Link(used) => edit_linked(&self.call, used.clone(), work).await,
        };
        done.map_err(refused_change)
    }
}

/// Says why a change was not made. What is hidden is as absent as what does not exist.
pub(super) fn refused_change(error: LinkError) -> Response {
    match error {
        LinkError::Item(error) => match error.refusal() {
            Some((status, _, _)) => {
                let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
                message_page(status, "That was not done", &format!("{}.", sentence(&error.to_string())))
            }
            None => super::answer::server_failure(&error),
        },
        other => refused(other),
    }
}

/// Begins a text like a sentence.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
