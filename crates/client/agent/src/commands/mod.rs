//! Commands: what front ends may ask for, one file each where it takes more than a line.

mod add_root;
mod answer_deletion;
mod choose_folder;
mod explain;
mod find_root_info;
mod journal;
mod managed;
mod pause_root;
mod remove_root;
mod resolve;
mod sign_in;
mod sign_out;
mod token;
mod wait_idle;
mod watch_status;

use agent_api::{Command, Failure, FailureKind, Message};

use crate::Agent;
use crate::session::Outlet;
use crate::settings::RootSettings;

/// Runs a command and returns its last word.
pub(crate) async fn run(agent: &Agent, command: Command, outlet: &mut Outlet) -> Result<Message, Failure> {
    match command {
        Command::Hello => {
            Ok(Message::Hello { program: env!("CARGO_PKG_VERSION").to_owned(), pid: std::process::id() })
        }
        Command::Status => Ok(Message::Status(Box::new(agent.snapshot()))),
        Command::Watch => watch_status::run(agent, outlet).await,
        Command::WaitIdle => wait_idle::run(agent).await,
        Command::SignIn { cloud, address, way } => {
            sign_in::run(agent, &cloud, address.as_deref(), way, outlet).await
        }
        Command::Resolve { subject, account } => {
            resolve::run(agent, subject.as_deref(), account.as_deref(), outlet).await
        }
        Command::SignOut { account } => sign_out::run(agent, &account).await,
        Command::AddRoot(addition) => add_root::run(agent, addition).await,
        Command::PauseRoot { root } => pause_root::run(agent, &root, pause_root::Direction::Pause).await,
        Command::ResumeRoot { root } => pause_root::run(agent, &root, pause_root::Direction::Resume).await,
        Command::RemoveRoot { root } => remove_root::run(agent, &root).await,
        Command::AnswerDeletion { root, answer } => answer_deletion::run(agent, &root, answer).await,
        Command::Journal { root, limit } => journal::run(agent, &root, limit).await,
        Command::Explain { subject } => explain::run(agent, &subject).await,
        Command::Token { account, tenant } => token::run(agent, account.as_deref(), tenant).await,
        Command::Managed => Ok(managed::run(agent)),
        Command::Stop => Ok(Message::Done),
    }
}

/// Finds a root by what a person calls it.
fn find_root(agent: &Agent, name: &str) -> Result<RootSettings, Failure> {
    let live = agent.live();
    match live.settings.roots_called(name).as_slice() {
        [root] => Ok((*root).clone()),
        [] => Err(Failure::new(FailureKind::NotFound, format!("Nothing called `{name}` is synced here."))
            .with_remedy("`footbridge sync list` shows what is.")),
        several => {
            let owners: Vec<&str> = several.iter().map(|root| root.organization.as_str()).collect();
            let text = format!("Several folders are called `{name}`: of {}.", owners.join(" and of "));
            Err(Failure::new(FailureKind::NotFound, text)
                .with_remedy("Name the folder itself or its id; `footbridge sync list` shows them."))
        }
    }
}
