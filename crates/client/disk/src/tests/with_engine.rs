//! With the engine: two computers, each with a real folder, and the model cloud between them, in real time.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use engine::{Engine, EngineHandle, Ports, RootState, Settings};
use runtime::{Runtime, Task};
use sync_core::ItemId;
use testkit::model_cloud::{ModelCloud, ModelRemote};
use testkit::simulation::{EventLog, Signal, World};
use testkit::{SimState, StateFile};
use transfer::ItemRole;

use super::fixture::Fixture;
use super::space::Mounted;
use crate::DiskTree;

const SOON: Duration = Duration::from_secs(60);

struct Computer {
    path: PathBuf,
    handle: EngineHandle,
    _engine: Task,
    _fixture: Fixture,
}

impl Computer {
    fn start(world: &World, cloud: &ModelCloud, name: &str) -> Self {
        let mut fixture = Fixture::new();
        fixture.let_go();
        fixture.options.settle = Duration::from_millis(200);
        let (runtime, process) = (Runtime::tokio(), world.process(name));
        let ports = Ports {
            local: Arc::new(DiskTree::new(
                runtime.clone(),
                fixture.options.clone(),
                fixture.identity.clone(),
            )),
            remote: Arc::new(ModelRemote::connect(cloud, &process, Signal::default())),
            state: Arc::new(SimState::open(&StateFile::default(), &process)),
        };
        let mut settings = Settings::of(ItemId::new("top"), ItemRole::Write, name);
        settings.settle = Duration::from_millis(300);
        let (engine, handle) = Engine::new(runtime.clone(), ports, settings);
        let task = runtime.spawn("engine", engine.run());
        Self { path: fixture.path.clone(), handle, _engine: task, _fixture: fixture }
    }

    fn tree(&self) -> BTreeMap<String, Option<Vec<u8>>> {
        let mut tree = BTreeMap::new();
        collect(&self.path, "", &mut tree);
        tree
    }

    fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        std::fs::write(self.path.join(path), bytes).unwrap();
    }
}

fn collect(folder: &Path, prefix: &str, tree: &mut BTreeMap<String, Option<Vec<u8>>>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if name == ".footbridge" {
            continue;
        }
        let shown = format!("{prefix}{name}");
        if path.is_dir() {
            collect(&path, &format!("{shown}/"), tree);
            tree.insert(shown, None);
        } else {
            tree.insert(shown, std::fs::read(&path).ok());
        }
    }
}

fn on_server(cloud: &ModelCloud) -> BTreeMap<String, Option<Vec<u8>>> {
    cloud
        .tree()
        .into_iter()
        .map(|(path, bytes)| (path.trim_start_matches('/').to_owned(), bytes.map(|bytes| bytes.to_vec())))
        .collect()
}

/// Waits until something holds, whatever has to happen before.
async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let runtime = Runtime::tokio();
    let waiting = async {
        while !holds() {
            runtime.sleep(Duration::from_millis(20)).await;
        }
    };
    assert!(runtime.timeout(SOON, waiting).await.is_ok(), "never: {what}");
}

async fn equal(what: &str, cloud: &ModelCloud, computers: &[&Computer]) {
    until(what, || computers.iter().all(|computer| computer.tree() == on_server(cloud))).await;
}

#[tokio::test]
async fn what_is_done_in_one_folder_arrives_in_the_other() {
    let (world, cloud) = (World::new(1, EventLog::keeping()), ModelCloud::new());
    let (ada, bob) = (Computer::start(&world, &cloud, "ada"), Computer::start(&world, &cloud, "bob"));
    let both = [&ada, &bob];

    std::fs::create_dir_all(ada.path.join("plans/2026")).unwrap();
    ada.write("plans/2026/budget.txt", "one");
    ada.write("empty", "");
    let large: Vec<u8> = (0..3_000_000_u32).flat_map(u32::to_le_bytes).collect();
    ada.write("large.bin", &large);
    until("five nodes on the server", || on_server(&cloud).len() == 5).await;
    equal("the first files", &cloud, &both).await;

    bob.write("plans/2026/budget.txt", "two");
    until("the edit", || ada.tree().get("plans/2026/budget.txt") == Some(&Some(b"two".to_vec()))).await;
    std::fs::rename(bob.path.join("plans"), bob.path.join("Pläne 🎉")).unwrap();
    until("the rename", || ada.path.join("Pläne 🎉/2026/budget.txt").exists()).await;
    equal("the rename", &cloud, &both).await;

    // An atomic save, as editors do it.
    ada.write("Pläne 🎉/2026/.budget.tmp~", "three");
    std::fs::rename(ada.path.join("Pläne 🎉/2026/.budget.tmp~"), ada.path.join("Pläne 🎉/2026/budget.txt"))
        .unwrap();
    until("the save", || bob.tree().get("Pläne 🎉/2026/budget.txt") == Some(&Some(b"three".to_vec()))).await;

    std::fs::remove_dir_all(ada.path.join("Pläne 🎉")).unwrap();
    until("the deletion", || !bob.path.join("Pläne 🎉").exists()).await;
    std::fs::remove_file(bob.path.join("empty")).unwrap();
    until("the second deletion", || !ada.path.join("empty").exists()).await;
    equal("the end", &cloud, &both).await;
    assert_eq!(on_server(&cloud).keys().collect::<Vec<_>>(), ["large.bin"]);
}

