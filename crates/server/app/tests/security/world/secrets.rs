//! Secrets: every name, address, id and content of Contoso's, with who may come across it.
//!
//! What is not listed is no secret: the organizations' names and first domains stand on their sign-in pages.

use uuid::Uuid;

use super::build::{CONTENT_OF, Secret};
use super::{FileThings, SiteThings, Who, World};

const FALCON: &[Who] = &[Who::FolderGuest, Who::Reader, Who::SiteGuest, Who::Owner];
const WHOLE_FALCON: &[Who] = &[Who::Reader, Who::SiteGuest, Who::Owner];
const HERON: &[Who] = &[Who::HeronGuest, Who::Colleague];

/// Lists the secrets of a world.
pub(super) fn all(world: &World) -> Vec<Secret> {
    let things = &world.things;
    let mut found = Found(Vec::new());
    found.site("falcon", &things.falcon, "Falkenhorst-Vorhaben", FALCON);
    found.site("heron", &things.heron, "Reiherteich-Vorhaben", HERON);
    found.file("heron's file", &things.heron_file, HERON);
    found.item("the shared folder", &things.shared, &things.shared_name, FALCON);
    found.file("the shared file", &things.shared_file, FALCON);
    found.item("the hidden folder", &things.hidden, &things.hidden_name, WHOLE_FALCON);
    found.file("the hidden file", &things.hidden_file, WHOLE_FALCON);
    found.item("the deleted file", &things.binned, "Weggeworfen-0042", WHOLE_FALCON);
    found.item("the other deleted file", &things.binned_too, "Weggeworfen-0043", WHOLE_FALCON);
    found.add("the folder's permission", &things.folder_permission, &[Who::FolderGuest, Who::Owner]);
    found.add("the security group", &things.security_group, &Who::MEMBERS);
    found.add("the security group's name", "Geheimbund-Gruppe", &Who::MEMBERS);
    found.add("the spare guest's object", &things.spare_guest, &Who::MEMBERS);
    found.add("the spare guest's address", super::build::SPARE_GUEST, &Who::MEMBERS);
    found.add("the spare member's object", &things.spare_members[0], &Who::MEMBERS);
    found.add("the spare member's name", "max-muster", &Who::MEMBERS);
    for permission in things.spare_permissions.iter().chain([&things.falcon.permission]) {
        let holder: &[Who] = if *permission == things.falcon.permission { &[Who::SiteGuest] } else { &[] };
        let known: Vec<Who> = holder.iter().copied().chain([Who::Owner]).collect();
        found.add("a permission", permission, &known);
    }
    found.add("the program's secret", &things.program_secret, &[]);
    found.add("a link's secret", &things.link, &[Who::SiteGuest, Who::Owner]);
    found.add("the owner's upload", &things.upload, &[Who::Owner]);
    for spare in things.spares.iter().take(2) {
        found.file("a spare file", spare, FALCON);
    }
    found.people(world);
    found.0
}

struct Found(Vec<Secret>);

impl Found {
    fn add(&mut self, label: &str, text: &str, known_to: &[Who]) {
        if text.is_empty() {
            return;
        }
        let (label, text) = (label.to_owned(), text.to_lowercase());
        let mut known_to = known_to.to_vec();
        // The program sees the directory and the list of sites, as an administrator does.
        known_to.extend(known_to.contains(&Who::Admin).then_some(Who::Application));
        // Callers with a spoilt token are nobody; an admin sees every site's name in the list of sites.
        self.0.push(Secret { label, text, known_to });
    }

    fn site(&mut self, label: &str, site: &SiteThings, display_name: &str, known_to: &[Who]) {
        let with_admin: Vec<Who> = known_to.iter().copied().chain([Who::Admin]).collect();
        self.add(&format!("{label}'s id"), &site.site, &with_admin);
        self.add(&format!("{label}'s name"), &site.name, &with_admin);
        self.add(&format!("{label}'s display name"), display_name, &with_admin);
        let whole: Vec<Who> = with_admin.iter().copied().filter(|who| *who != Who::FolderGuest).collect();
        self.add(&format!("{label}'s drive"), &site.drive, known_to);
        self.item_id(&format!("{label}'s root"), &site.root, &whole);
        let members: Vec<Who> = whole.iter().copied().chain(Who::MEMBERS).collect();
        self.add(&format!("{label}'s group"), &site.group, &members);
    }

    fn item(&mut self, label: &str, id: &str, name: &str, known_to: &[Who]) {
        self.add(&format!("{label}'s name"), name, known_to);
        self.item_id(label, id, known_to);
    }

    fn item_id(&mut self, label: &str, id: &str, known_to: &[Who]) {
        self.add(&format!("{label}'s id"), id, known_to);
        if let Ok(item) = id.parse::<model::ItemId>() {
            let uuid: Uuid = item.uuid();
            self.add(&format!("{label}'s uuid"), &uuid.to_string(), known_to);
        }
    }

    fn file(&mut self, label: &str, file: &FileThings, known_to: &[Who]) {
        self.item(label, &file.id, &file.name, known_to);
        self.add(&format!("{label}'s content"), CONTENT_OF(&file.name).trim(), known_to);
        self.add(&format!("{label}'s content id"), &file.content, known_to);
        self.add(&format!("{label}'s chunk"), &file.chunk, known_to);
    }

    /// Who is known to whom: members see the directory, guests see themselves, the one who shared with them, and who
    /// wrote what they can read.
    fn people(&mut self, world: &World) {
        let people = Who::ALL.into_iter().filter(|who| who.address().is_some());
        for who in people.filter(|who| !Who::AT_FABRIKAM.contains(who) || *who == Who::Pending) {
            let address = who.address().expect("a person");
            let mut known: Vec<Who> = Who::MEMBERS.to_vec();
            // The same person under all their tokens.
            known.extend(Who::ALL.into_iter().filter(|other| other.address() == Some(address)));
            known.extend(writers_seen_by(who));
            if !who.at_contoso() {
                // Their own organization's people see each other; nothing of that is Contoso's to hide.
                known.extend(Who::AT_FABRIKAM);
            }
            self.add(&format!("{who}'s address"), address, &known);
            self.add(&format!("{who}'s name"), &who.display_name(), &known);
            known.retain(|other| !Who::AT_FABRIKAM.contains(other) || other.address() == Some(address));
            let object = world.guests.get(&who).copied().unwrap_or(world.at_home[address].user);
            self.add(&format!("{who}'s object"), &object.to_string(), &known);
        }
    }
}

/// Who may read this person's name because they wrote, share or share with them.
fn writers_seen_by(who: Who) -> Vec<Who> {
    match who {
        Who::Owner => vec![Who::FolderGuest, Who::Reader, Who::SiteGuest],
        Who::SiteGuest => vec![Who::FolderGuest, Who::Reader, Who::Owner],
        Who::FolderGuest => vec![Who::SiteGuest, Who::Reader, Who::Owner],
        Who::Colleague => vec![Who::HeronGuest],
        // The administrator invited these two; the mail and the consent page say so.
        Who::Admin => vec![Who::Pending, Who::PlainGuest],
        _ => Vec::new(),
    }
}
