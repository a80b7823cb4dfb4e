//! Audit: what was done in a tenant, by whom, when and from where.

mod api;
#[cfg(feature = "ssr")]
mod backend;
pub(crate) mod page;
mod types;

pub use api::{ReadAudit, read_audit};
#[cfg(feature = "ssr")]
pub use backend::AuditBackend;
pub use page::AuditTrailPage;
pub use types::{AuditFilter, AuditPage, AuditRow};
