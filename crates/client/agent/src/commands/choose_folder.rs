//! Choosing a folder: where a new root's files will lie. A folder that holds other files is never taken, because they
//! would be sent to the organization.

use std::io;
use std::path::{Path, PathBuf};

use agent_api::{Failure, FailureKind};
use transfer::RootInfo;

use crate::Places;
use crate::folder_names::{free_title, organization_folder, root_title};
use crate::settings::Settings;

/// A folder chosen, and the organization's folder to remember with it, when it is below the sync home.
pub(super) struct ChosenFolder {
    pub folder: PathBuf,
    pub organization: Option<(String, String)>,
}

/// Chooses the folder.
pub(super) fn choose(
    settings: &Settings,
    places: &Places,
    cloud: &str,
    info: &RootInfo,
    wish: Option<&Path>,
) -> Result<ChosenFolder, Failure> {
    if let Some(wish) = wish {
        return Ok(ChosenFolder { folder: wished(settings, info, wish)?, organization: None });
    }
    let key = format!("{cloud}|{}", info.tenant);
    let organization =
        organization_folder(&key, &info.organization, &info.initial_domain, &settings.organization_folders);
    let above = places.sync_home().join(&organization);
    let usable = |name: &str| is_usable(settings, info, &above.join(name)).unwrap_or(false);
    let title = free_title(&root_title(info), usable);
    Ok(ChosenFolder { folder: above.join(title), organization: Some((key, organization)) })
}

fn wished(settings: &Settings, info: &RootInfo, wish: &Path) -> Result<PathBuf, Failure> {
    let bad = |text: &str| Failure::new(FailureKind::BadFolder, format!("{}: {text}", wish.display()));
    if !wish.is_absolute() {
        return Err(bad("the folder must be named from `/` on."));
    }
    let nested =
        settings.roots.iter().any(|root| root.folder.starts_with(wish) || wish.starts_with(&root.folder));
    if nested {
        return Err(
            bad("another synced folder is there, above or below.").with_remedy("Choose another folder.")
        );
    }
    match is_usable(settings, info, wish) {
        Ok(true) => Ok(wish.to_owned()),
        Ok(false) => Err(bad("it holds files already.").with_remedy("Choose an empty folder or a new one.")),
        Err(error) => Err(bad(&error.to_string()).with_remedy("Choose another folder.")),
    }
}

/// A folder may be used when it is not there, is empty, or held this very root before.
fn is_usable(settings: &Settings, info: &RootInfo, folder: &Path) -> io::Result<bool> {
    if settings.roots.iter().any(|root| root.folder == folder) {
        return Ok(false);
    }
    let former = settings.former_roots.iter().any(|former| {
        former.folder == folder
            && former.tenant == info.tenant
            && former.drive == info.drive
            && former.item == info.item
    });
    if former {
        return Ok(true);
    }
    match std::fs::read_dir(folder) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error),
    }
}
