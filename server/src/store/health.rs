//! Whether each stored credential works: where it stands, what its latest checks found, and the changes that are on their
//! way to a tenant's workflow. What follows from a check is decided in `server/src/health`; here it is kept.
//!
//! | file | holds |
//! |---|---|
//! | `checks.rs` | what is due, taking it, and what a check found |
//! | `changes.rs` | changes to tell: what is due, taking it, and how it ended |
//!
//! **Across the fence.** What is due is asked behind the agency's fence, which shows ids, providers and states of all
//! tenants and no text. Each piece of work is then taken behind its tenant's own fence, by one statement that looks again
//! whether it is due and still allowed; only that gives a [`TenantScope`]. Several processes may ask at once: one takes it.

use super::{Result, Store, StoreError, TenantScope, fence::own, instant::Micros, read_within};
use app::{credentials::Provider, lang::Both};
use time::OffsetDateTime;

mod changes;
mod checks;

pub use changes::{ChangeEnd, DueChange, TakenChange};
pub use checks::{DueCheck, NewChange, NewCheck};

/// How many checks of each credential are kept.
pub const CHECKS_KEPT: i64 = 48;

/// Where a connection stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConnectionState {
    /// Nobody knows.
    Unknown,
    /// A check succeeded.
    Healthy,
    /// It answers, and something is missing.
    Degraded,
    /// The credential is not accepted any more.
    Expired,
    /// It does not answer.
    Unreachable,
}

impl ConnectionState {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Unknown, Self::Healthy, Self::Degraded, Self::Expired, Self::Unreachable];

    /// The word in the store, in events and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Healthy => "healthy",
            Self::Degraded => "degraded",
            Self::Expired => "expired",
            Self::Unreachable => "unreachable",
        }
    }

    /// Reads the word of [`ConnectionState::as_str`].
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }

    /// Whether something has to be mended.
    pub fn is_trouble(self) -> bool {
        matches!(self, Self::Degraded | Self::Expired | Self::Unreachable)
    }

    fn read(word: &str) -> Result<Self> {
        Self::parse(word).ok_or(StoreError::Corrupt("a connection's state"))
    }
}

/// One connection with everything that a check goes by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectionRow {
    /// The credential's version that the rest tells of; 0 before the first check.
    pub version: i64,
    /// Where it stands, confirmed.
    pub state: ConnectionState,
    /// Since when.
    pub since: OffsetDateTime,
    /// What the tenant was told last.
    pub told: ConnectionState,
    /// The first check that found another state, which is not confirmed yet.
    pub doubted_at: Option<OffsetDateTime>,
    /// The latest check.
    pub checked_at: Option<OffsetDateTime>,
    /// The latest check that succeeded.
    pub healthy_at: Option<OffsetDateTime>,
    /// Checks in a row that did not succeed.
    pub failures: u32,
    /// When it is looked at next.
    pub next_at: OffsetDateTime,
    /// How often the row was written.
    pub revision: i64,
}

/// One connection as it is shown: states and instants, no text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandingRow {
    /// Whose it is.
    pub provider: Provider,
    /// Where it stands, confirmed.
    pub state: ConnectionState,
    /// Since when.
    pub since: OffsetDateTime,
    /// The latest check.
    pub checked_at: Option<OffsetDateTime>,
    /// The latest check that succeeded.
    pub healthy_at: Option<OffsetDateTime>,
    /// Whether a check found another state that is not confirmed yet.
    pub doubted: bool,
    /// Whether this is of the credential as it is stored now.
    pub current: bool,
}

/// One check of the past.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckRow {
    /// Of which connection.
    pub provider: Provider,
    /// When.
    pub at: OffsetDateTime,
    /// What it found.
    pub state: ConnectionState,
    /// The same in a sentence, for the tenant.
    pub what: Both,
    /// What to do; may be empty.
    pub fix: Both,
}

#[derive(sqlx::FromRow)]
pub(super) struct Standing {
    provider: String,
    state: String,
    since: Micros,
    checked_at: Option<Micros>,
    healthy_at: Option<Micros>,
    doubted_at: Option<Micros>,
    current: i64,
}

/// A query for [`Standing`]s of what is stored now.
macro_rules! select_standing {
    ($more:literal, $($rest:expr),+) => {
        concat!(
            "select ", $more, "h.provider, h.state, h.since, h.checked_at, h.healthy_at, h.doubted_at, \
             cast(case when h.version = c.version then 1 else 0 end as bigint) as current \
             from connection_health h \
             join credentials c on c.tenant_id = h.tenant_id and c.provider = h.provider and c.removed_at is null ",
            $($rest),+
        )
    };
}
pub(super) use select_standing;

/// What has to be mended of one tenant's, the oldest first: for the frame around every page.
pub(super) const TROUBLES: &str = select_standing!(
    "",
    "where ",
    own!("h.tenant_id"),
    " and h.version = c.version and h.state in ('degraded', 'expired', 'unreachable') order by h.since, h.provider"
);

/// Reads rows; a provider of another version of this program is left out.
pub(super) fn read_standing(row: Standing) -> Result<Option<StandingRow>> {
    let Some(provider) = Provider::parse(&row.provider) else { return Ok(None) };
    Ok(Some(StandingRow {
        provider,
        state: ConnectionState::read(&row.state)?,
        since: row.since.into(),
        checked_at: row.checked_at.map(Into::into),
        healthy_at: row.healthy_at.map(Into::into),
        doubted: row.doubted_at.is_some(),
        current: row.current != 0,
    }))
}

#[derive(sqlx::FromRow)]
struct Check {
    provider: String,
    at: Micros,
    state: String,
    what: String,
    fix: String,
    what_en: String,
    fix_en: String,
}

/// A sentence as it is kept: one of before there was English stands for both.
fn both(pt: String, en: String) -> Both {
    Both { en: if en.is_empty() { pt.clone() } else { en }.into(), pt: pt.into() }
}

impl Store {
    /// Where the tenant's connections stand, by provider. One that was never looked at is missing.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_connections(&self, scope: &TenantScope) -> Result<Vec<StandingRow>> {
        const SQL: &str = select_standing!("", "where ", own!("h.tenant_id"), " order by h.provider");
        let rows: Vec<Standing> = read_within!(self, scope.into(), |db| {
            sqlx::query_as(SQL).bind(scope.tenant()).fetch_all(&mut *db).await?
        });
        rows.into_iter().filter_map(|row| read_standing(row).transpose()).collect()
    }

    /// The tenant's latest checks, at most [`CHECKS_KEPT`] a provider, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_checks(&self, scope: &TenantScope) -> Result<Vec<CheckRow>> {
        const SQL: &str = concat!(
            "select provider, at, state, what, fix, what_en, fix_en from connection_checks where ",
            own!("tenant_id"),
            " order by provider, revision desc"
        );
        let rows: Vec<Check> = read_within!(self, scope.into(), |db| {
            sqlx::query_as(SQL).bind(scope.tenant()).fetch_all(&mut *db).await?
        });
        let read = |row: Check| {
            let provider = Provider::parse(&row.provider)?;
            let state = ConnectionState::read(&row.state);
            let (what, fix) = (both(row.what, row.what_en), both(row.fix, row.fix_en));
            Some(state.map(|state| CheckRow { provider, at: row.at.into(), state, what, fix }))
        };
        rows.into_iter().filter_map(read).collect()
    }
}
