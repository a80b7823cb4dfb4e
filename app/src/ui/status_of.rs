//! The status of a page that is about one thing.

use crate::error::AppError;
use leptos::prelude::*;

/// Has a page begin when it is known whether its thing is there, so that its status says so. A project that is slow to
/// answer does not keep the page's frame back for long ([`StatusWait`](crate::backend::StatusWait)): the page then begins
/// with 200, and its words alone say what was not found.
pub fn status_of<T: Send + Sync + 'static>(thing: Resource<Result<T, AppError>>) {
    #[cfg(feature = "ssr")]
    if let Some(context) = Owner::current_shared_context() {
        let wait = use_context::<crate::backend::StatusWait>().unwrap_or_default();
        let known = thing.ready();
        context.defer_stream(Box::pin(async move { drop(tokio::time::timeout(wait.0, known).await) }));
    }
    #[cfg(not(feature = "ssr"))]
    let _ = thing;
}
