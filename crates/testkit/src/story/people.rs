//! People: two persons who work in the same library without talking to each other. Names come from a small pool, so
//! that they meet often.

use std::sync::Arc;
use std::time::Duration;

use super::{Digest, Ledger, Plan, unsyncable};
use crate::disk::{Computer, FileError};
use crate::simulation::{Tape, TapeKind, World};

/// Names of files, some of them awkward: letters beyond ASCII in both normal forms, spaces, dots, other case.
const FILES: [&str; 8] = [
    "a.txt",
    "Report.docx",
    "report.docx",
    "Übersicht.md",
    "U\u{308}bersicht.md",
    "notes",
    "x y.z.tar",
    "雪.txt",
];
/// Names that a library refuses or that never sync.
const ODD: [&str; 4] = ["what?.txt", "con", "draft.tmp", " spaces "];
/// Names of folders.
const FOLDERS: [&str; 4] = ["d", "Pläne 2026", "e", "deep"];

/// Somebody who works.
#[derive(Debug, Clone)]
pub struct Person {
    name: &'static str,
    computer: Computer,
    ledger: Ledger,
    tape: Tape,
    written: Arc<std::sync::atomic::AtomicU64>,
    large_per_mille: u32,
}

impl Person {
    /// Seats a person at a computer.
    #[must_use]
    pub fn new(world: &World, name: &'static str, computer: &Computer, ledger: &Ledger, plan: &Plan) -> Self {
        Self {
            name,
            computer: computer.clone(),
            ledger: ledger.clone(),
            tape: world.tape(TapeKind::Workload, name),
            written: Arc::default(),
            large_per_mille: plan.large_per_mille,
        }
    }

    /// Works through the plan.
    pub async fn work(&self, world: &World, plan: &Plan) {
        for _ in 0..plan.actions {
            let longest = u64::try_from(plan.longest_pause.as_millis()).unwrap_or(1);
            // Bursts: many actions follow at once.
            let pause = if self.tape.per_mille(400) { self.tape.below(30) } else { self.tape.below(longest) };
            world.sleep(Duration::from_millis(pause)).await;
            self.act(world).await;
        }
    }

    /// Makes the files that are there before anything else.
    pub fn fill(&self, world: &World, files: u64) {
        for name in FOLDERS.iter().take(2) {
            let _taken = self.computer.make_folder(name);
        }
        for _ in 0..files {
            let path = self.new_path();
            self.write(world, &path);
        }
    }

    /// Renames what cannot sync, as the client advises. Returns how many there were.
    #[must_use]
    pub fn mend_names(&self, world: &World) -> usize {
        let tree = self.computer.tree();
        let tree =
            tree.into_iter().map(|(path, bytes)| (path, bytes.map(|bytes| Digest::of(&bytes)))).collect();
        let found = unsyncable(&tree);
        for path in &found {
            let (folder, _) = crate::disk::split(path);
            let number = self.written.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let name = format!("mended {} {number}", self.name);
            let to = if folder.is_empty() { name } else { format!("{folder}/{name}") };
            self.rename(world, path, &to);
        }
        found.len()
    }

    fn note(&self, world: &World, what: &str, done: &Result<(), FileError>) {
        let end = done.as_ref().err().map_or_else(String::new, |error| format!(" but: {error}"));
        world.note(self.name, format_args!("{what}{end}"));
    }

    async fn act(&self, world: &World) {
        match self.tape.below(100) {
            0..22 => self.write(world, &self.new_path()),
            22..38 => self.write(world, &self.some_file()),
            38..46 => self.save(world, Save::Rename),
            46..51 => self.save(world, Save::Backup),
            51..56 => self.write_slowly(world).await,
            56..66 => self.rename(world, &self.some_entry(), &self.new_path()),
            66..73 => self.move_into(world),
            73..76 => self.change_case(world),
            76..86 => self.delete(world, &self.some_file()),
            86..88 => self.delete(world, &self.some_folder()),
            88..94 => self.make_folder(world),
            94..97 => self.swap(world),
            97..98 => self.copy(world),
            _ => self.write(world, ODD[self.tape.index(ODD.len())]),
        }
    }

    /// Makes bytes nobody wrote before.
    fn content(&self) -> (String, Arc<[u8]>) {
        let number = self.written.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let label = format!("{}-{number}", self.name);
        let mut bytes = format!("{label}\n").into_bytes();
        if self.tape.per_mille(30) {
            // An empty file is a content like any other, but not one of its own.
            return ("empty".into(), Arc::from([]));
        }
        let length = if self.tape.per_mille(self.large_per_mille) { 700_000 } else { 2_000 };
        let filler = u8::try_from(self.tape.below(256)).unwrap_or(0);
        bytes.resize(bytes.len() + self.tape.index(length), filler);
        (label, Arc::from(bytes))
    }

    fn record(&self, label: &str, bytes: &[u8], before: Option<&[u8]>) {
        // Empty files lose nothing.
        if !bytes.is_empty() {
            self.ledger.wrote(label, bytes);
        }
        if let Some(before) = before {
            self.ledger.ended(before);
        }
    }

    fn bytes_at(&self, path: &str) -> Option<Arc<[u8]>> {
        self.computer.tree().get(path).cloned().flatten()
    }

