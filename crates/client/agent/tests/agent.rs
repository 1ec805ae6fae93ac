//! The agent's socket as a careless front end would use it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::Path;
use std::sync::Arc;

use agent::{Agent, Places, serve};
use agent_api::{FailureKind, Message, read_line};
use async_trait::async_trait;
use remote::{Body, Transport, TransportError};
use runtime::{Runtime, Task};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::UnixStream;

struct NoNetwork;

#[async_trait]
impl Transport for NoNetwork {
    async fn send(&self, _request: http::Request<Body>) -> Result<http::Response<Body>, TransportError> {
        Err(TransportError("no network".to_owned()))
    }
}

fn places(folder: &Path) -> Places {
    Places::new(folder.join("state"), folder.join("run"), folder.join("Footbridge"))
}

async fn start(folder: &Path) -> (Agent, Task) {
    let runtime = Runtime::tokio();
    let agent = Agent::start(runtime.clone(), places(folder), Arc::new(NoNetwork)).await.unwrap();
    let served = agent.clone();
    let task = runtime.spawn("agent", async move { serve(&served).await.unwrap() });
    (agent, task)
}

async fn say(folder: &Path, line: &str) -> Message {
    let mut stream = loop {
        match UnixStream::connect(places(folder).socket()).await {
            Ok(stream) => break stream,
            Err(_) => tokio::task::yield_now().await,
        }
    };
    stream.write_all(line.as_bytes()).await.unwrap();
    let mut answer = String::new();
    BufReader::new(stream).read_line(&mut answer).await.unwrap();
    read_line(&answer).unwrap()
}

#[tokio::test]
async fn a_request_that_makes_no_sense_gets_a_typed_answer() {
    let folder = tempfile::tempdir().unwrap();
    let (_agent, _task) = start(folder.path()).await;
    for line in [
        "nonsense\n",
        "{}\n",
        "{\"version\":3,\"command\":{\"name\":\"unheardOf\"}}\n",
        "{\"version\":99,\"command\":{\"name\":\"status\"}}\n",
    ] {
        let answer = say(folder.path(), line).await;
        let refused = matches!(&answer, Message::Failed(failure) if failure.kind == FailureKind::BadRequest);
        assert!(refused, "{line}: {answer:?}");
    }
    let status = say(folder.path(), "{\"version\":3,\"command\":{\"name\":\"status\"}}\n").await;
    assert!(matches!(status, Message::Status(status) if status.idle && status.roots.is_empty()));
}

#[tokio::test]
async fn a_front_end_can_end_the_agent() {
    let folder = tempfile::tempdir().unwrap();
    let (agent, task) = start(folder.path()).await;
    let told = say(folder.path(), "{\"version\":1,\"command\":{\"name\":\"stop\"}}\n").await;
    assert_eq!(told, Message::Done);
    task.join().await;
    agent.stop().await;
    assert!(!places(folder.path()).socket().exists());
}

#[tokio::test]
async fn damaged_settings_stop_the_agent_and_are_not_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state/agent.json");
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, "{damaged").unwrap();
    let started = Agent::start(Runtime::tokio(), places(folder.path()), Arc::new(NoNetwork)).await;
    assert!(started.is_err());
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "{damaged");
}
