//! The way to Google and back: two small pages outside of the application. `caller::identify` has already refused whoever
//! may not.
//!
//! A form's answer may not lead away from this site (`form-action` of the content policy holds for redirects too), so it
//! leads to a page here, and that page leads on by itself.

use super::caller::Identity;
use crate::{
    backend::{ConsentAnswer, RequestBackend},
    state::State,
};
use app::{error::AppError, lang::lang, tr};
use axum::{
    Extension, Router,
    extract::{Query, State as Shared, rejection::QueryRejection},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
    routing::get,
};
use leptos::prelude::*;
use tower_sessions::Session;

/// Both routes.
pub fn routes(state: State) -> Router<LeptosOptions> {
    Router::new()
        .route("/oauth/google/start", get(start))
        .route("/oauth/google/callback", get(callback))
        .with_state(state)
}

/// Leads to Google.
async fn start(Shared(state): Shared<State>, Extension(identity): Extension<Identity>, session: Session) -> Response {
    match RequestBackend::new(state, identity, Some(session)).consent_url().await {
        Ok(url) => {
            let refresh = view! { <meta http-equiv="refresh" content=format!("0;url={url}") /> };
            let way = view! {
                <p>
                    {tr!("Indo para a página do Google… ", "Going to Google’s page… ")}
                    <a href=url.to_string()>{tr!("Ir agora", "Go now")}</a>
                </p>
            };
            page(StatusCode::OK, title(), refresh.into_any(), way.into_any())
        }
        Err(error) => refused(&error),
    }
}

/// Where Google sends people back to.
async fn callback(
    Shared(state): Shared<State>,
    Extension(identity): Extension<Identity>,
    session: Session,
    query: Result<Query<ConsentAnswer>, QueryRejection>,
) -> Response {
    let Query(answer) = query.unwrap_or_default();
    match RequestBackend::new(state, identity, Some(session)).finish_consent(&answer).await {
        Ok(page) => Redirect::to(&page).into_response(),
        Err(error) => refused(&error),
    }
}

fn refused(error: &AppError) -> Response {
    let status = StatusCode::from_u16(error.status()).expect("every error has a valid status");
    let (what, fix) = match error {
        AppError::Gone => (
            tr!("Este pedido ao Google não vale mais", "This request to Google is no longer valid").to_owned(),
            tr!(
                "Ele vale dez minutos, uma só vez, e só no navegador e no painel em que começou. Comece de novo no \
                 cartão do Google, em Conexões.",
                "It is valid for ten minutes, once only, and only in the browser and the dashboard in which it began. \
                 Start again on Google’s card, in Connections."
            )
            .to_owned(),
        ),
        error => (error.title(), error.advice()),
    };
    let body = view! {
        <p><strong>{what}</strong></p>
        <p>{fix}</p>
        <p><a href="/settings/credentials">{tr!("Voltar às Conexões", "Back to Connections")}</a></p>
    };
    page(status, title(), ().into_any(), body.into_any())
}

fn title() -> &'static str {
    tr!("Conectar com o Google", "Connect with Google")
}

/// A page without script or style: it is seen for a moment, or hardly ever.
fn page(status: StatusCode, title: &'static str, head: AnyView, body: AnyView) -> Response {
    let document = view! {
        <html lang=lang().as_str()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <title>{title}</title>
                {head}
            </head>
            <body>
                <main>
                    <h1>{title}</h1>
                    {body}
                </main>
            </body>
        </html>
    };
    (status, Html(format!("<!DOCTYPE html>{}", document.to_html()))).into_response()
}
