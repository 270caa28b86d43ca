//! Groups of the demo: three in each campaign, and what is said about the campaign itself.

use std::collections::HashMap;

use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

use super::{
    floor::Member,
    scripts::{ABOUT, GROUPS, Line, Script, What},
};
use crate::{
    auth::Role,
    db::{Arg, Tx},
    features::{
        chat::{Body, Previous, starts},
        people::local_day,
    },
    ids::{CampaignId, UserId},
    sql,
};

/// A person of a script.
#[derive(Clone)]
struct Player {
    id: UserId,
    name: String,
}

/// Inserts the groups of every campaign that has agents, and a conversation about each of these campaigns.
pub async fn insert(tx: &mut Tx, staff: &[Member], now: DateTime<Utc>) -> anyhow::Result<()> {
    let names: Vec<(UserId, String)> =
        tx.all(sql!("select id, first_name || ' ' || last_name from app_user order by id")).await?;
    let names: HashMap<UserId, String> = names.into_iter().collect();
    for campaign in 0..3 {
        let of = |role: Role| {
            let here = staff.iter().filter(move |m| m.role == role && m.campaign == campaign);
            here.map(|m| Player { id: m.id, name: names.get(&m.id).cloned().unwrap_or_default() })
        };
        let Some(lead) = of(Role::Supervisor).next() else { continue };
        let (id, title): (CampaignId, String) = tx
            .one(sql!(
                "select c.id, c.name from campaign c join membership m on m.campaign_id = c.id where m.user_id = $1",
                lead.id
            ))
            .await?;
        for (n, script) in GROUPS.iter().enumerate() {
            // Each group takes up among the agents where the one before it had its middle.
            let agents = of(Role::Asesor).skip(n * 2).take(script.agents);
            let people: Vec<_> = [lead.clone()].into_iter().chain(agents).chain(of(Role::Backoffice).take(1)).collect();
            let talk = Talk { campaign: id, people, now };
            talk.play(tx, script, script.title, None).await?;
        }
        let people = [lead].into_iter().chain(of(Role::Asesor).take(ABOUT.agents)).chain(of(Role::Administrador));
        let talk = Talk { campaign: id, people: people.collect(), now };
        talk.play(tx, &ABOUT, &title, Some(id)).await?;
    }
    Ok(())
}

struct Talk {
    campaign: CampaignId,
    /// The first one leads; the last one joins late, where the script says so.
    people: Vec<Player>,
    now: DateTime<Utc>,
}

impl Talk {
    /// Who a line means; scripts are longer than small groups.
    fn player(&self, n: usize) -> &Player {
        &self.people[n % self.people.len()]
    }

    /// What a line says: `{n}` is a person's name, `{campaign}` the page of the campaign.
    fn text(&self, line: &Line) -> String {
        let named = (0..self.people.len())
            .fold(line.text.to_owned(), |text, n| text.replace(&format!("{{{n}}}"), &self.player(n).name));
        named.replace("{campaign}", &format!("/campaigns/{}", self.campaign))
    }

    async fn play(&self, tx: &mut Tx, script: &Script, title: &str, about: Option<CampaignId>) -> anyhow::Result<()> {
        let length: i64 = script.lines.iter().map(|line| line.after_min).sum();
        let mut at = self.now - Duration::minutes(length + script.ended_min);
        let id = Uuid::now_v7();
        tx.exec(sql!(
            "insert into conversation (id, kind, title, created_by, created_at, campaign_id, record_kind, record_id, \
               last_number, last_line) values ($1, $2, $3, $4, $5, $6, $7, $8, 0, '')",
            id,
            if about.is_some() { "record" } else { "group" },
            title,
            self.player(0).id,
            at,
            about.is_none().then_some(self.campaign),
            about.map(|_| "campaign"),
            about.map(|campaign| campaign.0)
        ))
        .await?;
        let ids: Vec<Uuid> = script.lines.iter().map(|_| Uuid::now_v7()).collect();
        let mut previous: Option<Previous<UserId>> = None;
        let mut rows: Vec<Vec<Arg>> = Vec::new();
        let mut after_notice = false;
        for (n, line) in script.lines.iter().enumerate() {
            at += Duration::minutes(line.after_min);
            let (sender, day) = (self.player(line.by).id, local_day(at));
            let (starts_group, starts_day) = starts(previous.as_ref(), &sender, at, day);
            let body = if line.what == What::Deleted { String::new() } else { self.text(line) };
            let notice = if let What::Notice(code) = line.what { Some(code) } else { None };
            let quoted = if let What::Answer(to) = line.what { ids.get(to).copied() } else { None };
            rows.push(vec![
                ids[n].into(),
                id.into(),
                (i64::try_from(n)? + 1).into(),
                sender.into(),
                body.into(),
                (starts_group || after_notice).into(),
                starts_day.into(),
                at.into(),
                quoted.into(),
                notice.into(),
                (line.what == What::Edited).then_some(at).into(),
                (line.what == What::Deleted).then_some(at).into(),
            ]);
            after_notice = notice.is_some();
            previous = Some(Previous { sender, at, day });
        }
        let insert = sql!(
            "insert into message (id, conversation_id, number, sender_id, body, starts_group, starts_day, created_at, \
               quoted_id, notice, edited_at, deleted_at) values "
        );
        tx.exec(insert.rows(rows)).await?;
        self.mark(tx, script, &ids, at).await?;
        self.close(tx, script, id, at).await
    }

