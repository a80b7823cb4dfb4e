//! Notices: that something was withdrawn or changed, and whom it is about. Triggers of the database write them, in the
//! transaction of the act itself, whichever process or command line does it; every process reads what is new ([`Hearing`]
//! tells it when) and asks the rows themselves. No fence stands around them: they hold ids and no value.

use super::{Result, Store, TenantId, UserId, instant::Micros, on_reader, on_writer};
use time::{Duration, OffsetDateTime};

mod hearing;

pub use hearing::Hearing;

/// How long a notice is kept. Whoever could not read for so long takes everything for changed.
const KEPT: Duration = Duration::minutes(10);

/// One notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Notice {
    /// Grows with each; of two that are written at the same time, the lower one may be seen later.
    pub id: i64,
    /// Whom it is about.
    pub about: About,
}

/// Whom a notice is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// What a user may, in one tenant or in all.
    User(UserId),
    /// A tenant's state, or what it has stored.
    Tenant(TenantId),
    /// A key of the ring that is in use for the first time.
    Ring,
    /// Everybody.
    All,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: i64,
    about: String,
    tenant_id: Option<TenantId>,
    user_id: Option<UserId>,
}

impl From<Row> for Notice {
    fn from(row: Row) -> Self {
        let about = match (row.about.as_str(), row.tenant_id, row.user_id) {
            ("user", _, Some(user)) => About::User(user),
            ("tenant", Some(tenant), _) => About::Tenant(tenant),
            ("ring", ..) => About::Ring,
            // And what only a newer program beside this one knows: asking once too often harms nobody.
            _ => About::All,
        };
        Self { id: row.id, about }
    }
}

impl Store {
    /// Notices after this one, in order, at most `most`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_notices(&self, after: i64, most: u32) -> Result<Vec<Notice>> {
        const SQL: &str = "select id, about, tenant_id, user_id from notices where id > $1 order by id limit $2";
        let rows: Vec<Row> =
            on_reader!(self, |db| sqlx::query_as(SQL).bind(after).bind(i64::from(most)).fetch_all(db).await?);
        Ok(rows.into_iter().map(Notice::from).collect())
    }

    /// The newest notice's id; 0 when there is none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn newest_notice(&self) -> Result<i64> {
        const SQL: &str = "select coalesce(max(id), 0) from notices";
        Ok(on_reader!(self, |db| sqlx::query_scalar(SQL).fetch_one(db).await?))
    }

    /// Drops up to `most` notices older than ten minutes.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_old_notices(&self, now: OffsetDateTime, most: u32) -> Result<u64> {
        const SQL: &str = "delete from notices where id in (select id from notices where at < $1 order by id limit $2)";
        Ok(on_writer!(self, |db| {
            sqlx::query(SQL).bind(Micros::from(now - KEPT)).bind(i64::from(most)).execute(db).await?.rows_affected()
        }))
    }
}
