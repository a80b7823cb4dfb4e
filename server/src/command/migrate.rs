//! `painel migrate`

use crate::{
    config::Config,
    startup::{self, Refusal},
    store::Store,
};

pub async fn run(config: &Config) -> anyhow::Result<()> {
    let store = Store::connect(&config.database_url).await.map_err(Refusal::from)?;
    startup::migrate(&store, config).await?;
    super::say("the database is at this version's schema");
    Ok(())
}
