//! The sign-in page: one plain form, the same with and without WASM.

use super::{LogIn, own_path};
use crate::{error::AppError, ui::Field};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// `/login`
#[component]
pub fn LogInPage() -> impl IntoView {
    let action = ServerAction::<LogIn>::new();
    let error = move || action.value().get().and_then(Result::err);
    let next = use_query_map().with_untracked(|query| own_path(&query.get("next").unwrap_or_default()).to_owned());
    let none = Signal::derive(|| None::<String>);

    view! {
        <Title text="Entrar" />
        <main class="log-in" id="main">
            <div class="log-in-card">
                <p class="brand"><span class="brand-mark" aria-hidden="true">"P"</span>"Painel"</p>
                <h1>"Entrar"</h1>
                <p class="lead">"Suas conversas e sua agenda, num só lugar."</p>
                {move || error().map(|error| view! { <LogInError error /> })}
                <form method="post" action=action_url()>
                    <input type="hidden" name="next" value=next />
                    <Field id="email" name="email" label="E-mail" kind="email" autocomplete="username" required=true error=none />
                    <Field
                        id="password"
                        name="password"
                        label="Senha"
                        kind="password"
                        autocomplete="current-password"
                        required=true
                        error=none
                    />
                    <button class="button primary wide" type="submit">"Entrar"</button>
                </form>
                <p class="field-hint">"Sem acesso? Peça à sua agência."</p>
            </div>
        </main>
    }
}

fn action_url() -> &'static str {
    <LogIn as leptos::server_fn::ServerFn>::PATH
}

#[component]
fn LogInError(error: AppError) -> impl IntoView {
    view! {
        <div class="notice" data-tone="bad" role="alert">
            <strong>{error.title()}</strong>
            <span>{error.advice()}</span>
        </div>
    }
}
