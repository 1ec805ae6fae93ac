//! A story from a seed: files are written, replaced and deleted, uploads begin, go on, are finished or forgotten, objects
//! fail, the collector is cut off wherever it stands, and time passes. At every moment everything an item refers to can be
//! read; in the end nothing else is left.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Waker};

use bytes::Bytes;
use content::uploads::{self, Upload};
use content::{Collector, Round, Scrubber};
use model::ItemId;
use object_store::local::LocalFileSystem;
use testkit::Place;
use transfer::ChunkHash;

use crate::faulty_objects::{Faults, FaultyObjects};
use crate::library::{Library, noise, offer};

const HOUR: u64 = 3_600;
/// Steps of a story.
const STEPS: usize = 60;

/// An upload on its way, with what is still to be sent.
struct OnItsWay {
    upload: Upload,
    bytes: Vec<u8>,
    chunks: Vec<Vec<u8>>,
}

struct Story {
    library: Library,
    faults: Faults,
    random: u64,
    files: BTreeMap<ItemId, Vec<u8>>,
    gone: Vec<(ItemId, Vec<u8>)>,
    uploads: Vec<OnItsWay>,
    collector: Collector,
}

impl Story {
    async fn begin(seed: u64, place: Place) -> Self {
        let faults = Faults::default();
        let library = Library::open(place).await;
        let given = faults.clone();
        let library = match place {
            Place::OneMachine => library.with_objects(|folder| {
                let folder = LocalFileSystem::new_with_prefix(folder).expect("opens");
                Arc::new(FaultyObjects::new(Arc::new(folder), given))
            }),
            Place::Shared => library,
        };
        let collector = Collector::new(library.operator(), library.contents.clone());
        let random = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        Self {
            library,
            faults,
            random,
            files: BTreeMap::new(),
            gone: Vec::new(),
            uploads: Vec::new(),
            collector,
        }
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        (self.random >> 11) % bound
    }

    /// Few different bytes, so that contents and chunks come again; some share chunks.
    fn bytes(&mut self) -> Vec<u8> {
        let seed = self.below(4);
        match self.below(4) {
            0 => noise(seed, 500),
            1 | 2 => noise(seed, 80_000),
            _ => {
                let mut bytes = noise(seed, 1_500_000);
                bytes.extend(noise(self.below(3), 700_000));
                bytes
            }
        }
    }

    fn a_file(&mut self) -> Option<ItemId> {
        let index = usize::try_from(self.below(self.files.len().max(1) as u64)).expect("small");
        self.files.keys().nth(index).copied()
    }

    async fn step(&mut self) {
        match self.below(16) {
            0..3 => self.write(None).await,
            3..5 => {
                let file = self.a_file();
                self.write(file).await;
            }
            5 => self.delete().await,
            6 => self.purge().await,
            7 => self.offer().await,
            8..10 => self.send().await,
            10 => self.finish().await,
            11..13 => {
                let seconds = self.below(20 * HOUR);
                self.library.clock.move_on(i64::try_from(seconds).expect("small"));
            }
            13 => self.collect_and_cut_off().await,
            14 => self.collect().await,
            _ => {
                let scrubber = Scrubber::new(self.library.operator(), self.library.contents.clone());
                let found = scrubber.step().await.map_or(0, |found| found.damaged);
                assert_eq!(found, 0, "nothing is damaged");
            }
        }
    }

    async fn write(&mut self, file: Option<ItemId>) {
        let bytes = self.bytes();
        // A failure of storage is told to who wrote; nothing is changed then.
        if let Ok(item) = self.library.put(file, &bytes).await {
            self.files.insert(item, bytes);
        }
    }

    async fn delete(&mut self) {
        let Some(item) = self.a_file() else { return };
        self.library.delete(item).await;
        let bytes = self.files.remove(&item).expect("known");
        self.gone.push((item, bytes));
    }

    /// What was deleted, or was before, goes for good.
    async fn purge(&mut self) {
        if self.below(2) == 0 && !self.gone.is_empty() {
            let (item, _) = self.gone.remove(0);
            self.library.purge(item).await;
        } else if let Some(item) = self.a_file() {
            self.library.forget_versions(item).await;
        }
    }

    async fn offer(&mut self) {
        let bytes = self.bytes();
        let (upload, chunks) = offer(&self.library, &bytes).await;
        self.uploads.push(OnItsWay { upload, bytes, chunks });
    }

