//! Several people and folders in one agent, and what the agent says about each.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use crate::person::{GUSTAV, Person};
use crate::scripted_cloud::ScriptedCloud;

const NORA: &str = "nora@northwind.example";

#[tokio::test]
async fn two_members_of_different_organizations_sync_in_one_agent_each_with_their_own_account() {
    let cloud = ScriptedCloud::start().await;
    let person = Person::new();
    person.sign_in_as(&cloud, GUSTAV).await;
    person.sign_in_as(&cloud, NORA).await;
    let accounts = person.run(&["accounts"]).await.out;
    assert!(accounts.contains(GUSTAV) && accounts.contains(NORA), "{accounts}");
    for (link, who) in [(cloud.link("contoso", "d1"), GUSTAV), (cloud.link("other", "d2"), NORA)] {
        let added = person.run(&["sync", "add", "--account", who, &link]).await;
        assert!(added.code == 0 && added.out.contains(who), "{added:?}");
    }
    let idle = person.run(&["status", "--wait-idle"]).await;
    assert!(idle.code == 0 && idle.out.contains(GUSTAV) && idle.out.contains(NORA), "{idle:?}");

    // A title that two organizations share names neither; a folder does.
    let unsure = person.run(&["sync", "pause", "Project Falcon - Documents"]).await;
    assert!(unsure.code == 6 && unsure.err.contains("Several folders"), "{unsure:?}");
    let folder = person.home().join("Contoso/Project Falcon - Documents");
    assert_eq!(person.run(&["sync", "pause", folder.to_str().unwrap()]).await.code, 0);
    assert_eq!(person.run(&["sync", "resume", folder.to_str().unwrap()]).await.code, 0);

    // Nobody acts in the name of somebody else by chance.
    let unsure = person.run(&["sites", "list"]).await;
    assert!(unsure.code == 3 && unsure.err.contains("--account") && unsure.err.contains(NORA), "{unsure:?}");

    assert_eq!(person.run(&["sign-out", GUSTAV]).await.code, 0);
    let roots = person.status().await["roots"].clone();
    let state = |tenant: &str| {
        let folder = |root: &&serde_json::Value| root["folder"].as_str().unwrap().contains(tenant);
        roots.as_array().unwrap().iter().find(folder).unwrap()["state"].clone()
    };
    assert_eq!(state("Contoso/"), "signInNeeded", "{roots}");
    assert_ne!(state("other.example"), "signInNeeded", "{roots}");
}

#[tokio::test]
async fn a_place_that_is_synced_already_is_not_synced_a_second_time_in_part_or_around_it() {
    let cloud = ScriptedCloud::start().await;
    let person = Person::new();
    person.sign_in(&cloud).await;
    person.run(&["sync", "add", &cloud.link("contoso", "d1")]).await;
    assert_eq!(person.run(&["status", "--wait-idle"]).await.code, 0);
    let part = person.run(&["sync", "add", &cloud.link_to("contoso", "d1", "hello")]).await;
    assert!(
        part.code == 1 && part.err.contains("synced already") && part.err.contains("hello.txt"),
        "{part:?}"
    );
    let explained = person.run(&["explain", &cloud.link_to("contoso", "d1", "hello")]).await;
    assert!(explained.code == 0 && explained.out.contains("hello.txt"), "{explained:?}");

    // On this computer no synced folder lies inside another.
    let inside = person.home().join("Contoso/Project Falcon - Documents/inside");
    let nested = ["sync", "add", "--path", inside.to_str().unwrap(), &cloud.link("other", "d2")];
    let nested = person.run(&nested).await;
    assert!(nested.code == 7 && nested.err.contains("synced already"), "{nested:?}");

    person.run(&["sync", "remove", "Project Falcon - Documents"]).await;
    assert_eq!(person.run(&["sync", "add", &cloud.link_to("contoso", "d1", "hello")]).await.code, 0);
    let around = person.run(&["sync", "add", &cloud.link("contoso", "d1")]).await;
    assert!(around.code == 1 && around.err.contains("sync remove"), "{around:?}");
}

