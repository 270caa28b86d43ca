//! Numbers that a seed brings back.

/// SplitMix64. `CREA_TEST_SEED` sets the seed that a failed run printed; without it every run is another one.
pub struct Random {
    /// What it began with.
    pub seed: u64,
    state: u64,
}

impl Random {
    /// From the environment, or from the time of day.
    pub fn new() -> Self {
        let given = std::env::var("CREA_TEST_SEED").ok().and_then(|seed| seed.parse().ok());
        let now = || std::time::UNIX_EPOCH.elapsed().map_or(1, |since| since.as_millis());
        let seed = given.unwrap_or_else(|| u64::try_from(now()).unwrap_or(1));
        Self { seed, state: seed }
    }

    /// Another series, by a seed that this one gives.
    pub fn again(mut self) -> Self {
        let seed = self.next();
        Self { seed, state: seed }
    }

    /// The next number.
    pub fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).unwrap();
        usize::try_from(self.next() % end).unwrap()
    }

    /// One of these.
    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}
