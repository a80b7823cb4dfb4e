//! The connection test of a project. It reads: the settings of the project's sign-in (which need a good key and no table),
//! and from each table one row with the columns that Painel reads. Whether the key could also write is asked in a way that
//! writes nothing (`table.rs`).
//!
//! What the key's text tells is looked at first: a key that may do too much, or has expired, is sent nowhere.

use super::{
    KEY, KeyKind, URL,
    answer::{Refusal, paused, too_powerful},
    classify,
    key::expiry,
    project_ref, table,
    tested::Tested,
};
use crate::{
    egress::{Incoming, Outgoing},
    mapping::Part,
    project::ApiKey,
    providers::{
        probe::Probe,
        report::{Cause, Fact, Finding, Place, Report},
        span,
    },
};
use app::{
    both,
    lang::{Both, lang},
    tr,
};
use http::{HeaderMap, Method};
use secrecy::{ExposeSecret, SecretString};
use std::{cmp::Reverse, collections::BTreeMap, time::Duration};
use url::Url;

/// How long a project's clocks take to agree again about a JWT issued "in the future".
const CLOCK_PAUSE: Duration = Duration::from_millis(1500);

/// Tests the card's fields.
pub(in crate::providers) async fn test(fields: &BTreeMap<String, SecretString>, probe: &Probe) -> Report {
    let field = |name: &str| fields.get(name);
    let (Some(url), Some(key)) = (field(URL), field(KEY)) else { return Report::one(incomplete()) };
    let hosted = project_ref(url.expose_secret());
    let kind = classify(key.expose_secret(), probe.now, hosted);
    if let Some(refusal) = kind.refusal() {
        return Report::one(Finding::new(cause_of(kind), refusal, Both::default()));
    }
    let (Ok(base), Ok(api_key)) = (Url::parse(url.expose_secret()), ApiKey::new(key.clone())) else {
        return Report::one(incomplete());
    };
    let doctor = Doctor { probe, base, key: api_key, hosted: hosted.is_some() };
    let mut report = doctor.examine().await;
    report.findings.extend(old_kind(kind));
    report.findings.sort_by_key(|finding| Reverse(finding.cause.standing()));
    report.facts.insert(0, Fact { label: tr!("Tipo da chave", "Kind of key"), value: kind_in_words(kind, key, probe) });
    report
}

/// One project under examination.
pub(super) struct Doctor<'a> {
    pub(super) probe: &'a Probe,
    pub(super) base: Url,
    pub(super) key: ApiKey,
    /// At Supabase itself, where the root of the API answers to powerful keys only.
    pub(super) hosted: bool,
}

