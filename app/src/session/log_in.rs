//! The sign-in page: one plain form, the same with and without WASM.

use super::{LogIn, own_path};
use crate::ui::{Entrance, Field, Outcome, never, refusal};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// `/login?next=…|reset=1|done=everywhere`
#[component]
pub fn LogInPage() -> impl IntoView {
    let query = use_query_map();
    let next = query.with_untracked(|query| own_path(&query.get("next").unwrap_or_default()).to_owned());
    let reset = query.with_untracked(|query| query.get_str("reset").is_some());
    let error = refusal(&[LogIn::PATH]);
    view! {
        <Title text="Entrar" />
        <Entrance title="Entrar">
            <p class="lead">"Suas conversas e sua agenda, num só lugar."</p>
            <Outcome error words />
            {move || {
                (reset && error.get().is_none())
                    .then(|| {
                        view! {
                            <div class="notice" data-tone="ok" role="status">
                                <strong>"Senha trocada. Entre com a nova."</strong>
                            </div>
                        }
                    })
            }}
            <form method="post" action=LogIn::PATH>
                <input type="hidden" name="next" value=next />
                <Field id="email" name="email" label="E-mail" kind="email" autocomplete="username" required=true error=never() />
                <Field
                    id="password"
                    name="password"
                    label="Senha"
                    kind="password"
                    autocomplete="current-password"
                    required=true
                    error=never()
                />
                <button class="button primary wide" type="submit">"Entrar"</button>
            </form>
            <p class="way"><a href="/reset">"Esqueci a senha"</a></p>
            <p class="field-hint">"Sem acesso? Peça à sua agência."</p>
        </Entrance>
    }
}

fn words(done: &str) -> Option<&'static str> {
    (done == "everywhere").then_some("Você saiu de todos os aparelhos.")
}
