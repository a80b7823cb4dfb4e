//! The Graph API's answers, row by row as its fact sheet has them, through the real way out.

use crate::providers::{
    Cause, Report,
    fake::{CANARY, Fake, Reply, hostile_bodies},
    test,
    testing::{NOW, listen, shown},
};
use app::credentials::Provider::Whatsapp;
use secrecy::SecretString;
use std::collections::BTreeMap;

const ID: &str = "106540352242922";
const WABA: &str = "102290129340398";
const TOKEN: &str = "EAAcanary1yT2bZCoBO0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJ";

fn card() -> BTreeMap<String, SecretString> {
    [("phone_number_id", ID), ("access_token", TOKEN), ("display_number", "+5511987654321"), ("waba_id", WABA)]
        .map(|(name, value)| (name.to_owned(), SecretString::from(value)))
        .into()
}

/// A number's answer, with one thing changed.
fn number(change: &str) -> Reply {
    let mut number = serde_json::json!({
        "id": ID, "display_phone_number": "+55 11 98765-4321", "verified_name": "Clínica Aurora",
        "quality_rating": "GREEN", "code_verification_status": "EXPIRED", "platform_type": "CLOUD_API",
        "throughput": {"level": "STANDARD"}, "webhook_configuration": {"application": CANARY},
    });
    let change: serde_json::Value = serde_json::from_str(change).unwrap();
    number.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    Reply::new(200, number.to_string())
}

/// A token's answer, with one thing changed.
fn token(change: &str) -> Reply {
    let mut data = serde_json::json!({
        "app_id": "670843887433847", "type": "SYSTEM_USER", "application": CANARY, "data_access_expires_at": 0,
        "expires_at": 0, "is_valid": true, "issued_at": NOW - 86_400, "user_id": "10222270944537964",
        "scopes": ["whatsapp_business_management", "whatsapp_business_messaging"],
    });
    let change: serde_json::Value = serde_json::from_str(change).unwrap();
    data.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    Reply::new(200, serde_json::json!({"data": data}).to_string())
}

fn error(status: u16, code: &str, subcode: &str) -> Reply {
    let subcode = if subcode.is_empty() { String::new() } else { format!(r#""error_subcode":{subcode},"#) };
    Reply::new(
        status,
        format!(
            r#"{{"error":{{"message":"(#{code}) {CANARY}","type":"OAuthException","code":{code},{subcode}
               "error_data":{{"messaging_product":"whatsapp","details":"{CANARY}"}},"fbtrace_id":"{CANARY}"}}}}"#
        ),
    )
}

async fn ask(number: Reply, token: Reply) -> (Report, Fake) {
    let graph = Fake::start(move |asked| match asked.path.as_str() {
        "/106540352242922" => number.clone(),
        "/debug_token" => token.clone(),
        _ => Reply::new(404, ""),
    })
    .await;
    let report = test(Whatsapp, &card(), &graph.probe()).await;
    (report, graph)
}

/// Asks each row, and holds the first finding's cause and the words of the whole against it.
async fn check(what: &str, rows: Vec<(&str, Reply, Reply, Cause, &str)>) {
    let (all, mut right) = (rows.len(), 0);
    for (name, number, token, cause, says) in rows {
        let (report, _) = ask(number, token).await;
        let text = shown(&report);
        assert_eq!(report.findings.first().map(|finding| finding.cause), Some(cause), "{name}: {text}");
        assert!(text.contains(says), "{name}: {says:?} expected in {text}");
        assert!(!text.contains(CANARY) && !text.contains(TOKEN), "{name}: {text}");
        let unhelpful = report.findings.iter().find(|finding| finding.cause != Cause::Works && finding.fix.is_empty());
        assert!(unhelpful.is_none(), "{name} says what to do");
        right += 1;
    }
    eprintln!("whatsapp: {right} of {all} rows of {what} answered right");
}

