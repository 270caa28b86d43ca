//! Figures of a run, for people and for scripts.

use std::time::Duration;

use serde_json::{Value, json};

/// Percentiles in milliseconds by nearest rank: each is a value that was measured. All 0 without values.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Latency {
    pub p50_ms: f64,
    pub p90_ms: f64,
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
        Self { p50_ms: at(500), p90_ms: at(900), p99_ms: at(990), max_ms: at(1_000) }
    }

    fn json(self) -> Value {
        json!({ "p50_ms": self.p50_ms, "p90_ms": self.p90_ms, "p99_ms": self.p99_ms, "max_ms": self.max_ms })
    }
}

/// One run. A delivery is one message on one socket.
#[derive(Clone, Debug, Default)]
pub struct Report {
    pub people: usize,
    pub conversations: usize,
    /// Pairs of the list that may not write to each other.
    pub refused_conversations: usize,
    pub sockets: usize,
    /// Messages a second.
    pub asked_rate: u32,
    pub reached_rate: f64,
    /// Messages answered with 200 or 303.
    pub accepted: usize,
    /// Messages answered with 429.
    pub throttled: usize,
    /// Messages with any other answer, or none.
    pub failed: usize,
    pub expected: usize,
    pub delivered: usize,
    pub lost: usize,
    pub doubled: usize,
    /// Events whose number was not above the one before, per socket.
    pub out_of_order: usize,
    /// Messages on a socket of someone who is not in the conversation.
    pub leaked: usize,
    /// Sockets that were told to fetch the page again.
    pub resets: usize,
    /// Sockets that the server closed during the run.
    pub closed: usize,
    /// From the moment a message was due to its frame on a socket.
    pub delivery: Latency,
    /// From the same moment to the end of the answer.
    pub answer: Latency,
}

impl Report {
    /// Whether everything accepted came to whom it should, once and in order, and nothing failed.
    pub fn is_clean(&self) -> bool {
        self.accepted > 0 && self.faults().iter().all(|(_, count)| *count == 0)
    }

    fn faults(&self) -> [(&'static str, usize); 7] {
        [
            ("lost", self.lost),
            ("doubled", self.doubled),
            ("out of order", self.out_of_order),
            ("to the wrong person", self.leaked),
            ("resets", self.resets),
            ("sockets closed", self.closed),
            ("requests failed", self.failed),
        ]
    }

    /// Lines for people.
    pub fn table(&self) -> String {
        let mut lines = vec![
            format!(
                "people         {:>10}   conversations {} ({} refused)",
                self.people, self.conversations, self.refused_conversations
            ),
            format!("sockets        {:>10}", self.sockets),
            format!("messages       {:>10}   throttled {}", self.accepted, self.throttled),
            format!("rate           {:>10.1}/s asked {}/s", self.reached_rate, self.asked_rate),
            format!("deliveries     {:>10}   of {} expected", self.delivered, self.expected),
            String::new(),
            format!("{:<14} {:>9} {:>9} {:>9} {:>9}", "milliseconds", "p50", "p90", "p99", "max"),
        ];
        for (name, l) in [("delivery", self.delivery), ("answer", self.answer)] {
            lines.push(format!("{name:<14} {:>9.2} {:>9.2} {:>9.2} {:>9.2}", l.p50_ms, l.p90_ms, l.p99_ms, l.max_ms));
        }
        lines.push(String::new());
        lines.extend(self.faults().iter().map(|(name, count)| format!("{name:<20} {count:>4}")));
        lines.push(if self.is_clean() { "clean".to_owned() } else { "NOT clean".to_owned() });
        lines.join("\n") + "\n"
    }

    /// One line of JSON with the same figures.
    pub fn json(&self) -> String {
        let value = json!({
            "people": self.people, "conversations": self.conversations, "refused_conversations": self.refused_conversations,
            "sockets": self.sockets, "asked_rate": self.asked_rate, "reached_rate": self.reached_rate,
            "accepted": self.accepted, "throttled": self.throttled, "failed": self.failed,
            "expected": self.expected, "delivered": self.delivered, "lost": self.lost, "doubled": self.doubled,
            "out_of_order": self.out_of_order, "leaked": self.leaked, "resets": self.resets, "closed": self.closed,
            "delivery": self.delivery.json(), "answer": self.answer.json(), "clean": self.is_clean(),
        });
        format!("{value}\n")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn percentiles_are_measured_values() {
        let ms = |values: &[u64]| Latency::of(values.iter().map(|v| Duration::from_millis(*v)).collect());
        assert_eq!(ms(&[]), Latency::default());
        assert_eq!(ms(&[7]), Latency { p50_ms: 7.0, p90_ms: 7.0, p99_ms: 7.0, max_ms: 7.0 });
        let hundred: Vec<u64> = (1..=100).rev().collect();
        assert_eq!(ms(&hundred), Latency { p50_ms: 50.0, p90_ms: 90.0, p99_ms: 99.0, max_ms: 100.0 });
        assert_eq!(ms(&[1, 2, 1000]), Latency { p50_ms: 2.0, p90_ms: 1000.0, p99_ms: 1000.0, max_ms: 1000.0 });
    }

    #[test]
    fn any_fault_makes_a_run_unclean_and_silence_is_no_proof() {
        let good = Report { accepted: 1, ..Report::default() };
        assert!(good.is_clean() && good.table().ends_with("\nclean\n"));
        assert!(!Report::default().is_clean());
        let bad = [
            Report { lost: 1, ..good.clone() },
            Report { doubled: 1, ..good.clone() },
            Report { out_of_order: 1, ..good.clone() },
            Report { leaked: 1, ..good.clone() },
            Report { resets: 1, ..good.clone() },
            Report { closed: 1, ..good.clone() },
            Report { failed: 1, ..good.clone() },
        ];
        for report in bad {
            let json: Value = serde_json::from_str(&report.json()).unwrap();
            assert!(!report.is_clean() && report.table().contains("NOT clean") && json["clean"] == false, "{report:?}");
        }
    }
}
