//! What came of a form: its error, or what the page's address says was done, so that it shows without script too.

use super::use_query;
use crate::error::AppError;
use leptos::{prelude::*, server_fn::ServerFn};

/// The notice above a page: the error of its forms, or the words for `?done=…`.
#[component]
pub fn Outcome(
    /// The last error.
    error: Signal<Option<AppError>>,
    /// The words for what was done; none for a word that the page does not know.
    words: fn(&str) -> Option<&'static str>,
) -> impl IntoView {
    let query = use_query();
    move || {
        if let Some(error) = error.get() {
            return view! {
                <div class="notice" data-tone="bad" role="alert">
                    <strong>{error.title()}</strong>
                    <span>{error.advice()}</span>
                </div>
            }
            .into_any();
        }
        match query.with(|map| map.get("done")).as_deref().and_then(words) {
            Some(done) => {
                view! { <div class="notice" data-tone="ok" role="status"><strong>{done}</strong></div> }.into_any()
            }
            None => ().into_any(),
        }
    }
}

/// Counts an action's successes: what the page shows is read again after one, but not after an error, which must leave
/// what was typed as it is.
pub fn successes<S>(action: ServerAction<S>) -> Memo<usize>
where
    S: ServerFn<Output = (), Error = AppError> + Clone + Send + Sync + 'static,
{
    Memo::new(move |count: Option<&usize>| {
        let count = count.copied().unwrap_or_default();
        if matches!(action.value().get(), Some(Ok(()))) { count + 1 } else { count }
    })
}

/// The error of an action's last run.
pub fn failure<S>(action: ServerAction<S>) -> Signal<Option<AppError>>
where
    S: ServerFn<Output = (), Error = AppError> + Clone + Send + Sync + 'static,
{
    Signal::derive(move || action.value().get().and_then(Result::err))
}

/// The error at one field.
pub fn at(error: Signal<Option<AppError>>, field: &'static str) -> Signal<Option<String>> {
    Signal::derive(move || error.get().and_then(|error| error.at(field)))
}

/// Never an error: for fields that are not refused one by one.
pub fn never() -> Signal<Option<String>> {
    Signal::derive(|| None)
}
