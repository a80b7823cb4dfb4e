//! A tenant's credentials, sealed. Fields are opaque bytes here: the vault seals and opens them.
//!
//! Each credential has a version that grows with every change and never repeats, not even across a removal. Who saves
//! says which version they saw; of several who saw the same, one wins and the others learn the version now stored.

use super::{
    Act, Event, EventKind, Result, Store, StoreError, TenantKeyRow, TenantScope, audit::record, fence::own,
    in_transaction, instant::Micros, keys, read_at_once, read_within,
};
use app::credentials::Provider;
use time::OffsetDateTime;

/// One provider's stored fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredCredential {
    /// The provider's word, as [`Provider::as_str`] has it.
    pub provider: String,
    /// To be sent back when saving; from 1.
    pub version: i64,
    /// When it was last saved.
    pub updated_at: OffsetDateTime,
    /// Who saved it; `None` for the command line and for users since deleted.
    pub updated_by_name: Option<String>,
    /// Name and sealed value of each field, by name.
    pub fields: Vec<(String, Vec<u8>)>,
}

/// What is done to a credential's fields in one step. Fields that are in neither list stay as they are.
#[derive(Debug, Clone, Copy)]
pub struct CredentialChange<'a> {
    /// Stored anew, sealed.
    pub set: &'a [(String, Vec<u8>)],
    /// Taken away.
    pub drop: &'a [&'a str],
    /// What the audit trail calls it.
    pub kind: EventKind,
}

#[derive(sqlx::FromRow)]
struct Row {
    provider: String,
    version: i64,
    updated_at: Micros,
    updated_by_name: Option<String>,
    field: Option<String>,
    sealed: Option<Vec<u8>>,
}

/// One statement, so that version and fields are of one moment: with two, a save in between would pair the old version
/// with the new fields.
macro_rules! select_credentials {
    ($filter:literal) => {
        concat!(
            "select c.provider, c.version, c.updated_at, u.name as updated_by_name, f.field, f.sealed \
             from credentials c \
             left join users u on u.id = c.updated_by \
             left join credential_fields f on f.tenant_id = c.tenant_id and f.provider = c.provider \
             where ",
            own!("c.tenant_id"),
            " and c.removed_at is null ",
            $filter,
            " order by c.provider, f.field"
        )
    };
}

fn group(rows: Vec<Row>) -> Vec<StoredCredential> {
    let mut credentials: Vec<StoredCredential> = Vec::new();
    for row in rows {
        if credentials.last().is_none_or(|last| last.provider != row.provider) {
            credentials.push(StoredCredential {
                provider: row.provider,
                version: row.version,
                updated_at: row.updated_at.into(),
                updated_by_name: row.updated_by_name,
                fields: Vec::new(),
            });
        }
        if let (Some(credential), Some(field), Some(sealed)) = (credentials.last_mut(), row.field, row.sealed) {
            credential.fields.push((field, sealed));
        }
    }
    credentials
}

