//! Whose rows may be touched: a value that cannot be made up.

use super::{Result, Slug, Store, TenantId, UserId, on_reader};

/// Leave to work on one tenant's rows, and who acts.
///
/// Two functions give one, and nothing else can: [`Store::find_visitor`], for a live session of a member, and
/// [`Store::operator_scope`], for the command line on the server's own machine.
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

    /// Who acts; `None` is the command line.
    pub fn user(&self) -> Option<UserId> {
        self.user
    }
}

impl Store {
    /// The scope of a tenant named on the command line; `None` when there is no such tenant.
    ///
    /// Only for `server/src/command/`: whoever can run the binary beside its key ring and its database needs no session.
    /// Nothing that serves a request may call it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn operator_scope(&self, slug: &Slug) -> Result<Option<TenantScope>> {
        let id: Option<TenantId> = on_reader!(self, |pool| {
            sqlx::query_scalar("select id from tenants where slug = $1")
                .bind(slug.as_str())
                .fetch_optional(pool)
                .await?
        });
        Ok(id.map(|tenant| TenantScope::new(tenant, None)))
    }
}
