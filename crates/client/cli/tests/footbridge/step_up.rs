//! What one organization asks for stops that organization alone, and is met in the browser with one command (X01, C06).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use runtime::Runtime;
use serde_json::Value;

use crate::person::{GUSTAV, Person};
use crate::scripted_cloud::ScriptedCloud;

/// Below the wait after which a closed folder asks again by itself.
const AT_ONCE: Duration = Duration::from_secs(6);

/// Every file a person sees, with its bytes and the time of its last change.
fn seen(folder: &Path) -> BTreeMap<PathBuf, (Vec<u8>, SystemTime)> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(seen(&path));
        } else {
            let changed = path.metadata().unwrap().modified().unwrap();
            found.insert(path.clone(), (std::fs::read(&path).unwrap(), changed));
        }
    }
    found
}

async fn two_organizations() -> (ScriptedCloud, Person) {
    let cloud = ScriptedCloud::start().await;
    let person = Person::new();
    person.sign_in(&cloud).await;
    for (tenant, drive) in [("contoso", "d1"), ("other", "d2")] {
        assert_eq!(person.run(&["sync", "add", &cloud.link(tenant, drive)]).await.code, 0);
    }
    assert_eq!(person.run(&["status", "--wait-idle"]).await.code, 0);
    (cloud, person)
}

fn states(roots: &Value) -> [&str; 2] {
    [roots[0]["state"].as_str().unwrap(), roots[1]["state"].as_str().unwrap()]
}

#[tokio::test]
async fn r_x01_r_c06_one_organization_asks_for_more_is_met_in_the_browser_and_goes_on_at_once() {
    let (cloud, person) = two_organizations().await;
    let folder = person.home().join("Contoso/Project Falcon - Documents");
    let before = seen(&folder);

    cloud.demand(Some(50_076));
    let roots = person.wait_until(|roots| roots[0]["state"] == "interactionNeeded").await;
    assert_eq!(roots[0]["reason"], "secondFactor");
    assert!(roots[0]["message"].as_str().unwrap().contains("Guests: more"), "{roots}");
    assert_eq!(roots[0]["resolve"], "footbridge resolve Contoso");
    let told = person.run(&["status", "--once"]).await;
    assert_eq!(told.code, 4, "{told:?}");
    assert!(told.out.contains("footbridge resolve Contoso") && told.out.contains("needs you"), "{told:?}");
    // The other organization, of the same name, goes on.
    let roots = person.wait_until(|roots| roots[1]["state"] == "upToDate").await;
    assert_eq!(states(&roots), ["interactionNeeded", "upToDate"]);
    assert_eq!(seen(&folder), before);

    // Two are called so; the folder tells which.
    let unsure = person.run(&["resolve", "Contoso"]).await;
    assert!(unsure.code == 6 && unsure.err.contains("Several organizations"), "{unsure:?}");
    let met = person.browse(&cloud, GUSTAV, &["resolve"]).await;
    assert_eq!(met.code, 0, "{met:?}");
    assert!(met.out.contains("Guests: more") && met.out.contains("go on by themselves"), "{met:?}");
    assert!(met.out.contains("/contoso/oauth2/v2.0/authorize?"), "the organization's own page: {met:?}");
    assert!(met.out.contains("login_hint=gustav%40fabrikam.example"), "{met:?}");
    assert_eq!(cloud.strengthened(), ["refresh"], "the present line is made stronger");
    let clock = Runtime::tokio();
    let begun = clock.elapsed();
    person.wait_until(|roots| states(roots) == ["upToDate", "upToDate"]).await;
    let took = clock.elapsed() - begun;
    assert!(took < AT_ONCE, "{took:?}");
    assert_eq!(seen(&folder), before);
    let nothing = person.run(&["resolve"]).await;
    assert!(nothing.code == 6 && nothing.err.contains("No organization asks"), "{nothing:?}");
}

#[tokio::test]
async fn r_x01_what_no_page_mends_is_said_and_opens_no_browser() {
    let (cloud, person) = two_organizations().await;
    for (code, reason) in [(53_003, "blocked"), (53_000, "managedDevice")] {
        cloud.demand(Some(code));
        let roots = person.wait_until(|roots| roots[0]["reason"] == reason).await;
        assert_eq!(roots[0]["state"], "interactionNeeded");
        assert_eq!(roots[0]["resolve"], Value::Null);
        assert!(roots[0]["remedy"].as_str().unwrap().contains("administrator"), "{roots}");
        let refused = person.run(&["resolve"]).await;
        assert_eq!(refused.code, 4, "{refused:?}");
        assert!(!refused.out.contains("authorize"), "{refused:?}");
        assert!(refused.err.contains("Guests: more") && refused.err.contains("administrator"), "{refused:?}");
    }
    // Taken back, it goes on without the person.
    cloud.demand(None);
    assert_eq!(person.run(&["status", "--wait-idle"]).await.code, 0);
}

#[tokio::test]
async fn r_c05_what_is_asked_before_the_first_sync_is_said_and_nothing_is_added() {
    let cloud = ScriptedCloud::start().await;
    let person = Person::new();
    person.sign_in(&cloud).await;
    cloud.demand(Some(50_158));
    let link = cloud.link("contoso", "d1");
    let refused = person.run(&["sync", "add", &link]).await;
    assert_eq!(refused.code, 4, "{refused:?}");
    assert!(
        refused.err.contains("Guests: more") && refused.err.contains("footbridge resolve"),
        "{refused:?}"
    );
    assert!(person.status().await["roots"].as_array().unwrap().is_empty());
    let met = person.browse(&cloud, GUSTAV, &["resolve", &link]).await;
    assert_eq!(met.code, 0, "{met:?}");
    assert_eq!(person.run(&["sync", "add", &link]).await.code, 0);
}
