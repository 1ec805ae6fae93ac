//! Engine: one client against the simulated disk, store and cloud, step by step. Whole days with faults and crashes
//! are the simulation's business (`cargo xtask simulate`); here stands what a root does in each of its states.
//!
//! Above 400 lines, because the states are read side by side over the one scene they share.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test says what it expects")]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use engine::{
    Answer, ChunkStream, ContentStream, Demand, Engine, EngineHandle, Outgoing, Ports, RemoteError,
    RemoteTree, RootState, RootStatus, Settings, Verdict, VerifiedAccess,
};
use sync_core::{ItemId, RelPath};
use testkit::disk::{Computer, SimDisk};
use testkit::model_cloud::{ModelCloud, ModelRemote, RemoteFaults};
use testkit::simulation::{EventLog, Process, Signal, World, run_in_virtual_time};
use testkit::{SimState, StateFile};
use transfer::{
    AccessReason, AccessReport, AccessState, ChunkList, ContentId, ContentRequest, DeltaPage, ItemRole,
    Manifest, OperationId, Outcome, UploadOffer, UploadPlan,
};

/// What the server answers instead of serving.
#[derive(Debug, Clone, PartialEq)]
enum Door {
    Open,
    Refused(AccessState),
    Says(RemoteError),
}

/// The model cloud behind a door.
struct Gate {
    inner: ModelRemote,
    door: Arc<Mutex<Door>>,
}

impl Gate {
    fn pass(&self) -> Result<(), RemoteError> {
        match &*self.door.lock().unwrap() {
            Door::Open => Ok(()),
            Door::Refused(_) => Err(RemoteError::RootRefused),
            Door::Says(error) => Err(error.clone()),
        }
    }
}

#[async_trait]
impl RemoteTree for Gate {
    async fn delta(&self, cursor: Option<&str>) -> Result<DeltaPage, RemoteError> {
        self.pass()?;
        self.inner.delta(cursor).await
    }
    async fn apply(&self, operations: Vec<Outgoing>) -> Result<Vec<Outcome>, RemoteError> {
        self.pass()?;
        self.inner.apply(operations).await
    }
    async fn outcomes(&self, operations: &[OperationId]) -> Result<Vec<Option<Outcome>>, RemoteError> {
        self.pass()?;
        self.inner.outcomes(operations).await
    }
    async fn offer(&self, offer: UploadOffer) -> Result<UploadPlan, RemoteError> {
        self.pass()?;
        self.inner.offer(offer).await
    }
    async fn upload_state(&self, upload: &str) -> Result<UploadPlan, RemoteError> {
        self.pass()?;
        self.inner.upload_state(upload).await
    }
    async fn send_chunks(&self, upload: &str, chunks: Vec<Bytes>) -> Result<(), RemoteError> {
        self.pass()?;
        self.inner.send_chunks(upload, chunks).await
    }
    async fn contents(&self, requests: Vec<ContentRequest>) -> Result<ContentStream, RemoteError> {
        self.pass()?;
        self.inner.contents(requests).await
    }
    async fn manifest(&self, item: &str, content: &ContentId) -> Result<Manifest, RemoteError> {
        self.pass()?;
        self.inner.manifest(item, content).await
    }
    async fn chunks(&self, list: ChunkList) -> Result<ChunkStream, RemoteError> {
        self.pass()?;
        self.inner.chunks(list).await
    }
    async fn access(&self) -> Result<VerifiedAccess, RemoteError> {
        let door = self.door.lock().unwrap().clone();
        let mut report = self.inner.access().await?.0;
        match door {
            Door::Open => {}
            Door::Refused(state) => {
                let reason = Some(AccessReason::GuestDeleted);
                let (message, remedy) = ("Your access ended.".to_owned(), "Ask the owner.".to_owned());
                report = AccessReport { state, reason, message, remedy, ..report };
            }
            Door::Says(error) => return Err(error),
        }
        Ok(VerifiedAccess(report))
    }
    async fn hint(&self) {
        self.inner.hint().await;
    }
}

