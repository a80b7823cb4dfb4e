//! The audit trail: who did what, when, on what and from where, never a value. Each tenant has a chain of its own, the
//! agency another; a row's mac covers the row and the mac before it, so that a change, a gap, a new order or a row put in
//! between is found by whoever has the key. Rows are only ever added: triggers refuse everything else.
//!
//! A change and its row are one transaction: the functions that change something take an [`Act`] and call `record!`.

use super::{
    Act, AgencyScope, Result, Store, StoreError, TenantId, TenantScope, UserId, act::shorten, instant::Micros,
    read_within,
};
use time::OffsetDateTime;

mod chain;
mod kind;
mod verify;

pub use chain::{AuditKey, ChainId};
pub(super) use chain::{GENESIS, Sealing};
pub use kind::EventKind;
pub use verify::{ChainFault, ChainReport};

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// What.
    pub kind: EventKind,
    /// To whom or what: an e-mail, a provider's word, a tenant's slug.
    pub subject: String,
    /// Names of the fields concerned, never their values.
    pub fields: Vec<String>,
}

impl Event {
    /// Something done to `subject`.
    pub fn new(kind: EventKind, subject: &str) -> Self {
        Self { kind, subject: shorten(subject), fields: Vec::new() }
    }

    /// With the names of the fields concerned.
    pub fn with_fields<'a>(mut self, fields: impl IntoIterator<Item = &'a str>) -> Self {
        self.fields = fields.into_iter().map(shorten).collect();
        self
    }
}

/// A row of the trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEvent {
    /// Its place in the chain, from 1.
    pub seq: i64,
    /// When.
    pub at: OffsetDateTime,
    /// What; `None` for a word of another version of this program.
    pub kind: Option<EventKind>,
    /// The word in the store.
    pub word: String,
    /// Who.
    pub actor: String,
    /// From which address; empty for the command line.
    pub source: String,
    /// On what.
    pub subject: String,
    /// Fields concerned, parted by commas.
    pub fields: String,
}

/// Which rows are wanted.
#[derive(Debug, Clone, Default)]
pub struct AuditQuery {
    /// Only this kind.
    pub kind: Option<EventKind>,
    /// Only actors with this in their name, whatever the case.
    pub who: String,
    /// Not before.
    pub from: Option<OffsetDateTime>,
    /// Before.
    pub until: Option<OffsetDateTime>,
    /// Only rows before this place.
    pub before: Option<i64>,
}

#[derive(sqlx::FromRow)]
pub(super) struct EventRow {
    pub(super) seq: i64,
    pub(super) at: Micros,
    pub(super) kind: String,
    pub(super) actor_id: Option<UserId>,
    pub(super) actor: String,
    pub(super) source: String,
    pub(super) request_id: String,
    pub(super) subject: String,
    pub(super) fields: String,
    pub(super) mac: Vec<u8>,
}

