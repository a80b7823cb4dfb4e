//! What `painel import` writes: everything of one former client in one transaction, and the ledger of rows taken.
//!
//! It writes tenants, users and credentials of its own accord instead of calling their files, because those each commit:
//! half a client, left behind by a kill, could not be told from one that people have since changed here. Rows that exist
//! are never overwritten.

use super::{
    Act, AgencyScope, Email, Event, EventKind, NewTenant, NewTenantKey, Result, Slug, Store, StoreError, TenantId,
    TenantScope, UserId, audit::record, fence::Fence, in_transaction, instant::Micros, keys, read_within, text::sought,
};
use app::{credentials::Provider, session::Role};
use std::fmt;
use time::OffsetDateTime;

/// A table of the former installation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SourceTable {
    /// The agency's clients, with their credentials.
    Clients,
    /// The people who sign in for a client.
    ClientUsers,
}

impl SourceTable {
    /// Its name, there and in the ledger.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Clients => "clients",
            Self::ClientUsers => "client_users",
        }
    }

    fn read(word: &str) -> Result<Self> {
        [Self::Clients, Self::ClientUsers]
            .into_iter()
            .find(|table| table.as_str() == word)
            .ok_or(StoreError::Corrupt("imported_rows.source_table"))
    }
}

/// Which row, or which column of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceRow {
    /// The table.
    pub table: SourceTable,
    /// The row's id there.
    pub id: String,
    /// Empty for the row itself, or the column's name.
    pub part: String,
}

/// A row that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedRow {
    /// Which one.
    pub source: SourceRow,
    /// Its content at that time, as a keyed digest.
    pub digest: [u8; 32],
    /// The tenant it went into; `None` once that is removed or its keys are destroyed.
    pub tenant: Option<TenantId>,
}

/// A row about to be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewImportedRow {
    /// Which one.
    pub source: SourceRow,
    /// Its content, as a keyed digest.
    pub digest: [u8; 32],
}

/// The tenant that a client's rows go into.
#[derive(Debug, Clone)]
pub enum ImportedTenant {
    /// One to be made.
    New {
        /// As for [`Store::create_tenant`].
        tenant: NewTenant,
        /// Its first key.
        key: NewTenantKey,
        /// Why its members may not sign in; `None` when they may.
        suspended: Option<String>,
    },
    /// One that an earlier run made.
    Existing(TenantScope),
}

impl ImportedTenant {
    fn id(&self) -> TenantId {
        match self {
            Self::New { tenant, .. } => tenant.id,
            Self::Existing(scope) => scope.tenant(),
        }
    }
}

/// One provider's sealed fields, and the ledger rows they come from.
#[derive(Debug, Clone)]
pub struct ImportedCredential {
    /// Whose fields.
    pub provider: Provider,
    /// Name and sealed value of each.
    pub fields: Vec<(String, Vec<u8>)>,
    /// The column.
    pub row: NewImportedRow,
}

/// One person's place, and the ledger rows it comes from.
#[derive(Clone)]
pub struct ImportedMember {
    /// What they sign in with.
    pub email: Email,
    /// Their name, if they are new here.
    pub name: String,
    /// The stored form of their password, if they are new here; without it, somebody of this address must exist. It
    /// counts as set at the import, hence is good for as long as a wrapped one is from then on.
    pub password_hash: Option<String>,
    /// What they may do.
    pub role: Role,
    /// When they last signed in there.
    pub last_login: Option<OffsetDateTime>,
    /// The rows of this person in this client: more than one when it stood there twice.
    pub rows: Vec<NewImportedRow>,
}

impl fmt::Debug for ImportedMember {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without the hash, as everywhere.
        out.debug_struct("ImportedMember").field("email", &self.email).finish_non_exhaustive()
    }
}

/// Everything of one client that is to be taken now.
#[derive(Debug, Clone)]
pub struct ImportStep {
    /// The tenant's short name, for the audit trail.
    pub slug: Slug,
    /// Where it goes.
    pub tenant: ImportedTenant,
    /// The client's own row, when the tenant is new.
    pub row: Option<NewImportedRow>,
    /// What is kept for providers.
    pub credentials: Vec<ImportedCredential>,
    /// Who may sign in.
    pub members: Vec<ImportedMember>,
}

