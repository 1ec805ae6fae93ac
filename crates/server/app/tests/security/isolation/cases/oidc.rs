//! The identity provider's protocol. What an organization's own sign-in addresses tell — that it exists, and its keys —
//! they tell everybody; codes and tokens go to its own people and accepted guests alone.

use crate::isolation::case::{At, Case, Expect, case};
use crate::world::{
    Ask, DOMAIN, FORM_TOKEN, REDIRECT, SCOPE, Who, challenge, token_by_code, token_by_refresh,
    token_by_secret,
};

const AUTHORIZE: &str = "GET /{organization}/oauth2/v2.0/authorize";

/// Who has a session and an object in Contoso with which it may be entered.
const ENTITLED: [Who; 9] = [
    Who::Revoked,
    Who::PlainGuest,
    Who::HeronGuest,
    Who::Colleague,
    Who::Admin,
    Who::FolderGuest,
    Who::Reader,
    Who::SiteGuest,
    Who::Owner,
];
/// Who has a session, but no object in Contoso, or none that may be used.
const NOT_ENTITLED: [Who; 4] = [Who::Stranger, Who::StrangerAdmin, Who::Pending, Who::Deleted];

pub(super) fn cases() -> Vec<Case> {
    let discovery = "GET /{organization}/v2.0/.well-known/openid-configuration";
    let path = "v2.0/.well-known/openid-configuration";
    vec![
        case(discovery, "Contoso", move |_| Ask::get(format!("/{DOMAIN}/{path}"))).everybody(Expect::Ok),
        case(discovery, "nobody's", move |_| Ask::get(format!("/nobody.example/{path}")))
            .everybody(Expect::Blind(400)),
        case("GET /{organization}/discovery/v2.0/keys", "keys", |_| {
            Ask::get(format!("/{DOMAIN}/discovery/v2.0/keys"))
        })
        .everybody(Expect::Ok),
        case("GET /common/discovery/instance", "instance", |_| {
            Ask::get(format!(
                "/common/discovery/instance?api-version=1.1&authorization_endpoint=\
                 https%3A%2F%2Fcloud.example%2F{DOMAIN}%2Foauth2%2Fv2.0%2Fauthorize"
            ))
        })
        .everybody(Expect::Ok),
        case(AUTHORIZE, "by a session", |_| Ask::get(authorization()))
            .everybody(Expect::SignIn)
            .shows(&ENTITLED, |_| "to Footbridge?".to_owned())
            .open(&[Who::GuestAtHome])
            .open(&NOT_ENTITLED),
        case(AUTHORIZE, "without a page", |_| Ask::get(format!("{}&prompt=none", authorization())))
            .everybody(Expect::To("error=login_required"))
            .for_these(&ENTITLED, Expect::To("error=interaction_required"))
            .for_these(&[Who::GuestAtHome], Expect::To("error=interaction_required"))
            .for_these(&NOT_ENTITLED, Expect::To("error=interaction_required")),
        answered("yes", "continue")
            .for_these(&ENTITLED, Expect::To("http://localhost:4711/?code="))
            .for_these(&[Who::GuestAtHome], Expect::To("http://localhost:4711/?code=")),
        answered("no", "cancel")
            .for_these(&ENTITLED, Expect::To("http://localhost:4711/?error=access_denied"))
            .for_these(&[Who::GuestAtHome], Expect::To("http://localhost:4711/?error=access_denied")),
        case("POST /{organization}/oauth2/v2.0/authorize", "in the body", |_| {
            Ask::form(format!("/{DOMAIN}/oauth2/v2.0/authorize"), &[("client_id", "x")])
        })
        .everybody(Expect::To("/oauth2/v2.0/authorize?")),
        case("POST /{organization}/oauth2/v2.0/token", "their refresh token", refresh)
            .everybody(Expect::Status(400))
            .open(&ENTITLED)
            .open(&[Who::GuestAtHome]),
        case("POST /{organization}/oauth2/v2.0/token", "a program's secret", |at| {
            let secret = &at.things.program_secret;
            let secret = if at.who == Who::Application { secret } else { "guessed" };
            token_by_secret(DOMAIN, &at.things.program, secret)
        })
        .everybody(Expect::Status(401))
        .open(&[Who::Application]),
        case("POST /{organization}/oauth2/v2.0/token", "a code of nobody's", |_| {
            token_by_code(DOMAIN, "nobody-gave-this-code")
        })
        .everybody(Expect::Blind(400)),
        case("POST /{organization}/oauth2/v2.0/devicecode", "a device", |_| {
            let fields = [("client_id", identity::FOOTBRIDGE_CLIENT_ID), ("scope", SCOPE)];
            Ask::form(format!("/{DOMAIN}/oauth2/v2.0/devicecode"), &fields)
        })
        .everybody(Expect::Ok),
        case("GET /{organization}/oauth2/v2.0/logout", "the end", |_| {
            Ask::get(format!(
                "/{DOMAIN}/oauth2/v2.0/logout?post_logout_redirect_uri=https%3A%2F%2Fevil.example"
            ))
        })
        .everybody(Expect::To("/sign-out")),
    ]
}

/// The address of a good request of the sync client's.
fn authorization() -> String {
    let fields = [
        ("client_id", identity::FOOTBRIDGE_CLIENT_ID),
        ("redirect_uri", REDIRECT),
        ("response_type", "code"),
        ("scope", SCOPE),
        ("state", "the-state"),
        ("code_challenge", &challenge()),
        ("code_challenge_method", "S256"),
    ];
    let query = serde_urlencoded::to_string(fields).expect("a query");
    format!("/{DOMAIN}/oauth2/v2.0/authorize?{query}")
}

/// The page's form for that request.
fn answered(name: &'static str, choice: &'static str) -> Case {
    case("POST /sign-in/continue", name, move |_| {
        let request = authorization();
        let fields = [("request", request.as_str()), ("choice", choice), ("token", FORM_TOKEN)];
        Ask::form("/sign-in/continue", &fields)
    })
    .everybody(Expect::SignIn)
    .for_these(&NOT_ENTITLED, Expect::To("http://localhost:4711/?error=access_denied"))
}

/// Everybody shows their own home's refresh token at Contoso's endpoint (flow 3 of the architecture).
fn refresh(at: &At<'_>) -> Ask {
    let token = at.world.tokens.get(&at.who).map_or("a-refresh-token-of-nobody", |tokens| &tokens.refresh);
    token_by_refresh(DOMAIN, token)
}
