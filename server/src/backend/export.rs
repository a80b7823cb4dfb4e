//! What may be taken away: an audit trail as CSV, a tenant's settings as JSON. Never a secret.

use super::{
    OpenedCredential, RequestBackend,
    audit::{Chain, read_filter},
    failure,
    spreadsheet::{MOST, cut_off, line, separator},
    still::Leave,
};
use crate::{
    store::{Act, AuditEvent, AuditQuery, Event, EventKind, TenantScope},
    words::{self, Calendar},
};
use app::{
    audit::{AuditFilter, Whose},
    credentials::Provider,
    error::AppError,
    lang::{Lang, lang, speaking},
    session::Permission,
    tr,
};
use futures::{
    StreamExt,
    stream::{self, BoxStream},
};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// A file's lines, several at a time.
pub type Lines = BoxStream<'static, Result<String, AppError>>;

/// Events read at a time.
const STEP: u32 = 1_000;

impl RequestBackend {
    /// A trail as CSV for a spreadsheet, with a BOM, and between the columns what is asked for or goes with the reader's
    /// language (as `separator` says); a thousand events at a time, the newest first.
    ///
    /// # Errors
    /// `NotAllowed`, `Invalid`, `Internal`.
    pub async fn audit_csv(self, whose: Whose, filter: &AuditFilter, sep: &str) -> Result<Lines, AppError> {
        let (chain, calendar) = self.chain(whose)?;
        let still = self.still(match chain {
            Chain::Tenant(scope) => Leave::InTenant(scope.tenant(), Permission::ReadAudit),
            Chain::Agency(_) => Leave::InAgency(Permission::ManageTenants),
        })?;
        let act = self.act();
        Ok(still.over(self.chain_csv(chain, &act, calendar, filter, separator(sep)).await?))
    }

    /// The same of a tenant whose scope is at hand: the command line has one.
    ///
    /// # Errors
    /// `Invalid`, `Internal`.
    pub async fn audit_of(
        self,
        scope: TenantScope,
        act: &Act,
        calendar: Calendar,
        filter: &AuditFilter,
    ) -> Result<Lines, AppError> {
        self.chain_csv(Chain::Tenant(scope), act, calendar, filter, separator("")).await
    }

    async fn chain_csv(
        self,
        chain: Chain,
        act: &Act,
        calendar: Calendar,
        filter: &AuditFilter,
        separator: char,
    ) -> Result<Lines, AppError> {
        let query: AuditQuery = read_filter(filter, &calendar)?;
        // The first before it is noted that somebody takes them away, which is no part of what they asked for.
        let first = self.list_chain(chain, &query, STEP).await?;
        self.record_in_chain(chain, act, Event::new(EventKind::AuditExported, "")).await?;
        let columns = tr!(
            ["número", "instante", "quem", "o quê", "detalhe", "endereço"],
            ["number", "time", "who", "what", "detail", "address"],
        );
        let head = format!("\u{feff}{}\r\n", columns.join(separator.to_string().as_str()));
        let state =
            Trail { backend: self, chain, calendar, lang: lang(), query, separator, next: Next::Step(first), rows: 0 };
        // What is still to come is asked for when the request itself is over, and speaks its language all the same.
        let step = |state: Trail| speaking(state.lang, state.step());
        Ok(stream::once(async move { Ok(head) }).chain(stream::unfold(state, step)).boxed())
    }

    /// The tenant's own settings: its facts, its people, what is stored for each provider (secrets only as stored or not),
    /// and the mapping in use, in the fields of its form.
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
        let in_use = self.mapping_in_use(scope).await?;
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
            "mapeamento": {
                "versao": in_use.version,
                "campos": in_use.mapping.to_fields(),
            },
        }))
    }
}

/// A trail under way.
struct Trail {
    backend: RequestBackend,
    chain: Chain,
    calendar: Calendar,
    lang: Lang,
    query: AuditQuery,
    separator: char,
    next: Next,
    rows: usize,
}

/// What comes next in a trail's file.
enum Next {
    /// Events that are there.
    Step(Vec<AuditEvent>),
    /// Those before the last that were written.
    Older,
    /// Nothing.
    End,
}

impl Next {
    /// After a step of so many events that made it so many in all; a short step was the last.
    fn after(came: usize, all: usize) -> (Self, Option<String>) {
        match came < STEP as usize {
            true => (Self::End, None),
            false if all >= MOST => (Self::End, Some(cut_off(all))),
            false => (Self::Older, None),
        }
    }
}

impl Trail {
    async fn step(mut self) -> Option<(Result<String, AppError>, Self)> {
        let events = match std::mem::replace(&mut self.next, Next::End) {
            Next::End => return None,
            Next::Step(events) => events,
            Next::Older => match self.backend.list_chain(self.chain, &self.query, STEP).await {
                Ok(events) => events,
                // Broken off, and not asked again.
                Err(error) => return Some((Err(error), self)),
            },
        };
        let last = events.last()?.seq;
        let mut lines = String::new();
        for event in &events {
            let cells = [
                event.seq.to_string(),
                self.calendar.exact(super::instant(event.at)),
                words::actor(&event.actor).into_owned(),
                words::event(event).label,
                words::detail(event),
                event.source.clone(),
            ];
            line(&mut lines, cells.into_iter(), self.separator);
        }
        self.query.before = Some(last);
        self.rows += events.len();
        let (next, note) = Next::after(events.len(), self.rows);
        if let Some(note) = note {
            line(&mut lines, [note].into_iter(), self.separator);
        }
        self.next = next;
        Some((Ok(lines), self))
    }
}

fn rfc3339(at: OffsetDateTime) -> String {
    at.format(&Rfc3339).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trail_that_is_too_long_for_a_file_says_so() {
        let step = STEP as usize;
        for (came, all, goes_on, says) in [
            (0, 0, false, false),
            (7, 7, false, false),
            (step, step, true, false),
            (step, MOST, false, true),
            (7, MOST + 7, false, false),
        ] {
            let (next, note) = Next::after(came, all);
            assert_eq!((matches!(next, Next::Older), note.is_some()), (goes_on, says), "{came} of {all}");
        }
        assert!(Next::after(step, MOST).1.is_some_and(|note| note.contains("200000")));
    }
}
