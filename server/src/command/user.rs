//! `painel user …`

use crate::{
    auth::{PasswordGate, check_new_password},
    config::Config,
    startup::open,
    store::{Email, NewUser, Slug},
};
use anyhow::Context;
use app::session::Role;
use secrecy::{ExposeSecret, SecretString};
use time::OffsetDateTime;

/// Users: create.
#[derive(Debug, clap::Subcommand)]
pub enum User {
    /// Create a user with a place in one tenant. The password is read from standard input (one line).
    Create {
        /// The e-mail to sign in with.
        #[arg(long)]
        email: Email,
        /// The name people see; by default the part of the e-mail before the @.
        #[arg(long)]
        name: Option<String>,
        /// Read the password from standard input; the only way to give one.
        #[arg(long, required = true)]
        password_stdin: bool,
        /// The tenant's slug.
        #[arg(long)]
        tenant: Slug,
        /// viewer, agent or admin.
        #[arg(long, value_parser = parse_role)]
        role: Role,
    },
}

impl User {
    pub async fn run(self, config: &Config) -> anyhow::Result<()> {
        let Self::Create { email, name, password_stdin: _, tenant, role } = self;
        let password = super::read_stdin("the password")?;
        let password = password.strip_suffix('\n').unwrap_or(&password);
        let password = SecretString::from(password.strip_suffix('\r').unwrap_or(password));
        check_new_password(password.expose_secret(), email.as_str())?;

        let (store, _) = open(config).await?;
        let scope = super::operator_scope(&store, &tenant).await?;
        let password_hash = PasswordGate::new()?.hash(password).await.context("cannot hash the password")?;
        let name = name.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
        let name = name.unwrap_or_else(|| email.local_part().to_owned());
        let user = NewUser { email: email.clone(), name, password_hash, membership: Some((scope.tenant(), role)) };
        store.create_user(user, OffsetDateTime::now_utc()).await?;
        super::say(format_args!("user {email} created, {} of {tenant}", role.as_str()));
        Ok(())
    }
}

fn parse_role(word: &str) -> Result<Role, String> {
    Role::parse(word).ok_or_else(|| "a role is viewer, agent or admin".to_owned())
}
