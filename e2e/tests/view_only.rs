//! View-only shares: what a person changes in a folder they may only view is kept, told, and never sent (B15).

use std::fs;
use std::path::Path;
use std::time::Duration;

use demo::tree;
use e2e::{World, world};
use serde_json::{Value, json};

/// Exit code of `status --wait-idle` when items need a person.
const PROBLEMS: i32 = 8;
/// How long something may take to arrive.
const PATIENCE: Duration = Duration::from_secs(60);

async fn set_role(world: &World, site: &Value, role: &str) -> anyhow::Result<()> {
    let (cloud, token) = (&world.story.cloud, &world.story.owner_token);
    let place = format!("/sites/{}/permissions", site["id"].as_str().unwrap_or_default());
    let permissions = cloud.graph(token, "GET", &place, None).await?;
    let of_guest = |permission: &&Value| {
        permission["grantedToV2"]["user"]["email"].as_str() == Some(demo::story::FABRIKAM.admin)
    };
    let permission = permissions["value"].as_array().into_iter().flatten().find(of_guest);
    let id = permission.and_then(|permission| permission["id"].as_str()).unwrap_or_default();
    cloud.graph(token, "PATCH", &format!("{place}/{id}"), Some(json!({"roles": [role]}))).await?;
    Ok(())
}

/// Waits until the guest's agent knows whether it may only view.
async fn until_view_only(world: &World, wanted: bool) -> anyhow::Result<()> {
    let waiting = async {
        loop {
            world.story.guest.exit_code(&["status", "--wait-idle"]).await?;
            if world.story.guest.status().await?["roots"][0]["viewOnly"] == json!(wanted) {
                return Ok(());
            }
        }
    };
    world.runtime.timeout(PATIENCE, waiting).await.map_err(|_| anyhow::anyhow!("the role never arrives"))?
}

async fn until_text(world: &World, file: &Path, wanted: &str) -> anyhow::Result<()> {
    let waiting = async {
        // Between the rename of the local version and the arrival of the other the name is free for a moment.
        while fs::read_to_string(file).ok().as_deref() != Some(wanted) {
            world.story.guest.exit_code(&["status", "--wait-idle"]).await?;
        }
        Ok(())
    };
    world.runtime.timeout(PATIENCE, waiting).await.map_err(|_| anyhow::anyhow!("{wanted} never arrives"))?
}