impl Doctor<'_> {
    /// The project as a whole, then its tables side by side.
    pub(super) async fn examine(&self) -> Report {
        let (settings, root) = futures::future::join(self.settings(), self.root()).await;
        if let Err(report) = settings.and(root) {
            return report;
        }
        let tested = Tested::all(&self.probe.mapping);
        let examined = futures::future::join_all(tested.iter().map(|one| table::examine(self, one))).await;
        let mut report = Report::default();
        let mut readable = 0;
        for (one, examined) in tested.iter().zip(examined) {
            // What is the matter with the key or the project is told once, not once a table.
            for finding in examined.findings {
                if !report.findings.contains(&finding) {
                    report.findings.push(finding);
                }
            }
            if let Some(rows) = examined.rows {
                readable += 1;
                report.facts.push(Fact { label: rows_of(one), value: rows });
            }
        }
        if readable == tested.len() {
            let what = if tested.iter().all(|one| one.ours) {
                both!(
                    "A chave funciona e o painel lê as três tabelas.",
                    "The key works and Painel reads the three tables.",
                )
            } else {
                both!(
                    "A chave funciona e o painel lê as tabelas do mapeamento.",
                    "The key works and Painel reads the tables of the mapping.",
                )
            };
            report.findings.push(Finding::new(Cause::Works, what, Both::default()));
        }
        report
    }

    /// The first of the two questions: is this a project, and does it know the key?
    async fn settings(&self) -> Result<(), Report> {
        let answer = self.ask(Method::GET, &["auth", "v1", "settings"], &[], None, &[]).await?;
        if answer.status.is_success() {
            return Ok(());
        }
        let refusal = Refusal::read(&answer);
        // What this part of a project has of its own (a self-hosted one may be without it) is no matter of ours.
        if refusal.is_about_the_whole() { Err(Report::one(refusal.finding(None))) } else { Ok(()) }
    }

    /// Second line of defence: there, the root answers to keys only that pass every policy.
    async fn root(&self) -> Result<(), Report> {
        if !self.hosted {
            return Ok(());
        }
        match self.ask(Method::GET, &["rest", "v1", ""], &[], None, &[]).await {
            Ok(answer) if answer.status.is_success() => Err(Report::one(too_powerful())),
            // Whatever else is wrong shows in the other questions.
            Ok(_) | Err(_) => Ok(()),
        }
    }

    /// Asks about one table, in its schema.
    ///
    /// # Errors
    /// The report of a project that gave no answer.
    pub(super) async fn ask_table(
        &self,
        method: Method,
        of: &Tested,
        query: &[(&str, &str)],
        body: Option<&'static str>,
        headers: &[(&'static str, &str)],
    ) -> Result<Incoming, Report> {
        let mut headers = headers.to_vec();
        if let Some(schema) = &of.table.schema {
            let name = if method == Method::POST { "content-profile" } else { "accept-profile" };
            headers.push((name, schema.as_str()));
        }
        self.ask(method, &["rest", "v1", &of.table.name], query, body, &headers).await
    }

    /// Asks, and once more when the project's clocks disagree.
    ///
    /// # Errors
    /// The report of a project that gave no answer.
    pub(super) async fn ask(
        &self,
        method: Method,
        path: &[&str],
        query: &[(&str, &str)],
        body: Option<&'static str>,
        headers: &[(&'static str, &str)],
    ) -> Result<Incoming, Report> {
        let request = || {
            let mut url = self.base.clone();
            // An address without a path is refused when it is sent.
            if let Ok(mut segments) = url.path_segments_mut() {
                segments.pop_if_empty().extend(path);
            }
            if !query.is_empty() {
                url.query_pairs_mut().extend_pairs(query);
            }
            let mut all = HeaderMap::new();
            for (name, value) in headers {
                // The name of a schema may be none that a header can hold: then the project is asked without, and says no.
                if let Ok(value) = http::HeaderValue::from_bytes(value.as_bytes()) {
                    all.insert(*name, value);
                }
            }
            self.key.put_into(&mut all);
            Outgoing { method: method.clone(), url, headers: all, body: body.map(Into::into), deadline: None }
        };
        let first = self.probe.ask(request()).await.map_err(|report| self.gone(report))?;
        if first.status.is_success() || !Refusal::read(&first).is_clock_ahead() {
            return Ok(first);
        }
        tokio::time::sleep(CLOCK_PAUSE).await;
        self.probe.ask(request()).await.map_err(|report| self.gone(report))
    }

    /// A hosted project's name vanishes when it is paused for long, and when it is deleted.
    fn gone(&self, report: Report) -> Report {
        let nameless = report.findings.iter().any(|finding| finding.cause == Cause::Unreachable(Place::Name));
        if !self.hosted || !nameless {
            return report;
        }
        let place = Cause::Unreachable(Place::Name);
        Report::one(Finding {
            cause: place,
            what: both!(
                "O Supabase não conhece este projeto: está pausado, foi apagado, ou o endereço tem um erro.",
                "Supabase does not know this project: it is paused, was deleted, or the address contains a mistake.",
            ),
            ..paused()
        })
    }
}

fn rows_of(table: &Tested) -> &'static str {
    match (table.part, table.ours) {
        (Part::Conversations, true) => tr!("Linhas em conversations", "Rows in conversations"),
        (Part::Messages, true) => tr!("Linhas em messages", "Rows in messages"),
        (Part::Appointments, true) => tr!("Linhas em appointments", "Rows in appointments"),
        (Part::Conversations, false) => tr!("Linhas na tabela das conversas", "Rows in the conversations table"),
        (Part::Messages, false) => tr!("Linhas na tabela das mensagens", "Rows in the messages table"),
        (Part::Appointments, false) => tr!("Linhas na tabela da agenda", "Rows in the appointments table"),
    }
}

fn incomplete() -> Finding {
    Finding::new(
        Cause::BadCredential,
        both!("Faltam o endereço ou a chave.", "The address or the key is missing."),
        both!("Preencha os dois campos e teste de novo.", "Fill in both fields and test again."),
    )
}

fn cause_of(kind: KeyKind) -> Cause {
    match kind {
        KeyKind::Expired => Cause::Expired,
        kind if kind.is_elevated() => Cause::TooPowerful,
        _ => Cause::BadCredential,
    }
}

fn kind_in_words(kind: KeyKind, key: &SecretString, probe: &Probe) -> String {
    match (kind, expiry(key.expose_secret())) {
        (KeyKind::Publishable, _) => tr!("publishable (a atual)", "publishable (the current one)").to_owned(),
        (_, Some(end)) => {
            let left = span::words(lang(), probe.now, end);
            tr!(
                format!("anon (a antiga), vence em {}, daqui a {left}", end.strftime("%d/%m/%Y")),
                format!("anon (the old one), expires on {}, in {left}", end.strftime("%-d %B %Y"))
            )
        }
        (_, None) => tr!("anon (a antiga)", "anon (the old one)").to_owned(),
    }
}

/// The older kind of key is on its way out.
fn old_kind(kind: KeyKind) -> Option<Finding> {
    (kind == KeyKind::Anon).then(|| {
        Finding::new(
            Cause::Notice,
            both!(
                "Esta é uma chave do tipo antigo (anon). O Supabase vai desligar esse tipo.",
                "This is a key of the old kind (anon). Supabase is going to switch that kind off.",
            ),
            both!(
                "Quando puder, troque: no Supabase, Project Settings → API Keys, copie a “publishable” e guarde-a \
                 aqui.",
                "When you can, replace it: in Supabase, Project Settings → API Keys, copy the “publishable” one and \
                 save it here.",
            ),
        )
    })
}
