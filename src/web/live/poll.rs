//! `/live/poll`: what the socket carries, asked for every few seconds, for networks that let no stream through.
//!
//! A poll connects, takes what is due, and leaves; its person counts as connected for a while after it.

use axum::{
    extract::State,
    response::{Html, IntoResponse as _, Response},
};

use super::{Hello, REVOKED, guest::Guest};
use crate::{
    app::App,
    error::AppResult,
    live::{
        Link,
        socket::{Out, close},
    },
    web::{Query, session::Anyone},
};

/// Longest answer, in bytes; who missed more draws the page anew.
const LONGEST: usize = 1024 * 1024;

/// `GET /live/poll`. Answers at once: the frames since the cursor, then the counts and the new cursor.
pub async fn poll(State(app): State<App>, Anyone(user): Anyone, Query(hello): Query<Hello>) -> AppResult<Response> {
    let Some(user) = user else { return Ok(Html(REVOKED).into_response()) };
    let guest = Guest { app, user };
    let link = guest.visit();
    let Some(frames) = due(&guest, &link, &hello).await? else { return Ok(Html(REVOKED).into_response()) };
    // Changes of state are not stored, so there is none to catch up with: all are told.
    let dots = if hello.dots == 0 { String::new() } else { guest.app.live.directory().dots(&link.topics()) };
    Ok(Html(frames + &dots).into_response())
}

/// All that a tab lacks, frame after frame; `None` when its session has ended.
async fn due(guest: &Guest, link: &Link, hello: &Hello) -> AppResult<Option<String>> {
    let Some(mut arrival) = guest.arrive(hello).await? else { return Ok(None) };
    let mut text = String::new();
    while let Some(frames) = arrival.past.next().await? {
        frames.iter().for_each(|frame| text.push_str(frame.as_str()));
        if text.len() > LONGEST {
            text.clear();
            arrival.past.give_up();
        }
    }
    link.go_live(arrival.entry());
    for out in link.next().await {
        match out {
            Out::Frame(frame) => text.push_str(frame.as_str()),
            Out::Close(close::REVOKED) => return Ok(None),
            // It lagged or the instance stops: the next poll asks from the same cursor on.
            Out::Close(_) => {}
        }
    }
    Ok(Some(text))
}
