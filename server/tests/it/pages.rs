//! Pages: what they show, and what bad input and a bad project get.

use crate::{
    answering::Answering,
    bad_project::{BadProject, Mode},
    harness::{Browser, Server, project},
};
use app::{backend::StatusWait, session::Role};
use reqwest::{Method, StatusCode, header};
use std::time::{Duration, Instant};

/// In the notice over what was read before.
const OLD: &str = "notice stale";

#[tokio::test]
async fn pages_carry_their_headers_and_a_nonce_of_their_own() {
    let server = Server::start().await;
    let tenant = server.tenant("cabecas", Role::Viewer, None).await;
    let browser = server.signed_in(&tenant.email).await;
    let mut nonces = Vec::new();
    for path in ["/", "/conversations", "/appointments", "/login", "/nada", "/api/nada", "/nada.js", "/livez"] {
        let answer = browser.page(path).await;
        let headers = answer.headers().clone();
        for name in [
            "content-security-policy",
            "x-content-type-options",
            "referrer-policy",
            "cache-control",
            "x-request-id",
            "permissions-policy",
        ] {
            assert!(headers.contains_key(name), "{path} has {name}");
        }
        assert!(!headers.contains_key(header::SERVER));
        assert_eq!(headers[header::CACHE_CONTROL], "no-store", "{path}");
        let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
        if let Some(nonce) = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()) {
            assert!(answer.text().await.unwrap().contains(&format!("nonce=\"{nonce}\"")), "{path}");
            nonces.push(nonce.to_owned());
        }
    }
    let all = nonces.len();
    nonces.sort();
    nonces.dedup();
    assert!(all >= 4 && nonces.len() == all, "each page has a nonce of its own");
}

#[tokio::test]
async fn bad_requests_get_clear_answers_and_the_server_goes_on() {
    let server = Server::start().await;
    let tenant = server.tenant("torto", Role::Admin, Some(0)).await;
    let browser = server.signed_in(&tenant.email).await;

    for id in ["abc", "-1", "0", "1e3", "99999999999999999999", "1%20or%201=1", "%00", "..%2f..%2fauth", "%E0%A4%A"] {
        let answer = browser.page(&format!("/conversations/{id}")).await;
        let status = answer.status();
        assert!(status == StatusCode::NOT_FOUND || status == StatusCode::BAD_REQUEST, "{id}: {status}");
    }
    for cursor in ["x", "%27", "2026", "9".repeat(500).as_str()] {
        let page = browser.text(&format!("/conversations?before={cursor}")).await;
        assert!(page.contains("Não encontramos"), "{cursor}");
    }
    for day in ["ontem", "2026-99-99", "9999-12-31", ""] {
        assert!(browser.text(&format!("/appointments?date={day}")).await.contains("Agenda"), "{day}");
    }
    let unknown = browser.page("/nao-existe").await;
    assert_eq!(unknown.status(), StatusCode::NOT_FOUND);
    assert!(unknown.text().await.unwrap().contains("Página não encontrada"));
    assert_eq!(browser.page("/pkg/../../etc/passwd").await.status(), StatusCode::NOT_FOUND);

    let post = |path: &str, kind: &str, body: String| {
        browser
            .request(Method::POST, path)
            .header(header::ORIGIN, &server.url)
            .header(header::CONTENT_TYPE, kind)
            .body(body)
    };
    let form = "application/x-www-form-urlencoded";
    let large = browser.send(post("/api/credentials/save", form, format!("provider={}", "x".repeat(70_000)))).await;
    assert_eq!(large.status(), StatusCode::PAYLOAD_TOO_LARGE);
    for (kind, body) in [
        (form, ""),
        (form, "provider=supabase"),
        (form, "provider=plan_type&version=0"),
        (form, "provider=supabase&version=zero"),
        (form, "%ff%fe"),
        ("application/json", "{\"provider\":\"supabase\"}"),
        ("text/plain", "provider"),
    ] {
        let answer = browser.send(post("/api/credentials/save", kind, body.to_owned())).await;
        let (status, text) = (answer.status(), answer.text().await.unwrap());
        assert_eq!(status, StatusCode::BAD_REQUEST, "{kind} {body:?}: {text}");
        assert!(text.contains("BadForm"), "{text}");
    }
    assert_eq!(
        browser.send(browser.request(Method::GET, "/api/credentials/save")).await.status(),
        StatusCode::METHOD_NOT_ALLOWED
    );
    assert_eq!(browser.page("/").await.status(), StatusCode::OK, "the server goes on");
}