/// Adds a row to a chain, within the transaction `$tx` of the change it tells.
macro_rules! record {
    ($store:expr, $tx:ident, $chain:expr, $act:expr, $now:expr, $event:expr) => {{
        let (chain, act, event): ($crate::store::audit::ChainId, &$crate::store::Act, $crate::store::Event) =
            ($chain.into(), $act, $event);
        sqlx::query("insert into audit_heads (chain, seq, mac) values ($1, 0, $2) on conflict (chain) do nothing")
            .bind(chain)
            .bind(&$crate::store::audit::GENESIS[..])
            .execute(&mut *$tx)
            .await?;
        // Takes the head's row, so that the chain grows one by one.
        let (seq, before): (i64, Vec<u8>) =
            sqlx::query_as("update audit_heads set seq = seq + 1 where chain = $1 returning seq, mac")
                .bind(chain)
                .fetch_one(&mut *$tx)
                .await?;
        let at = $crate::store::instant::Micros::from($now);
        let fields = event.fields.join(", ");
        let row = $crate::store::audit::Sealing {
            seq,
            at: at.get(),
            kind: event.kind.as_str(),
            actor_id: act.actor_id.map(|id| *id.as_uuid()),
            actor: &act.actor,
            source: &act.source,
            request_id: &act.request_id,
            subject: &event.subject,
            fields: &fields,
        };
        let mac = $store.audit_key()?.mac(chain, &before, &row);
        sqlx::query(
            "insert into audit_events (chain, seq, at, kind, actor_id, actor, source, request_id, subject, fields, mac) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        )
        .bind(chain)
        .bind(seq)
        .bind(at)
        .bind(row.kind)
        .bind(act.actor_id)
        .bind(&act.actor)
        .bind(&act.source)
        .bind(&act.request_id)
        .bind(&event.subject)
        .bind(&fields)
        .bind(&mac[..])
        .execute(&mut *$tx)
        .await?;
        sqlx::query("update audit_heads set mac = $2 where chain = $1")
            .bind(chain)
            .bind(&mac[..])
            .execute(&mut *$tx)
            .await?;
    }};
}
pub(super) use record;

impl Store {
    /// Gives the store the key of the trail. Nothing that is audited can be written before.
    pub fn arm(&self, key: AuditKey) {
        // A second start in the same process has the same key, which is the database's own.
        let _ = self.audit_key.set(key);
    }

    pub(super) fn audit_key(&self) -> Result<&AuditKey> {
        self.audit_key.get().ok_or(StoreError::Unarmed)
    }

    /// Adds an event that changes nothing else: a sign-in, a refusal, an export.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn record(&self, scope: &TenantScope, act: &Act, now: OffsetDateTime, event: Event) -> Result<()> {
        self.record_in(scope.into(), act, now, event).await
    }

    /// Adds an event unless the chain already has one of its kind and subject that is younger than `apart`; whether it did.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn record_at_most_once(
        &self,
        scope: &TenantScope,
        act: &Act,
        now: OffsetDateTime,
        event: Event,
        apart: time::Duration,
    ) -> Result<bool> {
        const SQL: &str = concat!(
            "select count(*) from audit_events where ",
            super::fence::own!("chain"),
            " and kind = $2 and subject = $3 and at > $4"
        );
        let chain = ChainId::from(scope);
        let mut recorded = false;
        super::in_transaction!(self, chain.fence(), |tx| {
            // Takes the head's row first, so that of two at the same moment the second sees what the first wrote.
            sqlx::query("update audit_heads set seq = seq where chain = $1").bind(chain).execute(&mut *tx).await?;
            let younger: i64 = sqlx::query_scalar(SQL)
                .bind(chain)
                .bind(event.kind.as_str())
                .bind(&event.subject)
                .bind(Micros::from(now - apart))
                .fetch_one(&mut *tx)
                .await?;
            if younger == 0 {
                record!(self, tx, chain, act, now, event.clone());
                recorded = true;
            }
        });
        Ok(recorded)
    }

    /// The same in the agency's chain.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn record_for_agency(&self, act: &Act, now: OffsetDateTime, event: Event) -> Result<()> {
        self.record_in(ChainId::AGENCY, act, now, event).await
    }

    /// An event of a user's account: in the chain of the tenant it concerns, or in the agency's.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn record_for_user(
        &self,
        tenant: Option<TenantId>,
        act: &Act,
        now: OffsetDateTime,
        event: Event,
    ) -> Result<()> {
        self.record_in(tenant.map_or(ChainId::AGENCY, Into::into), act, now, event).await
    }

    pub(super) async fn record_in(&self, chain: ChainId, act: &Act, now: OffsetDateTime, event: Event) -> Result<()> {
        super::in_transaction!(self, chain.fence(), |tx| {
            record!(self, tx, chain, act, now, event);
        });
        Ok(())
    }

    /// Up to `limit` of the tenant's events, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_events(&self, scope: &TenantScope, query: &AuditQuery, limit: u32) -> Result<Vec<AuditEvent>> {
        self.list_in(scope.into(), query, limit).await
    }

    /// Up to `limit` of the agency's own events, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_agency_events(
        &self,
        _agency: &AgencyScope,
        query: &AuditQuery,
        limit: u32,
    ) -> Result<Vec<AuditEvent>> {
        self.list_in(ChainId::AGENCY, query, limit).await
    }

    async fn list_in(&self, chain: ChainId, query: &AuditQuery, limit: u32) -> Result<Vec<AuditEvent>> {
        const SQL: &str = concat!(
            "select seq, at, kind, actor_id, actor, source, request_id, subject, fields, mac from audit_events where ",
            super::fence::own!("chain"),
            " and seq < $2 and at >= $3 and at < $4 and ($5 = '' or kind = $5) \
             and ($6 = '' or lower(actor) like $6 escape '!') order by seq desc limit $7"
        );
        let rows: Vec<EventRow> = read_within!(self, chain.fence(), |db| {
            sqlx::query_as(SQL)
                .bind(chain)
                .bind(query.before.unwrap_or(i64::MAX))
                .bind(query.from.map_or(i64::MIN, |at| Micros::from(at).get()))
                .bind(query.until.map_or(i64::MAX, |at| Micros::from(at).get()))
                .bind(query.kind.map_or("", EventKind::as_str))
                .bind(super::text::contains(&query.who))
                .bind(i64::from(limit))
                .fetch_all(&mut *db)
                .await?
        });
        Ok(rows.into_iter().map(AuditEvent::from).collect())
    }
}

impl From<EventRow> for AuditEvent {
    fn from(row: EventRow) -> Self {
        Self {
            seq: row.seq,
            at: row.at.into(),
            kind: EventKind::parse(&row.kind),
            word: row.kind,
            actor: row.actor,
            source: row.source,
            subject: row.subject,
            fields: row.fields,
        }
    }
}
