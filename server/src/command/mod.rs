//! The command line: one file a subcommand. Secrets come by standard input, never as an argument.

mod audit;
mod backup;
mod credential;
mod health;
mod import;
mod keygen;
mod keys;
mod migrate;
mod restore;
mod serve;
mod shred;
mod tenant;
mod user;

use crate::{
    config::{Config, ConfigError},
    startup::Refusal,
    store::{Slug, Store, TenantScope},
};
use anyhow::Context;
use clap::{Parser, Subcommand};
use std::{io::Read, process::ExitCode};

/// One dashboard for all the clients of an agency.
#[derive(Debug, Parser)]
#[command(name = "painel", version, about, disable_help_subcommand = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the dashboard (the default).
    Serve,
    /// Create a key ring: the file that opens every sealed credential.
    Keygen(keygen::Keygen),
    /// Bring the database to this version's schema.
    Migrate,
    /// Tenants: the clients of the agency.
    #[command(subcommand)]
    Tenant(tenant::Tenant),
    /// Users: the people who sign in.
    #[command(subcommand)]
    User(user::User),
    /// Credentials: what a tenant keeps for each provider.
    #[command(subcommand)]
    Credential(credential::Credential),
    /// Keys: which seal what, rotation, and what does not open.
    #[command(subcommand)]
    Keys(keys::Keys),
    /// Move a former installation in: its clients, their users and credentials.
    Import(import::Import),
    /// The audit trail: what was done, by whom.
    #[command(subcommand)]
    Audit(audit::Audit),
    /// Whether each stored credential works, as the last checks found it.
    Health(health::Health),
    Backup(backup::Backup),
    Restore(restore::Restore),
}

impl Cli {
    /// Whether it has this process serve.
    pub fn serves(&self) -> bool {
        matches!(self.command, None | Some(Command::Serve))
    }
}

/// Runs one command line to its end. Exit codes: 0 done, 1 failed, 2 usage (by clap), 78 refuses to run as configured.
pub async fn run(cli: Cli) -> ExitCode {
    let result = match Config::from_env() {
        Ok(config) => dispatch(cli.command.unwrap_or(Command::Serve), &config).await,
        Err(error) => Err(error.into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("painel: {error:#}");
            let refused = error.is::<Refusal>() || error.is::<ConfigError>();
            ExitCode::from(if refused { 78 } else { 1 })
        }
    }
}

async fn dispatch(command: Command, config: &Config) -> anyhow::Result<()> {
    match command {
        Command::Serve => serve::run(config).await,
        Command::Keygen(command) => command.run(config),
        Command::Migrate => migrate::run(config).await,
        Command::Tenant(command) => command.run(config).await,
        Command::User(command) => command.run(config).await,
        Command::Credential(command) => command.run(config).await,
        Command::Keys(command) => command.run(config).await,
        Command::Import(command) => command.run(config).await,
        Command::Audit(command) => command.run(config).await,
        Command::Health(command) => command.run(config).await,
        Command::Backup(command) => command.run(config).await,
        Command::Restore(command) => command.run(config).await,
    }
}

/// One line on standard output, for people and scripts.
#[expect(clippy::print_stdout, reason = "a command's answer goes to standard output")]
fn say(line: impl std::fmt::Display) {
    println!("{line}");
}

/// All of standard input.
fn read_stdin(what: &str) -> anyhow::Result<zeroize::Zeroizing<String>> {
    let mut text = zeroize::Zeroizing::new(String::new());
    std::io::stdin()
        .take(64 * 1024)
        .read_to_string(&mut text)
        .with_context(|| format!("cannot read {what} from standard input"))?;
    Ok(text)
}

/// The scope of the person at this machine, who could read the key ring and the database anyway.
async fn operator_scope(store: &Store, slug: &Slug) -> anyhow::Result<TenantScope> {
    store.operator_scope(slug).await?.with_context(|| unknown_tenant(slug))
}

fn unknown_tenant(slug: &Slug) -> String {
    format!("there is no tenant \"{slug}\": see `painel tenant list`")
}
