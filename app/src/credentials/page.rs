//! The settings page with one card a provider.

use super::{
    ConnectGoogle, DisconnectGoogle, Provider, RemoveCredential,
    api::{SaveCredential, SendEvent, TestConnection},
    card::Card,
    list_cards,
};
use crate::{
    error::AppError,
    tr,
    ui::{PageHead, Skeleton, SkeletonCard, TroubleCard, refusal, successes, use_query},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;

/// `/settings/credentials?saved=…|removed=…|tested=…|connected=…|disconnected=…`
#[component]
pub fn CredentialsPage() -> impl IntoView {
    let save = ServerAction::<SaveCredential>::new();
    let remove = ServerAction::<RemoveCredential>::new();
    let test = ServerAction::<TestConnection>::new();
    let event = ServerAction::<SendEvent>::new();
    let (saved, removed, tests, events) = (successes(save), successes(remove), successes(test), successes(event));
    let page = Resource::new(move || (saved.get(), removed.get(), tests.get(), events.get()), |_| list_cards());
    let tested = Signal::derive(move || page.get().and_then(Result::ok).and_then(|page| page.tested));
    let health = Signal::derive(move || page.get().and_then(Result::ok).map(|page| page.health).unwrap_or_default());
    let confirm_due = Signal::derive(move || page.get().is_some_and(|page| page.is_ok_and(|view| view.confirm_due)));
    let google = refusal(&[ConnectGoogle::PATH, DisconnectGoogle::PATH]);
    let error = Signal::derive(move || {
        let failed = |value: Option<Result<(), AppError>>| value.and_then(Result::err);
        failed(save.value().get())
            .or_else(|| failed(remove.value().get()))
            .or_else(|| failed(test.value().get()))
            .or_else(|| failed(event.value().get()))
            .or_else(|| google.get())
    });
    // One error at a time: that of the last step.
    Effect::new(move |_| save.pending().get().then(|| (remove.clear(), test.clear(), event.clear())));
    Effect::new(move |_| remove.pending().get().then(|| (save.clear(), test.clear(), event.clear())));
    Effect::new(move |_| test.pending().get().then(|| (save.clear(), remove.clear(), event.clear())));
    Effect::new(move |_| event.pending().get().then(|| (save.clear(), remove.clear(), test.clear())));
    view! {
        <Title text=tr!("Conexões", "Connections") />
        <PageHead
            title=tr!("Conexões", "Connections")
            sub=tr!(
                "Os segredos entram e não saem: aqui só se vê quando foram guardados e os quatro últimos caracteres.",
                "Secrets go in and do not come out: here you only see when they were saved and their last four characters.",
            )
        >
            <p class="page-steps">
                <a class="button" href="/settings/mapping">{tr!("Tabelas", "Tables")}</a>
                <a class="button" href="/settings/credentials/automation">{tr!("Automação", "Automation")}</a>
            </p>
        </PageHead>
        <Notice error />
        <Transition fallback=|| {
            view! {
                <div class="cards">
                    <section class="card credential">
                        <Skeleton rows=5 label=tr!("Carregando as conexões", "Loading the connections") />
                    </section>
                    {(1..Provider::ALL.len()).map(|_| view! { <SkeletonCard rows=5 class="credential" /> }).collect_view()}
                </div>
            }
        }>
            {move || {
                page
                    .get()
                    .and_then(Result::err)
                    .map(|error| view! { <TroubleCard error /> })
            }}
            // Keyed by version: a card that was saved is made anew, so that no secret stays in its inputs; what is being
            // typed into the others stays.
            <div class="cards">
                <For
                    each=move || page.get().and_then(Result::ok).map(|page| page.cards).unwrap_or_default()
                    key=|card| (card.provider, card.version)
                    let:card
                >
                    <Card card confirm_due save remove test event tested health error />
                </For>
            </div>
        </Transition>
    }
}

/// What has just happened: read from the address, so that it shows without script too.
#[component]
fn Notice(error: Signal<Option<AppError>>) -> impl IntoView {
    let query = use_query();
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
        let done = match (named("saved"), named("removed"), named("connected"), named("disconnected")) {
            (Some(provider), ..) => {
                let label = provider.label();
                tr!(format!("{label} guardado e selado."), format!("{label} saved and sealed."))
            }
            (_, Some(provider), ..) => {
                let label = provider.label();
                tr!(format!("{label} removido."), format!("{label} removed."))
            }
            (_, _, Some(provider), _) => {
                let label = provider.label();
                tr!(format!("{label} conectado."), format!("{label} connected."))
            }
            (_, _, _, Some(provider)) => {
                let label = provider.label();
                tr!(format!("{label} desconectado."), format!("{label} disconnected."))
            }
            _ => return ().into_any(),
        };
        view! { <div class="notice" data-tone="ok" role="status"><strong>{done}</strong></div> }.into_any()
    }
}
