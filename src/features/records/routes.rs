//! The card of a record, fetched by each viewer: a message is the same for everyone, what it points to is not.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use uuid::Uuid;
use views::{
    chat::{RecordCard, record_card, record_closed},
    text::{plural, t},
};

use super::{Kind, Record, queries};
use crate::{
    app::App,
    auth::{Capability, CurrentUser},
    error::{AppError, AppResult},
    web::{Access, Fragment, Path, Routes},
};

/// Routes of this feature.
pub fn routes() -> Routes {
    Routes::new().get("/records/{kind}/{id}/card", Access::Can(Capability::ChatDirect), show_card)
}

/// The card. 404 with a sentence for who may not see the record: whether there is one is not told.
async fn show_card(
    State(app): State<App>,
    user: CurrentUser,
    Path((kind, id)): Path<(String, Uuid)>,
) -> AppResult<Response> {
    let kind = Kind::from_code(&kind).ok_or(AppError::NotFound)?;
    let (l, record) = (user.look.locale, Record { kind, id });
    let card = match kind {
        Kind::Campaign => match queries::find_campaign(&app.db, user.id, record).await {
            Ok(row) => RecordCard {
                kind: kind.code().to_owned(),
                id: id.to_string(),
                title: row.name,
                facts: vec![
                    t(l, &format!("module.{}", row.module.code())).to_owned(),
                    plural(l, "record.members", row.members),
                ],
                is_closed: !row.is_active,
                // Only administrators have a page of it.
                url: user.can(Capability::ManagePeople).then(|| record.path()),
            },
            Err(sqlx::Error::RowNotFound) => {
                return Ok((StatusCode::NOT_FOUND, Fragment(record_closed(l))).into_response());
            }
            Err(error) => return Err(error.into()),
        },
    };
    Ok(Fragment(record_card(l, &card)).into_response())
}
