//! Machine tokens: by which a tenant's own automation reads its credentials. Only the hash of a token is stored.
//!
//! A token is looked up before it is known whose it is: on Postgres its hash opens the one row that has it, which says whose
//! fence comes next. That is the third way to a [`TenantScope`], and it holds as long as the token does.

use super::{
    Act, Event, EventKind, MachineTokenId, Result, Store, StoreError, TenantId, TenantScope, TenantStatus, UserId,
    audit::record,
    fence::{Fence, own},
    in_transaction,
    instant::Micros,
    keys, read_within,
};
use app::credentials::Provider;
use std::fmt;
use time::OffsetDateTime;

/// Live tokens a tenant may have at a time.
pub const MOST_MACHINE_TOKENS: i64 = 20;

/// A token to be stored.
#[derive(Clone)]
pub struct NewMachineToken {
    /// SHA-256 of it.
    pub token_hash: [u8; 32],
    /// What its tenant calls it.
    pub name: String,
    /// Its last four characters.
    pub last_four: String,
    /// What it may read.
    pub providers: Vec<Provider>,
    /// Until when.
    pub expires_at: OffsetDateTime,
}

impl fmt::Debug for NewMachineToken {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("NewMachineToken").field("name", &self.name).finish_non_exhaustive()
    }
}

/// A token as its tenant's admins see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MachineTokenRow {
    /// Names it without opening anything.
    pub id: MachineTokenId,
    /// What its tenant calls it.
    pub name: String,
    /// Its last four characters.
    pub last_four: String,
    /// What it may read.
    pub providers: Vec<Provider>,
    /// Who made it; `None` when their account is gone.
    pub created_by_name: Option<String>,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// Until when it is good.
    pub expires_at: OffsetDateTime,
    /// When it was withdrawn.
    pub revoked_at: Option<OffsetDateTime>,
    /// When it was used last.
    pub used_at: Option<OffsetDateTime>,
}

/// A tenant's automation that has shown a live token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Machine {
    /// Which token it showed.
    pub id: MachineTokenId,
    /// What the tenant calls it.
    pub name: String,
    /// What it may read.
    pub providers: Vec<Provider>,
    /// Leave to work on the tenant's rows.
    pub scope: TenantScope,
    /// Whether the tenant may work.
    pub tenant_status: TenantStatus,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: MachineTokenId,
    name: String,
    last_four: String,
    providers: String,
    created_by_name: Option<String>,
    created_at: Micros,
    expires_at: Micros,
    revoked_at: Option<Micros>,
    used_at: Option<Micros>,
}

impl From<Row> for MachineTokenRow {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            name: row.name,
            last_four: row.last_four,
            providers: read_providers(&row.providers),
            created_by_name: row.created_by_name,
            created_at: row.created_at.into(),
            expires_at: row.expires_at.into(),
            revoked_at: row.revoked_at.map(Into::into),
            used_at: row.used_at.map(Into::into),
        }
    }
}

/// A provider of another version of this program is left out: it cannot be read here.
fn read_providers(words: &str) -> Vec<Provider> {
    words.split(',').filter_map(Provider::parse).collect()
}

fn provider_words(providers: &[Provider]) -> String {
    providers.iter().map(|provider| provider.as_str()).collect::<Vec<_>>().join(",")
}

impl Store {
    /// Stores a token; `false` when the tenant has [`MOST_MACHINE_TOKENS`] live ones already.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when the tenant is gone.
    pub async fn create_machine_token(
        &self,
        scope: &TenantScope,
        act: &Act,
        token: NewMachineToken,
        now: OffsetDateTime,
    ) -> Result<bool> {
        const LIVE: &str = "select count(*) from machine_tokens \
                            where tenant_id = $1 and revoked_at is null and expires_at > $2";
        const SQL: &str = "insert into machine_tokens (id, tenant_id, token_hash, name, last_four, providers, created_at, \
                           created_by, expires_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        let at = Micros::from(now);
        let providers = provider_words(&token.providers);
        Ok(in_transaction!(self, scope.into(), |tx| {
            // Of several at once each sees how many there are.
            if sqlx::query(keys::TAKE_TURNS).bind(scope.tenant()).execute(&mut *tx).await?.rows_affected() == 0 {
                return Err(StoreError::Missing);
            }
            let live: i64 = sqlx::query_scalar(LIVE).bind(scope.tenant()).bind(at).fetch_one(&mut *tx).await?;
            let room = live < MOST_MACHINE_TOKENS;
            if room {
                sqlx::query(SQL)
                    .bind(MachineTokenId::new())
                    .bind(scope.tenant())
                    .bind(&token.token_hash[..])
                    .bind(&token.name)
                    .bind(&token.last_four)
                    .bind(&providers)
                    .bind(at)
                    .bind(act.user())
                    .bind(Micros::from(token.expires_at))
                    .execute(&mut *tx)
                    .await?;
                let event = Event::new(EventKind::MachineTokenMade, &token.name)
                    .with_fields(token.providers.iter().map(|provider| provider.as_str()));
                record!(self, tx, scope, act, now, event);
            }
            room
        }))
    }

