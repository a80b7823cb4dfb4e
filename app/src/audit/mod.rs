//! Audit: what was done in a tenant or in the agency, by whom, when and from where.

mod api;
#[cfg(feature = "ssr")]
mod backend;
pub(crate) mod page;
mod types;

pub use api::{ReadAgencyAudit, ReadAudit, read_agency_audit, read_audit};
#[cfg(feature = "ssr")]
pub use backend::AuditBackend;
pub use page::AuditTrailPage;
pub use types::{AuditFilter, AuditPage, AuditRow, Whose};
