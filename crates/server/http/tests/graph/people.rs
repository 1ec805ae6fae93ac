//! `/me`, `/users`, `/groups`, `/invitations`.

use directory::Offer;
use http::StatusCode;
use serde_json::json;

use crate::cloud::{BEN, Cloud, codes, text, ticket};

#[tokio::test]
async fn r_a07_an_administrator_invites_a_guest_and_sees_them_accept_over_graph() {
    let cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    let (status, me) = cloud.get(&anna, "/v1.0//me").await;
    assert_eq!((status, &me["userType"]), (StatusCode::OK, &json!("Member")));
    assert_eq!(me["userPrincipalName"], "anna@contoso.example");
    let asked = json!({
        "@odata.type": "#microsoft.graph.invitation",
        "invitedUserEmailAddress": BEN,
        "inviteRedirectUrl": "https://cloud.example/contoso.example",
        "invitedUserDisplayName": "Ben Bell",
        "sendInvitationMessage": true,
        "invitedUserMessageInfo": {"customizedMessageBody": "Welcome", "messageLanguage": "en"},
    });
    let (status, made) = cloud.post(&anna, "/v1.0/invitations", asked.clone()).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    assert_eq!((&made["status"], &made["invitedUser"]["email"]), (&json!("PendingAcceptance"), &json!(BEN)));
    let id = text(&made["invitedUser"]["id"]);

    let (_, guest) =
        cloud.get(&anna, &format!("/v1.0/users/{id}?$select=externalUserState,userPrincipalName")).await;
    assert_eq!(guest["externalUserState"], "PendingAcceptance");
    assert_eq!(guest["userPrincipalName"], "ben_fabrikam.example#EXT#@contoso.example");
    cloud.accept(Offer::Ticket(ticket(&text(&made["inviteRedeemUrl"])).hash())).await;
    let by_name = "/v1.0/users/ben_fabrikam.example%23EXT%23@contoso.example";
    let (_, guest) = cloud.get(&anna, by_name).await;
    assert_eq!((text(&guest["id"]), text(&guest["externalUserState"])), (id.clone(), "Accepted".to_owned()));
    let (_, again) = cloud.post(&anna, "/v1.0/invitations", asked).await;
    assert_eq!((&again["status"], &again["invitedUser"]["id"]), (&json!("Completed"), &json!(id)));
}

#[tokio::test]
async fn a_bad_invitation_says_what_is_wrong() {
    let cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    let redirect = "https://cloud.example/";
    let cases = [
        (json!({"invitedUserEmailAddress": "a+b@c.example", "inviteRedirectUrl": redirect}), 400),
        (json!({"invitedUserEmailAddress": BEN, "inviteRedirectUrl": "https://evil.example/"}), 400),
        (json!({"invitedUserEmailAddress": "anna@contoso.example", "inviteRedirectUrl": redirect}), 400),
        (json!({"invitedUserEmailAddress": "x@contoso.example", "inviteRedirectUrl": redirect}), 403),
        (
            json!({"invitedUserEmailAddress": BEN, "inviteRedirectUrl": redirect, "resetRedemption": true}),
            400,
        ),
        (json!(["no", "object"]), 400),
    ];
    for (body, expected) in cases {
        let (status, answer) = cloud.post(&anna, "/v1.0/invitations", body.clone()).await;
        assert_eq!(status.as_u16(), expected, "{body} {answer}");
        assert!(!answer["error"]["message"].as_str().expect("a message").is_empty());
    }
}

