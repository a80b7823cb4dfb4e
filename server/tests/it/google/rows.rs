//! Every row of what Google is known to answer, replayed: each leads to its cause and its words, and nothing of the answer's
//! own text is repeated.

use super::fake::{CANARY, Fake, ID, SECRET};
use app::credentials::Provider::{self, GoogleCalendar, GoogleMeet};
use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use server::{
    egress::{AddressPolicy, Egress},
    providers::{
        self, Cause, Place, Probe, Report,
        google::{self, Client, Consent, TokenCache, TokenError, denied},
    },
};
use std::collections::BTreeMap;
use uuid::Uuid;

const SCOPES: &str = "openid https://www.googleapis.com/auth/calendar.events \
                      https://www.googleapis.com/auth/calendar.freebusy \
                      https://www.googleapis.com/auth/meetings.space.created";

fn probe(fake: &Fake) -> Probe {
    Probe {
        provider: Provider::GoogleCalendar,
        egress: Egress::new(AddressPolicy::parse_allow(&fake.origin()).unwrap()).unwrap(),
        lane: Uuid::new_v4(),
        bases: fake.bases(),
        base_url: "https://painel.example".parse().unwrap(),
        google: TokenCache::default(),
        now: Timestamp::now(),
        last_inbound: None,
        mapping: Default::default(),
    }
}

fn card(pairs: &[(&str, &str)]) -> BTreeMap<String, SecretString> {
    let client = [("client_id", ID), ("client_secret", SECRET), ("calendar_id", "primary")];
    client.iter().chain(pairs).map(|(name, value)| ((*name).to_owned(), (*value).to_owned().into())).collect()
}

/// A card with a consent of so many hours ago.
fn connected(hours: i64) -> BTreeMap<String, SecretString> {
    let since = (Timestamp::now() - SignedDuration::from_hours(hours)).to_string();
    card(&[("refresh_token", "1//0canary7f3a-refresh"), ("granted_scopes", SCOPES), ("granted_at", &since)])
}

const ACCESS: &str = r#"{"access_token":"ya29.canary7f3a-access","expires_in":3599,"token_type":"Bearer"}"#;

/// A whole report as a person reads it.
fn shown(report: &Report) -> String {
    let findings = report.findings.iter().map(|finding| format!("{} {}\n", finding.what.pt, finding.fix.pt));
    findings.chain(report.facts.iter().map(|fact| format!("{}: {}\n", fact.label, fact.value))).collect()
}

/// Counts rows, and names those that came out otherwise.
#[derive(Default)]
struct Table {
    rows: usize,
    right: usize,
    wrong: Vec<String>,
}

impl Table {
    fn row(&mut self, name: &str, right: bool, found: impl std::fmt::Debug) {
        self.rows += 1;
        self.right += usize::from(right);
        if !right {
            self.wrong.push(format!("{name}: {found:?}"));
        }
    }

    /// A report whose worst finding has this cause and these words.
    fn report(&mut self, name: &str, report: &Report, cause: Cause, words: &str) {
        let text = shown(report);
        let found = report.findings.iter().any(|finding| finding.cause == cause);
        let same = report.standing() == cause.standing() && found;
        self.row(name, same && text.contains(words) && !text.contains(CANARY) && !text.contains("GOCSPX"), report);
    }

    fn end(self, what: &str) {
        println!("google: {} of {} rows of {what}", self.right, self.rows);
        assert_eq!(self.wrong, Vec::<String>::new());
    }
}

