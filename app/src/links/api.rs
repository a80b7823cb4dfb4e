//! Server functions of single-use links.
#![expect(missing_docs, reason = "the argument structs that the macro writes repeat the documented functions")]

use super::LinkView;
use crate::error::AppError;
use leptos::prelude::*;

/// What a link is for.
///
/// # Errors
/// See [`super::LinksBackend::look`].
#[server(prefix = "/api", endpoint = "links/look", input = leptos::server_fn::codec::GetUrl)]
pub async fn look(token: String) -> Result<LinkView, AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    answer(backend.look(&token)).await
}

/// Accepts an invitation and goes in.
///
/// # Errors
/// See [`super::LinksBackend::accept`].
#[server(prefix = "/api", endpoint = "links/accept")]
pub async fn accept(token: String, #[server(default)] name: String, password: String) -> Result<(), AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    let entered = answer(backend.accept(&token, &name, &password)).await?;
    leptos_axum::redirect(&crate::session::way_on(entered, "/"));
    Ok(())
}

/// Whether links go by mail here.
///
/// # Errors
/// `Internal` outside of a request.
#[server(prefix = "/api", endpoint = "links/mails", input = leptos::server_fn::codec::GetUrl)]
pub async fn mails() -> Result<bool, AppError> {
    Ok(crate::backend::backend()?.mails())
}

/// Asks for a link to set a new password; the page then says the same to everybody.
///
/// # Errors
/// See [`super::LinksBackend::request_reset`].
#[server(prefix = "/api", endpoint = "links/request_reset")]
pub async fn request_reset(email: String) -> Result<(), AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    answer(backend.request_reset(&email)).await?;
    leptos_axum::redirect("/reset?sent=1");
    Ok(())
}

/// Sets a new password and goes to the sign-in page.
///
/// # Errors
/// See [`super::LinksBackend::reset`].
#[server(prefix = "/api", endpoint = "links/reset")]
pub async fn reset(token: String, password: String) -> Result<(), AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    answer(backend.reset(&token, &password)).await?;
    leptos_axum::redirect("/login?reset=1");
    Ok(())
}
