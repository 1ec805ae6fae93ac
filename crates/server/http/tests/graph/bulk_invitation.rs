//! Many guests at once (A08): the requests that the script in `docs/guide/InviteGuests.ps1` sends, in their order, and the one
//! request of our own that does the same.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::cloud::{BEN, Cloud, text};

const SITE: &str = "https://cloud.example/contoso.example/sites/Falcon";
const SCRIPT: &str = include_str!("../../../../../docs/guide/InviteGuests.ps1");

async fn partners(cloud: &Cloud, anna: &str) -> String {
    let (status, group) = cloud.post(anna, "/v1.0/groups", json!({"displayName": "Falcon partners"})).await;
    assert_eq!(status, StatusCode::CREATED, "{group}");
    text(&group["id"])
}

/// Reads what the script sends: methods and addresses, with its variables as they are written.
fn requests_of_the_script() -> Vec<(String, String)> {
    SCRIPT
        .lines()
        .filter_map(|line| line.split_once("Invoke-MgGraphRequest -Method ")?.1.split_once(" -Uri "))
        .map(|(method, rest)| {
            let quote = rest.chars().next().unwrap_or('"');
            let address = rest[1..].split(quote).next().unwrap_or_default().replace("`$", "$");
            (method.to_owned(), format!("/{address}"))
        })
        .collect()
}

/// Sends one row as the script does; returns what stands in its column `error`.
async fn row(cloud: &Cloud, anna: &str, group: &str, name: &str, email: &str) -> String {
    let mut guest = String::new();
    for (method, address) in requests_of_the_script() {
        let method: Method = method.parse().expect("a method");
        let address = address.replace("$($group.id)", group);
        let body = match address.as_str() {
            "/v1.0/invitations" => json!({
                "invitedUserEmailAddress": email, "invitedUserDisplayName": name,
                "inviteRedirectUrl": SITE, "sendInvitationMessage": false,
            }),
            address if address.ends_with("$ref") => {
                json!({"@odata.id": format!("https://cloud.example/v1.0/directoryObjects/{guest}")})
            }
            _ => continue,
        };
        let (status, answer) = cloud.ask(anna, method, &address, Some(body)).await;
        let message = answer["error"]["message"].as_str().unwrap_or_default().to_owned();
        if !status.is_success() && !message.contains("references already exist") {
            return message;
        }
        if let Some(id) = answer["invitedUser"]["id"].as_str() {
            guest = id.to_owned();
        }
    }
    "success".to_owned()
}

#[tokio::test]
async fn r_a08_the_documents_script_ported_to_todays_calls_invites_and_can_be_repeated() {
    let cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    let group = partners(&cloud, &anna).await;
    let sent: Vec<String> = requests_of_the_script().into_iter().map(|(_, address)| address).collect();
    assert_eq!(
        sent,
        ["/v1.0/groups?$filter=$filter", "/v1.0/invitations", "/v1.0/groups/$($group.id)/members/$ref"]
    );
    let found = "/v1.0/groups?$filter=displayName%20eq%20'Falcon%20partners'";
    assert_eq!(cloud.get(&anna, found).await.1["value"][0]["id"], json!(group));

    let people = [("Ben", BEN), ("Nobody", "no address"), ("Cleo", "cleo@fabrikam.example")];
    for expected in [["success", "email", "success"], ["success", "email", "success"]] {
        for ((name, email), expected) in people.iter().zip(expected) {
            let error = row(&cloud, &anna, &group, name, email).await;
            assert!(error.to_lowercase().contains(expected), "{name}: {error}");
        }
    }
    let (_, members) = cloud.get(&anna, &format!("/v1.0/groups/{group}/members")).await;
    assert_eq!(members["value"].as_array().map(Vec::len), Some(2), "{members}");
    let welcomes = cloud.mails().await.into_iter().filter(|mail| mail.contains("\"welcome\"")).count();
    assert_eq!(welcomes, 2, "each is greeted once");
}

#[tokio::test]
async fn r_a08_many_guests_come_by_one_request_and_a_bad_one_stops_nobody() {
    let cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    let group = partners(&cloud, &anna).await;
    let people = json!([
        {"name": "Ben", "email": BEN}, {"email": "no address"}, {"email": "anna@contoso.example"},
        {"name": "", "email": "cleo@fabrikam.example"},
    ]);
    let body = json!({"people": people, "groupId": group, "inviteRedirectUrl": SITE});
    let ask = async || cloud.post(&anna, "/v1.0/admin/guests/invite", body.clone()).await;
    let (status, first) = ask().await;
    assert_eq!(status, StatusCode::OK, "{first}");
    let errors = |answer: &Value| -> Vec<bool> {
        let outcomes = answer["value"].as_array().expect("outcomes");
        outcomes.iter().map(|outcome| outcome["error"].is_object()).collect()
    };
    assert_eq!(errors(&first), [false, true, true, false], "{first}");
    assert_eq!(first["value"][0]["status"], "PendingAcceptance");
    assert!(text(&first["value"][0]["redeemUrl"]).starts_with("https://cloud.example/redeem/"));
    let (_, again) = ask().await;
    assert_eq!(again["value"][0]["userId"], first["value"][0]["userId"]);
    let (_, members) = cloud.get(&anna, &format!("/v1.0/groups/{group}/members")).await;
    assert_eq!(members["value"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn s_10_3_too_many_invitations_in_a_moment_are_refused_for_a_while() {
    let cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    for _ in 0..150 {
        cloud.post(&anna, "/v1.0/invitations", json!({})).await;
    }
    let (status, answer) = cloud.post(&anna, "/v1.0/invitations", json!({})).await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS, "{answer}");
}

#[tokio::test]
async fn s_4_7_a_guest_gets_another_address_and_accepts_anew_over_graph() {
    let cloud = Cloud::start().await;
    let anna = cloud.anna().await;
    let guest = cloud.invite(BEN).await;
    let reset = json!({
        "invitedUserEmailAddress": "ben.new@fabrikam.example", "inviteRedirectUrl": SITE,
        "resetRedemption": true, "invitedUser": {"id": guest.to_string()},
    });
    let (status, answer) = cloud.post(&anna, "/v1.0/invitations", reset.clone()).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "{answer}");
    let path = format!("/v1.0/users/{guest}");
    let (status, _) = cloud.patch(&anna, &path, json!({"mail": "ben.new@fabrikam.example"})).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    let (status, made) = cloud.post(&anna, "/v1.0/invitations", reset).await;
    assert_eq!((status, &made["invitedUser"]["id"]), (StatusCode::CREATED, &json!(guest.to_string())));
}
