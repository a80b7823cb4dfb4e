//! The sign-in page: one plain form, the same with and without WASM.

use super::{LanguageSwitch, LogIn, own_path};
use crate::{
    tr,
    ui::{Entrance, Field, Outcome, never, refusal, use_query},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;

/// `/login?next=…|reset=1|done=everywhere`
#[component]
pub fn LogInPage() -> impl IntoView {
    let query = use_query();
    let next = query.with_untracked(|query| own_path(&query.get("next").unwrap_or_default()).to_owned());
    let reset = query.with_untracked(|query| query.get_str("reset").is_some());
    let error = refusal(&[LogIn::PATH]);
    view! {
        <Title text=tr!("Entrar", "Sign in") />
        <Entrance title=tr!("Entrar", "Sign in")>
            <p class="lead">
                {tr!(
                    "Suas conversas e sua agenda, num só lugar.",
                    "Your conversations and your appointments, in one place."
                )}
            </p>
            <Outcome error words />
            {move || {
                (reset && error.get().is_none())
                    .then(|| {
                        view! {
                            <div class="notice" data-tone="ok" role="status">
                                <strong>
                                    {tr!(
                                        "Senha trocada. Entre com a nova.",
                                        "Password changed. Sign in with the new one."
                                    )}
                                </strong>
                            </div>
                        }
                    })
            }}
            <form method="post" action=LogIn::PATH>
                <input type="hidden" name="next" value=next />
                <Field
                    id="email"
                    name="email"
                    label=tr!("E-mail", "Email")
                    kind="email"
                    autocomplete="username"
                    required=true
                    error=never()
                />
                <Field
                    id="password"
                    name="password"
                    label=tr!("Senha", "Password")
                    kind="password"
                    autocomplete="current-password"
                    required=true
                    error=never()
                />
                <button class="button primary wide" type="submit">{tr!("Entrar", "Sign in")}</button>
            </form>
            <p class="way"><a href="/reset">{tr!("Esqueci a senha", "I forgot my password")}</a></p>
            <p class="field-hint">{tr!("Sem acesso? Peça à sua agência.", "No access? Ask your agency.")}</p>
            <LanguageSwitch />
        </Entrance>
    }
}

fn words(done: &str) -> Option<&'static str> {
    (done == "everywhere")
        .then(|| tr!("Você saiu de todos os aparelhos.", "You have been signed out of all your devices."))
}
