//! An Evolution server's answers, row by row as its fact sheet has them, of both versions, through the real way out.

mod connect;

use super::{Code, connect};
use crate::providers::{
    Cause, Report,
    fake::{CANARY, Fake, Reply, hostile_bodies},
    test,
    testing::{listen, now, shown},
};
use app::credentials::Provider::Evolution;
use jiff::SignedDuration;
use secrecy::SecretString;
use std::collections::BTreeMap;

const TOKEN: &str = "A1CANARY-E5F6-7890-ABCD-EF1234567890";
/// Another client's.
const FOREIGN: &str = "F0CANARY-0000-1111-2222-333344445555";
const ABSENT: &str = r#"{"instance":{"instanceName":"Clínica 2"}}"#;
const NOT_LOADED: &str = r#"{"instance":{"instanceName":"Clínica 2","state":null}}"#;

fn card(base: &str) -> BTreeMap<String, SecretString> {
    [("base_url", base), ("instance", "Clínica 2"), ("token", TOKEN)]
        .map(|(name, value)| (name.to_owned(), SecretString::from(value)))
        .into()
}

fn state(word: &str) -> Reply {
    Reply::new(200, format!(r#"{{"instance":{{"instanceName":"Clínica 2","state":"{word}"}}}}"#))
}

fn refusal(status: u16, error: &str, message: &str) -> Reply {
    Reply::new(status, format!(r#"{{"status":{status},"error":"{error}","response":{{"message":{message}}}}}"#))
}

/// What the stand-in answers: the state, our own entry of the list, the entry of a name that nobody has, the welcome.
#[derive(Clone)]
struct Answers {
    state: Reply,
    ours: Reply,
    nobodys: fn(&str) -> Reply,
    welcome: Reply,
}

impl Default for Answers {
    fn default() -> Self {
        Self {
            state: state("open"),
            ours: Reply::new(200, v2()),
            nobodys: |_| refusal(401, "Unauthorized", "\"Unauthorized\""),
            welcome: Reply::new(200, r#"{"status":200,"message":"Welcome","version":"2.3.7","clientName":"x"}"#),
        }
    }
}

fn v2() -> String {
    format!(
        r#"[{{"id":"1","name":"Clínica 2","connectionStatus":"open","ownerJid":"5511987654321@s.whatsapp.net",
            "profileName":"Clínica Aurora","profilePicUrl":"https://x/{CANARY}","integration":"WHATSAPP-BAILEYS",
            "number":null,"token":"{TOKEN}","Setting":{{"id":"{CANARY}"}},"_count":{{"Message":7}}}}]"#
    )
}

fn v1() -> String {
    format!(
        r#"[{{"instance":{{"instanceName":"Clínica 2","instanceId":"1","owner":"551187654321@s.whatsapp.net",
            "profileName":"Aurora","profileStatus":"{CANARY}","status":"open","apikey":"{TOKEN}"}}}}]"#
    )
}

async fn ask(answers: Answers, quiet_hours: Option<i64>) -> (Report, Fake) {
    let server = Fake::start(move |asked| match (asked.path.as_str(), asked.query.as_str()) {
        ("/evo/instance/connectionState/Cl%C3%ADnica%202", "") => answers.state.clone(),
        ("/evo/instance/fetchInstances", "instanceName=Cl%C3%ADnica+2") => answers.ours.clone(),
        ("/evo/instance/fetchInstances", query) => (answers.nobodys)(query.trim_start_matches("instanceName=")),
        ("/evo/", "") => answers.welcome.clone(),
        _ => Reply::new(500, "not asked for"),
    })
    .await;
    let mut probe = server.probe();
    probe.last_inbound = quiet_hours.map(|hours| now() - SignedDuration::from_hours(hours));
    let report = test(Evolution, &card(&format!("{}evo", server.url)), &probe).await;
    (report, server)
}

