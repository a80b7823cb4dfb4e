//! Two languages: whose is whose, on pages, in refusals, in files and in what is kept for several readers.

use crate::harness::{Browser, Server, location};
use app::session::Role;
use reqwest::{StatusCode, header};

/// A browser that is set to English.
fn english(server: &Server) -> Browser {
    let mut browser = Browser::new(&server.url);
    browser.speaks = Some("en-GB,en;q=0.8,pt;q=0.5".to_owned());
    browser
}

#[tokio::test]
async fn who_is_not_in_yet_reads_what_the_browser_would_rather_have() {
    let server = Server::start().await;
    let mut browser = english(&server);
    let page = browser.text("/login").await;
    assert!(page.contains("<html lang=\"en\"") && page.contains("Sign in") && !page.contains("Entrar"), "{page}");
    let page = Browser::new(&server.url).text("/login").await;
    assert!(page.contains("<html lang=\"pt-BR\"") && page.contains("Entrar"), "{page}");

    // What somebody chose counts for more.
    let pairs = [("language", "pt-BR"), ("next", "/login")];
    let answer = browser.form("/api/session/set_language", &pairs, "/login").await;
    assert_eq!((answer.status(), location(&answer)), (StatusCode::FOUND, "/login".to_owned()));
    browser.keep(&answer);
    assert!(browser.text("/login").await.contains("Entrar"));

    // A language that is none is refused, and a cookie that is none is no choice.
    let answer = browser.call("/api/session/set_language", &[("language", "tlh")]).await;
    assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
    browser.language = Some("lang=tlh".to_owned());
    assert!(browser.text("/login").await.contains("Sign in"));
}

#[tokio::test]
async fn a_choice_follows_its_user_into_every_browser() {
    let server = Server::start().await;
    let tenant = server.tenant("idioma", Role::Admin, None).await;
    let mut browser = server.signed_in(&tenant.email).await;
    assert!(browser.text("/settings/team").await.contains(">Equipe"));
    let pairs = [("language", "en"), ("next", "/settings/team")];
    let answer = browser.form("/api/session/set_language", &pairs, "/settings/team").await;
    browser.keep(&answer);
    let page = browser.text("/settings/team").await;
    assert!(page.contains("<html lang=\"en\"") && page.contains(">Team") && !page.contains(">Equipe"), "{page}");

    // Another browser, set to Portuguese, learns it at the sign-in; and unlearns it.
    for (choice, word) in [("en", ">Team"), ("pt-BR", ">Equipe")] {
        let answer = browser.form("/api/session/set_language", &[("language", choice)], "/").await;
        assert_eq!(answer.status(), StatusCode::FOUND);
        let mut other = server.signed_in(&tenant.email).await;
        assert!(other.text("/settings/team").await.contains(word), "{choice}");
        // Nobody else's.
        other.language = None;
        assert!(other.text("/settings/team").await.contains(">Equipe"), "the cookie says it, on every page");
    }
    let other = server.tenant("alheio", Role::Admin, None).await;
    assert_eq!(server.signed_in(&other.email).await.language, None, "who chose nothing is told nothing");
}

#[tokio::test]
async fn refusals_speak_to_whom_they_refuse() {
    let server = Server::start().await;
    let tenant = server.tenant("recusa", Role::Admin, None).await;
    let mut browser = server.signed_in(&tenant.email).await;
    for (languages, title, field) in
        [("en", "Check the marked fields", "email"), ("pt-BR", "Confira os campos marcados", "e-mail")]
    {
        browser.speaks = Some(languages.to_owned());
        let pairs = [("email", "sem arroba"), ("role", "viewer")];
        let answer = browser.form("/api/team/invite", &pairs, "/settings/team").await;
        let page = browser.text(location(&answer).trim_start_matches(&server.url)).await;
        assert!(page.contains(title), "{languages}: {page}");
        let told = browser.call("/api/team/invite", &pairs).await.text().await.unwrap().to_lowercase();
        assert!(told.contains(field), "{languages}: {told}");
        // One account each: after a wrong password an account waits.
        let nobodys = format!("{}@nenhuma.example", languages.to_lowercase());
        let wrong = [("email", nobodys.as_str()), ("password", "errada-de-proposito")];
        let mut nobody = Browser::new(&server.url);
        nobody.speaks = Some(languages.to_owned());
        let answer = nobody.form("/api/session/log_in", &wrong, "/login").await;
        let page = nobody.text(location(&answer).trim_start_matches(&server.url)).await;
        let words = if languages == "en" { "Wrong email or password" } else { "E-mail ou senha incorretos" };
        assert!(page.contains(words), "{languages}: {page}");
        let missing = browser.text("/nada-aqui").await;
        assert!(missing.contains(&format!("<html lang=\"{languages}\"")), "{languages}: {missing}");
    }
}

#[tokio::test]
async fn what_several_read_is_in_each_ones_language() {
    let server = Server::start().await;
    let tenant = server.tenant("ambos", Role::Admin, Some(0)).await;
    let browser = server.signed_in(&tenant.email).await;
    let mut reader = browser.clone();
    reader.speaks = Some("en".to_owned());
    // The overview is kept for a minute: read in turns, it is in whichever language it is read in.
    for _ in 0..2 {
        assert!(browser.text("/").await.contains("Visão geral"));
        let page = reader.text("/").await;
        assert!(page.contains("Overview") && page.contains("No-shows") && !page.contains("Visão geral"), "{page}");
        assert!(!page.contains("conversas") && !page.contains("período"), "{page}");
    }
    // What a test found of a connection is kept for whoever looks next.
    let fields = [("provider", "supabase"), ("version", "1")];
    let tested = browser.form("/api/credentials/test", &fields, "/settings/credentials").await;
    assert_eq!(tested.status(), StatusCode::FOUND);
    let page = reader.text("/settings/credentials").await;
    assert!(page.contains("Connections") && page.contains("Last check"), "{page}");
    assert!(browser.text("/settings/credentials").await.contains("Última verificação"));
}

#[tokio::test]
async fn files_are_in_the_language_of_who_downloads_them() {
    let server = Server::start().await;
    let tenant = server.tenant("arquivos", Role::Admin, Some(0)).await;
    let browser = server.signed_in(&tenant.email).await;
    let mut reader = browser.clone();
    reader.speaks = Some("en".to_owned());
    let (portuguese, english) = (browser.text("/files/conversas.csv").await, reader.text("/files/conversas.csv").await);
    let head = |file: &str| file.trim_start_matches('\u{feff}').lines().next().unwrap_or_default().to_owned();
    assert!(head(&portuguese).contains(';') && !head(&portuguese).contains(','), "{}", head(&portuguese));
    assert!(head(&english).contains(',') && !head(&english).contains(';'), "{}", head(&english));
    assert_eq!(portuguese.lines().count(), english.lines().count());
    // Rows are written while the file is on its way: in the same language as its head.
    let status = |file: &str, word: &str| file.lines().skip(1).filter(|line| line.contains(word)).count();
    assert!(status(&portuguese, "robô") > 0 && status(&english, "robô") == 0, "{english}");
    assert!(status(&english, "bot") > 0);
    for (who, name) in [(&browser, "agenda.ics"), (&reader, "appointments.ics")] {
        let file = who.page("/files/agenda.ics").await;
        assert_eq!(file.status(), StatusCode::OK);
        assert!(file.headers()[header::CONTENT_DISPOSITION].to_str().unwrap().contains(name), "{name}");
    }
}
