//! `painel user …`

use crate::{
    auth::{NewPassword, PasswordGate, check_new_password},
    backend::{make_link, seal_hash},
    config::Config,
    startup::{self, Opened},
    store::{Act, Email, LinkPurpose, NewUser, Slug},
};
use anyhow::Context;
use app::session::{AgencyRole, Role};
use secrecy::{ExposeSecret, SecretString};
use time::OffsetDateTime;

/// Users: create, invite, disable, enable, and what helps whoever is locked out.
#[derive(Debug, clap::Subcommand)]
pub enum User {
    /// Create a user with a place in one tenant or a role in the agency. The password is read from standard input (one
    /// line). A user who exists already gets the place or role and keeps the password they have.
    Create {
        /// The e-mail to sign in with.
        #[arg(long)]
        email: Email,
        /// The name people see; by default the part of the e-mail before the @.
        #[arg(long)]
        name: Option<String>,
        /// Read the password from standard input; the only way to give one.
        #[arg(long)]
        password_stdin: bool,
        #[command(flatten)]
        place: Place,
    },
    /// Make an invitation and print its link, which is good once, for seven days.
    Invite {
        /// Whom.
        #[arg(long)]
        email: Email,
        #[command(flatten)]
        place: Place,
    },
    /// Print a link to set a new password, good once, for a day.
    Reset {
        /// Whose.
        email: Email,
    },
    /// Refuse a user everywhere, from their next request on.
    Disable {
        /// Whom.
        email: Email,
    },
    /// Let a disabled user in again.
    Enable {
        /// Whom.
        email: Email,
    },
    /// Switch a user's second factor off: for whoever lost phone and recovery codes.
    ClearSecondFactor {
        /// Whose.
        email: Email,
    },
    /// End every session there is, of everybody: after an incident.
    SignOutAll,
}

/// A place in a tenant, or a role in the agency.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = true)]
pub struct Place {
    /// The tenant's slug.
    #[arg(long, requires = "role", conflicts_with = "agency")]
    tenant: Option<Slug>,
    /// viewer, agent or admin.
    #[arg(long, requires = "tenant", value_parser = parse_role)]
    role: Option<Role>,
    /// support or owner.
    #[arg(long, value_parser = parse_agency_role)]
    agency: Option<AgencyRole>,
}

impl User {
    pub async fn run(self, config: &Config) -> anyhow::Result<()> {
        let now = OffsetDateTime::now_utc();
        let act = Act::of_command_line();
        match self {
            Self::Create { email, name, password_stdin, place } => {
                create(config, email, name, password_stdin, place).await?;
            }
            Self::Invite { email, place } => {
                let Opened { store, .. } = startup::open(config).await?;
                let agency = store.operator_agency();
                let link = match (&place.tenant, place.role, place.agency) {
                    (Some(slug), Some(role), _) => {
                        let scope = super::operator_scope(&store, slug).await?;
                        let purpose = LinkPurpose::Invite { tenant: scope.tenant(), role };
                        let link = make_link(&config.base_url, purpose, &email, now)?;
                        store.create_invitation(&scope, &act, link.row.clone(), now).await?;
                        link
                    }
                    (_, _, Some(role)) => {
                        let link = make_link(&config.base_url, LinkPurpose::Staff { role }, &email, now)?;
                        store.create_staff_invitation(&agency, &act, link.row.clone(), now).await?;
                        link
                    }
                    _ => anyhow::bail!("give --tenant with --role, or --agency"),
                };
                super::say(link.address.expose_secret());
            }
            Self::Reset { email } => {
                let Opened { store, .. } = startup::open(config).await?;
                let user = store.find_user(&email).await?.with_context(|| unknown(&email))?;
                let link = make_link(&config.base_url, LinkPurpose::Reset { user: user.id }, &email, now)?;
                store.create_reset(None, &act, link.row.clone(), now).await?;
                super::say(link.address.expose_secret());
            }
            Self::Disable { email } => {
                set_disabled(config, &email, true).await?;
                super::say(format_args!("user {email} disabled"));
            }
            Self::Enable { email } => {
                set_disabled(config, &email, false).await?;
                super::say(format_args!("user {email} enabled"));
            }
            Self::ClearSecondFactor { email } => {
                let Opened { store, .. } = startup::open(config).await?;
                let user = store.find_user(&email).await?.with_context(|| unknown(&email))?;
                store.disable_second_factor(user.id, &act, now).await?;
                super::say(format_args!("second factor of {email} switched off"));
            }
            Self::SignOutAll => {
                let Opened { store, .. } = startup::open(config).await?;
                let ended = store.end_every_session(&store.operator_agency(), &act, now).await?;
                super::say(format_args!("{ended} sessions ended"));
            }
        }
        Ok(())
    }
}

