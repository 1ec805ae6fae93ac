//! Decisions: what one token and one access to an item cost where an organization has many guests, sites and policies
//! (issue 4). The server runs inside this program on a SQLite file, and each question is asked whole, one after
//! another: a token as the token endpoint's service answers it, its commit included; an access as the router answers the
//! item. Both are upper bounds of the decision within.

mod population;
mod timing;

use anyhow::Context;
use testkit::cloud::Cloud;

use crate::options::Options;
use crate::report::tell;

use population::{Asking, Population, Size};
pub use timing::Timing;

/// Longest median of a token's whole answer, in seconds.
pub const TOKEN_LIMIT: f64 = 0.002;
/// Longest median of an item's whole answer, in seconds.
pub const ACCESS_LIMIT: f64 = 0.001;
/// Guests who ask.
const ASKING: usize = 100;
/// How often each of them asks.
const ROUNDS: usize = 10;

/// One kind of question, in a small organization and in a large one.
#[derive(Debug, Clone, PartialEq)]
pub struct DecisionRow {
    /// The question.
    pub what: &'static str,
    /// How large the large organization is, for people.
    pub size: String,
    /// In an organization of one site without policies.
    pub small: Timing,
    /// In the large one.
    pub large: Timing,
    /// What the large one's median may be, in seconds.
    pub limit: f64,
}

impl DecisionRow {
    /// Tells whether the large organization's median is within the limit.
    #[must_use]
    pub fn keeps_the_limit(&self) -> bool {
        self.large.median <= self.limit
    }
}

/// Measures tokens and accesses.
///
/// # Errors
/// When the large organization cannot be made, or a question is refused.
pub async fn measure(options: &Options) -> anyhow::Result<Vec<DecisionRow>> {
    let size = Size {
        guests: count(options.scaled(10_000, 100))?,
        sites: count(options.scaled(2_000, 20))?,
        policies: count(options.scaled(200, 10))?,
    };
    let cloud = Cloud::start().await;
    let mut population = Population::begin(&cloud).await?;
    let mut few = population.asking(1).await?;
    let small = (tokens(&cloud, &mut few).await?, accesses(&cloud, &few).await?);
    tell("making the large organization", &size.to_string());
    population.grow(size).await?;
    let mut many = population.asking(ASKING.min(size.guests)).await?;
    let large = (tokens(&cloud, &mut many).await?, accesses(&cloud, &many).await?);
    let row = |what, limit, (small, large)| DecisionRow { what, size: size.to_string(), small, large, limit };
    Ok(vec![
        row("a token for the other organization", TOKEN_LIMIT, (small.0, large.0)),
        row("an item of a shared site", ACCESS_LIMIT, (small.1, large.1)),
    ])
}

async fn tokens(cloud: &Cloud, asking: &mut [Asking]) -> anyhow::Result<Timing> {
    let mut seconds = Vec::new();
    for _ in 0..rounds(asking) {
        for guest in asking.iter_mut() {
            seconds.push(guest.refresh(cloud).await?);
        }
    }
    Timing::of(seconds).context("nobody asked for a token")
}

async fn accesses(cloud: &Cloud, asking: &[Asking]) -> anyhow::Result<Timing> {
    let mut seconds = Vec::new();
    for _ in 0..rounds(asking) {
        for guest in asking {
            seconds.push(guest.look(cloud).await?);
        }
    }
    Timing::of(seconds).context("nobody asked for an item")
}

/// As many questions in all, however many ask.
fn rounds(asking: &[Asking]) -> usize {
    ROUNDS * ASKING / asking.len().max(1)
}

fn count(number: u64) -> anyhow::Result<usize> {
    usize::try_from(number).context("more than this computer counts")
}
