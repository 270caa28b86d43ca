//! When a campaign works.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::{Value, json};
use views::{
    campaigns::{DayView, calendar_panel},
    layout::Nav,
    paths,
};

use super::{conflict, head, value, values};
use crate::{
    app::{App, Cursor},
    audit::{self, Entry},
    auth::CurrentUser,
    error::{AppResult, FieldErrors},
    features::campaigns::{
        model::{Calendar, Country, HolidayName, Hours, MAX_HOLIDAYS, WEEK, YEARS},
        present, queries,
    },
    ids::CampaignId,
    web::{ClientIp, Form, Kind, Page, Path, Query, redirect},
};

/// Fields of a form whose inputs are many: name and value.
type Fields = Vec<(String, String)>;

/// Longest name of a holiday, in characters.
const MAX_NAME: usize = 80;
/// Errors of one weekday, by its number.
const DAY_FIELDS: [&str; 7] = ["day1", "day2", "day3", "day4", "day5", "day6", "day7"];

/// What was just done.
#[derive(Debug, Default, Deserialize)]
pub struct CalendarQuery {
    #[serde(default)]
    saved: String,
    added: Option<i64>,
}

/// What to show again when a form is refused.
#[derive(Default)]
struct Typed {
    week: Option<Vec<DayView>>,
    holiday: (String, String),
    errors: FieldErrors,
}

/// Hours and holidays.
pub async fn show(
    State(app): State<App>,
    user: CurrentUser,
    Cursor(seq): Cursor,
    Path(id): Path<CampaignId>,
    Query(query): Query<CalendarQuery>,
) -> AppResult<Page> {
    page(&app, &user, seq, id, query, Typed::default()).await
}

async fn page(
    app: &App,
    user: &CurrentUser,
    seq: i64,
    id: CampaignId,
    query: CalendarQuery,
    typed: Typed,
) -> AppResult<Page> {
    let campaign = queries::find(&app.db, id).await?;
    let mut view = present::calendar_view(user.look.locale, head(app, &campaign).await?, &campaign);
    view.week = typed.week.unwrap_or(view.week);
    (view.typed, view.errors) = (typed.holiday, typed.errors.to_view());
    (view.saved, view.added) = (query.saved == "1", query.added);
    let status = if typed.errors.0.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(Page::new(Nav::People, &campaign.name, seq, calendar_panel(user.look.locale, &view)).status(status))
}

/// Reads the week: hours of each day that is ticked, and what is wrong.
fn week(fields: &Fields) -> ([Option<Hours>; 7], Vec<DayView>, FieldErrors) {
    let (mut hours, mut shown, mut errors) = ([None; 7], Vec::new(), FieldErrors::default());
    for n in 0..WEEK.len() {
        let field = |name: &str| value(fields, &format!("{name}{}", n + 1)).to_owned();
        let day = DayView { is_open: field("open") == "1", from: field("from"), to: field("to") };
        if day.is_open {
            hours[n] = Hours::parse(&day.from, &day.to);
            if hours[n].is_none() {
                errors.add(DAY_FIELDS[n], "calendar.hours.invalid");
            }
        }
        shown.push(day);
    }
    if shown.iter().all(|day| !day.is_open) {
        errors.add("week", "calendar.hours.none");
    }
    (hours, shown, errors)
}

/// Sets the hours of the week.
pub async fn set_hours(
    State(app): State<App>,
    user: CurrentUser,
    Cursor(seq): Cursor,
    kind: Kind,
    ClientIp(ip): ClientIp,
    Path(id): Path<CampaignId>,
    Form(fields): Form<Fields>,
) -> AppResult<Response> {
    let (hours, shown, errors) = week(&fields);
    if !errors.0.is_empty() {
        let typed = Typed { week: Some(shown), errors, ..Typed::default() };
        return Ok(page(&app, &user, seq, id, CalendarQuery::default(), typed).await?.into_response());
    }
    let change = |calendar: &mut Calendar| calendar.week = hours;
    save(&app, &user, id, &fields, "campaign.hours", &ip.to_string(), change).await?;
    Ok(redirect(kind, &format!("{}?saved=1", paths::campaign_calendar(&id.to_string()))))
}

