//! `/reset`: asking for a link to set a new password. The answer is the same for every e-mail.

use super::{RequestReset, mails};
use crate::{
    session::LanguageSwitch,
    tr,
    ui::{Entrance, Field, Outcome, Skeleton, at, refusal, use_query},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;

/// `/reset?sent=1`
#[component]
pub fn ResetPage() -> impl IntoView {
    let query = use_query();
    let error = refusal(&[RequestReset::PATH]);
    let sent = move || error.get().is_none() && query.with(|query| query.get_str("sent").is_some());
    let mails = Resource::new(|| (), |()| mails());
    view! {
        <Title text=tr!("Esqueci a senha", "Forgotten password") />
        <Entrance title=tr!("Esqueci a senha", "Forgotten password")>
            <Outcome error words=|_| None />
            <Transition fallback=|| view! { <Skeleton rows=2 label=tr!("Carregando", "Loading") /> }>
                {move || Suspend::new(async move {
                    // When it cannot be told, the form is the safer answer: it sends a link if it can.
                    match (mails.await, sent()) {
                        (Ok(false), _) => view! { <Ask /> }.into_any(),
                        (_, true) => view! { <Sent /> }.into_any(),
                        (_, false) => {
                            view! {
                                <p class="lead">
                                    {tr!(
                                        "Enviamos um link para criar uma senha nova.",
                                        "We will send you a link to create a new password."
                                    )}
                                </p>
                                <form method="post" action=RequestReset::PATH>
                                    <Field
                                        id="email"
                                        name="email"
                                        label=tr!("E-mail", "Email")
                                        kind="email"
                                        autocomplete="username"
                                        required=true
                                        error=at(error, "email")
                                    />
                                    <button class="button primary wide" type="submit">
                                        {tr!("Enviar o link", "Send the link")}
                                    </button>
                                </form>
                            }
                                .into_any()
                        }
                    }
                })}
            </Transition>
            <p class="way"><a href="/login">{tr!("Voltar para a entrada", "Back to sign-in")}</a></p>
            <LanguageSwitch />
        </Entrance>
    }
}

#[component]
fn Ask() -> impl IntoView {
    view! {
        <p class="lead">{tr!("Aqui os links não vão por e-mail.", "Links do not go by email here.")}</p>
        <p>
            {tr!(
                "Peça à sua agência, ou a um administrador do seu painel, um link para criar uma senha nova.",
                "Ask your agency, or an admin of your dashboard, for a link to create a new password."
            )}
        </p>
    }
}

#[component]
fn Sent() -> impl IntoView {
    view! {
        <div class="notice" data-tone="ok" role="status">
            <strong>{tr!("Veja o seu e-mail.", "Check your email.")}</strong>
            <span>
                {tr!(
                    "Se houver uma conta com esse endereço, o link chega em alguns minutos.",
                    "If there is an account with this address, the link arrives in a few minutes."
                )}
            </span>
        </div>
        <p class="field-hint">
            {tr!(
                "Não chegou? Confira o lixo eletrônico ou peça outro em alguns minutos.",
                "Nothing arrived? Check the spam folder or ask for another one in a few minutes."
            )}
        </p>
    }
}