    fn write(&self, world: &World, path: &str) {
        let (label, bytes) = self.content();
        let before = self.bytes_at(path);
        let done = self.computer.write(path, Arc::clone(&bytes));
        if done.is_ok() {
            self.record(&label, &bytes, before.as_deref());
        }
        self.note(world, &format!("writes {path} ({label})"), &done);
    }

    fn save(&self, world: &World, how: Save) {
        let path = self.some_file();
        let (label, bytes) = self.content();
        let before = self.bytes_at(&path);
        let done = match how {
            Save::Rename => self.computer.write_and_rename(&path, Arc::clone(&bytes)),
            Save::Backup => self.computer.write_with_backup(&path, Arc::clone(&bytes)),
        };
        if done.is_ok() {
            self.record(&label, &bytes, before.as_deref());
        }
        self.note(world, &format!("saves {path} by {how:?} ({label})"), &done);
    }

    /// Opens a file, writes half, waits, writes all: what the engine reads in between is no version.
    async fn write_slowly(&self, world: &World) {
        let path = self.some_file();
        let Ok(open) = self.computer.open_for_writing(&path) else { return };
        let (label, bytes) = self.content();
        let before = self.computer.bytes_of(open);
        let half = Arc::from(&bytes[..bytes.len() / 2]);
        let begun = self.computer.write_open(open, half);
        world.note(self.name, format_args!("opens {path} and writes half of {label}"));
        if begun.is_ok() {
            // From here on the old bytes are gone by the person's own hand.
            before.iter().for_each(|before| self.ledger.ended(before));
        }
        world.sleep(Duration::from_millis(self.tape.below(4000))).await;
        let done = self.computer.write_open(open, Arc::clone(&bytes));
        if done.is_ok() {
            self.record(&label, &bytes, None);
        }
        world.sleep(Duration::from_millis(self.tape.below(200))).await;
        self.computer.close(open);
        let at = done.as_ref().ok().cloned().flatten().unwrap_or_else(|| "a name nobody sees".into());
        self.note(world, &format!("ends writing {label} at {at}"), &done.map(|_| ()));
    }

    fn rename(&self, world: &World, from: &str, to: &str) {
        let done = self.computer.rename(from, to);
        self.note(world, &format!("renames {from} to {to}"), &done);
    }

    fn move_into(&self, world: &World) {
        let from = self.some_entry();
        let (_, name) = crate::disk::split(&from);
        let folder = self.some_folder();
        let to = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
        self.rename(world, &from, &to);
    }

    fn change_case(&self, world: &World) {
        let from = self.some_entry();
        let (folder, name) = crate::disk::split(&from);
        let turned: String = name
            .chars()
            .map(|c| if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() })
            .collect();
        let to = if folder.is_empty() { turned } else { format!("{folder}/{turned}") };
        self.rename(world, &from, &to);
    }

    fn swap(&self, world: &World) {
        let (one, other) = (self.some_entry(), self.some_entry());
        if one != other {
            let done = self.computer.swap(&one, &other);
            self.note(world, &format!("swaps {one} and {other}"), &done);
        }
    }

    /// Copies a file: the same bytes in two places.
    fn copy(&self, world: &World) {
        let (from, to) = (self.some_file(), self.new_path());
        let Some(bytes) = self.bytes_at(&from) else { return };
        let before = self.bytes_at(&to);
        let done = self.computer.write(&to, Arc::clone(&bytes));
        if done.is_ok() && before.as_deref() != Some(&bytes) {
            self.record("copy", &bytes, before.as_deref());
        }
        self.note(world, &format!("copies {from} to {to}"), &done);
    }

    fn make_folder(&self, world: &World) {
        let folder = self.some_folder();
        let name = self.tape.pick(&FOLDERS).copied().unwrap_or("d");
        let path = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
        let done = self.computer.make_folder(&path);
        self.note(world, &format!("makes folder {path}"), &done);
    }

    fn delete(&self, world: &World, path: &str) {
        if path.is_empty() {
            return;
        }
        let done = self.computer.delete(path);
        if let Ok(contents) = &done {
            contents.iter().for_each(|bytes| self.ledger.ended(bytes));
        }
        self.note(world, &format!("deletes {path}"), &done.map(|_| ()));
    }

    fn paths(&self, wanted: impl Fn(bool) -> bool) -> Vec<String> {
        let tree = self.computer.tree();
        tree.into_iter().filter(|(_, bytes)| wanted(bytes.is_none())).map(|(path, _)| path).collect()
    }

    /// Chooses a file that is there; a new name when there is none.
    fn some_file(&self) -> String {
        self.tape.pick(&self.paths(|folder| !folder)).cloned().unwrap_or_else(|| FILES[0].into())
    }

    fn some_entry(&self) -> String {
        self.tape.pick(&self.paths(|_| true)).cloned().unwrap_or_else(|| FILES[0].into())
    }

    /// Chooses a folder that is there, or the top.
    fn some_folder(&self) -> String {
        let mut folders = self.paths(|folder| folder);
        folders.push(String::new());
        self.tape.pick(&folders).cloned().unwrap_or_default()
    }

    fn new_path(&self) -> String {
        let folder = self.some_folder();
        let name = self.tape.pick(&FILES).copied().unwrap_or("a.txt");
        if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
    }
}

#[derive(Debug, Clone, Copy)]
enum Save {
    Rename,
    Backup,
}
