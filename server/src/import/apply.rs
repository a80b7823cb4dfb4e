//! Doing the plan: the only file of the import that reads or writes the store.
//!
//! Each step is one transaction: a client with its key, credentials, people and ledger rows is here, or nothing of it.
//! A kill between two steps or within one costs nothing but the step at hand; the next run's plan begins there.

use super::plan::{Goal, Place, Plan, Present, Step, Taken};
use crate::{
    auth::{HashError, wrap_sha256},
    backend::seal_hash,
    store::{
        Act, Email, ImportStep, ImportedCredential, ImportedMember, ImportedTenant, NewTenant, NewTenantKey, Slug,
        StepDone, Store, StoreError, TenantId,
    },
    vault::{Address, AgencyKey, KeyRing, TenantKey, VaultError, WrappedKey},
};
use secrecy::{ExposeSecret as _, SecretString};
use std::collections::BTreeSet;
use time::OffsetDateTime;

/// Tenants a query.
const PAGE: u32 = 500;
/// What the members of a tenant read that was switched off at the source.
const INACTIVE: &str = "Conta desativada antes da mudança para o Painel. Fale com a sua agência.";

/// Why a step could not be done. All steps before it are done, nothing of it is.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Sealing, or a tenant's key.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// Hashing.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// A tenant that an earlier run made is gone, or its keys are: run again.
    #[error("the tenant \"{0}\" has been removed or its keys destroyed while this ran: run the import again")]
    Gone(Slug),
}

/// What exists here of what the source is about. Writes nothing.
///
/// # Errors
/// When the database fails.
pub async fn survey(store: &Store, emails: &BTreeSet<Email>) -> Result<Present, StoreError> {
    let mut present = Present::default();
    let agency = store.operator_agency();
    for row in store.list_imported_rows(&agency).await? {
        present.ledger.insert(row.source, Taken { digest: row.digest, tenant: row.tenant });
    }
    let mut after: Option<Slug> = None;
    loop {
        let page = store.list_tenants(&agency, PAGE, after).await?;
        present.tenants.extend(page.iter().map(|tenant| (tenant.id, tenant.slug.clone())));
        match page.last() {
            Some(last) => after = Some(last.slug.clone()),
            None => break,
        }
    }
    for email in emails {
        if store.find_user(email).await?.is_some() {
            present.emails.insert(email.clone());
        }
    }
    Ok(present)
}

/// Where everything goes, and what it is sealed with.
pub struct Target<'a> {
    /// The database.
    pub store: &'a Store,
    /// Wraps the tenants' keys, which seal their credentials.
    pub ring: &'a KeyRing,
    /// Seals the hashes of passwords.
    pub agency: &'a AgencyKey,
    /// An IANA name for every new tenant.
    pub timezone: &'a str,
}

/// Does all steps, in their order.
///
/// # Errors
/// The first step that cannot be done ends it.
pub async fn apply(plan: &Plan, target: &Target<'_>) -> Result<StepDone, ApplyError> {
    let (agency, act) = (target.store.operator_agency(), Act::of_command_line());
    let mut sum = StepDone::default();
    for step in &plan.steps {
        let done = loop {
            let sealed = seal(step, target).await?;
            match target.store.import_client(&agency, &act, &sealed, OffsetDateTime::now_utc()).await {
                // The client's key was rotated since: once more, with the newest.
                Err(StoreError::KeyChanged) => {}
                done => break done?,
            }
        };
        tracing::info!(tenant = %step.slug, users = done.users, credentials = done.credentials, "client imported");
        sum.tenants += done.tenants;
        sum.users += done.users;
        sum.memberships += done.memberships;
        sum.credentials += done.credentials;
    }
    Ok(sum)
}

/// The step in the form that is stored: passwords wrapped, credentials sealed with the tenant's own key.
async fn seal(step: &Step, target: &Target<'_>) -> Result<ImportStep, ApplyError> {
    let Target { store, ring, agency, timezone } = *target;
    let (tenant, key, row) = match &step.goal {
        Goal::New { name, plan, domain, active, row } => {
            let id = TenantId::new();
            let (key, wrapped) = ring.create_tenant_key(*id.as_uuid(), 1)?;
            let tenant = ImportedTenant::New {
                tenant: NewTenant {
                    id,
                    slug: step.slug.clone(),
                    name: name.clone(),
                    timezone: timezone.to_owned(),
                    plan: plan.clone(),
                    domain: domain.clone(),
                },
                key: NewTenantKey { ring_key: wrapped.ring_key, wrapped: wrapped.bytes },
                suspended: (!active).then(|| INACTIVE.to_owned()),
            };
            (tenant, key, Some(row.clone()))
        }
        Goal::Existing => {
            let gone = || ApplyError::Gone(step.slug.clone());
            let scope = store.operator_scope(&step.slug).await?.ok_or_else(gone)?;
            let stored = store.find_tenant_key(&scope).await?.ok_or_else(gone)?;
            let version = u32::try_from(stored.version).map_err(|_| gone())?;
            let wrapped = WrappedKey { ring_key: stored.ring_key, bytes: stored.wrapped };
            let key = ring.open_tenant_key(*scope.tenant().as_uuid(), version, &wrapped)?;
            (ImportedTenant::Existing(scope), key, None)
        }
    };
    let mut credentials = Vec::new();
    for (card, row) in &step.cards {
        let provider = card.provider;
        let sealed = card.fields.iter().map(|(field, value)| seal_field(&key, provider.as_str(), field, value));
        let fields = sealed.collect::<Result<_, _>>()?;
        credentials.push(ImportedCredential { provider, fields, row: row.clone() });
    }
    let mut members = Vec::new();
    for place in &step.places {
        members.push(member(place, agency).await?);
    }
    Ok(ImportStep { slug: step.slug.clone(), tenant, row, credentials, members })
}

fn seal_field(
    key: &TenantKey,
    provider: &str,
    field: &str,
    value: &SecretString,
) -> Result<(String, Vec<u8>), VaultError> {
    let address = Address { tenant: key.tenant(), provider, field };
    Ok((field.to_owned(), key.seal(&address, value)?))
}

async fn member(place: &Place, agency: &AgencyKey) -> Result<ImportedMember, ApplyError> {
    let password_hash = match place.sha256.clone() {
        None => None,
        Some(sha256) => {
            let wrapped = tokio::task::spawn_blocking(move || wrap_sha256(sha256.expose_secret()));
            let wrapped = wrapped.await.map_err(|_| HashError::Failed)??;
            Some(seal_hash(agency, &place.email, &wrapped)?)
        }
    };
    Ok(ImportedMember {
        email: place.email.clone(),
        name: place.email.local_part().to_owned(),
        password_hash,
        role: place.role,
        last_login: place.last_login,
        rows: place.rows.clone(),
    })
}
