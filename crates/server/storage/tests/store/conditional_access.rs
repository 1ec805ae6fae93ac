//! Conditional access policies: every kind of condition is read as it was written, and no other organization's.

use std::collections::BTreeSet;

use model::{
    AccessConditions, AccessControl, AccessPolicy, AccessPolicyId, ApplicationSet, ClientApp, DirectoryRole,
    GrantOperator, GroupId, GuestKind, GuestSet, InAndOut, LocationSet, NamedLocationId, Platform,
    PlatformSet, PolicyState, Tenant, TenantId, TenantSet, TermsId, UserId, UserSet,
};
use storage::Store;

use crate::databases::{on_both_databases, tenant, with_tenant, write};

fn plain(tenant: &Tenant, seed: u8) -> AccessPolicy {
    AccessPolicy {
        id: AccessPolicyId::from_random([seed; 16]),
        tenant: tenant.id,
        display_name: format!("Policy {seed}"),
        state: PolicyState::ReportOnly,
        conditions: AccessConditions::default(),
        operator: GrantOperator::Or,
        controls: [AccessControl::Block].into(),
        sign_in_every_s: None,
        created: tenant.created,
        modified: tenant.created,
    }
}

fn full(tenant: &Tenant) -> AccessPolicy {
    let user = |seed| UserId::from_random([seed; 16]);
    let homes = TenantSet::These([TenantId::from_random([8; 16])].into());
    let place = NamedLocationId::from_random([7; 16]);
    AccessPolicy {
        state: PolicyState::Enabled,
        operator: GrantOperator::And,
        conditions: AccessConditions {
            users: InAndOut {
                include: UserSet {
                    all: true,
                    users: [user(1), user(2)].into(),
                    groups: [GroupId::from_random([3; 16])].into(),
                    roles: [DirectoryRole::GuestInviter, DirectoryRole::GlobalAdministrator].into(),
                    guests: Some(GuestSet::everybody()),
                },
                exclude: UserSet {
                    users: [user(1)].into(),
                    guests: Some(GuestSet { kinds: [GuestKind::ServiceProvider].into(), homes }),
                    ..UserSet::default()
                },
            },
            applications: InAndOut {
                include: ApplicationSet { all: true, ids: ["Office365".to_owned()].into() },
                exclude: ApplicationSet { all: false, ids: ["x".to_owned()].into() },
            },
            locations: Some(InAndOut {
                include: LocationSet { all: true, all_trusted: false, named: [place].into() },
                exclude: LocationSet { all: false, all_trusted: true, named: BTreeSet::new() },
            }),
            platforms: Some(InAndOut {
                include: PlatformSet { all: true, platforms: BTreeSet::new() },
                exclude: PlatformSet { all: false, platforms: [Platform::Linux, Platform::Ios].into() },
            }),
            client_apps: [ClientApp::Browser, ClientApp::Other].into(),
        },
        controls: [
            AccessControl::Mfa,
            AccessControl::CompliantDevice,
            AccessControl::JoinedDevice,
            AccessControl::Terms(TermsId::from_random([6; 16])),
        ]
        .into(),
        sign_in_every_s: Some(3_600),
        ..plain(tenant, 9)
    }
}

on_both_databases! {
    async fn policies_are_read_as_they_were_written_until_they_are_deleted(store: Store) {
        let (contoso, fabrikam) = (tenant("Contoso", 1), tenant("Fabrikam", 2));
        let call = with_tenant(&store, &contoso).await;
        let other = with_tenant(&store, &fabrikam).await;
        let (first, second, theirs) = (full(&contoso), plain(&contoso, 10), plain(&fabrikam, 11));
        let kept = [first.clone(), second.clone()];
        let revision = call.read(|scope| scope.access_policies().revision()).await.expect("reads");
        assert_eq!(revision, 0);
        write(&call, move |scope| kept.iter().try_for_each(|policy| scope.access_policies().put(policy)))
            .await
            .expect("writes");
        let kept = theirs.clone();
        write(&other, move |scope| scope.access_policies().put(&kept)).await.expect("writes");
        let read = call.read(|scope| scope.access_policies().list()).await.expect("reads");
        assert_eq!(read, [first.clone(), second.clone()]);
        let before = call.read(|scope| scope.access_policies().revision()).await.expect("reads");
        assert!(before > revision);

        let changed = AccessPolicy { controls: [AccessControl::Mfa].into(), ..first.clone() };
        let (kept, gone) = (changed.clone(), second.id);
        write(&call, move |scope| scope.access_policies().put(&kept)).await.expect("writes");
        assert!(write(&call, move |scope| scope.access_policies().delete(gone)).await.expect("deletes"));
        let foreign = theirs.id;
        assert!(!write(&call, move |scope| scope.access_policies().delete(foreign)).await.expect("deletes"));
        let read = call.read(|scope| scope.access_policies().list()).await.expect("reads");
        assert_eq!(read, [changed]);
        let read = other.read(|scope| scope.access_policies().list()).await.expect("reads");
        assert_eq!(read, [theirs]);
        let after = call.read(|scope| scope.access_policies().revision()).await.expect("reads");
        assert!(after > before);
    }
}
