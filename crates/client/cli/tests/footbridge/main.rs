//! The program as people use it: real processes against a scripted cloud on loopback.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod desktop;
mod managed;
mod person;
mod scripted_cloud;
mod several;
mod step_up;

use std::fs;

use person::Person;
use scripted_cloud::ScriptedCloud;

#[tokio::test]
async fn r_d03_a_guest_signs_in_once_and_two_organizations_of_one_name_have_two_folders() {
    let cloud = ScriptedCloud::start().await;
    let person = Person::new();
    person.sign_in(&cloud).await;
    assert!(person.run(&["accounts"]).await.out.contains("gustav@fabrikam.example"));

    let added = person.run(&["sync", "add", &cloud.link("contoso", "d1")]).await;
    assert_eq!(added.code, 0, "{added:?}");
    let first = person.home().join("Contoso/Project Falcon - Documents");
    assert!(added.out.contains(&first.display().to_string()), "{added:?}");
    let added = person.run(&["sync", "add", &cloud.link("other", "d2")]).await;
    assert_eq!(added.code, 0, "{added:?}");
    let second = person.home().join("Contoso (other.example)/Project Falcon - Documents");

    let idle = person.run(&["status", "--wait-idle"]).await;
    assert_eq!(idle.code, 0, "{idle:?}");
    for folder in [&first, &second] {
        assert_eq!(fs::read_to_string(folder.join("hello.txt")).unwrap(), "Hello from Contoso.\n");
    }
    // Pressing Sync again changes nothing.
    let again = person.run(&["sync", "add", &cloud.link("contoso", "d1")]).await;
    assert!(again.out.contains(&first.display().to_string()), "{again:?}");
    assert_eq!(person.status().await["roots"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn r_d09_r_d10_when_access_ends_the_client_says_why_and_every_file_stays() {
    let cloud = ScriptedCloud::start().await;
    let person = Person::new();
    person.sign_in(&cloud).await;
    person.run(&["sync", "add", &cloud.link("contoso", "d1")]).await;
    assert_eq!(person.run(&["status", "--wait-idle"]).await.code, 0);
    let file = person.home().join("Contoso/Project Falcon - Documents/hello.txt");
    let before = fs::read(&file).unwrap();

    cloud.revoke();
    let root = person.wait_for("revoked").await;
    assert_eq!(root["reason"], "guestDeleted");
    assert_eq!(root["remedy"], "Ask Olivia at Contoso.");
    let told = person.run(&["status", "--once"]).await;
    assert_eq!(told.code, 4, "{told:?}");
    assert!(told.out.contains("Ask Olivia at Contoso.") && told.out.contains("still here"), "{told:?}");
    assert_eq!(fs::read(&file).unwrap(), before);

    // Also over a restart, and when the root is removed.
    person.kill_agent().await;
    assert_eq!(person.wait_for("revoked").await["reason"], "guestDeleted");
    assert_eq!(person.run(&["sync", "remove", "Project Falcon - Documents"]).await.code, 0);
    assert_eq!(fs::read(&file).unwrap(), before);
    assert!(person.status().await["roots"].as_array().unwrap().is_empty());
}

#[tokio::test]
async fn accounts_and_folders_survive_a_killed_agent() {
    let cloud = ScriptedCloud::start().await;
    let person = Person::new();
    person.sign_in(&cloud).await;
    person.run(&["sync", "add", &cloud.link("contoso", "d1")]).await;
    person.kill_agent().await;
    let idle = person.run(&["status", "--wait-idle"]).await;
    assert_eq!(idle.code, 0, "{idle:?}");
    let file = person.home().join("Contoso/Project Falcon - Documents/hello.txt");
    assert_eq!(fs::read_to_string(file).unwrap(), "Hello from Contoso.\n");
    assert_eq!(person.run(&["sync", "pause", "Project Falcon - Documents"]).await.code, 0);
    assert_eq!(person.wait_for("paused").await["state"], "paused");
    person.kill_agent().await;
    assert_eq!(person.wait_for("paused").await["state"], "paused");
}

#[tokio::test]
async fn a_command_that_cannot_work_says_what_to_do() {
    let person = Person::new();
    let cloud = "footbridge://sync?cloud=http%3A%2F%2F127.0.0.1%3A1&tenant=t&drive=d&item=i";
    let cases: [(&[&str], i32, &str); 6] = [
        (&["sync", "add", "nonsense"], 1, "press Sync"),
        (&["sync", "add", cloud], 4, "--yes"),
        (&["sync", "add", "--yes", cloud], 3, "footbridge sign-in"),
        (&["sync", "remove", "nothing"], 6, "sync list"),
        (&["sign-in"], 1, "--cloud"),
        (&["sign-in", "--cloud", "http://127.0.0.1:1"], 5, "connection"),
    ];
    for (arguments, code, hint) in cases {
        let said = person.run(arguments).await;
        assert_eq!(said.code, code, "{arguments:?}: {said:?}");
        assert!(said.err.contains(hint), "{arguments:?}: {said:?}");
    }
}
