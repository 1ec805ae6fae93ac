//! Meter: CPU time and peak memory of running processes, as the kernel counts them in `/proc`.

use anyhow::Context;

/// Ticks a second in which the kernel tells CPU times to programs; it is 100 on every architecture we build for.
const TICKS: f64 = 100.0;

/// What a process cost over a time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cost {
    /// Seconds of CPU, in and below the program.
    pub cpu: f64,
    /// Most memory resident at once, in bytes.
    pub peak: u64,
}

/// A process being measured.
#[derive(Debug)]
pub struct Meter {
    process: u32,
    before: f64,
}

impl Meter {
    /// Starts measuring: what it cost before does not count, its peak begins at what it holds now.
    ///
    /// # Errors
    /// When the kernel does not tell or lets the peak not be set back.
    pub fn start(process: u32) -> anyhow::Result<Self> {
        // 5 sets the peak back to what is resident now (`man 5 proc`).
        std::fs::write(format!("/proc/{process}/clear_refs"), "5")
            .with_context(|| format!("the peak memory of process {process} cannot be set back"))?;
        Ok(Self { process, before: Times::of(process)?.own })
    }

    /// Measures a process that starts now, from its beginning.
    #[must_use]
    pub fn from_birth(process: u32) -> Self {
        Self { process, before: 0.0 }
    }

    /// Tells what the process cost since.
    ///
    /// # Errors
    /// When it is gone.
    pub fn cost(&self) -> anyhow::Result<Cost> {
        Ok(Cost { cpu: Times::of(self.process)?.own - self.before, peak: peak(self.process)? })
    }
}

/// CPU seconds of a process and of its ended children.
#[derive(Debug, Clone, Copy)]
pub struct Times {
    /// The process itself.
    pub own: f64,
    /// Children that ended and were waited for.
    pub children: f64,
}

impl Times {
    /// Reads them.
    ///
    /// # Errors
    /// When the process is gone.
    pub fn of(process: u32) -> anyhow::Result<Self> {
        let path = format!("/proc/{process}/stat");
        let text = std::fs::read_to_string(&path).with_context(|| format!("{path} cannot be read"))?;
        Self::parse(&text).with_context(|| format!("{path} is not understood"))
    }

    fn parse(text: &str) -> Option<Self> {
        // The name stands in parentheses and may hold anything; the 14th field is the 12th after it.
        let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
        let ticks = |at: usize| fields.get(at)?.parse::<f64>().ok();
        Some(Self { own: (ticks(11)? + ticks(12)?) / TICKS, children: (ticks(13)? + ticks(14)?) / TICKS })
    }
}

fn peak(process: u32) -> anyhow::Result<u64> {
    let path = format!("/proc/{process}/status");
    let text = std::fs::read_to_string(&path).with_context(|| format!("{path} cannot be read"))?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    Ok(kib.with_context(|| format!("{path} tells no peak memory"))? * 1024)
}

#[cfg(test)]
mod tests {
    use super::{Meter, Times};

    #[test]
    fn times_are_read_behind_any_name() {
        let line = "7 (a) b) S 1 7 7 0 -1 4194560 1 2 3 4 150 50 25 75 20 0 1 0";
        let times = Times::parse(line).expect("understood");
        assert!((times.own - 2.0).abs() < 1e-9 && (times.children - 1.0).abs() < 1e-9, "{times:?}");
    }

    #[test]
    fn the_peak_shows_what_was_held_since_the_start_only() {
        let held = vec![1_u8; 64 * 1024 * 1024];
        assert!(held.iter().map(|byte| u64::from(*byte)).sum::<u64>() > 0);
        drop(held);
        let meter = Meter::start(std::process::id()).expect("started");
        let before = meter.cost().expect("measured").peak;
        let held = vec![1_u8; 96 * 1024 * 1024];
        assert!(held.iter().map(|byte| u64::from(*byte)).sum::<u64>() > 0);
        assert!(meter.cost().expect("measured").peak > before + 80 * 1024 * 1024);
    }
}
