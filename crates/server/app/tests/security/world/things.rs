//! Things: the ids and names of everything of Contoso's that a request can name — the real ones, and a twin of each
//! that nothing has, so that *hidden* can be compared with *absent*.

use std::sync::atomic::{AtomicUsize, Ordering};

use model::{DriveId, GroupId, ItemId, PermissionId, SiteId, UploadId, UserId};
use runtime::Runtime;

use super::Who;

pub(crate) const DOMAIN: &str = "contoso.example";

/// A site with its library.
#[derive(Debug, Clone, Default)]
pub(crate) struct SiteThings {
    pub(crate) site: String,
    pub(crate) name: String,
    pub(crate) drive: String,
    pub(crate) root: String,
    /// The members' group.
    pub(crate) group: String,
    /// The guest's permission at the site.
    pub(crate) permission: String,
}

/// A file.
#[derive(Debug, Clone, Default)]
pub(crate) struct FileThings {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) content: String,
    pub(crate) chunk: String,
    pub(crate) size: u64,
    pub(crate) e_tag: String,
    pub(crate) c_tag: String,
}

/// Everything a request can name.
#[derive(Debug, Default)]
pub(crate) struct Things {
    /// Contoso's id, which its own sign-in addresses tell everybody.
    pub(crate) tenant: String,
    /// The site most of the sweep is about.
    pub(crate) falcon: SiteThings,
    /// Another private site of Contoso, with its own people.
    pub(crate) heron: SiteThings,
    /// A file in the other site.
    pub(crate) heron_file: FileThings,
    /// The folder that is shared with the folder's guest.
    pub(crate) shared: String,
    pub(crate) shared_name: String,
    pub(crate) shared_file: FileThings,
    /// A folder beside it.
    pub(crate) hidden: String,
    pub(crate) hidden_name: String,
    pub(crate) hidden_file: FileThings,
    /// A deleted file of the hidden folder.
    pub(crate) binned: String,
    /// Another one.
    pub(crate) binned_too: String,
    /// The permission of the folder's guest.
    pub(crate) folder_permission: String,
    /// The owner's object.
    pub(crate) owner: String,
    /// Another guest's object.
    pub(crate) other_guest: String,
    /// A guest who holds the permissions that are used up.
    pub(crate) spare_guest: String,
    /// A guest who is deleted in the course of the sweep.
    pub(crate) gone_guest: String,
    /// Members of Contoso who come into groups and leave them: one for the owner, the administrator and the program.
    pub(crate) spare_members: [String; 3],
    /// The program's client id.
    pub(crate) program: String,
    /// Its secret.
    pub(crate) program_secret: String,
    /// Permissions to be taken away: at the site, at the library and at the hidden folder.
    pub(crate) spare_permissions: [String; 3],
    /// The link in the mail to the guest who has not accepted, as a path.
    pub(crate) redeem: String,
    /// The secret of a link to the hidden folder that names the site's guest.
    pub(crate) link: String,
    /// The owner's open upload.
    pub(crate) upload: String,
    /// The address of the owner's open upload session.
    pub(crate) session: String,
    /// The address of an upload session of somebody whose access has ended.
    pub(crate) ended_session: String,
    /// The address by which the owner reads the hidden file, and the one of somebody whose access has ended.
    pub(crate) download: String,
    pub(crate) ended_download: String,
    /// The owner's applied operation.
    pub(crate) operation: String,
    /// The owner's cursor of the library.
    pub(crate) cursor: String,
    /// A security group of Contoso.
    pub(crate) security_group: String,
    /// A conditional access policy of Contoso that is about nobody.
    pub(crate) access_policy: String,
    /// Contoso's terms of use, which no policy names.
    pub(crate) agreement: String,
    /// A named location of Contoso.
    pub(crate) named_location: String,
    /// An organization about which Contoso has settings; there is none of this id.
    pub(crate) partner: String,
    /// Files to be used up by the positive controls, in the shared folder, with their eTags.
    pub(crate) spares: Vec<FileThings>,
    pub(crate) next_spare: AtomicUsize,
}

impl Things {
    /// Returns a file of the shared folder that may be used up; a caller who may not touch it gets the first one.
    pub(crate) fn spare(&self, who: Who) -> &FileThings {
        let may = [Who::Owner, Who::SiteGuest, Who::FolderGuest].contains(&who);
        let at = if may { self.next_spare.fetch_add(1, Ordering::Relaxed) + 1 } else { 0 };
        self.spares.get(at).expect("enough spare files")
    }

