//! `painel import`

use crate::{
    config::Config,
    egress::{AddressPolicy, Egress},
    import::{self, Source, SourceKey, Target},
    project::ApiKey,
    providers::AddressRules,
    startup::{self, Opened, Refusal},
};
use anyhow::{Context, bail, ensure};
use secrecy::{ExposeSecret, SecretString};
use std::{
    fs,
    path::{Path, PathBuf},
};
use url::Url;
use zeroize::Zeroizing;

/// Move a former installation in: its clients, their users and credentials.
///
/// Running it again takes only what is new. Rows that cannot be read are listed and skipped.
#[derive(Debug, clap::Args)]
#[command(after_help = SOURCES)]
pub struct Import {
    /// A folder, a Postgres URL without a password, or a Supabase project's https URL.
    #[arg(long, required_unless_present = "from_file", conflicts_with = "from_file")]
    from: Option<String>,
    /// A file with what --from would say: for a Postgres URL with its password.
    #[arg(long)]
    from_file: Option<PathBuf>,
    /// A file with the former installation's ENCRYPTION_KEY.
    #[arg(long)]
    fernet_key_file: PathBuf,
    /// A file with a key of the Supabase project that may read the tables: the one of the former dashboard.
    #[arg(long)]
    supabase_key_file: Option<PathBuf>,
    /// IANA time zone of the new tenants.
    #[arg(long, default_value = "America/Sao_Paulo", value_parser = super::tenant::parse_zone)]
    timezone: String,
    /// Show what would be done, and write nothing.
    #[arg(long)]
    dry_run: bool,
}

const SOURCES: &str = "Sources:
  a folder     clients.json or clients.csv, and client_users.json or client_users.csv
  postgres://  the tables clients and client_users, read in one snapshot
  https://     a Supabase project; needs --supabase-key-file

A slug is made of a client's name. One e-mail in several clients becomes one user with several places.
Passwords go on working. Nothing that was changed here since an earlier run is overwritten.";

impl Import {
    pub async fn run(self, config: &Config) -> anyhow::Result<()> {
        let key = read_secret(&self.fernet_key_file)?;
        let key = SourceKey::parse(key.expose_secret())?;
        let source = self.source()?;
        let policy =
            AddressPolicy::parse_allow(&config.egress_allow).map_err(|error| Refusal::Egress(error.to_string()))?;
        let rules = AddressRules::new(config.egress_allow.split(','));
        let egress = Egress::new(policy).map_err(|error| Refusal::Egress(error.to_string()))?;

        if self.dry_run {
            // Opening a database makes the file.
            if let Some(path) = config.database_url.strip_prefix("sqlite://") {
                ensure!(Path::new(path).exists(), "there is no database at {path} yet: run `painel migrate`");
            }
            let store = super::tenant::connect(config).await?;
            let plan = import::prepare(&source.read(&egress).await?, &key, &rules, &store).await?;
            super::say(import::foresee(&plan).text());
            store.close().await;
            return Ok(());
        }
        let Opened { store, ring, agency, .. } = startup::open(config).await?;
        let plan = import::prepare(&source.read(&egress).await?, &key, &rules, &store).await?;
        let target = Target { store: &store, ring: &ring, agency: &agency, timezone: &self.timezone };
        let report = import::carry_out(&plan, &target)
            .await
            .context("the import stopped; what was done so far is kept, and running it again goes on from there")?;
        super::say(report.text());
        store.close().await;
        Ok(())
    }

    fn source(&self) -> anyhow::Result<Source> {
        let from = match (&self.from, &self.from_file) {
            (Some(from), _) => SecretString::from(from.as_str()),
            (None, Some(file)) => read_secret(file)?,
            (None, None) => bail!("give --from or --from-file"),
        };
        let text = from.expose_secret();
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            // Other users of this machine see the arguments of its processes.
            let has_password = Url::parse(text)
                .is_ok_and(|url| url.password().is_some() || url.query_pairs().any(|(name, _)| name == "password"));
            ensure!(
                self.from.is_none() || !has_password,
                "the Postgres URL holds a password: write it to a file and give that by --from-file, and change the \
                 password if others use this machine"
            );
            return Ok(Source::Postgres(from));
        }
        if text.starts_with("https://") || text.starts_with("http://") {
            let url = Url::parse(text).ok().context("the project's URL cannot be used: copy it again, whole")?;
            let file = self.supabase_key_file.as_ref();
            let file =
                file.context("a Supabase project needs --supabase-key-file, a file with a key that may read it")?;
            return Ok(Source::Supabase { url, key: ApiKey::new(read_secret(file)?).context("--supabase-key-file")? });
        }
        Ok(Source::Folder(PathBuf::from(text)))
    }
}

/// A small file's text, without the line end that editors leave.
fn read_secret(path: &Path) -> anyhow::Result<SecretString> {
    let text = fs::read_to_string(path).map(Zeroizing::new);
    let text = text.with_context(|| format!("cannot read {}", path.display()))?;
    Ok(SecretString::from(text.trim()))
}
