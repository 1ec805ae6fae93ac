//! The audit trail: searching, sealing and forgetting.

use model::{Actor, AuditEvent, ItemId, SiteId, Timestamp, UserId};
use storage::{AuditPlace, AuditSearch, Call, StorageError, Store, StoredSeal};

use crate::databases::{on_both_databases, tenant, with_tenant, write};

fn time(second: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + second).expect("a time")
}

fn user(seed: u8) -> UserId {
    UserId::from_random([seed; 16])
}

/// Writes ten records: of two people, two sites, two operations.
async fn ten(call: &Call) {
    write(call, |scope| {
        for number in 0..10_u8 {
            let operation = if number % 2 == 0 { "SharingSet" } else { "FileUploaded" };
            let event =
                AuditEvent::new(time(i64::from(number / 2)), Actor::Person(user(number % 2)), operation)
                    .site(SiteId::from_random([number % 3; 16]))
                    .target(user(7 + number % 2))
                    .item(ItemId::from_random([number; 16]))
                    .detail("Role", "read");
            let _proof = scope.audit().record([100 + number; 16], &event)?;
        }
        Ok(())
    })
    .await
    .expect("records");
}

async fn count(call: &Call, search: AuditSearch) -> usize {
    call.read(move |scope| scope.audit().search(&search, 1_000)).await.expect("searches").len()
}

on_both_databases! {
    async fn records_are_found_by_time_operation_person_site_and_item_and_by_nobody_elses_organization(store: Store) {
        let call = with_tenant(&store, &tenant("Contoso", 1)).await;
        let other = with_tenant(&store, &tenant("Fabrikam", 2)).await;
        ten(&call).await;
        let all = AuditSearch { from: Some(time(0)), ..AuditSearch::default() };
        for (search, expected) in [
            (all.clone(), 10),
            (AuditSearch { from: Some(time(1)), until: Some(time(3)), ..AuditSearch::default() }, 4),
            (AuditSearch { operations: vec!["SharingSet".to_owned()], ..AuditSearch::default() }, 5),
            (AuditSearch { person: Some(user(0)), ..AuditSearch::default() }, 5),
            (AuditSearch { person: Some(user(8)), ..AuditSearch::default() }, 5),
            (AuditSearch { sites: Some(vec![SiteId::from_random([0; 16])]), ..AuditSearch::default() }, 4),
            (AuditSearch { sites: Some(Vec::new()), ..AuditSearch::default() }, 0),
            (AuditSearch { item: Some(ItemId::from_random([3; 16])), ..AuditSearch::default() }, 1),
        ] {
            assert_eq!(count(&call, search.clone()).await, expected, "{search:?}");
        }
        assert_eq!(count(&other, all).await, 0);
    }

    async fn pages_hold_every_record_once_though_times_are_the_same(store: Store) {
        let call = with_tenant(&store, &tenant("Contoso", 1)).await;
        ten(&call).await;
        let mut seen = Vec::new();
        let mut search = AuditSearch { from: Some(time(0)), ..AuditSearch::default() };
        loop {
            let asked = search.clone();
            let page = call.read(move |scope| scope.audit().search(&asked, 3)).await.expect("searches");
            let Some(last) = page.last() else { break };
            search.after = Some(AuditPlace { at: last.at.as_microsecond(), id: last.id });
            seen.extend(page);
        }
        let mut ids: Vec<_> = seen.iter().map(|record| record.id).collect();
        assert!(seen.is_sorted_by_key(|record| std::cmp::Reverse(record.at)));
        ids.sort_unstable();
        ids.dedup();
        assert_eq!((seen.len(), ids.len()), (10, 10));
        assert_eq!(seen[0].details["Role"], "read");
    }

    async fn a_seal_takes_what_no_other_holds_and_its_number_is_taken_once(store: Store) {
        let call = with_tenant(&store, &tenant("Contoso", 1)).await;
        ten(&call).await;
        let claimed = write(&call, |scope| scope.audit().claim_for_seal(1, 4)).await.expect("claims");
        let rest = write(&call, |scope| scope.audit().claim_for_seal(2, 100)).await.expect("claims");
        // The organization's own record is the eleventh.
        assert_eq!((claimed, rest), (4, 7));
        assert!(!call.read(|scope| scope.audit().has_unsealed()).await.expect("reads"));
        let records = call.read(|scope| scope.audit().list_of_seal(1)).await.expect("reads");
        assert!(records.is_sorted_by_key(|record| (record.at, record.id.to_string())));
        let seal = StoredSeal { number: 1, newest: time(9), leaves: vec![1, 2], statement: "said".to_owned() };
        let again = seal.clone();
        write(&call, move |scope| scope.audit().create_seal(&seal)).await.expect("keeps");
        let twice = write(&call, move |scope| scope.audit().create_seal(&again)).await;
        assert!(twice.is_err_and(|error: StorageError| error.is_duplicate()));
        assert_eq!(call.read(|scope| scope.audit().find_last_seal()).await.expect("reads").map(|seal| seal.number), Some(1));
        let gone = write(&call, |scope| scope.audit().forget_until(1, "word")).await.expect("forgets");
        let kept = call.read(|scope| scope.audit().load_retention()).await.expect("reads");
        assert_eq!((gone, kept.forgotten.as_deref(), kept.days), (4, Some("word"), 180));
        assert_eq!(call.read(|scope| scope.audit().list_beyond_seal(2, 1)).await.expect("reads").len(), 7);
    }
}
