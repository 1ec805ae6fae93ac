//! Guests: invitation, acceptance, aliases, deletion (A02, A07, A10, A11).

use directory::{
    Accepted, DirectoryError, Known, Notify, Offer, accept_invitation, add_alias, add_member, delete_person,
    invite_guest, read, set_sign_in,
};
use model::{GuestState, HomeAccount, User, UserKind};
use policy::Reason;
use storage::SignIn;

use crate::world::{ORIGIN, World, address, invitation, new_member, ticket};

async fn ben(world: &World) -> User {
    let new = new_member("ben.bell@fabrikam.example", &["bb@fabrikam.test"]);
    add_member(&world.ada(), new).await.expect("adds")
}

async fn accept(world: &World, who: HomeAccount, offer: Offer) -> Result<Accepted, DirectoryError> {
    accept_invitation(&world.boundary(), world.runtime(), who, offer).await
}

#[tokio::test]
async fn r_a07_a_guest_is_made_by_invitation_or_directly_and_without_mail() {
    let world = World::new().await;
    let invited = world.invite("ben.bell@fabrikam.example").await;
    assert_eq!(invited.guest.principal_name, "ben.bell_fabrikam.example#EXT#@contoso.example");
    assert_eq!(invited.guest.kind, UserKind::Guest);
    assert_eq!(invited.guest.guest_state, Some(GuestState::PendingAcceptance));
    let mails = world.mails().await;
    assert_eq!(mails.len(), 1);
    assert!(mails[0].contains(&invited.redeem_url) && mails[0].contains("Hello"));

    let quiet = invite_guest(&world.anna(), invitation("cleo@fabrikam.example"), Notify::Nobody).await;
    let quiet = quiet.expect("invites");
    assert_eq!((quiet.known, world.mails().await.len()), (Known::New, 1));
    assert!(quiet.redeem_url.starts_with(&format!("{ORIGIN}/redeem/")));
}

#[tokio::test]
async fn inviting_a_known_address_returns_the_same_guest() {
    let world = World::new().await;
    let first = world.invite("ben.bell@fabrikam.example").await;
    let second = world.invite("BEN.BELL@fabrikam.example").await;
    assert_eq!((second.known, second.guest.id), (Known::Before, first.guest.id));
    assert!(second.redeem_url != first.redeem_url);
}

#[tokio::test]
async fn who_cannot_be_invited_is_told_why() {
    let world = World::new().await;
    let refusal = async |text: &str| {
        invite_guest(&world.anna(), invitation(text), Notify::Nobody).await.map(|_| ()).unwrap_err()
    };
    assert!(matches!(refusal("anna@contoso.example").await, DirectoryError::AddressOfMember));
    assert!(matches!(refusal("nobody@contoso.example").await, DirectoryError::Refused(Reason::NoSuchMember)));
    for url in ["https://evil.example/", "https://cloud.example.evil/", "https://cloud.example@evil", "/x"] {
        let mut new = invitation("ben.bell@fabrikam.example");
        new.redirect_url = url.to_owned();
        let refused = invite_guest(&world.anna(), new, Notify::Nobody).await.map(|_| ());
        assert!(matches!(refused, Err(DirectoryError::ForeignRedirect)), "{url}");
    }
    let guest = world.invite("ben.bell@fabrikam.example").await.guest;
    let by_guest = invite_guest(
        &world.call(world.contoso, guest.id),
        invitation("eve@fabrikam.example"),
        Notify::Nobody,
    )
    .await
    .map(|_| ());
    assert!(matches!(by_guest, Err(DirectoryError::Refused(Reason::MayNotInvite))));
}

#[tokio::test]
async fn r_a02_a_guest_is_bound_to_exactly_one_home_account_by_its_ids() {
    let world = World::new().await;
    let (ben, eve) =
        (ben(&world).await, add_member(&world.ada(), new_member("eve@fabrikam.example", &[])).await);
    let eve = eve.expect("adds");
    let invited = world.invite("ben.bell@fabrikam.example").await;
    let offer = Offer::Ticket(ticket(&invited.redeem_url).hash());

    // The ticket alone is not enough: it was made for another address.
    let stolen = accept(&world, world.at_home(eve.id), offer).await;
    assert!(matches!(stolen, Err(DirectoryError::OtherRecipient)));
    let nothing = accept(&world, world.at_home(eve.id), Offer::Any).await;
    assert!(matches!(nothing, Err(DirectoryError::NotFound)));
    let unsigned = HomeAccount { tenant: world.contoso, user: ben.id };
    assert!(matches!(accept(&world, unsigned, offer).await, Err(DirectoryError::NotFound)));

    let accepted = accept(&world, world.at_home(ben.id), offer).await.expect("accepts");
    assert_eq!(accepted.guest.id, invited.guest.id);
    assert_eq!(accepted.guest.home, Some(world.at_home(ben.id)));
    assert_eq!(accepted.redirect_url.as_deref(), Some("https://cloud.example/contoso.example/sites/Falcon"));
    let again = accept(&world, world.at_home(ben.id), offer).await.expect("again is fine");
    assert_eq!(again.guest.id, invited.guest.id);

    // The address now belongs to somebody else at home; the guest stays who it was.
    delete_person(&world.ada(), ben.id).await.expect("deletes");
    let heir = add_member(&world.ada(), new_member("ben.bell@fabrikam.example", &[])).await.expect("adds");
    let refused = accept(&world, world.at_home(heir.id), offer).await;
    assert!(matches!(refused, Err(DirectoryError::AlreadyAccepted)), "{refused:?}");
    let refused = accept(&world, world.at_home(ben.id), offer).await;
    assert!(matches!(refused, Err(DirectoryError::Refused(Reason::AccountDeleted))));
}

