//! Agent link: one request to the agent over its socket. Starts the agent in the background when none is running.

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt as _;
use std::process::{Command as Program, Stdio};
use std::time::Duration;

use agent::{InstanceLock, Places, SocketError, connect};
use agent_api::{Command, Message, Request, read_line, write_line};
use runtime::Runtime;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::net::UnixStream;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};

use crate::failure::CliError;

/// How long an agent may take to answer after its start.
const START_LIMIT: Duration = Duration::from_secs(20);
/// An agent that another program is starting right now gets this long before one is started here.
const OTHERS_START: Duration = Duration::from_millis(500);
const RETRY: Duration = Duration::from_millis(20);

/// A request on its way.
pub struct AgentLink {
    wire: Wire,
    /// What to send again when the agent ended before it said anything: it was about to go when it was asked. Every
    /// command may be sent twice.
    again: Option<(Places, Command)>,
}

struct Wire {
    lines: Lines<BufReader<OwnedReadHalf>>,
    /// Held open: hanging up would end what was asked for.
    _write: OwnedWriteHalf,
}

impl AgentLink {
    /// Sends a command, starting the agent when it is not running.
    pub async fn send(places: &Places, command: Command) -> Result<Self, CliError> {
        let wire = Wire::open(places, &command).await?;
        Ok(Self { wire, again: Some((places.clone(), command)) })
    }

    /// Sends a command to an agent that is running already; none when there is none.
    pub async fn send_if_running(places: &Places, command: Command) -> Result<Option<Self>, CliError> {
        match connect(places).await? {
            Some(stream) => {
                Ok(Wire::write(stream, &command).await.ok().map(|wire| Self { wire, again: None }))
            }
            None => Ok(None),
        }
    }

    /// Waits for the next message. A failure is an error.
    pub async fn next(&mut self) -> Result<Message, CliError> {
        let line = match (self.wire.lines.next_line().await, self.again.take()) {
            (Ok(Some(line)), _) => line,
            (_, Some((places, command))) => {
                self.wire = Wire::open(&places, &command).await?;
                let line = self.wire.lines.next_line().await;
                line.map_err(|error| CliError::NoAgent(error.to_string()))?.ok_or_else(hung_up)?
            }
            (Ok(None), None) => return Err(hung_up()),
            (Err(error), None) => return Err(CliError::NoAgent(error.to_string())),
        };
        match read_line(&line).map_err(|error| CliError::NoAgent(error.to_string()))? {
            Message::Failed(failure) => Err(failure.into()),
            message => Ok(message),
        }
    }
}

impl Wire {
    async fn open(places: &Places, command: &Command) -> Result<Self, CliError> {
        let first = match connect(places).await? {
            Some(stream) => Self::write(stream, command).await.ok(),
            None => None,
        };
        match first {
            Some(wire) => Ok(wire),
            None => {
                let stream = start_and_connect(places).await?;
                Self::write(stream, command).await.map_err(|error| CliError::NoAgent(error.to_string()))
            }
        }
    }

    async fn write(stream: UnixStream, command: &Command) -> std::io::Result<Self> {
        let line = write_line(&Request::new(command.clone())).map_err(std::io::Error::other)?;
        let (read, mut write) = stream.into_split();
        write.write_all(line.as_bytes()).await?;
        Ok(Self { lines: BufReader::new(read).lines(), _write: write })
    }
}

fn hung_up() -> CliError {
    CliError::NoAgent("it hung up".to_owned())
}

/// Sends a command and returns its only answer.
pub async fn ask(places: &Places, command: Command) -> Result<Message, CliError> {
    AgentLink::send(places, command).await?.next().await
}

/// An answer that does not fit the question: agent and program are of different versions.
pub fn unexpected() -> CliError {
    CliError::NoAgent("it answers something else; end it with `footbridge stop` and try again".to_owned())
}

async fn start_and_connect(places: &Places) -> Result<UnixStream, CliError> {
    let runtime = Runtime::tokio();
    if let Some(stream) = connect_within(&runtime, places, OTHERS_START).await? {
        return Ok(stream);
    }
    let held = InstanceLock::take(&places.lock())
        .map_err(|error| CliError::Computer(format!("{}: {error}", places.state().display())))?;
    if held.is_some() {
        drop(held);
        start(places)?;
        eprintln!("The agent was not running; it runs in the background now.");
    }
    let stream = connect_within(&runtime, places, START_LIMIT).await?;
    stream.ok_or_else(|| CliError::NoAgent(format!("see {}", places.log().display())))
}

async fn connect_within(
    runtime: &Runtime,
    places: &Places,
    limit: Duration,
) -> Result<Option<UnixStream>, SocketError> {
    let last = runtime.elapsed() + limit;
    loop {
        if let Some(stream) = connect(places).await? {
            return Ok(Some(stream));
        }
        if runtime.elapsed() >= last {
            return Ok(None);
        }
        runtime.sleep(RETRY).await;
    }
}

/// Starts this program as the agent, in a process group of its own so that Ctrl-C here does not end it.
fn start(places: &Places) -> Result<(), CliError> {
    use std::os::unix::process::CommandExt as _;
    let failed = |error: std::io::Error| CliError::Computer(format!("The agent cannot be started: {error}"));
    let log = OpenOptions::new().create(true).append(true).mode(0o600).open(places.log()).map_err(failed)?;
    let mut program = Program::new(std::env::current_exe().map_err(failed)?);
    program.arg("--state-dir").arg(places.state()).arg("--sync-home").arg(places.sync_home());
    if let Some(further) = places.computer().folders.get(1) {
        program.arg("--policy-dir").arg(further);
    }
    program
        .arg("agent")
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log)
        .process_group(0);
    // The agent outlives this program; nobody waits for it here.
    let _running = program.spawn().map_err(failed)?;
    Ok(())
}
