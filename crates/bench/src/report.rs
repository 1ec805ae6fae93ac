//! Report: the measurements as a table for people and as JSON for machines.

use std::fmt::Write as _;
use std::process::ExitCode;

use serde_json::{Value, json};

use crate::decisions::{DecisionRow, Timing};
use crate::meter::Cost;
use crate::rsync::TwoCopies;
use crate::world::Costs;

/// Most memory the server and each client may hold while files move (issue 3), in bytes.
pub const MEMORY_LIMIT: u64 = 200 * 1024 * 1024;
const MIB: f64 = 1024.0 * 1024.0;

/// What was measured of one scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The scenario and its size, for people.
    pub what: String,
    /// Seconds until everything was on the other side.
    pub seconds: f64,
    /// The 95th percentile, where `seconds` is the median of several.
    pub p95: Option<f64>,
    /// What it cost, after the clients came to rest.
    pub costs: Costs,
    /// How often it was done, when more than once; the costs are those of all.
    pub times: u32,
    /// Rsync making the same two copies, once.
    pub rsync: TwoCopies,
}

/// Everything measured in one run.
#[derive(Debug)]
pub struct Report {
    rows: Vec<Row>,
    decisions: Vec<DecisionRow>,
}

impl Row {
    fn processes(&self) -> impl Iterator<Item = (&'static str, Cost)> {
        let Costs { server, owner, guest, .. } = self.costs;
        [("server", server), ("owner", owner)].into_iter().chain(guest.map(|guest| ("guest", guest)))
    }

    fn cpu(&self) -> f64 {
        self.processes().map(|(_, cost)| cost.cpu).sum::<f64>() / f64::from(self.times)
    }

    fn wire(&self) -> f64 {
        as_f64(self.costs.wire.total()) / f64::from(self.times)
    }

    fn keeps_the_limit(&self) -> bool {
        self.above_the_limit().is_empty()
    }

    fn above_the_limit(&self) -> Vec<&'static str> {
        self.processes().filter(|(_, cost)| cost.peak > MEMORY_LIMIT).map(|(who, _)| who).collect()
    }

    fn json(&self) -> Value {
        let processes: serde_json::Map<String, Value> = self
            .processes()
            .map(|(who, cost)| (who.to_owned(), json!({"cpuSeconds": cost.cpu, "peakBytes": cost.peak})))
            .collect();
        let wire = self.costs.wire;
        json!({
            "what": self.what, "seconds": self.seconds, "p95Seconds": self.p95, "times": self.times,
            "bytesToServer": wire.to_server, "bytesFromServer": wire.from_server, "processes": processes,
            "withinMemoryLimit": self.keeps_the_limit(),
            "rsync": {
                "seconds": self.rsync.seconds, "cpuSeconds": self.rsync.cpu,
                "bytesToServer": self.rsync.wire.to_server, "bytesFromServer": self.rsync.wire.from_server,
            },
            "timeRatio": self.seconds / self.rsync.seconds,
        })
    }
}

impl Report {
    /// Makes the report of a run.
    #[must_use]
    pub fn new(rows: Vec<Row>, decisions: Vec<DecisionRow>) -> Self {
        Self { rows, decisions }
    }

    /// Fails when a program held more, or a decision took longer, than it may.
    #[must_use]
    pub fn exit_code(&self) -> ExitCode {
        let kept = self.rows.iter().all(Row::keeps_the_limit)
            && self.decisions.iter().all(DecisionRow::keeps_the_limit);
        if kept { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }

    /// Returns what was measured as tables in Markdown.
    #[must_use]
    pub fn table(&self) -> String {
        let moved = if self.rows.is_empty() { String::new() } else { self.moved() };
        let decided = if self.decisions.is_empty() { String::new() } else { self.decided() };
        let between = if moved.is_empty() || decided.is_empty() { "" } else { "\n" };
        format!("{moved}{between}{decided}")
    }

    fn decided(&self) -> String {
        let mut text = String::from(
            "| question, answered whole | with | median | p95 | limit | in a small organization | ratio |\n\
             |---|---|---:|---:|---:|---:|---:|\n",
        );
        for row in &self.decisions {
            let over = if row.keeps_the_limit() { "" } else { " **above the limit**" };
            let _writing_to_a_string_succeeds = writeln!(
                text,
                "| {} | {} | {}{over} | {} | {} | {} | {:.1} |",
                row.what,
                row.size,
                milliseconds(row.large.median),
                milliseconds(row.large.p95),
                milliseconds(row.limit),
                milliseconds(row.small.median),
                row.large.median / row.small.median,
            );
        }
        text
    }

    fn moved(&self) -> String {
        let mut text = String::from(
            "| what | time | rsync | ratio | bytes on the wire | rsync | CPU | rsync | peak memory: server, owner, guest |\n\
             |---|---:|---:|---:|---:|---:|---:|---:|---:|\n",
        );
        for row in &self.rows {
            let peaks: Vec<String> =
                row.processes().map(|(_, cost)| format!("{:.0}", as_f64(cost.peak) / MIB)).collect();
            let time = match row.p95 {
                Some(p95) => format!("{} (p95 {})", seconds(row.seconds), seconds(p95)),
                None => seconds(row.seconds),
            };
            let above = row.above_the_limit().join(", ");
            let limit = MEMORY_LIMIT / (1024 * 1024);
            let over =
                if above.is_empty() { String::new() } else { format!(" **above {limit} MiB: {above}**") };
            let _writing_to_a_string_succeeds = writeln!(
                text,
                "| {} | {time} | {} | {:.1} | {} | {} | {} | {} | {} MiB{over} |",
                row.what,
                seconds(row.rsync.seconds),
                row.seconds / row.rsync.seconds,
                size(row.wire()),
                size(as_f64(row.rsync.wire.total())),
                seconds(row.cpu()),
                seconds(row.rsync.cpu),
                peaks.join(", "),
            );
        }
        text
    }

    /// Returns the numbers as JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        json!({
            "memoryLimitBytes": MEMORY_LIMIT,
            "rows": self.rows.iter().map(Row::json).collect::<Vec<_>>(),
            "decisions": self.decisions.iter().map(decision_json).collect::<Vec<_>>(),
        })
    }
}

