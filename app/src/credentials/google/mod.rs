//! A Google card's second half: the person's consent, which no form can hold. Connecting and disconnecting are plain forms,
//! because they lead to other pages; so they are the same with and without script.

mod api;
#[cfg(feature = "ssr")]
mod backend;
mod steps;

pub use api::{ConnectGoogle, DisconnectGoogle, connect_google, disconnect_google};
#[cfg(feature = "ssr")]
pub use backend::GoogleBackend;

use super::{GoogleCard, GoogleGrant, Provider};
use crate::{
    error::AppError,
    ui::{Confirm, Moment, Status, StatusBadge, Tone},
};
use leptos::{prelude::*, server_fn::ServerFn};
use steps::Steps;

/// Where the consent stands, how it is given, and how it is taken back.
#[component]
pub fn GoogleConsent(
    /// Whose card it is.
    provider: Provider,
    /// The card's version.
    version: i64,
    /// What is known of the consent.
    google: GoogleCard,
    /// Whether the forms ask for the caller's password.
    #[prop(into)]
    confirm_due: Signal<bool>,
    /// The last error, with its fields named `provider.field`.
    error: Signal<Option<AppError>>,
) -> impl IntoView {
    let GoogleCard { redirect_uri, has_client, grant } = google;
    let word = provider.as_str();
    let title = format!("{word}-consent");
    let labelled_by = title.clone();
    let connected = grant.is_some();
    let status = match &grant {
        None => Status { tone: Tone::Quiet, label: "não conectado".to_owned() },
        Some(grant) if grant.ended => Status { tone: Tone::Bad, label: "conecte de novo".to_owned() },
        Some(grant) if !grant.missing.is_empty() => Status { tone: Tone::Warn, label: "faltam permissões".to_owned() },
        Some(_) => Status { tone: Tone::Info, label: "conectado".to_owned() },
    };
    view! {
        <section class="consent" aria-labelledby=labelled_by>
            <header class="tested-head">
                <h3 id=title>"Conta Google"</h3>
                <StatusBadge status />
            </header>
            {grant.map(|grant| view! { <Given grant /> })}
            {if has_client {
                view! { <Connect word version connected confirm_due error /> }.into_any()
            } else {
                view! { <p class="soft">{before_connecting(provider)}</p> }.into_any()
            }}
            {connected.then(|| view! { <Disconnect word version confirm_due error /> })}
            <Steps provider redirect_uri />
        </section>
    }
}

/// What to do before there is a button to connect with. Meet may take the calendar's client over, so its fields may be blank.
fn before_connecting(provider: Provider) -> &'static str {
    match provider {
        Provider::GoogleMeet => {
            "Clique primeiro em “Guardar” (com os dois campos em branco, se o Google Agenda já está guardado). Depois aparece aqui o botão “Conectar com o Google”: escolha a conta que cria as videochamadas, em geral a mesma da agenda, e marque as permissões que o Google mostrar."
        }
        _ => {
            "Guarde primeiro o Client ID e o Client secret. Depois aparece aqui o botão “Conectar com o Google”: escolha a conta que é dona da agenda ou pode editá-la, e marque as permissões que o Google mostrar."
        }
    }
}

#[component]
fn Given(grant: GoogleGrant) -> impl IntoView {
    let GoogleGrant { account, since, until, allowed, missing, ended, shared_with } = grant;
    let item = |text: String| view! { <li>{text}</li> };
    view! {
        <p class="soft">
            {if account.is_empty() { "Conectado".to_owned() } else { format!("Conectado como {account}") }}
            {since.map(|when| view! { ", " <Moment when /> })}
        </p>
        {ended
            .then(|| {
                view! {
                    <p class="field-error" role="alert">
                        "O Google não aceita mais este acesso. Use “Testar conexão” para ver por quê e conecte de novo."
                    </p>
                }
            })}
        {until
            .map(|when| {
                view! {
                    <p class="field-error">
                        "O Google encerra este acesso " <Moment when />
                        ", porque o seu app está em modo de teste. Publique-o (passo 3, abaixo) e conecte de novo."
                    </p>
                }
            })}
        {(!allowed.is_empty())
            .then(|| view! { <p class="soft">"Permitido:"</p><ul class="consent-list">{allowed.into_iter().map(item).collect_view()}</ul> })}
        {(!missing.is_empty())
            .then(|| {
                view! {
                    <p class="field-error">"Falta permitir:"</p>
                    <ul class="consent-list">{missing.into_iter().map(item).collect_view()}</ul>
                    <p class="soft">"Conecte de novo e, na página do Google, marque todas as caixas."</p>
                }
            })}
        {shared_with
            .map(|label| view! { <p class="soft">{format!("O mesmo acesso serve ao {label}, que usa o mesmo cliente.")}</p> })}
    }
}

#[component]
fn Connect(
    word: &'static str,
    version: i64,
    connected: bool,
    confirm_due: Signal<bool>,
    error: Signal<Option<AppError>>,
) -> impl IntoView {
    let label = if connected { "Conectar de novo com o Google" } else { "Conectar com o Google" };
    view! {
        <form method="post" action=ConnectGoogle::PATH>
            <input type="hidden" name="provider" value=word />
            <input type="hidden" name="version" value=version.to_string() />
            <Confirm id=format!("{word}-connect-current") due=confirm_due error key=format!("{word}.current") />
            <div class="card-steps">
                <button class="button" type="submit">{label}</button>
                <p class="field-hint test-hint">
                    "Você vai à página do Google, escolhe a conta, permite e volta para cá. Leva até dez minutos; depois disso, comece de novo."
                </p>
            </div>
        </form>
    }
}

/// Asks once more inside a disclosure, which works without script.
#[component]
fn Disconnect(
    word: &'static str,
    version: i64,
    confirm_due: Signal<bool>,
    error: Signal<Option<AppError>>,
) -> impl IntoView {
    view! {
        <details class="remove">
            <summary>"Desconectar…"</summary>
            <form method="post" action=DisconnectGoogle::PATH>
                <input type="hidden" name="provider" value=word />
                <input type="hidden" name="version" value=version.to_string() />
                <p class="soft">
                    "O acesso é retirado no Google e apagado aqui. O Client ID e o Client secret ficam guardados."
                </p>
                <Confirm id=format!("{word}-disconnect-current") due=confirm_due error key=format!("{word}.current") />
                <button class="button danger" type="submit">"Desconectar mesmo assim"</button>
            </form>
        </details>
    }
}
