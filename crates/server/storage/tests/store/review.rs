//! What reviews read and keep: pages of permissions, decisions, who is told, stays that end.

use model::{
    GuestStay, OwnerNotifications, Permission, PermissionId, PermissionScope, Principal, ReviewDecision,
    ReviewSubject, Reviewed, Role, SharingLevel, Site, SiteId, Telling, Tenant, Timestamp, UserId,
};
use storage::{Call, PageOf, Store};

use crate::databases::{guest, member, on_both_databases, tenant, with_tenant, write};

fn site(tenant: &Tenant, seed: u8) -> Site {
    Site {
        id: SiteId::from_random([seed; 16]),
        tenant: tenant.id,
        name: format!("Site{seed}"),
        display_name: "A site".to_owned(),
        sharing: SharingLevel::Anyone,
        personal_of: None,
        created_by: None,
        created: tenant.created,
        deleted: None,
    }
}

fn permission(tenant: &Tenant, seed: u8, site: u8, user: UserId) -> Permission {
    Permission {
        id: PermissionId::from_random([seed; 16]),
        tenant: tenant.id,
        scope: PermissionScope::Site(SiteId::from_random([site; 16])),
        principal: Principal::User(user),
        role: Role::Read,
        link: None,
        created_by: None,
        created: tenant.created,
        expires: None,
        revoked: None,
    }
}

/// Contoso with two sites; a member and five guests, all in both.
async fn contoso(store: &Store) -> (Tenant, Call) {
    let contoso = tenant("Contoso", 1);
    let call = with_tenant(store, &contoso).await;
    let stored = contoso.clone();
    write(&call, move |scope| {
        for seed in [40, 41] {
            scope.sites().create(&site(&stored, seed))?;
        }
        let mut people = vec![member(&stored, "anna", 9)];
        people.extend((10..15).map(|seed| guest(&stored, &format!("g{seed}@fabrikam.example"), seed)));
        for person in &people {
            scope.users().create(person)?;
            let seed = person.user.id.uuid().as_bytes()[0];
            for (place, shift) in [(40, 50), (41, 90)] {
                scope.permissions().create(&permission(&stored, seed + shift, place, person.user.id))?;
            }
        }
        Ok(())
    })
    .await
    .expect("stores");
    (contoso, call)
}

async fn pages(call: &Call, of: PageOf, site: Option<SiteId>) -> Vec<PermissionId> {
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let page = call.read(move |scope| scope.permissions().page(of, site, after, 2)).await.expect("reads");
        let Some(last) = page.last() else { return found };
        after = Some(last.id);
        found.extend(page.iter().map(|permission| permission.id));
    }
}

on_both_databases! {
    async fn pages_hold_each_permission_once_and_those_of_guests_alone_when_asked(store: Store) {
        let (_, call) = contoso(&store).await;
        let other = with_tenant(&store, &tenant("Fabrikam", 2)).await;
        let here = Some(SiteId::from_random([40; 16]));
        for (of, site, expected) in [
            (PageOf::Everybody, None, 12),
            (PageOf::Guests, None, 10),
            (PageOf::Guests, here, 5),
            (PageOf::GroupsWithGuests, None, 0),
        ] {
            let found = pages(&call, of, site).await;
            assert!(found.len() == expected && found.is_sorted_by(|a, b| a.to_string() < b.to_string()), "{of:?} {found:?}");
        }
        assert_eq!(pages(&other, PageOf::Everybody, None).await, []);
    }

    async fn the_last_decision_counts(store: Store) {
        let (contoso, call) = contoso(&store).await;
        let subject = ReviewSubject::Permission(PermissionId::from_random([60; 16]));
        let other = ReviewSubject::Permission(PermissionId::from_random([61; 16]));
        for decision in ReviewDecision::ALL {
            let reviewed = Reviewed { decision, by: UserId::from_random([9; 16]), at: contoso.created };
            write(&call, move |scope| scope.access_decisions().put(subject, reviewed)).await.expect("keeps");
        }
        let found = call.read(move |scope| scope.access_decisions().list(&[subject, other])).await.expect("reads");
        assert_eq!(found.get(&subject).map(|found| found.decision), Some(ReviewDecision::Remove));
        assert_eq!(found.len(), 1);
    }

    async fn who_is_told_is_kept_as_set(store: Store) {
        let (_, call) = contoso(&store).await;
        let before = call.read(|scope| scope.owner_notifications().load()).await.expect("reads");
        assert!(before.reshared.is_on() && before.accepted.is_on() && before.anyone_links.is_on());
        let after = OwnerNotifications {
            reshared: Telling::Off,
            accepted: Telling::On,
            anyone_links: Telling::Off,
            mailboxes: vec!["a@x.example".parse().expect("an address"), "b@x.example".parse().expect("an address")],
        };
        let set = after.clone();
        write(&call, move |scope| scope.owner_notifications().update(&set)).await.expect("keeps");
        assert_eq!(call.read(|scope| scope.owner_notifications().load()).await.expect("reads"), after);
    }

    async fn stays_are_found_by_their_end_and_one_process_warns(store: Store) {
        let (contoso, call) = contoso(&store).await;
        let start = contoso.created.as_second();
        let day = move |day: i64| Timestamp::from_second(start + day * 86_400).expect("a time");
        let (joined, ends) = (contoso.created, [day(13), day(14), day(20), day(21)]);
        write(&call, move |scope| {
            for (seed, end) in (10..).zip(ends) {
                let stay = GuestStay { joined, ends: Some(end) };
                scope.guest_stays().put(SiteId::from_random([40; 16]), UserId::from_random([seed; 16]), stay)?;
            }
            Ok(())
        })
        .await
        .expect("stores");
        let (from, until) = (day(14), day(21));
        let found = call.read(move |scope| scope.permissions().list_ending_stays(from, until)).await.expect("reads");
        assert_eq!(found.iter().map(|(.., end)| *end).collect::<Vec<_>>(), [day(14), day(20)]);
        let before = call.read(|scope| scope.owner_notifications().warned()).await.expect("reads");
        for first in [true, false] {
            let set = write(&call, move |scope| scope.owner_notifications().set_warned(before, day(1))).await;
            assert_eq!(set.expect("sets"), first);
        }
    }
}
