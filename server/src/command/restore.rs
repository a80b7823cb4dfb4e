//! `painel restore`

use crate::{
    backup,
    config::Config,
    startup::{self, Refusal},
    store::Store,
};
use std::{path::PathBuf, time::Instant};

/// Restore a backup into an empty database, all or nothing.
///
/// The database may be of the other kind than the one that was backed up. It is migrated first, and refused when anything is
/// in it. The key ring of that time must be there when Painel starts. A tenant shredded after the backup was made is alive
/// again: shred it again.
#[derive(Debug, clap::Args)]
pub struct Restore {
    /// The data file of the backup.
    #[arg(long, value_name = "FILE")]
    data: PathBuf,
    /// The keys file of the same backup.
    #[arg(long, value_name = "FILE", required_unless_present = "without_keys")]
    keys: Option<PathBuf>,
    /// To look into a backup whose keys are gone: nothing sealed will open, and Painel will not start on it.
    #[arg(long, conflicts_with = "keys")]
    without_keys: bool,
}

impl Restore {
    pub async fn run(self, config: &Config) -> anyhow::Result<()> {
        let start = Instant::now();
        // Before the database is even made.
        backup::check(&self.data, self.keys.as_deref())?;
        let store = startup::open_as_owner(config).await?;
        let serving = Store::connect(&config.database_url).await.map_err(Refusal::from)?;
        startup::migrate(&serving, config).await?;
        serving.close().await;
        let restored = backup::restore(&store, &self.data, self.keys.as_deref()).await?;
        store.close().await;
        super::say(format_args!(
            "restored {} rows in {:.1} s: all that stood there at {}; what came later is lost",
            restored.rows,
            start.elapsed().as_secs_f64(),
            restored.created_at
        ));
        Ok(())
    }
}
