//! Server functions of the agency's console.
#![expect(missing_docs, reason = "the argument structs that the macro writes repeat the documented functions")]

use super::{EditTenantForm, FleetFilter, FleetPage, NewTenantForm, StaffView, TenantDetail};
use crate::{error::AppError, session::AgencyRole};
use leptos::prelude::*;

/// A page of the fleet.
///
/// # Errors
/// See [`super::ConsoleBackend::fleet`].
#[server(prefix = "/api", endpoint = "console/fleet", input = leptos::server_fn::codec::GetUrl)]
pub async fn fleet(
    #[server(default)] filter: FleetFilter,
    #[server(default)] after: String,
    #[server(default)] before: String,
) -> Result<FleetPage, AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    let given = |cursor: String| Some(cursor).filter(|cursor| !cursor.is_empty());
    answer(backend.fleet(filter, given(after), given(before))).await
}

/// One tenant.
///
/// # Errors
/// See [`super::ConsoleBackend::tenant`].
#[server(prefix = "/api", endpoint = "console/tenant", input = leptos::server_fn::codec::GetUrl)]
pub async fn tenant(slug: String) -> Result<TenantDetail, AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    answer(backend.tenant(&slug)).await
}

/// Creates a tenant and goes to its page.
///
/// # Errors
/// See [`super::ConsoleBackend::create_tenant`].
#[server(prefix = "/api", endpoint = "console/create")]
pub async fn create_tenant(form: NewTenantForm) -> Result<(), AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    let slug = answer(backend.create_tenant(form)).await?;
    leptos_axum::redirect(&format!("/console/tenants/{slug}?done=created"));
    Ok(())
}

/// Invites one more admin into a tenant.
///
/// # Errors
/// See [`super::ConsoleBackend::invite_admin`].
#[server(prefix = "/api", endpoint = "console/invite_admin")]
pub async fn invite_admin(slug: String, email: String) -> Result<(), AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    answer(backend.invite_admin(&slug, &email)).await?;
    back_to(&slug, "invited");
    Ok(())
}

/// Changes a tenant.
///
/// # Errors
/// See [`super::ConsoleBackend::edit_tenant`].
#[server(prefix = "/api", endpoint = "console/edit")]
pub async fn edit_tenant(form: EditTenantForm) -> Result<(), AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    let slug = form.slug.clone();
    answer(backend.edit_tenant(form)).await?;
    back_to(&slug, "edited");
    Ok(())
}

/// Suspends a tenant.
///
/// # Errors
/// See [`super::ConsoleBackend::suspend`].
#[server(prefix = "/api", endpoint = "console/suspend")]
pub async fn suspend(slug: String, reason: String) -> Result<(), AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    answer(backend.suspend(&slug, &reason)).await?;
    back_to(&slug, "suspended");
    Ok(())
}

/// Lets a tenant work again.
///
/// # Errors
/// See [`super::ConsoleBackend::resume`].
#[server(prefix = "/api", endpoint = "console/resume")]
pub async fn resume(slug: String) -> Result<(), AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    answer(backend.resume(&slug)).await?;
    back_to(&slug, "resumed");
    Ok(())
}

/// The people of the agency.
///
/// # Errors
/// See [`super::ConsoleBackend::staff`].
#[server(prefix = "/api", endpoint = "console/staff", input = leptos::server_fn::codec::GetUrl)]
pub async fn staff() -> Result<StaffView, AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    answer(backend.staff()).await
}

/// Invites somebody into the agency.
///
/// # Errors
/// See [`super::ConsoleBackend::invite_staff`].
#[server(prefix = "/api", endpoint = "console/invite_staff")]
pub async fn invite_staff(email: String, role: AgencyRole) -> Result<(), AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    answer(backend.invite_staff(&email, role)).await?;
    leptos_axum::redirect("/console/staff?done=invited");
    Ok(())
}

/// Takes somebody's role in the agency away.
///
/// # Errors
/// See [`super::ConsoleBackend::remove_staff`].
#[server(prefix = "/api", endpoint = "console/remove_staff")]
pub async fn remove_staff(person: String) -> Result<(), AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    answer(backend.remove_staff(&person)).await?;
    leptos_axum::redirect("/console/staff?done=removed");
    Ok(())
}

/// Demands a second factor of the agency's people, or no longer.
///
/// # Errors
/// See [`super::ConsoleBackend::require_staff_second_factor`].
#[server(prefix = "/api", endpoint = "console/require_second_factor")]
pub async fn require_staff_second_factor(#[server(default)] required: bool) -> Result<(), AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    answer(backend.require_staff_second_factor(required)).await?;
    leptos_axum::redirect("/console/staff?done=required");
    Ok(())
}

/// Enters a tenant for 30 minutes and goes to its overview.
///
/// # Errors
/// See [`super::ConsoleBackend::break_glass`].
#[server(prefix = "/api", endpoint = "console/break_glass")]
pub async fn break_glass(slug: String, reason: String, #[server(default)] current: String) -> Result<(), AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    answer(backend.break_glass(&slug, &reason, &current)).await?;
    leptos_axum::redirect("/");
    Ok(())
}

/// Leaves it and goes back to the console.
///
/// # Errors
/// See [`super::ConsoleBackend::end_break_glass`].
#[server(prefix = "/api", endpoint = "console/end_break_glass")]
pub async fn end_break_glass() -> Result<(), AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    answer(backend.end_break_glass()).await?;
    leptos_axum::redirect("/console");
    Ok(())
}

/// To the tenant's page, which says what was done. A slug that passed the backend is made of a–z, 0–9 and hyphens.
#[cfg(feature = "ssr")]
fn back_to(slug: &str, done: &str) {
    leptos_axum::redirect(&format!("/console/tenants/{slug}?done={done}"));
}
