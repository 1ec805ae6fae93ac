//! Build: founds the organizations, fills the sites, shares, and lets everybody sign in.
//!
//! The file is long because the whole world of the sweep is told here in the order in which it comes about.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, AtomicUsize};

use super::files::{DEVICE, manifest_of};
use super::things::{DOMAIN, SiteThings, Things};
use super::{Ask, Credentials, Database, Door, Mails, ORIGIN, PASSWORD, Who, World, start, tokens};
use directory::{NewMember, NewOrganization, Notify, Offer};
use drive::links::LinkRequest;
use drive::sharing::{Inherited, PermissionView, Place, RecipientName, ShareRequest};
use drive::sites::{CreatedSite, NewSite};
use model::ApplicationPermission::{GroupReadWriteAll, SitesReadAll, UserInviteAll, UserReadAll};
use model::{Actor, Caller, DriveId, GroupKind, HomeAccount, LinkKind, Role, TenantId};
use serde_json::json;
use storage::{Boundary, Call, Operator};

/// A text nobody but those named may ever read in an answer, unless they wrote it themselves.
#[derive(Debug, Clone)]
pub(crate) struct Secret {
    pub(crate) label: String,
    pub(crate) text: String,
    pub(crate) known_to: Vec<Who>,
}

/// The content of a file, found nowhere else.
pub(crate) const CONTENT_OF: fn(&str) -> String = |name| format!("Inhalt-von-{name}-streng-geheim\n");

/// What the owner has offered and not sent.
pub(crate) const UPLOADED: &[u8] = b"Die Besitzerin laedt dies gerade hoch";

const SPARES: usize = 120;
/// Holds the permissions that are used up.
pub(crate) const SPARE_GUEST: &str = "wanda-weg@fabrikam.example";

/// Who joins Contoso as a guest.
const GUESTS: [Who; 8] = [
    Who::SiteGuest,
    Who::Reader,
    Who::FolderGuest,
    Who::HeronGuest,
    Who::PlainGuest,
    Who::Revoked,
    Who::Deleted,
    Who::Pending,
];

/// A site while it is filled.
pub(super) struct Site {
    pub(super) caller: Caller,
    pub(super) made: CreatedSite,
    group: String,
}

