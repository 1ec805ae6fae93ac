//! Plan: how one seed's run looks: how busy the people are and how bad the day is. Some days are calm, so that plain
//! mistakes are not hidden behind faults.

use std::time::Duration;

use crate::disk::DiskFaults;
use crate::model_cloud::RemoteFaults;
use crate::simulation::{Tape, TapeKind};

/// The day of one seed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Actions of each person.
    pub actions: u64,
    /// Longest pause between two of them.
    pub longest_pause: Duration,
    /// Files at the beginning.
    pub first_files: u64,
    /// Network faults while faults last.
    pub network: RemoteFaults,
    /// Cuts of the network.
    pub partitions: u64,
    /// Disk faults, in thousandths: EIO, disk full, lost watch events.
    pub disk: [u32; 3],
    /// Deaths of clients.
    pub client_deaths: u64,
    /// Deaths of the server.
    pub server_deaths: u64,
    /// Times a folder is not mounted for a while.
    pub unmounts: u64,
    /// Of a thousand new files, how many are large.
    pub large_per_mille: u32,
}

impl Plan {
    /// Draws the day of a seed.
    #[must_use]
    pub fn draw(seed: u64) -> Self {
        let tape = Tape::new(seed, TapeKind::Workload, "plan");
        let weather = tape.below(4);
        let bad = |most: u64| {
            u32::try_from(if weather == 0 { 0 } else { tape.below(most * weather + 1) }).unwrap_or(0)
        };
        Self {
            actions: 10 + tape.below(50),
            longest_pause: Duration::from_millis([50, 1_000, 4_000, 15_000][tape.index(4)]),
            first_files: tape.below(12),
            network: RemoteFaults {
                lost_request_per_mille: bad(30),
                lost_answer_per_mille: bad(30),
                twice_per_mille: bad(20),
                throttled_per_mille: bad(20),
                truncated_per_mille: bad(30),
                partition: false,
            },
            partitions: u64::from(bad(1)),
            disk: [bad(8), bad(8), bad(10)],
            client_deaths: u64::from(bad(2)),
            server_deaths: u64::from(bad(1)),
            unmounts: u64::from(weather == 3 && tape.per_mille(300)),
            large_per_mille: if tape.per_mille(200) { 60 } else { 0 },
        }
    }

    /// Returns the disk's faults while faults last.
    #[must_use]
    pub fn disk_faults(&self) -> DiskFaults {
        let [io_per_mille, full_per_mille, overflow_per_mille] = self.disk;
        DiskFaults { io_per_mille, full_per_mille, overflow_per_mille, unmounted: false }
    }
}
