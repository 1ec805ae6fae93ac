//! rclone, unmodified, against the real server: what an existing client of Graph does in a day (X04).
//!
//! Files have the lengths at which uploads change their way (empty, one byte, one fragment, two fragments), and names
//! hold every character that rclone has to write otherwise.

use std::fs;
use std::path::Path;

use demo::story::{CONTOSO, PASSWORD};
use demo::tree;
use e2e::rclone::{Rclone, Remote};
use e2e::{BareCloud, bare_cloud};
use serde_json::{Value, json};

const LENGTHS: [usize; 4] = [0, 1, 320 * 1024, 10 * 1024 * 1024 + 1];
const NAMES: [&str; 16] = [
    "quote\".txt",
    "star*.txt",
    "less<more>.txt",
    "colon: and question?.txt",
    "back\\slash.txt",
    "pipe|.txt",
    "~tilde.txt",
    " leading space.txt",
    "trailing space ",
    "trailing dot.",
    "hash#percent%20plus+.txt",
    "it's & so=on;.txt",
    "brackets (1) [2] {3}.txt",
    "umlaute äöü ß.txt",
    "雪 \u{1F600}.txt",
    "delta(token='latest')",
];

fn write_files(folder: &Path, runtime: &runtime::Runtime) {
    fs::create_dir_all(folder.join("names/below~ .d/deeper")).expect("folders");
    fs::create_dir_all(folder.join("empty folder")).expect("folders");
    for length in LENGTHS {
        let mut bytes = vec![0; length];
        runtime.fill(&mut bytes);
        fs::write(folder.join(format!("{length}.bin")), bytes).expect("writes");
    }
    for name in NAMES {
        fs::write(folder.join("names").join(name), name).expect("writes");
    }
    fs::write(folder.join("names/below~ .d/deeper/file"), "deep").expect("writes");
}

async fn library(world: &BareCloud) -> (Rclone, String) {
    let mut browser = demo::browser::Browser::new().expect("a browser");
    let (cloud, runtime) = (&world.cloud, &world.runtime);
    let token = demo::token::for_script(&mut browser, &cloud.origin, &CONTOSO, PASSWORD, runtime)
        .await
        .expect("a token");
    let new = json!({"name": "falcon", "displayName": "Project Falcon"});
    let site = cloud.graph(&token, "POST", "/sites", Some(new)).await.expect("a site");
    let drives = format!("/sites/{}/drives", site["id"].as_str().expect("an id"));
    let drives = cloud.graph(&token, "GET", &drives, None).await.expect("drives");
    let drive = drives["value"][0]["id"].as_str().expect("an id").to_owned();
    let remote = Remote { cloud, organization: &CONTOSO, password: PASSWORD, drive: &drive };
    let rclone = Rclone::configure(remote, world.folder.path(), runtime.clone()).await.expect("rclone");
    (rclone, drive)
}

/// Compares by rclone's own checksums, and makes sure that it had some.
async fn expect_checked(rclone: &Rclone, local: &str, remote: &str) {
    let checked = rclone.run(&["check", local, remote, "--checksum", "-v"]).await.expect("equal");
    assert!(checked.notes.contains("0 differences found"), "{}", checked.notes);
    assert!(!checked.notes.contains("could not be checked"), "hashes are missing: {}", checked.notes);
}