async fn check(what: &str, rows: Vec<(&str, Answers, Option<i64>, Cause, &str)>) {
    let (all, mut right) = (rows.len(), 0);
    for (name, answers, quiet, cause, says) in rows {
        let (report, _) = ask(answers, quiet).await;
        let text = shown(&report);
        assert_eq!(report.findings.first().map(|finding| finding.cause), Some(cause), "{name}: {text}");
        assert!(text.contains(says), "{name}: {says:?} expected in {text}");
        for secret in [CANARY, TOKEN, FOREIGN] {
            assert!(!text.contains(secret), "{name}: {text}");
        }
        let unhelpful = report.findings.iter().find(|finding| finding.cause != Cause::Works && finding.fix.is_empty());
        assert!(unhelpful.is_none(), "{name} says what to do");
        right += 1;
    }
    eprintln!("evolution: {right} of {all} rows of {what} answered right");
}

#[tokio::test]
async fn every_state_beside_the_last_message() {
    let with = |told: Reply| Answers { state: told, ..Answers::default() };
    check(
        "states",
        vec![
            ("open, a message just now", with(state("open")), Some(0), Cause::Works, "Conectado"),
            ("open, a message today", with(state("open")), Some(3), Cause::Works, "chegou há 3 horas"),
            ("open, a message yesterday", with(state("open")), Some(24), Cause::Works, "chegou há 24 horas"),
            ("open, and silent", with(state("open")), Some(25), Cause::Doubtful, "há 25 horas"),
            ("open, and silent for weeks", with(state("open")), Some(24 * 30), Cause::Doubtful, "há 30 dias"),
            ("open, nobody knows", with(state("open")), None, Cause::Notice, "ainda não viu nenhuma mensagem"),
            ("connecting", with(state("connecting")), Some(0), Cause::Disconnected, "QR code"),
            ("close", with(state("close")), Some(0), Cause::Disconnected, "está desconectado"),
            ("refused", with(state("refused")), None, Cause::Disconnected, "ninguém leu o QR code"),
            ("absent", with(Reply::new(200, ABSENT)), Some(0), Cause::Disconnected, "não a carregou"),
            ("null", with(Reply::new(200, NOT_LOADED)), Some(0), Cause::Disconnected, "não a carregou"),
            ("a word that nobody knows", with(state("paired")), Some(0), Cause::Unexpected, "Estado: desconhecido"),
            ("no instance in it", with(Reply::new(200, r#"{"state":"x"}"#)), Some(0), Cause::Unexpected, "costuma dar"),
            ("empty", with(Reply::new(200, "")), Some(0), Cause::Unexpected, "costuma dar"),
            (
                "200 with error true",
                with(Reply::new(200, r#"{"error":true,"message":"[object Object]"}"#)),
                Some(0),
                Cause::ProviderDown,
                "falha dele",
            ),
        ],
    )
    .await;
}

#[tokio::test]
async fn every_refusal() {
    let with = |told: Reply| Answers { state: told, ..Answers::default() };
    let unknown_route = refusal(404, "Not Found", r#"["Cannot GET /instance/connectionState/x"]"#);
    let licence = format!(
        r#"{{"error":"service not activated","code":"LICENSE_REQUIRED","register_url":"https://{CANARY}","message":"x"}}"#
    );
    let waited = Reply::new(429, "").with("retry-after", "30");
    let moved = Reply::new(301, "").with("location", "https://elsewhere.example/");
    let secret = format!(r#""{CANARY}""#);
    check(
        "refusals",
        vec![
            (
                "401, a text",
                with(refusal(401, "Unauthorized", "\"Unauthorized\"")),
                None,
                Cause::BadCredential,
                "não aceita este token",
            ),
            (
                "401, a list",
                with(refusal(401, "Unauthorized", "[\"Unauthorized\"]")),
                None,
                Cause::BadCredential,
                "Evolution Manager",
            ),
            (
                "404, a list, whatever the token",
                with(refusal(404, "Not Found", r#"["The \"Clínica 2\" instance does not exist"]"#)),
                None,
                Cause::NotFound,
                "uma instância com esse nome",
            ),
            (
                "404, a text",
                with(refusal(404, "Not Found", r#""The \"Clínica 2\" instance does not exist""#)),
                None,
                Cause::NotFound,
                "uma instância com esse nome",
            ),
            ("404, an unknown route", with(unknown_route), None, Cause::NotFound, "não responde uma Evolution API"),
            (
                "404, a web page",
                with(Reply::new(404, "<html>nginx")),
                None,
                Cause::NotFound,
                "não responde uma Evolution API",
            ),
            (
                "200, a web page",
                with(Reply::new(200, "<html>")),
                None,
                Cause::NotFound,
                "não responde uma Evolution API",
            ),
            (
                "403",
                with(refusal(403, "Forbidden", "[\"Missing global api key\"]")),
                None,
                Cause::Forbidden,
                "proteção",
            ),
            (
                "500, a text",
                with(refusal(500, "Internal Server Error", &secret)),
                None,
                Cause::ProviderDown,
                "falha dele",
            ),
            (
                "500, a list",
                with(refusal(500, "Internal Server Error", &format!("[{secret}]"))),
                None,
                Cause::ProviderDown,
                "falha dele",
            ),
            (
                "502, of what stands in front",
                with(Reply::new(502, "<html>Bad gateway")),
                None,
                Cause::ProviderDown,
                "falha dele",
            ),
            ("503 without a licence", with(Reply::new(503, licence)), None, Cause::ProviderDown, "sem licença ativa"),
            ("503 otherwise", with(Reply::new(503, "")), None, Cause::ProviderDown, "falha dele"),
            ("429", with(waited), None, Cause::RateLimited { retry_after: Some(30) }, "pediu para esperar"),
            ("a redirect", with(moved), None, Cause::BadAddress, "manda para outro"),
            ("400", with(refusal(400, "Bad Request", &secret)), None, Cause::Unexpected, "costuma dar"),
        ],
    )
    .await;
}

#[tokio::test]
async fn every_list_of_instances() {
    let ours = |body: String| Answers { ours: Reply::new(200, body), ..Answers::default() };
    let nobodys = |nobodys| Answers { nobodys, ..Answers::default() };
    let alone = v2().trim().trim_start_matches('[').trim_end_matches(']').to_owned();
    check(
        "instances",
        vec![
            ("v2: the telephone", ours(v2()), Some(0), Cause::Works, "Telefone: (11) 98765-4321"),
            ("v2: the name", ours(v2()), Some(0), Cause::Works, "Nome no WhatsApp: Clínica Aurora"),
            ("v2: the channel", ours(v2()), Some(0), Cause::Works, "Canal: WhatsApp Web (QR code)"),
            ("v1", ours(v1()), Some(0), Cause::Works, "Nome no WhatsApp: Aurora"),
            ("one by itself", ours(alone), Some(0), Cause::Works, "Nome no WhatsApp: Clínica Aurora"),
            ("none", ours("[]".to_owned()), Some(0), Cause::Works, "Estado: conectado"),
            ("rubbish", ours("[{\"name\":7".to_owned()), Some(0), Cause::Works, "Estado: conectado"),
            ("the version", Answers::default(), Some(0), Cause::Works, "Versão do servidor: 2.3.7"),
            (
                "no welcome",
                Answers { welcome: Reply::new(404, ""), ..Answers::default() },
                Some(0),
                Cause::Works,
                "Estado: conectado",
            ),
            ("v2, the instance's token", Answers::default(), Some(0), Cause::Works, "Estado: conectado"),
            (
                "v1, the instance's token: its own, whatever the name",
                nobodys(|_| Reply::new(200, v1())),
                Some(0),
                Cause::Works,
                "Estado: conectado",
            ),
            ("v2, the global key", nobodys(|_| Reply::new(200, "[]")), Some(0), Cause::TooPowerful, "chave global"),
            (
                "v1, the global key",
                nobodys(|name| refusal(404, "Not Found", &format!(r#"["Instance \"{name}\" not found"]"#))),
                Some(0),
                Cause::TooPowerful,
                "chave global",
            ),
            (
                "everybody's, whatever the name",
                nobodys(|_| {
                    Reply::new(200, format!(r#"[{{"name":"Clínica 2"}},{{"name":"Outra","token":"{FOREIGN}"}}]"#))
                }),
                Some(0),
                Cause::TooPowerful,
                "Troque-a pelo token",
            ),
            (
                "v1, ours is not loaded",
                nobodys(|_| refusal(404, "Not Found", r#"["Instance \"Clínica 2\" not found"]"#)),
                Some(0),
                Cause::Works,
                "Estado: conectado",
            ),
            ("the list is forbidden", nobodys(|_| Reply::new(403, "")), Some(0), Cause::Works, "Estado: conectado"),
            ("the list is broken", nobodys(|_| Reply::new(500, "")), Some(0), Cause::Works, "Estado: conectado"),
            (
                "the list is something else",
                nobodys(|_| Reply::new(200, "{}")),
                Some(0),
                Cause::Works,
                "Estado: conectado",
            ),
        ],
    )
    .await;
}

/// The list holds tokens, ours and others': none of them is in the log, at its most talkative, nor in what is kept.
#[tokio::test]
async fn no_token_reaches_the_log() {
    let (log, _guard) = listen();
    let all = format!(r#"[{{"name":"Clínica 2","token":"{TOKEN}"}},{{"name":"Outra","token":"{FOREIGN}"}}]"#);
    let answers =
        Answers { ours: Reply::new(200, all.clone()), nobodys: |_| Reply::new(200, v1()), ..Answers::default() };
    let (report, server) = ask(answers, Some(1)).await;
    let kept = format!("{report:?}");
    assert_eq!(report.findings[0].cause, Cause::Works, "{kept}");
    let asked = server.seen();
    assert_eq!(asked.len(), 4);
    assert!(asked.iter().all(|asked| asked.method == "GET"));
    let with_key = asked.iter().filter(|asked| asked.headers.get("apikey").is_some_and(|key| key == TOKEN)).count();
    assert_eq!(with_key, 3, "and the page that needs no token gets none");
    tracing::trace!("planted {CANARY}");
    let log = log.text();
    assert!(log.contains(CANARY) && log.contains("127.0.0.1"), "the log is listened to, the client's own too");
    for secret in ["A1CANARY", "F0CANARY"] {
        assert!(!log.contains(secret) && !kept.contains(secret), "{secret}");
    }
    // And the types themselves have no place for one.
    let listed: Vec<super::instances::Listed> = serde_json::from_str(&all).unwrap();
    assert!(!format!("{listed:?}").contains("CANARY"));
}

/// Whatever a server puts into its answers: nothing of it is shown.
#[tokio::test]
async fn nothing_of_an_answer_is_shown() {
    let (mut asked, mut quiet) = (0, 0);
    for body in hostile_bodies() {
        for status in [200, 404, 503] {
            let told = Reply::new(status, body.clone());
            let (of_lists, _) =
                ask(Answers { ours: told.clone(), welcome: told.clone(), ..Answers::default() }, None).await;
            let server = Fake::start(move |_| told.clone()).await;
            let (card, probe) = (card(server.url.as_str()), server.probe());
            let (of_state, of_code) = (test(Evolution, &card, &probe).await, connect(&card, &probe).await);
            // The text of a code is drawn and not written; what is typed instead is.
            let of_code = of_code.map(|code| match code {
                Code::Text { pairing, .. } | Code::Picture { pairing, .. } => pairing,
                Code::Connected | Code::NotYet | Code::GivenUp => None,
            });
            let shown = format!("{of_state:?}{of_lists:?}{of_code:?}");
            asked += 1;
            quiet += usize::from(!shown.contains(CANARY) && !shown.contains("A1CANARY"));
        }
    }
    eprintln!("evolution: nothing shown of {quiet} of {asked} hostile answers");
    assert_eq!(quiet, asked);
}
