//! Extractors that refuse with an [`AppError`], so that every refusal is drawn and logged in one place.

use axum::{
    extract::{
        FromRequest, FromRequestParts,
        rejection::{FormRejection, PathRejection, QueryRejection},
    },
    http::StatusCode,
};

use crate::error::AppError;

/// A form's fields; what is no form of ours is 400.
#[derive(FromRequest)]
#[from_request(via(axum::extract::Form), rejection(AppError))]
pub struct Form<T>(pub T);

/// A path's ids; what is no id is 404: there is no such record.
#[derive(FromRequestParts)]
#[from_request(via(axum::extract::Path), rejection(AppError))]
pub struct Path<T>(pub T);

/// A query's fields.
#[derive(FromRequestParts)]
#[from_request(via(axum::extract::Query), rejection(AppError))]
pub struct Query<T>(pub T);

impl From<FormRejection> for AppError {
    fn from(rejection: FormRejection) -> Self {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            return Self::TooLarge;
        }
        Self::BadRequest(rejection.body_text())
    }
}

impl From<PathRejection> for AppError {
    fn from(_: PathRejection) -> Self {
        Self::NotFound
    }
}

impl From<QueryRejection> for AppError {
    fn from(rejection: QueryRejection) -> Self {
        Self::BadRequest(rejection.body_text())
    }
}
