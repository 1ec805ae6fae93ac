//! People, groups, roles, invitations and jobs.

use model::{
    Address, Group, GroupId, GroupKind, HomeAccount, Invitation, InvitationId, JobId, JobKind, SecretHash,
    SiteId, TenantId, UserId,
};
use storage::{Commit, Operator, SignIn, StorageError, Store, Unaudited};

use crate::databases::{guest, member, on_both_databases, tenant, with_tenant, write};

on_both_databases! {
    async fn a_group_takes_only_people_of_its_tenant(store: Store) {
        let (contoso, fabrikam) = (tenant("Contoso", 1), tenant("Fabrikam", 2));
        let call = with_tenant(&store, &contoso).await;
        let other = with_tenant(&store, &fabrikam).await;
        let stranger = member(&fabrikam, "ben", 9);
        write(&other, move |scope| scope.users().create(&stranger)).await.expect("creates");
        let group = Group {
            id: GroupId::from_random([5; 16]),
            tenant: contoso.id,
            kind: GroupKind::Security,
            display_name: "Partners".to_owned(),
            site: None,
            created: contoso.created,
        };
        let (anna, at) = (member(&contoso, "anna", 3), contoso.created);
        let made = group.clone();
        let added = write(&call, move |scope| {
            scope.users().create(&anna)?;
            scope.groups().create(&made)?;
            let first = scope.groups().add_member(made.id, anna.user.id, at)?;
            Ok((first, scope.groups().add_member(made.id, anna.user.id, at)?))
        })
        .await
        .expect("writes");
        assert_eq!(added, (true, false));
        let id = group.id;
        let refused =
            write(&call, move |scope| scope.groups().add_member(id, UserId::from_random([9; 16]), at)).await;
        assert!(matches!(refused, Err(StorageError::NotFound { table: "users", .. })));
        let names = call
            .read(move |scope| -> Result<_, StorageError> {
                let members = scope.groups().list_members(id)?;
                Ok((members.len(), scope.groups().find(id)?, scope.groups().list()?.len()))
            })
            .await
            .expect("reads");
        assert_eq!(names, (1, Some(group), 1));
        let removed = write(&call, move |scope| {
            let anna = UserId::from_random([3; 16]);
            let removed = scope.groups().remove_member(id, anna)?;
            Ok((removed, scope.groups().has_member(id, anna)?))
        });
        assert_eq!(removed.await.expect("writes"), (true, false));
    }

    async fn a_sites_groups_are_listed_owners_first(store: Store) {
        let contoso = tenant("Contoso", 1);
        let call = with_tenant(&store, &contoso).await;
        let site = SiteId::from_random([7; 16]);
        let kinds = [GroupKind::SiteVisitors, GroupKind::SiteOwners, GroupKind::SiteMembers];
        let found = write(&call, move |scope| {
            for (seed, kind) in (20_u8..).zip(kinds) {
                scope.groups().create(&Group {
                    id: GroupId::from_random([seed; 16]),
                    tenant: contoso.id,
                    kind,
                    display_name: format!("{kind:?}"),
                    site: Some(site),
                    created: contoso.created,
                })?;
            }
            scope.groups().list_of_site(site)
        })
        .await
        .expect("writes");
        let kinds: Vec<_> = found.iter().map(|group| group.kind).collect();
        assert_eq!(kinds, [GroupKind::SiteOwners, GroupKind::SiteMembers, GroupKind::SiteVisitors]);
    }

    async fn a_ticket_finds_its_invitation_in_its_own_tenant_alone(store: Store) {
        let (contoso, fabrikam) = (tenant("Contoso", 1), tenant("Fabrikam", 2));
        let call = with_tenant(&store, &contoso).await;
        let other = with_tenant(&store, &fabrikam).await;
        let new = guest(&contoso, "ben@fabrikam.example", 4);
        let invitation = Invitation {
            id: InvitationId::from_random([6; 16]),
            tenant: contoso.id,
            guest: new.user.id,
            email: "ben@fabrikam.example".to_owned(),
            ticket_hash: SecretHash([8; 32]),
            redirect_url: "https://cloud.example/x".to_owned(),
            message: Some("welcome".to_owned()),
            created_by: None,
            created: contoso.created,
            redeemed: None,
        };
        let made = invitation.clone();
        write(&call, move |scope| {
            scope.users().create(&new)?;
            scope.invitations().create(&made)
        })
        .await
        .expect("writes");
        let find = |call: storage::Call| async move {
            call.read(|scope| scope.invitations().find_by_ticket_hash(SecretHash([8; 32]))).await.expect("reads")
        };
        assert_eq!(find(call.clone()).await, Some(invitation.clone()));
        assert_eq!(find(other).await, None);
        let at = contoso.created;
        write(&call, move |scope| scope.invitations().redeem(invitation.id, at)).await.expect("writes");
        assert_eq!(find(call).await.and_then(|found| found.redeemed), Some(at));
    }

    async fn a_guest_keeps_its_home_account_for_history_when_deleted(store: Store) {
        let contoso = tenant("Contoso", 1);
        let call = with_tenant(&store, &contoso).await;
        let new = guest(&contoso, "ben@fabrikam.example", 4);
        let (id, at) = (new.user.id, contoso.created);
        let home = HomeAccount { tenant: TenantId::from_random([2; 16]), user: UserId::from_random([9; 16]) };
        write(&call, move |scope| {
            scope.users().create(&new)?;
            scope.users().accept_guest(id, home, at)?;
            scope.users().update_sign_in(id, SignIn::Blocked, at)
        })
        .await
        .expect("writes");
        let found = call.read(move |scope| scope.users().find_by_home(home)).await.expect("reads");
        assert_eq!(found.map(|user| (user.id, user.enabled)), Some((id, false)));
        write(&call, move |scope| scope.users().delete(id, at)).await.expect("writes");
        let address: Address = "ben@fabrikam.example".parse().expect("an address");
        let after = call
            .read(move |scope| -> Result<_, StorageError> {
                let ever = scope.users().list_ever_bound_to(home)?;
                let live = (scope.users().find(id)?, scope.users().find_by_address(&address)?);
                Ok((ever.len(), scope.users().find_even_deleted(id)?.map(|user| user.deleted), live))
            })
            .await
            .expect("reads");
        assert_eq!(after, (1, Some(Some(at)), (None, None)));
    }

    async fn people_are_listed_in_pages(store: Store) {
        let contoso = tenant("Contoso", 1);
        let call = with_tenant(&store, &contoso).await;
        let people: Vec<_> = (10..15_u8).map(|seed| member(&contoso, &format!("p{seed}"), seed)).collect();
        write(&call, move |scope| people.iter().try_for_each(|new| scope.users().create(new)))
            .await
            .expect("writes");
        let pages = call
            .read(|scope| -> Result<_, StorageError> {
                let first = scope.users().list(None, 3)?;
                let last = first.last().map(|user| user.principal_name.clone());
                Ok((first.len(), scope.users().list(last.as_deref(), 3)?.len()))
            })
            .await
            .expect("reads");
        assert_eq!(pages, (3, 2));
    }

    async fn a_finished_job_forgets_its_payload(store: Store) {
        let contoso = tenant("Contoso", 1);
        let call = with_tenant(&store, &contoso).await;
        let at = contoso.created;
        let job = JobId::from_random([1; 16]);
        write(&call, move |scope| scope.jobs().create(job, JobKind::Mail, "link".to_owned(), at))
            .await
            .expect("writes");
        let left = Operator::new(store)
            .write(move |cloud| -> Result<_, StorageError> {
                let due = cloud.list_due_jobs(at, 10)?.len();
                cloud.finish_job(job)?;
                let after = cloud.list_due_jobs(at, 10)?.len();
                Ok(Commit::unaudited((due, after, cloud.find_job_payload(job)?), Unaudited::Housekeeping))
            })
            .await
            .expect("writes");
        assert_eq!(left, (1, 0, Some(String::new())));
    }
}
