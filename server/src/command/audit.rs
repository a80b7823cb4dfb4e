//! `painel audit …`

use crate::{
    config::Config,
    startup::{self, Opened},
    store::{ChainFault, ChainReport, Slug},
};

/// The audit trail: verify.
#[derive(Debug, clap::Subcommand)]
pub enum Audit {
    /// Check every chain: that no event was changed, removed, reordered or put in between. Prints each chain's length and
    /// head; heads kept elsewhere show later that nothing was cut off together with its end.
    Verify {
        /// Only this tenant.
        #[arg(long)]
        tenant: Option<Slug>,
    },
}

impl Audit {
    pub async fn run(self, config: &Config) -> anyhow::Result<()> {
        let Self::Verify { tenant } = self;
        let Opened { store, .. } = startup::open(config).await?;
        let mut broken = 0;
        let mut tell = |name: &str, outcome: Result<ChainReport, ChainFault>| match outcome {
            Ok(report) => {
                let head: String = report.head.iter().map(|byte| format!("{byte:02x}")).collect();
                super::say(format_args!("{name}\tok\t{} events\t{head}", report.events));
            }
            Err(fault) => {
                broken += 1;
                super::say(format_args!("{name}\tBROKEN\t{fault}"));
            }
        };
        if let Some(slug) = tenant {
            let scope = super::operator_scope(&store, &slug).await?;
            tell(slug.as_str(), store.verify_events(&scope).await?);
        } else {
            tell("(agency)", store.verify_agency_events().await?);
            let mut after: Option<Slug> = None;
            loop {
                let page = store.list_tenants(&store.operator_agency(), 500, after).await?;
                for tenant in &page {
                    let scope = super::operator_scope(&store, &tenant.slug).await?;
                    tell(tenant.slug.as_str(), store.verify_events(&scope).await?);
                }
                match page.last() {
                    Some(last) if page.len() == 500 => after = Some(last.slug.clone()),
                    _ => break,
                }
            }
        }
        anyhow::ensure!(broken == 0, "{broken} chains are broken");
        Ok(())
    }
}
