//! The page for addresses that do not exist.

use leptos::prelude::*;
use leptos_meta::Title;

/// Says so, and where to go from here.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(http::StatusCode::NOT_FOUND);
    }
    view! {
        <Title text="Página não encontrada" />
        <main class="log-in" id="main">
            <div class="log-in-card">
                <p class="brand"><span class="brand-mark" aria-hidden="true">"P"</span>"Painel"</p>
                <h1>"Página não encontrada"</h1>
                <p class="lead">"O endereço mudou ou nunca existiu. O início mostra tudo o que o seu painel tem."</p>
                <a class="button primary" href="/" rel="external">"Ir para o início"</a>
            </div>
        </main>
    }
}
