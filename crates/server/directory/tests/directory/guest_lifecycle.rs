//! What becomes of guests: the group's welcome, another address, another account, two that are one, leaving, the end.

use directory::{
    Accepted, DirectoryError, Notify, Offer, accept_invitation, add_alias, add_member, change_address,
    create_group, delete_person, find_deleted_person, invite_into_group, join_group, leave_organization,
    merge_guests, purge_deleted_guests, read, reset_redemption, restore_person, set_sign_in,
};
use model::{GuestState, HomeAccount, User};
use policy::Reason;
use storage::{Operator, SignIn};

use crate::world::{ORIGIN, World, address, invitation, new_member, ticket};

const BEN: &str = "ben.bell@fabrikam.example";

async fn ben(world: &World) -> User {
    add_member(&world.ada(), new_member(BEN, &["bb@fabrikam.test"])).await.expect("adds")
}

async fn accept(world: &World, who: HomeAccount, offer: Offer) -> Result<Accepted, DirectoryError> {
    accept_invitation(&world.boundary(), world.runtime(), who, offer).await
}

async fn groups_of(world: &World, person: model::UserId) -> usize {
    let list = world.anna().read(move |scope| scope.groups().list_ids_of(person)).await;
    let list: Result<_, storage::StorageError> = list;
    list.expect("reads").len()
}

#[tokio::test]
async fn r_a09_a_guest_who_is_put_into_a_group_gets_its_welcome_mail_once() {
    let world = World::new().await;
    let group = create_group(&world.anna(), "Partners").await.expect("makes");
    let guest = world.invite(BEN).await.guest;
    let before = world.mails().await.len();
    assert!(join_group(&world.anna(), group.id, guest.id, ORIGIN).await.expect("joins"));
    assert!(!join_group(&world.anna(), group.id, guest.id, ORIGIN).await.expect("is in it"));
    let mails = world.mails().await;
    assert_eq!(mails.len(), before + 1);
    let welcome = mails.iter().find(|mail| mail.contains("\"welcome\"")).expect("a welcome");
    assert!(welcome.contains("Partners") && welcome.contains(BEN), "{welcome}");

    // Members are not greeted: the mail is about how a guest comes in.
    assert!(join_group(&world.anna(), group.id, world.anna, ORIGIN).await.expect("joins"));
    assert_eq!(world.mails().await.len(), before + 1);
}

#[tokio::test]
async fn r_a08_inviting_into_a_group_is_one_change_and_can_be_repeated() {
    let world = World::new().await;
    let group = create_group(&world.anna(), "Partners").await.expect("makes");
    let first = invite_into_group(&world.anna(), invitation(BEN), Notify::Nobody, Some(group.id)).await;
    let first = first.expect("invites").guest.id;
    let again = invite_into_group(&world.anna(), invitation(BEN), Notify::Nobody, Some(group.id)).await;
    assert_eq!(again.expect("invites again").guest.id, first);
    assert_eq!((groups_of(&world, first).await, world.mails().await.len()), (1, 1));

    // Who may invite but not fill the group makes no guest either.
    let cleo = add_member(&world.anna(), new_member("cleo@contoso.example", &[])).await.expect("adds");
    let cleo = world.call(world.contoso, cleo.id);
    let refused =
        invite_into_group(&cleo, invitation("new@fabrikam.example"), Notify::Nobody, Some(group.id)).await;
    assert!(matches!(refused.map(|_| ()), Err(DirectoryError::Refused(Reason::RoleRequired))));
    let anna = world.anna();
    let known: Result<_, storage::StorageError> =
        anna.read(|scope| scope.users().find_by_address(&address("new@fabrikam.example"))).await;
    assert_eq!(known.expect("reads"), None);
}

