//! What administrators set: hours of service, and who serves an application how much.

use std::ops::RangeInclusive;

/// Hours that may be promised.
const HOURS: RangeInclusive<i64> = 1..=1_000;
/// Somebody of weight 2 gets twice as much as somebody of weight 1.
const WEIGHT: RangeInclusive<i64> = 1..=10;
/// Open tickets above which nothing is given to somebody by itself.
const CAPACITY: RangeInclusive<i64> = 0..=1_000;

/// What is promised for a priority, in working minutes: until the first answer, until it is solved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Promise {
    /// Until somebody answers.
    pub respond_minutes: i64,
    /// Until it is solved.
    pub resolve_minutes: i64,
}

impl Promise {
    /// Hours as they were typed: until the answer, until the solution.
    ///
    /// # Errors
    /// What is wrong with either, as a key.
    pub fn new(respond: &str, resolve: &str) -> Result<Self, [Option<&'static str>; 2]> {
        let read = |typed: &str| whole(typed, &HOURS, "ticket_service.hours.range");
        match (read(respond), read(resolve)) {
            (Ok(respond), Ok(resolve)) if respond <= resolve => {
                Ok(Self { respond_minutes: respond * 60, resolve_minutes: resolve * 60 })
            }
            (Ok(_), Ok(_)) => Err([Some("ticket_service.hours.order"), None]),
            (respond, resolve) => Err([respond.err(), resolve.err()]),
        }
    }
}

/// Somebody's part in a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Load {
    /// 1 to 10.
    pub weight: i64,
    /// Most open tickets; none: no limit.
    pub capacity: Option<i64>,
}

impl Load {
    /// As it was typed; an empty capacity is no limit.
    ///
    /// # Errors
    /// What is wrong with either, as a key.
    pub fn new(weight: &str, capacity: &str) -> Result<Self, [Option<&'static str>; 2]> {
        let weight = whole(weight, &WEIGHT, "ticket_service.weight.range");
        let capacity = match capacity.trim() {
            "" => Ok(None),
            typed => whole(typed, &CAPACITY, "ticket_service.capacity.range").map(Some),
        };
        match (weight, capacity) {
            (Ok(weight), Ok(capacity)) => Ok(Self { weight, capacity }),
            (weight, capacity) => Err([weight.err(), capacity.err()]),
        }
    }
}

fn whole(typed: &str, range: &RangeInclusive<i64>, key: &'static str) -> Result<i64, &'static str> {
    match typed.trim() {
        "" => Err("field.required"),
        typed => typed.parse().ok().filter(|n| range.contains(n)).ok_or(key),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_whole_and_an_answer_comes_before_the_solution() {
        let range = Some("ticket_service.hours.range");
        let cases = [
            (("1", " 4 "), Ok(Promise { respond_minutes: 60, resolve_minutes: 240 })),
            (("4", "4"), Ok(Promise { respond_minutes: 240, resolve_minutes: 240 })),
            (("5", "4"), Err([Some("ticket_service.hours.order"), None])),
            (("", "0"), Err([Some("field.required"), range])),
            (("1.5", "1001"), Err([range, range])),
        ];
        for ((respond, resolve), expected) in cases {
            assert_eq!(Promise::new(respond, resolve), expected, "{respond} {resolve}");
        }
    }

    #[test]
    fn a_part_in_a_pool_has_a_weight_and_perhaps_a_limit() {
        let cases = [
            (("1", ""), Ok(Load { weight: 1, capacity: None })),
            (("10", "0"), Ok(Load { weight: 10, capacity: Some(0) })),
            (("0", "x"), Err([Some("ticket_service.weight.range"), Some("ticket_service.capacity.range")])),
            (("", "1001"), Err([Some("field.required"), Some("ticket_service.capacity.range")])),
        ];
        for ((weight, capacity), expected) in cases {
            assert_eq!(Load::new(weight, capacity), expected, "{weight} {capacity}");
        }
    }
}