/// Tells on standard error what is being done.
pub fn tell(what: &str, place: &str) {
    if place.is_empty() { eprintln!("bench: {what}") } else { eprintln!("bench: {what}: {place}") }
}

fn decision_json(row: &DecisionRow) -> Value {
    let timing = |timing: Timing| json!({"medianSeconds": timing.median, "p95Seconds": timing.p95});
    json!({
        "what": row.what, "with": row.size, "large": timing(row.large), "small": timing(row.small),
        "limitSeconds": row.limit, "withinLimit": row.keeps_the_limit(),
    })
}

fn milliseconds(seconds: f64) -> String {
    format!("{:.2} ms", seconds * 1000.0)
}

fn seconds(seconds: f64) -> String {
    if seconds < 1.0 { format!("{:.0} ms", seconds * 1000.0) } else { format!("{seconds:.1} s") }
}

fn size(bytes: f64) -> String {
    let mib = bytes / MIB;
    if mib < 1.0 { format!("{:.1} KiB", bytes / 1024.0) } else { format!("{mib:.1} MiB") }
}

#[expect(clippy::cast_precision_loss, reason = "sizes here are far below 2^53")]
fn as_f64(bytes: u64) -> f64 {
    bytes as f64
}

#[cfg(test)]
mod tests {
    use super::{MEMORY_LIMIT, Report, Row};
    use crate::decisions::{DecisionRow, Timing};
    use crate::meter::Cost;
    use crate::relay::Bytes;
    use crate::rsync::TwoCopies;
    use crate::world::Costs;

    fn row(peak: u64) -> Row {
        let cost = Cost { cpu: 1.5, peak };
        let wire = Bytes { to_server: 3 << 20, from_server: 1 << 20 };
        Row {
            what: "10 files".to_owned(),
            seconds: 3.0,
            p95: None,
            costs: Costs { wire, server: cost, owner: cost, guest: Some(cost) },
            times: 2,
            rsync: TwoCopies { seconds: 0.5, wire, cpu: 0.25 },
        }
    }

    #[test]
    fn a_row_tells_ratios_and_costs_of_one_time() {
        let table = Report::new(vec![row(90 << 20)], Vec::new()).table();
        let line = table.lines().last().expect("a row");
        assert_eq!(
            line,
            "| 10 files | 3.0 s | 500 ms | 6.0 | 2.0 MiB | 4.0 MiB | 2.2 s | 250 ms | 90, 90, 90 MiB |"
        );
    }

    #[test]
    fn a_decision_above_its_limit_is_told_and_fails_the_run() {
        let timing = |median| Timing { median, p95: median * 2.0 };
        let decision = |median| DecisionRow {
            what: "an item",
            size: "9 guests".to_owned(),
            small: timing(0.000_5),
            large: timing(median),
            limit: 0.001,
        };
        let kept = Report::new(Vec::new(), vec![decision(0.001)]);
        assert_eq!(
            kept.table().lines().last(),
            Some("| an item | 9 guests | 1.00 ms | 2.00 ms | 1.00 ms | 0.50 ms | 2.0 |")
        );
        assert_eq!(format!("{:?}", kept.exit_code()), format!("{:?}", std::process::ExitCode::SUCCESS));
        let broken = Report::new(Vec::new(), vec![decision(0.001_1)]);
        assert!(broken.table().contains("**above the limit**"));
        assert_eq!(format!("{:?}", broken.exit_code()), format!("{:?}", std::process::ExitCode::FAILURE));
    }

    #[test]
    fn a_program_above_the_limit_is_told_and_fails_the_run() {
        let report = Report::new(vec![row(1 << 20), row(MEMORY_LIMIT + 1)], Vec::new());
        assert!(report.table().contains("**above 200 MiB: server, owner, guest**"), "{}", report.table());
        assert_eq!(format!("{:?}", report.exit_code()), format!("{:?}", std::process::ExitCode::FAILURE));
        assert_eq!(report.json()["rows"][1]["withinMemoryLimit"], false);
    }
}
