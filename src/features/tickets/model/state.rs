//! Who may take a ticket from one state to another, and what is asked of them (domain: tickets, sections 2 and 3).

use super::Status;

/// What a person is to a ticket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// Opened it.
    pub is_requester: bool,
    /// Works on it.
    pub is_assignee: bool,
    /// An administrator, a superuser, or a supervisor of its campaign.
    pub is_staff: bool,
}

/// What has to be written with a change of state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    /// Nothing.
    Nothing,
    /// Why.
    Reason,
    /// How it was solved.
    Solution,
}

/// A change of state that somebody may make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Where it leads.
    pub to: Status,
    /// What has to be written with it.
    pub asks: Asks,
}

/// Declares the machine: from, to, what is asked, and who besides staff.
macro_rules! machine {
    ($($from:ident => $to:ident, $asks:ident, $others:expr;)*) => {
        const MACHINE: &[(Status, Step, fn(Part) -> bool)] = &[
            $((Status::$from, Step { to: Status::$to, asks: Asks::$asks }, $others),)*
        ];
    };
}

const ASSIGNEE: fn(Part) -> bool = |part| part.is_assignee;
const EITHER: fn(Part) -> bool = |part| part.is_assignee || part.is_requester;
const NOBODY: fn(Part) -> bool = |_| false;

machine! {
    Open => InProgress, Nothing, ASSIGNEE;
    Open => Resolved, Solution, ASSIGNEE;
    InProgress => Resolved, Solution, ASSIGNEE;
    InProgress => Pending, Reason, ASSIGNEE;
    Pending => InProgress, Nothing, ASSIGNEE;
    Pending => Resolved, Solution, ASSIGNEE;
    Resolved => Closed, Nothing, EITHER;
    Open => Closed, Reason, NOBODY;
    InProgress => Closed, Reason, NOBODY;
    Pending => Closed, Reason, NOBODY;
    Resolved => Open, Reason, EITHER;
    Closed => Open, Reason, EITHER;
}

/// The steps that a person may take from a state, the usual one first.
pub fn steps(from: Status, part: Part) -> impl Iterator<Item = Step> {
    let mine =
        move |(state, _, others): &&(Status, Step, fn(Part) -> bool)| *state == from && (part.is_staff || others(part));
    MACHINE.iter().filter(mine).map(|(_, step, _)| *step)
}

/// The step from a state to another, if the person may take it.
pub fn step(from: Status, to: Status, part: Part) -> Option<Step> {
    steps(from, part).find(|step| step.to == to)
}

/// What a person may do with a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Can {
    /// Write what everybody reads who reads it.
    pub comment: bool,
    /// Write and read what staff alone reads.
    pub note: bool,
    /// Give it to anybody who serves its application.
    pub assign: bool,
    /// Give it to a colleague, saying why.
    pub hand_over: bool,
    /// Change priority, kind and application, subject and description.
    pub classify: bool,
    /// Make somebody follow it who did not read it.
    pub bring: bool,
    /// Make somebody follow it no more.
    pub dismiss: bool,
    /// Close it as a duplicate of another one.
    pub merge: bool,
}

/// What the person may do now.
pub fn can(part: Part, status: Status, is_answered: bool) -> Can {
    let is_open = status != Status::Closed;
    let Part { is_requester, is_assignee, is_staff } = part;
    Can {
        comment: is_open,
        note: is_staff || is_assignee,
        assign: is_open && is_staff,
        hand_over: is_open && is_assignee,
        classify: is_open && (is_staff || is_assignee || (is_requester && !is_answered)),
        bring: is_staff || is_assignee,
        dismiss: is_staff,
        merge: is_open && is_staff,
    }
}

#[cfg(test)]
mod tests {
    use Status::{Closed, InProgress, Open, Pending, Resolved};

    use super::*;

    const REQUESTER: Part = Part { is_requester: true, is_assignee: false, is_staff: false };
    const HELPER: Part = Part { is_requester: false, is_assignee: true, is_staff: false };
    const STAFF: Part = Part { is_requester: false, is_assignee: false, is_staff: true };
    const READER: Part = Part { is_requester: false, is_assignee: false, is_staff: false };

    #[test]
    fn the_machine_is_that_of_the_domain() {
        let cases = [
            (Open, InProgress, [false, true, true], Asks::Nothing, "who works on it begins"),
            (Open, Pending, [false, false, false], Asks::Nothing, "nothing waits before it was begun"),
            (InProgress, Pending, [false, true, true], Asks::Reason, "waiting has a reason"),
            (Pending, InProgress, [false, true, true], Asks::Nothing, "and ends"),
            (Open, Resolved, [false, true, true], Asks::Solution, "solved at once"),
            (Pending, Resolved, [false, true, true], Asks::Solution, "solved outside"),
            (Resolved, Closed, [true, true, true], Asks::Nothing, "the requester accepts"),
            (Open, Closed, [false, false, true], Asks::Reason, "staff discards"),
            (InProgress, Closed, [false, false, true], Asks::Reason, "also what was begun"),
            (Resolved, Open, [true, true, true], Asks::Reason, "not solved after all"),
            (Closed, Open, [true, true, true], Asks::Reason, "nor done with"),
            (Closed, InProgress, [false, false, false], Asks::Nothing, "it is opened again first"),
        ];
        for (from, to, who, asks, why) in cases {
            let may = [REQUESTER, HELPER, STAFF].map(|part| step(from, to, part));
            assert_eq!(may.map(|step| step.is_some()), who, "{from:?} → {to:?}: {why}");
            assert!(may.iter().flatten().all(|step| step.asks == asks), "{from:?} → {to:?}: {why}");
            assert_eq!(step(from, to, READER), None, "a follower changes nothing");
        }
    }

    #[test]
    fn a_closed_ticket_takes_nothing_and_a_requester_classifies_until_the_first_answer() {
        let cases = [
            (REQUESTER, Open, false, (true, false, false, true)),
            (REQUESTER, Open, true, (true, false, false, false)),
            (HELPER, InProgress, true, (true, true, false, true)),
            (STAFF, Pending, true, (true, true, true, true)),
            (READER, Open, false, (true, false, false, false)),
            (REQUESTER, Closed, false, (false, false, false, false)),
        ];
        for (part, status, answered, expected) in cases {
            let can = can(part, status, answered);
            assert_eq!((can.comment, can.note, can.assign, can.classify), expected, "{part:?} {status:?}");
        }
        assert!(!can(STAFF, Closed, true).assign, "nobody is given what is done with");
    }
}
