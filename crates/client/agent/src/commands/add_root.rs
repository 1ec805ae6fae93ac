//! Add a root: find it, choose its folder (D03), save it, start it. Adding what is there already answers it again.

use std::path::{Path, PathBuf};

use agent_api::{Failure, FailureKind, Message, RootAddition};
use disk::{DiskOptions, DiskTree, RootIdentity};

use super::choose_folder::{Choice, ChosenFolder};
use super::explain::{place, synced_place};
use super::find_root_info::{FoundRoot, find};
use crate::managed::forbidden;
use crate::root_link::RootLink;
use crate::settings::RootSettings;
use crate::{Agent, private_file};

pub(super) async fn run(agent: &Agent, addition: RootAddition) -> Result<Message, Failure> {
    let link = RootLink::parse(&addition.address)?;
    let found = find(agent, &link, addition.account.as_deref(), addition.trust).await?;
    let (home, owner) = (&found.account.home_tenant, &found.info.tenant);
    agent.policies().may_sync(home, owner).map_err(|refusal| forbidden(&refusal))?;
    // One at a time, so that two roots cannot choose one folder.
    let _turn = agent.0.adding.lock().await;
    let root = match present(agent, &found) {
        Some(root) => {
            // Whoever adds it again wants to know how it is now.
            let engine = agent.live().roots.get(&root.id).and_then(|live| live.engine());
            if let Some(engine) = engine {
                engine.looked().await;
            }
            root
        }
        None => {
            refuse_overlap(agent, &found).await?;
            add(agent, &found, addition.folder).await?
        }
    };
    let live = agent.live();
    let view = live.roots.get(&root.id).map(|live| live.view());
    let view = view.ok_or_else(|| Failure::new(FailureKind::Internal, "The root was removed meanwhile."))?;
    Ok(Message::RootAdded(Box::new(view.describe(&live.settings, &root))))
}

/// The same place synced with the same account already.
fn present(agent: &Agent, found: &FoundRoot) -> Option<RootSettings> {
    let key = found.account.key();
    let same = |root: &&RootSettings| {
        root.account == key && root.drive == found.info.drive && root.item == found.info.item
    };
    agent.live().settings.roots.iter().find(same).cloned()
}

/// Refuses a place that is synced already as a part of another root, or that holds one: each file would be on this
/// computer twice, and an edit of one would arrive in the other.
async fn refuse_overlap(agent: &Agent, found: &FoundRoot) -> Result<(), Failure> {
    if let Some((root, path)) = synced_place(agent, found).await {
        let text = format!("It is synced already: it is {}.", place(&root, &path));
        return Err(Failure::new(FailureKind::AlreadyThere, text)
            .with_remedy("To sync this part alone, remove the other first with `footbridge sync remove`."));
    }
    let key = found.account.key();
    let part = |root: &&RootSettings| root.account == key && root.drive == found.info.drive;
    let inside = agent.live().settings.roots.iter().find(part).cloned();
    match inside {
        // A whole library holds every folder of it. Of two folders the server does not say which is above.
        Some(root) if found.info.folder.is_none() => {
            let text = format!("A folder of that library is synced already, at {}.", root.folder.display());
            Err(Failure::new(FailureKind::AlreadyThere, text).with_remedy(format!(
                "Remove it first with `footbridge sync remove {}`; its files stay where they are.",
                root.id
            )))
        }
        _ => Ok(()),
    }
}

async fn add(agent: &Agent, found: &FoundRoot, wish: Option<String>) -> Result<RootSettings, Failure> {
    let id = agent.0.runtime.uuid().simple().to_string();
    let chosen = {
        let (settings, places) = (agent.live().settings.clone(), agent.0.places.clone());
        let (cloud, info) = (found.account.origin.clone(), found.info.clone());
        let sync_home = agent.sync_home_of(&found.account);
        let work = move || -> Result<ChosenFolder, Failure> {
            let choice = Choice {
                settings: &settings,
                state: places.state(),
                sync_home: &sync_home,
                cloud: &cloud,
                info: &info,
            };
            let chosen = choice.choose(wish.as_deref().map(Path::new))?;
            private_file::make_folder(&chosen.folder).map_err(|error| bad_folder(&chosen.folder, &error))?;
            Ok(chosen)
        };
        let chosen = agent.0.runtime.blocking(work).await;
        chosen.map_err(|error| Failure::new(FailureKind::Internal, error.to_string()))??
    };
    let options = DiskOptions::new(chosen.folder.clone(), agent.0.places.rescue(&id));
    let identity = DiskTree::link(&agent.0.runtime, &options)
        .await
        .map_err(|error| bad_folder(&chosen.folder, &error))?;
    let root = settings_of(id, found, chosen.folder, identity);
    let saved = root.clone();
    agent
        .change_settings(move |settings| {
            if let Some((key, name)) = chosen.organization {
                settings.organization_folders.insert(key, name);
            }
            settings.roots.push(saved);
            Ok(())
        })
        .await?;
    agent.start_root(&root);
    Ok(root)
}

fn bad_folder(folder: &Path, error: &dyn std::fmt::Display) -> Failure {
    Failure::new(FailureKind::BadFolder, format!("{}: {error}", folder.display()))
        .with_remedy("Choose another folder with `--path`.")
}

fn settings_of(id: String, found: &FoundRoot, folder: PathBuf, identity: RootIdentity) -> RootSettings {
    let title = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    RootSettings {
        id,
        account: found.account.key(),
        tenant: found.info.tenant.clone(),
        drive: found.info.drive.clone(),
        item: found.info.item.clone(),
        role: found.info.role,
        folder,
        identity,
        organization: found.info.organization.clone(),
        title,
        web_url: found.info.web_url.clone(),
    }
}