impl Store {
    /// Everything the tenant has stored, by provider.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_credentials(&self, scope: &TenantScope) -> Result<Vec<StoredCredential>> {
        const SQL: &str = select_credentials!("");
        let rows = read_within!(self, scope.into(), |db| {
            sqlx::query_as(SQL).bind(scope.tenant()).fetch_all(&mut *db).await?
        });
        Ok(group(rows))
    }

    /// [`Store::list_credentials`] and all versions of the tenant's key, of one instant: a rotation in between cannot part a
    /// value from its key.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_credentials_and_keys(
        &self,
        scope: &TenantScope,
    ) -> Result<(Vec<StoredCredential>, Vec<TenantKeyRow>)> {
        const SQL: &str = select_credentials!("");
        let (rows, keys) = read_at_once!(self, scope.into(), |db| {
            let rows = sqlx::query_as(SQL).bind(scope.tenant()).fetch_all(&mut *db).await?;
            (rows, sqlx::query_as(keys::KEYS_OF).bind(scope.tenant()).fetch_all(&mut *db).await?)
        });
        Ok((group(rows), keys))
    }

    /// What the tenant has stored for one provider, and all versions of the tenant's key, of one instant.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_credential_and_keys(
        &self,
        scope: &TenantScope,
        provider: Provider,
    ) -> Result<(Option<StoredCredential>, Vec<TenantKeyRow>)> {
        const SQL: &str = select_credentials!("and c.provider = $2");
        let (rows, keys) = read_at_once!(self, scope.into(), |db| {
            let rows = sqlx::query_as(SQL).bind(scope.tenant()).bind(provider.as_str()).fetch_all(&mut *db).await?;
            (rows, sqlx::query_as(keys::KEYS_OF).bind(scope.tenant()).fetch_all(&mut *db).await?)
        });
        Ok((group(rows).pop(), keys))
    }

    /// Stores the fields of `set`, keeps all others, and gives the new version.
    ///
    /// `expected` is the version the caller saw, 0 for nothing stored, or `None` (the command line) for whatever is there.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when another version is stored; [`StoreError::KeyChanged`] when a field is not sealed with
    /// the tenant's newest key. Then nothing is written.
    pub async fn save_credential(
        &self,
        scope: &TenantScope,
        act: &Act,
        provider: Provider,
        expected: Option<i64>,
        set: &[(String, Vec<u8>)],
        now: OffsetDateTime,
    ) -> Result<i64> {
        let change = CredentialChange { set, drop: &[], kind: EventKind::CredentialSaved };
        self.change_credential(scope, act, provider, expected, change, now).await
    }

    /// The same with fields that are taken away in the same step.
    ///
    /// # Errors
    /// As [`Store::save_credential`].
    pub async fn change_credential(
        &self,
        scope: &TenantScope,
        act: &Act,
        provider: Provider,
        expected: Option<i64>,
        CredentialChange { set, drop, kind }: CredentialChange<'_>,
        now: OffsetDateTime,
    ) -> Result<i64> {
        // Each of the three both checks and takes the row's lock in one statement, so the check still holds at the commit.
        const WHATEVER: &str = "insert into credentials (tenant_id, provider, version, updated_at, updated_by) \
                                values ($1, $2, 1, $3, $4) on conflict (tenant_id, provider) do update \
                                set version = credentials.version + 1, updated_at = $3, updated_by = $4, \
                                removed_at = null returning version";
        const NOTHING: &str = "insert into credentials (tenant_id, provider, version, updated_at, updated_by) \
                               values ($1, $2, 1, $3, $4) on conflict (tenant_id, provider) do update \
                               set version = credentials.version + 1, updated_at = $3, updated_by = $4, \
                               removed_at = null where credentials.removed_at is not null returning version";
        const SEEN: &str = "update credentials set version = version + 1, updated_at = $3, updated_by = $4 \
                            where tenant_id = $1 and provider = $2 and version = $5 and removed_at is null \
                            returning version";
        const FIELD: &str = "insert into credential_fields (tenant_id, provider, field, sealed, updated_at) \
                             values ($1, $2, $3, $4, $5) on conflict (tenant_id, provider, field) do update \
                             set sealed = excluded.sealed, updated_at = excluded.updated_at";
        const DROP: &str = "delete from credential_fields where tenant_id = $1 and provider = $2 and field = $3";
        let (tenant, provider, at) = (scope.tenant(), provider.as_str(), Micros::from(now));
        Ok(in_transaction!(self, scope.into(), |tx| {
            sqlx::query(keys::TAKE_TURNS).bind(tenant).execute(&mut *tx).await?;
            let newest: Option<i64> = sqlx::query_scalar(keys::NEWEST).bind(tenant).fetch_one(&mut *tx).await?;
            let mut versions = set.iter().filter_map(|(_, sealed)| keys::sealed_by(sealed));
            if versions.any(|version| Some(version) != newest) {
                return Err(StoreError::KeyChanged);
            }
            let step = sqlx::query_scalar(match expected {
                None => WHATEVER,
                Some(0) => NOTHING,
                Some(_) => SEEN,
            });
            let step = step.bind(tenant).bind(provider).bind(at).bind(scope.user());
            let step = match expected {
                None | Some(0) => step,
                Some(version) => step.bind(version),
            };
            let Some(version) = step.fetch_optional(&mut *tx).await? else {
                let current = sqlx::query_scalar(CURRENT).bind(tenant).bind(provider);
                let current: Option<i64> = current.fetch_optional(&mut *tx).await?;
                return Err(StoreError::Conflict { current: current.unwrap_or(0) });
            };
            for field in drop {
                sqlx::query(DROP).bind(tenant).bind(provider).bind(*field).execute(&mut *tx).await?;
            }
            for (field, sealed) in set {
                sqlx::query(FIELD)
                    .bind(tenant)
                    .bind(provider)
                    .bind(field)
                    .bind(sealed)
                    .bind(at)
                    .execute(&mut *tx)
                    .await?;
            }
            let names = set.iter().map(|(field, _)| field.as_str());
            record!(self, tx, scope, act, now, Event::new(kind, provider).with_fields(names));
            version
        }))
    }

    /// Removes all fields stored for a provider.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when another version is stored, or nothing.
    pub async fn remove_credential(
        &self,
        scope: &TenantScope,
        act: &Act,
        provider: Provider,
        expected: i64,
        now: OffsetDateTime,
    ) -> Result<()> {
        const MARK: &str = "update credentials set version = version + 1, updated_at = $3, updated_by = $4, \
                            removed_at = $3 \
                            where tenant_id = $1 and provider = $2 and version = $5 and removed_at is null";
        const FIELDS: &str = "delete from credential_fields where tenant_id = $1 and provider = $2";
        let (tenant, provider, at) = (scope.tenant(), provider.as_str(), Micros::from(now));
        in_transaction!(self, scope.into(), |tx| {
            sqlx::query(keys::TAKE_TURNS).bind(tenant).execute(&mut *tx).await?;
            let mark = sqlx::query(MARK).bind(tenant).bind(provider).bind(at).bind(scope.user()).bind(expected);
            if mark.execute(&mut *tx).await?.rows_affected() == 0 {
                let current = sqlx::query_scalar(CURRENT).bind(tenant).bind(provider);
                let current: Option<i64> = current.fetch_optional(&mut *tx).await?;
                return Err(StoreError::Conflict { current: current.unwrap_or(0) });
            }
            sqlx::query(FIELDS).bind(tenant).bind(provider).execute(&mut *tx).await?;
            record!(self, tx, scope, act, now, Event::new(EventKind::CredentialRemoved, provider));
        });
        Ok(())
    }
}

/// The version a conflict is reported with.
const CURRENT: &str = "select version from credentials where tenant_id = $1 and provider = $2 and removed_at is null";
