//! Named locations and cross-tenant settings: read as they were written, no other organization's, and every change raises
//! the revision of the access rules.

use model::{
    AccessPolicyId, AccessType, AppliedPolicy, ClientApp, Consent, Country, CrossTenantSettings, Crossing,
    CrossingApplications, CrossingUsers, GroupId, InboundTrust, LocationKind, NamedLocation, NamedLocationId,
    Partner, Platform, PolicyResult, PolicyState, Presence, SignInId, SignInRecord, Tenant, TenantId,
    Timestamp, UserId,
};
use storage::{Call, Store};

use crate::databases::{on_both_databases, tenant, with_tenant, write};

fn location(tenant: &Tenant, seed: u8, kind: LocationKind) -> NamedLocation {
    NamedLocation {
        id: NamedLocationId::from_random([seed; 16]),
        tenant: tenant.id,
        display_name: format!("Location {seed}"),
        kind,
        created: tenant.created,
        modified: tenant.created,
    }
}

async fn revision(call: &Call) -> i64 {
    call.read(|scope| scope.access_policies().revision()).await.expect("reads")
}

on_both_databases! {
    async fn named_locations_are_read_as_they_were_written_until_they_are_deleted(store: Store) {
        let (contoso, fabrikam) = (tenant("Contoso", 1), tenant("Fabrikam", 2));
        let call = with_tenant(&store, &contoso).await;
        let other = with_tenant(&store, &fabrikam).await;
        let ranges = ["10.0.0.0/8", "2001:db8::/32"].map(|range| range.parse().expect("a range")).to_vec();
        let office = location(&contoso, 3, LocationKind::Addresses { ranges, trusted: true });
        let countries = ["DE", "FR"].into_iter().filter_map(Country::parse).collect();
        let abroad = location(&contoso, 4, LocationKind::Countries { countries, unknown: true });
        let theirs = location(&fabrikam, 5, LocationKind::Addresses { ranges: Vec::new(), trusted: false });
        for (call, kept) in [(&call, office.clone()), (&call, abroad.clone()), (&other, theirs.clone())] {
            let before = revision(call).await;
            write(call, move |scope| scope.named_locations().put(&kept)).await.expect("writes");
            assert!(revision(call).await > before);
        }
        let read = call.read(|scope| scope.named_locations().list()).await.expect("reads");
        assert_eq!(read, [office.clone(), abroad.clone()]);
        let changed = NamedLocation { display_name: "Elsewhere".to_owned(), ..abroad };
        let (kept, gone, foreign) = (changed.clone(), office.id, theirs.id);
        write(&call, move |scope| scope.named_locations().put(&kept)).await.expect("writes");
        assert!(write(&call, move |scope| scope.named_locations().delete(gone)).await.expect("deletes"));
        assert!(!write(&call, move |scope| scope.named_locations().delete(foreign)).await.expect("deletes"));
        assert_eq!(call.read(|scope| scope.named_locations().list()).await.expect("reads"), [changed]);
        assert_eq!(other.read(|scope| scope.named_locations().list()).await.expect("reads"), [theirs]);
    }

    async fn cross_tenant_settings_keep_what_is_said_apart_from_what_is_inherited(store: Store) {
        let (contoso, fabrikam) = (tenant("Contoso", 1), tenant("Fabrikam", 2));
        let call = with_tenant(&store, &contoso).await;
        let other = with_tenant(&store, &fabrikam).await;
        let crossing = Crossing {
            users: CrossingUsers {
                access: AccessType::Blocked,
                all: false,
                users: [UserId::from_random([1; 16]), UserId::from_random([2; 16])].into(),
                groups: [GroupId::from_random([3; 16])].into(),
            },
            applications: CrossingApplications {
                access: AccessType::Allowed,
                all: true,
                ids: ["Office365".to_owned()].into(),
            },
        };
        let full = CrossTenantSettings {
            inbound: Some(crossing),
            outbound: Some(Crossing::open()),
            trust: Some(InboundTrust { mfa: true, compliant_device: false, joined_device: true }),
            consent_inbound: Some(Consent::Automatic),
            consent_outbound: Some(Consent::Asked),
        };
        let untrusting =
            CrossTenantSettings { trust: Some(InboundTrust::default()), ..CrossTenantSettings::default() };
        let kept = [
            (Partner::Default, full.clone()),
            (Partner::Tenant(TenantId::from_random([8; 16])), CrossTenantSettings::default()),
            (Partner::Tenant(TenantId::from_random([9; 16])), untrusting),
        ];
        let before = revision(&call).await;
        for (partner, settings) in kept.clone() {
            write(&call, move |scope| scope.cross_tenant().put(partner, &settings)).await.expect("writes");
        }
        assert!(revision(&call).await > before);
        let list = async |call: &Call| call.read(|scope| scope.cross_tenant().list()).await.expect("reads");
        assert_eq!(list(&call).await, kept.clone().into());
        assert!(list(&other).await.is_empty());
        let gone = kept[1].0;
        assert!(!write(&other, move |scope| scope.cross_tenant().delete(gone)).await.expect("deletes"));
        assert!(write(&call, move |scope| scope.cross_tenant().delete(gone)).await.expect("deletes"));
        assert_eq!(list(&call).await.len(), 2);
    }

    async fn sign_ins_are_listed_newest_first_in_pages_and_forgotten_when_old(store: Store) {
        let (contoso, fabrikam) = (tenant("Contoso", 1), tenant("Fabrikam", 2));
        let call = with_tenant(&store, &contoso).await;
        let other = with_tenant(&store, &fabrikam).await;
        let record = |seed: u8, at: i64| SignInRecord {
            id: SignInId::from_random([seed; 16]),
            user: UserId::from_random([7; 16]),
            at: Timestamp::from_second(at).expect("a time"),
            presence: Presence { address: "2001:db8::1".parse().ok(), platform: Some(Platform::Linux) },
            client_app: ClientApp::MobileAndDesktop,
            refused: Some(53_003),
            policies: vec![AppliedPolicy {
                policy: AccessPolicyId::from_random([seed; 16]),
                display_name: "Outside".to_owned(),
                state: PolicyState::ReportOnly,
                result: PolicyResult::ActionRequired,
            }],
        };
        let plain = SignInRecord {
            presence: Presence::default(),
            refused: None,
            policies: Vec::new(),
            ..record(3, 30)
        };
        let (old, same, newest) = (record(1, 10), record(2, 10), plain);
        for kept in [old.clone(), same.clone(), newest.clone()] {
            write(&call, move |scope| scope.sign_in_records().create(&kept)).await.expect("writes");
        }
        let list = async |call: &Call, before, most| {
            call.read(move |scope| scope.sign_in_records().list(before, most)).await.expect("reads")
        };
        assert_eq!(list(&call, None, 9).await, [newest.clone(), same.clone(), old.clone()]);
        assert_eq!(list(&call, Some(newest.id), 1).await, std::slice::from_ref(&same));
        assert_eq!(list(&call, Some(same.id), 9).await, std::slice::from_ref(&old));
        assert_eq!(list(&other, None, 9).await, []);
        let user = newest.user;
        let last = call.read(move |scope| scope.sign_in_records().find_last_of(user)).await.expect("reads");
        assert_eq!(last, Some(newest.clone()));
        let time = newest.at;
        write(&other, move |scope| scope.sign_in_records().forget_before(time)).await.expect("forgets nothing");
        write(&call, move |scope| scope.sign_in_records().forget_before(time)).await.expect("forgets");
        assert_eq!(list(&call, None, 9).await, [newest]);
    }
}
