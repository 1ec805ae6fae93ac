//! Sessions: front ends on the socket. One request each; hanging up ends what it asked for.

use std::io;

use agent_api::{Command, Failure, FailureKind, MAX_LINE, Message, Request, VERSION, read_line, write_line};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::UnixStream;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};

use crate::{Agent, SocketError, commands, socket};

/// Opens the agent's socket and answers until the agent shall end. The caller holds the instance lock.
///
/// # Errors
/// [`SocketError`] when the socket cannot be opened, or not safely.
pub async fn serve(agent: &Agent) -> Result<(), SocketError> {
    let path = agent.0.places.socket();
    let listener = socket::listen(&path)?;
    loop {
        let accepted = tokio::select! {
            biased;
            () = agent.stop_asked() => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, _address)) => {
                if let Err(error) = socket::check_peer(&stream) {
                    tracing::warn!(%error, "a front end was turned away");
                    continue;
                }
                let session = answer(agent.clone(), stream);
                agent.0.runtime.spawn("session", session).detach();
            }
            // Out of file handles; the next one may find some.
            Err(error) => {
                tracing::warn!(%error, "a front end could not connect");
                agent.0.runtime.sleep(std::time::Duration::from_millis(100)).await;
            }
        }
    }
    // Whoever connects now is told at once that there is no agent.
    let _gone = std::fs::remove_file(&path);
    Ok(())
}

/// Where a command writes what it has to say before its last word.
pub(crate) struct Outlet(OwnedWriteHalf);

impl Outlet {
    /// Sends one message.
    pub(crate) async fn send(&mut self, message: &Message) -> io::Result<()> {
        let line = write_line(message).map_err(io::Error::other)?;
        self.0.write_all(line.as_bytes()).await
    }
}

async fn answer(agent: Agent, stream: UnixStream) {
    let (read, write) = stream.into_split();
    let mut reader = BufReader::new(read);
    let mut outlet = Outlet(write);
    let answer = match read_request(&mut reader).await {
        Err(failure) => Message::Failed(failure),
        Ok(command) => {
            let stop = command == Command::Stop;
            let answer = tokio::select! {
                biased;
                answer = commands::run(&agent, command, &mut outlet) => answer,
                () = hang_up(&mut reader) => return,
            };
            if stop {
                let _told = outlet.send(&Message::Done).await;
                agent.ask_to_stop();
                return;
            }
            answer.unwrap_or_else(Message::Failed)
        }
    };
    // A front end that is gone needs no answer.
    let _told = outlet.send(&answer).await;
}

async fn read_request(reader: &mut BufReader<OwnedReadHalf>) -> Result<Command, Failure> {
    let mut line = String::new();
    let bad = |text: String| Failure::new(FailureKind::BadRequest, text);
    let limit = u64::try_from(MAX_LINE).unwrap_or(u64::MAX);
    reader.take(limit).read_line(&mut line).await.map_err(|error| bad(error.to_string()))?;
    let request: Request = read_line(&line).map_err(|error| bad(error.to_string()))?;
    if request.version != VERSION && request.command != Command::Stop {
        return Err(bad("The running agent is of another version.".to_owned())
            .with_remedy("End it with `footbridge stop`; the next command starts the new one."));
    }
    Ok(request.command)
}

/// Completes when the front end hangs up.
async fn hang_up(reader: &mut BufReader<OwnedReadHalf>) {
    let mut rest = [0; 64];
    while let Ok(1..) = reader.read(&mut rest).await {}
}