#[tokio::test]
async fn rest_with_problems_is_not_called_in_sync_and_each_problem_is_explained() {
    let cloud = ScriptedCloud::start().await;
    let person = Person::new();
    person.sign_in(&cloud).await;
    person.run(&["sync", "add", &cloud.link("contoso", "d1")]).await;
    assert_eq!(person.run(&["status", "--wait-idle"]).await.code, 0);
    let folder = person.home().join("Contoso/Project Falcon - Documents");
    fs::write(folder.join("what?.txt"), "a name the library refuses").unwrap();
    fs::write(folder.join("film.part"), "an unfinished download").unwrap();
    fs::write(folder.join(".~lock.plan.ods#"), "a lock file").unwrap();
    std::os::unix::fs::symlink("/etc/passwd", folder.join("link")).unwrap();

    let idle = person.run(&["status", "--wait-idle"]).await;
    assert_eq!(idle.code, 8, "{idle:?}");
    assert!(idle.out.contains("synced, 3 problems"), "{idle:?}");
    for (name, remedy) in
        [("what?.txt", "Rename it"), ("film.part", "when it is finished"), ("link", "Replace it")]
    {
        let line = idle.out.lines().find(|line| line.contains(name)).unwrap_or_else(|| panic!("{idle:?}"));
        assert!(line.contains(remedy), "{line}");
    }
    let status = person.status().await;
    assert_eq!((status["problems"].as_u64(), status["idle"].as_bool()), (Some(3), Some(true)));
    assert_eq!(person.run(&["status", "--wait-idle", "--json"]).await.code, 8);

    for (name, code, words) in [
        ("what?.txt", 4, "may be in it"),
        ("link", 4, "link to another place"),
        (".~lock.plan.ods#", 0, "stays on this computer"),
        ("hello.txt", 0, "in sync"),
        ("nothing.txt", 6, "Neither this computer nor the server"),
    ] {
        let told = person.run(&["explain", folder.join(name).to_str().unwrap()]).await;
        assert!(told.code == code && told.out.contains(words), "{name}: {told:?}");
    }
    let outside = person.run(&["explain", "/etc/passwd"]).await;
    assert!(outside.code == 6 && outside.out.contains("no folder that is synced"), "{outside:?}");

    for name in ["what?.txt", "film.part", "link"] {
        fs::remove_file(folder.join(name)).unwrap();
    }
    assert_eq!(person.run(&["status", "--wait-idle"]).await.code, 0);
}

#[tokio::test]
async fn a_socket_folder_that_others_may_enter_is_not_used() {
    let person = Person::new();
    assert_eq!(person.run(&["accounts"]).await.code, 0);
    let folder = person.folder().join("state/run");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o777)).unwrap();
    let refused = person.run(&["accounts"]).await;
    assert!(refused.code == 7 && refused.err.contains("chmod 700"), "{refused:?}");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).unwrap();
    assert_eq!(person.run(&["accounts"]).await.code, 0);
}

#[tokio::test]
async fn r_d08_an_account_of_another_cloud_is_told_that_it_cannot_sync_from_here() {
    let (home, other) = (ScriptedCloud::start().await, ScriptedCloud::start().await);
    let person = Person::new();
    person.sign_in(&home).await;
    let refused = person.run(&["sync", "add", &other.link("contoso", "d1")]).await;
    assert_eq!(refused.code, 4, "{refused:?}");
    assert!(refused.err.contains(other.origin()) && refused.err.contains(home.origin()), "{refused:?}");
    assert!(refused.err.contains("An account of one cloud cannot sync from another"), "{refused:?}");
    assert!(person.status().await["roots"].as_array().unwrap().is_empty());
}

#[tokio::test]
async fn r_d01_a_link_alone_syncs_nothing() {
    let cloud = ScriptedCloud::start().await;
    let person = Person::new();
    person.sign_in(&cloud).await;
    let link = cloud.link("contoso", "d1");
    // What a page's link runs, with nobody to say yes.
    let refused = person.run(&["open", &link]).await;
    assert_eq!(refused.code, 4, "{refused:?}");
    assert!(refused.err.contains("belongs to Contoso") && refused.err.contains("sync add"), "{refused:?}");
    assert!(person.status().await["roots"].as_array().unwrap().is_empty());
    // What is synced already needs no question.
    assert_eq!(person.run(&["sync", "add", &link]).await.code, 0);
    assert_eq!(person.run(&["open", &link]).await.code, 0);
}
