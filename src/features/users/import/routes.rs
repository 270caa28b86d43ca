//! The pages of an import.

use axum::{
    extract::{Multipart, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use uuid::Uuid;
use views::{
    layout::Nav,
    paths,
    people::import::{self as view, BadRow, ImportState, ImportView},
    text::{Locale, t},
};

use super::{
    file, queries,
    rows::{self, Campaign, Checked},
    run::Importer,
};
use crate::{
    app::{App, Cursor},
    auth::CurrentUser,
    error::{AppError, AppResult, FieldErrors},
    fold::fold,
    web::{ClientIp, Fragment, Kind, Page, Path, redirect},
};

/// Bad rows that the page shows; the report has all.
const SHOWN: i64 = 100;
/// Characters of a file's name that are kept.
const NAME_CHARS: usize = 100;

/// The form that takes a file.
pub async fn show_upload(user: CurrentUser, Cursor(seq): Cursor) -> Page {
    upload_page(&user, seq, &FieldErrors::default())
}

fn upload_page(user: &CurrentUser, seq: i64, errors: &FieldErrors) -> Page {
    let l = user.look.locale;
    let status = if errors.0.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let main = view::upload(l, errors.0.first().map(|(_, key)| *key));
    Page::new(Nav::People, t(l, "import.title"), seq, main).status(status)
}

/// Reads and checks a file; its rows wait for the click that imports them. 422 for a file that is no list of people.
pub async fn upload(
    State(app): State<App>,
    user: CurrentUser,
    Cursor(seq): Cursor,
    kind: Kind,
    form: Result<Multipart, axum::extract::multipart::MultipartRejection>,
) -> AppResult<Response> {
    let form = form.map_err(|e| AppError::BadRequest(e.body_text()))?;
    let (name, bytes) = received(form).await?;
    let campaigns = queries::list_campaign_names(&app.db).await?;
    let campaigns: Vec<Campaign> =
        campaigns.into_iter().map(|(id, code, name)| Campaign { id, names: [fold(&code), fold(&name)] }).collect();
    // Unpacking and reading take a while, and no thread that answers others.
    let read = tokio::task::spawn_blocking(move || rows::check(&file::read(&bytes)?, &campaigns)).await;
    let mut checked = match read.map_err(anyhow::Error::new)? {
        Ok(checked) => checked,
        Err(errors) => return Ok(upload_page(&user, seq, &errors).into_response()),
    };
    mark_taken(&app, &mut checked).await?;
    let (id, now) = (Uuid::now_v7(), app.clock.now());
    let mut tx = app.live.begin().await?;
    queries::prune(&mut tx, now).await?;
    queries::insert_import(&mut tx, id, user.id, &name, &checked, now).await?;
    app.live.commit(tx).await?;
    Ok(redirect(kind, &paths::people_import(&id.to_string())))
}

/// Name and bytes of the one file of the form.
async fn received(mut form: Multipart) -> AppResult<(String, Vec<u8>)> {
    let failed = |error: axum::extract::multipart::MultipartError| {
        if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
            AppError::TooLarge
        } else {
            AppError::BadRequest(error.body_text())
        }
    };
    while let Some(field) = form.next_field().await.map_err(failed)? {
        if field.name() != Some("file") {
            continue;
        }
        let name: String = field.file_name().unwrap_or_default().chars().take(NAME_CHARS).collect();
        let bytes = field.bytes().await.map_err(failed)?;
        if bytes.len() > file::FILE_BYTES {
            return Err(AppError::TooLarge);
        }
        return Ok((name, bytes.to_vec()));
    }
    Err(AppError::BadRequest("no file".to_owned()))
}

/// E-mails and documents of the file that accounts have already.
async fn mark_taken(app: &App, checked: &mut [Checked]) -> AppResult<()> {
    let emails = checked.iter().map(|row| row.fields.email.to_lowercase()).filter(|e| !e.is_empty()).collect();
    let documents = checked.iter().map(|row| row.fields.document.clone()).filter(|d| !d.is_empty()).collect();
    let (emails, documents) = queries::list_taken(&app.db, emails, documents).await?;
    let (emails, documents): (std::collections::HashSet<_>, std::collections::HashSet<_>) =
        (emails.into_iter().collect(), documents.into_iter().collect());
    for row in checked {
        if emails.contains(&row.fields.email.to_lowercase()) {
            row.errors.add("email", "field.taken");
        }
        if documents.contains(&row.fields.document) {
            row.errors.add("document", "field.taken");
        }
    }
    Ok(())
}

/// What came of a file; while it is imported, the region alone for the page that asks again.
pub async fn show_import(
    State(app): State<App>,
    user: CurrentUser,
    Cursor(seq): Cursor,
    kind: Kind,
    Path(id): Path<Uuid>,
) -> AppResult<Response> {
    let l = user.look.locale;
    let found = queries::find_import(&app.db, id).await?;
    let bad = queries::list_rows(&app.db, id, true, 0, SHOWN).await?;
    let view = ImportView {
        id: id.to_string(),
        can_mail: app.mail.is_configured(),
        file_name: found.file_name,
        state: match found.state.as_str() {
            "checked" => ImportState::Checked,
            "running" => ImportState::Running,
            _ => ImportState::Done,
        },
        total: found.total,
        valid: found.valid,
        made: found.made,
        bad: bad.iter().flat_map(|row| bad_rows(l, row)).collect(),
    };
    Ok(match kind {
        Kind::Partial => Fragment(view::region(l, &view)).into_response(),
        _ => Page::new(Nav::People, t(l, "import.title"), seq, view::panel(l, &view)).into_response(),
    })
}

/// One line for each thing that is wrong with a row.
pub fn bad_rows(l: Locale, row: &queries::ImportRow) -> Vec<BadRow> {
    let fields = row.fields();
    let person = format!("{} {} {}", fields.first_name, fields.last_name, fields.email);
    let line = |(field, key): &(String, String)| BadRow {
        number: row.number,
        person: person.trim().to_owned(),
        field: t(l, &format!("people.field.{field}")).to_owned(),
        reason: t(l, key).to_owned(),
    };
    row.errors().iter().map(line).collect()
}

/// Imports the good rows. A second click finds it running and changes nothing.
pub async fn start(
    State(app): State<App>,
    user: CurrentUser,
    kind: Kind,
    ClientIp(ip): ClientIp,
    Path(id): Path<Uuid>,
) -> AppResult<Response> {
    queries::find_import(&app.db, id).await?;
    let mut tx = app.live.begin().await?;
    let is_first = queries::claim(&mut tx, id, app.clock.now()).await?;
    app.live.commit(tx).await?;
    if is_first {
        tokio::spawn(Importer { app, id, actor: user.id, ip: ip.to_string() }.run());
    }
    Ok(redirect(kind, &paths::people_import(&id.to_string())))
}
