//! Resumable transfers: an agent killed again and again in the middle of a large file sends and fetches each part once.
//! The bytes are counted on the wire between real programs (X05).

use std::fs;

use demo::client::Client;
use e2e::wire::{Way, Wire};
use e2e::world_over_a_wire;

const MIB: u64 = 1024 * 1024;
/// Length of the file.
const LARGE: u64 = 48 * MIB;
/// How much passes before each kill.
const BETWEEN_KILLS: u64 = 11 * MIB;
const KILLS: u64 = 3;
/// What may be lost with a killed agent: what was on the wire and in buffers, and the chunks it was part of.
const LOST_WITH_A_KILL: u64 = 10 * MIB;

async fn killed_again_and_again(client: &mut Client, wire: &Wire, way: Way) -> u64 {
    let begun = wire.passed(way);
    let mut next = begun;
    for _ in 0..KILLS {
        next += BETWEEN_KILLS;
        wire.until(way, next).await;
        client.kill_agent().await.expect("killed");
        next = wire.passed(way);
        client.start_agent().expect("started");
    }
    client.wait_idle().await.expect("at rest");
    wire.passed(way) - begun
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r_x05_a_transfer_interrupted_anywhere_goes_on_from_what_arrived() {
    let (mut world, wire) = world_over_a_wire().await.expect("a world");
    let site = world.story.owner_fills_the_site(5).await.expect("a site");
    world.story.guest_is_invited_and_syncs(&site).await.expect("a guest");
    let mut bytes = vec![0; usize::try_from(LARGE).expect("fits")];
    world.runtime.fill(&mut bytes);
    let (there, here) = (world.story.owner_folder(), world.story.guest_folder());

    world.story.guest.stop_agent().await.expect("stopped");
    fs::write(there.join("large.bin"), &bytes).expect("written");
    let sent = killed_again_and_again(&mut world.story.owner, &wire, Way::Up).await;

    world.story.owner.stop_agent().await.expect("stopped");
    world.story.guest.start_agent().expect("started");
    let fetched = killed_again_and_again(&mut world.story.guest, &wire, Way::Down).await;

    assert!(fs::read(here.join("large.bin")).expect("there") == bytes, "the file is not what was sent");
    println!("of {LARGE} bytes {sent} were sent and {fetched} fetched, with {KILLS} kills each");
    // Begun anew after each kill, it would be this much.
    let anew = LARGE + (1..=KILLS).map(|kill| kill * BETWEEN_KILLS).sum::<u64>();
    let most = LARGE + KILLS * LOST_WITH_A_KILL;
    assert!(most < anew);
    for (what, passed) in [("sent", sent), ("fetched", fetched)] {
        assert!(passed >= LARGE && passed <= most, "{passed} bytes were {what} for a file of {LARGE}");
    }
}
