//! What happens to groups in the random scenario.

use chrono::TimeDelta;
use uuid::Uuid;

use crate::{
    harness::TestApp,
    scenario::{MESSAGES, Scenario},
};

/// Groups at once.
const GROUPS: usize = 4;

/// A group as the scenario knows it.
#[derive(Clone, Debug)]
pub struct Group {
    /// Its conversation.
    pub id: Uuid,
    /// Who is in it, as numbers of people.
    pub people: Vec<usize>,
    /// Messages and notices.
    pub count: i64,
}

impl Scenario {
    /// Somebody makes, changes, leaves or writes in a group, or keeps something about it to themselves.
    pub async fn change_group(&mut self, app: &TestApp) {
        app.clock.advance(TimeDelta::milliseconds(*self.random.pick(&[0, 7_000, 400_000])));
        self.pace(app);
        if self.groups.is_empty() || (self.groups.len() < GROUPS && self.random.below(6) == 0) {
            return self.make().await;
        }
        let n = self.random.below(self.groups.len());
        let group = self.groups[n].clone();
        if group.people.is_empty() || group.count >= MESSAGES {
            return;
        }
        let who = *self.random.pick(&group.people);
        match self.random.below(12) {
            0..4 => self.say(n, who).await,
            4 => self.let_in(n, who).await,
            5 => self.take_out(n, who).await,
            6 => self.leave(n, who).await,
            7 => self.rename(n, who).await,
            _ => {
                let all = [("mute", true), ("mute", false), ("pin", true), ("pin", false), ("unread", true)];
                let (what, on) = *self.random.pick(&all);
                self.note(format!("{who} sets {what} {on} in group {n}"));
                self.speaker(who).switch(group.id, what, on).await;
            }
        }
    }

    /// Everyone but the first, an agent, may manage groups.
    async fn make(&mut self) {
        let by = 1 + self.random.below(3);
        let other = (by + 1 + self.random.below(3)) % 4;
        let campaign = self.campaign();
        let guest = self.people[other].clone();
        let id = self.speaker(by).make_group(&campaign, &format!("Grupo {}", self.groups.len()), &[&guest]).await;
        self.note(format!("{by} makes group {} with {other}", self.groups.len()));
        self.groups.push(Group { id, people: vec![by, other], count: 1 });
    }

    async fn say(&mut self, n: usize, who: usize) {
        self.note(format!("{who} writes in group {n}"));
        self.groups[n].count += 1;
        let (id, count) = (self.groups[n].id, self.groups[n].count);
        self.speaker(who).write(id, &format!("para todos {count}")).await;
        if self.random.below(3) == 0 {
            let reader = *self.random.pick(&self.groups[n].people.clone());
            self.speaker(reader).read(id, count).await;
        }
    }

    async fn let_in(&mut self, n: usize, by: usize) {
        let Some(new) = (0..4).find(|p| !self.groups[n].people.contains(p)) else { return };
        if by == 0 {
            return;
        }
        self.note(format!("{by} adds {new} to group {n}"));
        let guest = self.people[new].clone();
        self.speaker(by).add_to_group(self.groups[n].id, &guest).await;
        self.groups[n].people.push(new);
        self.groups[n].count += 1;
    }

    async fn take_out(&mut self, n: usize, by: usize) {
        let Some(gone) = self.groups[n].people.iter().copied().find(|p| *p != by) else { return };
        if by == 0 {
            return;
        }
        self.note(format!("{by} takes {gone} out of group {n}"));
        let guest = self.people[gone].clone();
        self.speaker(by).remove_from_group(self.groups[n].id, &guest).await;
        self.groups[n].people.retain(|p| *p != gone);
        self.groups[n].count += 1;
    }

    async fn leave(&mut self, n: usize, who: usize) {
        self.note(format!("{who} leaves group {n}"));
        self.speaker(who).leave_group(self.groups[n].id).await;
        self.groups[n].people.retain(|p| *p != who);
        self.groups[n].count += 1;
    }

    async fn rename(&mut self, n: usize, by: usize) {
        if by == 0 {
            return;
        }
        self.note(format!("{by} renames group {n}"));
        let title = format!("Grupo {n} <b>{}</b>", self.random.below(1000));
        self.speaker(by).rename_group(self.groups[n].id, &title).await;
        self.groups[n].count += 1;
    }
}
