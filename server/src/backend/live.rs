//! A glance at a tenant's project for those who listen: what stands at the top, as a number.

use super::{RequestBackend, calendar, failure};
use crate::{
    project::{Glance, Realtime},
    store::Visitor,
};
use app::error::AppError;
use jiff::Timestamp;
use std::{
    hash::{DefaultHasher, Hash, Hasher},
    time::Duration,
};

/// What was seen of a project.
pub(crate) struct Glimpse {
    /// By what it was asked: another credential, mapping or day shows other things.
    pub(crate) by: u64,
    /// What stands at the top.
    pub(crate) glance: Glance,
    /// The way to what the project says by itself, and by what it would be another one.
    pub(crate) hints: Option<(u64, Realtime)>,
}

/// What was seen; or why nothing was, and how long the project wants to be left alone.
type Seen = Result<Glimpse, (AppError, Option<Duration>)>;

impl RequestBackend {
    /// Looks at a tenant's project, and says what time it is there.
    pub(crate) async fn glance(&self, visitor: &Visitor) -> (String, Seen) {
        let calendar = calendar(visitor);
        let at = calendar.time(Timestamp::now()).text;
        let (project, version) = match self.project_now(&visitor.scope).await {
            Ok(opened) => opened,
            Err(error) => return (at, Err((error, None))),
        };
        // Also the day: what is "today" on a page is not at midnight any more.
        let by = number((version, project.mapping().to_json(), calendar.today()));
        let seen = project.glance(calendar.start_of(calendar.today())).await;
        let hints = project.realtime().map(|realtime| (number((version, realtime.tables())), realtime));
        let seen = seen.map(|glance| Glimpse { by, glance, hints }).map_err(|error| {
            let told = failure::project(error);
            let resting = told.retry_after().map(|seconds| Duration::from_secs(seconds.into()));
            (told, project.asked_to_wait().or(resting))
        });
        (at, seen)
    }
}

fn number(of: impl Hash) -> u64 {
    let mut number = DefaultHasher::new();
    of.hash(&mut number);
    number.finish()
}
