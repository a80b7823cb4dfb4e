//! A glance at a tenant's project for those who listen: what stands at the top, as a number.

use super::{RequestBackend, calendar, failure};
use crate::{project::Glance, store::Visitor};
use app::error::AppError;
use jiff::Timestamp;
use std::{
    hash::{DefaultHasher, Hash, Hasher},
    time::Duration,
};

/// By what the project was asked, and what was seen; or why nothing was, and how long the project wants to be left alone.
type Seen = Result<(u64, Glance), (AppError, Option<Duration>)>;

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
        let mut by = DefaultHasher::new();
        (version, project.mapping().to_json(), calendar.today()).hash(&mut by);
        let by = by.finish();
        let seen = project.glance(calendar.start_of(calendar.today())).await;
        let seen = seen.map(|glance| (by, glance)).map_err(|error| {
            let told = failure::project(error);
            let resting = told.retry_after().map(|seconds| Duration::from_secs(seconds.into()));
            (told, project.asked_to_wait().or(resting))
        });
        (at, seen)
    }
}
