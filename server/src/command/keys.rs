//! `painel keys …`

use crate::{
    config::Config,
    rotation::{self, Keyhold, RotatedTenant},
    startup::{self, Opened},
    store::Slug,
};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// Keys: what is sealed with what, newer keys, other wrappings. The server may serve meanwhile, and a command that was
/// killed is simply run again.
#[derive(Debug, clap::Subcommand)]
pub enum Keys {
    /// Show the keys, what they wrap and seal, and each value that does not open (then the exit code is 1).
    Status {
        /// Only this tenant's.
        #[arg(long, value_name = "SLUG")]
        tenant: Option<Slug>,
    },
    /// Give tenants a newer key and seal their values with it.
    #[command(group = clap::ArgGroup::new("whose").required(true).args(["tenant", "all"]))]
    Rotate {
        /// One tenant.
        #[arg(long, value_name = "SLUG")]
        tenant: Option<Slug>,
        /// All tenants. A run that was broken off goes on where it ended.
        #[arg(long)]
        all: bool,
        /// Show what would be done and change nothing.
        #[arg(long)]
        plan: bool,
    },
    /// Wrap all tenants' keys and the agency's with the active key of the ring.
    Rewrap {
        /// Show what would be done and change nothing.
        #[arg(long)]
        plan: bool,
    },
    /// Drop old versions of tenants' keys that nothing is sealed with, and forget keys of the ring that wrap nothing.
    Trim {
        /// Only this tenant's keys.
        #[arg(long, value_name = "SLUG", conflicts_with = "ring_key")]
        tenant: Option<Slug>,
        /// All of the tenant's versions below this one, or none.
        #[arg(long, value_name = "VERSION", requires = "tenant", allow_negative_numbers = true)]
        below: Option<i64>,
        /// Only this key of the ring.
        #[arg(long, value_name = "NAME")]
        ring_key: Option<String>,
        /// Show what would be done and change nothing.
        #[arg(long)]
        plan: bool,
    },
}

impl Keys {
    pub async fn run(self, config: &Config) -> anyhow::Result<()> {
        let plan = match self {
            Self::Status { .. } => true,
            Self::Rotate { plan, .. } | Self::Rewrap { plan } | Self::Trim { plan, .. } => plan,
        };
        // Who only looks writes nothing, not even that the ring has a new key.
        let Opened { store, ring, .. } =
            if plan { startup::look(config).await? } else { startup::open(config).await? };
        let hold = Keyhold { store: &store, ring: &ring, plan };
        match self {
            Self::Status { tenant } => status(hold, tenant.as_ref()).await,
            Self::Rotate { tenant: Some(slug), .. } => {
                let rotated = rotation::rotate_tenant(hold, &slug).await?;
                say_rotated(plan, &rotated);
                complain(&[rotated])
            }
            Self::Rotate { tenant: None, .. } => rotate_all(hold).await,
            Self::Rewrap { .. } => rewrap(hold).await,
            Self::Trim { ring_key: Some(name), .. } => {
                rotation::forget_ring_key(hold, &name).await?;
                say_forgotten(plan, &name);
                Ok(())
            }
            Self::Trim { tenant: Some(slug), below, .. } => {
                let trimmed = rotation::trim_tenant(hold, &slug, below).await?;
                say_trimmed(plan, &trimmed);
                Ok(())
            }
            Self::Trim { .. } => trim_all(hold).await,
        }
    }
}

