//! An error where the thing itself would stand: what happened, what to do, and a way to try again.

use super::here;
use crate::{
    error::{AppError, Refusal},
    tr,
};
use leptos::prelude::*;

/// The panel of one error. Its "try again" is a link to the page itself, so it works before and without WASM.
#[component]
pub fn Trouble(
    /// What went wrong.
    error: AppError,
) -> impl IntoView {
    match error {
        AppError::NotConfigured => view! { <Unconfigured /> }.into_any(),
        AppError::NotSignedIn => view! { <Stop error step=(tr!("Entrar", "Sign in"), "/login") /> }.into_any(),
        // Another panel of theirs may be open.
        AppError::Suspended { .. } => {
            view! { <Stop error step=(tr!("Ver meus painéis", "See my dashboards"), "/choose") /> }.into_any()
        }
        AppError::SecondFactorDue => {
            view! { <Stop error step=(tr!("Abrir Segurança", "Open Security"), "/settings/security") /> }.into_any()
        }
        AppError::NotFound | AppError::NotAllowed | AppError::Gone => {
            view! { <Stop error step=(tr!("Ir para o início", "Go to Home"), "/") /> }.into_any()
        }
        error => {
            let here = here();
            let (settings, tables) = (leads_to_settings(&error), leads_to_tables(&error));
            view! {
                <div class="trouble" role="alert">
                    <p class="trouble-title">{error.title()}</p>
                    <p class="trouble-text">{error.advice()}</p>
                    <p class="trouble-steps">
                        <a class="button" href=here rel="external">{tr!("Tentar de novo", "Try again")}</a>
                        {settings
                            .then(|| {
                                view! {
                                    <a href="/settings/credentials">{tr!("Abrir Conexões", "Open Connections")}</a>
                                }
                            })}
                        {tables
                            .then(|| {
                                view! { <a href="/settings/mapping">{tr!("Abrir Tabelas", "Open Tables")}</a> }
                            })}
                    </p>
                </div>
            }
            .into_any()
        }
    }
}

/// The same in a card of its own, where a page's body would stand.
#[component]
pub fn TroubleCard(
    /// What went wrong.
    error: AppError,
) -> impl IntoView {
    view! { <section class="card"><Trouble error /></section> }
}

/// What `body` makes of a page's answer, or why there is none, in its place.
pub fn or_trouble<T, V: IntoView + 'static>(answer: Result<T, AppError>, body: impl FnOnce(T) -> V) -> AnyView {
    match answer {
        Ok(answer) => body(answer).into_any(),
        Err(error) => view! { <TroubleCard error /> }.into_any(),
    }
}

/// Where trying again would only say the same: the way on leads elsewhere.
#[component]
fn Stop(error: AppError, step: (&'static str, &'static str)) -> impl IntoView {
    view! {
        <div class="trouble" role="alert">
            <p class="trouble-title">{error.title()}</p>
            <p class="trouble-text">{error.advice()}</p>
            <a class="button" href=step.1 rel="external">{step.0}</a>
        </div>
    }
}

/// The next step of a tenant whose project is not connected yet.
#[component]
pub fn Unconfigured() -> impl IntoView {
    view! {
        <div class="empty">
            <p class="empty-title">
                {tr!("Falta ligar o projeto Supabase", "The Supabase project is not connected yet")}
            </p>
            <p class="empty-text">
                {tr!(
                    "As conversas e a agenda são lidas do projeto Supabase do seu negócio. Guarde o endereço e a chave pública para vê-las aqui.",
                    "Conversations and appointments are read from the Supabase project of your business. Save its address and its public key to see them here."
                )}
            </p>
            <a class="button primary" href="/settings/credentials">{tr!("Ligar o projeto", "Connect the project")}</a>
        </div>
    }
}

fn leads_to_tables(error: &AppError) -> bool {
    matches!(
        error,
        AppError::NotMapped(_)
            | AppError::NotTold
            | AppError::ProjectRefused(Refusal::TableMissing { .. } | Refusal::ColumnMissing { .. })
    )
}

fn leads_to_settings(error: &AppError) -> bool {
    matches!(
        error,
        AppError::Unreadable
            | AppError::ProjectUnreachable(_)
            | AppError::ProjectRefused(Refusal::Key | Refusal::KeyExpired)
    )
}
