//! The page for addresses that do not exist.

use crate::{tr, ui::Entrance};
use leptos::prelude::*;
use leptos_meta::Title;

/// Says so, where to go from here, and what to tell the agency if it was a link of theirs.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(http::StatusCode::NOT_FOUND);
    }
    let incident = SharedValue::new(incident).into_inner();
    view! {
        <Title text=tr!("Página não encontrada", "Page not found") />
        <Entrance title=tr!("Página não encontrada", "Page not found")>
            <p class="lead">
                {tr!(
                    "O endereço mudou, foi digitado com uma letra trocada ou nunca existiu.",
                    "The address has changed, was typed with a wrong letter or never existed."
                )}
            </p>
            <p>{tr!("Procure a partir de uma destas páginas:", "Look for it from one of these pages:")}</p>
            <a class="button primary" href="/" rel="external">{tr!("Ir para o início", "Go to Home")}</a>
            <p class="way">
                <a href="/conversations" rel="external">{tr!("Procurar nas conversas", "Search the conversations")}</a>
            </p>
            <p class="way">
                <a href="/appointments" rel="external">{tr!("Abrir a agenda", "Open the appointments")}</a>
            </p>
            {(!incident.is_empty())
                .then(|| {
                    view! {
                        <p class="field-hint">
                            {tr!(
                                "Veio de um link do painel? Avise a sua agência, com o código ",
                                "Did a link in Painel lead here? Tell your agency, with the code "
                            )} <code>{incident}</code> "."
                        </p>
                    }
                })}
        </Entrance>
    }
}

/// What the log has of this request; nothing when the browser itself came here.
fn incident() -> String {
    #[cfg(feature = "ssr")]
    if let Some(parts) = use_context::<http::request::Parts>() {
        let id = parts.headers.get("x-request-id").and_then(|id| id.to_str().ok()).unwrap_or_default();
        return id.chars().take(8).collect();
    }
    String::new()
}
