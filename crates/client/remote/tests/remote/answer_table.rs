//! The table of sync-engine.md 6.4, played: what the server answers, which error that is, what the root does about it.

use std::time::Duration;

use engine::{ItemReaction, Reaction, RemoteError, RemoteTree as _, RootState, item_reaction};
use http::header::{HeaderValue, RETRY_AFTER};
use http::{Response, StatusCode};
use remote::Body;
use serde_json::json;
use transfer::ContentId;

use crate::fake_cloud::{FakeCloud, json_answer, tree};

/// What is asked for.
#[derive(Debug, Clone, Copy)]
enum Asked {
    Feed,
    Item,
    Upload,
}

struct Row {
    case: &'static str,
    asked: Asked,
    status: u16,
    retry_after: Option<&'static str>,
    code: &'static str,
    inner: &'static str,
    does: &'static str,
    /// Part of what people see.
    shows: &'static str,
}

const fn row(case: &'static str, asked: Asked, status: u16, code: &'static str, does: &'static str) -> Row {
    Row { case, asked, status, retry_after: None, code, inner: "", does, shows: "" }
}

impl Row {
    const fn inner(self, inner: &'static str) -> Self {
        Self { inner, ..self }
    }

    const fn retry_after(self, text: &'static str) -> Self {
        Self { retry_after: Some(text), ..self }
    }

    const fn shows(self, shows: &'static str) -> Self {
        Self { shows, ..self }
    }
}

const TABLE: &[Row] = &[
    row("a token refused twice", Asked::Feed, 401, "InvalidAuthenticationToken", "close: signInNeeded")
        .shows("signed out"),
    row("a demand of a policy", Asked::Feed, 403, "interactionRequired", "close: interactionNeeded")
        .shows("why"),
    row("a forbidden root", Asked::Feed, 403, "accessDenied", "ask whether it is open"),
    row("a hidden root", Asked::Feed, 404, "itemNotFound", "ask whether it is open"),
    row("a root that is gone", Asked::Feed, 410, "itemNotFound", "ask whether it is open"),
    row("an old cursor", Asked::Feed, 410, "resyncRequired", "look anew").inner("resyncApplyDifferences"),
    row("a restored library", Asked::Feed, 410, "resyncRequired", "look anew").inner("epochChanged"),
    row("a forbidden item", Asked::Item, 403, "accessDenied", "item: replan").shows("why"),
    row("a hidden item", Asked::Item, 404, "itemNotFound", "item: replan").shows("why"),
    row("a name that is taken", Asked::Item, 409, "nameAlreadyExists", "item: replan").shows("why"),
    row("another version", Asked::Item, 412, "resourceModified", "item: replan").shows("why"),
    row("a file too large", Asked::Item, 413, "invalidRequest", "item: replan").shows("too large"),
    row("a locked item", Asked::Item, 423, "resourceLocked", "item: replan").shows("why"),
    row("an upload that ended", Asked::Upload, 404, "itemNotFound", "look anew"),
    row("a full library", Asked::Upload, 507, "quotaLimitReached", "wait 60 s").shows("storage is full"),
    row("a number used twice", Asked::Feed, 422, "invalidRequest", "stop")
        .inner("operationReused")
        .shows("twice"),
    row("a program too old", Asked::Feed, 426, "clientTooOld", "stop").shows("why"),
    row("too many requests", Asked::Feed, 429, "tooManyRequests", "wait 120 s")
        .retry_after("120")
        .shows("asks to wait"),
    row("too many, no wait named", Asked::Feed, 429, "tooManyRequests", "wait 10 s"),
    row("a wait of years", Asked::Feed, 429, "tooManyRequests", "wait 86400 s").retry_after("99999999"),
    row("a date that has passed", Asked::Feed, 503, "serviceNotAvailable", "wait 0 s")
        .retry_after("Wed, 21 Oct 2015 07:28:00 GMT"),
    row("a busy cloud", Asked::Item, 503, "serviceNotAvailable", "wait 7 s").retry_after("7"),
    row("a cloud that is down", Asked::Feed, 503, "serviceNotAvailable", "try again")
        .shows("cannot be reached"),
    row("a defect of the server", Asked::Feed, 500, "generalException", "try again")
        .shows("cannot be reached"),
    row("a proxy without its server", Asked::Item, 502, "", "try again"),
    row("a proxy that gave up", Asked::Upload, 504, "", "try again"),
    row("a proxy that wants a name", Asked::Feed, 407, "", "try again"),
    row("a portal's redirect", Asked::Feed, 302, "", "try again"),
    row("something unheard of", Asked::Feed, 418, "teapot", "try again"),
];

