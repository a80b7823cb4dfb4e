//! Data from a moment ago, shown because there is none of now: since when, why, and what to do.

use super::{Moment, When, trouble::here};
use crate::error::AppError;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// That a page shows the last good answer instead of a new one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stale {
    /// When the oldest part of it was read.
    pub since: When,
    /// Why nothing newer could be read.
    pub why: AppError,
}

/// Stands above such data, and is nothing when there is no such data.
#[component]
pub fn StaleNotice(
    /// What the page was told.
    stale: Option<Stale>,
) -> impl IntoView {
    stale.map(|Stale { since, why }| {
        let here = here();
        view! {
            <section class="notice stale" data-tone="warn" role="status">
                <p>
                    <strong>"Dados das " <Moment when=since /> ". "</strong>
                    {format!("{}, então esta é a última leitura que deu certo. {}", why.title(), why.advice())}
                </p>
                <a class="button" href=here rel="external">"Tentar de novo"</a>
            </section>
        }
    })
}
