//! The access question: who had a root hears why it closed, signed; nobody else hears anything.

use data_encoding::BASE64URL_NOPAD;
use http::StatusCode;
use model::{HomeAccount, Role};
use storage::StorageError;
use transfer::{AccessReason, AccessReport, AccessState};

use crate::browser::{Answer, Browser};
use crate::cloud::{Cloud, MARIA, authorize, exchange};
use crate::shared_site::SharedSite;

async fn home_token(browser: &mut Browser) -> String {
    let code =
        browser.continue_at(&authorize("organizations", &[])).await.redirected("code").expect("a code");
    let tokens = exchange(browser, "organizations", &code).await.json();
    tokens["access_token"].as_str().expect("a token").to_owned()
}

fn report(answer: &Answer) -> AccessReport {
    assert_eq!(answer.headers["content-type"], "application/jose");
    let payload = answer.body.split('.').nth(1).expect("a payload");
    serde_json::from_slice(&BASE64URL_NOPAD.decode(payload.as_bytes()).expect("base64")).expect("a report")
}

#[tokio::test]
async fn r_d09_who_had_the_root_hears_why_it_closed_and_nobody_else_hears_anything() {
    let cloud = Cloud::start().await;
    let site = SharedSite::make(&cloud).await;
    let link = site.share(&cloud, true, MARIA, Role::Write).await;
    let mut maria = cloud.signed_in().await;
    let token = home_token(&mut maria).await;
    let (drive, root) = (site.made.library.id, site.made.library.root);
    let question = serde_json::json!({
        "tenant": cloud.contoso.to_string(), "drive": drive.to_string(), "item": root.to_string(), "nonce": "n-1",
    });
    // Invited, but never told about the root: nothing is there.
    assert_eq!(maria.ask(&token, &question).await.status, StatusCode::NOT_FOUND);
    let page = maria.open(&link).await;
    maria.submit(&page, &[("consent", "accept")]).await;
    let home = HomeAccount { tenant: cloud.fabrikam, user: cloud.maria };
    let contoso = cloud.contoso;
    let now = cloud.store.runtime().now();
    cloud
        .write(move |scope| -> Result<_, StorageError> {
            let mut scope = scope.tenant(contoso);
            let guest = scope.users().find_by_home(home)?.expect("the guest");
            scope.sync_roots().record(drive, root, home, guest.id, now)
        })
        .await;
    let told = report(&maria.ask(&token, &question).await);
    assert_eq!((told.state, told.reason, told.nonce.as_str()), (AccessState::Active, None, "n-1"));
    assert_eq!(told.person, format!("{}.{}", cloud.fabrikam, cloud.maria));
    let guest = {
        let system = storage::System::new(cloud.store.clone(), cloud.contoso, "test");
        system
            .read(move |scope| scope.users().find_by_home(home))
            .await
            .expect("reads")
            .expect("the guest")
            .id
    };
    directory::delete_person(&site.call, guest).await.expect("deletes");
    let told = report(&maria.ask(&token, &question).await);
    assert_eq!((told.state, told.reason), (AccessState::Revoked, Some(AccessReason::GuestDeleted)));
    // Somebody else of the same organization, and somebody without a token.
    cloud.add_member(cloud.fabrikam, &["anna@fabrikam.example"]).await;
    let mut anna = cloud.signed_in_as("anna@fabrikam.example").await;
    let annas = home_token(&mut anna).await;
    assert_eq!(anna.ask(&annas, &question).await.status, StatusCode::NOT_FOUND);
    assert_eq!(anna.ask("nonsense", &question).await.status, StatusCode::UNAUTHORIZED);
    for (field, value) in [("tenant", "x"), ("drive", "x"), ("item", "x")] {
        let mut other = question.clone();
        other[field] = value.into();
        assert_eq!(maria.ask(&token, &other).await.status, StatusCode::NOT_FOUND, "{field}");
    }
    let mut long = question.clone();
    long["nonce"] = "n".repeat(300).into();
    assert_eq!(maria.ask(&token, &long).await.status, StatusCode::BAD_REQUEST);
}
