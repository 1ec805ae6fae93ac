//! What becomes of a guest's object: unbound, handed over, ended for good.

use model::{
    Address, GuestState, GuestStay, HomeAccount, Invitation, InvitationId, SecretHash, TenantId, Timestamp,
    UserId,
};
use storage::{Call, Operator, StorageError, Store};

use crate::databases::{guest, on_both_databases, tenant, with_tenant, write};

const BEN: &str = "ben@fabrikam.example";

/// Contoso with two guests, the first of whom has accepted.
async fn two_guests(store: &Store) -> (Call, UserId, UserId, HomeAccount) {
    let contoso = tenant("Contoso", 1);
    let call = with_tenant(store, &contoso).await;
    let (ben, other) = (guest(&contoso, BEN, 4), guest(&contoso, "bell@fabrikam.example", 5));
    let (first, second, at) = (ben.user.id, other.user.id, contoso.created);
    let home = HomeAccount { tenant: TenantId::from_random([2; 16]), user: UserId::from_random([9; 16]) };
    let invitation = Invitation {
        id: InvitationId::from_random([6; 16]),
        tenant: contoso.id,
        guest: second,
        email: "bell@fabrikam.example".to_owned(),
        ticket_hash: SecretHash([8; 32]),
        redirect_url: "https://cloud.example/x".to_owned(),
        message: None,
        created_by: None,
        created: at,
        redeemed: None,
    };
    write(&call, move |scope| {
        scope.users().create(&ben)?;
        scope.users().create(&other)?;
        scope.invitations().create(&invitation)?;
        scope.users().accept_guest(first, home, at)
    })
    .await
    .expect("writes");
    (call, first, second, home)
}

fn address(text: &str) -> Address {
    text.parse().expect("an address")
}

on_both_databases! {
    async fn a_reset_guest_is_unbound_and_known_by_one_address(store: Store) {
        let (call, ben, _, home) = two_guests(&store).await;
        let at: Timestamp = "2026-02-01T00:00:00Z".parse().expect("a time");
        let found = write(&call, move |scope| {
            scope.users().add_address(ben, &address("new@fabrikam.example"))?;
            scope.guest_lives().reset(ben, &address("new@fabrikam.example"), at)?;
            let known = scope.users().list_addresses(ben)?;
            Ok((scope.users().find(ben)?, known, scope.users().find_by_home(home)?))
        })
        .await
        .expect("writes");
        let (guest, known, bound) = found;
        let guest = guest.expect("is there");
        assert_eq!((guest.home, guest.guest_state), (None, Some(GuestState::PendingAcceptance)));
        assert_eq!((guest.mail.as_deref(), guest.tokens_valid_from), (Some("new@fabrikam.example"), at));
        assert_eq!((known, bound), (vec!["new@fabrikam.example".to_owned()], None));
    }

    async fn addresses_and_invitations_are_handed_over(store: Store) {
        let (call, ben, other, _) = two_guests(&store).await;
        let found = write(&call, move |scope| {
            scope.guest_lives().hand_over(other, ben)?;
            let offers = scope.invitations().list_of_guest(ben)?.len();
            Ok((scope.users().list_addresses(ben)?.len(), offers, scope.users().list_addresses(other)?.len()))
        })
        .await
        .expect("writes");
        assert_eq!(found, (2, 1, 0));
    }

    async fn a_guest_who_is_gone_for_good_leaves_ids_alone(store: Store) {
        let (call, ben, other, home) = two_guests(&store).await;
        let at: Timestamp = "2026-02-01T00:00:00Z".parse().expect("a time");
        let later: Timestamp = "2026-04-01T00:00:00Z".parse().expect("a time");
        write(&call, move |scope| {
            scope.users().delete(ben, at)?;
            // Somebody who is not deleted is not ended.
            scope.guest_lives().purge(other, later)
        })
        .await
        .expect("writes");
        let operator = Operator::new(store.clone());
        let due = async |before: Timestamp| {
            let due: Result<_, StorageError> =
                operator.read(move |cloud| cloud.list_guests_deleted_before(before, 10)).await;
            due.expect("reads")
        };
        assert_eq!(due(at).await, []);
        assert_eq!(due(later).await.len(), 1);
        write(&call, move |scope| scope.guest_lives().purge(ben, later)).await.expect("writes");
        assert_eq!(due(later).await, []);
        let left = call
            .read(move |scope| -> Result<_, StorageError> {
                let ever = scope.users().list_ever_bound_to(home)?;
                let deleted = scope.users().list_deleted(10)?.len();
                Ok((scope.users().find_even_deleted(ben)?, deleted, ever, scope.users().find(other)?))
            })
            .await
            .expect("reads");
        let (found, deleted, ever, untouched) = left;
        assert_eq!((found, deleted), (None, 0));
        assert_eq!((ever.len(), ever[0].mail.clone(), ever[0].display_name.as_str()), (1, None, ""));
        assert!(untouched.is_some_and(|guest| guest.mail.is_some()));
    }

    async fn a_guests_stays_are_listed_by_site(store: Store) {
        let (call, ben, _, _) = two_guests(&store).await;
        let listed = write(&call, move |scope| scope.guest_lives().list_stays(ben)).await.expect("reads");
        let none: Vec<(model::SiteId, GuestStay)> = Vec::new();
        assert_eq!(listed, none);
    }
}
