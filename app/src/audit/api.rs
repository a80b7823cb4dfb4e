//! Server functions of the audit trail.
#![expect(missing_docs, reason = "the argument structs that the macro writes repeat the documented functions")]

#[cfg(feature = "ssr")]
use super::Whose;
use super::{AuditFilter, AuditPage};
use crate::error::AppError;
use leptos::prelude::*;

/// A page of the tenant's events, older than the cursor `before` when it is given.
///
/// # Errors
/// See [`super::AuditBackend::audit_page`].
#[server(prefix = "/api", endpoint = "audit/page", input = leptos::server_fn::codec::GetUrl)]
pub async fn read_audit(
    #[server(default)] filter: AuditFilter,
    #[server(default)] before: String,
) -> Result<AuditPage, AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    answer(backend.audit_page(Whose::Tenant, filter, Some(before).filter(|cursor| !cursor.is_empty()))).await
}

/// A page of the agency's own events, as [`read_audit`].
///
/// # Errors
/// See [`super::AuditBackend::audit_page`].
#[server(prefix = "/api", endpoint = "audit/agency_page", input = leptos::server_fn::codec::GetUrl)]
pub async fn read_agency_audit(
    #[server(default)] filter: AuditFilter,
    #[server(default)] before: String,
) -> Result<AuditPage, AppError> {
    use crate::backend::{answer, backend};
    let backend = backend()?;
    answer(backend.audit_page(Whose::Agency, filter, Some(before).filter(|cursor| !cursor.is_empty()))).await
}
