//! The settings page with one card a provider.

use super::{Provider, RemoveCredential, api::SaveCredential, card::Card, list_cards};
use crate::{
    error::AppError,
    ui::{Skeleton, Trouble, successes},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// `/settings/credentials?saved=…|removed=…`
#[component]
pub fn CredentialsPage() -> impl IntoView {
    let save = ServerAction::<SaveCredential>::new();
    let remove = ServerAction::<RemoveCredential>::new();
    let (saved, removed) = (successes(save), successes(remove));
    let cards = Resource::new(move || (saved.get(), removed.get()), |_| list_cards());
    let error = Signal::derive(move || {
        let failed = |value: Option<Result<(), AppError>>| value.and_then(Result::err);
        failed(save.value().get()).or_else(|| failed(remove.value().get()))
    });
    view! {
        <Title text="Conexões" />
        <header class="page-head">
            <div>
                <h1>"Conexões"</h1>
                <p class="page-sub">
                    "Os segredos entram e não saem: aqui só se vê quando foram guardados e os quatro últimos caracteres."
                </p>
            </div>
        </header>
        <Notice error />
        <Transition fallback=|| view! { <section class="card"><Skeleton rows=12 label="Carregando as conexões" /></section> }>
            {move || {
                cards
                    .get()
                    .and_then(Result::err)
                    .map(|error| view! { <section class="card"><Trouble error /></section> })
            }}
            // Keyed by version: a card that was saved is made anew, so that no secret stays in its inputs; what is being
            // typed into the others stays.
            <div class="cards">
                <For
                    each=move || cards.get().and_then(Result::ok).unwrap_or_default()
                    key=|card| (card.provider, card.version)
                    let:card
                >
                    <Card card save remove error />
                </For>
            </div>
        </Transition>
    }
}

/// What has just happened: read from the address, so that it shows without script too.
#[component]
fn Notice(error: Signal<Option<AppError>>) -> impl IntoView {
    let query = use_query_map();
    let named = move |key: &str| query.with(|map| map.get(key)).as_deref().and_then(Provider::parse);
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
        let done = match (named("saved"), named("removed")) {
            (Some(provider), _) => format!("{} guardado e selado.", provider.label()),
            (None, Some(provider)) => format!("{} removido.", provider.label()),
            (None, None) => return ().into_any(),
        };
        view! { <div class="notice" data-tone="ok" role="status"><strong>{done}</strong></div> }.into_any()
    }
}
