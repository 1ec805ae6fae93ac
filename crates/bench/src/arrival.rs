//! Arrival: waiting until something is on the other side, as somebody who looks into the folder would see it.
//!
//! Files appear there complete or not at all, so their names are what is looked for; their bytes are compared after the
//! clock stopped.

use std::path::PathBuf;
use std::time::Duration;

use crate::world::World;

/// How long anything may take before the measurement counts as failed.
const LIMIT: Duration = Duration::from_secs(3600);
/// How often the programs are looked after while something is waited for.
const CHECK: Duration = Duration::from_secs(2);

/// Waits until a condition holds, looking again after each `pause`; returns the seconds since `started`.
///
/// # Errors
/// When a program ended, or it takes more than an hour.
pub async fn until(
    world: &mut World,
    started: Duration,
    pause: Duration,
    mut holds: impl FnMut() -> bool,
) -> anyhow::Result<f64> {
    let mut checked = started;
    loop {
        if holds() {
            return Ok((world.runtime.elapsed() - started).as_secs_f64());
        }
        let now = world.runtime.elapsed();
        if now > checked + CHECK {
            checked = now;
            world.check_running()?;
            anyhow::ensure!(now < started + LIMIT, "it did not arrive within an hour");
        }
        world.runtime.sleep(pause).await;
    }
}

/// Returns a condition that holds once all of these are there; each is looked for until it was seen once.
pub fn all_there(paths: Vec<PathBuf>) -> impl FnMut() -> bool {
    let mut missing = paths;
    move || {
        while missing.last().is_some_and(|path| path.exists()) {
            missing.pop();
        }
        missing.is_empty()
    }
}
