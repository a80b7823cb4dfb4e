//! Why a plain form was refused. Its answer is a redirect back to its page, so the error stands in the address and shows
//! without script too; it is gone once the address is another.

use super::use_query;
use crate::error::AppError;
use leptos::{prelude::*, server_fn::error::ServerFnUrlError};

/// The error that led here, if the form was sent to one of `paths`. For forms that load a new page: it costs the wasm
/// nothing, where an action for each server function would.
pub fn refusal(paths: &'static [&'static str]) -> Signal<Option<AppError>> {
    let query = use_query();
    Signal::derive(move || {
        query.with(|map| {
            let (path, error) = (map.get_str("__path")?, map.get_str("__err")?);
            paths.contains(&path).then(|| ServerFnUrlError::<AppError>::decode_err(error))
        })
    })
}
