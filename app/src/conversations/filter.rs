//! What is looked for: a plain form that leads to an address, so that a search can be shared and works without script.

use super::{ConversationFilter, LIST};
use crate::{
    error::AppError,
    tr,
    ui::{Field, Fold, Select},
};
use leptos::prelude::*;

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
    // Without the list it is not known what there is to choose: what was chosen stays.
    let by_status = if statuses.is_empty() {
        (!status.is_empty()).then(|| view! { <input type="hidden" name="status" value=status /> }).into_any()
    } else {
        view! {
            <Select
                id="status"
                name="status"
                label=tr!("Estado", "Status")
                options=any(tr!("Qualquer", "Any"), statuses)
                value=status
                error=at("status")
            />
        }
        .into_any()
    };
    let by_author = if authors.is_empty() {
        (!author.is_empty()).then(|| view! { <input type="hidden" name="author" value=author /> }).into_any()
    } else {
        view! {
            <Select
                id="author"
                name="author"
                label=tr!("Quem escreveu", "Who wrote")
                options=any(tr!("Qualquer um", "Anyone"), authors)
                value=author
                error=at("author")
            />
        }
        .into_any()
    };
    view! {
        <form
            class="find"
            method="get"
            action=LIST
            role="search"
            aria-label=tr!("Procurar conversas", "Search conversations")
            data-still
        >
            <div class="find-line">
                <Field
                    id="q"
                    name="q"
                    label=tr!("Procurar", "Search")
                    kind="search"
                    value=q
                    placeholder=tr!("nome, telefone ou palavra", "name, phone or word")
                    error=at("q")
                />
                <button class="button" type="submit">{tr!("Procurar", "Search")}</button>
                {looked.then(|| view! { <a class="button" href=LIST>{tr!("Limpar", "Clear")}</a> })}
            </div>
            <Fold open=narrowed summary=tr!("Filtros", "Filters")>
                <div class="filter">
                    {by_status} {by_author}
                    <Field id="from" name="from" label=tr!("De", "From") kind="date" value=from error=at("from") />
                    <Field id="to" name="to" label=tr!("Até", "Until") kind="date" value=to error=at("to") />
                </div>
                <p class="soft">
                    {tr!(
                        "O período é o da última mensagem da conversa; palavras e quem escreveu se procuram dentro dele.",
                        "The period is that of the conversation’s last message; words and who wrote are looked for within it."
                    )}
                </p>
            </Fold>
        </form>
    }
    .into_any()
}
