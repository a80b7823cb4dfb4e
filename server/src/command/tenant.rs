//! `painel tenant …`

use crate::{
    backend::RequestBackend,
    config::Config,
    startup::{self, Opened, Refusal},
    state::State,
    store::{
        Act, NewTenant, NewTenantKey, STANDARD_PLAN, Slug, Store, TenantEdit, TenantFacts, TenantId, TenantStatus,
    },
    web::caller::Identity,
    words::Calendar,
};
use anyhow::Context;
use app::audit::AuditFilter;
use futures::TryStreamExt;
use std::path::{Path, PathBuf};
use time::OffsetDateTime;

/// Tenants: create, list, edit, suspend, resume, export, shred.
#[derive(Debug, clap::Subcommand)]
pub enum Tenant {
    /// Create a tenant with a key of its own.
    Create {
        /// Short name in addresses and commands: a–z, 0–9 and hyphens.
        #[arg(long)]
        slug: Slug,
        /// The name people see.
        #[arg(long)]
        name: String,
        /// IANA time zone.
        #[arg(long, default_value = "America/Sao_Paulo", value_parser = parse_zone)]
        timezone: String,
        /// What it pays for.
        #[arg(long, default_value = STANDARD_PLAN)]
        plan: String,
        /// Its domain.
        #[arg(long, default_value = "")]
        domain: String,
    },
    /// List tenants: slug, status, name, time zone, parted by tabs.
    List,
    /// Change what is given.
    Edit {
        /// Which one.
        slug: Slug,
        /// The name people see.
        #[arg(long)]
        name: Option<String>,
        /// IANA time zone.
        #[arg(long, value_parser = parse_zone)]
        timezone: Option<String>,
        /// What it pays for.
        #[arg(long)]
        plan: Option<String>,
        /// Its domain.
        #[arg(long)]
        domain: Option<String>,
    },
    /// Suspend a tenant: its users are refused, with the reason, from their next request on.
    Suspend {
        /// Which one.
        slug: Slug,
        /// What its users read.
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// Let a suspended tenant's users in again.
    Resume {
        /// Which one.
        slug: Slug,
    },
    /// Write a tenant's own settings and audit trail (never a secret) into a folder: for a client that leaves.
    Export {
        /// Which one.
        slug: Slug,
        /// The folder; made when it is not there.
        #[arg(long)]
        out: PathBuf,
    },
    /// Destroy a tenant's keys: nothing it has sealed opens ever again. Prints a receipt (JSON).
    Shred {
        /// Which one.
        slug: Slug,
        /// The slug once more, as the answer to "are you sure?".
        #[arg(long)]
        confirm: Slug,
        /// Also write the receipt to this file.
        #[arg(long)]
        receipt: Option<PathBuf>,
    },
}

impl Tenant {
    pub async fn run(self, config: &Config) -> anyhow::Result<()> {
        let now = OffsetDateTime::now_utc();
        let act = Act::of_command_line();
        match self {
            Self::Create { slug, name, timezone, plan, domain } => {
                let name = checked_name(&name)?;
                let Opened { store, ring, .. } = startup::open(config).await?;
                let id = TenantId::new();
                let (_, wrapped) = ring.create_tenant_key(*id.as_uuid(), 1)?;
                let key = NewTenantKey { ring_key: wrapped.ring_key, wrapped: wrapped.bytes };
                let tenant = NewTenant { id, slug: slug.clone(), name, timezone, plan, domain };
                store.create_tenant(&store.operator_agency(), &act, tenant, key, None, now).await?;
                super::say(format_args!("tenant {slug} created"));
            }
            Self::List => list(&connect(config).await?).await?,
            Self::Edit { slug, name, timezone, plan, domain } => {
                let Opened { store, .. } = startup::open(config).await?;
                let agency = store.operator_agency();
                let facts: TenantFacts =
                    store.find_tenant_facts(&agency, &slug).await?.with_context(|| super::unknown_tenant(&slug))?;
                let edit = TenantEdit {
                    name: name.as_deref().map(checked_name).transpose()?.unwrap_or(facts.row.name),
                    timezone: timezone.unwrap_or(facts.timezone),
                    plan: plan.unwrap_or(facts.row.plan),
                    domain: domain.unwrap_or(facts.domain),
                    colour: facts.colour,
                };
                store.edit_tenant(&agency, &act, &slug, &edit, now).await?;
                super::say(format_args!("tenant {slug} changed"));
            }
            Self::Suspend { slug, reason } => {
                set_status(config, &slug, TenantStatus::Suspended, Some(reason.trim())).await?;
                super::say(format_args!("tenant {slug} suspended"));
            }
            Self::Resume { slug } => {
                set_status(config, &slug, TenantStatus::Active, None).await?;
                super::say(format_args!("tenant {slug} active"));
            }
            Self::Export { slug, out } => export(config, &slug, &out).await?,
            Self::Shred { slug, confirm, receipt } => {
                anyhow::ensure!(slug == confirm, "--confirm does not repeat the slug: nothing was destroyed");
                super::shred::run(config, &slug, receipt.as_deref()).await?;
            }
        }
        Ok(())
    }
}

async fn list(store: &Store) -> anyhow::Result<()> {
    let mut after: Option<Slug> = None;
    loop {
        let page = store.list_tenants(&store.operator_agency(), 500, after).await?;
        for tenant in &page {
            let status = tenant.status.as_str();
            super::say(format_args!("{}\t{status}\t{}\t{}", tenant.slug, tenant.name, tenant.timezone));
        }
        match page.last() {
            Some(last) if page.len() == 500 => after = Some(last.slug.clone()),
            _ => return Ok(()),
        }
    }
}

async fn export(config: &Config, slug: &Slug, out: &Path) -> anyhow::Result<()> {
    let state = State::open(config).await?;
    let tenant = state.store.find_tenant(&state.store.operator_agency(), slug).await?;
    let tenant = tenant.with_context(|| super::unknown_tenant(slug))?;
    let scope = super::operator_scope(&state.store, slug).await?;
    let act = Act::of_command_line();
    let backend = RequestBackend::new(state, Identity::default(), None);
    let calendar = Calendar::new(&tenant.timezone, jiff::Timestamp::now());
    let settings = backend.settings_of(&scope, &act, (&tenant.name, slug.as_str(), &tenant.timezone)).await?;
    let audit = backend.audit_of(scope, &act, calendar, &AuditFilter::default()).await?;
    let audit: String = audit.try_collect().await?;
    std::fs::create_dir_all(out).with_context(|| format!("cannot make {}", out.display()))?;
    for (name, text) in [("painel.json", format!("{settings:#}\n")), ("auditoria.csv", audit)] {
        let path = out.join(name);
        std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
        super::say(path.display());
    }
    Ok(())
}

/// What needs no key and writes nothing.
pub(super) async fn connect(config: &Config) -> anyhow::Result<Store> {
    let store = Store::connect(&config.database_url).await.map_err(Refusal::from)?;
    store.check_schema().await.map_err(Refusal::from)?;
    store.check_isolation().await.map_err(Refusal::from)?;
    Ok(store)
}

async fn set_status(config: &Config, slug: &Slug, status: TenantStatus, reason: Option<&str>) -> anyhow::Result<()> {
    let Opened { store, .. } = startup::open(config).await?;
    let (agency, act) = (store.operator_agency(), Act::of_command_line());
    let known = store.set_tenant_status(&agency, &act, slug, status, reason, OffsetDateTime::now_utc()).await?;
    anyhow::ensure!(known, super::unknown_tenant(slug));
    Ok(())
}

fn checked_name(name: &str) -> anyhow::Result<String> {
    let name = name.trim();
    anyhow::ensure!(!name.is_empty() && name.chars().count() <= 120, "a tenant's name has 1 to 120 characters");
    Ok(name.to_owned())
}

pub(super) fn parse_zone(name: &str) -> Result<String, String> {
    match jiff::tz::TimeZone::get(name) {
        Ok(_) => Ok(name.to_owned()),
        Err(_) => Err("not an IANA time zone; use one like America/Sao_Paulo or America/Recife".to_owned()),
    }
}
