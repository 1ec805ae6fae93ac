//! One file: saved in a folder that has thousands already; how long until it is on the other side, many times.

use std::time::Duration;

use super::Stage;
use crate::arrival::until;
use crate::content::write_file;
use crate::report::Row;

const TIMES: u32 = 40;
const LENGTH: u64 = 4096;
const PAUSE: Duration = Duration::from_millis(1);

/// Measures median and 95th percentile.
pub(super) async fn arrives(stage: &mut Stage) -> anyhow::Result<Row> {
    stage.world.at_rest().await?;
    let costing = stage.world.start_costing()?;
    let mut times = Vec::new();
    for time in 0..TIMES {
        let name = format!("one file {time}.txt");
        let (owner, guest) = stage.both(&name);
        let started = stage.now();
        write_file(&owner, LENGTH, &mut stage.noise)?;
        times.push(until(&mut stage.world, started, PAUSE, || guest.exists()).await?);
        // The next one is saved when nothing goes on any more.
        stage.world.at_rest().await?;
    }
    let costs = stage.world.costs(costing).await?;
    stage.expect_equal_folders().await?;
    // The first run of rsync takes what came before; the second only one more file, as ours did each time.
    let from = stage.world.story.owner_folder();
    stage.rsync.copy_twice(&from).await?;
    write_file(&from.join("one file more.txt"), LENGTH, &mut stage.noise)?;
    stage.world.at_rest().await?;
    let rsync = stage.rsync.copy_twice(&from).await?;
    times.sort_by(f64::total_cmp);
    let (seconds, p95) = (percentile(&times, 50)?, percentile(&times, 95)?);
    let what = format!("one file of 4 KiB, median of {TIMES}");
    Ok(Row { what, seconds, p95: Some(p95), costs, times: TIMES, rsync })
}

/// The smallest value that so many percent of the sorted ones do not exceed.
fn percentile(sorted: &[f64], percent: usize) -> anyhow::Result<f64> {
    let at = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(at).copied().ok_or_else(|| anyhow::anyhow!("nothing was measured"))
}

#[cfg(test)]
mod tests {
    use super::percentile;

    #[test]
    fn a_percentile_is_one_of_the_values() {
        let values: Vec<f64> = (1..=40).map(f64::from).collect();
        let near = |found: anyhow::Result<f64>, wanted: f64| (found.expect("a value") - wanted).abs() < 1e-9;
        assert!(near(percentile(&values, 50), 20.0) && near(percentile(&values, 95), 38.0));
        assert!(percentile(&[], 50).is_err());
    }
}
