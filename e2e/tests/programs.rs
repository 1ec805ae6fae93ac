//! What a cloud takes from programs: an operator ends a way of signing in, and old versions of the client (D12).

use std::fs;

use demo::cloud::SETTINGS;
use e2e::world;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r_d12_a_retired_sign_in_and_an_old_client_are_refused_and_told_what_to_do() {
    let mut world = world().await.expect("a world");
    let settings = world.story.cloud.mail_folder().ancestors().nth(2).expect("a folder").join(SETTINGS);
    let origin = world.story.cloud.origin.clone();

    world.story.cloud.stop().await.expect("stops");
    fs::write(&settings, "retired-sign-in = [\"device-code\"]\n").expect("writes");
    world.story.cloud.start().await.expect("starts");
    let refused = world.story.guest.run(&["sign-in", "--device-code", "--cloud", &origin]).await;
    let refused = format!("{:#}", refused.expect_err("the way is over"));
    assert!(refused.contains("not taken here any more") && refused.contains("in a browser"), "{refused}");
    // Who is signed in stays so.
    world.story.guest.run(&["sites", "list"]).await.expect("a token");

    world.story.cloud.stop().await.expect("stops");
    fs::write(&settings, "oldest-client = \"99.0.0\"\n").expect("writes");
    world.story.cloud.start().await.expect("starts");
    world.story.guest.stop_agent().await.expect("stops");
    world.story.guest.start_agent().expect("starts");
    let refused = world.story.guest.run(&["sites", "list"]).await;
    let refused = format!("{:#}", refused.expect_err("the program is too old"));
    assert!(refused.contains("99.0.0") && refused.contains("Install the current version"), "{refused}");
    assert!(fs::write(&settings, "oldest-client = \"new\"\n").is_ok());
    world.story.cloud.stop().await.expect("stops");
    assert!(world.story.cloud.operate("doctor", &[]).await.is_err(), "a version is three numbers");
}
