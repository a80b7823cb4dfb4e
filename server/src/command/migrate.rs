//! `painel migrate`

use crate::{config::Config, startup::Refusal, store::Store};

pub async fn run(config: &Config) -> anyhow::Result<()> {
    let store = Store::connect(&config.database_url).await.map_err(Refusal::from)?;
    store.migrate().await.map_err(Refusal::from)?;
    super::say("the database is at this version's schema");
    Ok(())
}
