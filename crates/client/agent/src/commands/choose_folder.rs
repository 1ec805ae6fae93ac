//! Choosing a folder: where a new root's files will lie. A folder that holds other files is never taken, because they
//! would be sent to the organization.

use std::io;
use std::path::{Component, Path, PathBuf};

use agent_api::{Failure, FailureKind};
use remote::CloudOrigin;
use transfer::RootInfo;

use crate::folder_names::{free_title, organization_folder, root_title};
use crate::folder_overlap::{Overlap, marked_above, overlap, resolved};
use crate::settings::{FormerRoot, Settings};

/// A folder chosen, and the organization's folder to remember with it, when it is below the sync home.
pub(super) struct ChosenFolder {
    pub folder: PathBuf,
    pub organization: Option<(String, String)>,
}

/// What a folder is chosen for.
#[derive(Clone, Copy)]
pub(super) struct Choice<'a> {
    pub settings: &'a Settings,
    /// Where the agent keeps its own files.
    pub state: &'a Path,
    /// The folder under which organizations have theirs.
    pub sync_home: &'a Path,
    /// The cloud the root comes from.
    pub cloud: &'a CloudOrigin,
    pub info: &'a RootInfo,
}

/// Why a folder cannot be used.
#[derive(Debug, thiserror::Error)]
enum Unfit {
    #[error("another synced folder, {0}, is there")]
    Synced(PathBuf),
    #[error("it would lie inside {0}, which is synced already")]
    Inside(PathBuf),
    #[error("{0}, which is synced already, would lie inside it")]
    Around(PathBuf),
    #[error("it overlaps {0}, where the agent keeps its own files")]
    OwnFiles(PathBuf),
    #[error("it would lie inside {0}, which another Footbridge syncs")]
    Marked(PathBuf),
    #[error("it holds files already")]
    Taken,
    #[error("{0}")]
    Unreadable(#[from] io::Error),
}

impl Choice<'_> {
    /// Chooses the folder: the wished one, or a free one below the organization's.
    pub(super) fn choose(self, wish: Option<&Path>) -> Result<ChosenFolder, Failure> {
        if let Some(wish) = wish {
            return Ok(ChosenFolder { folder: self.wished(wish)?, organization: None });
        }
        let info = self.info;
        let key = format!("{}|{}", self.cloud, info.tenant);
        let organization = organization_folder(
            &key,
            &info.organization,
            &info.initial_domain,
            &self.settings.organization_folders,
        );
        let above = self.sync_home.join(&organization);
        let free = |name: &str| self.check(&above.join(name)).is_ok();
        match free_title(&root_title(info), free) {
            Some(title) => {
                Ok(ChosenFolder { folder: above.join(title), organization: Some((key, organization)) })
            }
            None => {
                let first = above.join(root_title(info));
                Err(refusal(&first, self.check(&first).err().unwrap_or(Unfit::Taken)))
            }
        }
    }

    fn wished(self, wish: &Path) -> Result<PathBuf, Failure> {
        if !wish.is_absolute() {
            let text = format!("{}: the folder must be named from `/` on.", wish.display());
            return Err(Failure::new(FailureKind::BadFolder, text));
        }
        let upwards = wish.components().any(|part| part == Component::ParentDir);
        let folder = if upwards {
            resolved(wish).map_err(|error| refusal(wish, error.into()))?
        } else {
            wish.to_owned()
        };
        self.check(&folder).map_err(|unfit| refusal(&folder, unfit))?;
        Ok(folder)
    }

