//! `painel keygen`

use crate::{config::Config, startup, vault::KeyRing};
use anyhow::Context;
use secrecy::{ExposeSecret, SecretString};
use std::{
    fs::{self, File, OpenOptions},
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
};

/// Creates the key ring's file, never over an existing one; or adds a key to it, or makes another of its keys the active
/// one. A running server takes the changed file within seconds.
#[derive(Debug, clap::Args)]
pub struct Keygen {
    /// Where to; by default PAINEL_KEYRING.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Add a new key of this name to the existing ring. It wraps nothing before it is made active.
    #[arg(long, value_name = "NAME", conflicts_with = "activate")]
    add: Option<String>,
    /// Make this key of the existing ring the one that wraps new keys.
    #[arg(long, value_name = "NAME")]
    activate: Option<String>,
}

impl Keygen {
    pub fn run(self, config: &Config) -> anyhow::Result<()> {
        let path = self.out.unwrap_or_else(|| config.keyring.clone());
        let shown = path.display();
        if let Some(name) = self.add {
            let ring = startup::read_ring(&path)?.with_new_key(&name)?;
            replace(&path, &ring.to_text())?;
            super::say(format_args!(
                "key {name} added to {shown}. Keep a copy of the file, give it to every server, then `painel keygen --activate \
                 {name}`."
            ));
            return Ok(());
        }
        if let Some(name) = self.activate {
            let ring = startup::read_ring(&path)?.with_active(&name)?;
            replace(&path, &ring.to_text())?;
            super::say(format_args!(
                "{name} is the active key of {shown}. `painel keys rewrap` wraps what others wrapped."
            ));
            return Ok(());
        }
        let (ring, text) = KeyRing::generate("k1")?;
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            fs::create_dir_all(folder).with_context(|| format!("cannot create the folder of {shown}"))?;
        }
        write_new(&path, &text).map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => {
                anyhow::anyhow!("{shown} exists: a key ring is never overwritten, what it sealed would be lost")
            }
            _ => anyhow::anyhow!("cannot create {shown}: {error}"),
        })?;
        super::say(format_args!(
            "key ring {shown} created, active key {}. Keep a copy away from the database: without it no credential opens.",
            ring.active()
        ));
        Ok(())
    }
}

/// Puts a changed ring in the old one's place, in one step: whoever reads the file gets the one or the other, whole.
fn replace(path: &Path, text: &SecretString) -> anyhow::Result<()> {
    let mut aside = path.as_os_str().to_owned();
    aside.push(".new");
    let aside = PathBuf::from(aside);
    let failed = |error: std::io::Error| anyhow::anyhow!("cannot write {}: {error}", aside.display());
    // Left behind by a kill: whole or not, nothing was ever wrapped with what is in it.
    match fs::remove_file(&aside) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(failed(error)),
        _ => {}
    }
    write_new(&aside, text).map_err(failed)?;
    fs::rename(&aside, path).with_context(|| format!("cannot replace {}", path.display()))?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).with_context(|| format!("cannot sync {}", folder.display()))
}

/// A file that only its owner reads, on the disk when this returns.
fn write_new(path: &Path, text: &SecretString) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.expose_secret().as_bytes())?;
    file.sync_all()
}
