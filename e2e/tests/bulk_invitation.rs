//! Bulk invitation with the real programs: 5,000 people, bad ones among them, broken off once and run again (A08).

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, ensure};
use e2e::{World, world};
use serde_json::{Value, json};
use tokio::process::Command;

const PEOPLE: usize = 5_000;
/// Every so many rows one is bad.
const BAD: usize = 500;
/// How long the whole may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(900);

fn write_people(file: &Path) -> anyhow::Result<()> {
    let mut text = String::from("\u{feff}Name;Email;Team\r\n");
    for at in 0..PEOPLE {
        let email =
            if at % BAD == 7 { format!("nobody {at}") } else { format!("person{at}@northwind.example") };
        text += &format!("\"Person; {at}\";{email};=1+{at}\r\n");
    }
    Ok(fs::write(file, text)?)
}

fn command(world: &World, csv: &Path, out: &Path) -> Command {
    let owner = &world.story.owner;
    let site = format!("{}/contoso.example/sites/falcon", world.story.cloud.origin);
    let mut command = Command::new(&world.programs.client);
    command
        .arg("--state-dir")
        .arg(owner.state())
        .args(["guests", "invite", "--group", "Partners", "--redirect-url", &site, "--json"])
        .arg("--csv")
        .arg(csv)
        .arg("--out")
        .arg(out)
        .kill_on_drop(true);
    command
}

/// Waits until the run has written results, and ends it as a power cut would.
async fn break_off(world: &World, csv: &Path, out: &Path) -> anyhow::Result<usize> {
    let mut running = command(world, csv, out).spawn()?;
    let partial = PathBuf::from(format!("{}.partial", out.display()));
    let lines = || fs::read_to_string(&partial).map(|text| text.lines().count()).unwrap_or_default();
    while lines() < 300 {
        ensure!(running.try_wait()?.is_none(), "the run ended before it could be broken off");
        world.runtime.sleep(Duration::from_millis(20)).await;
    }
    running.kill().await?;
    Ok(lines())
}

async fn run(world: &World, csv: &Path, out: &Path) -> anyhow::Result<Value> {
    let output = world.runtime.timeout(PATIENCE, command(world, csv, out).output()).await;
    let output = output.map_err(|_| anyhow::anyhow!("the run does not end"))??;
    serde_json::from_slice(&output.stdout)
        .with_context(|| String::from_utf8_lossy(&output.stderr).into_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r_a08_five_thousand_people_are_invited_although_some_are_bad_and_the_run_breaks_off()
-> anyhow::Result<()> {
    let mut world = world().await?;
    world.story.owner_makes_the_site().await?;
    world.story.owner.run(&["groups", "create", "Partners"]).await?;
    let (csv, out) = (world.folder().join("BulkInvite.csv"), world.folder().join("Results.csv"));
    write_people(&csv)?;
    let bad = PEOPLE / BAD;

    let kept = break_off(&world, &csv, &out).await?;
    ensure!(kept > 250 && !out.exists(), "{kept} lines were kept");
    let told = run(&world, &csv, &out).await?;
    ensure!(told["people"] == json!(PEOPLE) && told["failed"] == json!(bad), "{told}");
    ensure!(told["doneBefore"].as_u64().is_some_and(|before| before > 250), "{told}");

    let results = fs::read_to_string(&out)?;
    ensure!(results.lines().count() == PEOPLE + 1, "every row has one line");
    ensure!(results.starts_with("Name;Email;Team;time;status;userId;redeemUrl;inviteId;error\r\n"));
    ensure!(results.contains(";'=1+3;"), "what a spreadsheet would run is guarded");
    ensure!(results.lines().filter(|line| line.ends_with(";success")).count() == PEOPLE - bad);
    let members = world.story.owner.run(&["groups", "list", "Partners"]).await?;
    ensure!(members.lines().count() == PEOPLE - bad + 1, "{} members", members.lines().count());

    // The output is a valid input: what is mended is done, and nothing else.
    let mended: String = results.replace("nobody ", "somebody").replace("somebody7;", "somebody7@x.example;");
    fs::write(&out, mended)?;
    let told = run(&world, &out, &out).await?;
    ensure!(told["invited"] == json!(1) && told["failed"] == json!(bad - 1), "{told}");
    ensure!(told["doneBefore"] == json!(PEOPLE - bad), "{told}");
    world.story.check_running()
}
