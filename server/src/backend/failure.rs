//! The one place where a mechanism's error becomes the user's, is logged, and gets an incident id.

use crate::{auth::GateError, project::ProjectError, store::StoreError, tries::NotNow, web::session::is_away};
use app::error::AppError;
use std::time::Duration;

/// A fault of ours: logged with an id that the user can quote.
pub fn internal(context: &'static str, error: &dyn std::fmt::Display) -> AppError {
    let incident = uuid::Uuid::new_v4().simple().to_string()[..8].to_owned();
    tracing::error!(incident, context, %error, "internal error");
    AppError::Internal { incident }
}

/// The store's errors.
pub fn store(error: StoreError) -> AppError {
    match error {
        StoreError::Conflict { .. } | StoreError::KeyChanged => AppError::Conflict,
        StoreError::Unavailable(cause) => {
            tracing::error!(error = %cause, "the database is not available");
            AppError::Unavailable
        }
        other => internal("store", &other),
    }
}

/// A session's.
pub fn session(error: tower_sessions::session::Error) -> AppError {
    if is_away(&error) {
        tracing::error!(%error, "the database is not available");
        return AppError::Unavailable;
    }
    internal("session", &error)
}

/// The password gate's.
pub fn gate(error: GateError) -> AppError {
    match error {
        GateError::Full { retry_after_secs } => AppError::TooMany { retry_after: retry_after_secs },
        other => internal("password gate", &other),
    }
}

/// A try's that was not let in.
pub fn not_now(error: NotNow) -> AppError {
    match error {
        NotNow::Wait(wait) => throttled(wait),
        NotNow::Store(error) => store(error),
    }
}

/// Too many tries: come back after this.
pub fn throttled(wait: Duration) -> AppError {
    // Rounded up: who comes back after so many seconds is let in.
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    AppError::Throttled { retry_after: u32::try_from(seconds).unwrap_or(u32::MAX).max(1) }
}

/// A project's.
pub fn project(error: ProjectError) -> AppError {
    tracing::info!(%error, "a project could not be read");
    error.into()
}
