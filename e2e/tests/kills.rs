//! `kill -9` of agent or server at random moments of a sync with small files and a large one: nothing is lost or doubled.
//!
//! The daily run kills a few times; `FOOTBRIDGE_KILLS=20` is the long form (`make test-long`).

use std::fs;
use std::path::Path;
use std::time::Duration;

use e2e::world;

/// Length of the large file, in bytes.
const LARGE: usize = 64 * 1024 * 1024;
/// Small files added in each round.
const SMALL: usize = 150;

/// Bytes that no compression and no chunk of another round shares.
fn noise(runtime: &runtime::Runtime, length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    runtime.fill(&mut bytes);
    bytes
}

fn write_round(runtime: &runtime::Runtime, folder: &Path, round: usize) {
    let place = folder.join(format!("Round {round}"));
    fs::create_dir_all(&place).expect("a folder");
    for file in 0..SMALL {
        fs::write(place.join(format!("small {file}.txt")), noise(runtime, 200 + file * 37)).expect("writes");
    }
    let large = folder.join("large.bin");
    if round.is_multiple_of(2) {
        fs::write(large, noise(runtime, LARGE)).expect("writes");
    } else {
        // An edit in the middle, in place.
        use std::os::unix::fs::FileExt;
        let file = fs::File::options().write(true).open(large).expect("opens");
        file.write_all_at(&noise(runtime, 4096), LARGE as u64 / 2).expect("writes");
    }
}

#[expect(clippy::disallowed_methods, reason = "a test program's own setting")]
fn kills_wanted() -> usize {
    std::env::var("FOOTBRIDGE_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(4)
}

async fn kill_and_restart(story: &mut demo::story::Story, whom: u8) -> anyhow::Result<()> {
    match whom % 3 {
        0 => {
            story.cloud.kill().await?;
            story.cloud.start().await
        }
        1 => {
            story.owner.kill_agent().await?;
            story.owner.start_agent()
        }
        _ => {
            story.guest.kill_agent().await?;
            story.guest.start_agent()
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r_d05_kills_at_random_moments_lose_and_double_nothing() {
    let mut world = world().await.expect("a world");
    let site = world.story.owner_fills_the_site(100).await.expect("a site");
    world.story.guest_is_invited_and_syncs(&site).await.expect("a guest");
    for round in 0..kills_wanted() {
        let [whom, moment] = world.runtime.random::<2>();
        let moment = Duration::from_millis(u64::from(moment) * 10);
        let name = ["the server", "the owner's agent", "the guest's agent"][usize::from(whom % 3)];
        println!("round {round}: {name} is killed after {moment:?}");
        let owner_writes = round.is_multiple_of(2);
        let folder = if owner_writes { world.story.owner_folder() } else { world.story.guest_folder() };
        let (runtime, writing) = (world.runtime.clone(), folder.clone());
        let writes = world.runtime.blocking(move || write_round(&runtime, &writing, round));
        let kills = async {
            world.runtime.sleep(moment).await;
            kill_and_restart(&mut world.story, whom).await
        };
        let (written, killed) = tokio::join!(writes, kills);
        written.expect("written");
        killed.expect("killed and started again");
        let truth = demo::tree::files(&folder).expect("readable");
        if let Err(error) = world.story.owner_and_guest_agree().await {
            let owner = world.story.owner.status_text().await.unwrap_or_default();
            let guest = world.story.guest.status_text().await.unwrap_or_default();
            panic!("round {round}: {error:#}\nowner: {owner}\nguest: {guest}");
        }
        let now = demo::tree::files(&folder).expect("readable");
        assert_eq!(truth, now, "round {round}: the folder that was written is not what was written");
    }
}
