//! Filters that somebody keeps: as links above the list, and two plain forms that keep one more and remove one.

use super::{
    ConversationFilter, LIST, RemoveFilter, SaveFilter, SavedFilter, SavedFilters, asked::Asked, read_saved_filters,
};
use crate::{
    tr,
    ui::{Field, Outcome, address, at, refusal},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// The links and the forms. They are read on their own: they are there when the project is not.
#[component]
pub(super) fn Saved(
    /// What is asked for now.
    asked: Memo<Asked>,
) -> impl IntoView {
    let error = refusal(&[SaveFilter::PATH, RemoveFilter::PATH]);
    let saved = Resource::new(|| (), |()| read_saved_filters());
    let filter = Memo::new(move |_| asked.with(|asked| asked.filter.clone()));
    view! {
        <Outcome error words />
        <Transition fallback=|| ()>
            {move || Suspend::new(async move {
                match saved.await {
                    Ok(saved) => view! { <Whole saved filter /> }.into_any(),
                    // The list says what is wrong.
                    Err(_) => ().into_any(),
                }
            })}
        </Transition>
    }
}

fn words(done: &str) -> Option<&'static str> {
    Some(match done {
        "saved" => tr!("Filtro guardado.", "Filter saved."),
        "removed" => tr!("Filtro removido.", "Filter removed."),
        _ => return None,
    })
}

#[component]
fn Whole(saved: SavedFilters, filter: Memo<ConversationFilter>) -> impl IntoView {
    let SavedFilters { filters, may_save } = saved;
    let known: Vec<ConversationFilter> = filters.iter().map(|saved| saved.filter.clone()).collect();
    let form = move || {
        let now = filter.get();
        let new = now != ConversationFilter::default() && !known.contains(&now);
        (may_save && new).then(|| view! { <Keep filter=now /> })
    };
    let list = (!filters.is_empty()).then(|| {
        let removals = StoredValue::new(filters.clone());
        let removals = move || {
            let now = filter.get();
            let removals = removals.get_value().into_iter();
            removals.map(|saved| view! { <Removal saved now=now.clone() /> }).collect_view()
        };
        view! {
            <nav aria-label=tr!("Filtros guardados", "Saved filters")>
                <ul class="chips">
                    {filters.into_iter().map(|saved| view! { <Chip saved filter /> }).collect_view()}
                </ul>
            </nav>
            <details class="remove access chips-end">
                <summary>{tr!("Remover um filtro…", "Remove a filter…")}</summary>
                <ul>{removals}</ul>
            </details>
        }
    });
    view! { <div class="saved">{list} {form}</div> }.into_any()
}

#[component]
fn Chip(saved: SavedFilter, filter: Memo<ConversationFilter>) -> impl IntoView {
    let SavedFilter { name, filter: own, .. } = saved;
    let href = address(LIST, &own.pairs());
    let current = move || filter.with(|filter| *filter == own).then_some("true");
    view! { <li><a class="chip" href=href aria-current=current><bdi>{name}</bdi></a></li> }
}

/// Inside a disclosure, which asks once more and works without script.
#[component]
fn Removal(saved: SavedFilter, now: ConversationFilter) -> impl IntoView {
    let SavedFilter { id, name, .. } = saved;
    let fields = hidden(&now);
    view! {
        <li>
            <form method="post" action=RemoveFilter::PATH>
                <input type="hidden" name="saved" value=id />
                {fields}
                <button class="button danger" type="submit">
                    <span>{tr!("Remover ", "Remove ")} <bdi>{name}</bdi></span>
                </button>
            </form>
        </li>
    }
}

/// Keeps what is looked for now.
#[component]
fn Keep(filter: ConversationFilter) -> impl IntoView {
    let error = refusal(&[SaveFilter::PATH]);
    let open = error.with_untracked(Option::is_some);
    let fields = hidden(&filter);
    view! {
        <details class="keep" open=open>
            <summary>{tr!("Guardar este filtro…", "Save this filter…")}</summary>
            <form class="keep-form" method="post" action=SaveFilter::PATH>
                {fields}
                <Field
                    id="filter-name"
                    name="name"
                    label=tr!("Guardar este filtro como", "Save this filter as")
                    hint=tr!("Até 40 letras; só você o vê.", "Up to 40 characters; only you see it.")
                    required=true
                    error=at(error, "name")
                />
                <button class="button" type="submit">{tr!("Guardar", "Save")}</button>
            </form>
        </details>
    }
    .into_any()
}

/// A filter as fields of a form, which nobody sees.
fn hidden(filter: &ConversationFilter) -> impl IntoView + use<> {
    let given = filter.pairs().into_iter().filter(|(_, value)| !value.is_empty());
    let fields: Vec<(String, String)> =
        given.map(|(name, value)| (format!("filter[{name}]"), value.to_owned())).collect();
    fields.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value /> }).collect_view()
}
