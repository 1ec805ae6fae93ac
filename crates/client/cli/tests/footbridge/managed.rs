//! What the administrators of a computer decide holds for every command and for what runs already (D11, D12).

use std::fs;

use serde_json::{Value, json};

use crate::person::{GUSTAV, Person};
use crate::scripted_cloud::ScriptedCloud;

const OLIVIA: &str = "olivia@contoso.example";
/// Somebody whose organization's id is the first word of the address, as the scripted cloud has it.
const NORA: &str = "nora@11111111-2222-3333-4444-555555555555.example";
const NORAS: &str = "11111111-2222-3333-4444-555555555555";
const OTHERS: &str = "99999999-2222-3333-4444-555555555555";

fn states(roots: &Value) -> [&str; 2] {
    [roots[0]["state"].as_str().unwrap(), roots[1]["state"].as_str().unwrap()]
}

#[tokio::test]
async fn r_d11_a_policy_that_appears_stops_other_organizations_content_and_touches_no_file() {
    let cloud = ScriptedCloud::start().await;
    let person = Person::new();
    person.sign_in_as(&cloud, OLIVIA).await;
    // Her own organization's, and another's.
    for (tenant, drive) in [("contoso", "d1"), ("other", "d2")] {
        assert_eq!(person.run(&["sync", "add", &cloud.link(tenant, drive)]).await.code, 0);
    }
    assert_eq!(person.run(&["status", "--wait-idle"]).await.code, 0);
    assert!(person.run(&["managed"]).await.out.contains("No policy"));
    let file = person.home().join("Contoso (other.example)/Project Falcon - Documents/hello.txt");
    let before = fs::read(&file).unwrap();

    person.manage("10.json", r#"{"BlockExternalSync": true}"#);
    let roots = person.wait_until(|roots| states(roots) == ["upToDate", "managed"]).await;
    assert_eq!(roots[1]["reason"], "BlockExternalSync");
    let told = person.run(&["status", "--once"]).await;
    assert_eq!(told.code, 4, "{told:?}");
    assert!(told.out.contains("10.json") && told.out.contains("still here"), "{told:?}");
    assert_eq!(fs::read(&file).unwrap(), before);
    let managed = person.run(&["managed"]).await.out;
    assert!(managed.contains("BlockExternalSync: on") && managed.contains("10.json"), "{managed}");

    // Nothing more of others is added, also after a restart.
    person.kill_agent().await;
    person.wait_until(|roots| states(roots) == ["upToDate", "managed"]).await;
    assert_eq!(person.run(&["sync", "remove", file.parent().unwrap().to_str().unwrap()]).await.code, 0);
    let refused = person.run(&["sync", "add", &cloud.link("other", "d2")]).await;
    assert!(refused.code == 4 && refused.err.contains("BlockExternalSync"), "{refused:?}");
    assert_eq!(fs::read(&file).unwrap(), before);

    // A later file loosens it again, and the same folder is taken up.
    person.manage("20.json", r#"{"BlockExternalSync": 0}"#);
    while person.run(&["managed"]).await.out.contains("BlockExternalSync: on") {}
    assert_eq!(person.run(&["sync", "add", &cloud.link("other", "d2")]).await.code, 0);
    person.wait_until(|roots| states(roots) == ["upToDate", "upToDate"]).await;
}

#[tokio::test]
async fn r_d11_a_file_that_cannot_be_read_stops_everything_says_so_and_mended_goes_on() {
    let cloud = ScriptedCloud::start().await;
    let person = Person::new();
    person.sign_in(&cloud).await;
    assert_eq!(person.run(&["sync", "add", &cloud.link("contoso", "d1")]).await.code, 0);
    person.manage("10.json", "{broken");
    let root = person.wait_for("managed").await;
    let message = root["message"].as_str().unwrap();
    assert!(message.contains("cannot be read") && message.contains("10.json"), "{root}");
    let managed = person.run(&["managed"]).await.out;
    assert!(managed.contains("Wrong: ") && managed.contains("10.json"), "{managed}");
    let json: Value = serde_json::from_str(&person.run(&["managed", "--json"]).await.out).unwrap();
    assert_eq!(json["policies"][0]["readable"], false);
    let refused = person.browse(&cloud, OLIVIA, &["sign-in", "--cloud", cloud.origin()]).await;
    assert!(refused.code == 4 && refused.err.contains("AllowTenantList"), "{refused:?}");
    person.manage("10.json", r#"{"FilesOnDemandEnabled": true}"#);
    assert_eq!(person.wait_for("upToDate").await["reason"], Value::Null);
}

#[tokio::test]
async fn r_d11_only_listed_organizations_accounts_are_used_and_their_folders_lie_where_the_policy_says() {
    let cloud = ScriptedCloud::start().await;
    let person = Person::new();
    let place = person.folder().join("work");
    let policy = json!({"AllowTenantList": {NORAS: true}, "DefaultRootDir": {NORAS: place}});
    person.manage("10.json", &policy.to_string());
    let refused = person.browse(&cloud, GUSTAV, &["sign-in", "--cloud", cloud.origin()]).await;
    assert!(refused.code == 4 && refused.err.contains("AllowTenantList"), "{refused:?}");
    assert!(person.run(&["accounts"]).await.out.find("gustav").is_none());
    person.sign_in_as(&cloud, NORA).await;
    let added = person.run(&["sync", "add", &cloud.link("contoso", "d1")]).await;
    assert_eq!(added.code, 0, "{added:?}");
    assert!(place.join("Contoso/Project Falcon - Documents").is_dir());

    // An account that is there already stops when the list changes; the list of partners is another matter.
    person.manage("20.json", &json!({"AllowTenantList": {OTHERS: true}}).to_string());
    assert_eq!(person.wait_for("managed").await["reason"], "AllowTenantList");
    person.manage("20.json", &json!({"AllowExternalTenantList": [OTHERS]}).to_string());
    person.wait_until(|roots| roots[0]["reason"] == "AllowExternalTenantList").await;
    fs::remove_file(person.policies().join("20.json")).unwrap();
    person.wait_for("upToDate").await;
}
