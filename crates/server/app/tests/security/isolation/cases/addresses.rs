//! Addresses that speak for a person: upload sessions and downloads. Whoever holds the true address is its person, so
//! everybody but the owner asks with one that differs in a letter; and one that was true ends with its person's access.

use http::Method;

use crate::isolation::case::{At, Case, Expect, case};
use crate::world::{Ask, CONTENT_OF, Who};

/// The owner's address for the owner, and what a guesser makes of it for everybody else.
fn guessed(at: &At<'_>, address: &str) -> String {
    if at.who == Who::Owner {
        return address.to_owned();
    }
    let (head, last) = address.split_at(address.len() - 20);
    let changed: String = last.chars().map(|letter| if letter == 'A' { 'B' } else { 'A' }).collect();
    format!("{head}{changed}")
}

fn fragment(address: String) -> Ask {
    Ask::put(address, "012").header("content-range", "bytes 0-2/9")
}

pub(super) fn cases() -> Vec<Case> {
    const SESSION: &str = "/v1.0/uploadSessions/{address}";
    let session =
        |method: &str| -> &'static str { Box::leak(format!("{method} {SESSION}").into_boxed_str()) };
    vec![
        case(session("PUT"), "the owner's session", |at| fragment(guessed(at, &at.things.session)))
            .open(&[Who::Owner]),
        case(session("PUT"), "of one whose access ended", |at| fragment(at.things.ended_session.clone())),
        case(session("GET"), "the owner's session", |at| Ask::get(guessed(at, &at.things.session)))
            .shows(&[Who::Owner], |_| "3-8".to_owned()),
        case(session("GET"), "of one whose access ended", |at| Ask::get(at.things.ended_session.clone())),
        case(session("GET"), "an address for reading", |at| {
            Ask::get(at.things.download.replace("downloads", "uploadSessions"))
        }),
        case(session("POST"), "the owner's session, which is not complete", |at| {
            Ask::new(Method::POST, guessed(at, &at.things.session))
        })
        .for_these(&[Who::Owner], Expect::Status(409)),
        case(session("POST"), "of one whose access ended", |at| {
            Ask::new(Method::POST, at.things.ended_session.clone())
        }),
        case(session("DELETE"), "of one whose access ended", |at| {
            Ask::delete(at.things.ended_session.clone())
        }),
        case(session("DELETE"), "the owner's session", |at| Ask::delete(guessed(at, &at.things.session)))
            .open(&[Who::Owner]),
        case("GET /v1.0/downloads/{address}", "the owner's address of the hidden file", |at| {
            Ask::get(guessed(at, &at.things.download))
        })
        .shows(&[Who::Owner], |at| CONTENT_OF(&at.things.hidden_file.name).trim().to_owned()),
        case("GET /v1.0/downloads/{address}", "of one whose access ended", |at| {
            Ask::get(at.things.ended_download.clone())
        }),
        case("GET /v1.0/downloads/{address}", "an address for sending", |at| {
            Ask::get(at.things.session.replace("uploadSessions", "downloads"))
        }),
    ]
}
