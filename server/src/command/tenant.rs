//! `painel tenant …`

use crate::{
    config::Config,
    startup::{Refusal, open},
    store::{NewTenant, NewTenantKey, Slug, Store, TenantId, TenantStatus},
};
use time::OffsetDateTime;

/// Tenants: create, list, suspend, resume.
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
    },
    /// List tenants: slug, status, name, time zone, parted by tabs.
    List,
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
}

impl Tenant {
    pub async fn run(self, config: &Config) -> anyhow::Result<()> {
        match self {
            Self::Create { slug, name, timezone } => {
                let name = name.trim().to_owned();
                anyhow::ensure!(
                    !name.is_empty() && name.chars().count() <= 120,
                    "a tenant's name has 1 to 120 characters"
                );
                let (store, ring) = open(config).await?;
                let id = TenantId::new();
                let (_, wrapped) = ring.create_tenant_key(*id.as_uuid(), 1)?;
                let key = NewTenantKey { ring_key: wrapped.ring_key, wrapped: wrapped.bytes };
                let tenant = NewTenant { id, slug: slug.clone(), name, timezone };
                store.create_tenant(tenant, key, OffsetDateTime::now_utc()).await?;
                super::say(format_args!("tenant {slug} created"));
            }
            Self::List => {
                let store = connect(config).await?;
                let mut after: Option<Slug> = None;
                loop {
                    let page = store.list_tenants(500, after).await?;
                    for tenant in &page {
                        let status = if tenant.status == TenantStatus::Active { "active" } else { "suspended" };
                        super::say(format_args!("{}\t{status}\t{}\t{}", tenant.slug, tenant.name, tenant.timezone));
                    }
                    match page.last() {
                        Some(last) if page.len() == 500 => after = Some(last.slug.clone()),
                        _ => break,
                    }
                }
            }
            Self::Suspend { slug, reason } => {
                set_status(config, &slug, TenantStatus::Suspended, Some(reason.trim())).await?;
                super::say(format_args!("tenant {slug} suspended"));
            }
            Self::Resume { slug } => {
                set_status(config, &slug, TenantStatus::Active, None).await?;
                super::say(format_args!("tenant {slug} active"));
            }
        }
        Ok(())
    }
}

/// What needs no key.
async fn connect(config: &Config) -> anyhow::Result<Store> {
    let store = Store::connect(&config.database_url).await.map_err(Refusal::from)?;
    store.check_schema().await.map_err(Refusal::from)?;
    Ok(store)
}

async fn set_status(config: &Config, slug: &Slug, status: TenantStatus, reason: Option<&str>) -> anyhow::Result<()> {
    let known = connect(config).await?.set_tenant_status(slug, status, reason, OffsetDateTime::now_utc()).await?;
    anyhow::ensure!(known, "there is no tenant \"{slug}\": see `painel tenant list`");
    Ok(())
}

fn parse_zone(name: &str) -> Result<String, String> {
    match jiff::tz::TimeZone::get(name) {
        Ok(_) => Ok(name.to_owned()),
        Err(_) => Err("not an IANA time zone; use one like America/Sao_Paulo or America/Recife".to_owned()),
    }
}
