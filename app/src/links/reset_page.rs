//! `/reset`: asking for a link to set a new password. The answer is the same for every e-mail.

use super::{RequestReset, mails};
use crate::ui::{Entrance, Field, Outcome, Skeleton, at, refusal};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// `/reset?sent=1`
#[component]
pub fn ResetPage() -> impl IntoView {
    let query = use_query_map();
    let error = refusal(&[RequestReset::PATH]);
    let sent = move || error.get().is_none() && query.with(|query| query.get_str("sent").is_some());
    let mails = Resource::new(|| (), |()| mails());
    view! {
        <Title text="Esqueci a senha" />
        <Entrance title="Esqueci a senha">
            <Outcome error words=|_| None />
            <Transition fallback=|| view! { <Skeleton rows=2 label="Carregando" /> }>
                {move || Suspend::new(async move {
                    // When it cannot be told, the form is the safer answer: it sends a link if it can.
                    match (mails.await, sent()) {
                        (Ok(false), _) => view! { <Ask /> }.into_any(),
                        (_, true) => view! { <Sent /> }.into_any(),
                        (_, false) => {
                            view! {
                                <p class="lead">"Enviamos um link para criar uma senha nova."</p>
                                <form method="post" action=RequestReset::PATH>
                                    <Field
                                        id="email"
                                        name="email"
                                        label="E-mail"
                                        kind="email"
                                        autocomplete="username"
                                        required=true
                                        error=at(error, "email")
                                    />
                                    <button class="button primary wide" type="submit">"Enviar o link"</button>
                                </form>
                            }
                                .into_any()
                        }
                    }
                })}
            </Transition>
            <p class="way"><a href="/login">"Voltar para a entrada"</a></p>
        </Entrance>
    }
}

#[component]
fn Ask() -> impl IntoView {
    view! {
        <p class="lead">"Aqui os links não vão por e-mail."</p>
        <p>"Peça à sua agência, ou a um administrador do seu painel, um link para criar uma senha nova."</p>
    }
}

#[component]
fn Sent() -> impl IntoView {
    view! {
        <div class="notice" data-tone="ok" role="status">
            <strong>"Veja o seu e-mail."</strong>
            <span>"Se houver uma conta com esse endereço, o link chega em alguns minutos."</span>
        </div>
        <p class="field-hint">"Não chegou? Confira o lixo eletrônico ou peça outro em alguns minutos."</p>
    }
}
