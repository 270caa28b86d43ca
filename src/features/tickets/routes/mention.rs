//! Whom a comment or note names, and what naming them does.
//!
//! Naming gives nobody a right by itself. Who may not read what is written is brought in only by staff and by who works
//! on the ticket, only into comments, and only if there is no doubt who is meant; a note reaches those who read notes.

use super::{super::queries, turn::Turn};
use crate::{
    error::AppResult,
    features::chat::{MentionRow, find_names},
    fold::fold,
    ids::UserId,
};

/// Names of one text that are looked at.
const MOST: usize = 20;
/// Letters after the sign that may belong to a name.
const NAME_CHARS: usize = 120;

/// Whom a text names.
#[derive(Debug, Default)]
pub struct Named {
    /// Those who are told, in the order of their ids.
    pub rows: Vec<MentionRow>,
    /// Names of people who may not read it: they are told nothing, and their names stay text.
    pub unheard: Vec<String>,
}

/// Finds whom the text names, brings in who is to be brought in, and notes whom to tell.
pub async fn read(turn: &mut Turn<'_>, body: &str, is_note: bool) -> AppResult<Named> {
    let starts =
        body.match_indices('@').map(|(at, _)| fold(&body[at + 1..].chars().take(NAME_CHARS).collect::<String>()));
    let starts: Vec<String> = starts.filter(|text| !text.is_empty()).take(MOST).collect();
    let mut named = Named::default();
    if starts.is_empty() {
        return Ok(named);
    }
    let people = queries::list_named(&mut turn.tx, &turn.row, starts).await?;
    let people: Vec<(UserId, String)> =
        people.into_iter().map(|p| (p.id, format!("{} {}", p.first_name, p.last_name))).collect();
    let people: Vec<(UserId, &str)> = people.iter().map(|(id, name)| (*id, name.as_str())).collect();
    for place in find_names(body, &people).into_iter().take(MOST) {
        let name = body[place.at.start + 1..place.at.end].to_owned();
        let heard = hearers(turn, place.who, is_note).await?;
        if heard.is_empty() && !named.unheard.contains(&name) {
            named.unheard.push(name.clone());
        }
        named.rows.extend(heard.into_iter().map(|user| MentionRow { user, name: name.clone() }));
    }
    named.rows.sort_by_key(|row| row.user);
    named.rows.dedup_by_key(|row| row.user);
    for row in &named.rows {
        turn.mentioned(row.user);
    }
    Ok(named)
}

/// Which of the people of one name read what is written, followers from now on if they may be.
async fn hearers(turn: &mut Turn<'_>, of_name: Vec<UserId>, is_note: bool) -> AppResult<Vec<UserId>> {
    let (mut heard, mut others) = (Vec::new(), Vec::new());
    for user in of_name.into_iter().take(MOST) {
        let (reads, reads_notes) = turn.part_now(user).await?;
        if reads && (reads_notes || !is_note) { heard.push(user) } else { others.push(user) }
    }
    if !turn.row.can(turn.viewer).bring {
        return Ok(heard);
    }
    if let (true, false, [only]) = (heard.is_empty(), is_note, others.as_slice()) {
        heard.push(*only);
    }
    let mut following = Vec::new();
    for user in heard {
        let was_reader = !others.contains(&user);
        if turn.follow(user).await? || was_reader {
            following.push(user);
        }
    }
    Ok(following)
}
