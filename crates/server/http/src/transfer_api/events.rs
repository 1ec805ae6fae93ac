//! `GET events?drives=…`: server-sent hints. A hint says *look*, never what, and only to somebody who may see some of
//! what changed; that is judged again before each. The first goes at once, later ones at most every 200 ms.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use drive::hints::{Hint, judge_hint};
use futures_util::future::{Either, select};
use futures_util::stream::unfold;
use http::{HeaderValue, header};
use model::DriveId;
use serde::Deserialize;
use storage::{ChangeFeed, FeedEvent};

use crate::{ApiError, App, Authenticated};

/// Most drives of one stream.
const MOST: usize = 200;
/// Least time between two hints.
const COALESCE: Duration = Duration::from_millis(200);
/// Longest silence. Then every drive is judged again too: changes of rights, and of other processes, are found so.
const HEARTBEAT: Duration = Duration::from_secs(25);
/// How long a stream lasts. A new one needs a token that is still good.
const LONGEST: Duration = Duration::from_secs(15 * 60);

#[derive(Deserialize)]
pub(super) struct EventsQuery {
    drives: String,
}

/// One stream.
struct Hints {
    app: App,
    caller: Authenticated,
    feed: ChangeFeed,
    /// Drives open to the caller, with the number up to which they were judged.
    watched: BTreeMap<DriveId, Option<i64>>,
    due: BTreeSet<DriveId>,
    last_sent: Option<Duration>,
    ends: Duration,
}

pub(super) async fn get_events(
    State(app): State<App>,
    caller: Authenticated,
    query: Result<Query<EventsQuery>, axum::extract::rejection::QueryRejection>,
) -> Result<Response, ApiError> {
    let Query(query) = query.map_err(|error| ApiError::invalid(error.body_text()))?;
    // A text that is no id is like a drive that is hidden: it gives no hints.
    let drives: BTreeSet<DriveId> = query.drives.split(',').filter_map(|id| id.trim().parse().ok()).collect();
    if drives.len() > MOST {
        return Err(ApiError::invalid(format!("at most {MOST} drives may be followed in one stream")));
    }
    let mut hints = Hints {
        feed: app.store.change_feed(),
        ends: app.runtime.elapsed() + LONGEST,
        watched: drives.into_iter().map(|drive| (drive, None)).collect(),
        due: BTreeSet::new(),
        last_sent: None,
        app,
        caller,
    };
    // Judging once finds what is open, and from which number on.
    hints.due = hints.watched.keys().copied().collect();
    let _hidden = hints.judge().await?;
    let opening = Bytes::from_static(b": open\n\n");
    let stream = unfold((hints, Some(opening)), |(mut hints, opening)| async move {
        let next = match opening {
            Some(opening) => Some(opening),
            None => hints.next().await,
        };
        next.map(|bytes| (Ok::<_, std::convert::Infallible>(bytes), (hints, None)))
    });
    let mut response = Body::from_stream(stream).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    Ok(response)
}

impl Hints {
    /// Waits for the next hint or heartbeat; none when the stream ends.
    async fn next(&mut self) -> Option<Bytes> {
        let runtime = self.app.runtime.clone();
        let beat = runtime.elapsed() + HEARTBEAT;
        loop {
            let now = runtime.elapsed();
            if now >= self.ends {
                return None;
            }
            let ready_at = self.last_sent.map_or(Duration::ZERO, |sent| sent + COALESCE);
            if now >= beat {
                self.due = self.watched.keys().copied().collect();
            }
            if now >= beat || (!self.due.is_empty() && now >= ready_at) {
                let looks = self.judge().await.ok()?;
                if !looks.is_empty() {
                    self.last_sent = Some(runtime.elapsed());
                    return Some(write(&looks));
                }
                if now >= beat {
                    return Some(Bytes::from_static(b": heartbeat\n\n"));
                }
                continue;
            }
            let until = if self.due.is_empty() { beat } else { ready_at.min(beat) };
            let wait = runtime.sleep(until.saturating_sub(now));
            match select(Box::pin(self.feed.next()), wait).await {
                Either::Left((FeedEvent::Changed(change), _)) => {
                    if change.tenant == self.caller.call.tenant() && self.watched.contains_key(&change.drive)
                    {
                        self.due.insert(change.drive);
                    }
                }
                Either::Left((FeedEvent::Missed, _)) => self.due = self.watched.keys().copied().collect(),
                Either::Left((FeedEvent::Closed, _)) => return None,
                Either::Right(((), _)) => {}
            }
        }
    }

    /// Judges the drives that are due; returns those to look at. A drive that closed is told once and then left.
    async fn judge(&mut self) -> Result<Vec<DriveId>, ApiError> {
        let mut looks = Vec::new();
        for drive in std::mem::take(&mut self.due) {
            let Some(since) = self.watched.get(&drive).copied() else { continue };
            let now = self.app.runtime.now();
            let judged = judge_hint(&self.caller.call, self.caller.caller, now, drive, since).await?;
            match judged {
                Hint::Quiet(newest) => {
                    self.watched.insert(drive, Some(newest));
                }
                Hint::Look(newest) => {
                    self.watched.insert(drive, Some(newest));
                    looks.push(drive);
                }
                Hint::Closed => {
                    self.watched.remove(&drive);
                    // Who never saw it open learns nothing.
                    if since.is_some() {
                        looks.push(drive);
                    }
                }
            }
        }
        Ok(looks)
    }
}

fn write(drives: &[DriveId]) -> Bytes {
    let hints: String = drives.iter().map(|drive| format!("data: {{\"drive\":\"{drive}\"}}\n\n")).collect();
    Bytes::from(hints)
}