/// One person's computer, its client and the cloud.
struct Scene {
    world: World,
    computer: Computer,
    cloud: ModelCloud,
    state: StateFile,
    door: Arc<Mutex<Door>>,
    faults: Signal<RemoteFaults>,
    life: Option<(Process, EngineHandle)>,
}

impl Scene {
    fn new() -> Self {
        let world = World::new(7, EventLog::hashing());
        let computer = Computer::new(&world, "ada");
        Self {
            computer,
            cloud: ModelCloud::new(),
            state: StateFile::default(),
            door: Arc::new(Mutex::new(Door::Open)),
            faults: Signal::default(),
            life: None,
            world,
        }
    }

    /// Another person's computer at the same cloud.
    fn beside(&self, name: &str) -> Self {
        Self {
            computer: Computer::new(&self.world, name),
            cloud: self.cloud.clone(),
            world: self.world.clone(),
            ..Self::new()
        }
    }

    fn start(&mut self) -> EngineHandle {
        let process = self.world.process("ada's pc");
        let inner = ModelRemote::connect(&self.cloud, &process, self.faults.clone());
        let ports = Ports {
            local: Arc::new(SimDisk::open(&self.computer, &process)),
            remote: Arc::new(Gate { inner, door: Arc::clone(&self.door) }),
            state: Arc::new(SimState::open(&self.state, &process)),
        };
        let settings = Settings::of(ItemId::new("top"), ItemRole::Write, "Ada");
        let (engine, handle) = Engine::new(process.runtime(), ports, settings);
        process.runtime().spawn("engine", engine.run()).detach();
        self.life = Some((process, handle.clone()));
        handle
    }

    async fn kill(&mut self) {
        if let Some((process, _)) = self.life.take() {
            process.crash().await;
        }
    }

    fn door(&self, door: Door) {
        *self.door.lock().unwrap() = door;
    }

    fn write(&self, path: &str, text: &str) {
        self.computer.write(path, Arc::from(text.as_bytes())).unwrap();
    }

    fn here(&self) -> BTreeMap<String, String> {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let files = self.computer.tree().into_iter();
        files.filter_map(|(path, bytes)| Some((path, text(&bytes?)))).collect()
    }

    fn there(&self) -> BTreeMap<String, String> {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        self.cloud.tree().into_iter().filter_map(|(path, bytes)| Some((path, text(&bytes?)))).collect()
    }

    /// Waits until the status is as wanted; fails after ten virtual minutes.
    async fn until(
        &self,
        handle: &EngineHandle,
        what: &str,
        wanted: impl Fn(&RootStatus) -> bool,
    ) -> RootStatus {
        let mut status = handle.status();
        let waiting =
            tokio::time::timeout(Duration::from_secs(600), status.wait_for(|status| wanted(status)));
        let found = waiting.await.map(|found| found.unwrap().clone());
        found.unwrap_or_else(|_| panic!("never: {what}; {:?}", handle.status().borrow().clone()))
    }

    /// Waits until both sides are equal; fails after ten virtual minutes.
    async fn until_equal(&self) -> Duration {
        let begun = self.world.elapsed();
        while self.here() != self.there() {
            assert!(
                self.world.elapsed() < begun + Duration::from_secs(600),
                "{:?} {:?}",
                self.here(),
                self.there()
            );
            self.rest(5).await;
        }
        self.world.elapsed().saturating_sub(begun)
    }

    async fn rest(&self, milliseconds: u64) {
        if let Some((process, _)) = &self.life {
            process.runtime().sleep(Duration::from_millis(milliseconds)).await;
        }
    }
}

fn files(list: &[(&str, &str)]) -> BTreeMap<String, String> {
    list.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
}