#[tokio::test]
async fn r_a11_any_address_of_the_person_at_home_accepts_and_means_them_from_then_on() {
    let world = World::new().await;
    let ben = ben(&world).await;
    add_alias(&world.ada(), ben.id, address("alias@fabrikam.example")).await.expect("adds");
    let invited = world.invite("alias@fabrikam.example").await;

    // Opening the site's own address is enough, whatever address the invitation used.
    let accepted = accept(&world, world.at_home(ben.id), Offer::Any).await.expect("accepts");
    assert_eq!(accepted.guest.id, invited.guest.id);
    assert_eq!(accepted.redirect_url, None);
    for text in ["ben.bell@fabrikam.example", "BB@fabrikam.test", "alias@fabrikam.example"] {
        let again = world.invite(text).await;
        assert_eq!((again.known, again.guest.id), (Known::Before, invited.guest.id), "{text}");
    }
}

#[tokio::test]
async fn a_blocked_account_neither_accepts_nor_is_invited() {
    let world = World::new().await;
    let ben = ben(&world).await;
    let invited = world.invite("ben.bell@fabrikam.example").await;
    set_sign_in(&world.anna(), invited.guest.id, SignIn::Blocked).await.expect("blocks");
    let refused = accept(&world, world.at_home(ben.id), Offer::Any).await;
    assert!(matches!(refused, Err(DirectoryError::Refused(Reason::AccountBlocked))));
    let invited = invite_guest(&world.anna(), invitation("ben.bell@fabrikam.example"), Notify::Nobody)
        .await
        .map(|_| ());
    assert!(matches!(invited, Err(DirectoryError::Refused(Reason::RecipientBlocked))));
}

#[tokio::test]
async fn r_a10_a_deleted_guest_is_gone_at_once_and_can_be_invited_anew() {
    let world = World::new().await;
    let ben = ben(&world).await;
    let invited = world.invite("ben.bell@fabrikam.example").await;
    accept(&world, world.at_home(ben.id), Offer::Any).await.expect("accepts");
    let before = world.runtime().now();
    delete_person(&world.anna(), invited.guest.id).await.expect("deletes");
    let name = read::PersonName::Id(invited.guest.id);
    assert_eq!(read::find_person(&world.anna(), name).await.expect("reads"), None);
    let id = invited.guest.id;
    let kept = world.anna().read(move |scope| scope.users().find_even_deleted(id)).await.expect("reads");
    assert!(kept.is_some_and(|kept| kept.tokens_valid_from >= before && kept.deleted.is_some()));
    let offer = Offer::Ticket(ticket(&invited.redeem_url).hash());
    assert!(matches!(accept(&world, world.at_home(ben.id), offer).await, Err(DirectoryError::NotFound)));

    let anew = world.invite("ben.bell@fabrikam.example").await;
    assert_eq!((anew.known, anew.guest.principal_name), (Known::New, invited.guest.principal_name));
    assert_ne!(anew.guest.id, invited.guest.id);
    accept(&world, world.at_home(ben.id), Offer::Any).await.expect("accepts");
    let oneself = delete_person(&world.anna(), world.anna).await;
    assert!(matches!(oneself, Err(DirectoryError::Refused(_))));
}

#[tokio::test]
async fn a_guest_sees_nobody_in_the_directory_but_themselves() {
    let world = World::new().await;
    let guest = world.invite("ben.bell@fabrikam.example").await.guest;
    let call = world.call(world.contoso, guest.id);
    let own = read::find_person(&call, read::PersonName::PrincipalName(guest.principal_name.clone())).await;
    assert_eq!(own.expect("reads").map(|own| own.user.id), Some(guest.id));
    let other = read::PersonName::Id(world.anna);
    assert_eq!(read::find_person(&call, other).await.expect("reads"), None);
    assert!(matches!(read::list_people(&call, None, 10).await, Err(DirectoryError::Refused(_))));
    assert!(matches!(read::list_groups(&call).await, Err(DirectoryError::Refused(_))));
    assert_eq!(read::list_people(&world.anna(), None, 10).await.expect("lists").len(), 2);
}
