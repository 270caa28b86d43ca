//! Percentiles of what was timed.

use std::time::Duration;

/// Percentiles in milliseconds by nearest rank: each is a value that was measured. All 0 without values.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Latency {
    pub p50_ms: f64,
    pub p95_ms: f64,
    pub p99_ms: f64,
    pub max_ms: f64,
}

impl Latency {
    /// Percentiles of these values, in any order.
    pub fn of(mut values: Vec<Duration>) -> Self {
        values.sort_unstable();
        let at = |per_mille: usize| {
            let rank = (values.len() * per_mille).div_ceil(1_000).max(1);
            values.get(rank - 1).map_or(0.0, |value| value.as_secs_f64() * 1e3)
        };
        Self { p50_ms: at(500), p95_ms: at(950), p99_ms: at(990), max_ms: at(1_000) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_measured_values() {
        let ms = |values: &[u64]| Latency::of(values.iter().map(|v| Duration::from_millis(*v)).collect());
        assert_eq!(ms(&[]), Latency::default());
        assert_eq!(ms(&[7]), Latency { p50_ms: 7.0, p95_ms: 7.0, p99_ms: 7.0, max_ms: 7.0 });
        let hundred: Vec<u64> = (1..=100).rev().collect();
        assert_eq!(ms(&hundred), Latency { p50_ms: 50.0, p95_ms: 95.0, p99_ms: 99.0, max_ms: 100.0 });
        assert_eq!(ms(&[1, 2, 1000]), Latency { p50_ms: 2.0, p95_ms: 1000.0, p99_ms: 1000.0, max_ms: 1000.0 });
    }
}
