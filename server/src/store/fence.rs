//! The second fence: on Postgres each transaction says whose rows it may touch, and row-level security holds it to that,
//! whatever its SQL says. SQLite has no such thing; there the scope in each statement is the only fence.

use super::{Result, TenantId, TenantScope, UserId};
use sqlx::PgConnection;

/// Whose rows a transaction may touch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Fence {
    tenant: Option<TenantId>,
    user: Option<UserId>,
    agency: bool,
    machine: Option<[u8; 32]>,
}

impl Fence {
    /// No tenant's rows at all: users, sessions, links, locks.
    pub(super) const OPEN_GROUND: Self = Self { tenant: None, user: None, agency: false, machine: None };

    /// The agency's view: tenants, memberships, keys and credentials' states of all, no content and no sealed field.
    pub(super) const AGENCY: Self = Self { agency: true, ..Self::OPEN_GROUND };

    /// One tenant's rows.
    pub(super) fn tenant(tenant: TenantId) -> Self {
        Self { tenant: Some(tenant), ..Self::OPEN_GROUND }
    }

    /// A user's places.
    pub(super) fn user(user: UserId) -> Self {
        Self { user: Some(user), ..Self::OPEN_GROUND }
    }

    /// The row of the machine token with this hash.
    pub(super) fn machine(token_hash: [u8; 32]) -> Self {
        Self { machine: Some(token_hash), ..Self::OPEN_GROUND }
    }

    /// And a user's places as well.
    pub(super) fn and_user(self, user: UserId) -> Self {
        Self { user: Some(user), ..self }
    }

    /// Tells Postgres, until the transaction ends.
    pub(super) async fn raise(self, connection: &mut PgConnection) -> Result<()> {
        let text = |id: Option<String>| id.unwrap_or_default();
        sqlx::query(
            "select set_config('painel.tenant', $1, true), set_config('painel.user', $2, true), \
             set_config('painel.agency', $3, true), set_config('painel.machine', $4, true)",
        )
        .bind(text(self.tenant.map(|id| id.to_string())))
        .bind(text(self.user.map(|id| id.to_string())))
        .bind(if self.agency { "on" } else { "" })
        .bind(text(self.machine.map(|hash| hash.iter().map(|byte| format!("{byte:02x}")).collect())))
        .execute(connection)
        .await?;
        Ok(())
    }
}

impl From<&TenantScope> for Fence {
    fn from(scope: &TenantScope) -> Self {
        Self::tenant(scope.tenant())
    }
}

/// The condition that keeps a statement to one tenant's rows, `$1` being the tenant.
///
/// Written with a macro so that a test build can leave it out (`--features without-where`) and show that row-level
/// security alone holds.
#[cfg(not(feature = "without-where"))]
macro_rules! own {
    ($column:literal) => {
        concat!("(", $column, " = $1)")
    };
}
#[cfg(feature = "without-where")]
macro_rules! own {
    ($column:literal) => {
        concat!("(", $column, " = $1 or ", $column, " is not null)")
    };
}

pub(super) use own;