#[tokio::test]
async fn every_refusal_of_the_graph() {
    let limited = Cause::RateLimited { retry_after: None };
    let waited = Reply::new(429, "").with("retry-after", "120");
    let redirected = Reply::new(302, "").with("location", "https://login.example/");
    let rows = vec![
        ("190 at 401", error(401, "190", ""), Cause::BadCredential, "não aceita este token"),
        ("190 at 400", error(400, "190", ""), Cause::BadCredential, "não aceita este token"),
        ("190 at 200", error(200, "190", ""), Cause::BadCredential, "não aceita este token"),
        ("190/463 at 401", error(401, "190", "463"), Cause::Expired, "O token venceu"),
        ("190/463 at 400", error(400, "190", "463"), Cause::Expired, "O token venceu"),
        ("190/460", error(401, "190", "460"), Cause::Expired, "trocou a senha"),
        ("190, another subcode", error(401, "190", "458"), Cause::BadCredential, "não aceita este token"),
        ("0", error(401, "0", ""), Cause::BadCredential, "não aceita este token"),
        ("3", error(400, "3", ""), Cause::Forbidden, "adicione o produto"),
        ("10", error(403, "10", ""), Cause::Forbidden, "não tem permissão"),
        ("200", error(403, "200", ""), Cause::Forbidden, "Atribuir ativos"),
        ("230", error(400, "230", ""), Cause::Forbidden, "Atribuir ativos"),
        ("299", error(403, "299", ""), Cause::Forbidden, "Atribuir ativos"),
        ("100/33", error(400, "100", "33"), Cause::NotFound, "o ID está errado, ou o token é de outra empresa"),
        ("100 of another kind of thing", error(400, "100", ""), Cause::NotFound, "não é de um número"),
        ("33", error(400, "33", ""), Cause::NotFound, "foi apagado"),
        ("4", error(400, "4", ""), limited, "pediu para esperar"),
        ("80007", error(400, "80007", ""), limited, "pediu para esperar"),
        ("130429", error(429, "130429", ""), limited, "pediu para esperar"),
        ("131056", error(400, "131056", ""), limited, "pediu para esperar"),
        ("133016", error(400, "133016", ""), limited, "pediu para esperar"),
        ("131048", error(400, "131048", ""), limited, "bloqueou ou denunciou"),
        ("368", error(403, "368", ""), Cause::Forbidden, "bloqueou esta conta"),
        ("131031", error(403, "131031", ""), Cause::Forbidden, "Qualidade da conta"),
        ("130497", error(403, "130497", ""), Cause::Forbidden, "Qualidade da conta"),
        ("131042", error(400, "131042", ""), Cause::Forbidden, "pagamento"),
        ("131026", error(400, "131026", ""), Cause::Notice, "não foi possível entregar"),
        ("131047", error(400, "131047", ""), Cause::Notice, "24 horas"),
        ("1", error(500, "1", ""), Cause::ProviderDown, "falha dela"),
        ("2", error(503, "2", ""), Cause::ProviderDown, "falha dela"),
        ("131000", error(500, "131000", ""), Cause::ProviderDown, "falha dela"),
        ("131016", error(500, "131016", ""), Cause::ProviderDown, "falha dela"),
        ("a code that nobody knows", error(400, "987654", ""), Cause::Unexpected, "(987654)"),
        ("a code that is no number", error(400, "\"190\"", ""), Cause::Unexpected, "costuma dar"),
        ("an error without a code", Reply::new(400, r#"{"error":{"message":"x"}}"#), Cause::Unexpected, "costuma dar"),
        ("an error that is a text", Reply::new(400, r#"{"error":"x"}"#), Cause::Unexpected, "costuma dar"),
        ("429 without a body", waited, Cause::RateLimited { retry_after: Some(120) }, "pediu para esperar"),
        ("401 without a body", Reply::new(401, ""), Cause::BadCredential, "não aceita este token"),
        ("500 as a web page", Reply::new(500, format!("<html>{CANARY}")), Cause::ProviderDown, "falha dela"),
        ("200 as a web page", Reply::new(200, format!("<html>{CANARY}")), Cause::Unexpected, "costuma dar"),
        ("200 as a list", Reply::new(200, "[]"), Cause::Unexpected, "costuma dar"),
        ("200 without a body", Reply::new(200, ""), Cause::Unexpected, "costuma dar"),
        ("a redirect", redirected, Cause::Unexpected, "costuma dar"),
    ];
    check(
        "refusals",
        rows.into_iter().map(|(name, told, cause, says)| (name, told, token("{}"), cause, says)).collect(),
    )
    .await;
}

#[tokio::test]
async fn every_answer_about_the_number() {
    let sample = r#"{"verified_name":"Lucky Shrub","display_phone_number":"15550783881"}"#;
    let rows = vec![
        ("all well", number("{}"), Cause::Works, "Nome verificado: Clínica Aurora"),
        ("its telephone", number("{}"), Cause::Works, "Telefone: (11) 98765-4321"),
        ("its quality", number("{}"), Cause::Works, "Qualidade: alta"),
        ("its speed", number("{}"), Cause::Works, "Velocidade: até 80 mensagens por segundo"),
        ("high throughput", number(r#"{"throughput":{"level":"HIGH"}}"#), Cause::Works, "até 1.000 mensagens"),
        ("without throughput", number(r#"{"throughput":null}"#), Cause::Works, "Qualidade: alta"),
        ("digits alone", number(r#"{"display_phone_number":"5511987654321"}"#), Cause::Works, "aceita o token"),
        (
            "without the ninth digit",
            number(r#"{"display_phone_number":"551187654321"}"#),
            Cause::Works,
            "aceita o token",
        ),
        ("another number", number(sample), Cause::NotFound, "15550783881, e no cartão está (11) 98765-4321"),
        ("no number at all", number(r#"{"display_phone_number":null}"#), Cause::NotFound, "não diz de que telefone"),
        ("yellow", number(r#"{"quality_rating":"YELLOW"}"#), Cause::Works, "Qualidade: média"),
        ("red", number(r#"{"quality_rating":"RED"}"#), Cause::Works, "A qualidade do número está baixa"),
        ("unknown", number(r#"{"quality_rating":"UNKNOWN"}"#), Cause::Works, "Qualidade: ainda sem nota"),
        ("na", number(r#"{"quality_rating":"NA"}"#), Cause::Works, "Qualidade: ainda sem nota"),
        ("verification expired", number(r#"{"code_verification_status":"EXPIRED"}"#), Cause::Works, "aceita o token"),
        ("on premise", number(r#"{"platform_type":"ON_PREMISE"}"#), Cause::Forbidden, "API antiga"),
        ("not registered", number(r#"{"platform_type":"NOT_APPLICABLE"}"#), Cause::Forbidden, "não foi registrado"),
        ("the test number", number(r#"{"verified_name":"Test Number"}"#), Cause::Works, "número de teste da Meta"),
    ];
    check(
        "numbers",
        rows.into_iter().map(|(name, told, cause, says)| (name, told, token("{}"), cause, says)).collect(),
    )
    .await;
}

#[tokio::test]
async fn every_answer_about_the_token() {
    let person = |hours: i64| token(&format!(r#"{{"type":"USER","expires_at":{}}}"#, NOW + hours * 3_600));
    let system = |hours: i64| token(&format!(r#"{{"expires_at":{}}}"#, NOW + hours * 3_600));
    let granted = |account: &str| {
        token(&format!(
            r#"{{"granular_scopes":[{{"scope":"whatsapp_business_messaging","target_ids":["{account}"]}}]}}"#
        ))
    };
    let everywhere = token(r#"{"granular_scopes":[{"scope":"whatsapp_business_messaging"}]}"#);
    let dead = r#"{"is_valid":false,"expires_at":null,"scopes":[],"error":{"code":190,"message":"x","subcode":463}}"#;
    let odd = r#"{"is_valid":false,"expires_at":null,"scopes":[]}"#;
    let works = [
        ("permanent", token("{}"), "Validade do token: não vence"),
        ("of a system user", token("{}"), "Tipo do token: de usuário do sistema"),
        ("of a person", person(60 * 24), "Tipo do token: de uma pessoa"),
        ("sixty days", person(60 * 24), "Validade do token: vence em 60 dias"),
        ("a day", person(23), "O token é temporário: vence em 23 horas"),
        ("a week", person(7 * 24), "O token vence em 7 dias"),
        ("a system user's week", system(7 * 24), "O token vence em 7 dias"),
        ("no time told", token(r#"{"expires_at":null}"#), "Validade do token: desconhecida"),
        ("a time that is none", token(r#"{"expires_at":"soon"}"#), "Validade do token: desconhecida"),
        ("debugging refused", error(400, "100", ""), "Validade do token: desconhecida"),
        ("debugging down", Reply::new(500, ""), "Validade do token: desconhecida"),
        ("debugging answers otherwise", Reply::new(200, r#"{"data":[]}"#), "Validade do token: desconhecida"),
        ("no scopes told", token(r#"{"scopes":null}"#), "Validade do token: não vence"),
        ("the account of the card", granted(WABA), "Validade do token: não vence"),
        ("all accounts", everywhere, "Validade do token: não vence"),
    ];
    let mut rows: Vec<_> =
        works.into_iter().map(|(name, told, says)| (name, number("{}"), told, Cause::Works, says)).collect();
    let management = token(r#"{"scopes":["whatsapp_business_management"]}"#);
    rows.extend([
        ("over", number("{}"), person(-1), Cause::Expired, "Validade do token: vencido"),
        ("no longer valid", number("{}"), token(dead), Cause::Expired, "O token venceu"),
        ("not valid, no reason", number("{}"), token(odd), Cause::BadCredential, "não aceita este token"),
        ("may not send", number("{}"), management, Cause::Forbidden, "falta a permissão whatsapp_business_messaging"),
        ("another account", number("{}"), granted("999"), Cause::Forbidden, "não alcança a conta 102290129340398"),
        // Of the number comes less than of the token: the better reason is shown.
        ("refused, and over", error(401, "190", ""), token(dead), Cause::Expired, "O token venceu"),
        ("refused for the ID alone", error(400, "100", "33"), token("{}"), Cause::NotFound, "o ID está errado"),
    ]);
    check("tokens", rows).await;
}

#[tokio::test]
async fn asks_twice_reads_only_and_keeps_the_token_out_of_the_log() {
    let (log, _guard) = listen();
    let (report, graph) = ask(number("{}"), token("{}")).await;
    assert_eq!(report.findings[0].cause, Cause::Works);
    let mut asked = graph.seen();
    asked.sort_by(|one, other| one.path.cmp(&other.path));
    assert_eq!(asked.len(), 2);
    assert!(asked.iter().all(|asked| asked.method == "GET"));
    assert!(asked.iter().all(|asked| asked.headers["authorization"] == format!("Bearer {TOKEN}").as_str()));
    assert_eq!(
        asked[0].query,
        "fields=id%2Cdisplay_phone_number%2Cverified_name%2Cquality_rating%2Ccode_verification_status%2Cplatform_type\
         %2Cthroughput"
    );
    assert_eq!(asked[1].query, format!("input_token={TOKEN}"));
    tracing::trace!("planted {CANARY}");
    let log = log.text();
    assert!(log.contains(CANARY) && log.contains("127.0.0.1"), "the log is listened to, the client's own too");
    assert!(!log.contains("canary1yT2bZ"), "{log}");
}

#[tokio::test]
async fn a_graph_that_is_not_there_and_a_card_with_holes() {
    let (_, graph) = ask(number("{}"), token("{}")).await;
    let mut probe = graph.probe();
    probe.bases.meta_graph = "http://127.0.0.1:1/v25.0".parse().unwrap();
    let report = test(Whatsapp, &card(), &probe).await;
    assert_eq!(report.findings[0].cause, Cause::BadAddress, "an address that is not listed is not opened");
    let mut bare = card();
    bare.remove("access_token");
    let report = test(Whatsapp, &bare, &graph.probe()).await;
    assert_eq!(report.findings[0].cause, Cause::BadCredential);
    let before = graph.seen().len();
    let odd = BTreeMap::from([
        ("access_token".to_owned(), SecretString::from("a\nb")),
        ("phone_number_id".to_owned(), SecretString::from(ID)),
    ]);
    let report = test(Whatsapp, &odd, &graph.probe()).await;
    assert_eq!((report.findings[0].cause, graph.seen().len()), (Cause::BadCredential, before));
}

/// Whatever a service puts into its answer: nothing of it is shown.
#[tokio::test]
async fn nothing_of_an_answer_is_shown() {
    let (mut asked, mut quiet) = (0, 0);
    for body in hostile_bodies() {
        for status in [200, 400, 500] {
            let told = Reply::new(status, body.clone());
            let (of_number, _) = ask(told.clone(), token("{}")).await;
            let (of_token, _) = ask(number("{}"), told).await;
            let shown = format!("{of_number:?}{of_token:?}");
            asked += 1;
            quiet += usize::from(!shown.contains(CANARY) && !shown.contains(TOKEN));
        }
    }
    eprintln!("whatsapp: nothing shown of {quiet} of {asked} hostile answers");
    assert_eq!(quiet, asked);
}
