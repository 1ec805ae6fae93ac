//! Remove: the root stops for good. Its files stay where they are, and so do rescued ones and the trash.

use agent_api::{Failure, Message};

use super::find_root;
use crate::Agent;
use crate::settings::FormerRoot;

pub(super) async fn run(agent: &Agent, name: &str) -> Result<Message, Failure> {
    let root = find_root(agent, name)?;
    let live = agent.live().roots.remove(&root.id);
    if let Some(live) = live {
        live.stop().await;
    }
    let id = root.id.clone();
    let changed = agent
        .change_settings(move |settings| {
            settings.roots.retain(|other| other.id != root.id);
            settings.former_roots.retain(|former| former.folder != root.folder);
            settings.former_roots.push(FormerRoot::of(root));
            Ok(())
        })
        .await;
    if let Err(failure) = changed {
        let root = agent.live().settings.roots.iter().find(|root| root.id == id).cloned();
        if let Some(root) = root {
            agent.start_root(&root);
        }
        return Err(failure);
    }
    Ok(Message::Done)
}
