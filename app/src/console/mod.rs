//! Console: the agency's view of all its tenants, and what it may do with them.

mod api;
#[cfg(feature = "ssr")]
mod backend;
mod change;
mod fleet;
mod fleet_table;
mod glass;
mod new_tenant;
#[cfg(test)]
mod rendered;
mod staff;
mod tenant;
mod types;
mod zone;

pub use api::{
    BreakGlass, CreateTenant, EditTenant, EndBreakGlass, InviteAdmin, InviteStaff, RemoveStaff,
    RequireStaffSecondFactor, Resume, Suspend, break_glass, create_tenant, edit_tenant, end_break_glass, fleet,
    invite_admin, invite_staff, remove_staff, require_staff_second_factor, resume, staff, suspend, tenant,
};
#[cfg(feature = "ssr")]
pub use backend::ConsoleBackend;
pub use fleet::ConsolePage;
pub use new_tenant::NewTenantPage;
pub use staff::StaffPage;
pub use tenant::TenantPage;
pub use types::{
    EditTenantForm, FleetFilter, FleetPage, FleetRow, GlassEntry, NewTenantForm, ProviderMark, StaffMember, StaffView,
    TenantDetail, TenantMember,
};