#[tokio::test]
async fn r_a10_a_deleted_guests_token_is_void_with_the_next_request() {
    let cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    let (site, _) = cloud.falcon(&anna).await;
    let share = json!({"recipients": [{"email": BEN}], "roles": ["read"]});
    cloud.post(&anna, &format!("/v1.0/sites/{site}/invite"), share).await;
    let ben = cloud.ben_as_guest().await;
    let (status, me) = cloud.get(&ben, "/v1.0/me").await;
    assert_eq!((status, &me["userType"]), (StatusCode::OK, &json!("Guest")));
    let id = text(&me["id"]);
    assert_eq!(cloud.get(&ben, &format!("/v1.0/sites/{site}")).await.0, StatusCode::OK);

    assert_eq!(cloud.delete(&ben, &format!("/v1.0/users/{id}")).await.0, StatusCode::FORBIDDEN);
    assert_eq!(cloud.delete(&anna, &format!("/v1.0/users/{id}")).await.0, StatusCode::NO_CONTENT);
    assert_eq!(cloud.get(&ben, "/v1.0/me").await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(cloud.get(&ben, &format!("/v1.0/sites/{site}")).await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(cloud.get(&anna, &format!("/v1.0/users/{id}")).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn people_are_listed_in_pages_and_by_the_filters_clients_send() {
    let cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    for address in ["cleo@fabrikam.example", "dora@fabrikam.example", BEN] {
        let asked =
            json!({"invitedUserEmailAddress": address, "inviteRedirectUrl": "https://cloud.example/"});
        assert_eq!(cloud.post(&anna, "/v1.0/invitations", asked).await.0, StatusCode::CREATED);
    }
    let mut path = "/v1.0/users?$top=2&$filter=userType%20eq%20'Guest'".to_owned();
    let mut names = Vec::new();
    loop {
        let (status, page) = cloud.get(&anna, &path).await;
        assert_eq!(status, StatusCode::OK, "{page}");
        names.extend(page["value"].as_array().expect("values").iter().map(|user| text(&user["mail"])));
        let Some(next) = page["@odata.nextLink"].as_str() else { break };
        path = next.strip_prefix("https://cloud.example").expect("our own origin").to_owned();
    }
    assert_eq!(names, [BEN, "cleo@fabrikam.example", "dora@fabrikam.example"]);
    let (_, one) = cloud.get(&anna, &format!("/v1.0/users?$filter=mail%20eq%20'{BEN}'")).await;
    assert_eq!(one["value"].as_array().map(Vec::len), Some(1));
    let (status, _) = cloud.get(&anna, "/v1.0/users?$filter=startswith(mail,'b')").await;
    assert_eq!(status, StatusCode::NOT_IMPLEMENTED);
    let carl = cloud.colleague("carl@contoso.example").await;
    let (status, body) = cloud.delete(&carl, &format!("/v1.0/users/{}", cloud.anna)).await;
    assert_eq!((status, codes(&body)), (StatusCode::FORBIDDEN, ("accessDenied", Some("roleRequired"))));
}

#[tokio::test]
async fn groups_are_made_and_filled() {
    let cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    let asked = json!({"invitedUserEmailAddress": BEN, "inviteRedirectUrl": "https://cloud.example/"});
    let (_, invited) = cloud.post(&anna, "/v1.0/invitations", asked).await;
    let guest = text(&invited["invitedUser"]["id"]);
    let (status, group) = cloud.post(&anna, "/v1.0/groups", json!({"displayName": "Partners"})).await;
    assert_eq!(status, StatusCode::CREATED);
    let members = format!("/v1.0/groups/{}/members", text(&group["id"]));
    let reference =
        json!({"@odata.id": format!("https://graph.microsoft.com/v1.0/directoryObjects/{guest}")});
    for expected in [StatusCode::NO_CONTENT, StatusCode::BAD_REQUEST] {
        assert_eq!(cloud.post(&anna, &format!("{members}/$ref"), reference.clone()).await.0, expected);
    }
    let (_, listed) = cloud.get(&anna, &members).await;
    assert_eq!(listed["value"][0]["id"], json!(guest));
    let (_, found) = cloud.get(&anna, "/v1.0/groups?$filter=displayName%20eq%20'Partners'").await;
    assert_eq!(found["value"][0]["id"], group["id"]);
    for expected in [StatusCode::NO_CONTENT, StatusCode::NOT_FOUND] {
        assert_eq!(cloud.delete(&anna, &format!("{members}/{guest}/$ref")).await.0, expected);
    }
    let ben = cloud.ben_as_guest().await;
    for path in ["/v1.0/groups", "/v1.0/users"] {
        assert_eq!(cloud.get(&ben, path).await.0, StatusCode::FORBIDDEN, "{path}");
    }
    for path in [members.as_str(), &format!("/v1.0/users/{}", cloud.anna)] {
        assert_eq!(cloud.get(&ben, path).await.0, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn r_a10_a_deleted_guest_comes_back_with_what_they_had_and_no_token_of_before() {
    let cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    let (site, _) = cloud.falcon(&anna).await;
    let body = json!({ "recipients": [{ "email": BEN }], "roles": ["read"] });
    cloud.post(&anna, &format!("/v1.0/sites/{site}/invite"), body).await;
    let ben = cloud.ben_as_guest().await;
    let (_, me) = cloud.get(&ben, "/v1.0/me").await;
    let id = text(&me["id"]);
    let (status, _) = cloud.ask(&anna, http::Method::DELETE, &format!("/v1.0/users/{id}"), None).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    let bin = "/v1.0/directory/deletedItems";
    let (_, listed) = cloud.get(&anna, &format!("{bin}/microsoft.graph.user?$count=true")).await;
    assert_eq!((&listed["value"][0]["id"], &listed["@odata.count"]), (&json!(id), &json!(1)), "{listed}");
    let (status, found) = cloud.get(&anna, &format!("{bin}/{id}")).await;
    assert_eq!((status, &found["mail"]), (StatusCode::OK, &json!(BEN)));
    let colleague = cloud.colleague("carl@contoso.example").await;
    for (path, post) in [(format!("{bin}/{id}/restore"), true), (format!("{bin}/{id}"), false)] {
        let method = if post { http::Method::POST } else { http::Method::GET };
        let (status, refused) = cloud.ask(&colleague, method, &path, None).await;
        assert_eq!((status, codes(&refused).1), (StatusCode::FORBIDDEN, Some("roleRequired")));
    }
    let (status, back) = cloud.ask(&anna, http::Method::POST, &format!("{bin}/{id}/restore"), None).await;
    assert_eq!((status, &back["id"]), (StatusCode::OK, &json!(id)), "{back}");
    assert_eq!(cloud.get(&ben, "/v1.0/me").await.0, StatusCode::UNAUTHORIZED, "void stays void");
    let ben = cloud.token(cloud.ben_at_home(), cloud.contoso).await;
    assert_eq!(cloud.get(&ben, &format!("/v1.0/sites/{site}")).await.0, StatusCode::OK);
    let (_, known) = cloud.get(&anna, &format!("/v1.0/users?$filter=mail%20eq%20'{BEN}'")).await;
    assert_eq!(known["value"][0]["id"], json!(id), "found by address again");
    let (status, _) = cloud.ask(&anna, http::Method::POST, &format!("{bin}/{id}/restore"), None).await;
    assert_eq!(status, StatusCode::NOT_FOUND, "nobody is restored twice");
}

#[tokio::test]
async fn a_deleted_guest_whose_address_went_to_a_new_one_stays_deleted() {
    let cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    let asked = json!({"invitedUserEmailAddress": BEN, "inviteRedirectUrl": "https://cloud.example/"});
    let (_, first) = cloud.post(&anna, "/v1.0/invitations", asked.clone()).await;
    let id = text(&first["invitedUser"]["id"]);
    cloud.ask(&anna, http::Method::DELETE, &format!("/v1.0/users/{id}"), None).await;
    let (_, second) = cloud.post(&anna, "/v1.0/invitations", asked).await;
    assert_ne!(text(&second["invitedUser"]["id"]), id);
    let restore = format!("/v1.0/directory/deletedItems/{id}/restore");
    let (status, taken) = cloud.ask(&anna, http::Method::POST, &restore, None).await;
    assert_eq!((status, codes(&taken).0), (StatusCode::CONFLICT, "nameAlreadyExists"), "{taken}");
}
