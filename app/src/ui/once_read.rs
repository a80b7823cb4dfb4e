//! A part of a heading that comes with what is read.

use crate::error::AppError;
use leptos::prelude::*;

/// What `part` makes of a page's answer, and nothing until there is one, or where there is none. It stands apart from the
/// page's body so that the rest of a heading does not wait for a slow project.
pub fn once_read<T, V>(
    read: Resource<Result<T, AppError>>,
    part: impl Fn(&T) -> V + Copy + Send + Sync + 'static,
) -> impl IntoView
where
    T: Send + Sync + 'static,
    V: IntoView + 'static,
{
    view! {
        <Transition>
            {move || Suspend::new(async move { read.by_ref().await.as_ref().ok().map(part).into_any() })}
        </Transition>
    }
}
