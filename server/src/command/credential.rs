//! `painel credential …`

use crate::{
    backend::RequestBackend,
    config::Config,
    state::State,
    store::{Act, Slug},
    web::caller::Identity,
};
use anyhow::Context;
use app::{credentials::Provider, error::AppError};
use std::collections::BTreeMap;

/// Credentials: set.
#[derive(Debug, clap::Subcommand)]
pub enum Credential {
    /// Validate and seal one provider's fields, read as a JSON object from standard input.
    #[command(after_help = fields_help())]
    Set {
        /// The tenant's slug.
        #[arg(long)]
        tenant: Slug,
        /// supabase, whatsapp, evolution, google_calendar, google_meet or n8n.
        #[arg(long, value_parser = parse_provider)]
        provider: Provider,
        /// Read the fields from standard input; the only way to give them.
        #[arg(long, required = true)]
        stdin: bool,
        /// Replace what is stored even if it does not open, which a restored key could change.
        #[arg(long)]
        replace_unreadable: bool,
    },
}

impl Credential {
    pub async fn run(self, config: &Config) -> anyhow::Result<()> {
        let Self::Set { tenant, provider, stdin: _, replace_unreadable } = self;
        let text = super::read_stdin("the fields")?;
        let fields: BTreeMap<String, String> = serde_json::from_str(&text)
            .ok()
            .context("standard input is not a JSON object of texts, like {\"field\": \"value\"}")?;
        let fields = fields.into_iter().map(|(name, value)| (full_name(provider, name), value)).collect();
        let state = State::open(config).await?;
        let scope = super::operator_scope(&state.store, &tenant).await?;
        let backend = RequestBackend::new(state, Identity::default(), None);
        let version =
            backend.save_over(&scope, &Act::of_command_line(), provider, None, &fields, replace_unreadable).await;
        let version = version.map_err(explain)?;
        super::say(format_args!("{} of {tenant} sealed, version {version}", provider.as_str()));
        Ok(())
    }
}

/// Short names that people know a field by.
fn full_name(provider: Provider, name: String) -> String {
    let full = match (provider, name.as_str()) {
        (Provider::Supabase, "url" | "supabase_url") => "project_url",
        (Provider::Supabase, "key" | "anon_key" | "publishable_key" | "supabase_key") => "api_key",
        (Provider::N8n, "url" | "n8n_webhook_url") => "webhook_url",
        (Provider::Evolution, "url") => "base_url",
        _ => return name,
    };
    full.to_owned()
}

/// Field errors one a line: the texts of the page, in its first language.
fn explain(error: AppError) -> anyhow::Error {
    match error {
        AppError::Invalid(errors) => {
            let lines: Vec<String> = errors.iter().map(|error| format!("{}: {}", error.field, error.message)).collect();
            anyhow::anyhow!("nothing was saved\n  {}", lines.join("\n  "))
        }
        other => anyhow::anyhow!("nothing was saved: {other}"),
    }
}

fn parse_provider(word: &str) -> Result<Provider, String> {
    Provider::parse(word).ok_or_else(|| {
        let words: Vec<&str> = Provider::ALL.into_iter().map(Provider::as_str).collect();
        format!("a provider is one of {}", words.join(", "))
    })
}

fn fields_help() -> String {
    let mut help = "Fields:\n".to_owned();
    for provider in Provider::ALL {
        let names: Vec<String> = provider
            .fields()
            .iter()
            .map(|field| if field.optional { format!("[{}]", field.name) } else { field.name.to_owned() })
            .collect();
        help.push_str(&format!("  {}: {}\n", provider.as_str(), names.join(", ")));
    }
    help
}