#[tokio::test]
async fn many_small_files_arrive() {
    let (world, cloud) = (World::new(2, EventLog::keeping()), ModelCloud::new());
    let ada = Computer::start(&world, &cloud, "ada");
    for folder in 0..5 {
        std::fs::create_dir(ada.path.join(format!("{folder}"))).unwrap();
        for number in 0..100 {
            ada.write(&format!("{folder}/{number}.txt"), format!("{folder} {number}"));
        }
    }
    until("everything is on the server", || on_server(&cloud).len() == 505).await;
    let bob = Computer::start(&world, &cloud, "bob");
    equal("many small files", &cloud, &[&ada, &bob]).await;
}

#[tokio::test]
async fn a_root_that_goes_away_and_comes_back_loses_nothing_on_either_side() {
    let (world, cloud) = (World::new(3, EventLog::keeping()), ModelCloud::new());
    let ada = Computer::start(&world, &cloud, "ada");
    ada.write("a.txt", "a");
    until("the file is on the server", || on_server(&cloud).len() == 1).await;

    let away = ada.path.with_extension("away");
    std::fs::rename(&ada.path, &away).unwrap();
    std::fs::create_dir(&ada.path).unwrap();
    ada.handle.look();
    until("the root is unavailable", || ada.handle.status().borrow().state == RootState::Unavailable).await;
    assert_eq!(on_server(&cloud).len(), 1);
    assert_eq!(std::fs::read_dir(&ada.path).unwrap().count(), 0, "nothing is put into the empty folder");

    std::fs::remove_dir(&ada.path).unwrap();
    std::fs::rename(&away, &ada.path).unwrap();
    ada.write("b.txt", "b");
    until("the second file is on the server", || on_server(&cloud).len() == 2).await;
}

#[tokio::test]
async fn something_mounted_over_a_synced_folder_deletes_nothing_on_the_server() {
    let (world, cloud) = (World::new(4, EventLog::keeping()), ModelCloud::new());
    let ada = Computer::start(&world, &cloud, "ada");
    std::fs::create_dir(ada.path.join("d")).unwrap();
    ada.write("d/a.txt", "a");
    until("both are on the server", || on_server(&cloud).len() == 2).await;
    let Some(mounted) = Mounted::new(&ada.path.join("d")) else { return };
    for number in 0..8 {
        ada.write(&format!("{number}.txt"), "x");
        until("the next file is on the server", || on_server(&cloud).len() == 3 + number).await;
        ada.handle.looked().await;
        Runtime::tokio().sleep(Duration::from_millis(150)).await;
    }
    assert!(on_server(&cloud).contains_key("d/a.txt"));
    drop(mounted);
    ada.write("d/a.txt", "edited");
    until("the edit", || on_server(&cloud).get("d/a.txt") == Some(&Some(b"edited".to_vec()))).await;
}

/// Does something at random, as a person in a hurry would. Kept names are few, so that things meet.
fn meddle(path: &Path, next: &mut impl FnMut(u64) -> u64, number: u64) {
    let folder = |n: u64| match n {
        0 | 1 => path.to_owned(),
        2 => path.join("x"),
        3 => path.join("y"),
        _ => path.join("x/z"),
    };
    let (from, to) = (folder(next(5)), folder(next(5)));
    let name = |n: u64| ["a", "b", "c", "x", "y", "z"][usize::try_from(n).unwrap()];
    let (one, two) = (from.join(name(next(6))), to.join(name(next(6))));
    // Much of this fails, as it would for a person: the place is taken, or not there.
    let _done = match next(10) {
        0..=3 => std::fs::write(&one, format!("{number}")),
        4 => std::fs::create_dir(&one),
        5 | 6 => std::fs::rename(&one, &two),
        7 => std::fs::remove_file(&one),
        8 => std::fs::remove_dir_all(&one),
        _ => std::fs::write(one.with_extension("tmp~"), format!("{number}"))
            .and_then(|()| std::fs::rename(one.with_extension("tmp~"), &one)),
    };
}

#[tokio::test]
async fn two_people_in_a_hurry_end_with_equal_folders() {
    for seed in 1..=2 {
        let (world, cloud) = (World::new(seed, EventLog::keeping()), ModelCloud::new());
        let (ada, bob) = (Computer::start(&world, &cloud, "ada"), Computer::start(&world, &cloud, "bob"));
        let mut state = seed;
        let mut next = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        for number in 0..300 {
            let who = if next(2) == 0 { &ada } else { &bob };
            meddle(&who.path, &mut next, number);
            if next(10) == 0 {
                Runtime::tokio().sleep(Duration::from_millis(next(300))).await;
            } else {
                tokio::task::yield_now().await;
            }
        }
        equal("after all that", &cloud, &[&ada, &bob]).await;
        assert!(cloud.sequence() > 30, "hardly anything was done");
    }
}
