//! Day: the frame of a run. People work, things go wrong, then the faults end and all must come to rest, equal and
//! with nothing lost.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::chaos::Chaos;
use super::seat::{Death, Seat};
use super::store::{Store, run_folder};
use super::{Cloud, ModelLibrary};
use crate::StateFile;
use crate::real_cloud::{RealLibrary, Template};
use crate::simulation::{EventLog, LogHash, World, run_in_virtual_time};
use crate::story::{Ledger, Person, Plan, Trees, judge};

/// Who works.
const PEOPLE: [&str; 2] = ["alice", "bob"];
/// How long all may take to come to rest when the faults have ended.
const PATIENCE: Duration = Duration::from_secs(15 * 60);
/// How often it is looked.
const LOOK: Duration = Duration::from_secs(3);
/// For how many looks nothing may change.
const STEADY_LOOKS: u32 = 40;
/// After one day in so many a night passes.
const NIGHTS: u64 = 5;
/// How long it is: longer than what nobody needs is kept.
const NIGHT: Duration = Duration::from_secs(26 * 3_600);
/// How often names are mended; each time may uncover others.
const MENDINGS: u32 = 4;

/// What happens to the event log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Telling {
    /// Only its hash is kept.
    Hash,
    /// It is kept.
    Keep,
    /// It is printed.
    Print,
}

/// What to run.
#[derive(Debug, Clone)]
pub struct Options {
    /// The seed.
    pub seed: u64,
    /// What to do with the log.
    pub telling: Telling,
    /// The real server's template; none runs the clients against the model cloud.
    pub server: Option<Arc<Template>>,
}

/// How a run ended.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The seed.
    pub seed: u64,
    /// Broken promises; empty for a good run.
    pub broken: Vec<String>,
    /// The log's hash.
    pub hash: LogHash,
    /// Lines of the log.
    pub events: u64,
    /// Virtual time.
    pub took: Duration,
    /// The log, where it was kept.
    pub lines: Vec<String>,
}

/// Runs the day of a seed.
///
/// # Errors
/// When the thread's runtime or the run's folder cannot be made.
pub fn run_seed(options: Options) -> std::io::Result<Outcome> {
    let folder = run_folder()?;
    run_in_virtual_time(async {
        let log = match options.telling {
            Telling::Hash => EventLog::hashing(),
            Telling::Keep => EventLog::keeping(),
            Telling::Print => EventLog::printing(),
        };
        let world = World::new(options.seed, log);
        let cloud: Arc<dyn Cloud> = match options.server {
            None => Arc::new(ModelLibrary::default()),
            Some(template) => match RealLibrary::start(&world, template, folder.path()).await {
                Ok(library) => Arc::new(library),
                Err(error) => {
                    world.broken(error.to_string());
                    Arc::new(ModelLibrary::default())
                }
            },
        };
        day(&world, cloud, folder.path()).await;
        Outcome {
            seed: options.seed,
            broken: world.failures(),
            hash: world.log().hash(),
            events: world.log().count(),
            took: world.elapsed(),
            lines: world.log().lines(),
        }
    })
}

async fn day(world: &World, cloud: Arc<dyn Cloud>, folder: &Path) {
    let plan = Plan::draw(world.seed());
    world.note("plan", format_args!("{plan:?}"));
    let ledger = Ledger::default();
    let store = |name: &str| match world.seed() % 2 {
        0 => Store::Sqlite(folder.join(format!("{name}.db"))),
        _ => Store::Model(StateFile::default()),
    };
    let seats: Vec<Seat> = PEOPLE.iter().map(|name| Seat::new(world, name, &cloud, store(name))).collect();
    let people: Vec<Person> =
        seats.iter().map(|seat| Person::new(world, seat.person(), seat.computer(), &ledger, &plan)).collect();
    if let Some(first) = people.first() {
        first.fill(world, plan.first_files);
    }
    for seat in &seats {
        seat.start().await;
    }
    let chaos =
        Chaos { world: world.clone(), plan: plan.clone(), seats: seats.clone(), cloud: Arc::clone(&cloud) };
    chaos.begin();
    let work = people.iter().map(|person| person.work(world, &plan));
    tokio::join!(biased; futures_util::future::join_all(work), chaos.rage());
    chaos.end().await;
    let mut settled = come_to_rest(world, cloud.as_ref(), &seats).await;
    // Names that cannot sync are mended as the client says; then everything must.
    for _ in 0..MENDINGS {
        if people.iter().map(|person| person.mend_names(world)).sum::<usize>() == 0 {
            break;
        }
        settled = come_to_rest(world, cloud.as_ref(), &seats).await;
    }
    let trees = trees(cloud.as_ref(), &seats).await;
    for sentence in judge(&trees, &ledger) {
        world.broken(sentence);
    }
    if !settled && world.failures().is_empty() {
        world.broken("it does not come to rest".into());
    }
    for seat in &seats {
        seat.end(Death::Killed).await;
    }
    if world.seed().is_multiple_of(NIGHTS) && world.failures().is_empty() {
        night(world, &cloud).await;
    }
}

/// A night passes, in which the server forgets what nobody needs. Who starts anew in the morning gets everything.
async fn night(world: &World, cloud: &Arc<dyn Cloud>) {
    world.note("world", format_args!("sleeps"));
    world.sleep(NIGHT).await;
    let seat = Seat::new(world, PEOPLE[0], cloud, Store::Model(StateFile::default()));
    seat.start().await;
    if !come_to_rest(world, cloud.as_ref(), std::slice::from_ref(&seat)).await {
        world.broken("it does not come to rest in the morning".into());
    }
    let (there, here) = (cloud.tree().await, seat.tree());
    let differing = there.iter().filter(|(path, content)| here.get(*path) != Some(*content)).count();
    if differing > 0 || there.len() != here.len() {
        world.broken(format!("in the morning {differing} of {} do not arrive", there.len()));
    }
    seat.end(Death::Killed).await;
}

async fn trees(cloud: &dyn Cloud, seats: &[Seat]) -> Trees {
    let mut kept: BTreeSet<_> = cloud.kept().await;
    kept.extend(seats.iter().flat_map(Seat::kept));
    let computers: BTreeMap<_, _> =
        seats.iter().map(|seat| (seat.person().to_owned(), seat.tree())).collect();
    Trees { cloud: cloud.tree().await, computers, kept }
}

/// Waits until nothing moves any more.
async fn come_to_rest(world: &World, cloud: &dyn Cloud, seats: &[Seat]) -> bool {
    let until = world.elapsed() + PATIENCE;
    let mut steady = 0;
    let mut before = None;
    while world.elapsed() < until {
        world.sleep(LOOK).await;
        let now = (trees(cloud, seats).await, cloud.sequence().await);
        steady = if before.as_ref() == Some(&now) { steady + 1 } else { 0 };
        before = Some(now);
        if steady >= STEADY_LOOKS {
            world.note("world", format_args!("is at rest"));
            return true;
        }
    }
    false
}
