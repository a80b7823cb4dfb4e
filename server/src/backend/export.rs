//! What may be taken away: an audit trail as CSV, a tenant's settings as JSON. Never a secret.

use super::{
    OpenedCredential, RequestBackend,
    audit::{Chain, read_filter},
    failure,
    spreadsheet::line,
};
use crate::{
    store::{Act, AuditQuery, Event, EventKind, TenantScope},
    words::{self, Calendar},
};
use app::{
    audit::{AuditFilter, Whose},
    credentials::Provider,
    error::AppError,
    session::Permission,
};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// Events read at a time.
const STEP: u32 = 1_000;
/// Events in one file at most.
const MOST: usize = 200_000;

impl RequestBackend {
    /// A trail as CSV for a spreadsheet: `;` between the columns and a BOM, as Excel in Portuguese wants it.
    ///
    /// # Errors
    /// `NotAllowed`, `Invalid`, `Internal`.
    pub async fn audit_csv(&self, whose: Whose, filter: &AuditFilter) -> Result<String, AppError> {
        let (chain, calendar) = self.chain(whose)?;
        self.chain_csv(chain, &self.act(), &calendar, filter).await
    }

    /// The same of a tenant whose scope is at hand: the command line has one.
    ///
    /// # Errors
    /// `Invalid`, `Internal`.
    pub async fn audit_of(
        &self,
        scope: &TenantScope,
        act: &Act,
        calendar: &Calendar,
        filter: &AuditFilter,
    ) -> Result<String, AppError> {
        self.chain_csv(Chain::Tenant(scope), act, calendar, filter).await
    }

    async fn chain_csv(
        &self,
        chain: Chain<'_>,
        act: &Act,
        calendar: &Calendar,
        filter: &AuditFilter,
    ) -> Result<String, AppError> {
        let mut query: AuditQuery = read_filter(filter, calendar)?;
        let mut csv = String::from("\u{feff}número;instante;quem;o quê;detalhe;endereço\r\n");
        let mut rows = 0;
        loop {
            let events = self.list_chain(chain, &query, STEP).await?;
            for event in &events {
                let cells = [
                    event.seq.to_string(),
                    calendar.exact(super::instant(event.at)),
                    event.actor.clone(),
                    words::event(event).label,
                    words::detail(event),
                    event.source.clone(),
                ];
                line(&mut csv, cells.into_iter(), ';');
            }
            rows += events.len();
            match events.last() {
                Some(last) if events.len() == STEP as usize && rows < MOST => query.before = Some(last.seq),
                _ => break,
            }
        }
        let event = Event::new(EventKind::AuditExported, &format!("{rows} linhas"));
        self.record_in_chain(chain, act, event).await?;
        Ok(csv)
    }

    /// The tenant's own settings: its facts, its people, what is stored for each provider (secrets only as stored or not).
    ///
    /// # Errors
    /// `NotAllowed`, `Internal`.
    pub async fn settings_json(&self) -> Result<Value, AppError> {
        let visitor = self.member(Permission::ManageTeam)?;
        let names = (visitor.tenant_name.as_str(), visitor.tenant_slug.as_str(), visitor.timezone.as_str());
        self.settings_of(&visitor.scope, &self.act(), names).await
    }

    /// The same for a scope at hand, with the tenant's name, slug and zone.
    ///
    /// # Errors
    /// `Internal`.
    pub async fn settings_of(
        &self,
        scope: &TenantScope,
        act: &Act,
        (name, slug, timezone): (&str, &str, &str),
    ) -> Result<Value, AppError> {
        let store = &self.state.store;
        let members = store.list_members(scope, 10_000).await.map_err(failure::store)?;
        let credentials = self.state.open_credentials(scope).await?;
        let credentials: Vec<Value> = credentials
            .iter()
            .filter_map(|opened| Provider::parse(&opened.stored.provider).map(|provider| (provider, opened)))
            .map(|(provider, OpenedCredential { stored, fields })| {
                let fields: serde_json::Map<String, Value> = fields
                    .iter()
                    .map(|(name, value)| {
                        let plain = provider.field(name).is_some_and(|spec| !spec.secret);
                        let value = value.as_ref().ok().filter(|_| plain);
                        let value = value.map_or_else(
                            || json!({ "guardado": true }),
                            |value| Value::String(value.expose_secret().to_owned()),
                        );
                        (name.clone(), value)
                    })
                    .collect();
                json!({
                    "provedor": provider.as_str(),
                    "versao": stored.version,
                    "guardado_em": rfc3339(stored.updated_at),
                    "campos": fields,
                })
            })
            .collect();
        let people: Vec<Value> = members
            .iter()
            .map(|member| {
                json!({
                    "nome": member.name,
                    "email": member.email,
                    "papel": member.role.as_str(),
                    "segundo_fator": member.second_factor,
                    "ultimo_acesso": member.last_login.map(rfc3339),
                })
            })
            .collect();
        let now = OffsetDateTime::now_utc();
        let event = Event::new(EventKind::SettingsExported, slug);
        store.record(scope, act, now, event).await.map_err(failure::store)?;
        Ok(json!({
            "painel": {
                "nome": name,
                "nome_curto": slug,
                "fuso": timezone,
            },
            "exportado_em": rfc3339(now),
            "pessoas": people,
            "conexoes": credentials,
        }))
    }
}

fn rfc3339(at: OffsetDateTime) -> String {
    at.format(&Rfc3339).unwrap_or_default()
}