impl World {
    /// Builds the world on a database of a kind.
    pub(crate) async fn build(database: Database) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let clock = testkit::Clock::default();
        let runtime = clock.runtime();
        let store = database.open(&folder, runtime.clone()).await;
        let server = start(store.clone(), runtime.clone()).await;
        let mut world = Self {
            router: server.router,
            identity: server.identity,
            mails: Mails(store.clone()),
            store,
            runtime,
            clock,
            contoso: TenantId::from_random([0; 16]),
            fabrikam: TenantId::from_random([0; 16]),
            at_home: BTreeMap::new(),
            guests: BTreeMap::new(),
            credentials: Who::ALL.into_iter().map(|who| (who, Credentials::default())).collect(),
            tokens: BTreeMap::new(),
            things: Things::default(),
            operations: AtomicU64::new(1),
            secrets: Vec::new(),
            _folder: folder,
        };
        world.found().await;
        let falcon = world.site(Who::Owner, "Secret-Falcon", "Falkenhorst-Vorhaben").await;
        let heron = world.site(Who::Colleague, "Secret-Heron", "Reiherteich-Vorhaben").await;
        world.fill(&falcon, &heron).await;
        world.share_all(&falcon, &heron).await;
        world.sign_in_all().await;
        world.begin_transfers().await;
        world.take_away(&falcon).await;
        world.keep_secrets();
        world
    }

    async fn found(&mut self) {
        let hash = self.identity.passwords().hash(PASSWORD).await.expect("hashes");
        let member = |who: Who| NewMember {
            address: who.address().expect("a person").parse().expect("an address"),
            display_name: who.display_name(),
            aliases: Vec::new(),
            password_hash: Some(hash.clone()),
        };
        let operator = Operator::new(self.store.clone());
        let found = async |name: &str, admin: Who| {
            let new = NewOrganization {
                display_name: name.to_owned(),
                initial_domain: format!("{}.example", name.to_lowercase()),
                domains: Vec::new(),
                administrator: member(admin),
            };
            directory::create_organization(&operator, new).await.expect("founds")
        };
        let contoso = found("Contoso", Who::Admin).await;
        let fabrikam = found("Fabrikam", Who::StrangerAdmin).await;
        (self.contoso, self.fabrikam) = (contoso.tenant, fabrikam.tenant);
        for (who, founded) in [(Who::Admin, contoso), (Who::StrangerAdmin, fabrikam)] {
            let home = HomeAccount { tenant: founded.tenant, user: founded.administrator };
            self.at_home.insert(who.address().expect("a person"), home);
        }
        for who in Who::ALL.into_iter().filter(|who| who.address().is_some()) {
            let address = who.address().expect("a person");
            if self.at_home.contains_key(address) {
                continue;
            }
            let founded = if who.at_contoso() { contoso } else { fabrikam };
            let admin = Actor::Person(founded.administrator);
            let call = Call::new(self.store.clone(), founded.tenant, admin);
            let user = directory::add_member(&call, member(who)).await.expect("adds");
            self.at_home.insert(address, HomeAccount { tenant: founded.tenant, user: user.id });
        }
    }

    async fn site(&self, owner: Who, name: &str, display_name: &str) -> Site {
        let caller = self.caller(owner);
        let new = NewSite { name: name.to_owned(), display_name: display_name.to_owned() };
        let made = drive::sites::create_site(&self.call(caller), caller, new).await.expect("creates");
        let id = made.site.id;
        let groups = self.call(caller).read(move |scope| scope.groups().list_of_site(id)).await;
        let groups: Vec<model::Group> =
            groups.unwrap_or_else(|error: storage::StorageError| panic!("{error}"));
        let members = groups.into_iter().find(|group| group.kind == GroupKind::SiteMembers);
        Site { caller, made, group: members.expect("a group").id.to_string() }
    }

    async fn fill(&mut self, falcon: &Site, heron: &Site) {
        let root = falcon.made.library.root.to_string();
        let shared = self.folder(falcon, &root, "Gemeinsame-Plaene").await;
        let hidden = self.folder(falcon, &root, "Fusion-Papiere").await;
        let spare_folder = self.folder(falcon, &shared, "Verbrauch").await;
        let shared_file = self.file(falcon, &shared, "Bauplan-4711.txt").await;
        let hidden_file = self.file(falcon, &hidden, "Kaufpreis-0815.txt").await;
        let binned = self.file(falcon, &hidden, "Weggeworfen-0042.txt").await;
        self.delete(falcon, &binned).await;
        let binned_too = self.file(falcon, &hidden, "Weggeworfen-0043.txt").await;
        self.delete(falcon, &binned_too).await;
        let names: Vec<String> = (0..SPARES).map(|number| format!("Verbrauch-{number}.txt")).collect();
        let spares = self.files(falcon, &spare_folder, &names).await;
        let heron_root = heron.made.library.root.to_string();
        let heron_file = self.file(heron, &heron_root, "Reiherfeder-1234.txt").await;
        let admin = self.caller(Who::Admin);
        let group = directory::create_group(&self.call(admin), "Geheimbund-Gruppe").await.expect("creates");
        self.things = Things {
            tenant: self.contoso.to_string(),
            falcon: things_of(falcon),
            heron: things_of(heron),
            heron_file,
            shared,
            shared_name: "Gemeinsame-Plaene".to_owned(),
            shared_file,
            hidden,
            hidden_name: "Fusion-Papiere".to_owned(),
            hidden_file,
            binned: binned.id,
            binned_too: binned_too.id,
            owner: falcon.caller.user.to_string(),
            operation: format!("{DEVICE}:1"),
            security_group: group.id.to_string(),
            spares,
            next_spare: AtomicUsize::new(0),
            ..Things::default()
        };
    }

    async fn share_all(&mut self, falcon: &Site, heron: &Site) {
        let site = Place::Site(falcon.made.site.id);
        let drive: DriveId = falcon.made.library.id;
        let folder = Place::Item { drive, item: self.things.shared.parse().expect("an id") };
        let guest = self.share(falcon, site, Who::SiteGuest, Role::Write).await;
        self.things.falcon.permission = guest.permission.id.to_string();
        self.share(falcon, site, Who::Reader, Role::Read).await;
        self.things.link = self.link_to_hidden(falcon).await;
        let view = self.share(falcon, folder, Who::FolderGuest, Role::Write).await;
        self.things.folder_permission = view.permission.id.to_string();
        self.share(falcon, site, Who::Revoked, Role::Write).await;
        self.share(falcon, site, Who::Deleted, Role::Write).await;
        let view = self.share(heron, Place::Site(heron.made.site.id), Who::HeronGuest, Role::Write).await;
        self.things.heron.permission = view.permission.id.to_string();
        for who in [Who::PlainGuest, Who::Pending] {
            self.invite(who.address().expect("a person"), &who.display_name()).await;
        }
        self.make_spares(falcon).await;
        for who in GUESTS {
            let address = who.address().expect("a person").parse().expect("an address");
            let found = self
                .call(self.caller(Who::Admin))
                .read(move |scope| scope.users().find_by_address(&address))
                .await
                .unwrap_or_else(|error: storage::StorageError| panic!("{error}"));
            let guest = found.expect("the guest");
            if who != Who::Pending {
                let home = self.at_home[who.address().expect("a person")];
                let boundary = Boundary::new(self.store.clone(), self.fabrikam, self.contoso);
                directory::accept_invitation(&boundary, &self.runtime, home, Offer::Any)
                    .await
                    .expect("accepts");
            }
            self.guests.insert(who, guest.id);
        }
        self.things.other_guest = self.guests[&Who::PlainGuest].to_string();
    }

    /// Makes what the positive controls use up.
    async fn make_spares(&mut self, falcon: &Site) {
        let drive: DriveId = falcon.made.library.id;
        let hidden = self.things.hidden.parse().expect("an id");
        let places = [
            Place::Site(falcon.made.site.id),
            Place::Item { drive, item: falcon.made.library.root },
            Place::Item { drive, item: hidden },
        ];
        for (at, place) in places.into_iter().enumerate() {
            let view = self.share_with(falcon, place, SPARE_GUEST, Role::Read).await;
            self.things.spare_permissions[at] = view.permission.id.to_string();
            let model::Principal::User(guest) = view.permission.principal else { panic!("a person") };
            self.things.spare_guest = guest.to_string();
        }
        self.things.gone_guest = self.invite("gerd-geht@fabrikam.example", "Gerd-geht-9900").await;
        for (at, name) in ["max-muster", "mia-muster", "mona-muster"].into_iter().enumerate() {
            let new = NewMember {
                address: format!("{name}@{DOMAIN}").parse().expect("an address"),
                display_name: format!("{name}-9901"),
                aliases: Vec::new(),
                password_hash: None,
            };
            let admin = self.call(self.caller(Who::Admin));
            let made = directory::add_member(&admin, new).await.expect("adds");
            self.things.spare_members[at] = made.id.to_string();
        }
        let petra = Who::Pending.address().expect("a person");
        let mails = self.mails.waiting().await;
        let mail = mails.iter().find(|mail| mail.contains(petra)).expect("the mail");
        let (_, link) = mail.split_once("/redeem/").expect("the link");
        let ticket = link.split(['"', '\\', '?', ' ']).next().expect("the ticket");
        self.things.redeem = format!("/redeem/{ticket}");
    }

    async fn share(&self, site: &Site, place: Place, with: Who, role: Role) -> PermissionView {
        self.share_with(site, place, with.address().expect("a person"), role).await
    }

    async fn share_with(&self, site: &Site, place: Place, address: &str, role: Role) -> PermissionView {
        let request = ShareRequest {
            inherited: Inherited::Retain,
            place,
            recipients: vec![RecipientName::Address(address.to_owned())],
            role,
            expires: None,
            message: None,
            notify: Notify::Mail,
            origin: ORIGIN.to_owned(),
        };
        let shared = drive::sharing::share(&self.call(site.caller), site.caller, request).await;
        let shared = shared.expect("answers").remove(0).result.expect("shares");
        shared.into_permission().expect("a permission")
    }

    /// Makes a link to the hidden folder for its site's guest, and returns the link's secret.
    async fn link_to_hidden(&self, site: &Site) -> String {
        let item = self.things.hidden.parse().expect("an id");
        let guest = Who::SiteGuest.address().expect("a person");
        let request = LinkRequest {
            place: Place::Item { drive: site.made.library.id, item },
            kind: LinkKind::SpecificPeople,
            role: Role::Write,
            expires: None,
            password: None,
            recipients: vec![RecipientName::Address(guest.to_owned())],
            message: None,
            notify: Notify::Nobody,
            origin: ORIGIN.to_owned(),
        };
        let made = drive::links::create_link(&self.call(site.caller), site.caller, request).await;
        let ticket = made.expect("makes").view.ticket.expect("the owner sees it");
        ticket.as_str().to_owned()
    }

    async fn invite(&self, address: &str, display_name: &str) -> String {
        let invitation = directory::GuestInvitation {
            address: address.parse().expect("an address"),
            display_name: Some(display_name.to_owned()),
            redirect_url: ORIGIN.to_owned(),
            message: None,
            origin: ORIGIN.to_owned(),
        };
        let call = self.call(self.caller(Who::Admin));
        match directory::invite_guest(&call, invitation, Notify::Mail).await {
            Ok(invited) => invited.guest.id.to_string(),
            Err(error) => panic!("{error}"),
        }
    }

    async fn sign_in_all(&mut self) {
        let owner = self.session_of(Who::Owner.address().expect("a person")).await;
        let expired = self.tokens_of(&owner, DOMAIN).await;
        self.credentials.insert(Who::Expired, Credentials { bearer: Some(expired.access), session: None });
        self.clock.move_on(3 * 60 * 60);
        for who in Who::ALL {
            let Some(address) = who.address() else { continue };
            let session = self.session_of(address).await;
            let organization = if Who::AT_FABRIKAM.contains(&who) { "fabrikam.example" } else { DOMAIN };
            let given = self.tokens_of(&session, organization).await;
            let credentials = Credentials { bearer: Some(given.access.clone()), session: Some(session) };
            self.credentials.insert(who, credentials);
            self.tokens.insert(who, given);
        }
        self.register_program().await;
        self.set_policy().await;
        let real = self.tokens[&Who::Owner].clone();
        let stranger = self.tokens[&Who::PlainGuest].access.clone();
        let owner = self.things.owner.clone();
        let spoilt = [
            (Who::Forged, tokens::forged(&real.access), "A".repeat(86)),
            (Who::Unsigned, tokens::unsigned(&real.access), real.access.clone()),
            (Who::Tampered, tokens::tampered(&stranger, "oid", &owner), format!("x{}", "B".repeat(85))),
            (Who::IdToken, real.id.clone(), real.refresh.clone()),
        ];
        for (who, bearer, session) in spoilt {
            let credentials = Credentials { bearer: Some(bearer), session: Some(session) };
            self.credentials.insert(who, credentials);
        }
    }

    /// The administrator sets a policy about nobody.
    async fn set_policy(&mut self) {
        let conditions = json!({ "users": { "includeUsers": ["None"] } });
        let grant = json!({ "operator": "OR", "builtInControls": ["block"] });
        let body = json!({
            "displayName": "Torwache", "state": "enabled", "conditions": conditions, "grantControls": grant,
        });
        let ask = Ask::post("/v1.0/identity/conditionalAccess/policies", &body);
        let made = self.send(Who::Admin, Door::Token, &ask).await;
        self.things.access_policy = made.json()["id"].as_str().expect("a policy").to_owned();
        let file =
            json!({ "fileName": "a.txt", "language": "de", "fileData": { "data": "SGF1c29yZG51bmc=" } });
        let body = json!({ "displayName": "Hausordnung", "files": [file] });
        let ask = Ask::post("/v1.0/identityGovernance/termsOfUse/agreements", &body);
        let made = self.send(Who::Admin, Door::Token, &ask).await;
        self.things.agreement = made.json()["id"].as_str().expect("an agreement").to_owned();
        let body = json!({
            "@odata.type": "#microsoft.graph.ipNamedLocation", "displayName": "Dachboden",
            "ipRanges": [{ "cidrAddress": "192.0.2.0/24" }],
        });
        let ask = Ask::post("/v1.0/identity/conditionalAccess/namedLocations", &body);
        let made = self.send(Who::Admin, Door::Token, &ask).await;
        self.things.named_location = made.json()["id"].as_str().expect("a location").to_owned();
        self.things.partner = self.runtime.uuid().to_string();
        let body = json!({ "tenantId": self.things.partner });
        let ask = Ask::post("/v1.0/policies/crossTenantAccessPolicy/partners", &body);
        assert_eq!(
            self.send(Who::Admin, Door::Token, &ask).await.status,
            201,
            "settings about an organization"
        );
    }

    /// Registers Contoso's program and gets its token.
    async fn register_program(&mut self) {
        let permissions = vec![UserReadAll, UserInviteAll, GroupReadWriteAll, SitesReadAll];
        let name = "Massen-Einladung".to_owned();
        let registered = self.identity.register_application(self.contoso, name, permissions, 180).await;
        let (program, secret) = registered.expect("registers");
        self.things.program = program.id.to_string();
        self.things.program_secret = secret.as_str().to_owned();
        let ask = tokens::token_by_secret(DOMAIN, &self.things.program, secret.as_str());
        let answer = self.send_bare(ask).await;
        let bearer = answer.json()["access_token"].as_str().expect("a token").to_owned();
        self.credentials.insert(Who::Application, Credentials { bearer: Some(bearer), session: None });
    }

    /// The owner offers a content and reads the library once.
    async fn begin_transfers(&mut self) {
        let drive = format!("/transfer/v1/drives/{}", self.things.falcon.drive);
        let offer = json!({ "manifest": manifest_of(UPLOADED), "baseItems": [] });
        let plan = self.send(Who::Owner, Door::Token, &Ask::post(format!("{drive}/uploads"), &offer)).await;
        self.things.upload = plan.json()["upload"].as_str().expect("an upload").to_owned();
        let delta = Ask::get(format!("{drive}/items/{}/delta", self.things.falcon.root));
        let page = self.send(Who::Owner, Door::Token, &delta).await;
        self.things.cursor = page.json()["cursor"].as_str().expect("a cursor").to_owned();
        self.things.session = self.session_address(Who::Owner, "Angefangen-1.bin").await;
        self.things.ended_session = self.session_address(Who::Revoked, "Angefangen-2.bin").await;
        self.things.download = self.download_address(Who::Owner).await;
        self.things.ended_download = self.download_address(Who::Revoked).await;
        for who in [Who::Revoked, Who::Deleted] {
            let root = Ask::get(format!("{drive}/items/{}/root", self.things.falcon.root));
            assert_eq!(self.send(who, Door::Token, &root).await.status, 200, "{who} had the library once");
        }
    }

    /// Starts an upload session in the shared folder and returns its address as a path.
    async fn session_address(&self, who: Who, name: &str) -> String {
        let (drive, folder) = (&self.things.falcon.drive, &self.things.shared);
        let ask = Ask::post(
            format!("/v1.0/drives/{drive}/items/{folder}:/{name}:/createUploadSession"),
            &json!({}),
        );
        let session = self.send(who, Door::Token, &ask).await.json();
        session["uploadUrl"].as_str().expect("an address").replace(ORIGIN, "")
    }

    /// Returns the address by which somebody reads the hidden file, as a path.
    async fn download_address(&self, who: Who) -> String {
        let (drive, file) = (&self.things.falcon.drive, &self.things.hidden_file.id);
        let item = self.send(who, Door::Token, &Ask::get(format!("/v1.0/drives/{drive}/items/{file}"))).await;
        let address = &item.json()["@microsoft.graph.downloadUrl"];
        address.as_str().expect("an address").replace(ORIGIN, "")
    }

    async fn take_away(&self, falcon: &Site) {
        let call = self.call(falcon.caller);
        let place = Place::Site(falcon.made.site.id);
        let held = drive::sharing::list_permissions(&call, falcon.caller, place).await.expect("lists");
        let revoked = model::Principal::User(self.guests[&Who::Revoked]);
        let taken =
            held.into_iter().find(|view| view.permission.principal == revoked).expect("the permission");
        drive::sharing::revoke_permission(&call, falcon.caller, place, taken.permission.id)
            .await
            .expect("revokes");
        let admin = self.call(self.caller(Who::Admin));
        directory::delete_person(&admin, self.guests[&Who::Deleted]).await.expect("deletes");
    }

    fn keep_secrets(&mut self) {
        self.secrets = super::secrets::all(self);
    }
}

fn things_of(site: &Site) -> SiteThings {
    SiteThings {
        site: site.made.site.id.to_string(),
        name: site.made.site.name.clone(),
        drive: site.made.library.id.to_string(),
        root: site.made.library.root.to_string(),
        group: site.group.clone(),
        permission: String::new(),
    }
}