async fn status(hold: Keyhold<'_>, only: Option<&Slug>) -> anyhow::Result<()> {
    let status = rotation::status(hold, only).await?;
    for key in &status.ring {
        let active = if key.active { "active" } else { "" };
        let remembered = if key.remembered { "" } else { "not used here" };
        super::say(format_args!("ring\t{}\t{active}\twraps {}\t{remembered}", key.name, key.wraps));
    }
    for (version, ring_key) in &status.agency {
        super::say(format_args!("agency\tversion {version}\tring {ring_key}"));
    }
    if let Some(since) = status.rotating_since {
        super::say(format_args!(
            "unfinished\ta rotation of all tenants, begun {}: run `painel keys rotate --all` again",
            since.format(&Rfc3339)?
        ));
    }
    let mut unreadable = 0;
    for tenant in &status.tenants {
        for (version, ring_key, values) in &tenant.versions {
            super::say(format_args!("{}\tversion {version}\tring {ring_key}\tseals {values}", tenant.slug));
        }
        let all = tenant.readable + tenant.unreadable.len();
        super::say(format_args!("{}\topen {} of {all}", tenant.slug, tenant.readable));
        for (value, error) in &tenant.unreadable {
            super::say(format_args!("{}\tunreadable\t{value}\t{error}", tenant.slug));
        }
        unreadable += tenant.unreadable.len();
    }
    anyhow::ensure!(unreadable == 0, "{unreadable} values do not open: docs/keys.md says what to do");
    Ok(())
}

async fn rotate_all(hold: Keyhold<'_>) -> anyhow::Result<()> {
    let now = OffsetDateTime::now_utc();
    let done = rotation::rotate_all(hold, now, |rotated| say_rotated(hold.plan, rotated)).await?;
    if done.since != now {
        let begun = done.since.format(&Rfc3339)?;
        super::say(format_args!("taken up again: begun {begun}, {} tenants were done before", done.done_before));
    }
    super::say(format_args!("{}{} of {} tenants", mark(hold.plan), done.rotated.len(), done.tenants));
    complain(&done.rotated)
}

async fn rewrap(hold: Keyhold<'_>) -> anyhow::Result<()> {
    let done = rotation::rewrap(hold).await?;
    super::say(format_args!(
        "{}{} keys of {} tenants and {} of the agency wrapped with {}",
        mark(hold.plan),
        done.tenant_keys,
        done.tenants,
        done.agency_keys,
        hold.ring.active()
    ));
    for (whose, version, error) in &done.unopened {
        super::say(format_args!("{whose}\tversion {version}\t{error}"));
    }
    anyhow::ensure!(done.unopened.is_empty(), "{} keys do not open and stay as they are", done.unopened.len());
    Ok(())
}

async fn trim_all(hold: Keyhold<'_>) -> anyhow::Result<()> {
    for trimmed in rotation::trim_tenants(hold).await? {
        say_trimmed(hold.plan, &trimmed);
    }
    for name in rotation::trim_ring_keys(hold).await? {
        say_forgotten(hold.plan, &name);
    }
    Ok(())
}

fn mark(plan: bool) -> &'static str {
    if plan { "plan: " } else { "" }
}

fn say_rotated(plan: bool, rotated: &RotatedTenant) {
    let RotatedTenant { slug, version, values, .. } = rotated;
    super::say(format_args!("{}{slug}\tversion {version}\t{values} values sealed with it", mark(plan)));
}

/// Values that stay as they are make the command fail, after all else was done.
fn complain(rotated: &[RotatedTenant]) -> anyhow::Result<()> {
    let mut broken = 0;
    for one in rotated {
        for value in &one.unreadable {
            super::say(format_args!("{}\tunreadable\t{value}", one.slug));
            broken += 1;
        }
    }
    anyhow::ensure!(broken == 0, "{broken} values do not open and stay as they are: docs/keys.md says what to do");
    Ok(())
}

fn say_trimmed(plan: bool, tenant: &rotation::TrimmedTenant) {
    match &tenant.trimmed {
        Ok(trimmed) => {
            for version in &trimmed.dropped {
                super::say(format_args!("{}{}\tversion {version} dropped", mark(plan), tenant.slug));
            }
            for (version, values) in &trimmed.needed {
                super::say(format_args!(
                    "{}\tversion {version} stays: {values} values are sealed with it",
                    tenant.slug
                ));
            }
        }
        Err(refused) => super::say(format_args!("{}\tnothing dropped: {refused}", tenant.slug)),
    }
}

fn say_forgotten(plan: bool, name: &str) {
    super::say(format_args!(
        "{}ring key {name} forgotten: it may be taken out of the ring's file, and of its copies when no backup needs it",
        mark(plan)
    ));
}
