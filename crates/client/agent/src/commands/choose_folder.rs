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

#[cfg(test)]
mod tests {
    use std::path::Path;

    use agent_api::FailureKind;
    use transfer::{ChunkKey, ItemRole, RootInfo};

    use super::choose;
    use crate::Places;
    use crate::settings::{FormerRoot, Settings};

    fn info(tenant: &str, domain: &str) -> RootInfo {
        RootInfo {
            tenant: tenant.to_owned(),
            organization: "Contoso".to_owned(),
            initial_domain: domain.to_owned(),
            site: "Falcon".to_owned(),
            library: "Documents".to_owned(),
            folder: Some("Plans/2026".to_owned()),
            drive: "d".to_owned(),
            item: "i".to_owned(),
            chunk_key: ChunkKey::from_bytes([0; 32]),
            epoch: "e".to_owned(),
            role: ItemRole::Write,
            web_url: String::new(),
        }
    }

    fn places(home: &Path) -> Places {
        Places::new(home.join("state"), home.join("run"), home.join("Footbridge"))
    }

    #[test]
    fn r_d03_r_d07_a_folder_of_a_library_lies_below_its_organization() {
        let home = tempfile::tempdir().unwrap();
        let chosen =
            choose(&Settings::default(), &places(home.path()), "cloud", &info("t", "c.example"), None)
                .unwrap();
        let expected = home.path().join("Footbridge/Contoso/Falcon - Documents - Plans_2026");
        assert_eq!(chosen.folder, expected);
        assert_eq!(chosen.organization, Some(("cloud|t".to_owned(), "Contoso".to_owned())));
    }

    #[test]
    fn a_folder_with_other_files_is_never_taken_because_they_would_be_sent_away() {
        let home = tempfile::tempdir().unwrap();
        let (places, info) = (places(home.path()), info("t", "c.example"));
        let usual = home.path().join("Footbridge/Contoso/Falcon - Documents - Plans_2026");
        std::fs::create_dir_all(&usual).unwrap();
        std::fs::write(usual.join("private.txt"), "mine").unwrap();
        let mut settings = Settings::default();
        let chosen = choose(&settings, &places, "cloud", &info, None).unwrap();
        assert!(chosen.folder.ends_with("Falcon - Documents - Plans_2026 (2)"), "{:?}", chosen.folder);
        let wished = choose(&settings, &places, "cloud", &info, Some(&usual)).err().unwrap();
        assert_eq!(wished.kind, FailureKind::BadFolder);

        // The same root may come back to the folder it had.
        let (tenant, drive, item) = ("t".to_owned(), "d".to_owned(), "i".to_owned());
        settings.former_roots.push(FormerRoot { folder: usual.clone(), tenant, drive, item });
        assert_eq!(choose(&settings, &places, "cloud", &info, None).unwrap().folder, usual);
        let mut other = info;
        other.item = "another".to_owned();
        assert_ne!(choose(&settings, &places, "cloud", &other, None).unwrap().folder, usual);
    }

    #[test]
    fn a_wished_folder_must_be_whole_and_apart_from_other_roots() {
        let home = tempfile::tempdir().unwrap();
        let (places, info) = (places(home.path()), info("t", "c.example"));
        let settings = Settings::default();
        let refused = choose(&settings, &places, "cloud", &info, Some(Path::new("relative"))).err().unwrap();
        assert_eq!(refused.kind, FailureKind::BadFolder);
        let fresh = home.path().join("fresh");
        assert_eq!(choose(&settings, &places, "cloud", &info, Some(&fresh)).unwrap().folder, fresh);
    }
}
