//! What is looked for: a plain form that leads to an address, so that a search can be shared and works without script.

use super::ConversationFilter;
use crate::{
    error::AppError,
    ui::{Field, Select},
};
use leptos::prelude::*;

/// Where the list is.
pub(super) const LIST: &str = "/conversations";

/// The form.
#[component]
pub(super) fn Filter(
    /// What is looked for.
    filter: ConversationFilter,
    /// The statuses that can be asked for.
    statuses: Vec<(String, String)>,
    /// Who may have written.
    authors: Vec<(String, String)>,
    /// What was refused.
    #[prop(optional)]
    error: Option<AppError>,
) -> impl IntoView {
    let ConversationFilter { q, status, author, from, to } = filter;
    let narrowed = !(status.is_empty() && author.is_empty() && from.is_empty() && to.is_empty());
    let looked = narrowed || !q.is_empty();
    let at = move |field: &str| {
        let message = error.as_ref().and_then(|error| error.at(field));
        Signal::derive(move || message.clone())
    };
    let any = |words: &str, options: Vec<(String, String)>| {
        let mut all = vec![(String::new(), words.to_owned())];
        all.extend(options);
        all
    };
    let by_status = (!statuses.is_empty()).then(|| {
        view! {
            <Select id="status" name="status" label="Estado" options=any("Qualquer", statuses) value=status error=at("status") />
        }
    });
    let by_author = (!authors.is_empty()).then(|| {
        view! {
            <Select id="author" name="author" label="Quem escreveu" options=any("Qualquer um", authors) value=author error=at("author") />
        }
    });
    view! {
        <form class="find" method="get" action=LIST role="search" aria-label="Procurar conversas">
            <div class="find-line">
                <Field id="q" name="q" label="Procurar" kind="search" value=q placeholder="nome, telefone ou palavra" error=at("q") />
                <button class="button" type="submit">"Procurar"</button>
                {looked.then(|| view! { <a class="button" href=LIST>"Limpar"</a> })}
            </div>
            <details open=narrowed>
                <summary>"Filtros"</summary>
                <div class="filter">
                    {by_status} {by_author}
                    <Field id="from" name="from" label="De" kind="date" value=from error=at("from") />
                    <Field id="to" name="to" label="Até" kind="date" value=to error=at("to") />
                </div>
            </details>
        </form>
    }
    .into_any()
}