#[tokio::test]
async fn s_4_7_a_reset_guest_accepts_anew_with_another_account_and_keeps_the_groups() {
    let world = World::new().await;
    let old = ben(&world).await;
    let guest = world.invite(BEN).await.guest.id;
    accept(&world, world.at_home(old.id), Offer::Any).await.expect("accepts");
    let group = create_group(&world.anna(), "Partners").await.expect("makes");
    join_group(&world.anna(), group.id, guest, ORIGIN).await.expect("joins");
    let new = add_member(&world.ada(), new_member("bell@fabrikam.example", &[])).await.expect("adds");

    // The address must be the guest's already; that is what is commonly hit.
    let asked = invitation("bell@fabrikam.example");
    let refused = reset_redemption(&world.anna(), guest, asked.clone(), Notify::Mail).await.map(|_| ());
    assert!(matches!(refused, Err(DirectoryError::ForeignAddress)));
    let refused = reset_redemption(&world.ada(), guest, asked.clone(), Notify::Mail).await.map(|_| ());
    assert!(matches!(refused, Err(DirectoryError::NotFound)), "another organization's administrator");

    let changed = change_address(&world.anna(), guest, address("bell@fabrikam.example")).await;
    assert_eq!(changed.expect("changes").mail.as_deref(), Some("bell@fabrikam.example"));
    let reset = reset_redemption(&world.anna(), guest, asked, Notify::Mail).await.expect("resets");
    assert_eq!((reset.guest.id, reset.guest.home), (guest, None));
    assert_eq!(reset.guest.guest_state, Some(GuestState::PendingAcceptance));

    // The account of before has nothing to accept any more.
    let again = accept(&world, world.at_home(old.id), Offer::Any).await;
    assert!(matches!(again, Err(DirectoryError::NotFound)), "{again:?}");
    let offer = Offer::Ticket(ticket(&reset.redeem_url).hash());
    assert!(matches!(
        accept(&world, world.at_home(old.id), offer).await,
        Err(DirectoryError::OtherRecipient)
    ));
    let accepted = accept(&world, world.at_home(new.id), offer).await.expect("accepts");
    assert_eq!((accepted.guest.id, groups_of(&world, guest).await), (guest, 1));
}

#[tokio::test]
async fn a_changed_address_keeps_the_object_and_the_old_address_means_it_still() {
    let world = World::new().await;
    let guest = world.invite(BEN).await.guest.id;
    let other = world.invite("cleo@fabrikam.example").await.guest.id;
    let taken = change_address(&world.anna(), guest, address("cleo@fabrikam.example")).await;
    assert!(matches!(taken, Err(DirectoryError::Taken)));
    let own = change_address(&world.anna(), guest, address("x@contoso.example")).await;
    assert!(matches!(own, Err(DirectoryError::Refused(Reason::NoSuchMember))));
    change_address(&world.anna(), guest, address("bell@fabrikam.example")).await.expect("changes");
    assert_eq!(world.invite(BEN).await.guest.id, guest);
    assert_eq!(world.invite("bell@fabrikam.example").await.guest.id, guest);
    assert_ne!(guest, other);
}

#[tokio::test]
async fn r_a11_two_guests_made_before_the_first_acceptance_become_one_with_everything_of_both() {
    let world = World::new().await;
    let home = ben(&world).await;
    let (first, second) = (world.invite(BEN).await, world.invite("bb@fabrikam.test").await);
    assert_ne!(first.guest.id, second.guest.id);
    let group = create_group(&world.anna(), "Partners").await.expect("makes");
    join_group(&world.anna(), group.id, second.guest.id, ORIGIN).await.expect("joins");

    let offer = Offer::Ticket(ticket(&first.redeem_url).hash());
    let accepted = accept(&world, world.at_home(home.id), offer).await.expect("accepts");
    assert_eq!((accepted.guest.id, groups_of(&world, first.guest.id).await), (first.guest.id, 1));
    let gone = read::find_person(&world.anna(), read::PersonName::Id(second.guest.id)).await.expect("reads");
    assert_eq!(gone, None);
    // The link of the other mail leads to the same guest.
    let offer = Offer::Ticket(ticket(&second.redeem_url).hash());
    let again = accept(&world, world.at_home(home.id), offer).await.expect("accepts");
    assert_eq!(again.guest.id, first.guest.id);

    // An address that is added at home later, and was invited before anybody knew.
    let third = world.invite("bell@fabrikam.example").await;
    join_group(&world.anna(), group.id, third.guest.id, ORIGIN).await.expect("joins");
    add_alias(&world.ada(), home.id, address("bell@fabrikam.example")).await.expect("adds");
    let offer = Offer::Ticket(ticket(&third.redeem_url).hash());
    let again = accept(&world, world.at_home(home.id), offer).await.expect("accepts");
    assert_eq!(again.guest.id, first.guest.id);
}

