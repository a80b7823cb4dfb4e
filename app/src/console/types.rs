//! The agency's fleet as `/console` shows it: states, health and counts, never a tenant's content.
//!
//! A tenant is named by its slug here, which opens nothing: every call is allowed by the caller's role in the agency.

use crate::{
    links::FreshLink,
    session::AgencyRole,
    ui::{Status, When},
};
use serde::{Deserialize, Serialize};

/// Which tenants are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct FleetFilter {
    /// Part of a name, slug or domain.
    #[serde(default)]
    pub search: String,
    /// `active`, `suspended` or nothing.
    #[serde(default)]
    pub state: String,
}

/// One page of the fleet, by slug.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FleetPage {
    /// At most 50.
    pub rows: Vec<FleetRow>,
    /// Cursor to those further on.
    pub next: Option<String>,
    /// Cursor to those before; `Some("")` is the first page.
    pub previous: Option<String>,
    /// All tenants.
    pub total: u64,
    /// Of them suspended.
    pub suspended: u64,
    /// Of them without a Supabase project.
    pub unconnected: u64,
    /// Whether the caller may create and change tenants.
    pub may_manage: bool,
}

/// One tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FleetRow {
    /// Its short name.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Its state.
    pub state: Status,
    /// Its plan.
    pub plan: String,
    /// How many members it has.
    pub members: u64,
    /// The six providers, in the catalogue's order.
    pub providers: Vec<ProviderMark>,
    /// The newest row seen in its project, when its panel was last read.
    pub last_data: Option<When>,
    /// When its key was made.
    pub key_made: Option<When>,
}

/// What is known of one provider of a tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderMark {
    /// The provider's name: "Supabase".
    pub label: String,
    /// Its health: "guardado", "não guardado".
    pub health: Status,
}

/// One tenant in full.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TenantDetail {
    /// As in the fleet.
    pub row: FleetRow,
    /// Its IANA time zone.
    pub timezone: String,
    /// Its domain; may be empty.
    pub domain: String,
    /// When it was created.
    pub created: When,
    /// Why it is suspended, if it is.
    pub suspended_reason: Option<String>,
    /// The word of the colour that was chosen for it; empty when none was.
    pub colour: String,
    /// Names, e-mails and roles, for support: no content. At most 200.
    pub members: Vec<TenantMember>,
    /// Glass broken in the last 30 days, newest first.
    pub glass: Vec<GlassEntry>,
    /// Whether the caller may change the tenant.
    pub may_manage: bool,
    /// Whether breaking the glass asks for the caller's password.
    pub confirm_due: bool,
    /// Whether the caller is inside by a broken glass now.
    pub inside: bool,
    /// A link made by the request before this one (the first admin's invitation); it is shown this once.
    pub fresh: Option<FreshLink>,
}

/// A member as the agency sees them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TenantMember {
    /// Their name.
    pub name: String,
    /// What they sign in with.
    pub email: String,
    /// Their role, in words.
    pub role: String,
    /// When they last signed in.
    pub last_login: Option<When>,
}

/// One time the glass was broken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GlassEntry {
    /// Who.
    pub who: String,
    /// When it began.
    pub began: When,
    /// Until when, or when it was ended.
    pub ended: When,
    /// Why.
    pub reason: String,
}

/// A new tenant with its first admin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewTenantForm {
    /// The name people see.
    pub name: String,
    /// The short name; empty makes it from the name.
    #[serde(default)]
    pub slug: String,
    /// IANA time zone.
    pub timezone: String,
    /// The plan's word.
    #[serde(default)]
    pub plan: String,
    /// Its domain; may be empty.
    #[serde(default)]
    pub domain: String,
    /// The first admin's e-mail.
    pub email: String,
}

/// What may be changed of a tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditTenantForm {
    /// Which one.
    pub slug: String,
    /// The name people see.
    pub name: String,
    /// IANA time zone.
    pub timezone: String,
    /// The plan's word.
    #[serde(default)]
    pub plan: String,
    /// Its domain; may be empty.
    #[serde(default)]
    pub domain: String,
    /// The word of its colour; empty leaves that to its short name.
    #[serde(default)]
    pub colour: String,
}

/// The people of the agency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffView {
    /// By name, at most 200.
    pub people: Vec<StaffMember>,
    /// Whether people of the agency need a second factor to get on.
    pub second_factor_required: bool,
    /// A link made by the request before this one; it is shown this once.
    pub fresh: Option<FreshLink>,
}

/// One person of the agency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffMember {
    /// The user's id.
    pub id: String,
    /// Their name.
    pub name: String,
    /// What they sign in with.
    pub email: String,
    /// Their role in the agency.
    pub role: AgencyRole,
    /// Whether it is the viewer.
    pub you: bool,
    /// Whether they have a second factor.
    pub second_factor: bool,
    /// When they last signed in.
    pub last_login: Option<When>,
}
