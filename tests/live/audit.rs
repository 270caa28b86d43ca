//! Who was told what. Every event that a tab got is held against what its person might hear when it was committed,
//! by the control rows of the outbox itself and by what the scenario did to people.

use std::collections::BTreeMap;

use crea::{
    auth::Role,
    live::{Control, Topic, event::Framed, outbox},
};
use uuid::Uuid;

use crate::{harness::TestApp, tab::Tab};

/// Everything that was committed, also what the outbox has forgotten meanwhile.
#[derive(Default)]
pub struct Audit {
    events: BTreeMap<i64, Topic>,
    /// Of an audience: who came (true) or went, and when.
    audiences: BTreeMap<Topic, Vec<(i64, Uuid, bool)>>,
    /// Tickets, and who opened them; nobody but their staff works on them.
    pub tickets: BTreeMap<Uuid, Uuid>,
    read: i64,
}

/// A person, and what the scenario gave them and took away.
#[derive(Clone, Debug)]
pub struct Rights {
    /// The person.
    pub user: Uuid,
    /// The one campaign.
    pub campaign: Uuid,
    /// Whether they send the mass messages.
    pub is_sender: bool,
    /// How they stood at first.
    pub first: Standing,
    /// `(before, after, how they stand since)`: the change was committed between the two events.
    pub changes: Vec<(i64, i64, Standing)>,
}

/// What decides what somebody may hear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Whether they are in the campaign.
    pub is_member: bool,
    /// Whether the account is open.
    pub is_active: bool,
    /// The code of their role.
    pub role: &'static str,
}

impl Rights {
    /// How they stand now.
    pub fn now(&self) -> Standing {
        self.changes.last().map_or(self.first, |(_, _, standing)| *standing)
    }

    /// How they stood when an event was committed; what was committed with a change is on either side of it.
    fn at(&self, seq: i64) -> impl Iterator<Item = Standing> {
        let over = self.changes.iter().rfind(|(_, after, _)| *after < seq).map_or(self.first, |(_, _, s)| *s);
        let going_on = self.changes.iter().filter(move |(before, after, _)| *before < seq && seq <= *after);
        std::iter::once(over).chain(going_on.map(|(_, _, standing)| *standing))
    }
}

impl Audit {
    /// Of everything after this event.
    pub fn after(seq: i64) -> Self {
        Self { read: seq, ..Self::default() }
    }

    /// Reads what was committed since it was last read. To be called before the outbox is pruned.
    pub async fn read(&mut self, app: &TestApp) {
        let head = app.live.cursor().await.unwrap();
        loop {
            let events = outbox::list_after(&app.db, self.read, head).await.unwrap();
            let Some(last) = events.last() else { return };
            self.read = last.seq;
            for event in events {
                if let Framed::Control(Control::Join { topic, users }) = &*event.body {
                    self.moved(event.seq, topic, users, true);
                }
                if let Framed::Control(Control::Leave { topic, users }) = &*event.body {
                    self.moved(event.seq, topic, users, false);
                }
                self.events.insert(event.seq, event.topic);
            }
        }
    }

    fn moved(&mut self, seq: i64, topic: &Topic, users: &[Uuid], came: bool) {
        let audience = self.audiences.entry(topic.clone()).or_default();
        audience.extend(users.iter().map(|user| (seq, *user, came)));
    }

    fn may_hear(&self, who: &Rights, seq: i64, topic: &Topic) -> bool {
        who.at(seq).any(|standing| standing.is_active && self.hears(who, standing, seq, topic))
    }

    fn hears(&self, who: &Rights, Standing { is_member, role, .. }: Standing, seq: i64, topic: &Topic) -> bool {
        let is_admin = role == "administrador";
        match topic {
            Topic::Everyone => true,
            Topic::User(id) => *id == who.user,
            Topic::Campaign(id) => *id == who.campaign && is_member,
            Topic::Role(id, of) => *id == who.campaign && of.code() == role && is_member,
            Topic::Conversation(_) | Topic::Broadcast(_) => {
                let mut moves = self.audiences.get(topic).into_iter().flatten();
                let last = moves.rfind(|(at, user, _)| *at <= seq && *user == who.user);
                last.is_some_and(|(_, _, came)| *came)
            }
            Topic::Tray(_) => is_admin,
            Topic::Ticket(id) => self.tickets.get(id) == Some(&who.user) || self.is_staff(id, role, is_member),
            // Of a ticket: its staff. Of a mass message: who sent it, and administrators.
            Topic::Board(id) if self.tickets.contains_key(id) => self.is_staff(id, role, is_member),
            Topic::Board(_) => is_admin || who.is_sender,
            Topic::Client(_) => false,
        }
    }

