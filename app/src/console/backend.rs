//! What the server must supply for the agency's console.

use super::types::{EditTenantForm, FleetFilter, FleetPage, NewTenantForm, StaffView, TenantDetail};
use crate::{error::AppError, session::AgencyRole};

/// The port of the console. A slug that names no tenant is `NotFound`.
#[async_trait::async_trait]
pub trait ConsoleBackend: Send + Sync {
    /// A page of tenants, those behind the cursor `after` or before the cursor `before`.
    ///
    /// # Errors
    /// `NotSignedIn`, `NotAllowed`, `Internal`.
    async fn fleet(
        &self,
        filter: FleetFilter,
        after: Option<String>,
        before: Option<String>,
    ) -> Result<FleetPage, AppError>;

    /// One tenant.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`.
    async fn tenant(&self, slug: &str) -> Result<TenantDetail, AppError>;

    /// Creates a tenant with its key and invites its first admin; gives the slug.
    ///
    /// # Errors
    /// `Invalid` at the form's fields, `NotAllowed`.
    async fn create_tenant(&self, form: NewTenantForm) -> Result<String, AppError>;

    /// Invites one more admin into a tenant: when the first link was lost, or all admins are gone.
    ///
    /// # Errors
    /// `Invalid` at `email`, `NotFound`, `NotAllowed`.
    async fn invite_admin(&self, slug: &str, email: &str) -> Result<(), AppError>;

    /// Changes name, plan, domain and time zone.
    ///
    /// # Errors
    /// `Invalid` at the form's fields, `NotFound`, `NotAllowed`.
    async fn edit_tenant(&self, form: EditTenantForm) -> Result<(), AppError>;

    /// Suspends a tenant: its members are told the reason from their next request on.
    ///
    /// # Errors
    /// `Invalid` at `reason` when it is empty or too long, `NotFound`, `NotAllowed`.
    async fn suspend(&self, slug: &str, reason: &str) -> Result<(), AppError>;

    /// Lets a suspended tenant work again.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed`.
    async fn resume(&self, slug: &str) -> Result<(), AppError>;

    /// The people of the agency.
    ///
    /// # Errors
    /// `NotAllowed`.
    async fn staff(&self) -> Result<StaffView, AppError>;

    /// Invites somebody into the agency.
    ///
    /// # Errors
    /// `Invalid` at `email`, `NotAllowed`.
    async fn invite_staff(&self, email: &str, role: AgencyRole) -> Result<(), AppError>;

    /// Takes somebody's role in the agency away; their sessions end.
    ///
    /// # Errors
    /// `NotFound`, `NotAllowed` for oneself.
    async fn remove_staff(&self, person: &str) -> Result<(), AppError>;

    /// Demands a second factor of everybody in the agency, or no longer.
    ///
    /// # Errors
    /// `NotAllowed`; `Invalid` at `required` when the caller has none of their own.
    async fn require_staff_second_factor(&self, required: bool) -> Result<(), AppError>;

    /// Enters a tenant for 30 minutes, reading only. The tenant sees who, when and why.
    ///
    /// # Errors
    /// `Invalid` at `reason` (10 to 300 characters) or `current`, `ConfirmDue`, `Throttled`, `NotFound`, `NotAllowed`.
    async fn break_glass(&self, slug: &str, reason: &str, current: &str) -> Result<(), AppError>;

    /// Leaves it again.
    ///
    /// # Errors
    /// `Internal`.
    async fn end_break_glass(&self) -> Result<(), AppError>;
}