    /// The tenant's tokens, newest first, at most 100: withdrawn and expired ones too.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_machine_tokens(&self, scope: &TenantScope) -> Result<Vec<MachineTokenRow>> {
        const SQL: &str = concat!(
            "select m.id, m.name, m.last_four, m.providers, u.name as created_by_name, m.created_at, m.expires_at, \
             m.revoked_at, m.used_at from machine_tokens m left join users u on u.id = m.created_by where ",
            own!("m.tenant_id"),
            " order by m.created_at desc, m.id desc limit 100"
        );
        let rows: Vec<Row> = read_within!(self, scope.into(), |db| {
            sqlx::query_as(SQL).bind(scope.tenant()).fetch_all(&mut *db).await?
        });
        Ok(rows.into_iter().map(Into::into).collect())
    }

    /// Withdraws a token; whether there was a live one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn revoke_machine_token(
        &self,
        scope: &TenantScope,
        act: &Act,
        id: MachineTokenId,
        now: OffsetDateTime,
    ) -> Result<bool> {
        const SQL: &str = concat!(
            "update machine_tokens set revoked_at = $3 where ",
            own!("tenant_id"),
            " and id = $2 and revoked_at is null and expires_at > $3 returning name"
        );
        Ok(in_transaction!(self, scope.into(), |tx| {
            let name: Option<String> = sqlx::query_scalar(SQL)
                .bind(scope.tenant())
                .bind(id)
                .bind(Micros::from(now))
                .fetch_optional(&mut *tx)
                .await?;
            if let Some(name) = &name {
                record!(self, tx, scope, act, now, Event::new(EventKind::MachineTokenRevoked, name));
            }
            name.is_some()
        }))
    }

    /// Whose token this is; `None` when there is none, or it was withdrawn, has expired at `now`, or its tenant is closed. A
    /// suspended tenant's is found: whoever shows it is told why it gets nothing.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_machine(&self, token_hash: &[u8; 32], now: OffsetDateTime) -> Result<Option<Machine>> {
        #[derive(sqlx::FromRow)]
        struct Found {
            id: MachineTokenId,
            name: String,
            providers: String,
            status: String,
        }
        const WHOSE: &str = "select tenant_id from machine_tokens where token_hash = $1";
        const SQL: &str = "select m.id, m.name, m.providers, t.status \
                           from machine_tokens m join tenants t on t.id = m.tenant_id \
                           where m.tenant_id = $1 and m.token_hash = $2 and m.revoked_at is null and m.expires_at > $3 \
                           and t.shredded_at is null";
        let tenant: Option<TenantId> = read_within!(self, Fence::machine(*token_hash), |db| {
            sqlx::query_scalar(WHOSE).bind(&token_hash[..]).fetch_optional(&mut *db).await?
        });
        let Some(tenant) = tenant else { return Ok(None) };
        let found: Option<Found> = read_within!(self, Fence::tenant(tenant), |db| {
            sqlx::query_as(SQL)
                .bind(tenant)
                .bind(&token_hash[..])
                .bind(Micros::from(now))
                .fetch_optional(&mut *db)
                .await?
        });
        let Some(found) = found else { return Ok(None) };
        Ok(Some(Machine {
            id: found.id,
            name: found.name,
            providers: read_providers(&found.providers),
            scope: TenantScope::new(tenant, None::<UserId>),
            tenant_status: TenantStatus::read(&found.status)?,
        }))
    }

    /// Notes that a credential is handed to the holder of a token, in the trail as well. `false` when the token or the tenant
    /// is not good any more: then nothing may be handed out.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn record_hand_out(
        &self,
        machine: &Machine,
        act: &Act,
        provider: Provider,
        now: OffsetDateTime,
    ) -> Result<bool> {
        const SQL: &str = concat!(
            "update machine_tokens set used_at = $3 where ",
            own!("tenant_id"),
            " and id = $2 and revoked_at is null and expires_at > $3 and exists (select 1 from tenants t \
             where t.id = machine_tokens.tenant_id and t.status = 'active' and t.shredded_at is null)"
        );
        let scope = &machine.scope;
        Ok(in_transaction!(self, scope.into(), |tx| {
            let good = sqlx::query(SQL)
                .bind(scope.tenant())
                .bind(machine.id)
                .bind(Micros::from(now))
                .execute(&mut *tx)
                .await?
                .rows_affected()
                > 0;
            if good {
                record!(self, tx, scope, act, now, Event::new(EventKind::CredentialHandedOut, provider.as_str()));
            }
            good
        }))
    }
}
