//! `painel tenant shred`: what a client that leaves may ask for. The tenant's keys are destroyed, which makes every copy
//! of its sealed values worthless, and a receipt says what was done and shown.

use crate::{
    backend::open_keys,
    config::Config,
    startup::{self, Opened},
    store::{Act, Slug},
    vault::Address,
};
use anyhow::Context;
use serde_json::json;
use std::path::Path;
use time::{Duration, OffsetDateTime, format_description::well_known::Rfc3339};

/// How long `docs` tell an installation to keep the backups of its keys.
const KEY_BACKUPS_FOR: Duration = Duration::days(30);

pub async fn run(config: &Config, slug: &Slug, receipt: Option<&Path>) -> anyhow::Result<()> {
    let Opened { store, ring, .. } = startup::open(config).await?;
    let scope = store.operator_scope(slug).await?.with_context(|| super::unknown_tenant(slug))?;
    let now = OffsetDateTime::now_utc();

    // What is sealed now, to be tried again when the keys are gone.
    let sealed = store.list_credentials(&scope).await?;
    let fields: usize = sealed.iter().map(|credential| credential.fields.len()).sum();
    let opens = async || -> anyhow::Result<usize> {
        let keys = open_keys(&ring, &scope, store.list_tenant_keys(&scope).await?);
        let opened = sealed.iter().flat_map(|credential| {
            let provider = credential.provider.as_str();
            credential.fields.iter().map(move |(field, value)| (provider, field.as_str(), value.as_slice()))
        });
        let address = |provider, field| Address { tenant: *scope.tenant().as_uuid(), provider, field };
        Ok(opened.filter(|(provider, field, value)| keys.open(&address(provider, field), value).is_ok()).count())
    };
    let before = opens().await?;
    let shredded = store.shred_tenant(&store.operator_agency(), &Act::of_command_line(), slug, now).await?;
    let shredded = shredded.with_context(|| format!("tenant {slug} was shredded before"))?;
    let after = opens().await?;
    anyhow::ensure!(after == 0, "{after} of {fields} fields still open: keep this database and call for help");

    let head = store.verify_events(&scope).await?.context("the tenant's audit trail is broken")?;
    let text = serde_json::to_string_pretty(&json!({
        "tenant": slug.as_str(),
        "shredded_at": now.format(&Rfc3339)?,
        "keys_destroyed": shredded.keys,
        "fields_that_opened_before": format!("{before} of {fields}"),
        "fields_that_open_now": format!("{after} of {fields}"),
        "sessions_ended": shredded.sessions,
        "audit_events": head.events,
        "audit_head": hex(&head.head),
        "backups": format!(
            "database backups hold no tenant keys; the separate key files of backups made before now still do: delete \
             them, or let them expire by {}",
            (now + KEY_BACKUPS_FOR).format(&Rfc3339)?
        ),
    }))?;
    if let Some(path) = receipt {
        std::fs::write(path, format!("{text}\n")).with_context(|| format!("cannot write {}", path.display()))?;
    }
    super::say(text);
    Ok(())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