async fn create(
    config: &Config,
    email: Email,
    name: Option<String>,
    password_stdin: bool,
    place: Place,
) -> anyhow::Result<()> {
    let now = OffsetDateTime::now_utc();
    let act = Act::of_command_line();
    // Read before the database is opened, so that a script's pipe is not left hanging.
    let password = if password_stdin { Some(read_password()?) } else { None };
    let Opened { store, agency: key, .. } = startup::open(config).await?;
    let agency = store.operator_agency();
    let known = store.find_user(&email).await?;
    let scope = match &place.tenant {
        Some(slug) => Some(super::operator_scope(&store, slug).await?),
        None => None,
    };
    let membership = scope.as_ref().zip(place.role);
    // What was done, for whoever reads the script's output: a new account and one more place are not the same.
    let done = match (&known, &password) {
        (None, _) => "created,",
        (Some(_), None) => "existed already, now",
        (Some(_), Some(_)) => "existed already and keeps their password, now",
    };
    let user = match known {
        Some(user) => {
            if let Some((scope, role)) = membership {
                store.add_membership(scope, &act, user.id, role, now).await?;
            }
            user.id
        }
        None => {
            let password = password.context("a new user needs a password: give --password-stdin")?;
            let words: Vec<&str> = place.tenant.iter().map(Slug::as_str).collect();
            let context = NewPassword { email: email.as_str(), tenant_words: &words, second_factor: false };
            check_new_password(password.expose_secret(), &context)?;
            let hash = PasswordGate::new()?.hash(password).await.context("cannot hash the password")?;
            let name = name.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
            let user = NewUser {
                email: email.clone(),
                name: name.unwrap_or_else(|| email.local_part().to_owned()),
                password_hash: seal_hash(&key, &email, &hash)?,
                membership: membership.map(|(scope, role)| (scope.tenant(), role)),
            };
            store.create_user(&act, user, now).await?
        }
    };
    if let Some(role) = place.agency {
        store.put_staff(&agency, &act, user, &email, role, now).await?;
        super::say(format_args!("user {email} {done} {} of the agency", role.as_str()));
    }
    if let (Some(slug), Some(role)) = (&place.tenant, place.role) {
        super::say(format_args!("user {email} {done} {} of {slug}", role.as_str()));
    }
    Ok(())
}

fn read_password() -> anyhow::Result<SecretString> {
    let password = super::read_stdin("the password")?;
    let password = password.strip_suffix('\n').unwrap_or(&password);
    Ok(SecretString::from(password.strip_suffix('\r').unwrap_or(password)))
}

async fn set_disabled(config: &Config, email: &Email, disabled: bool) -> anyhow::Result<()> {
    let Opened { store, .. } = startup::open(config).await?;
    let (agency, act) = (store.operator_agency(), Act::of_command_line());
    let known = store.set_user_disabled(&agency, &act, email, disabled, OffsetDateTime::now_utc()).await?;
    anyhow::ensure!(known, unknown(email));
    Ok(())
}

fn unknown(email: &Email) -> String {
    format!("there is no user {email}")
}

fn parse_role(word: &str) -> Result<Role, String> {
    Role::parse(word).ok_or_else(|| "a role is viewer, agent or admin".to_owned())
}

fn parse_agency_role(word: &str) -> Result<AgencyRole, String> {
    AgencyRole::parse(word).ok_or_else(|| "a role in the agency is support or owner".to_owned())
}