fn lines(text: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = text.lines().collect();
    lines.sort_unstable();
    lines
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r_x04_rclone_copies_checks_syncs_moves_and_deletes() {
    let mut world = bare_cloud().await.expect("a cloud");
    let (rclone, _) = library(&world).await;
    let (local, back) = (world.folder.path().join("local"), world.folder.path().join("back"));
    write_files(&local, &world.runtime);
    let (local_text, back_text) = (local.display().to_string(), back.display().to_string());
    let up = Rclone::at("up");
    assert_eq!(rclone.run(&["lsf", &Rclone::at("")]).await.expect("lists").out, "");

    rclone.run(&["copy", "--create-empty-src-dirs", &local_text, &up]).await.expect("copies up");
    expect_checked(&rclone, &local_text, &up).await;
    let listed = rclone.run(&["lsf", &format!("{up}/names")]).await.expect("lists").out;
    let mut expected = NAMES.to_vec();
    expected.push("below~ .d/");
    expected.sort_unstable();
    assert_eq!(lines(&listed), expected);
    rclone.run(&["copy", "--create-empty-src-dirs", &up, &back_text]).await.expect("copies down");
    assert_eq!(tree::difference(&local, &back).expect("readable"), None);
    let part = rclone.run(&["cat", "--offset", "3", "--count", "4", &format!("{up}/names/pipe|.txt")]).await;
    assert_eq!(part.expect("a range").out, "e|.t");

    fs::write(local.join("1.bin"), "changed").expect("writes");
    fs::remove_file(local.join("names/~tilde.txt")).expect("removes");
    fs::rename(local.join("327680.bin"), local.join("names/renamed.bin")).expect("renames");
    let synced = rclone.run(&["sync", "-v", &local_text, &up]).await.expect("syncs");
    assert!(synced.notes.contains("Deleted"), "{}", synced.notes);
    expect_checked(&rclone, &local_text, &up).await;
    let again = rclone.run(&["sync", "-v", &local_text, &up]).await.expect("syncs");
    assert!(again.notes.contains("There was nothing to transfer"), "times are kept: {}", again.notes);

    rclone.run(&["moveto", &format!("{up}/1.bin"), &Rclone::at("other/one: moved?")]).await.expect("moves");
    rclone
        .run(&["moveto", &format!("{up}/names"), &Rclone::at("other/names")])
        .await
        .expect("moves a folder");
    let moved = rclone.run(&["cat", &Rclone::at("other/one: moved?")]).await.expect("reads");
    assert_eq!(moved.out, "changed");
    let other = rclone.run(&["lsf", &Rclone::at("other")]).await.expect("lists").out;
    assert_eq!(lines(&other), ["names/", "one: moved?"]);

    rclone
        .run(&["touch", "-t", "2020-02-03T04:05:06", &Rclone::at("other/one: moved?")])
        .await
        .expect("touches");
    let file = rclone.json(&["lsjson", "--hash", &Rclone::at("other/one: moved?")]).await.expect("lists");
    assert_eq!(file[0]["ModTime"], "2020-02-03T04:05:06Z", "{file}");
    assert!(file[0]["Hashes"]["quickxor"].is_string(), "{file}");

    let about = rclone.json(&["about", "--json", &Rclone::at("")]).await.expect("says");
    assert!(about["used"].as_u64() > Some(10_000_000) && about["free"].is_u64(), "{about}");
    rclone.run(&["deletefile", &Rclone::at("other/one: moved?")]).await.expect("deletes");
    rclone.run(&["purge", &up]).await.expect("purges");
    let left: Value = rclone.json(&["lsjson", &Rclone::at("")]).await.expect("lists");
    let names: Vec<&str> =
        left.as_array().expect("a list").iter().filter_map(|item| item["Name"].as_str()).collect();
    assert_eq!(names, ["other"]);
    world.cloud.check().expect("the server still runs");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r_x04_rclone_goes_on_after_the_server_was_killed_between_fragments() {
    let mut world = bare_cloud().await.expect("a cloud");
    let (rclone, _) = library(&world).await;
    let local = world.folder.path().join("local");
    fs::create_dir_all(&local).expect("a folder");
    let mut bytes = vec![0; 24 * 1024 * 1024];
    world.runtime.fill(&mut bytes);
    fs::write(local.join("long.bin"), &bytes).expect("writes");
    let (source, target) = (local.display().to_string(), Rclone::at("long"));
    // Slow enough that the kill falls into the upload; rclone tries each request again by itself.
    let arguments = [
        "copy",
        &source,
        &target,
        "--bwlimit",
        "6M",
        "--onedrive-chunk-size",
        "1280k",
        "--low-level-retries",
        "20",
    ];
    let copies = rclone.run(&arguments);
    let kills = async {
        world.runtime.sleep(std::time::Duration::from_millis(1_500)).await;
        world.cloud.kill().await.expect("kills");
        world.cloud.start().await.expect("starts again");
    };
    let (copied, ()) = tokio::join!(copies, kills);
    copied.expect("copies");
    expect_checked(&rclone, &source, &target).await;
}
