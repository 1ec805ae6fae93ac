//! Tests of the simulated disk itself: what it promises to the engine, and what a power loss does.

use std::sync::Arc;

use bytes::Bytes;
use engine::{LocalChange, LocalError, LocalRef, LocalTree, StageId, StageRequest};
use jiff::Timestamp;
use sync_core::{ItemId, LocalId, RelPath};

use super::{Computer, SimDisk};
use crate::simulation::{EventLog, World, run_in_virtual_time};

fn bytes(text: &str) -> Arc<[u8]> {
    Arc::from(text.as_bytes())
}

fn path(text: &str) -> RelPath {
    RelPath::try_from(text.to_owned()).unwrap()
}

async fn find(disk: &SimDisk, at: &str) -> engine::LocalEntry {
    let (_, name) = super::person::split(at);
    let scan = disk.scan().await.unwrap();
    scan.entries.into_iter().find(|entry| entry.name == name).unwrap()
}

async fn root(disk: &SimDisk) -> LocalRef {
    LocalRef { path: RelPath::root(), id: disk.health().await.unwrap().root }
}

async fn staged(disk: &SimDisk, text: &str) -> StageId {
    let stage = StageId(text.to_owned());
    let request = StageRequest {
        stage: stage.clone(),
        bytes: Bytes::from(text.to_owned()),
        modified: Timestamp::UNIX_EPOCH,
    };
    disk.stage(vec![request]).await.remove(0).unwrap();
    stage
}

#[test]
fn a_replace_names_the_version_it_replaces_and_parks_it() {
    run_in_virtual_time(async {
        let world = World::new(1, EventLog::hashing());
        let computer = Computer::new(&world, "laptop");
        let disk = SimDisk::open(&computer, &world.process("client"));
        computer.write("a.txt", bytes("old")).unwrap();
        let seen = find(&disk, "a.txt").await;
        let stage = staged(&disk, "new").await;
        let replace = LocalChange::Replace {
            stage,
            target: LocalRef { path: path("a.txt"), id: seen.id },
            expected: seen.fingerprint,
            item: ItemId::new("i"),
        };
        let held = computer.open_for_writing("a.txt").unwrap();
        assert!(disk.apply(std::slice::from_ref(&replace)).await[0].is_ok());
        assert_eq!(computer.tree()["a.txt"], Some(bytes("new")));
        // A program still holds the old file and goes on writing: the engine hears of it.
        assert_eq!(disk.parked_changes().await.unwrap(), []);
        computer.write_open(held, bytes("late")).unwrap();
        assert_eq!(disk.parked_changes().await.unwrap().len(), 1);
        assert!(computer.all_contents().contains(&bytes("late")));
        let stage = staged(&disk, "newer").await;
        let LocalChange::Replace { target, expected, item, .. } = replace else { unreachable!() };
        let again = LocalChange::Replace { stage, target, expected, item };
        assert_eq!(disk.apply(&[again]).await[0], Err(LocalError::Changed));
    })
    .unwrap();
}

#[test]
fn a_power_loss_takes_back_steps_without_a_barrier_and_nothing_the_person_did() {
    run_in_virtual_time(async {
        let world = World::new(3, EventLog::hashing());
        let computer = Computer::new(&world, "laptop");
        let process = world.process("client");
        let disk = SimDisk::open(&computer, &process);
        computer.write("mine", bytes("mine")).unwrap();
        let parent = root(&disk).await;
        let stage = staged(&disk, "theirs").await;
        let place = LocalChange::Place { stage, parent: parent.clone(), name: "theirs".into() };
        assert!(disk.apply(&[place]).await[0].is_ok());
        computer.lose_power();
        assert_eq!(computer.tree()["theirs"], Some(bytes("theirs")));
        // Dying in the middle of a batch leaves a beginning of it.
        let makes: Vec<_> = (0..4)
            .map(|number| LocalChange::MakeDir { parent: parent.clone(), name: format!("d{number}") })
            .collect();
        computer.die_after(2);
        let runtime = process.runtime();
        let dying = disk.clone();
        runtime.spawn("engine", async move { drop(dying.apply(&makes).await) }).detach();
        world.sleep(std::time::Duration::from_secs(1)).await;
        process.crash().await;
        let left = computer.tree().keys().filter(|name| name.starts_with('d')).count();
        assert_eq!(left, 2);
        computer.lose_power();
        assert!(computer.tree().contains_key("mine"));
    })
    .unwrap();
}

#[test]
fn a_reference_to_another_file_of_the_same_name_is_refused() {
    run_in_virtual_time(async {
        let world = World::new(1, EventLog::hashing());
        let computer = Computer::new(&world, "laptop");
        let disk = SimDisk::open(&computer, &world.process("client"));
        computer.write("a", bytes("1")).unwrap();
        let other = LocalRef { path: path("a"), id: LocalId::new(99, 1) };
        assert_eq!(disk.read(&[other]).await, [Err(LocalError::Changed)]);
    })
    .unwrap();
}