/// A page's frame does not wait for the project: not even where its status says what the project has.
#[tokio::test]
async fn a_page_begins_while_the_project_is_silent() {
    let door = BadProject::before(project(0, "origin")).await;
    let origin = door.origin.clone();
    let server = Server::start_as(move |config| {
        config.egress_allow = format!("{},{origin}", config.egress_allow);
        config.status_wait = StatusWait::default();
    })
    .await;
    let pages = [
        ("/?refresh=1", "<h1>Visão geral"),
        ("/conversations", "<h1>Conversas"),
        ("/conversations/999999", "desk-title"),
        ("/appointments", "<h1>Agenda"),
        ("/appointments/999999", "← Agenda"),
    ];
    // Somebody else for each: whoever asks a silent project twice is soon told so without asking.
    let mut browsers = Vec::new();
    for number in 0..pages.len() {
        let tenant = server.tenant(&format!("muda-{number}"), Role::Viewer, None).await;
        server.connect_to(&tenant.scope, &format!("http://{}", door.origin), &project(0, "publishable_key")).await;
        browsers.push(server.signed_in(&tenant.email).await);
    }
    let mut known = 0;
    for path in [pages[2].0, pages[4].0].repeat(5) {
        known += usize::from(browsers[0].page(path).await.status() == StatusCode::NOT_FOUND);
    }
    // For half a second: less than a busy machine may need.
    assert!(known > 0, "a project that answers is waited for: {known} of 10");
    door.set(Mode::Hang);
    for ((path, there), browser) in pages.into_iter().zip(&browsers) {
        let began = Instant::now();
        let mut answer = browser.page(path).await;
        let mut frame = Vec::new();
        while !String::from_utf8_lossy(&frame).contains(there) {
            frame.extend(answer.chunk().await.unwrap().unwrap_or_else(|| panic!("{path} ends without {there}")));
        }
        let took = began.elapsed();
        while answer.chunk().await.unwrap().is_some() {}
        // It gives the project three seconds, and begins without them.
        let rest = began.elapsed() - took;
        assert!(rest > Duration::from_secs(1), "{path} begins after {took:?} and ends {rest:?} later");
        assert_eq!(answer.status(), StatusCode::OK, "{path}: nobody knows better yet");
        println!("{path} begins after {took:?} of a silent project");
    }
}

#[tokio::test]
async fn nasty_texts_are_shown_as_texts() {
    let server = Server::start().await;
    let tenant = server.tenant("sujos", Role::Viewer, Some(0)).await;
    let browser = server.signed_in(&tenant.email).await;
    let page = browser.text("/conversations").await;
    assert!(page.contains("&lt;script&gt;alert(1)"), "the nasty rows are on the first page");
    assert!(!page.contains("<script>alert(1)") && !page.contains("<img src=x"), "and are only text");
}

/// G8: what was seen in the last five minutes is shown again, marked, with its time, and only to who may see it.
#[tokio::test]
async fn what_was_read_last_stands_in_while_the_project_is_away() {
    // The overview is kept for a while by itself: here it is read again each time.
    const PAGES: [&str; 4] = ["/?refresh=1", "/conversations", "/appointments", "/conversations/1"];
    let door = BadProject::before(project(1, "origin")).await;
    let origin = door.origin.clone();
    let server =
        Server::start_with(move |config| config.egress_allow = format!("{},{origin}", config.egress_allow)).await;
    let (url, key) = (format!("http://{}", door.origin), project(1, "publishable_key"));
    let tenant = server.tenant("lembra", Role::Viewer, None).await;
    server.connect_to(&tenant.scope, &url, &key).await;
    let browser = server.signed_in(&tenant.email).await;
    // The same project, of somebody who has not read it before.
    let stranger = server.tenant("nova", Role::Viewer, None).await;
    server.connect_to(&stranger.scope, &url, &key).await;
    let stranger = server.signed_in(&stranger.email).await;
    let content = |page: &str| {
        let from = page.find("<main").expect("a page");
        let rows = ["class=\"talk\"", "class=\"event-card", "class=\"bubble", "class=\"figure-now\"", "<rect"];
        rows.map(|row| page[from..].matches(row).count())
    };
    let mut good = Vec::new();
    for path in PAGES {
        let page = browser.text(path).await;
        assert!(!page.contains(OLD) && content(&page).iter().sum::<usize>() > 0, "{path}");
        good.push(content(&page));
    }
    // So old it must be to be read again.
    tokio::time::sleep(std::time::Duration::from_millis(5_200)).await;
    let (mut shown, mut same, mut fresh, mut cold) = (0, 0, 0, 0);
    let faults = [Mode::Error500, Mode::Drop, Mode::Refuse, Mode::Refuse];
    for mode in faults {
        door.set(mode);
        for (path, good) in PAGES.iter().zip(&good) {
            let page = browser.text(path).await;
            shown += usize::from(
                page.contains(OLD) && page.contains("Dados das ") && page.contains("O projeto Supabase não"),
            );
            same += usize::from(content(&page) == *good);
            fresh += usize::from(page.contains("class=\"trouble\""));
            cold += usize::from(stranger.text(path).await.contains(OLD));
        }
    }
    let all = PAGES.len() * faults.len();
    eprintln!(
        "G8: of {all} pages of a dead project {shown} are marked as old, {same} with the same rows, {fresh} with an error; \
         {cold} of {all} of a tenant that had read nothing show anything"
    );
    assert_eq!((shown, same, fresh, cold), (all, all, 0, 0));
    // A page that was not read before has nothing to show.
    let page = browser.text("/appointments?date=2026-03-02").await;
    assert!(page.contains("class=\"trouble\"") && !page.contains(OLD));
    // A project that says no has not gone away, and a credential that was saved anew has no past.
    for mode in [Mode::Paused, Mode::Html] {
        let tenant = server.tenant(&format!("recusa-{mode:?}").to_lowercase(), Role::Viewer, None).await;
        server.connect_to(&tenant.scope, &url, &key).await;
        let browser = server.signed_in(&tenant.email).await;
        door.set(Mode::Open);
        assert!(browser.text("/conversations").await.contains("class=\"talk\""));
        door.set(mode);
        let page = browser.text("/conversations").await;
        assert!(page.contains("class=\"trouble\"") && !page.contains(OLD), "{mode:?}");
    }
    door.set(Mode::Refuse);
    server.connect_to(&tenant.scope, &url, &key).await;
    let page = browser.text("/conversations").await;
    assert!(page.contains("class=\"trouble\"") && !page.contains(OLD), "another version of the credential");
}

