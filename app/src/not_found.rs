//! The page for addresses that do not exist.

use crate::ui::Entrance;
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
        <Entrance title="Página não encontrada">
            <p class="lead">"O endereço mudou ou nunca existiu. O início mostra tudo o que o seu painel tem."</p>
            <a class="button primary" href="/" rel="external">"Ir para o início"</a>
        </Entrance>
    }
}