/// What a step changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StepDone {
    /// Tenants made: 0 or 1.
    pub tenants: u64,
    /// Users made.
    pub users: u64,
    /// Places given.
    pub memberships: u64,
    /// Credentials stored.
    pub credentials: u64,
}

impl StepDone {
    /// As the audit trail tells it.
    fn counts(self) -> [String; 3] {
        let Self { users, memberships, credentials, .. } = self;
        [format!("contas: {users}"), format!("acessos: {memberships}"), format!("conexões: {credentials}")]
    }
}

#[derive(sqlx::FromRow)]
struct LedgerRow {
    source_table: String,
    source_id: String,
    part: String,
    digest: Vec<u8>,
    tenant_id: Option<TenantId>,
}

impl TryFrom<LedgerRow> for ImportedRow {
    type Error = StoreError;

    fn try_from(row: LedgerRow) -> Result<Self> {
        Ok(Self {
            source: SourceRow { table: SourceTable::read(&row.source_table)?, id: row.source_id, part: row.part },
            digest: row.digest.try_into().map_err(|_| StoreError::Corrupt("imported_rows.digest"))?,
            tenant: row.tenant_id,
        })
    }
}

const TENANT: &str = "insert into tenants (id, slug, name, timezone, plan, domain, sought, status, suspended_reason, \
                      created_at, updated_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)";
// Also holds its row, so that its keys are not destroyed while this goes on.
const TOUCH: &str = "update tenants set updated_at = $2 where id = $1 and shredded_at is null";
const KEY: &str =
    "insert into tenant_keys (tenant_id, version, ring_key, wrapped, created_at) values ($1, 1, $2, $3, $4)";
const USER: &str = "insert into users (id, email, name, password_hash, last_login, password_changed_at, created_at) \
                    values ($1, $2, $3, $4, $5, $6, $6) on conflict (email) do nothing";
const USER_ID: &str = "select id from users where email = $1";
const MEMBERSHIP: &str = "insert into memberships (tenant_id, user_id, role, created_at) values ($1, $2, $3, $4) \
                          on conflict (tenant_id, user_id) do nothing";
// A removed credential keeps its row too, so whatever people did here stands.
const CREDENTIAL: &str = "insert into credentials (tenant_id, provider, version, updated_at) values ($1, $2, 1, $3) \
                          on conflict (tenant_id, provider) do nothing";
const FIELD: &str = "insert into credential_fields (tenant_id, provider, field, sealed, updated_at) \
                     values ($1, $2, $3, $4, $5)";
const LEDGER: &str = "insert into imported_rows (source_table, source_id, part, digest, tenant_id, user_id, imported_at) \
                      values ($1, $2, $3, $4, $5, $6, $7)";

/// One ledger row, in the transaction at hand. A macro: the connection's type differs between the databases.
macro_rules! keep {
    ($tx:ident, $row:expr, $tenant:expr, $user:expr, $now:expr) => {
        sqlx::query(LEDGER)
            .bind($row.source.table.as_str())
            .bind(&$row.source.id)
            .bind(&$row.source.part)
            .bind($row.digest.as_slice())
            .bind($tenant)
            .bind($user)
            .bind($now)
            .execute(&mut *$tx)
            .await?
    };
}