    fn is_staff(&self, ticket: &Uuid, role: &str, is_member: bool) -> bool {
        self.tickets.contains_key(ticket) && (role == "administrador" || role == "supervisor" && is_member)
    }

    /// What a tab was told and should not have been, or not in this order; nothing when all is well. Takes the frames.
    pub fn complaint(&self, who: &Rights, tab: &mut Tab) -> Option<String> {
        let (mut last, mut steps_back) = (0, 0);
        let frames = std::mem::take(&mut tab.frames);
        for frame in &frames {
            let Some(seq) = event_of(frame) else { continue };
            let Some(topic) = self.events.get(&seq) else { return Some(format!("event {seq} was never committed")) };
            if !self.may_hear(who, seq, topic) {
                return Some(format!("{who:?} heard {seq}, {topic}: {frame}"));
            }
            steps_back += usize::from(seq < last);
            last = seq;
        }
        // What a page lacks may be older than what came last, once for every page and connection.
        let views = std::mem::take(&mut tab.views);
        (steps_back > views).then(|| format!("{steps_back} steps back in {views} pages and connections"))
    }
}

/// The number of a frame that is an event's.
fn event_of(frame: &str) -> Option<i64> {
    let (seq, rest) = frame.strip_prefix("<hx-live seq=\"")?.split_once('"')?;
    if rest.starts_with("></hx-live><") { seq.parse().ok() } else { None }
}

#[test]
fn an_audit_notices_what_was_not_for_somebody() {
    let (talk, campaign, ana, eva) =
        (Topic::Conversation(Uuid::now_v7()), Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7());
    let mut audit = Audit::default();
    audit.moved(3, &talk, &[ana, eva], true);
    audit.moved(7, &talk, &[eva], false);
    let first = Standing { is_member: true, is_active: true, role: "asesor" };
    let out = Standing { is_member: false, ..first };
    let boss = Standing { role: "supervisor", ..first };
    let closed = Standing { is_active: false, ..first };
    let changes = vec![(10, 12, out), (20, 21, first), (40, 41, boss), (50, 51, closed)];
    let who = |user| Rights { user, campaign, is_sender: false, first, changes: changes.clone() };
    for (user, seq, may) in [(ana, 2, false), (ana, 3, true), (ana, 9, true), (eva, 6, true), (eva, 7, false)] {
        assert_eq!(audit.may_hear(&who(user), seq, &talk), may, "{seq}");
    }
    for (seq, may) in [(5, true), (10, true), (12, true), (13, false), (20, false), (21, true), (30, true)] {
        assert_eq!(audit.may_hear(&who(ana), seq, &Topic::Campaign(campaign)), may, "{seq}");
    }
    let role = Topic::Role(campaign, Role::Supervisor);
    for (seq, may) in [(5, false), (40, false), (41, true), (51, true), (52, false)] {
        assert_eq!(audit.may_hear(&who(ana), seq, &role), may, "{seq}");
    }
    assert!(!audit.may_hear(&who(ana), 45, &Topic::Board(campaign)), "another supervisor's");
    assert!(!audit.may_hear(&who(ana), 52, &Topic::Everyone), "whose account is closed hears nothing");
    assert!(!audit.may_hear(&who(ana), 5, &Topic::User(eva)));
    assert!(audit.may_hear(&who(ana), 5, &Topic::Everyone));
    assert_eq!(
        (event_of("<hx-live seq=\"4\"></hx-live><p></p>"), event_of("<hx-live seq=\"4\"></hx-live>")),
        (Some(4), None)
    );
}
