//! A file that is being taken away goes on when its request is over, and must end with what allowed it: the session, the place
//! and its role, the tenant. While its lines are read it is asked again, once a second at most, whether they may be had.

use super::{RequestBackend, admitted, export::Lines};
use crate::{
    store::{Caller, Store, TenantId},
    web::session::IDLE,
};
use app::{error::AppError, session::Permission};
use futures::{StreamExt, stream};
use std::{
    fmt::Display,
    time::{Duration, Instant},
};
use time::OffsetDateTime;
use tokio::time::timeout;

/// From one time that it is asked to the next.
const AGAIN: Duration = Duration::from_secs(1);
/// How long the answer may take: a database that fell silent must not hold a file up for longer than one that is away.
const PATIENCE: Duration = Duration::from_secs(3);
/// How long a file goes on while the database cannot tell.
const UNTOLD: Duration = Duration::from_secs(15);

/// What it takes to have a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Leave {
    /// The permission in this tenant.
    InTenant(TenantId, Permission),
    /// The permission in the agency.
    InAgency(Permission),
}

/// Whoever takes a file away, and when it was asked last whether they still may.
pub(super) struct Still {
    store: Store,
    session: [u8; 32],
    leave: Leave,
    asked: Instant,
    /// When the answer was yes last.
    told: Instant,
}

impl RequestBackend {
    /// Watches over a file of the caller's, who has just been let in.
    ///
    /// # Errors
    /// `NotSignedIn` without a session.
    pub(super) fn still(&self, leave: Leave) -> Result<Still, AppError> {
        let session = self.identity.session.ok_or(AppError::NotSignedIn)?;
        let now = Instant::now();
        Ok(Still { store: self.state.store.clone(), session, leave, asked: now, told: now })
    }
}

impl Still {
    /// The same lines, until they may not be had any more: then the file is broken off.
    pub(super) fn over(self, lines: Lines) -> Lines {
        stream::unfold(Some((self, lines)), |under| async move {
            let (mut still, mut lines) = under?;
            let some = lines.next().await?;
            match still.may().await {
                Ok(()) => Some((some, Some((still, lines)))),
                Err(error) => Some((Err(error), None)),
            }
        })
        .boxed()
    }

    /// # Errors
    /// Why not; `Unavailable` when nobody can tell any more.
    async fn may(&mut self) -> Result<(), AppError> {
        if self.asked.elapsed() < AGAIN {
            return Ok(());
        }
        // Not a use of the session: a download that takes an hour must not keep it alive.
        let caller = timeout(PATIENCE, self.store.peek_caller(&self.session, OffsetDateTime::now_utc(), IDLE)).await;
        self.asked = Instant::now();
        match caller {
            Ok(Ok(caller)) => self.leave.asked_by(caller.as_ref()).map(|()| self.told = self.asked).inspect_err(
                |refused| tracing::info!(leave = ?self.leave, why = why(refused), "a file was broken off"),
            ),
            Ok(Err(error)) => self.untold(&error),
            Err(silent) => self.untold(&silent),
        }
    }

    /// # Errors
    /// `Unavailable` when it has lasted for too long.
    fn untold(&self, error: &dyn Display) -> Result<(), AppError> {
        let over = self.told.elapsed() >= UNTOLD;
        tracing::warn!(%error, over, "whether a file may still be taken away cannot be read");
        if over { Err(AppError::Unavailable) } else { Ok(()) }
    }
}

impl Leave {
    /// Whether a caller has it.
    ///
    /// # Errors
    /// Why not.
    fn asked_by(self, caller: Option<&Caller>) -> Result<(), AppError> {
        let caller = caller.ok_or(AppError::NotSignedIn)?;
        if caller.second_factor_due() {
            return Err(AppError::SecondFactorDue);
        }
        match self {
            Self::InTenant(tenant, permission) => {
                let visitor = caller.visitor.as_ref().filter(|visitor| visitor.scope.tenant() == tenant);
                let visitor = visitor.ok_or(AppError::NotAllowed)?;
                admitted(visitor, permission)
            }
            Self::InAgency(permission) => {
                let may = caller.agency.as_ref().is_some_and(|agency| agency.role().may(permission));
                may.then_some(()).ok_or(AppError::NotAllowed)
            }
        }
    }
}

/// For the log: nothing of the agency's own words to the tenant.
fn why(refused: &AppError) -> &'static str {
    match refused {
        AppError::NotSignedIn => "the session has ended",
        AppError::SecondFactorDue => "a second factor is demanded",
        AppError::Suspended { .. } => "the tenant is suspended",
        _ => "the place or its role was withdrawn",
    }
}

#[cfg(test)]
mod tests;