#[tokio::test]
async fn a_bad_project_is_told_from_no_data_and_hurts_nobody_else() {
    let door = BadProject::before(project(1, "origin")).await;
    let origin = door.origin.clone();
    let server =
        Server::start_with(move |config| config.egress_allow = format!("{},{origin}", config.egress_allow)).await;
    let other = server.tenant("sadia", Role::Viewer, Some(0)).await;
    let healthy = server.signed_in(&other.email).await;
    let (mut browsers, mut told, mut beside) = (Vec::new(), 0, 0);
    for (index, (mode, words)) in [
        (Mode::Refuse, "O projeto Supabase não respondeu"),
        (Mode::Hang, "O projeto Supabase não respondeu"),
        (Mode::Error500, "O projeto Supabase não respondeu"),
        (Mode::Drop, "O projeto Supabase não respondeu"),
        (Mode::Paused, "O projeto Supabase está pausado"),
        (Mode::Rubbish, "algo que não entendemos"),
        (Mode::Huge, "algo que não entendemos"),
        (Mode::Html, "algo que não entendemos"),
    ]
    .into_iter()
    .enumerate()
    {
        // A tenant for each: one that has met a dead project is kept from it for a while.
        let tenant = server.tenant(&format!("falha-{index}"), Role::Viewer, None).await;
        server.connect_to(&tenant.scope, &format!("http://{}", door.origin), &project(1, "publishable_key")).await;
        let browser = server.signed_in(&tenant.email).await;
        door.set(mode);
        let began = Instant::now();
        let pages = ["/", "/conversations", "/appointments", "/conversations/1"];
        let healthy_page = async {
            // When the others are at the project.
            tokio::time::sleep(Duration::from_millis(200)).await;
            let page = healthy.text("/conversations").await;
            (page, began.elapsed())
        };
        // To their ends: a page's head comes before the project has answered.
        let read = pages.map(|path| async {
            let answer = browser.page(path).await;
            (answer.status(), answer.text().await.unwrap())
        });
        let (answers, (healthy_page, waited)) = tokio::join!(futures::future::join_all(read), healthy_page);
        let its_own = healthy_page.contains("class=\"talk\"") && !healthy_page.contains(OLD);
        assert!(its_own, "{mode:?}: another tenant sees its own, as it is now");
        beside += usize::from(its_own);
        let whole = began.elapsed();
        assert!(whole < Duration::from_secs(20), "{mode:?}: pages keep their deadline: {whole:?}");
        // What hangs takes seconds to be given up: whoever stood behind it would come when it is.
        let behind = mode == Mode::Hang && waited + Duration::from_secs(1) > whole;
        assert!(!behind, "another tenant has waited {waited:?} of {whole:?}");
        for (path, (status, page)) in pages.iter().zip(answers) {
            assert_eq!(status, StatusCode::OK, "{mode:?} {path}");
            let busy = page.contains("Muitas leituras ao mesmo tempo");
            assert!(page.contains(words) || busy, "{mode:?} on {path} says {words:?}");
            assert!(page.contains("Tentar de novo"), "{mode:?} on {path} offers to try again");
            assert!(!page.contains(&door.origin), "{mode:?} on {path} tells no address");
            assert!(page.contains("</html>"), "{mode:?} on {path} is whole");
            told += 1;
        }
        let page = browser.text("/conversations").await;
        assert!(page.contains(words), "{mode:?} alone says {words:?}");
        if mode == Mode::Refuse {
            assert!(
                browser.text("/conversations").await.contains("Tentamos de novo em "),
                "it is left alone, and says so"
            );
        }
        browsers.push((mode, browser));
    }
    door.set(Mode::Open);
    let (began, faults) = (Instant::now(), browsers.len());
    for (mode, browser) in browsers {
        while !browser.text("/conversations").await.contains("class=\"talk\"") {
            assert!(began.elapsed() < Duration::from_secs(20), "{mode:?}: it recovers by itself");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
    println!(
        "H3 {told} of {} pages of a bad project say what is wrong and offer another try; beside {beside} of {faults} faults \
         another tenant sees its own; {faults} of {faults} recover by themselves",
        4 * faults
    );
}

/// What is wrong stands where the rows would; that there are none is no fault.
#[tokio::test]
async fn each_of_twelve_faults_is_told_in_words_of_its_own() {
    const SILENT: &str = "O projeto Supabase não respondeu";
    const REFUSED: &str = "O projeto Supabase recusou a leitura";
    const NOTHING: &str = "Nenhuma conversa aqui";
    let fake = Answering::start(|_| (200, "[]".to_owned())).await;
    let door = BadProject::before(project(1, "origin")).await;
    // Its port is nobody's once this line is over.
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    // With a final dot no search list of the system makes another name of it.
    let allow = format!("{},{},{nobody},nobody.invalid.:443", fake.origin, door.origin);
    let server = Server::start_with(move |config| config.egress_allow = allow).await;
    let at = |origin: &str| format!("http://{origin}");
    let complaint = |code: &str| format!(r#"{{"code":"{code}","details":null,"hint":null,"message":"x"}}"#);
    let answer = |status: u16, body: String| Some((status, body));
    let faults = [
        ("refused", at(&nobody.to_string()), None, SILENT, "Não foi possível conectar."),
        ("no such name", "https://nobody.invalid.".to_owned(), None, SILENT, "Esse endereço não existe na internet."),
        ("no TLS", format!("https://{}", fake.origin), None, SILENT, "O certificado do endereço não é válido"),
        ("401", at(&fake.origin), answer(401, r#"{"message":"Invalid API key"}"#.to_owned()), REFUSED, "A chave não é"),
        ("403", at(&fake.origin), answer(403, complaint("42501")), REFUSED, "Falta permissão na tabela"),
        ("404", at(&fake.origin), answer(404, complaint("PGRST205")), REFUSED, "não existe nesse projeto"),
        ("406", at(&fake.origin), answer(406, complaint("PGRST106")), REFUSED, "se repetir, avise a sua agência."),
        ("416", at(&fake.origin), answer(416, complaint("PGRST103")), NOTHING, "Quando alguém escrever"),
        ("429", at(&fake.origin), answer(429, complaint("PT429")), REFUSED, "O projeto pediu para esperar."),
        ("500", at(&fake.origin), answer(500, complaint("XX000")), SILENT, "O Supabase está com uma falha dele."),
        ("cut", at(&door.origin), None, SILENT, "O Supabase está com uma falha dele."),
        ("slow", at(&door.origin), None, SILENT, "Passou do tempo de espera."),
    ];
    let (all, mut right) = (faults.len(), 0);
    for (number, (name, url, answer, title, advice)) in faults.into_iter().enumerate() {
        // A tenant for each: one that has met a dead project is kept from it for a while.
        let tenant = server.tenant(&format!("doze-{number}"), Role::Viewer, None).await;
        server.connect_to(&tenant.scope, &url, &project(1, "publishable_key")).await;
        let browser = server.signed_in(&tenant.email).await;
        door.set(if name == "slow" { Mode::Hang } else { Mode::Drop });
        if let Some(answer) = answer {
            fake.tell(move |_| answer.clone());
        }
        let page = browser.text("/conversations").await;
        let told = page.contains(title) && page.contains(advice);
        let trouble = page.contains("class=\"trouble\"");
        assert!(told && trouble == (title != NOTHING), "{name}: {title}; {advice}: {page}");
        right += usize::from(told);
    }
    println!("H3 {right} of {all} faults of a project are told in their own words, and that nothing is there as that");
    assert_eq!((right, all), (12, 12));
}

#[tokio::test]
async fn health_is_told_to_machines() {
    let server = Server::start().await;
    let browser = Browser::new(&server.url);
    assert_eq!(browser.text("/livez").await, "ok\n");
    let isolation = server.state.isolation.as_str();
    assert_eq!(browser.text("/readyz").await, format!("ok isolation={isolation}\n"));
}