/// Adds the national holidays of a year, or one day with a name of one's own.
pub async fn add_holidays(
    State(app): State<App>,
    user: CurrentUser,
    Cursor(seq): Cursor,
    kind: Kind,
    ClientIp(ip): ClientIp,
    Path(id): Path<CampaignId>,
    Form(fields): Form<Fields>,
) -> AppResult<Response> {
    let stored = present::calendar(&queries::find(&app.db, id).await?);
    let ip = ip.to_string();
    let mut added = 0;
    if let Some(country) = Country::from_code(value(&fields, "country")) {
        let year = value(&fields, "year").parse().ok().filter(|year| YEARS.contains(year)).unwrap_or(*YEARS.start());
        let change = |calendar: &mut Calendar| added = calendar.add_holidays(country.holidays(year));
        save(&app, &user, id, &fields, "campaign.holidays.add", &ip, change).await?;
    } else {
        let (day, name) = (value(&fields, "day"), value(&fields, "name").trim());
        let parsed = day.parse::<NaiveDate>().ok();
        let mut errors = FieldErrors::default();
        match parsed {
            None => errors.add("day", "field.required"),
            Some(day) if stored.holidays.contains_key(&day) => errors.add("day", "calendar.own.taken"),
            Some(_) if stored.holidays.len() >= MAX_HOLIDAYS => errors.add("day", "calendar.own.full"),
            Some(_) => {}
        }
        match name.chars().count() {
            0 => errors.add("name", "field.required"),
            n if n > MAX_NAME => errors.add("name", "field.too_long"),
            _ => {}
        }
        let Some(parsed) = parsed.filter(|_| errors.0.is_empty()) else {
            let typed = Typed { holiday: (day.to_owned(), name.to_owned()), errors, week: None };
            return Ok(page(&app, &user, seq, id, CalendarQuery::default(), typed).await?.into_response());
        };
        let change = |calendar: &mut Calendar| {
            calendar.holidays.insert(parsed, HolidayName::Own(name.to_owned()));
        };
        save(&app, &user, id, &fields, "campaign.holidays.add", &ip, change).await?;
        added = 1;
    }
    Ok(redirect(kind, &format!("{}?added={added}", paths::campaign_calendar(&id.to_string()))))
}

/// Takes holidays out.
pub async fn remove_holidays(
    State(app): State<App>,
    user: CurrentUser,
    kind: Kind,
    ClientIp(ip): ClientIp,
    Path(id): Path<CampaignId>,
    Form(fields): Form<Fields>,
) -> AppResult<Response> {
    let days: Vec<NaiveDate> = values(&fields, "day").into_iter().filter_map(|day| day.parse().ok()).collect();
    let change = |calendar: &mut Calendar| calendar.holidays.retain(|day, _| !days.contains(day));
    save(&app, &user, id, &fields, "campaign.holidays.remove", &ip.to_string(), change).await?;
    Ok(redirect(kind, &format!("{}?saved=1", paths::campaign_calendar(&id.to_string()))))
}

/// Changes the stored calendar if it still is as the form saw it, and records what differs.
async fn save(
    app: &App,
    user: &CurrentUser,
    id: CampaignId,
    fields: &Fields,
    action: &'static str,
    ip: &str,
    change: impl FnOnce(&mut Calendar),
) -> AppResult<()> {
    let version = value(fields, "version").parse().unwrap_or(0);
    let now = app.clock.now();
    let mut tx = app.live.begin().await?;
    let mut calendar = present::calendar(&queries::find_in(&mut tx, id).await?);
    let before = json_of(&calendar)?;
    change(&mut calendar);
    let after = json_of(&calendar)?;
    if queries::set_calendar(&mut tx, id, after.clone(), version, now).await? == 0 {
        return Err(conflict());
    }
    let (was, is) = audit::difference(flat(before), flat(after));
    let entry = Entry::new(Some(user.id), ip, action, "campaign", id.0).before(was).after(is);
    audit::record(&mut tx, entry, now).await?;
    app.live.commit(tx).await
}

fn json_of(calendar: &Calendar) -> AppResult<Value> {
    Ok(serde_json::to_value(calendar).map_err(anyhow::Error::from)?)
}

/// One field a weekday and a holiday, so that a difference names what changed alone.
fn flat(calendar: Value) -> Value {
    let mut fields = serde_json::Map::new();
    let days = calendar["week"].as_array().cloned().unwrap_or_default();
    fields.extend(days.into_iter().zip(DAY_FIELDS).map(|(hours, day)| (day.to_owned(), hours)));
    fields.extend(calendar["holidays"].as_object().cloned().unwrap_or_default());
    json!(fields)
}
