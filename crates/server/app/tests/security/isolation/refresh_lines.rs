//! Refresh lines: sequences of tokens shown at the token endpoint, by who lost an answer, by two at once, and by who has
//! a copy (design/0003). Each runs on both databases.

use futures_util::future::join_all;

use Gets::{Dead, New, Same};

use crate::world::{Answer, DOMAIN, Database, Who, World, token_by_refresh};

const HOUR: i64 = 3_600;
const WEEK: i64 = 7 * 24 * HOUR;
/// The sign-in was revoked.
const REVOKED: &str = "50173";

/// What must come. Tokens are numbered in the order in which they appear; the sign-in's own is 0.
#[derive(Clone, Copy)]
enum Gets {
    /// A token not seen before, under this number.
    New(usize),
    /// Exactly this token.
    Same(usize),
    /// Nothing; the sign-in is over.
    Dead,
}

/// After so many seconds, this token is shown, and this comes.
type Step = (i64, usize, Gets);

const LINES: &[(&str, &[Step])] = &[
    ("one after the other", &[(0, 0, New(1)), (HOUR, 1, New(2)), (HOUR, 2, New(3))]),
    (
        "an answer is lost, and a week later again",
        &[(0, 0, New(1)), (WEEK, 0, New(2)), (WEEK, 0, New(3)), (0, 3, New(4))],
    ),
    ("an answer is lost and asked for at once", &[(0, 0, New(1)), (1, 0, Same(1)), (HOUR, 1, New(2))]),
    (
        "two at once, of which each uses what it got",
        &[(0, 0, New(1)), (5, 0, Same(1)), (HOUR, 1, New(2)), (5, 1, Same(2)), (HOUR, 2, New(3))],
    ),
    (
        "two at once, of which one is a step ahead",
        &[(0, 0, New(1)), (1, 1, New(2)), (1, 0, Same(2)), (HOUR, 2, New(3))],
    ),
    (
        "two at once after a lost answer",
        &[(0, 0, New(1)), (WEEK, 0, New(2)), (1, 0, Same(2)), (HOUR, 2, New(3))],
    ),
    (
        "a copy of what was left behind",
        &[(0, 0, New(1)), (0, 1, New(2)), (HOUR, 0, Dead), (0, 2, Dead), (0, 1, Dead)],
    ),
    ("a copy that was faster", &[(0, 0, New(1)), (HOUR, 0, New(2)), (0, 1, Dead), (0, 2, Dead)]),
    (
        "a copy that follows every step",
        &[(0, 0, New(1)), (HOUR, 1, New(2)), (HOUR, 1, New(3)), (0, 2, Dead), (0, 3, Dead)],
    ),
    (
        "a copy of a superseded token within the minute",
        &[(0, 0, New(1)), (61, 0, New(2)), (1, 1, Dead), (0, 2, Dead)],
    ),
    (
        "a copy of long ago",
        &[(0, 0, New(1)), (HOUR, 1, New(2)), (HOUR, 2, New(3)), (WEEK, 0, Dead), (0, 3, Dead)],
    ),
];

#[tokio::test]
async fn a_line_of_refresh_tokens_survives_lost_answers_and_dies_of_copies_on_sqlite() {
    try_lines(World::build(Database::Sqlite).await).await;
}

#[tokio::test]
async fn a_line_of_refresh_tokens_survives_lost_answers_and_dies_of_copies_on_postgresql() {
    try_lines(World::build(Database::PostgreSql).await).await;
}

async fn try_lines(world: World) {
    for (name, steps) in LINES {
        let mut tokens = vec![sign_in(&world).await];
        for (at, (after, shown, gets)) in steps.iter().enumerate() {
            world.clock.move_on(*after);
            let answer = show(&world, &tokens[*shown]).await;
            let place = format!("{name}, step {at}: {}", answer.text());
            match gets {
                New(number) => {
                    let token = token_of(&answer, &place);
                    assert!(!tokens.contains(&token) && tokens.len() == *number, "{place}");
                    tokens.push(token);
                }
                Same(number) => assert_eq!(token_of(&answer, &place), tokens[*number], "{place}"),
                Dead => assert_eq!(answer.json()["error_codes"][0].to_string(), REVOKED, "{place}"),
            }
        }
    }
    many_at_once(&world).await;
}

async fn many_at_once(world: &World) {
    let first = sign_in(world).await;
    let answers = join_all((0..8).map(|_| show(world, &first))).await;
    let tokens: Vec<String> = answers.iter().map(|answer| token_of(answer, "at once")).collect();
    assert!(tokens.iter().all(|token| *token == tokens[0]), "eight at once must get one line");
    world.clock.move_on(HOUR);
    let next = token_of(&show(world, &tokens[0]).await, "an hour later");
    assert_eq!(show(world, &first).await.json()["error_codes"][0].to_string(), REVOKED);
    assert_eq!(show(world, &next).await.json()["error_codes"][0].to_string(), REVOKED);
}

async fn sign_in(world: &World) -> String {
    let session = world.session_of(Who::Owner.address().expect("a person")).await;
    world.tokens_of(&session, DOMAIN).await.refresh
}

async fn show(world: &World, token: &str) -> Answer {
    world.send_bare(token_by_refresh(DOMAIN, token)).await
}

fn token_of(answer: &Answer, place: &str) -> String {
    answer.json()["refresh_token"].as_str().unwrap_or_else(|| panic!("no token: {place}")).to_owned()
}