impl Store {
    /// Every row that was ever taken. Not by a tenant's scope: the ledger is the installation's, and only the command
    /// line reads it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list_imported_rows(&self, _agency: &AgencyScope) -> Result<Vec<ImportedRow>> {
        const SQL: &str = "select r.source_table, r.source_id, r.part, r.digest, t.id as tenant_id \
                           from imported_rows r left join tenants t on t.id = r.tenant_id and t.shredded_at is null \
                           order by r.source_table, r.source_id, r.part";
        let patient = self.in_no_hurry();
        let rows: Vec<LedgerRow> =
            read_within!(patient, Fence::AGENCY, |db| sqlx::query_as(SQL).fetch_all(&mut *db).await?);
        rows.into_iter().map(ImportedRow::try_from).collect()
    }

    /// Takes one client: all of the step, with its ledger rows and its rows of the audit trail, or nothing. Who exists
    /// already keeps their password and name; a place or a credential that exists stays as it is.
    ///
    /// # Errors
    /// [`StoreError::SlugTaken`]; [`StoreError::Missing`] when a member without a password does not exist, or an earlier
    /// run's tenant is gone or without keys; [`StoreError::KeyChanged`] when its key was rotated since the step was sealed;
    /// [`StoreError::Database`] when another process took the same row meanwhile.
    /// Nothing is written then.
    pub async fn import_client(
        &self,
        _agency: &AgencyScope,
        act: &Act,
        step: &ImportStep,
        now: OffsetDateTime,
    ) -> Result<StepDone> {
        let at = Micros::from(now);
        let tenant = step.tenant.id();
        let (mut done, mut events) = (StepDone::default(), Vec::new());
        let patient = self.in_no_hurry();
        in_transaction!(patient, Fence::tenant(tenant), |tx| {
            match &step.tenant {
                ImportedTenant::Existing(_) => {
                    let touched = sqlx::query(TOUCH).bind(tenant).bind(at).execute(&mut *tx).await?;
                    if touched.rows_affected() == 0 {
                        return Err(StoreError::Missing);
                    }
                }
                ImportedTenant::New { tenant, key, suspended } => {
                    sqlx::query(TENANT)
                        .bind(tenant.id)
                        .bind(tenant.slug.as_str())
                        .bind(&tenant.name)
                        .bind(&tenant.timezone)
                        .bind(&tenant.plan)
                        .bind(&tenant.domain)
                        .bind(sought(&tenant.name, &tenant.slug, &tenant.domain))
                        .bind(if suspended.is_some() { "suspended" } else { "active" })
                        .bind(suspended)
                        .bind(at)
                        .execute(&mut *tx)
                        .await?;
                    let key = sqlx::query(KEY).bind(tenant.id).bind(&key.ring_key).bind(&key.wrapped).bind(at);
                    key.execute(&mut *tx).await?;
                    done.tenants += 1;
                }
            }
            let newest: Option<i64> = sqlx::query_scalar(keys::NEWEST).bind(tenant).fetch_one(&mut *tx).await?;
            let fields = step.credentials.iter().flat_map(|credential| &credential.fields);
            let mut versions = fields.filter_map(|(_, sealed)| keys::sealed_by(sealed));
            if versions.any(|version| Some(version) != newest) {
                return Err(StoreError::KeyChanged);
            }
            if let Some(row) = &step.row {
                keep!(tx, row, tenant, None::<UserId>, at);
            }
            for credential in &step.credentials {
                let provider = credential.provider.as_str();
                let made = sqlx::query(CREDENTIAL).bind(tenant).bind(provider).bind(at);
                if made.execute(&mut *tx).await?.rows_affected() == 1 {
                    for (field, sealed) in &credential.fields {
                        let field = sqlx::query(FIELD).bind(tenant).bind(provider).bind(field).bind(sealed).bind(at);
                        field.execute(&mut *tx).await?;
                    }
                    done.credentials += 1;
                    let names = credential.fields.iter().map(|(field, _)| field.as_str());
                    events.push(Event::new(EventKind::CredentialSaved, provider).with_fields(names));
                }
                keep!(tx, credential.row, tenant, None::<UserId>, at);
            }
            for member in &step.members {
                if let Some(hash) = &member.password_hash {
                    let user = sqlx::query(USER)
                        .bind(UserId::new())
                        .bind(member.email.as_str())
                        .bind(&member.name)
                        .bind(hash)
                        .bind(member.last_login.map(Micros::from))
                        .bind(at);
                    done.users += user.execute(&mut *tx).await?.rows_affected();
                }
                let user = sqlx::query_scalar(USER_ID).bind(member.email.as_str());
                let user: UserId = user.fetch_optional(&mut *tx).await?.ok_or(StoreError::Missing)?;
                let place = sqlx::query(MEMBERSHIP).bind(tenant).bind(user).bind(member.role.as_str()).bind(at);
                if place.execute(&mut *tx).await?.rows_affected() == 1 {
                    done.memberships += 1;
                    let role = member.role.as_str();
                    events.push(Event::new(EventKind::MemberAdded, member.email.as_str()).with_fields([role]));
                }
                for row in &member.rows {
                    keep!(tx, row, tenant, Some(user), at);
                }
            }
            if done != StepDone::default() {
                // After the rows, as everywhere: whoever saves a credential holds its row when they ask for the chain.
                let counts = done.counts();
                let imported = Event::new(EventKind::Imported, step.slug.as_str());
                record!(self, tx, tenant, act, now, imported.with_fields(counts.iter().map(String::as_str)));
                for event in events {
                    record!(self, tx, tenant, act, now, event);
                }
            }
        });
        Ok(done)
    }
}
