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
    tr,
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
        None => Status { tone: Tone::Quiet, label: tr!("não conectado", "not connected").to_owned() },
        Some(grant) if grant.ended => {
            Status { tone: Tone::Bad, label: tr!("conecte de novo", "connect again").to_owned() }
        }
        Some(grant) if !grant.missing.is_empty() => {
            Status { tone: Tone::Warn, label: tr!("faltam permissões", "permissions missing").to_owned() }
        }
        Some(_) => Status { tone: Tone::Info, label: tr!("conectado", "connected").to_owned() },
    };
    view! {
        <section class="consent" aria-labelledby=labelled_by>
            <header class="tested-head">
                <h3 id=title>
                    {tr!("Conta Google", "Google account")} <span class="visually-hidden">
                        {tr!(format!(" para {}", provider.label()), format!(" for {}", provider.label()))}
                    </span>
                </h3>
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
        Provider::GoogleMeet => tr!(
            "Clique primeiro em “Guardar” (com os dois campos em branco, se o Google Agenda já está guardado). Depois aparece aqui o botão “Conectar com o Google”: escolha a conta que cria as videochamadas, em geral a mesma da agenda, e marque as permissões que o Google mostrar.",
            "First click “Save” (with both fields blank, if Google Calendar is already saved). Then the button “Connect with Google” appears here: choose the account that creates the video calls, usually the same as the calendar’s, and tick the permissions that Google shows."
        ),
        _ => tr!(
            "Guarde primeiro o Client ID e o Client secret. Depois aparece aqui o botão “Conectar com o Google”: escolha a conta que é dona da agenda ou pode editá-la, e marque as permissões que o Google mostrar.",
            "First save the Client ID and the Client secret. Then the button “Connect with Google” appears here: choose the account that owns the calendar or may edit it, and tick the permissions that Google shows."
        ),
    }
}

#[component]
fn Given(grant: GoogleGrant) -> impl IntoView {
    let GoogleGrant { account, since, until, allowed, missing, ended, shared_with } = grant;
    let item = |text: String| view! { <li>{text}</li> };
    view! {
        <p class="soft">
            {if account.is_empty() {
                tr!("Conectado", "Connected").to_owned()
            } else {
                tr!(format!("Conectado como {account}"), format!("Connected as {account}"))
            }}
            {since.map(|when| view! { ", " <Moment when /> })}
        </p>
        {ended
            .then(|| {
                view! {
                    <p class="field-error" role="alert">
                        {tr!(
                            "O Google não aceita mais este acesso. Use “Testar conexão” para ver por quê e conecte de novo.",
                            "Google no longer accepts this access. Use “Test connection” to see why, and connect again.",
                        )}
                    </p>
                }
            })}
        {until
            .map(|when| {
                view! {
                    <p class="field-error">
                        {tr!("O Google encerra este acesso ", "Google ends this access ")} <Moment when />
                        {tr!(
                            ", porque o seu app está em modo de teste. Publique-o (passo 3, abaixo) e conecte de novo.",
                            ", because your app is in testing mode. Publish it (step 3, below) and connect again.",
                        )}
                    </p>
                }
            })}
        {(!allowed.is_empty())
            .then(|| {
                view! {
                    <p class="soft">{tr!("Permitido:", "Allowed:")}</p>
                    <ul class="consent-list">{allowed.into_iter().map(item).collect_view()}</ul>
                }
            })}
        {(!missing.is_empty())
            .then(|| {
                view! {
                    <p class="field-error">{tr!("Falta permitir:", "Still to be allowed:")}</p>
                    <ul class="consent-list">{missing.into_iter().map(item).collect_view()}</ul>
                    <p class="soft">
                        {tr!(
                            "Conecte de novo e, na página do Google, marque todas as caixas.",
                            "Connect again and, on Google’s page, tick every box.",
                        )}
                    </p>
                }
            })}
        {shared_with
            .map(|label| {
                let words = tr!(
                    format!("O mesmo acesso serve ao {label}, que usa o mesmo cliente."),
                    format!("The same access serves {label}, which uses the same client.")
                );
                view! { <p class="soft">{words}</p> }
            })}
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
    let label = if connected {
        tr!("Conectar de novo com o Google", "Connect with Google again")
    } else {
        tr!("Conectar com o Google", "Connect with Google")
    };
    view! {
        <form method="post" action=ConnectGoogle::PATH>
            <input type="hidden" name="provider" value=word />
            <input type="hidden" name="version" value=version.to_string() />
            <Confirm id=format!("{word}-connect-current") due=confirm_due error key=format!("{word}.current") />
            <div class="card-steps">
                <button class="button" type="submit">{label}</button>
                <p class="field-hint test-hint">
                    {tr!(
                        "Você vai à página do Google, escolhe a conta, permite e volta para cá. Leva até dez minutos; depois disso, comece de novo.",
                        "You go to Google’s page, choose the account, allow access and come back here. You have ten minutes; after that, start again.",
                    )}
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
            <summary>{tr!("Desconectar…", "Disconnect…")}</summary>
            <form method="post" action=DisconnectGoogle::PATH>
                <input type="hidden" name="provider" value=word />
                <input type="hidden" name="version" value=version.to_string() />
                <p class="soft">
                    {tr!(
                        "O acesso é retirado no Google e apagado aqui. O Client ID e o Client secret ficam guardados.",
                        "The access is revoked at Google and deleted here. The Client ID and the Client secret stay saved.",
                    )}
                </p>
                <Confirm id=format!("{word}-disconnect-current") due=confirm_due error key=format!("{word}.current") />
                <button class="button danger" type="submit">
                    {tr!("Desconectar mesmo assim", "Disconnect anyway")}
                </button>
            </form>
        </details>
    }
}