#[test]
fn a_saved_file_is_in_the_library_within_a_second() {
    run_in_virtual_time(async {
        let mut scene = Scene::new();
        let handle = scene.start();
        scene.until(&handle, "active", |status| status.state == RootState::Active && status.up_to_date).await;
        for n in 0..5 {
            scene.write("plan.txt", &format!("version {n}"));
            let took = scene.until_equal().await;
            assert!(took < Duration::from_secs(1) || n > 1, "save {n} took {took:?}");
        }
    })
    .unwrap();
}

#[test]
fn a_file_saved_again_and_again_is_never_far_behind_and_soon_quick_again() {
    run_in_virtual_time(async {
        let mut scene = Scene::new();
        let handle = scene.start();
        scene.until(&handle, "active", |status| status.state == RootState::Active && status.up_to_date).await;
        for n in 0..20 {
            scene.write("plan.txt", &format!("version {n}"));
            let took = scene.until_equal().await;
            assert!(took < Duration::from_secs(5), "save {n} took {took:?}");
            scene.until(&handle, "nothing is wrong", |status| status.problems.is_empty()).await;
            scene.rest(300).await;
        }
        scene.rest(9_000).await;
        scene.write("plan.txt", "the next day");
        assert!(scene.until_equal().await < Duration::from_secs(1));
    })
    .unwrap();
}

#[test]
fn access_given_back_is_seen_within_a_minute_and_at_once_when_asked() {
    run_in_virtual_time(async {
        let mut scene = Scene::new();
        let handle = scene.start();
        scene.until(&handle, "active", |status| status.state == RootState::Active).await;
        for asked in [None, Some(())] {
            scene.door(Door::Refused(AccessState::Revoked));
            scene.write("plan.txt", &format!("unsent {asked:?}"));
            scene.until(&handle, "revoked", |status| status.state == RootState::Revoked).await;
            scene.rest(40_000).await;
            scene.door(Door::Open);
            let begun = scene.world.elapsed();
            if asked.is_some() {
                handle.resume();
            }
            scene.until_equal().await;
            let most = if asked.is_some() { 2 } else { 60 };
            let took = scene.world.elapsed().saturating_sub(begun);
            assert!(took < Duration::from_secs(most), "{asked:?} took {took:?}");
        }
    })
    .unwrap();
}

#[test]
fn r_d09_r_d10_lost_access_is_told_rescues_edits_and_touches_no_file() {
    run_in_virtual_time(async {
        let mut scene = Scene::new();
        scene.write("clean.txt", "clean");
        scene.write("edited.txt", "before");
        let handle = scene.start();
        scene.until_equal().await;
        scene.door(Door::Refused(AccessState::Revoked));
        scene.write("edited.txt", "mine alone");
        let status = scene.until(&handle, "revoked", |status| status.state == RootState::Revoked).await;
        assert_eq!(status.reason, Some(AccessReason::GuestDeleted));
        assert!(!status.message.is_empty() && !status.remedy.is_empty());
        scene.rest(60_000).await;
        assert_eq!(scene.here(), files(&[("clean.txt", "clean"), ("edited.txt", "mine alone")]));
        assert!(scene.state.journal().iter().any(|line| line.kind == engine::JournalKind::Rescue));
        // A restart asks again and stays closed; when the owner changes their mind, everything goes on.
        scene.kill().await;
        let handle = scene.start();
        scene.until(&handle, "still revoked", |status| status.state == RootState::Revoked).await;
        scene.door(Door::Open);
        handle.look();
        scene.until(&handle, "active again", |status| status.state == RootState::Active).await;
        scene.until_equal().await;
        assert_eq!(scene.there(), files(&[("clean.txt", "clean"), ("edited.txt", "mine alone")]));
    })
    .unwrap();
}

