//! Administration of sharing.

use http::StatusCode;
use serde_json::json;

use crate::cloud::{BEN, Cloud, codes};

#[tokio::test]
async fn r_b05_lowering_the_organizations_level_closes_every_site_to_guests_at_once_and_raising_it_reopens() {
    let cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    let (site, drive) = cloud.falcon(&anna).await;
    let path = format!("/v1.0/sites/{site}");
    let share = json!({"recipients": [{"email": BEN}], "roles": ["write"]});
    cloud.post(&anna, &format!("{path}/invite"), share).await;
    let ben = cloud.ben_as_guest().await;
    let settings = "/v1.0/admin/sharepoint/settings";
    let levels = [
        ("disabled", StatusCode::NOT_FOUND),
        ("existingExternalUserSharingOnly", StatusCode::OK),
        ("Disabled", StatusCode::NOT_FOUND),
        ("externalUserAndGuestSharing", StatusCode::OK),
    ];
    for (level, expected) in levels {
        let (status, now) = cloud.patch(&anna, settings, json!({"sharingCapability": level})).await;
        assert_eq!(status, StatusCode::OK, "{now}");
        assert_eq!(cloud.get(&anna, settings).await.1, now);
        for path in [path.clone(), format!("/v1.0/drives/{drive}/root/permissions")] {
            assert_eq!(cloud.get(&ben, &path).await.0, expected, "{level} {path}");
            assert_eq!(cloud.get(&anna, &path).await.0, StatusCode::OK);
        }
    }
    let (status, _) = cloud.patch(&anna, settings, json!({"sharingCapability": "wide open"})).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(cloud.patch(&anna, settings, json!({})).await.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn r_b06_one_sites_level_is_set_by_administrators_and_never_looser_than_the_organizations() {
    let cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    let (site, _) = cloud.falcon(&anna).await;
    let share = json!({"recipients": [{"email": BEN}], "roles": ["write"]});
    cloud.post(&anna, &format!("/v1.0/sites/{site}/invite"), share).await;
    let ben = cloud.ben_as_guest().await;
    let admin = format!("/v1.0/admin/sites/{site}");
    let set = async |token: &str, level: &str| {
        cloud.patch(token, &admin, json!({"sharingCapability": level})).await
    };
    let (status, body) = set(&anna, "externalUserAndGuestSharing").await;
    assert_eq!((status, codes(&body).1), (StatusCode::FORBIDDEN, Some("looserThanOrganization")));
    assert_eq!(set(&anna, "disabled").await.0, StatusCode::OK);
    assert_eq!(cloud.get(&ben, &format!("/v1.0/sites/{site}")).await.0, StatusCode::NOT_FOUND);
    let (_, sites) = cloud.get(&anna, "/v1.0/admin/sites").await;
    assert_eq!(sites["value"][0]["footbridge"]["effectiveSharingCapability"], "disabled");
    assert_eq!(set(&anna, "externalUserSharingOnly").await.0, StatusCode::OK);
    assert_eq!(cloud.get(&ben, &format!("/v1.0/sites/{site}")).await.0, StatusCode::OK);

    let carl = cloud.colleague("carl@contoso.example").await;
    for token in [&carl, &ben] {
        assert_eq!(set(token, "disabled").await.0, StatusCode::FORBIDDEN);
        for path in ["/v1.0/admin/sites", "/v1.0/admin/sharepoint/settings"] {
            let (status, body) = cloud.get(token, path).await;
            assert_eq!((status, codes(&body).1), (StatusCode::FORBIDDEN, Some("roleRequired")), "{path}");
        }
    }
}
