//! Hints: one stream of server-sent events per account and tenant, shared by its roots. A hint says *look*, never what.
//!
//! Trouble with the stream ends in a hint as well: whoever looks then finds out what is wrong.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::StreamExt as _;
use runtime::Task;
use serde::Deserialize;
use tokio::sync::Notify;

use crate::ApiClient;
use crate::api_client::ApiRequest;
use crate::event_stream::EventParser;
use crate::transport::DataStream;

/// The server sends a heartbeat every half minute; this much silence is a dead connection.
const SILENCE_LIMIT: Duration = Duration::from_secs(90);
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(300);

struct Subscriber {
    drive: String,
    wake: Arc<Notify>,
}

#[derive(Default)]
struct State {
    next: u64,
    subscribers: BTreeMap<u64, Subscriber>,
    task: Option<Task>,
}

struct Shared {
    api: ApiClient,
    state: Mutex<State>,
    changed: Notify,
}

/// The stream of one account and tenant. It is connected while somebody subscribes.
#[derive(Clone)]
pub struct HintHub(Arc<Shared>);

/// One root's share of a [`HintHub`].
pub struct HintSubscription {
    id: u64,
    wake: Arc<Notify>,
    hub: HintHub,
}

#[derive(Deserialize)]
struct Hint {
    drive: Option<String>,
}

impl HintHub {
    /// Makes a hub; nothing is sent before the first subscription.
    #[must_use]
    pub fn new(api: ApiClient) -> Self {
        Self(Arc::new(Shared { api, state: Mutex::default(), changed: Notify::new() }))
    }

    /// Connects now, when the stream waits before it tries again: what stood in the way is gone.
    pub fn reconnect(&self) {
        self.0.changed.notify_one();
    }

    /// Subscribes to a drive.
    #[must_use]
    pub fn subscribe(&self, drive: &str) -> HintSubscription {
        let wake = Arc::new(Notify::new());
        let mut state = self.0.lock();
        let id = state.next;
        state.next += 1;
        state.subscribers.insert(id, Subscriber { drive: drive.to_owned(), wake: Arc::clone(&wake) });
        if state.task.is_none() {
            // The task holds the hub weakly, or the two would keep each other alive.
            let weak = Arc::downgrade(&self.0);
            let runtime = self.0.api.runtime().clone();
            state.task = Some(runtime.spawn("hints", async move {
                let mut failures = 0;
                while let Some(shared) = weak.upgrade() {
                    shared.follow(&mut failures).await;
                }
            }));
        }
        drop(state);
        self.0.changed.notify_one();
        HintSubscription { id, wake, hub: self.clone() }
    }
}

impl HintSubscription {
    /// Waits for the next hint. Dropping the future loses none.
    pub async fn next(&self) {
        self.wake.notified().await;
    }
}

impl Drop for HintSubscription {
    fn drop(&mut self) {
        let mut state = self.hub.0.lock();
        state.subscribers.remove(&self.id);
        if state.subscribers.is_empty() {
            state.task = None;
        }
        drop(state);
        self.hub.0.changed.notify_one();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn drives(&self) -> BTreeSet<String> {
        self.lock().subscribers.values().map(|subscriber| subscriber.drive.clone()).collect()
    }

    fn wake(&self, drive: Option<&str>) {
        for subscriber in self.lock().subscribers.values() {
            if drive.is_none_or(|drive| drive == subscriber.drive) {
                subscriber.wake.notify_one();
            }
        }
    }

    /// Connects once and follows the stream until it breaks or the drives change.
    async fn follow(&self, failures: &mut u32) {
        let drives = self.drives();
        if drives.is_empty() {
            self.changed.notified().await;
            return;
        }
        let list: Vec<&str> = drives.iter().map(String::as_str).collect();
        let query = serde_urlencoded::to_string([("drives", list.join(","))]).unwrap_or_default();
        let address = format!("{}?{query}", self.api.origin().path(&["transfer", "v1", "events"]));
        let request = ApiRequest::get(address).accepting("text/event-stream");
        match self.api.open(&request).await {
            Ok(body) => {
                *failures = 0;
                // What happened while nobody listened is not told again.
                self.wake(None);
                self.listen(&mut DataStream::new(body), &drives).await;
            }
            Err(_trouble) => tracing::debug!("no stream of hints; it is tried again"),
        }
        if self.drives() == drives {
            self.wake(None);
            let wait = self.wait(*failures);
            *failures = failures.saturating_add(1);
            tokio::select! {
                biased;
                () = self.changed.notified() => {}
                () = self.api.runtime().sleep(wait) => {}
            }
        }
    }

    async fn listen(&self, stream: &mut DataStream, drives: &BTreeSet<String>) {
        let mut parser = EventParser::default();
        loop {
            let next = tokio::select! {
                biased;
                () = self.changed.notified() => {
                    if self.drives() == *drives {
                        continue;
                    }
                    return;
                }
                next = self.api.runtime().timeout(SILENCE_LIMIT, stream.next()) => next,
            };
            let Ok(Some(Ok(bytes))) = next else { return };
            for event in parser.push(&bytes) {
                let hint = serde_json::from_str::<Hint>(&event).ok();
                self.wake(hint.and_then(|hint| hint.drive).as_deref());
            }
        }
    }

    /// Full jitter, so that a restarted server is not met by everybody at once.
    fn wait(&self, failures: u32) -> Duration {
        let most = (FIRST_WAIT * 2u32.saturating_pow(failures.min(16))).min(LONGEST_WAIT);
        let random = u32::from_le_bytes(self.api.runtime().random());
        most / 4 + most * 3 / 4 * (random / 65_536) / 65_536
    }
}