#[test]
fn a_refusal_without_a_verified_report_closes_nothing() {
    run_in_virtual_time(async {
        let mut scene = Scene::new();
        scene.write("a.txt", "1");
        let handle = scene.start();
        scene.until_equal().await;
        // The server refuses everything but reports that the root is open.
        scene.door(Door::Refused(AccessState::Active));
        scene.write("a.txt", "2");
        scene.rest(30_000).await;
        assert_eq!(handle.status().borrow().state, RootState::Active);
        scene.door(Door::Open);
        scene.until_equal().await;
        assert_eq!(scene.there(), files(&[("a.txt", "2")]));
    })
    .unwrap();
}

#[test]
fn r_c06_a_demand_of_the_owner_stops_syncing_and_goes_on_when_met() {
    run_in_virtual_time(async {
        let mut scene = Scene::new();
        scene.write("a.txt", "1");
        let handle = scene.start();
        scene.until_equal().await;
        let url = Some("https://contoso.example/mfa".to_owned());
        let demand = RemoteError::InteractionNeeded {
            url: url.clone(),
            message: "Prove it is you.".to_owned(),
            demand: Demand::SecondFactor,
        };
        scene.door(Door::Says(demand));
        scene.write("a.txt", "2");
        let wanted = |status: &RootStatus| status.state == RootState::InteractionNeeded;
        let status = scene.until(&handle, "interaction", wanted).await;
        assert_eq!((status.url, status.message), (url, "Prove it is you.".to_owned()));
        assert_eq!(scene.there(), files(&[("a.txt", "1")]));
        scene.door(Door::Open);
        handle.look();
        scene.until_equal().await;
    })
    .unwrap();
}

#[test]
fn a_cloud_that_is_busy_full_or_away_is_told_and_asked_again_by_itself() {
    let wait = Duration::from_secs(120);
    let cases = [
        (RemoteError::Throttled { after: wait }, "asks to wait", wait),
        (RemoteError::QuotaFull, "storage is full", Duration::ZERO),
        (RemoteError::Transport("no route".to_owned()), "no route", Duration::ZERO),
    ];
    for (error, shown, wait) in cases {
        run_in_virtual_time(async {
            let mut scene = Scene::new();
            scene.write("a.txt", "1");
            let handle = scene.start();
            scene.until_equal().await;
            scene.door(Door::Says(error.clone()));
            scene.write("a.txt", "2");
            let told = |status: &RootStatus| status.message.contains(shown);
            let status = scene.until(&handle, "told", told).await;
            assert!(!status.up_to_date && !status.remedy.is_empty(), "{error}: {status:?}");
            let begun = scene.world.elapsed();
            scene.door(Door::Open);
            let took = scene.until_equal().await;
            assert!(
                took + Duration::from_secs(1) >= wait,
                "{error}: asked again after {took:?} of {begun:?}"
            );
            scene.until(&handle, "no longer", |status| status.message.is_empty() && status.up_to_date).await;
        })
        .unwrap();
    }
}

#[test]
fn every_path_has_an_explanation() {
    run_in_virtual_time(async {
        let mut scene = Scene::new();
        scene.write("plan.txt", "1");
        scene.write("what?.txt", "a name the library refuses");
        scene.write("film.part", "an unfinished download");
        let handle = scene.start();
        scene.until(&handle, "at rest", |status| status.up_to_date && status.counts.synced == 1).await;
        let cases = [
            ("plan.txt", Verdict::Synced, false),
            ("what?.txt", Verdict::Problem, true),
            ("film.part", Verdict::Problem, true),
            (".footbridge/trash", Verdict::Ignored, false),
            ("nothing", Verdict::Unknown, false),
        ];
        for (path, verdict, remedy) in cases {
            let known = handle.explain(RelPath::try_from(path.to_owned()).unwrap()).await.unwrap();
            assert_eq!((known.verdict, known.remedy.is_some()), (verdict, remedy), "{known:?}");
        }
        let synced = handle.explain(RelPath::try_from("plan.txt".to_owned()).unwrap()).await.unwrap();
        assert_eq!(synced.here.unwrap().content, synced.there.as_ref().unwrap().content);
        let item = ItemId::new(&synced.there.unwrap().item.unwrap());
        assert_eq!(handle.place_of(item).await.unwrap().as_str(), "plan.txt");
        assert_eq!(handle.place_of(ItemId::new("elsewhere")).await, None);
    })
    .unwrap();
}