    /// Reactions, names, and what changed messages said before.
    async fn mark(&self, tx: &mut Tx, script: &Script, ids: &[Uuid], at: DateTime<Utc>) -> anyhow::Result<()> {
        for (line, message) in script.lines.iter().zip(ids) {
            for (kind, who) in line.reactions {
                tx.exec(sql!(
                    "insert into reaction (message_id, user_id, kind, created_at) values ($1, $2, $3, $4)",
                    *message,
                    self.player(*who).id,
                    *kind,
                    at
                ))
                .await?;
            }
            let named = (0..self.people.len()).filter(|n| line.text.contains(&format!("@{{{n}}}")));
            for player in named.map(|n| self.player(n)) {
                tx.exec(sql!(
                    "insert into mention (message_id, user_id, name) values ($1, $2, $3)",
                    *message,
                    player.id,
                    player.name.as_str()
                ))
                .await?;
            }
            if matches!(line.what, What::Edited | What::Deleted) {
                tx.exec(sql!(
                    "insert into message_revision (message_id, number, body, replaced_at) values ($1, 1, $2, $3)",
                    *message,
                    line.text,
                    at
                ))
                .await?;
            }
        }
        Ok(())
    }

    /// What lists show of it, who takes part since when, and how far each has read.
    async fn close(&self, tx: &mut Tx, script: &Script, id: Uuid, at: DateTime<Utc>) -> anyhow::Result<()> {
        let Some(last) = script.lines.last() else { return Ok(()) };
        let total = i64::try_from(script.lines.len())?;
        let line = Body::new(&self.text(last)).map(|b| b.line()).unwrap_or_default();
        tx.exec(sql!(
            "update conversation set last_number = $2, last_message_at = $3, last_sender_id = $4, last_line = $5 where id = $1",
            id,
            total,
            at,
            self.player(last.by).id,
            line
        ))
        .await?;
        let joined = script.lines.iter().position(|line| line.what == What::Notice("added"));
        let late = |n: usize| joined.filter(|_| n + 1 == self.people.len()).map_or(1, |n| n + 1);
        let row = |(n, player): (usize, &Player)| -> anyhow::Result<Vec<Arg>> {
            let is_sender = n == last.by;
            // A third of them have not read the end yet; some have muted it, and the lead keeps it on top.
            let unread = if is_sender || n % 3 != 1 { 0 } else { 2 };
            let seen = total - unread;
            Ok(vec![
                id.into(),
                player.id.into(),
                seen.into(),
                seen.into(),
                at.into(),
                i64::try_from(late(n))?.into(),
                (script.is_noisy && n % 4 == 1).into(),
                (script.is_pinned && n < 2).then_some(at).into(),
                at.into(),
                at.into(),
            ])
        };
        let rows: Vec<Vec<Arg>> = self.people.iter().enumerate().map(row).collect::<anyhow::Result<_>>()?;
        let insert = sql!(
            "insert into participant (conversation_id, user_id, last_read_number, seen_number, seen_at, first_number, \
               is_muted, pinned_at, joined_at, active_at) values "
        );
        tx.exec(insert.rows(rows)).await?;
        Ok(())
    }
}