    /// Returns a twin in which everything the caller does not know is replaced by what nothing has.
    pub(crate) fn twin(&self, who: Who, runtime: &Runtime) -> Self {
        let fresh = Fresh(runtime);
        let inside = Who::INSIDE.contains(&who);
        let whole = inside && who != Who::FolderGuest;
        let member = who.at_contoso();
        let keep = |known: bool, real: &str, other: String| if known { real.to_owned() } else { other };
        let file = |known: bool, real: &FileThings| if known { real.clone() } else { fresh.file(real) };
        Self {
            tenant: self.tenant.clone(),
            falcon: if inside { self.falcon.clone() } else { fresh.site() },
            heron: if who == Who::HeronGuest { self.heron.clone() } else { fresh.site() },
            heron_file: file(who == Who::HeronGuest, &self.heron_file),
            shared: keep(inside, &self.shared, fresh.item()),
            shared_name: keep(inside, &self.shared_name, fresh.name()),
            shared_file: file(inside, &self.shared_file),
            hidden: keep(whole, &self.hidden, fresh.item()),
            hidden_name: keep(whole, &self.hidden_name, fresh.name()),
            hidden_file: file(whole, &self.hidden_file),
            binned: keep(whole, &self.binned, fresh.item()),
            binned_too: keep(whole, &self.binned_too, fresh.item()),
            folder_permission: keep(
                who == Who::FolderGuest || who == Who::Owner,
                &self.folder_permission,
                fresh.permission(),
            ),
            owner: keep(member || inside, &self.owner, fresh.user()),
            other_guest: keep(member, &self.other_guest, fresh.user()),
            spare_guest: keep(member, &self.spare_guest, fresh.user()),
            gone_guest: keep(member, &self.gone_guest, fresh.user()),
            program: self.program.clone(),
            program_secret: self.program_secret.clone(),
            spare_members: self.spare_members.each_ref().map(|one| keep(member, one, fresh.user())),
            spare_permissions: self
                .spare_permissions
                .each_ref()
                .map(|one| keep(who == Who::Owner, one, fresh.permission())),
            redeem: keep(who == Who::Pending, &self.redeem, format!("/redeem/{}", fresh.hash())),
            link: fresh.link(&self.tenant),
            upload: keep(
                who == Who::Owner,
                &self.upload,
                UploadId::from_random(runtime.random()).to_string(),
            ),
            session: keep(who == Who::Owner, &self.session, fresh.address(&self.session)),
            ended_session: fresh.address(&self.ended_session),
            download: keep(who == Who::Owner, &self.download, fresh.address(&self.download)),
            ended_download: fresh.address(&self.ended_download),
            operation: keep(who == Who::Owner, &self.operation, format!("{}:1", runtime.uuid())),
            cursor: keep(who == Who::Owner, &self.cursor, fresh.cursor(self.cursor.len())),
            security_group: keep(
                member,
                &self.security_group,
                GroupId::from_random(runtime.random()).to_string(),
            ),
            access_policy: keep(who == Who::Admin, &self.access_policy, runtime.uuid().to_string()),
            agreement: keep(who == Who::Admin, &self.agreement, runtime.uuid().to_string()),
            named_location: keep(who == Who::Admin, &self.named_location, runtime.uuid().to_string()),
            partner: keep(who == Who::Admin, &self.partner, runtime.uuid().to_string()),
            spares: self.spares.iter().map(|spare| file(inside, spare)).collect(),
            next_spare: AtomicUsize::new(self.next_spare.load(Ordering::Relaxed)),
        }
    }
}

/// Makes names and ids that nothing has, of the form the real ones have.
struct Fresh<'r>(&'r Runtime);

impl Fresh<'_> {
    fn item(&self) -> String {
        ItemId::from_random(self.0.random()).to_string()
    }

    fn user(&self) -> String {
        UserId::from_random(self.0.random()).to_string()
    }

    fn permission(&self) -> String {
        PermissionId::from_random(self.0.random()).to_string()
    }

    fn link(&self, tenant: &str) -> String {
        let tenant = tenant.parse().expect("a tenant's id");
        directory::Ticket::fresh(self.0, tenant).as_str().to_owned()
    }

    fn name(&self) -> String {
        format!("Nothing-{}", data_encoding::HEXLOWER.encode(&self.0.random::<6>()))
    }

    fn hash(&self) -> String {
        data_encoding::HEXLOWER.encode(&self.0.random::<32>())
    }

    fn cursor(&self, length: usize) -> String {
        let bytes: Vec<u8> = (0..length.div_ceil(16)).flat_map(|_| self.0.random::<16>()).collect();
        let text = data_encoding::BASE64URL_NOPAD.encode(&bytes);
        text[..length].to_owned()
    }

    /// Changes what is sealed in an address and leaves the rest.
    fn address(&self, like: &str) -> String {
        let (place, sealed) = like.rsplit_once('/').expect("an address");
        format!("{place}/{}", self.cursor(sealed.len()))
    }

    fn site(&self) -> SiteThings {
        SiteThings {
            site: SiteId::from_random(self.0.random()).to_string(),
            name: self.name(),
            drive: DriveId::from_random(self.0.random()).to_string(),
            root: self.item(),
            group: GroupId::from_random(self.0.random()).to_string(),
            permission: self.permission(),
        }
    }

    fn file(&self, like: &FileThings) -> FileThings {
        let id = ItemId::from_random(self.0.random());
        FileThings {
            e_tag: format!("\"{{{}}},1\"", id.uuid()),
            c_tag: format!("\"c:{{{}}},1\"", id.uuid()),
            id: id.to_string(),
            name: format!("{}.txt", self.name()),
            content: self.hash(),
            chunk: self.hash(),
            size: like.size,
        }
    }
}
