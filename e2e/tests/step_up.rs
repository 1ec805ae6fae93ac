//! A policy that arrives while a guest syncs: the real programs stop, touch nothing, and go on when it is gone (C06).

use std::fs;
use std::time::Duration;

use demo::tree;
use e2e::{World, world};
use serde_json::{Value, json};

const POLICIES: &str = "/identity/conditionalAccess/policies";
/// How long a state may take to arrive. A closed folder asks by itself with waits that grow to five minutes.
const PATIENCE: Duration = Duration::from_secs(60);

fn policy(name: &str, control: &str) -> Value {
    json!({
        "displayName": name,
        "state": "enabled",
        "conditions": {
            "users": {"includeUsers": ["GuestsOrExternalUsers"]},
            "applications": {"includeApplications": ["All"]},
            "clientAppTypes": ["all"],
        },
        "grantControls": {"operator": "OR", "builtInControls": [control]},
    })
}

/// Waits until the guest's only root is in a state, and returns it.
async fn until(world: &World, state: &str) -> Value {
    let waiting = async {
        loop {
            let status = world.story.guest.status().await.expect("a status");
            if status["roots"][0]["state"] == state {
                return status["roots"][0].clone();
            }
            world.runtime.sleep(Duration::from_millis(100)).await;
        }
    };
    world.runtime.timeout(PATIENCE, waiting).await.expect("the state arrives")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r_c06_a_policy_that_arrives_later_stops_the_client_touches_nothing_and_lets_it_go_on() {
    let mut world = world().await.expect("a world");
    let site = world.story.owner_fills_the_site(40).await.expect("a site");
    world.story.guest_is_invited_and_syncs(&site).await.expect("a guest");
    let folder = world.story.guest_folder();
    let before = tree::files(&folder).expect("files");

    for (control, reason, page) in [("mfa", "secondFactor", true), ("block", "blocked", false)] {
        let (cloud, token) = (&world.story.cloud, &world.story.owner_token);
        let made = cloud.graph(token, "POST", POLICIES, Some(policy("Guests: more", control))).await;
        let id = made.expect("a policy")["id"].as_str().expect("an id").to_owned();
        // The owner goes on; what they change does not arrive while the guest's organization is asked for more.
        let news = world.story.owner_folder().join(format!("news-{control}.txt"));
        fs::write(&news, "new").expect("writes");
        world.story.owner.wait_idle().await.expect("the owner is at rest");
        let root = until(&world, "interactionNeeded").await;
        assert_eq!(root["reason"], reason, "{root}");
        assert!(root["message"].as_str().is_some_and(|text| text.contains("Guests: more")), "{root}");
        assert_eq!(root["resolve"].is_string(), page, "{root}");
        // Neither does what the guest does, and nothing of it is lost.
        fs::write(folder.join(format!("mine-{control}.txt")), "mine").expect("writes");
        let mut stopped = tree::files(&folder).expect("files");
        stopped.retain(|path, _| !path.to_string_lossy().contains("mine-"));
        let known = |path: &std::path::Path| !path.to_string_lossy().contains("news-");
        stopped.retain(|path, _| known(path));
        assert_eq!(stopped, before, "nothing changed on disk");
        assert!(!folder.join(format!("news-{control}.txt")).exists());
        assert!(!world.story.owner_folder().join(format!("mine-{control}.txt")).exists());

        let gone = cloud.graph(token, "DELETE", &format!("{POLICIES}/{id}"), None).await;
        gone.expect("the policy is taken back");
        until(&world, "upToDate").await;
        world.story.owner_and_guest_agree().await.expect("the same on both sides");
        assert_eq!(fs::read_to_string(folder.join(format!("news-{control}.txt"))).expect("reads"), "new");
        let mine = world.story.owner_folder().join(format!("mine-{control}.txt"));
        assert_eq!(fs::read_to_string(mine).expect("reads"), "mine");
    }
    world.story.check_running().expect("everything still runs");
}
