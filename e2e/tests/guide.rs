//! The guide's own commands: every `sh` block of `docs/guide/administrator.md` runs as it stands there, and prints what the
//! `text` block below it says, so that the guide cannot rot.
//!
//! What a person does in a browser stands in the guide as a comment, `<!-- does: … -->`, and is done here.

use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, bail, ensure};
use demo::client::Client;
use demo::pages;
use demo::story::{FABRIKAM, PASSWORD};
use e2e::{World, world};
use tokio::process::Command;

/// The cloud as the guide calls it.
const CLOUD: &str = "https://cloud.example";

/// A piece of the guide.
#[derive(Debug, PartialEq, Eq)]
enum Step {
    /// Commands of the administrator.
    Administrator(String),
    /// Commands of the guest.
    Guest(String),
    /// Lines that what ran before has printed, in this order.
    Prints(String),
    /// Something done in a browser.
    Does(String),
}

/// Reads the steps of a guide.
fn steps(guide: &str) -> anyhow::Result<Vec<Step>> {
    let mut steps = Vec::new();
    let mut lines = guide.lines();
    while let Some(line) = lines.next() {
        if let Some(done) = line.strip_prefix("<!-- does: ").and_then(|rest| rest.strip_suffix(" -->")) {
            steps.push(Step::Does(done.to_owned()));
        }
        let Some(kind) = line.strip_prefix("```") else { continue };
        let mut block = String::new();
        loop {
            match lines.next().context("a block of the guide is not closed")? {
                "```" => break,
                line => block += &format!("{line}\n"),
            }
        }
        steps.push(match kind {
            "sh" => Step::Administrator(block),
            "sh guest" => Step::Guest(block),
            "text" => Step::Prints(block),
            other => bail!("a block of the guide is `{other}`"),
        });
    }
    Ok(steps)
}

/// Runs commands as they would be typed by a person, in a folder of their own.
async fn type_in(world: &World, person: &Client, desk: &str, commands: &str) -> anyhow::Result<String> {
    let origin = &world.story.cloud.origin;
    let programs = world.programs.client.parent().context("the programs are in a folder")?;
    let desk = world.folder().join(desk);
    std::fs::create_dir_all(&desk)?;
    let typed = commands.replace(CLOUD, origin);
    let mut shell = Command::new("bash");
    shell
        .args(["-e", "-o", "pipefail", "-c", &format!("PATH={}:$PATH\n{typed}", programs.display())])
        .current_dir(&desk)
        .env("FOOTBRIDGE_STATE_DIR", person.state())
        .env("FOOTBRIDGE_SYNC_HOME", person.home())
        .stdin(Stdio::null());
    let output = shell.output().await?;
    let said = String::from_utf8_lossy(&output.stdout).replace(origin, CLOUD);
    let complained = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "the guide's commands failed:\n{commands}\n{said}{complained}");
    Ok(said)
}

/// Tells whether a line is as the guide shows it; `…` stands for anything.
fn is_like(line: &str, shown: &str) -> bool {
    let mut rest = line.trim();
    let mut parts = shown.trim().split('…').map(str::trim);
    let Some(after) = parts.next().and_then(|first| rest.strip_prefix(first)) else { return false };
    rest = after;
    let parts: Vec<&str> = parts.collect();
    if parts.is_empty() {
        return rest.is_empty();
    }
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    true
}

fn check(said: &str, shown: &str) -> anyhow::Result<()> {
    let mut lines = said.lines();
    for wanted in shown.lines().filter(|line| !line.trim().is_empty()) {
        ensure!(lines.any(|line| is_like(line, wanted)), "the guide shows `{wanted}`, but it said:\n{said}");
    }
    Ok(())
}

async fn do_it(world: &mut World, what: &str) -> anyhow::Result<()> {
    let origin = world.story.cloud.origin.clone();
    match what {
        "the guest opens the site's address, signs in at home and accepts" => {
            let site = format!("{origin}/contoso.example/sites/falcon");
            let page =
                pages::sign_in_at(&mut world.story.guest_browser, &site, FABRIKAM.admin, PASSWORD).await?;
            ensure!(page.body.contains("Project Falcon"), "the site does not open:\n{}", page.body);
            Ok(())
        }
        other => bail!("the guide does something this test does not know: {other}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r_a08_r_b05_r_b06_r_b07_r_b12_the_administrators_guide_works_as_it_is_written() -> anyhow::Result<()>
{
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/guide/administrator.md");
    let steps = steps(&std::fs::read_to_string(guide)?)?;
    let mut world = world().await?;
    let mut said = String::new();
    for step in steps {
        match step {
            Step::Administrator(commands) => {
                said = type_in(&world, &world.story.owner, "owner-desk", &commands).await?
            }
            Step::Guest(commands) => {
                said = type_in(&world, &world.story.guest, "guest-desk", &commands).await?
            }
            Step::Prints(shown) => check(&said, &shown)?,
            Step::Does(what) => do_it(&mut world, &what).await.with_context(|| what.clone())?,
        }
    }
    world.story.check_running()?;
    Ok(())
}

#[test]
fn what_differs_is_left_out_of_a_shown_line() {
    assert!(is_like("a  b c", "a … c"));
    assert!(is_like("  a b", "a b"));
    assert!(!is_like("a b c", "a b"));
    assert!(!is_like("x a", "a"));
}
