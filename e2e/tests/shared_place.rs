//! The story on what several servers would share: PostgreSQL, and a real S3 server for the bytes of files.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use e2e::{World, world_with};
use testkit::{PostgresCluster, S3Server};

/// Long enough to be several chunks, none of which the database keeps.
const LARGE: usize = 9_000_000;

async fn world_on_postgresql_and_s3(bucket: &str, folder: &Path) -> World {
    let key = folder.join("s3");
    let text = format!(
        "access-key-id = \"{}\"\nsecret-access-key = \"{}\"\n",
        S3Server::ACCESS_KEY,
        S3Server::SECRET_KEY
    );
    fs::write(&key, text).expect("writes");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).expect("is private");
    let settings = format!(
        "database = \"{}\"\ns3-bucket = \"{bucket}\"\ns3-endpoint = \"{}\"\ns3-credentials = \"{}\"\n",
        PostgresCluster::shared().create_database(),
        S3Server::shared().endpoint(),
        key.display()
    );
    world_with(&settings).await.expect("a world")
}

fn objects(folder: &Path) -> Vec<PathBuf> {
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r_x08_the_story_holds_on_postgresql_with_the_bytes_in_s3() {
    let folder = tempfile::tempdir().expect("a folder");
    let bucket = S3Server::shared().create_bucket();
    let mut world = world_on_postgresql_and_s3(&bucket, folder.path()).await;
    let site = world.story.owner_fills_the_site(60).await.expect("a site");
    world.story.guest_is_invited_and_syncs(&site).await.expect("a guest");
    let mut large = vec![0; LARGE];
    world.runtime.fill(&mut large);
    fs::write(world.story.owner_folder().join("large.bin"), &large).expect("writes");
    world.story.owner_and_guest_agree().await.expect("the same on both sides");
    assert_eq!(fs::read(world.story.guest_folder().join("large.bin")).expect("reads"), large);
    world.story.check_both_directions().await.expect("both directions");

    let stored = objects(&S3Server::shared().folder(&bucket).join("chunks"));
    let bytes: u64 = stored.iter().map(|path| fs::metadata(path).expect("an object").len()).sum();
    assert!(bytes >= LARGE as u64, "the bytes lie in the bucket: {bytes}");
    let said = world.story.cloud.operate("doctor", &[]).await.expect("all is well");
    assert_eq!(said.lines().filter(|line| line.starts_with("ok: ")).count(), 4, "{said}");

    // Without its bucket the server does not start again, and says why without telling the key.
    world.story.cloud.stop().await.expect("stops");
    let refused = world.story.cloud.operate("doctor", &["--s3-credentials", "/dev/null"]).await;
    let refused = format!("{:#}", refused.expect_err("no key"));
    assert!(refused.contains("s3-credentials"), "{refused}");
    world.story.cloud.start().await.expect("starts again");
    world.story.owner_and_guest_agree().await.expect("still the same");
    world.story.check_running().expect("everything still runs");
}