    /// A folder may be used when it lies apart from other roots and is not there, is empty, or held this very root
    /// before.
    fn check(self, folder: &Path) -> Result<(), Unfit> {
        let place = resolved(folder)?;
        for root in &self.settings.roots {
            let other = resolved(&root.folder).unwrap_or_else(|_| root.folder.clone());
            match overlap(&place, &other) {
                None => {}
                Some(Overlap::Same) => return Err(Unfit::Synced(root.folder.clone())),
                Some(Overlap::Inside) => return Err(Unfit::Inside(root.folder.clone())),
                Some(Overlap::Around) => return Err(Unfit::Around(root.folder.clone())),
            }
        }
        let own = resolved(self.state)?;
        if overlap(&place, &own).is_some() {
            return Err(Unfit::OwnFiles(own));
        }
        if let Some(above) = marked_above(&place) {
            return Err(Unfit::Marked(above));
        }
        if self.settings.former_roots.iter().any(|former| self.was_here(former, folder)) {
            return Ok(());
        }
        match std::fs::read_dir(folder) {
            Ok(mut entries) => entries.next().map_or(Ok(()), |_| Err(Unfit::Taken)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Whether a removed root is the one to add, at that folder. Ids are a cloud's own words: another cloud may say
    /// the same ones and would get the files.
    fn was_here(self, former: &FormerRoot, folder: &Path) -> bool {
        former.folder == folder
            && former.cloud.as_ref() == Some(self.cloud)
            && former.tenant == self.info.tenant
            && former.drive == self.info.drive
            && former.item == self.info.item
    }
}

fn refusal(folder: &Path, unfit: Unfit) -> Failure {
    let remedy = match &unfit {
        Unfit::Taken => "Choose an empty folder or a new one with `--path`.",
        _ => "Choose another folder with `--path`.",
    };
    Failure::new(FailureKind::BadFolder, format!("{}: {unfit}.", folder.display())).with_remedy(remedy)
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use agent_api::{Failure, FailureKind};
    use disk::RootIdentity;
    use transfer::{ChunkKey, ItemRole, RootInfo};

    use super::{Choice, ChosenFolder};
    use crate::settings::{FormerRoot, RootSettings, Settings};

    const CLOUD: &str = "https://cloud.example";

    fn info() -> RootInfo {
        RootInfo {
            tenant: "t".to_owned(),
            organization: "Contoso".to_owned(),
            initial_domain: "c.example".to_owned(),
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

    fn root(cloud: &str, folder: PathBuf) -> RootSettings {
        RootSettings {
            id: "r".to_owned(),
            account: format!("{cloud}|home.user"),
            tenant: "t".to_owned(),
            drive: "d".to_owned(),
            item: "i".to_owned(),
            role: ItemRole::Write,
            folder,
            identity: RootIdentity { nonce: "n".to_owned() },
            organization: "Contoso".to_owned(),
            title: "Falcon".to_owned(),
            web_url: String::new(),
        }
    }

    fn choose(
        home: &Path,
        settings: &Settings,
        info: &RootInfo,
        wish: Option<&Path>,
    ) -> Result<ChosenFolder, Failure> {
        let (state, sync_home) = (home.join("state"), home.join("Footbridge"));
        let cloud = CLOUD.parse().unwrap();
        Choice { settings, state: &state, sync_home: &sync_home, cloud: &cloud, info }.choose(wish)
    }

    #[test]
    fn r_d03_r_d07_a_folder_of_a_library_lies_below_its_organization() {
        let home = tempfile::tempdir().unwrap();
        let chosen = choose(home.path(), &Settings::default(), &info(), None).unwrap();
        let expected = home.path().join("Footbridge/Contoso/Falcon - Documents - Plans_2026");
        assert_eq!(chosen.folder, expected);
        assert_eq!(chosen.organization, Some((format!("{CLOUD}|t"), "Contoso".to_owned())));
    }

    #[test]
    fn a_folder_with_other_files_is_never_taken_because_they_would_be_sent_away() {
        let home = tempfile::tempdir().unwrap();
        let usual = home.path().join("Footbridge/Contoso/Falcon - Documents - Plans_2026");
        std::fs::create_dir_all(&usual).unwrap();
        std::fs::write(usual.join("private.txt"), "mine").unwrap();
        let mut settings = Settings::default();
        let chosen = choose(home.path(), &settings, &info(), None).unwrap();
        assert!(chosen.folder.ends_with("Falcon - Documents - Plans_2026 (2)"), "{:?}", chosen.folder);
        let wished = choose(home.path(), &settings, &info(), Some(&usual)).err().unwrap();
        assert_eq!(wished.kind, FailureKind::BadFolder);

        // The same root may come back to the folder it had.
        settings.former_roots.push(FormerRoot::of(root(CLOUD, usual.clone())));
        assert_eq!(choose(home.path(), &settings, &info(), None).unwrap().folder, usual);
        let other = RootInfo { item: "another".to_owned(), ..info() };
        assert_ne!(choose(home.path(), &settings, &other, None).unwrap().folder, usual);
    }

    #[test]
    fn a_folder_once_synced_from_another_cloud_is_not_given_to_this_one() {
        let home = tempfile::tempdir().unwrap();
        let usual = home.path().join("Footbridge/Contoso/Falcon - Documents - Plans_2026");
        std::fs::create_dir_all(&usual).unwrap();
        std::fs::write(usual.join("of the other cloud.txt"), "secret").unwrap();
        let elsewhere = FormerRoot::of(root("https://elsewhere.example", usual.clone()));
        let mut text = serde_json::to_value(&elsewhere).unwrap();
        text.as_object_mut().unwrap().remove("cloud").unwrap();
        let of_an_older_version: FormerRoot = serde_json::from_value(text).unwrap();
        assert_eq!(of_an_older_version.cloud, None);
        for former in [elsewhere, of_an_older_version] {
            let settings = Settings { former_roots: vec![former], ..Settings::default() };
            assert_ne!(choose(home.path(), &settings, &info(), None).unwrap().folder, usual);
            assert!(choose(home.path(), &settings, &info(), Some(&usual)).is_err());
        }
    }

    #[test]
    fn a_wished_folder_must_be_whole_and_apart_from_other_roots() {
        let home = tempfile::tempdir().unwrap();
        let place = home.path().canonicalize().unwrap();
        let synced = place.join("synced");
        std::fs::create_dir_all(place.join("state")).unwrap();
        std::fs::create_dir_all(synced.join("deep")).unwrap();
        std::os::unix::fs::symlink(&synced, place.join("link")).unwrap();
        let settings = Settings { roots: vec![root(CLOUD, synced.clone())], ..Settings::default() };
        let cases = [
            (PathBuf::from("relative"), "from `/` on"),
            (synced.clone(), "another synced folder"),
            (synced.join("deep/new"), "would lie inside"),
            (place.join("link/deep"), "would lie inside"),
            (place.join("other/../synced/new"), "upwards"),
            (place.join("state/../synced/new"), "would lie inside"),
            (place.clone(), "would lie inside it"),
            (place.join("state/x"), "keeps its own files"),
        ];
        for (wish, why) in cases {
            let refused = choose(&place, &settings, &info(), Some(&wish)).err().unwrap();
            assert_eq!(refused.kind, FailureKind::BadFolder);
            assert!(refused.message.contains(why), "{wish:?}: {}", refused.message);
        }
        let fresh = place.join("fresh");
        assert_eq!(choose(&place, &settings, &info(), Some(&fresh)).unwrap().folder, fresh);
    }

    #[test]
    fn no_folder_is_chosen_below_a_root_that_took_the_whole_sync_home() {
        let home = tempfile::tempdir().unwrap();
        let synced = home.path().join("Footbridge");
        let settings = Settings { roots: vec![root(CLOUD, synced)], ..Settings::default() };
        let refused = choose(home.path(), &settings, &info(), None).err().unwrap();
        assert!(refused.message.contains("synced already"), "{}", refused.message);
    }
}
