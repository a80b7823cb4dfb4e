//! Whose rows may be touched: a value that cannot be made up.

use super::{Result, Slug, Store, TenantId, UserId, fence::Fence, read_within};
use app::session::AgencyRole;

/// Leave to work on one tenant's rows, and who acts.
///
/// Three functions give one to who asks for it: [`Store::find_caller`] (or `peek_caller`) to a live session of a member,
/// [`Store::find_machine`] to a live token of the tenant's automation, and [`Store::operator_scope`] to the command line on the
/// server's own machine.
///
/// It can be passed on and read:
///
/// ```
/// use server::store::{TenantId, TenantScope};
/// fn whose(scope: &TenantScope) -> TenantId {
///     scope.tenant()
/// }
/// ```
///
/// but not written:
///
/// ```compile_fail,E0451
/// use server::store::{TenantId, TenantScope};
/// fn forge(tenant: TenantId) -> TenantScope {
///     TenantScope { tenant, user: None }
/// }
/// ```
///
/// nor asked for:
///
/// ```compile_fail,E0624
/// use server::store::{TenantId, TenantScope};
/// fn forge(tenant: TenantId) -> TenantScope {
///     TenantScope::new(tenant, None)
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TenantScope {
    tenant: TenantId,
    user: Option<UserId>,
}

impl TenantScope {
    pub(super) fn new(tenant: TenantId, user: Option<UserId>) -> Self {
        Self { tenant, user }
    }

    /// The tenant at hand.
    pub fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// Who acts; `None` for the command line and for machines.
    pub fn user(&self) -> Option<UserId> {
        self.user
    }
}

/// Leave to work on all tenants' standing (never their content), and who acts. Given by [`Store::find_caller`] for a live
/// session of somebody of the agency, and by [`Store::operator_agency`] for the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AgencyScope {
    user: Option<UserId>,
    role: AgencyRole,
}

impl AgencyScope {
    pub(super) fn new(user: Option<UserId>, role: AgencyRole) -> Self {
        Self { user, role }
    }

    /// Who acts; `None` is the command line.
    pub fn user(&self) -> Option<UserId> {
        self.user
    }

    /// Their role in the agency.
    pub fn role(&self) -> AgencyRole {
        self.role
    }
}

impl Store {
    /// The scope of a tenant named on the command line; `None` when there is no such tenant.
    ///
    /// Only for `server/src/command/` and the `import` and `rotation` it calls: whoever can run the binary beside its key ring
    /// and its database needs no session. Nothing that serves a request may call it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn operator_scope(&self, slug: &Slug) -> Result<Option<TenantScope>> {
        let id: Option<TenantId> = read_within!(self, Fence::AGENCY, |db| {
            sqlx::query_scalar("select id from tenants where slug = $1")
                .bind(slug.as_str())
                .fetch_optional(&mut *db)
                .await?
        });
        Ok(id.map(|tenant| TenantScope::new(tenant, None)))
    }

    /// The agency's scope on the command line. Only for `server/src/command/`, like [`Store::operator_scope`].
    pub fn operator_agency(&self) -> AgencyScope {
        AgencyScope::new(None, AgencyRole::Owner)
    }
}