fn answer(row: &Row) -> Response<Body> {
    let status = StatusCode::from_u16(row.status).unwrap();
    let inner = (!row.inner.is_empty()).then(|| json!({"code": row.inner}));
    let error = json!({"error": {"code": row.code, "message": "why", "innerError": inner}});
    let mut answer = json_answer(status, &error);
    if let Some(text) = row.retry_after {
        answer.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static(text));
    }
    answer
}

/// What the root does, and what people see.
fn reaction(error: &RemoteError) -> (String, String) {
    if let RemoteError::ItemRefused(refused) = error {
        return match item_reaction(refused) {
            ItemReaction::Replan(problem) => ("item: replan".to_owned(), problem.message()),
            ItemReaction::Rest(problem, _) => ("item: rest".to_owned(), problem.message()),
            ItemReaction::Stop => ("stop".to_owned(), String::new()),
        };
    }
    match error.reaction() {
        Reaction::Close { state: RootState::SignInNeeded, message, .. } => {
            ("close: signInNeeded".to_owned(), message)
        }
        Reaction::Close { state: RootState::InteractionNeeded, message, .. } => {
            ("close: interactionNeeded".to_owned(), message)
        }
        Reaction::Close { state, .. } => (format!("close: {state:?}"), String::new()),
        Reaction::AskWhetherOpen => ("ask whether it is open".to_owned(), String::new()),
        Reaction::Wait { after, message, .. } => (format!("wait {} s", after.as_secs()), message.to_owned()),
        Reaction::TryAgain { message } => ("try again".to_owned(), message),
        Reaction::LookAnew => ("look anew".to_owned(), String::new()),
        Reaction::Stop { message, .. } => ("stop".to_owned(), message),
    }
}

#[tokio::test]
async fn every_answer_has_one_reaction_and_none_says_that_a_file_is_gone() {
    for row in TABLE {
        let cloud = FakeCloud::new(move |asked| asked.uri.contains("/drives/").then(|| answer(row)));
        let tree = tree(&cloud);
        let content = ContentId::from_bytes([0; 32]);
        let error = match row.asked {
            Asked::Feed => tree.delta(Some("c")).await.map(|_| ()),
            Asked::Item => tree.manifest("item", &content).await.map(|_| ()),
            Asked::Upload => tree.upload_state("upload").await.map(|_| ()),
        };
        let (does, shows) = reaction(&error.unwrap_err());
        assert_eq!(does, row.does, "{}", row.case);
        assert!(shows.contains(row.shows), "{}: {shows}", row.case);
    }
}

#[tokio::test]
async fn a_cloud_that_asks_to_wait_is_asked_nothing_more_by_anybody_until_then() {
    let busy = row("", Asked::Feed, 429, "tooManyRequests", "").retry_after("120");
    let cloud = FakeCloud::new(move |asked| asked.uri.contains("/drives/").then(|| answer(&busy)));
    let tree = tree(&cloud);
    assert_eq!(tree.delta(None).await, Err(RemoteError::Throttled { after: Duration::from_secs(120) }));
    let again = tree.upload_state("upload").await;
    let Err(RemoteError::Throttled { after }) = again else { panic!("{again:?}") };
    assert!(after <= Duration::from_secs(120) && after > Duration::from_secs(60), "{after:?}");
    assert_eq!(cloud.asked("/drives/").len(), 1, "the second question was not sent");
}