    async fn send(&mut self) {
        let (library, now) = (&self.library, self.library.runtime().now());
        for going in &mut self.uploads {
            let Some(chunk) = going.chunks.last() else { continue };
            let hash = ChunkHash::of(chunk);
            let bytes = Bytes::copy_from_slice(chunk);
            let (store, call, upload) = (&library.contents, &library.call, &mut going.upload);
            if uploads::receive(store, call, upload, hash, bytes, now).await.is_ok() {
                going.chunks.pop();
            }
        }
    }

    async fn finish(&mut self) {
        if self.uploads.is_empty() {
            return;
        }
        let going = self.uploads.remove(0);
        let (drive, user, now) =
            (self.library.drive, self.library.uploader().user, self.library.runtime().now());
        let id = going.upload.id;
        let done = self.library.refer(None, move |scope| {
            let upload = uploads::find(scope, id, user, now)?;
            uploads::commit(scope, &upload, drive, now)
        });
        if let Ok(item) = done.await {
            assert!(going.chunks.is_empty(), "it was complete");
            self.files.insert(item, going.bytes);
        }
    }

    fn round(&mut self) -> Round {
        if self.below(4) == 0 { Round::AlsoStray } else { Round::Forgotten }
    }

    async fn collect(&mut self) {
        let round = self.round();
        for _ in 0..self.below(30) {
            // A step that fails ends its round; the next one begins anew.
            let _failed = self.collector.step(round).await;
        }
    }

    /// The process ends in the middle of a step, wherever it waits.
    async fn collect_and_cut_off(&mut self) {
        let (round, polls, steps) = (self.round(), self.below(12), self.below(10));
        for _ in 0..steps {
            let _failed = self.collector.step(round).await;
        }
        cut_off(self.collector.step(round), polls).await;
        self.collector = Collector::new(self.library.operator(), self.library.contents.clone());
    }

    async fn check(&self) {
        let gone = self.gone.iter().map(|(item, bytes)| (item, bytes));
        for (item, bytes) in self.files.iter().chain(gone) {
            let read = self.library.read(*item).await;
            assert!(read.is_ok_and(|read| read == *bytes), "a file that exists cannot be read");
            for version in self.library.versions(*item).await {
                let read = self.library.read_content(version.content).await;
                assert!(read.is_ok(), "a version that exists cannot be read");
            }
        }
    }

    /// Everything that nothing refers to goes, and only that.
    async fn end(&mut self) {
        self.library.clock.move_on(i64::try_from(8 * 24 * HOUR).expect("small"));
        self.library.collect(Round::AlsoStray).await;
        self.library.clock.move_on(i64::try_from(2 * 24 * HOUR).expect("small"));
        self.library.collect(Round::AlsoStray).await;
        self.check().await;
        let mut contents = std::collections::BTreeSet::new();
        for item in self.files.keys().chain(self.gone.iter().map(|(item, _)| item)) {
            contents.insert(self.library.content_of(*item).await.id);
            contents.extend(self.library.versions(*item).await.iter().map(|version| version.content.id));
        }
        let (known, _, doomed) = self.library.count().await;
        assert_eq!((known, doomed), (contents.len(), 0), "contents");
        let objects = self.library.objects();
        let named = self.library.object_names().await;
        let found: Vec<String> =
            objects.iter().filter_map(|path| Some(path.file_name()?.to_str()?.to_owned())).collect();
        assert_eq!(found, named, "objects");
    }
}

/// Polls a future some times and drops it. What it handed to other threads goes on, as when a task is ended.
async fn cut_off(future: impl Future, polls: u64) {
    let mut future = pin!(future);
    for _ in 0..polls {
        if future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready() {
            return;
        }
        tokio::task::yield_now().await;
        // Lets blocking work end, or not, before the next look.
        let _done = runtime::Runtime::tokio().blocking(|| ()).await;
    }
}

async fn tell(seed: u64, place: Place) {
    let mut story = Story::begin(seed, place).await;
    for step in 0..STEPS {
        if step % 20 < 14 {
            story.faults.begin(seed + step as u64);
        }
        story.step().await;
        story.faults.end();
        if step % 10 == 9 {
            story.check().await;
        }
    }
    story.end().await;
}

#[tokio::test]
async fn what_is_referenced_is_always_there_and_in_the_end_nothing_else_is() {
    for seed in 1..=6 {
        println!("seed {seed}");
        tell(seed, Place::OneMachine).await;
    }
}

#[tokio::test]
async fn the_same_holds_on_postgresql_and_s3() {
    for seed in 101..=102 {
        println!("seed {seed}");
        tell(seed, Place::Shared).await;
    }
}
