//! `painel health`

use crate::{
    config::Config,
    health::{Pace, shown},
    startup::{self, Opened},
    store::{Slug, StandingRow, Store},
};
use app::credentials::Provider;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// Print the health of stored credentials, one a line: tenant, provider, state, since when, checked when. Asks nobody: the
/// serving process makes the checks.
#[derive(Debug, clap::Args)]
pub struct Health {
    /// Only this tenant.
    #[arg(long)]
    tenant: Option<Slug>,
}

impl Health {
    pub async fn run(self, config: &Config) -> anyhow::Result<()> {
        let Opened { store, .. } = startup::open(config).await?;
        if let Some(slug) = self.tenant {
            return print(&store, &slug).await;
        }
        let mut after: Option<Slug> = None;
        loop {
            let page = store.list_tenants(&store.operator_agency(), 500, after).await?;
            for tenant in &page {
                print(&store, &tenant.slug).await?;
            }
            match page.last() {
                Some(last) if page.len() == 500 => after = Some(last.slug.clone()),
                _ => return Ok(()),
            }
        }
    }
}

async fn print(store: &Store, slug: &Slug) -> anyhow::Result<()> {
    let scope = super::operator_scope(store, slug).await?;
    let (stored, standing) = (store.list_credentials(&scope).await?, store.list_connections(&scope).await?);
    let now = OffsetDateTime::now_utc();
    for provider in Provider::ALL {
        if stored.iter().all(|credential| credential.provider != provider.as_str()) {
            continue;
        }
        let standing = standing.iter().find(|standing| standing.provider == provider);
        super::say(format_args!("{slug}\t{}\t{}", provider.as_str(), in_columns(standing, now)?));
    }
    Ok(())
}

fn in_columns(standing: Option<&StandingRow>, now: OffsetDateTime) -> anyhow::Result<String> {
    let Some(standing) = standing else { return Ok("unknown\t-\t-".to_owned()) };
    let instant = |at: Option<OffsetDateTime>| {
        // Whole seconds: nobody reads more.
        at.map_or_else(|| Ok("-".to_owned()), |at| at.replace_nanosecond(0).unwrap_or(at).format(&Rfc3339))
    };
    let state = shown(standing, now, &Pace::default());
    let since = (state == standing.state).then_some(standing.since);
    Ok(format!("{}\t{}\t{}", state.as_str(), instant(since)?, instant(standing.checked_at)?))
}