#[tokio::test]
async fn a_blocked_duplicate_is_not_merged_by_accepting() {
    let world = World::new().await;
    let home = ben(&world).await;
    let (first, second) = (world.invite(BEN).await, world.invite("bb@fabrikam.test").await);
    set_sign_in(&world.anna(), second.guest.id, SignIn::Blocked).await.expect("blocks");
    let offer = Offer::Ticket(ticket(&first.redeem_url).hash());
    accept(&world, world.at_home(home.id), offer).await.expect("accepts");
    let offer = Offer::Ticket(ticket(&second.redeem_url).hash());
    let refused = accept(&world, world.at_home(home.id), offer).await;
    assert!(matches!(refused, Err(DirectoryError::Refused(Reason::AccountBlocked))), "{refused:?}");
}

#[tokio::test]
async fn r_a11_an_administrator_merges_two_guests_and_nobody_else_does() {
    let world = World::new().await;
    let keep = world.invite(BEN).await.guest.id;
    let gone = world.invite("b.bell@northwind.example").await.guest.id;
    let cleo = add_member(&world.anna(), new_member("cleo@contoso.example", &[])).await.expect("adds");
    let refused = merge_guests(&world.call(world.contoso, cleo.id), keep, gone).await;
    assert!(matches!(refused, Err(DirectoryError::Refused(_))));
    assert!(matches!(merge_guests(&world.anna(), keep, keep).await, Err(DirectoryError::NotMergeable)));
    let member = merge_guests(&world.anna(), keep, cleo.id).await;
    assert!(matches!(member, Err(DirectoryError::NotMergeable)));
    assert_eq!(merge_guests(&world.anna(), keep, gone).await.expect("merges").id, keep);
    assert_eq!(world.invite("b.bell@northwind.example").await.guest.id, keep);
}

#[tokio::test]
async fn s_4_8_a_guest_leaves_and_can_be_brought_back_for_thirty_days_and_then_never() {
    let world = World::new().await;
    let home = ben(&world).await;
    let guest = world.invite(BEN).await.guest.id;
    accept(&world, world.at_home(home.id), Offer::Any).await.expect("accepts");
    let group = create_group(&world.anna(), "Partners").await.expect("makes");
    join_group(&world.anna(), group.id, guest, ORIGIN).await.expect("joins");
    assert!(matches!(leave_organization(&world.anna()).await, Err(DirectoryError::NotFound)), "a member");
    leave_organization(&world.call(world.contoso, guest)).await.expect("leaves");
    let operator = Operator::new(world.store.clone());
    assert_eq!(purge_deleted_guests(&operator).await.expect("runs"), 0);
    restore_person(&world.anna(), guest).await.expect("restores");
    assert_eq!(groups_of(&world, guest).await, 1);

    delete_person(&world.anna(), guest).await.expect("deletes");
    world.clock.move_on(29 * 24 * 3_600);
    assert_eq!(purge_deleted_guests(&operator).await.expect("runs"), 0);
    world.clock.move_on(2 * 24 * 3_600);
    assert_eq!(purge_deleted_guests(&operator).await.expect("runs"), 1);
    assert_eq!(purge_deleted_guests(&operator).await.expect("runs"), 0);
    assert!(matches!(restore_person(&world.anna(), guest).await, Err(DirectoryError::NotFound)));
    assert_eq!(find_deleted_person(&world.anna(), guest).await.expect("reads"), None);
    assert_eq!(groups_of(&world, guest).await, 0);
    assert_ne!(world.invite(BEN).await.guest.id, guest);
}
