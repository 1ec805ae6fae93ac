//! The story as `make demo ARGS=--check` tells it, with fewer files: every step has to hold.

use e2e::world;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r_a06_r_b01_r_d03_r_d09_r_d10_the_story_holds_from_invitation_to_lost_access() {
    let mut world = world().await.expect("a world");
    let site = world.story.owner_fills_the_site(150).await.expect("a site");
    world.story.guest_is_invited_and_syncs(&site).await.expect("a guest");
    let folder = world.story.guest_folder();
    assert!(folder.ends_with("Footbridge/Contoso/Project Falcon - Documents"), "{}", folder.display());
    world.story.check_both_directions().await.expect("both directions");
    world.story.check_lost_access().await.expect("lost access");
    world.story.check_running().expect("everything still runs");
}
