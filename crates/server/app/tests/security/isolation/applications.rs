//! Programs of an organization: how they prove themselves, and what their permissions open and do not.

use data_encoding::BASE64;
use model::ApplicationPermission::{self, GroupReadWriteAll, UserInviteAll, UserReadAll};
use serde_json::json;

use crate::world::{Answer, Ask, DOMAIN, Database, World, token_by_secret, with_bearer};

/// Registers a program of Contoso and returns its client id and secret.
async fn register(world: &World, permissions: &[ApplicationPermission]) -> (String, String) {
    let name = "Bulk invite".to_owned();
    let registered =
        world.identity.register_application(world.contoso, name, permissions.to_vec(), 180).await;
    let (program, secret) = registered.expect("registers");
    (program.id.to_string(), secret.as_str().to_owned())
}

async fn bearer(world: &World, (id, secret): &(String, String)) -> String {
    let answer = world.send_bare(token_by_secret(DOMAIN, id, secret)).await;
    answer.json()["access_token"].as_str().expect("a token").to_owned()
}

fn code(answer: &Answer) -> (u16, String) {
    (answer.status.as_u16(), answer.json()["error_codes"][0].to_string())
}

fn token(organization: &str, fields: &[(&str, &str)]) -> Ask {
    Ask::form(format!("/{organization}/oauth2/v2.0/token"), fields)
}

#[tokio::test]
async fn a_program_proves_itself_by_its_secret_in_the_body_or_by_basic() {
    let world = World::build(Database::Sqlite).await;
    let (id, secret) = register(&world, &[UserReadAll, UserInviteAll]).await;
    let basic = |secret: &str| {
        let value = BASE64.encode(format!("{id}:{secret}").as_bytes());
        let fields = [("grant_type", "client_credentials"), ("scope", ".default")];
        token(DOMAIN, &fields).header("authorization", &format!("Basic {value}"))
    };
    for ask in [token_by_secret(DOMAIN, &id, &secret), basic(&secret)] {
        let answer = world.send_bare(ask).await.json();
        assert!(answer["expires_in"].is_i64() && answer["token_type"] == "Bearer", "{answer}");
        assert!(answer.get("refresh_token").is_none() && answer.get("id_token").is_none(), "{answer}");
        let claims = answer["access_token"].as_str().and_then(|token| token.split('.').nth(1));
        let claims = data_encoding::BASE64URL_NOPAD.decode(claims.expect("claims").as_bytes());
        let claims: serde_json::Value = serde_json::from_slice(&claims.expect("base64")).expect("JSON");
        assert_eq!(claims["roles"], json!(["User.Read.All", "User.Invite.All"]));
        assert_eq!((&claims["idtyp"], &claims["oid"]), (&json!("app"), &json!(id)));
    }
    // A library that tries Basic first is refused in a way that makes it try the body.
    assert_eq!(code(&world.send_bare(basic("wrong")).await), (401, "7000215".to_owned()));
    world.clock.move_on(181 * 24 * 3_600);
    let late = world.send_bare(token_by_secret(DOMAIN, &id, &secret)).await;
    assert_eq!(code(&late), (401, "7000222".to_owned()));
}

#[tokio::test]
async fn a_program_that_proves_nothing_or_asks_elsewhere_gets_nothing() {
    let world = World::build(Database::Sqlite).await;
    let (id, secret) = register(&world, &[UserReadAll]).await;
    let (mine, proof) = (("client_id", id.as_str()), ("client_secret", secret.as_str()));
    let (grant, all) = (("grant_type", "client_credentials"), ("scope", ".default"));
    let ours = ("client_id", identity::FOOTBRIDGE_CLIENT_ID);
    let cases = [
        (token(DOMAIN, &[mine, ("client_secret", "wrong"), grant, all]), 401, "7000215"),
        (token(DOMAIN, &[mine, grant, all]), 401, "7000218"),
        (token(DOMAIN, &[mine, ("client_assertion", "x"), grant, all]), 401, "700027"),
        (token(DOMAIN, &[mine, proof, grant, ("scope", "User.Read.All")]), 400, "1002012"),
        (token(DOMAIN, &[mine, proof, grant]), 400, "900144"),
        (token("organizations", &[mine, proof, grant, all]), 400, "50059"),
        (token("fabrikam.example", &[mine, proof, grant, all]), 400, "700016"),
        (token(DOMAIN, &[("client_id", "x"), proof, grant, all]), 400, "700016"),
        (token(DOMAIN, &[ours, proof, grant, all]), 400, "700016"),
    ];
    for (at, (ask, status, number)) in cases.into_iter().enumerate() {
        assert_eq!(code(&world.send_bare(ask).await), (status, number.to_owned()), "case {at}");
    }
}

#[tokio::test]
async fn a_program_may_what_its_permissions_name_until_it_is_removed() {
    let world = World::build(Database::Sqlite).await;
    let program = register(&world, &[GroupReadWriteAll]).await;
    let token = bearer(&world, &program).await;
    let send = async |ask: Ask| {
        let answer = world.send_bare(with_bearer(ask, &token)).await;
        if answer.body.is_empty() {
            return (answer.status.as_u16(), String::new());
        }
        let reason = answer.json()["error"]["innerError"]["code"].as_str().unwrap_or_default().to_owned();
        (answer.status.as_u16(), reason)
    };
    let lacking = (403, "applicationPermissionRequired".to_owned());
    assert_eq!(send(Ask::get("/v1.0/groups")).await.0, 200);
    let guest = json!({
        "invitedUserEmailAddress": "x@elsewhere.example", "inviteRedirectUrl": "https://cloud.example/",
    });
    for ask in [
        Ask::get("/v1.0/users"),
        Ask::get("/v1.0/admin/sites"),
        Ask::get("/v1.0/sites?search=*"),
        Ask::post("/v1.0/invitations", &guest),
    ] {
        assert_eq!(send(ask.clone()).await, lacking, "{}", ask.target);
    }
    // A site's groups carry its name, so that they are hidden from who may not see the list of sites.
    let group = format!("/v1.0/groups/{}", world.things.falcon.group);
    assert_eq!(send(Ask::get(group.clone())).await.0, 404);
    let member = json!({ "@odata.id": format!("https://cloud.example/v1.0/users/{}", world.things.owner) });
    assert_eq!(send(Ask::post(format!("{group}/members/$ref"), &member)).await.0, 404);
    let library = format!("/v1.0/drives/{}/root/children", world.things.falcon.drive);
    for path in ["/v1.0/me", "/v1.0/me/drive", &library] {
        assert_eq!(send(Ask::get(path)).await, (403, "personRequired".to_owned()), "{path}");
    }
    let call = storage::Call::new(world.store.clone(), world.contoso, model::Actor::Operator);
    directory::remove_application(&call, program.0.parse().expect("an id")).await.expect("removes");
    assert_eq!(send(Ask::get("/v1.0/groups")).await.0, 401, "its token opens nothing any more");
    let again = world.send_bare(token_by_secret(DOMAIN, &program.0, &program.1)).await;
    assert_eq!(code(&again), (400, "700016".to_owned()));
}
