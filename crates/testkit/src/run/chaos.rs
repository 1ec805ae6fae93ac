//! Chaos: what goes wrong during the day: cuts of the network, folders that are not mounted, deaths of clients (at a
//! step on disk or at any instant, with or without power loss) and of the server.

use std::sync::Arc;
use std::time::Duration;

use super::Cloud;
use super::seat::{Death, Seat};
use crate::disk::DiskFaults;
use crate::model_cloud::RemoteFaults;
use crate::simulation::{Tape, TapeKind, World};
use crate::story::Plan;

/// Everything that may go wrong.
#[derive(Clone)]
pub(crate) struct Chaos {
    pub(crate) world: World,
    pub(crate) plan: Plan,
    pub(crate) seats: Vec<Seat>,
    pub(crate) cloud: Arc<dyn Cloud>,
}

#[derive(Debug, Clone, Copy)]
enum Blow {
    Partition,
    Unmount,
    Kill,
    ServerKill,
}

impl Chaos {
    /// Sets the faults that last the whole day.
    pub(crate) fn begin(&self) {
        for seat in &self.seats {
            seat.network().set(self.plan.network);
            seat.computer().set_faults(self.plan.disk_faults());
        }
    }

    /// Lets single blows fall until all have fallen.
    pub(crate) async fn rage(&self) {
        let tape = self.world.tape(TapeKind::Crash, "");
        let mut blows = Vec::new();
        blows.extend((0..self.plan.partitions).map(|_| Blow::Partition));
        blows.extend((0..self.plan.unmounts).map(|_| Blow::Unmount));
        blows.extend((0..self.plan.client_deaths).map(|_| Blow::Kill));
        blows.extend((0..self.plan.server_deaths).map(|_| Blow::ServerKill));
        while !blows.is_empty() {
            let blow = blows.swap_remove(tape.index(blows.len()));
            let Some(seat) = tape.pick(&self.seats) else { return };
            self.world.sleep(Duration::from_millis(tape.below(20_000))).await;
            match blow {
                Blow::Partition => self.partition(seat, &tape).await,
                Blow::Unmount => self.unmount(seat, &tape).await,
                Blow::Kill => self.kill(seat, &tape).await,
                Blow::ServerKill => {
                    self.world.note("chaos", format_args!("kills the server"));
                    self.cloud.restart().await;
                }
            }
        }
    }

    /// Ends all faults; every client runs again.
    pub(crate) async fn end(&self) {
        for seat in &self.seats {
            seat.network().set(RemoteFaults::default());
            seat.computer().set_faults(DiskFaults::default());
            seat.computer().live_on();
            match seat.process() {
                Some(process) if process.is_alive() => {}
                _ => {
                    seat.end(Death::Killed).await;
                    seat.start().await;
                }
            }
        }
        self.world.note("chaos", format_args!("ends"));
    }

    async fn partition(&self, seat: &Seat, tape: &Tape) {
        self.world.note("chaos", format_args!("cuts {} off", seat.person()));
        seat.network().modify(|faults| faults.partition = true);
        self.world.sleep(Duration::from_millis(tape.below(60_000))).await;
        seat.network().modify(|faults| faults.partition = false);
    }

    async fn unmount(&self, seat: &Seat, tape: &Tape) {
        self.world.note("chaos", format_args!("unmounts {}'s folder", seat.person()));
        seat.computer().set_faults(DiskFaults { unmounted: true, ..self.plan.disk_faults() });
        self.world.sleep(Duration::from_millis(tape.below(60_000))).await;
        seat.computer().set_faults(self.plan.disk_faults());
    }

    async fn kill(&self, seat: &Seat, tape: &Tape) {
        let how = if tape.per_mille(400) { Death::PowerLoss } else { Death::Killed };
        if tape.per_mille(700) {
            seat.computer().die_after(tape.below(12));
            // It dies at that step, or is killed when it has no more steps to take.
            let patience = Duration::from_millis(tape.below(10_000));
            let until = self.world.elapsed() + patience;
            while seat.process().is_some_and(|process| process.is_alive()) && self.world.elapsed() < until {
                self.world.sleep(Duration::from_millis(20)).await;
            }
        }
        self.world.note("chaos", format_args!("{}: {how:?}", seat.person()));
        seat.end(how).await;
        seat.computer().live_on();
        self.world.sleep(Duration::from_millis(tape.below(15_000))).await;
        seat.start().await;
    }
}