fn refusal(error: &str, why: &str) -> String {
    format!(r#"{{"error":"{error}","error_description":"{why}","x":"{CANARY}"}}"#)
}

#[tokio::test]
async fn every_row_of_the_token_endpoint() {
    let fake = Fake::start().await;
    let mut table = Table::default();
    let rate = Cause::RateLimited { retry_after: None };

    // The pair without a user.
    let pair: [(u16, String, Cause, &str); 9] = [
        (
            401,
            refusal("invalid_client", "The OAuth client was not found."),
            Cause::BadCredential,
            "não conhece este Client ID",
        ),
        (
            401,
            refusal("invalid_client", "The provided client secret is invalid."),
            Cause::BadCredential,
            "este Client secret",
        ),
        (401, refusal("invalid_client", "Unauthorized"), Cause::BadCredential, "este Client secret"),
        (400, refusal("invalid_request", "client_secret is missing."), Cause::BadCredential, "este Client secret"),
        (
            400,
            refusal("invalid_grant", "Malformed auth code."),
            Cause::Forbidden,
            "O Client ID e o Client secret valem",
        ),
        (400, refusal("invalid_grant", "Bad Request"), Cause::Forbidden, "O Client ID e o Client secret valem"),
        (400, refusal("redirect_uri_mismatch", "Bad Request"), Cause::Forbidden, "O Client ID e o Client secret valem"),
        (400, refusal("unauthorized_client", "Unauthorized"), Cause::BadCredential, "o tipo dele é outro"),
        (
            401,
            refusal("deleted_client", "The OAuth client was deleted."),
            Cause::BadCredential,
            "não conhece este Client ID",
        ),
    ];
    for (status, body, cause, words) in pair {
        fake.tell("/token", status, &body);
        let report = providers::test(GoogleCalendar, &card(&[]), &probe(&fake)).await;
        table.report(&format!("pair: {status} {body}"), &report, cause, words);
    }
    let asked = fake.google().forms.last().cloned().unwrap();
    table.row("the pair is asked with a code that never was", asked["code"] == "4/invalid", &asked);

    // A refresh token, by its age.
    let revoked = refusal("invalid_grant", "Token has been expired or revoked.");
    let rapt = format!(r#"{{"error":"invalid_grant","error_subtype":"invalid_rapt","x":"{CANARY}"}}"#);
    let refreshes: [(i64, u16, String, Cause, &str); 14] = [
        (1, 400, revoked.clone(), Cause::Expired, "O acesso foi retirado"),
        (7 * 24 - 6, 400, revoked.clone(), Cause::Expired, "O acesso foi retirado"),
        (7 * 24, 400, revoked.clone(), Cause::Expired, "acabou depois de sete dias"),
        (8 * 24, 400, revoked.clone(), Cause::Expired, "Publish app"),
        (30 * 24, 400, revoked.clone(), Cause::Expired, "ou o seu app ainda está em modo de teste"),
        (200 * 24, 400, revoked, Cause::Expired, "seis meses sem uso"),
        (1, 400, rapt, Cause::Expired, "exige que a pessoa entre de novo"),
        (1, 401, refusal("invalid_client", "The OAuth client was not found."), Cause::BadCredential, "Client ID"),
        (
            1,
            401,
            refusal("invalid_client", "The provided client secret is invalid."),
            Cause::BadCredential,
            "Client secret",
        ),
        (1, 400, refusal("unauthorized_client", "Unauthorized"), Cause::BadCredential, "o tipo dele é outro"),
        (1, 400, refusal("admin_policy_enforced", "x"), Cause::Forbidden, "A organização desta conta não permite"),
        (1, 429, refusal("rate_limit_exceeded", "x"), rate, "menos chamadas"),
        (1, 503, CANARY.to_owned(), Cause::ProviderDown, "falha dele"),
        (1, 200, format!("<html>{CANARY}</html>"), Cause::Unexpected, "não conhece"),
    ];
    for (hours, status, body, cause, words) in refreshes {
        fake.tell("/token", status, &body);
        for provider in [GoogleCalendar, GoogleMeet] {
            let report = providers::test(provider, &connected(hours), &probe(&fake)).await;
            table.report(&format!("{provider:?} after {hours} h: {status} {body}"), &report, cause, words);
        }
    }

    // A code.
    let codes = [
        (400, refusal("invalid_grant", "Malformed auth code."), TokenError::CodeRefused),
        (400, refusal("invalid_grant", "Bad Request"), TokenError::CodeRefused),
        (400, refusal("invalid_grant", "Missing code verifier."), TokenError::CodeRefused),
        (400, refusal("invalid_grant", "Invalid code verifier."), TokenError::CodeRefused),
        (400, refusal("redirect_uri_mismatch", "Bad Request"), TokenError::RedirectMismatch),
        (401, refusal("invalid_client", "The OAuth client was not found."), TokenError::UnknownClient),
        (401, refusal("invalid_client", "Unauthorized"), TokenError::WrongSecret),
        (400, refusal("invalid_request", "client_secret is missing."), TokenError::WrongSecret),
        (403, refusal("org_internal", "x"), TokenError::Policy),
        (500, String::new(), TokenError::Down),
        (418, refusal("teapot", "x"), TokenError::Unexpected),
    ];
    for (status, body, expected) in codes {
        fake.tell("/token", status, &body);
        let probe = probe(&fake);
        let client = Client { id: ID.to_owned(), secret: SECRET.to_owned().into() };
        let consent = Consent::begin(GoogleCalendar, false, probe.lane, 1, probe.now).unwrap();
        let redirect = google::redirect_uri(&probe.base_url);
        let error = google::exchange(&client, "4/0Acanary7f3a", &consent, &redirect, &probe).await.map(drop);
        let finding = google::refused(expected, None, probe.now);
        let told = !finding.fix.is_empty() && !finding.what.is_empty();
        table.row(&format!("code: {status} {body}"), error == Err(expected) && told, error);
    }

    // What comes back in place of a code.
    for (error, words) in [
        ("access_denied", "O acesso não foi dado"),
        ("admin_policy_enforced", "Google Workspace"),
        ("org_internal", "Internal"),
        ("unauthorized_client", "Web application"),
        ("invalid_scope", "Library"),
        ("temporarily_unavailable", "falha dele"),
        ("canary7f3a", "não conhece"),
    ] {
        table.report(error, &Report::one(denied(error)), denied(error).cause, words);
    }
    table.end("the token endpoint and the page of consent");
}

fn old(code: u16, reason: &str) -> String {
    format!(
        r#"{{"error":{{"code":{code},"message":"{CANARY}","errors":[{{"domain":"global","reason":"{reason}","message":"{CANARY}"}}]}}}}"#
    )
}

fn new(code: u16, status: &str, reason: &str) -> String {
    format!(
        r#"{{"error":{{"code":{code},"message":"{CANARY}","status":"{status}","details":[{{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"{reason}","domain":"googleapis.com"}}]}}}}"#
    )
}

async fn test(fake: &Fake, provider: Provider) -> Report {
    providers::test(provider, &connected(1), &probe(fake)).await
}

#[tokio::test]
async fn every_row_of_the_calendar() {
    let fake = Fake::start().await;
    fake.tell("/token", 200, ACCESS);
    let mut table = Table::default();
    let rate = Cause::RateLimited { retry_after: None };
    let events = |role: &str| format!(r#"{{"kind":"calendar#events","summary":"Agenda","accessRole":"{role}"}}"#);
    let free = r#"{"calendars":{"primary":{"busy":[]}}}"#;
    let rows: [(u16, String, Cause, &str); 29] = [
        (200, events("owner"), Cause::Works, "pode ver e marcar"),
        (200, events("writer"), Cause::Works, "Agenda: Agenda"),
        (200, events("reader"), Cause::Forbidden, "só pode olhar"),
        (200, events("freeBusyReader"), Cause::Forbidden, "só pode olhar"),
        (200, events("none"), Cause::Forbidden, "só pode olhar"),
        (200, "{}".to_owned(), Cause::Unexpected, "não conhece"),
        (200, CANARY.to_owned(), Cause::Unexpected, "não conhece"),
        (400, old(400, "badRequest"), Cause::NotFound, "parece errado"),
        (400, old(400, "invalid"), Cause::NotFound, "parece errado"),
        (400, old(400, "timeRangeEmpty"), Cause::NotFound, "parece errado"),
        (401, old(401, "authError"), Cause::Expired, "Conectar de novo"),
        (401, new(401, "UNAUTHENTICATED", "ACCESS_TOKEN_EXPIRED"), Cause::Expired, "Conectar de novo"),
        (403, old(403, "insufficientPermissions"), Cause::Forbidden, "marque todas as caixas"),
        (
            403,
            new(403, "PERMISSION_DENIED", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"),
            Cause::Forbidden,
            "marque todas as caixas",
        ),
        (403, old(403, "accessNotConfigured"), Cause::Forbidden, "Google Calendar API → Enable"),
        (403, new(403, "PERMISSION_DENIED", "SERVICE_DISABLED"), Cause::Forbidden, "Google Calendar API → Enable"),
        (403, old(403, "rateLimitExceeded"), rate, "menos chamadas"),
        (403, old(403, "userRateLimitExceeded"), rate, "menos chamadas"),
        (403, old(403, "quotaExceeded"), rate, "menos chamadas"),
        (429, old(429, "rateLimitExceeded"), rate, "menos chamadas"),
        (429, CANARY.to_owned(), rate, "menos chamadas"),
        (403, old(403, "forbiddenForNonOrganizer"), Cause::Forbidden, "Só quem organiza"),
        (403, old(403, "domainPolicy"), Cause::Forbidden, "administrador da organização"),
        (403, CANARY.to_owned(), Cause::Forbidden, "não pode fazer isto"),
        (404, old(404, "notFound"), Cause::NotFound, "não existe, ou a conta conectada não a vê"),
        (410, old(410, "deleted"), Cause::NotFound, "foi apagada"),
        (410, old(410, "fullSyncRequired"), Cause::NotFound, "foi apagada"),
        (500, old(500, "backendError"), Cause::ProviderDown, "falha dele"),
        (302, CANARY.to_owned(), Cause::Unexpected, "não conhece"),
    ];
    fake.tell("/calendar/v3/freeBusy", 200, free);
    for (status, body, cause, words) in &rows {
        fake.tell("/calendar/v3/calendars/", *status, body);
        table.report(&format!("events: {status} {body}"), &test(&fake, GoogleCalendar).await, *cause, words);
    }
    for (status, body) in [(409, old(409, "duplicate")), (412, old(412, "conditionNotMet"))] {
        fake.tell("/calendar/v3/calendars/", status, &body);
        table.report(&format!("events: {status}"), &test(&fake, GoogleCalendar).await, Cause::Notice, "Teste de novo");
    }

    fake.tell("/calendar/v3/calendars/", 200, events("owner"));
    let of = |reason: &str| {
        format!(r#"{{"calendars":{{"primary":{{"errors":[{{"domain":"global","reason":"{reason}"}}]}}}}}}"#)
    };
    let busy: [(u16, String, Cause, &str); 8] = [
        (200, free.to_owned(), Cause::Works, "pode ver e marcar"),
        (200, of("notFound"), Cause::NotFound, "não vê os horários ocupados"),
        (200, of("internalError"), Cause::ProviderDown, "horários ocupados agora"),
        (200, CANARY.to_owned(), Cause::Unexpected, "não conhece"),
        (
            403,
            new(403, "PERMISSION_DENIED", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"),
            Cause::Forbidden,
            "marque todas as caixas",
        ),
        (429, old(429, "quotaExceeded"), rate, "menos chamadas"),
        (401, old(401, "authError"), Cause::Expired, "Conectar de novo"),
        (503, String::new(), Cause::ProviderDown, "falha dele"),
    ];
    for (status, body, cause, words) in busy {
        fake.tell("/calendar/v3/freeBusy", status, &body);
        table.report(&format!("freeBusy: {status} {body}"), &test(&fake, GoogleCalendar).await, cause, words);
    }

    // A consent with fewer permissions is not even tried.
    let asked = fake.count("GET /calendar");
    let since = Timestamp::now().to_string();
    let few = card(&[("refresh_token", "1//0x"), ("granted_scopes", "openid"), ("granted_at", &since)]);
    let report = providers::test(GoogleCalendar, &few, &probe(&fake)).await;
    table.report("two permissions missing", &report, Cause::Forbidden, "Falta a permissão: ver e marcar eventos");
    table.row(
        "both are named, nothing is asked",
        report.findings.len() == 2 && fake.count("GET /calendar") == asked,
        &report,
    );

    // Nobody there at all.
    let mut nowhere = probe(&fake);
    nowhere.bases.google_token = "https://nao-existe.invalid/token".parse().unwrap();
    let report = providers::test(GoogleCalendar, &connected(1), &nowhere).await;
    table.report("no such name", &report, Cause::Unreachable(Place::Name), "servidor com este nome");
    table.end("the calendar");
}

#[tokio::test]
async fn every_row_of_meet() {
    let fake = Fake::start().await;
    fake.tell("/token", 200, ACCESS);
    let mut table = Table::default();
    let rows: [(u16, String, Cause, &str); 13] = [
        (200, "{}".to_owned(), Cause::Works, "o Google Meet responde"),
        (200, format!(r#"{{"conferenceRecords":[{{"name":"{CANARY}"}}]}}"#), Cause::Works, "o Google Meet responde"),
        (200, CANARY.to_owned(), Cause::Unexpected, "não conhece"),
        (401, new(401, "UNAUTHENTICATED", "ACCESS_TOKEN_EXPIRED"), Cause::Expired, "Conectar de novo"),
        (403, new(403, "PERMISSION_DENIED", "SERVICE_DISABLED"), Cause::Forbidden, "Google Meet API → Enable"),
        (403, new(403, "PERMISSION_DENIED", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"), Cause::Forbidden, "todas as caixas"),
        (403, new(403, "PERMISSION_DENIED", "X"), Cause::Forbidden, "não pode fazer isto"),
        (403, old(403, "accessNotConfigured"), Cause::Forbidden, "Google Meet API → Enable"),
        (404, new(404, "NOT_FOUND", "X"), Cause::NotFound, "não achou a reunião"),
        (429, new(429, "RESOURCE_EXHAUSTED", "X"), Cause::RateLimited { retry_after: None }, "menos chamadas"),
        (429, CANARY.to_owned(), Cause::RateLimited { retry_after: None }, "menos chamadas"),
        (500, String::new(), Cause::ProviderDown, "falha dele"),
        (503, new(503, "UNAVAILABLE", "X"), Cause::ProviderDown, "falha dele"),
    ];
    for (status, body, cause, words) in &rows {
        fake.tell("/v2/conferenceRecords", *status, body);
        table.report(&format!("{status} {body}"), &test(&fake, GoogleMeet).await, *cause, words);
    }
    let path = "GET /v2/conferenceRecords?pageSize=1";
    table.row(
        "only the list is asked",
        fake.count("GET") == fake.count(path) && fake.count(path) > 0,
        fake.google().seen.len(),
    );
    table.row("nothing is made", fake.google().seen.iter().all(|seen| !seen.contains("spaces")), "");
    table.end("Meet");
}