fn holds(folder: &Path, text: &str) -> bool {
    let files = tree::files(folder).expect("readable");
    files.keys().any(|path| fs::read(folder.join(path)).is_ok_and(|bytes| bytes == text.as_bytes()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r_b15_in_a_view_only_share_local_changes_are_kept_told_and_never_sent() {
    let mut world = world().await.expect("a world");
    let site = world.story.owner_fills_the_site(10).await.expect("a site");
    world.story.guest_is_invited_and_syncs(&site).await.expect("a guest");
    let (owner, guest) = (world.story.owner_folder(), world.story.guest_folder());
    for name in ["edited.txt", "renamed.txt", "deleted.txt"] {
        fs::write(owner.join(name), format!("{name} of the owner")).expect("written");
    }
    world.story.owner_and_guest_agree().await.expect("equal");

    set_role(&world, &site, "read").await.expect("lowered");
    until_view_only(&world, true).await.expect("view only");
    let before = tree::files(&owner).expect("readable");
    fs::write(guest.join("edited.txt"), "edited by the guest").expect("written");
    fs::write(guest.join("new.txt"), "new from the guest").expect("written");
    fs::rename(guest.join("renamed.txt"), guest.join("renamed by the guest.txt")).expect("renamed");
    fs::remove_file(guest.join("deleted.txt")).expect("removed");
    let code = world.story.guest.exit_code(&["status", "--wait-idle"]).await.expect("at rest");
    assert_eq!(code, PROBLEMS, "a problem is not hidden");

    let status = world.story.guest.status().await.expect("a status");
    let problems = status["roots"][0]["problems"].as_array().expect("a list").clone();
    for path in ["edited.txt", "new.txt"] {
        let told =
            problems.iter().find(|problem| problem["path"] == path).unwrap_or_else(|| panic!("{status}"));
        assert_eq!(told["kind"], "viewOnly", "{told}");
        assert!(!told["remedy"].as_str().unwrap_or_default().is_empty(), "{told}");
    }
    assert_eq!(status["problems"].as_u64(), Some(problems.len() as u64));
    let edited = guest.join("edited.txt").display().to_string();
    assert_eq!(world.story.guest.exit_code(&["explain", &edited]).await.expect("explained"), 4);
    assert_eq!(fs::read_to_string(guest.join("edited.txt")).expect("kept"), "edited by the guest");
    assert_eq!(fs::read_to_string(guest.join("deleted.txt")).expect("back"), "deleted.txt of the owner");
    assert!(holds(&guest, "renamed.txt of the owner"));

    // The owner goes on; their version arrives, the guest's is kept beside it.
    fs::write(owner.join("edited.txt"), "edited by the owner").expect("written");
    world.story.owner.wait_idle().await.expect("at rest");
    until_text(&world, &guest.join("edited.txt"), "edited by the owner").await.expect("arrives");
    assert!(holds(&guest, "edited by the guest") && holds(&guest, "new from the guest"));
    let mut after = tree::files(&owner).expect("readable");
    let (edited, mut before) = (after.remove(Path::new("edited.txt")), before);
    assert!(edited != before.remove(Path::new("edited.txt")));
    assert_eq!(after, before, "nothing of the guest's came to the owner");

    // With the right to edit everything that waited is sent, and nothing is in the way any more.
    set_role(&world, &site, "write").await.expect("raised");
    until_view_only(&world, false).await.expect("editable");
    world.story.owner_and_guest_agree().await.expect("equal");
    assert!(holds(&owner, "edited by the guest") && holds(&owner, "new from the guest"));
}

async fn set_gate(world: &World, site: &Value, body: Value) -> anyhow::Result<()> {
    let (cloud, token) = (&world.story.cloud, &world.story.owner_token);
    let place = format!("/admin/sites/{}", site["id"].as_str().unwrap_or_default());
    cloud.graph(token, "PATCH", &place, Some(body)).await?;
    Ok(())
}

/// Waits until the guest's agent tells why the root is closed, or that it is not.
async fn until_reason(world: &World, wanted: Option<&str>) -> anyhow::Result<()> {
    let waiting = async {
        while world.story.guest.status().await?["roots"][0]["reason"].as_str() != wanted {
            world.story.guest.exit_code(&["status", "--wait-idle"]).await?;
        }
        Ok(())
    };
    world.runtime.timeout(PATIENCE, waiting).await.map_err(|_| anyhow::anyhow!("{wanted:?} is never told"))?
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s_2_11_a_locked_site_syncs_one_way_or_not_at_all_says_so_and_no_file_is_touched() {
    let mut world = world().await.expect("a world");
    let site = world.story.owner_fills_the_site(10).await.expect("a site");
    world.story.guest_is_invited_and_syncs(&site).await.expect("a guest");
    let (owner, guest) = (world.story.owner_folder(), world.story.guest_folder());
    world.story.owner_and_guest_agree().await.expect("equal");

    set_gate(&world, &site, json!({"lockState": "ReadOnly"})).await.expect("locked");
    until_view_only(&world, true).await.expect("view only");
    fs::write(guest.join("waits.txt"), "written while locked").expect("written");
    let code = world.story.guest.exit_code(&["status", "--wait-idle"]).await.expect("at rest");
    assert_eq!(code, PROBLEMS, "what waits is not hidden");
    assert!(!holds(&owner, "written while locked"));

    let before = tree::files(&guest).expect("readable");
    let closed = [
        (json!({"lockState": "NoAccess"}), "siteLocked"),
        (json!({"lockState": "Unlock", "conditionalAccessPolicy": "AllowLimitedAccess"}), "syncNotAllowed"),
    ];
    for (gate, reason) in closed {
        set_gate(&world, &site, gate).await.expect("closed");
        until_reason(&world, Some(reason)).await.expect("told");
        assert_eq!(tree::files(&guest).expect("readable"), before, "{reason}");
    }

    set_gate(&world, &site, json!({"conditionalAccessPolicy": "AllowFullAccess"})).await.expect("opened");
    until_reason(&world, None).await.expect("open again");
    until_view_only(&world, false).await.expect("editable");
    world.story.owner_and_guest_agree().await.expect("equal");
    assert!(holds(&owner, "written while locked"), "what waited was sent");
}
