//! One-time codes for people outside without an account here (A05, A12).

use directory::Ticket;
use directory::{Notify, set_guest_integration};
use drive::links::{
    LinkError, LinkHolder, LinkUse, LinkView, LinkViewer, Shown, check_code, open_page, send_code,
    session_address,
};
use drive::sharing::share;
use model::{GuestIntegration, LinkKind, Role, SharingLevel};
use policy::Reason;

use crate::links::{request, to};
use crate::world::{BEN, ORIGIN, World};

const CLEO: &str = "cleo@outside.example";

impl World {
    /// Anna shares a folder with somebody who opens it by a code; returns the link.
    async fn by_code(&self, address: &str) -> LinkView {
        let anna = self.anna();
        let plans = self.folder(self.root(), "Plans").await;
        let mut outcomes =
            share(&self.call(anna), anna, self.request(self.item(plans), &[address], Role::Read))
                .await
                .expect("answers");
        outcomes.remove(0).result.expect("shares").into_link().expect("a link")
    }

    async fn ask_code(&self, view: &LinkView, address: &str) {
        let ticket = view.ticket.clone().expect("shown");
        let call = drive::links::bearer_call(self.store.clone(), &ticket);
        send_code(&call, ticket, address.parse().expect("an address"), ORIGIN.to_owned())
            .await
            .expect("answers");
    }

    /// Returns the codes that were mailed, oldest first.
    async fn codes(&self) -> Vec<String> {
        let mails = self.mails().await;
        let codes = mails.iter().filter(|mail| mail["kind"] == "code");
        codes.map(|mail| mail["message"].as_str().expect("a code").to_owned()).collect()
    }

    async fn give_code(&self, view: &LinkView, address: &str, code: &str) -> Option<Ticket> {
        let ticket = view.ticket.clone().expect("shown");
        let call = drive::links::bearer_call(self.store.clone(), &ticket);
        check_code(&call, ticket, address.parse().expect("an address"), code.to_owned())
            .await
            .expect("answers")
    }

    async fn opens_for(&self, view: &LinkView, address: &str) -> Result<Option<Reason>, LinkError> {
        let used = LinkUse { viewer: LinkViewer::Address(address.to_owned()), ..self.as_bearer(view) };
        let call = drive::links::bearer_call(self.store.clone(), &used.ticket);
        let page = open_page(&call, used, None).await?;
        assert!(matches!(page.shown, Shown::Folder(_)));
        Ok(page.no_sync)
    }
}

#[tokio::test]
async fn r_a12_who_cannot_be_a_guest_here_opens_it_by_a_code_and_is_told_why_it_never_syncs() {
    let world = World::new().await;
    let view = world.by_code(CLEO).await;
    assert_eq!(view.holders, [LinkHolder::Address(CLEO.to_owned())]);
    let told = world.mails().await;
    assert_eq!(told[0]["kind"], "shareByCode");
    assert_eq!(told[0]["link"].as_str().map(str::to_owned), view.url(ORIGIN));
    world.ask_code(&view, "Cleo@Outside.example").await;
    let code = world.codes().await.remove(0);
    assert_eq!(code.len(), 8);
    let session =
        world.give_code(&view, CLEO, &format!("{} {}", &code[..4], &code[4..])).await.expect("right");
    let call = drive::links::bearer_call(world.store.clone(), &session);
    assert_eq!(session_address(&call, session).await.expect("reads").as_deref(), Some(CLEO));
    assert_eq!(world.opens_for(&view, CLEO).await.expect("opens"), Some(Reason::OpenedByCode));
    assert!(world.give_code(&view, CLEO, &code).await.is_none(), "a code works once");
    let people = world.call(world.anna()).read(|scope| scope.users().list(None, 50)).await.expect("reads");
    assert!(people.iter().all(|person| person.kind == model::UserKind::Member), "no guest is made");
}

#[tokio::test]
async fn r_a05_with_integration_off_a_work_address_gets_a_code_and_with_it_on_a_guest() {
    let world = World::new().await;
    let anna = world.anna();
    set_guest_integration(&world.call(anna), GuestIntegration::Off).await.expect("sets");
    let view = world.by_code(BEN).await;
    world.ask_code(&view, BEN).await;
    let code = world.codes().await.remove(0);
    assert!(world.give_code(&view, BEN, &code).await.is_some());
    world.opens_for(&view, BEN).await.expect("opens");
    set_guest_integration(&world.call(anna), GuestIntegration::On).await.expect("sets");
    let plans = world.folder(world.root(), "More").await;
    let shared = world.share(world.item(plans), BEN, Role::Read).await.expect("a permission of a guest");
    assert!(
        matches!(shared.holder, drive::sharing::Holder::Person(guest) if guest.kind == model::UserKind::Guest)
    );
    let carl = world.colleague("carl@contoso.example").await;
    let refused = set_guest_integration(&world.call(carl), GuestIntegration::Off).await;
    assert!(refused.is_err(), "administrators alone");
}

#[tokio::test]
async fn codes_are_guessed_five_times_mailed_three_times_and_only_to_who_is_named() {
    let world = World::new().await;
    let view = world.by_code(CLEO).await;
    world.ask_code(&view, "dora@outside.example").await;
    assert!(world.codes().await.is_empty(), "nobody else gets one");
    assert!(world.give_code(&view, "dora@outside.example", "00000000").await.is_none());
    world.ask_code(&view, CLEO).await;
    let first = world.codes().await.remove(0);
    let wrong = if first == "11111111" { "22222222" } else { "11111111" };
    for _ in 0..5 {
        assert!(world.give_code(&view, CLEO, wrong).await.is_none());
    }
    assert!(world.give_code(&view, CLEO, &first).await.is_none(), "dead after five wrong guesses");
    for _ in 0..4 {
        world.ask_code(&view, CLEO).await;
    }
    let codes = world.codes().await;
    assert_eq!(codes.len(), 3);
    let mut right = Vec::new();
    for code in &codes {
        right.push(world.give_code(&view, CLEO, code).await.is_some());
    }
    assert_eq!(right.iter().filter(|right| **right).count(), 1, "only the newest works");
}

#[tokio::test]
async fn a_code_opens_nothing_where_the_level_closed_the_link_was_deleted_or_names_somebody_else() {
    let world = World::new().await;
    let view = world.by_code(CLEO).await;
    assert!(matches!(world.opens_for(&view, "dora@outside.example").await, Err(LinkError::NotFound)));
    world.open_up(SharingLevel::ExistingGuests).await;
    assert!(matches!(world.opens_for(&view, CLEO).await, Err(LinkError::Refused(Reason::LinkClosed))));
    world.ask_code(&view, CLEO).await;
    assert!(world.codes().await.is_empty());
    world.open_up(SharingLevel::NewAndExistingGuests).await;
    world.opens_for(&view, CLEO).await.expect("resumes");
    let model::PermissionScope::Item { item, .. } = view.link.scope else { panic!("an item") };
    let anna = world.anna();
    let mut other = request(world.item(item), LinkKind::SpecificPeople, Role::Write);
    (other.recipients, other.notify) = (to("dora@outside.example"), Notify::Nobody);
    let other = world.link(other).await.expect("makes");
    assert!(matches!(world.opens_for(&other.view, CLEO).await, Err(LinkError::NotFound)));
    drive::links::delete_link(&world.call(anna), anna, world.item(item), view.link.id)
        .await
        .expect("deletes");
    assert!(matches!(world.opens_for(&view, CLEO).await, Err(LinkError::NotFound)));
}