#[test]
fn a_mass_deletion_waits_for_the_answer() {
    for (answer, left) in [(Answer::Restore, 60), (Answer::Delete, 0)] {
        run_in_virtual_time(async {
            let mut scene = Scene::new();
            for n in 0..60 {
                scene.write(&format!("file {n}.txt"), &format!("text {n}"));
            }
            let handle = scene.start();
            scene.until_equal().await;
            for n in 0..60 {
                scene.computer.delete(&format!("file {n}.txt")).unwrap();
            }
            let status = scene.until(&handle, "guarded", |status| status.state == RootState::Guarded).await;
            assert_eq!(status.held.map(|held| held.count), Some(60));
            scene.rest(30_000).await;
            assert_eq!(scene.there().len(), 60);
            handle.answer(answer);
            scene.until_equal().await;
            assert_eq!(scene.there().len(), left, "{answer:?}");
        })
        .unwrap();
    }
}

#[test]
fn a_paused_root_does_nothing_also_after_a_restart() {
    run_in_virtual_time(async {
        let mut scene = Scene::new();
        let handle = scene.start();
        scene.until(&handle, "active", |status| status.up_to_date).await;
        handle.pause();
        scene.until(&handle, "paused", |status| status.state == RootState::Paused).await;
        scene.write("a.txt", "1");
        scene.rest(30_000).await;
        scene.kill().await;
        let handle = scene.start();
        scene.until(&handle, "still paused", |status| status.state == RootState::Paused).await;
        scene.rest(30_000).await;
        assert!(scene.there().is_empty());
        handle.resume();
        scene.until_equal().await;
        assert_eq!(scene.there(), files(&[("a.txt", "1")]));
    })
    .unwrap();
}

#[test]
fn killed_at_any_moment_of_a_first_sync_nothing_is_lost_or_doubled() {
    for moment in 0..60 {
        run_in_virtual_time(async {
            let mut scene = Scene::new();
            let large = "large ".repeat(200_000);
            for n in 0..20 {
                scene.write(&format!("file {n}.txt"), &format!("text {n}"));
            }
            scene.write("large.bin", &large);
            scene.start();
            scene.rest(moment * 7).await;
            scene.kill().await;
            scene.start();
            scene.until_equal().await;
            assert_eq!(scene.there().len(), 21, "moment {moment}: {:?}", scene.there().keys());
        })
        .unwrap();
    }
}

#[test]
fn what_arrived_when_the_client_died_is_known_again_wherever_it_was_moved() {
    for step in 0..12 {
        run_in_virtual_time(async {
            let mut ada = Scene::new();
            let mut ben = ada.beside("ben");
            ada.write("plan.txt", "old");
            ada.start();
            ada.until_equal().await;
            ada.kill().await;
            ben.start();
            ben.until_equal().await;
            ben.write("plan.txt", "new");
            ben.write("fresh.txt", "fresh");
            ben.until_equal().await;
            ada.computer.die_after(step);
            ada.start();
            ada.rest(2_000).await;
            ada.kill().await;
            ada.computer.live_on();
            ada.computer.rename("plan.txt", "moved.txt").unwrap();
            // It may not have arrived yet.
            let _either = ada.computer.rename("fresh.txt", "kept.txt");
            ada.start();
            ada.until_equal().await;
            ben.until_equal().await;
            let there: Vec<String> = ada.there().into_values().collect();
            assert_eq!(there, ["fresh", "new"], "step {step}: {:?}", ada.there().keys());
        })
        .unwrap();
    }
}
