//! `painel keygen`

use crate::{config::Config, vault::KeyRing};
use anyhow::Context;
use secrecy::ExposeSecret;
use std::{
    fs::{self, OpenOptions},
    io::{ErrorKind, Write},
    path::PathBuf,
};

/// Creates the key ring's file; never over an existing one.
#[derive(Debug, clap::Args)]
pub struct Keygen {
    /// Where to; by default PAINEL_KEYRING.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl Keygen {
    pub fn run(self, config: &Config) -> anyhow::Result<()> {
        let path = self.out.unwrap_or_else(|| config.keyring.clone());
        let shown = path.display();
        let (ring, text) = KeyRing::generate("k1")?;
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            fs::create_dir_all(folder).with_context(|| format!("cannot create the folder of {shown}"))?;
        }
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&path).map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => {
                anyhow::anyhow!("{shown} exists: a key ring is never overwritten, what it sealed would be lost")
            }
            _ => anyhow::anyhow!("cannot create {shown}: {error}"),
        })?;
        file.write_all(text.expose_secret().as_bytes())
            .and_then(|()| file.sync_all())
            .with_context(|| format!("cannot write {shown}"))?;
        super::say(format_args!(
            "key ring {shown} created, active key {}. Keep a copy away from the database: without it no credential opens.",
            ring.active()
        ));
        Ok(())
    }
}
