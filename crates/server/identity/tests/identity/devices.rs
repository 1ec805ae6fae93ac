//! Device codes: asked, answered by a person, fetched once.

use identity::{Authority, DeviceAnswer, FOOTBRIDGE_CLIENT_ID, Grant, IdentityError, Refusal};

use crate::cloud::{Cloud, SCOPE, claims, refused};

#[tokio::test]
async fn a_device_gets_tokens_once_after_a_person_allowed_it() {
    let cloud = Cloud::start().await;
    let identity = &cloud.identity;
    let device =
        identity.start_device(Authority::Home, FOOTBRIDGE_CLIENT_ID, SCOPE).await.expect("a device code");
    let poll = async || cloud.grant(Authority::Home, Grant::DeviceCode(device.device_code.clone())).await;
    assert_eq!(refused(poll().await), 70_016);
    assert_eq!(refused(poll().await), 70_021, "asks too soon");
    let typed = format!(" {}-{} ", &device.user_code[..4].to_lowercase(), &device.user_code[4..]);
    let request = identity.device_request(&typed).await.expect("reads").expect("is waiting");
    assert_eq!(request.client.name, "Footbridge");
    let maria = cloud.session(cloud.maria_at_home()).await;
    assert!(identity.answer_device(&typed, &maria, DeviceAnswer::Allow).await.expect("answers"));
    assert!(!identity.answer_device(&typed, &maria, DeviceAnswer::Decline).await.expect("answers"), "twice");
    let answer = poll().await.expect("tokens");
    assert_eq!(claims(&answer.access_token)["oid"], cloud.maria.to_string());
    assert_eq!(refused(poll().await), 70_002, "works once");
}

#[tokio::test]
async fn a_device_hears_that_it_was_declined_or_too_late() {
    let cloud = Cloud::start().await;
    let identity = &cloud.identity;
    let device =
        identity.start_device(Authority::Home, FOOTBRIDGE_CLIENT_ID, SCOPE).await.expect("a device code");
    let maria = cloud.session(cloud.maria_at_home()).await;
    assert!(identity.answer_device(&device.user_code, &maria, DeviceAnswer::Decline).await.expect("answers"));
    let poll = async || cloud.grant(Authority::Home, Grant::DeviceCode(device.device_code.clone())).await;
    assert_eq!(refused(poll().await), 70_018);
    cloud.move_clock(901);
    assert_eq!(refused(poll().await), 70_019);
    assert!(identity.device_request(&device.user_code).await.expect("reads").is_none());
    let unknown = Grant::DeviceCode("unknown".to_owned());
    assert_eq!(refused(cloud.grant(Authority::Home, unknown).await), 70_002);
}

#[tokio::test]
async fn a_device_of_an_organization_gives_nothing_to_who_is_no_guest_there() {
    let cloud = Cloud::start().await;
    let at = Authority::Tenant(cloud.contoso);
    let device = cloud.identity.start_device(at, FOOTBRIDGE_CLIENT_ID, SCOPE).await.expect("a device code");
    let maria = cloud.session(cloud.maria_at_home()).await;
    cloud.identity.answer_device(&device.user_code, &maria, DeviceAnswer::Allow).await.expect("answers");
    let grant = Grant::DeviceCode(device.device_code);
    assert_eq!(refused(cloud.grant(at, grant).await), 50_020);
}

#[tokio::test]
async fn a_block_of_the_account_ends_an_approved_device_also_when_it_is_lifted_again() {
    let cloud = Cloud::start().await;
    let identity = &cloud.identity;
    let device =
        identity.start_device(Authority::Home, FOOTBRIDGE_CLIENT_ID, SCOPE).await.expect("a device code");
    let person = cloud.sign_in("maria@fabrikam.example").await;
    let allowed = identity.answer_device(&device.user_code, &person, DeviceAnswer::Allow).await;
    assert!(allowed.expect("answers"));
    cloud.move_clock(60);
    cloud.block(cloud.maria).await;
    cloud.unblock(cloud.maria).await;
    assert_eq!(refused(cloud.grant(Authority::Home, Grant::DeviceCode(device.device_code)).await), 50_173);
}

#[tokio::test]
async fn what_a_device_without_a_person_has_kept_is_short() {
    let cloud = Cloud::start().await;
    let long = "x".repeat(2_049);
    let started = cloud.identity.start_device(Authority::Home, FOOTBRIDGE_CLIENT_ID, &long).await;
    assert!(matches!(started, Err(IdentityError::Refused(Refusal::Malformed(_)))));
}
