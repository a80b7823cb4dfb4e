//! The connection test of a calendar: one event is read, and the busy times of one day, because each is allowed by itself and
//! a booking needs both. Nothing is written.

use super::CALENDAR;
use crate::{
    egress::Incoming,
    providers::{
        google::{self, Call, Grant},
        probe::Probe,
        report::{Cause, Fact, Finding, Report},
    },
};
use app::{both, credentials::Provider, lang::Both, tr};
use jiff::SignedDuration;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// An id is one segment of the path, whatever is in it: `@` and, in those of holidays, `#`.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// The most characters of a calendar's name that are shown.
const MOST: usize = 80;

/// Tests the card's fields.
pub(in crate::providers) async fn test(fields: &BTreeMap<String, SecretString>, probe: &Probe) -> Report {
    let (grant, mut facts) = match google::ready(Provider::GoogleCalendar, fields, probe).await {
        Ok(ready) => ready,
        Err(report) => return report,
    };
    let id = fields.get(CALENDAR).map_or("primary", |id| id.expose_secret());
    let (events, busy) =
        futures::future::join(ask(&grant, probe, events(id, probe)), ask(&grant, probe, busy(id, probe))).await;
    let events = match events {
        Ok(answer) => answer,
        Err(report) => return Report { facts, ..report },
    };
    let finding = if events.status.is_success() {
        let body = body(&events);
        facts.extend(fact(tr!("Agenda", "Calendar"), &body["summary"]));
        facts.extend(fact(tr!("Fuso horário", "Time zone"), &body["timeZone"]));
        role(&body)
    } else {
        google::refusal(Provider::GoogleCalendar, &events)
    };
    if finding.cause != Cause::Works {
        return Report { findings: vec![finding], facts };
    }
    let finding = match busy {
        Ok(answer) if answer.status.is_success() => times(&body(&answer), id).unwrap_or(finding),
        Ok(answer) => google::refusal(Provider::GoogleCalendar, &answer),
        Err(report) => return Report { facts, ..report },
    };
    Report { findings: vec![finding], facts }
}

async fn ask(grant: &Grant, probe: &Probe, call: Call) -> Result<Incoming, Report> {
    google::call(Provider::GoogleCalendar, grant, probe, &call).await
}

fn events(id: &str, probe: &Probe) -> Call {
    let id = utf8_percent_encode(id, SEGMENT);
    let mut url = google::under(&probe.bases.google_api, &format!("calendar/v3/calendars/{id}/events"));
    url.set_query(Some("maxResults=1&singleEvents=true&fields=kind,summary,timeZone,accessRole"));
    Call { url, body: None }
}

fn busy(id: &str, probe: &Probe) -> Call {
    let (from, to) = (probe.now, probe.now + SignedDuration::from_hours(24));
    let body = json!({ "timeMin": from.to_string(), "timeMax": to.to_string(), "items": [{ "id": id }] });
    Call { url: google::under(&probe.bases.google_api, "calendar/v3/freeBusy"), body: Some(body) }
}

fn body(answer: &Incoming) -> Value {
    serde_json::from_slice(&answer.body).unwrap_or_default()
}

/// A name that Google told, cut to one line.
fn fact(label: &'static str, value: &Value) -> Option<Fact> {
    let text = value.as_str()?.chars().filter(|sign| !sign.is_control()).take(MOST).collect::<String>();
    (!text.trim().is_empty()).then_some(Fact { label, value: text })
}

/// What the account may do with the calendar.
fn role(body: &Value) -> Finding {
    match body["accessRole"].as_str() {
        Some("owner" | "writer") => {
            let what = both!(
                "A conta está conectada e pode ver e marcar horários nesta agenda.",
                "The account is connected and can see and book times in this calendar."
            );
            Finding::new(Cause::Works, what, Both::default())
        }
        Some("reader" | "freeBusyReader" | "none") => Finding::new(
            Cause::Forbidden,
            both!(
                "A conta conectada só pode olhar esta agenda, e não marcar nela.",
                "The connected account can only look at this calendar, and not book in it."
            ),
            both!(
                "Quem é dono da agenda abre Configurações → Compartilhar com pessoas e dá a esta conta “Fazer \
                 alterações nos eventos”.",
                "The calendar’s owner opens Settings → Share with specific people and gives this account “Make changes \
                 to events”."
            ),
        ),
        _ => google::unknown(),
    }
}

/// What is wrong with the busy times, if anything is: a calendar that Google does not know stands in an answer of 200.
fn times(body: &Value, id: &str) -> Option<Finding> {
    let Some(calendars) = body["calendars"].as_object() else { return Some(google::unknown()) };
    // Under its own id, or, for `primary`, under the account's.
    let calendar = calendars.get(id).or_else(|| calendars.values().next())?;
    let errors = calendar["errors"].as_array().filter(|errors| !errors.is_empty())?;
    let unknown = errors.iter().any(|error| error["reason"] == "notFound");
    Some(if unknown {
        Finding::new(
            Cause::NotFound,
            both!(
                "A conta conectada não vê os horários ocupados desta agenda.",
                "The connected account does not see the busy times of this calendar."
            ),
            both!(
                "Confira o ID da agenda. Se ela for de outra conta, compartilhe-a com a que está conectada.",
                "Check the calendar’s ID. If it belongs to another account, share it with the connected one."
            ),
        )
    } else {
        Finding::new(
            Cause::ProviderDown,
            both!(
                "O Google não conseguiu dizer os horários ocupados agora.",
                "Google could not tell the busy times just now."
            ),
            both!("Espere um minuto e teste de novo.", "Wait a minute and test again."),
        )
    })
}
