//! What there is to say about how a page's data was read: data from a moment ago, shown because there is none of now, and
//! columns that the project has no more.

use super::{Moment, When, here};
use crate::{error::AppError, tr};
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

/// How a page's data was read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Reading {
    /// Set when some of it was read earlier, because the project does not answer now.
    pub stale: Option<Stale>,
    /// A sentence for each column that the project has no more.
    pub lost: Vec<String>,
    /// Whether the reader may say from which columns data comes.
    pub may_map: bool,
}

/// Stands above a page's data, and is nothing when there is nothing to say.
#[component]
pub fn ReadingNotice(
    /// What the page was told.
    reading: Reading,
) -> impl IntoView {
    let Reading { stale, lost, may_map } = reading;
    view! {
        <Lost lost may_map />
        <Old stale />
    }
}

#[component]
fn Lost(lost: Vec<String>, may_map: bool) -> impl IntoView {
    (!lost.is_empty()).then(|| {
        view! {
            <section class="notice" data-tone="warn" role="status">
                <p>
                    <strong>{tr!("Uma parte não aparece. ", "Part of it is not shown. ")}</strong>
                    {lost.join(" ")}
                    {(!may_map).then(|| tr!(" Avise quem administra o painel.", " Tell an admin of your dashboard."))}
                </p>
                {may_map
                    .then(|| {
                        view! {
                            <a class="button" href="/settings/mapping">{tr!("Ver as tabelas", "See the tables")}</a>
                        }
                    })}
            </section>
        }
    })
}

#[component]
fn Old(stale: Option<Stale>) -> impl IntoView {
    stale.map(|Stale { since, why }| {
        let here = here();
        view! {
            <section class="notice stale" data-tone="warn" role="status">
                <p>
                    <strong>{tr!("Dados das ", "Data from ")} <Moment when=since /> ". "</strong>
                    {tr!(
                        format!("{}, então esta é a última leitura que deu certo. {}", why.title(), why.advice()),
                        format!("{}, so this is the last reading that worked. {}", why.title(), why.advice())
                    )}
                </p>
                <a class="button" href=here rel="external">{tr!("Tentar de novo", "Try again")}</a>
            </section>
        }
    })
}
