//! `painel backup`

use crate::{backup, config::Config, startup};
use std::{path::PathBuf, time::Instant};
use time::OffsetDateTime;

/// Back up the whole installation, less the key ring, while it runs.
///
/// Two files come into the folder: painel-<UTC>.data, which may be kept for years, and painel-<UTC>.keys, the wrapped keys,
/// to be deleted after 30 days, so that a shredded tenant is gone for good. Keep the key ring's file apart from both.
/// Sessions, links and locks are left out.
#[derive(Debug, clap::Args)]
pub struct Backup {
    /// The folder, made when missing.
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
}

impl Backup {
    pub async fn run(self, config: &Config) -> anyhow::Result<()> {
        let start = Instant::now();
        let store = startup::open_as_owner(config).await?;
        for file in backup::take(&store, &self.out, OffsetDateTime::now_utc()).await? {
            super::say(format_args!("{}\t{} rows\t{} bytes", file.path.display(), file.rows, file.bytes));
        }
        store.close().await;
        super::say(format_args!("took {:.1} s", start.elapsed().as_secs_f64()));
        Ok(())
    }
}
