//! Timing: median and 95th percentile of single measurements.

/// How long something takes, in seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Timing {
    /// Half of the times are not longer.
    pub median: f64,
    /// 95 of 100 are not longer.
    pub p95: f64,
}

impl Timing {
    /// Sums up single times; none when there are none.
    #[must_use]
    pub fn of(mut seconds: Vec<f64>) -> Option<Self> {
        seconds.sort_by(f64::total_cmp);
        let at = |percent: usize| seconds.get(seconds.len().saturating_sub(1) * percent / 100).copied();
        Some(Self { median: at(50)?, p95: at(95)? })
    }
}

#[cfg(test)]
mod tests {
    use super::Timing;

    #[test]
    fn the_middle_and_the_slow_end_are_told() {
        let times = (0..=100).rev().map(f64::from).collect();
        assert_eq!(Timing::of(times), Some(Timing { median: 50.0, p95: 95.0 }));
        assert_eq!(Timing::of(Vec::new()), None);
    }
}
