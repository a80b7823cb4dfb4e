//! An Evolution instance on the pages: tested, and its telephone connected by QR code.

use crate::{
    answering::Answering,
    harness::{Browser, Server, Tenant, location},
};
use app::session::Role;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use reqwest::{StatusCode, header};

const TOKEN: &str = "A1CANARY-E5F6-7890-ABCD-EF1234567890";
const QR: &str = "/settings/credentials/evolution/qr";
/// As WhatsApp writes them.
const CODE: &str =
    "2@Zk1yQ3x0YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXo=,dGhpcyBpcyBubyByZWFsIGNvZGU=,c2VlIHRoZSBzdGFuZC1pbg==,MQ==";

fn state(word: &str) -> (u16, String) {
    (200, format!(r#"{{"instance":{{"instanceName":"aurora","state":"{word}"}}}}"#))
}

/// What an instance that has not been connected answers to everything but `connect`.
fn closed(path: &str) -> (u16, String) {
    match path {
        "/instance/connectionState/aurora" => state("close"),
        _ => (404, "{}".to_owned()),
    }
}

/// A server beside a stand-in, with a signed-in admin who has stored the instance.
async fn ready(slug: &str, answers: &Answering) -> (Server, Tenant, Browser) {
    let origin = answers.origin.clone();
    let server = Server::start_as(move |config| config.egress_allow.push_str(&format!(",{origin}"))).await;
    let tenant = server.tenant(slug, Role::Admin, None).await;
    let browser = server.signed_in(&tenant.email).await;
    let saved = browser.form("/api/credentials/save", &card(answers, "aurora", "0"), "/settings/credentials").await;
    assert_eq!(location(&saved), "/settings/credentials?saved=evolution");
    (server, tenant, browser)
}

fn card<'a>(answers: &Answering, instance: &'a str, version: &'a str) -> Vec<(&'a str, &'a str)> {
    let url: &'static str = format!("http://{}", answers.origin).leak();
    vec![
        ("provider", "evolution"),
        ("version", version),
        ("fields[base_url]", url),
        ("fields[instance]", instance),
        ("fields[token]", TOKEN),
    ]
}

/// Tests the stored card without script and gives the page that follows.
async fn tested(browser: &Browser) -> String {
    let pairs = [("provider", "evolution"), ("version", "1")];
    let answer = browser.form("/api/credentials/test", &pairs, "/settings/credentials").await;
    let there = location(&answer);
    assert!(there.starts_with("/settings/credentials?tested=evolution"), "{there}");
    browser.text(there.split('#').next().expect("a path")).await
}

/// Reads the QR code that a page draws.
fn scanned(page: &str) -> String {
    // Attributes come in any order, the icons of the menu before the code.
    let is_code = |part: &&str| part.split_once('>').is_some_and(|(tag, _)| tag.contains("class=\"qr\""));
    let svg = page.split("<svg").find(is_code).expect("a QR code");
    let attribute = |name: &str| {
        let (_, rest) = svg.split_once(&format!(" {name}=\"")).expect("the attribute");
        rest.split_once('"').expect("its end").0.to_owned()
    };
    let side: usize = attribute("viewBox").split(' ').next_back().expect("a side").parse().expect("a number");
    let mut dark = vec![false; side * side];
    for run in attribute("d").split_terminator('z') {
        let (start, rest) = run.trim_start_matches('M').split_once('h').expect("a run");
        let (x, y) = start.split_once(' ').expect("where it starts");
        let length: usize = rest.split_once('v').expect("its length").0.parse().expect("a number");
        let at = y.parse::<usize>().expect("a number") * side + x.parse::<usize>().expect("a number");
        dark[at..at + length].fill(true);
    }
    let grey = |x: usize, y: usize| if dark[y / 4 * side + x / 4] { 0 } else { 255 };
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(side * 4, side * 4, grey);
    let codes = image.detect_grids();
    codes.first().expect("a readable code").decode().expect("it decodes").1
}

#[tokio::test]
async fn a_closed_instance_leads_to_a_code_that_a_telephone_reads() {
    let answers = Answering::start(|path| match path {
        "/instance/connect/aurora" => (
            200,
            format!(r#"{{"pairingCode":"WZYEH1YY","code":"{CODE}","base64":"data:image/png;base64,AAAA","count":1}}"#),
        ),
        path => closed(path),
    })
    .await;
    let (_server, _, browser) = ready("codigo", &answers).await;
    let page = tested(&browser).await;
    assert!(page.contains("está desconectado") && page.contains("Reconectar por QR code"), "{page}");
    assert!(page.contains(&format!("href=\"{QR}\"")));

    let page = browser.text(QR).await;
    assert_eq!(scanned(&page), CODE, "drawn by us, without script");
    assert!(page.contains("WZYE-H1YY") && page.contains("Aparelhos conectados"));
    assert!(!page.contains("data:image"), "the server's own picture is not embedded");
    assert!(!page.contains(CODE) && !page.contains(TOKEN), "and the code stands nowhere as text");
    assert!(page.contains(&format!("href=\"{QR}?shown=1\"")), "the way to the next one");
    assert!(browser.text(&format!("{QR}?shown=1")).await.contains("Código 2 de 30"));

    answers.tell(|_| state("open"));
    let page = browser.text(&format!("{QR}?shown=2")).await;
    assert!(page.contains("WhatsApp conectado") && !page.contains("class=\"qr\""));
    let asked = browser.read("/api/credentials/pairing?shown=3").await.text().await.unwrap();
    assert_eq!(asked, "\"Connected\"");
}

#[tokio::test]
async fn the_older_server_and_the_one_that_only_paints() {
    let answers = Answering::start(|path| match path {
        "/instance/connect/aurora" => (200, format!(r#"{{"code":"{CODE}","base64":"x"}}"#)),
        path => closed(path),
    })
    .await;
    let (_server, _, browser) = ready("pintura", &answers).await;
    assert_eq!(scanned(&browser.text(QR).await), CODE);

    // v1 answers with nothing at all while it has no code.
    answers.tell(|_| (200, String::new()));
    let page = browser.text(QR).await;
    assert!(page.contains("ainda não tem um código") && page.contains("Atualizar"), "{page}");

    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x01\x2c\0\0\x01\x2c".to_vec();
    png.extend([1, 0, 0, 0, 0]);
    let picture = format!("data:image/png;base64,{}", STANDARD.encode(&png));
    let painted = picture.clone();
    answers.tell(move |_| (200, format!(r#"{{"code":null,"base64":"{painted}"}}"#)));
    let answer = browser.page(QR).await;
    let policy = answer.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
    assert!(policy.contains("img-src 'self' data:"), "{policy}");
    let page = answer.text().await.unwrap();
    assert!(page.contains(&format!("src=\"{picture}\"")), "{page}");
    for bad in
        ["data:image/svg+xml;base64,PHN2Zz4=", "https://elsewhere.example/x.png", "data:image/png;base64,PHN2Zz4="]
    {
        answers.tell(move |_| (200, format!(r#"{{"code":null,"base64":"{bad}"}}"#)));
        let page = browser.text(QR).await;
        assert!(page.contains("ainda não tem um código") && !page.contains(bad), "{bad}");
    }
}

#[tokio::test]
async fn what_goes_wrong_is_told_and_nothing_of_the_answer() {
    let answers = Answering::start(|_| (200, r#"{"error":true,"message":"[object Object] canary7"}"#.to_owned())).await;
    let (server, tenant, browser) = ready("tropeco", &answers).await;
    let page = browser.text(QR).await;
    assert!(page.contains("não conseguiu fazer um código agora") && page.contains("Tentar de novo"), "{page}");
    let refusals = [
        (401, r#"{"response":{"message":"Unauthorized canary7"}}"#, "não aceita este token"),
        (404, r#"{"response":{"message":["The \"aurora\" instance does not exist canary7"]}}"#, "com esse nome"),
        (503, r#"{"code":"LICENSE_REQUIRED","register_url":"https://canary7.example"}"#, "sem licença ativa"),
    ];
    for (status, body, says) in refusals {
        answers.tell(move |_| (status, body.to_owned()));
        let page = browser.text(QR).await;
        assert!(page.contains(says) && !page.contains("canary7"), "{status}: {page}");
        assert!(page.contains("Conectar o WhatsApp"), "the page itself is whole");
    }
    let viewer = "so-ve@tropeco.example";
    server.user(viewer, tenant.scope.tenant(), Role::Viewer).await;
    let (viewer, asked) = (server.signed_in(viewer).await, answers.asked().len());
    assert_eq!(viewer.page(QR).await.status(), StatusCode::FORBIDDEN);
    assert_eq!(viewer.read("/api/credentials/pairing?shown=0").await.status(), StatusCode::FORBIDDEN);
    assert_eq!(answers.asked().len(), asked, "and nothing was asked for them");
}

#[tokio::test]
async fn codes_end_and_are_not_asked_for_without_bounds() {
    let answers = Answering::start(|path| match path {
        "/instance/connect/aurora" => (200, format!(r#"{{"code":"{CODE}"}}"#)),
        path => closed(path),
    })
    .await;
    let (_server, _, browser) = ready("limites", &answers).await;
    for shown in ["30", "4294967295"] {
        let page = browser.text(&format!("{QR}?shown={shown}")).await;
        assert!(page.contains("parou de ser renovado") && page.contains("Começar de novo"), "{page}");
    }
    assert_eq!(answers.asked().len(), 0, "after thirty codes the server is left alone");
    answers.tell(|_| state("refused"));
    assert!(browser.text(QR).await.contains("parou de ser renovado"), "and when it stops by itself");

    // The page above was the first.
    let (mut answered, began) = (1, std::time::Instant::now());
    let refused = loop {
        let answer = browser.read("/api/credentials/pairing?shown=0").await;
        if answer.status() != StatusCode::OK {
            break answer;
        }
        answered += 1;
        assert!(answered < 100, "a limit there is");
    };
    // One comes back each six seconds.
    let most = 11 + usize::try_from(began.elapsed().as_secs()).unwrap() / 6;
    assert!((10..=most).contains(&answered), "{answered} of at most {most}");
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(refused.headers().contains_key(header::RETRY_AFTER));
    assert_eq!(answers.asked().len(), answered);
    let page = browser.text(QR).await;
    assert!(page.contains("Muitas tentativas seguidas"), "{page}");
    eprintln!("evolution: {answered} codes a minute asked for a tenant, the next one refused");
}

#[tokio::test]
async fn nothing_stored_says_what_to_do_first() {
    let server = Server::start().await;
    let tenant = server.tenant("nada", Role::Admin, None).await;
    let browser = server.signed_in(&tenant.email).await;
    assert!(browser.text(QR).await.contains("Falta guardar a Evolution API"));
    assert!(!browser.text("/settings/credentials").await.contains(QR), "nor is anybody led there");
}

/// Making a code takes servers a while: longer than any other page may take.
#[tokio::test]
async fn a_slow_server_is_waited_for() {
    let answers = Answering::start(|_| (200, format!(r#"{{"code":"{CODE}"}}"#))).await;
    let (_server, _, browser) = ready("devagar", &answers).await;
    let again = browser.form("/api/credentials/save", &card(&answers, "slow", "1"), "/settings/credentials").await;
    assert_eq!(location(&again), "/settings/credentials?saved=evolution");
    let answer = browser.read("/api/credentials/pairing?shown=0").await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(answer.text().await.unwrap().contains("Drawn"));
}

/// The server's word is held against the tenant's own messages.
#[tokio::test]
async fn open_is_believed_with_a_second_witness_alone() {
    let answers = Answering::start(|path| match path {
        "/instance/connectionState/aurora" => state("open"),
        "/" => (200, r#"{"version":"2.3.7"}"#.to_owned()),
        _ => (401, "{}".to_owned()),
    })
    .await;
    let (server, tenant, browser) = ready("testemunha", &answers).await;
    let page = tested(&browser).await;
    assert!(page.contains("ainda não viu nenhuma mensagem de cliente") && page.contains("2.3.7"), "{page}");
    server.connect(&tenant.scope, 0).await;
    let told = ["última mensagem de cliente chegou há", "não chega mensagem de cliente há"];
    let mut page = String::new();
    // The witness is given two seconds: on a busy machine that may be too little.
    for _ in 0..5 {
        page = tested(&browser).await;
        if told.iter().any(|text| page.contains(text)) {
            return;
        }
    }
    panic!("{page}");
}
