//! What the document around the pages carries: signing in without script, icons once, a tenant's colour, the keys' switch,
//! and what makes the product installable.

use crate::harness::{Browser, PASSWORD, Server, location};
use app::session::{AgencyRole, Hue, Role};
use reqwest::{StatusCode, header};

/// The colour of a page's frame, which is the first element that has one.
fn hue_of(page: &str) -> Option<&str> {
    page.split("data-hue=\"").nth(1)?.split('"').next()
}

/// What a page has of scripts: by name, inline, hinted, or what is written for them.
fn scripts(page: &str) -> Vec<&str> {
    ["<script", "/pkg/p.js", "/pkg/p.wasm", "modulepreload", "rel=\"preload\"", "javascript:", "__RESOLVED_RESOURCES"]
        .into_iter()
        .filter(|sign| page.contains(sign))
        .collect()
}

#[tokio::test]
async fn the_ways_in_are_plain_forms_without_any_script() {
    let server = Server::start().await;
    let tenant = server.tenant("entrada", Role::Admin, None).await;
    let nobody = Browser::new(&server.url);
    let paths = [
        "/login",
        "/login?next=%2Fsettings%2Fteam",
        "/login/code",
        "/reset",
        "/reset?sent=1",
        "/reset/nada",
        "/invite/nada",
    ];
    for path in paths {
        let answer = nobody.page(path).await;
        let policy = answer.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
        assert!(!policy.contains("script-src") && policy.starts_with("default-src 'none'"), "{path}: {policy}");
        assert!(policy.contains("style-src 'self'") && policy.contains("form-action 'self'"), "{path}: {policy}");
        let page = answer.text().await.unwrap();
        assert_eq!(scripts(&page), Vec::<&str>::new(), "{path}: {page}");
        assert!(page.contains("<h1>") && page.contains("/pkg/p.css") && page.ends_with("</html>"), "{path}: {page}");
    }
    println!("ways in: {} of {} pages name no script", paths.len(), paths.len());

    // A refusal comes back as a page with its words, what was wanted is kept, and the right password leads there.
    let wrong = [("email", tenant.email.as_str()), ("password", "nao-e-esta"), ("next", "/settings/team")];
    let refused = nobody.form("/api/session/log_in", &wrong, "/login?next=%2Fsettings%2Fteam").await;
    assert_eq!(refused.status(), StatusCode::FOUND);
    let back = location(&refused);
    let page = nobody.text(&back[back.find("/login").unwrap()..]).await;
    assert!(page.contains("E-mail ou senha incorretos") && page.contains("role=\"alert\""), "{page}");
    assert!(page.contains("value=\"/settings/team\"") && scripts(&page).is_empty(), "{page}");
    // The next try of the same person has to wait a moment.
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    let mut right = wrong;
    right[1].1 = PASSWORD;
    let mut browser = nobody.clone();
    let entered = browser.form("/api/session/log_in", &right, "/login").await;
    assert_eq!(location(&entered), "/settings/team");
    browser.keep(&entered);

    // Inside there is the application.
    let page = browser.text("/settings/team").await;
    assert!(scripts(&page).len() > 4 && page.contains("<div id=\"app\">"), "{page}");
}

#[tokio::test]
async fn the_document_has_each_icon_once_and_what_installs_it() {
    let server = Server::start().await;
    let tenant = server.tenant("icones", Role::Admin, None).await;
    let mut browser = server.signed_in(&tenant.email).await;
    let page = browser.text("/settings/team").await;
    let uses: Vec<&str> = page.split("<use href=\"#").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(uses.len() > 10, "{uses:?}");
    for name in &uses {
        assert_eq!(page.matches(&format!("<symbol id=\"{name}\"")).count(), 1, "{name}");
    }
    for link in [
        "<link rel=\"manifest\" href=\"/site.webmanifest\"",
        "<link rel=\"apple-touch-icon\" href=\"/icon-180.png\"",
        "media=\"(prefers-color-scheme: light)\"",
        "media=\"(prefers-color-scheme: dark)\"",
    ] {
        assert!(page.contains(link), "{link} in {page}");
    }
    // Who chose the colours has one colour around the page.
    let chosen = browser.form("/api/session/set_theme", &[("theme", "dark"), ("next", "/settings/team")], "/").await;
    let session = browser.cookie.clone().unwrap();
    browser.keep(&chosen);
    browser.cookie = Some(format!("{session}; {}", browser.cookie.unwrap()));
    let page = browser.text("/settings/team").await;
    assert_eq!((page.matches("name=\"theme-color\"").count(), page.contains("#0e1518")), (1, true), "{page}");
    assert!(!page.contains("prefers-color-scheme"), "{page}");
}

#[tokio::test]
async fn what_an_installed_application_is_called_is_complete() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets");
    let manifest: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(folder.join("site.webmanifest")).unwrap()).unwrap();
    for (key, value) in [("name", "Painel"), ("short_name", "Painel"), ("start_url", "/"), ("display", "standalone")] {
        assert_eq!(manifest[key], value, "{key}");
    }
    let icons = manifest["icons"].as_array().unwrap();
    for icon in icons {
        let (path, sizes) = (icon["src"].as_str().unwrap(), icon["sizes"].as_str().unwrap());
        assert!(server::web::assets::BESIDE.contains(&path), "{path} is served");
        let bytes = std::fs::read(folder.join(path.trim_start_matches('/'))).unwrap();
        if path.ends_with(".png") {
            // A PNG's first chunk says its width and height.
            let side = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
            assert_eq!(format!("{}x{}", side(16), side(20)), sizes, "{path}");
        }
    }
    let purposes: Vec<_> = icons.iter().filter_map(|icon| icon["purpose"].as_str()).collect();
    assert_eq!((icons.len(), purposes), (4, vec!["maskable"]));
}

#[tokio::test]
async fn a_tenant_has_its_colour_in_the_frame_and_the_agency_may_choose_it() {
    let server = Server::start().await;
    let tenant = server.tenant("colorida", Role::Admin, None).await;
    let member = server.signed_in(&tenant.email).await;
    let own = Hue::of_slug("colorida").as_str();
    assert_eq!(hue_of(&member.text("/settings/team").await), Some(own));

    server.staff("dona@agencia.example", AgencyRole::Owner).await;
    server.staff("apoio@agencia.example", AgencyRole::Support).await;
    let (owner, support) =
        (server.signed_in("dona@agencia.example").await, server.signed_in("apoio@agencia.example").await);
    assert_eq!(hue_of(&owner.text("/console").await), None, "outside of every tenant there is none");
    let page = owner.text("/console/tenants/colorida").await;
    for hue in Hue::ALL {
        assert!(page.contains(&format!("<option value=\"{}\"", hue.as_str())), "{}", hue.as_str());
    }
    let edit = |colour: &'static str| {
        [
            ("form[slug]", "colorida"),
            ("form[name]", "Loja colorida"),
            ("form[timezone]", "America/Sao_Paulo"),
            ("form[plan]", "standard"),
            ("form[domain]", ""),
            ("form[colour]", colour),
        ]
    };
    let other = Hue::ALL.into_iter().find(|hue| hue.as_str() != own).unwrap().as_str();
    assert_eq!(support.call("/api/console/edit", &edit(other)).await.status(), StatusCode::FORBIDDEN);
    for wrong in ["chartreuse", "TEAL", "teal\" onload=\"x"] {
        let refused = owner.call("/api/console/edit", &edit(wrong)).await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        assert!(refused.text().await.unwrap().contains("colour"), "{wrong}");
    }
    assert_eq!(hue_of(&member.text("/settings/team").await), Some(own), "nothing was changed");
    for (colour, shown) in [(other, other), ("", own)] {
        let answer = owner.form("/api/console/edit", &edit(colour), "/console/tenants/colorida").await;
        assert_eq!(location(&answer), "/console/tenants/colorida?done=edited");
        assert_eq!(hue_of(&member.text("/settings/team").await), Some(shown), "{colour:?}");
        let chooser = member.text("/choose").await;
        assert_eq!(chooser.matches(&format!("data-hue=\"{shown}\"")).count(), 2, "frame and face, {colour:?}");
    }
    let trail = member.text("/settings/audit").await;
    let rows = trail.split("<tbody").nth(1).and_then(|rest| rest.split("</tbody>").next()).expect("rows");
    assert_eq!(rows.matches("dados do painel mudados").count(), 2, "{rows}");
    assert_eq!(rows.matches("cor").count(), 2, "each names what changed: {rows}");
}

#[tokio::test]
async fn keys_are_on_until_somebody_turns_them_off_in_this_browser() {
    let server = Server::start().await;
    let tenant = server.tenant("teclas", Role::Viewer, None).await;
    let mut browser = server.signed_in(&tenant.email).await;
    let session = browser.cookie.clone().unwrap();
    let page = browser.text("/settings/security").await;
    for part in ["<dialog", "id=\"keys\"", "aria-labelledby=\"keys-title\"", "id=\"keys-title\""] {
        assert_eq!(page.matches(part).count(), 1, "{part} in {page}");
    }
    assert!(page.contains("As teclas estão ligadas.") && page.contains("value=\"off\""), "{page}");
    for (word, says) in [("off", "As teclas estão desligadas."), ("on", "As teclas estão ligadas.")] {
        let form = [("keys", word), ("next", "/settings/security")];
        let answer = browser.form("/api/session/set_keys", &form, "/settings/security").await;
        assert_eq!((answer.status(), location(&answer)), (StatusCode::FOUND, "/settings/security".to_owned()));
        browser.keep(&answer);
        browser.cookie = Some(format!("{session}; {}", browser.cookie.unwrap()));
        assert!(browser.text("/settings/security").await.contains(says), "{word}");
    }
    let away = browser.form("/api/session/set_keys", &[("keys", "off"), ("next", "//evil.example")], "/").await;
    assert_eq!(location(&away), "/");
}

#[tokio::test]
async fn a_page_that_is_not_there_says_what_to_do_and_which_request_it_was() {
    let server = Server::start().await;
    let answer = Browser::new(&server.url).page("/nada-aqui").await;
    let id = answer.headers()["x-request-id"].to_str().unwrap().to_owned();
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
    let page = answer.text().await.unwrap();
    assert!(page.contains("Página não encontrada") && page.contains(&id[..8]), "{page}");
    for href in ["href=\"/\"", "href=\"/conversations\"", "href=\"/appointments\""] {
        assert!(page.contains(href), "{href} in {page}");
    }
}

#[tokio::test]
async fn a_file_that_cannot_be_made_is_told_as_it_was_asked() {
    let server = Server::start().await;
    let tenant = server.tenant("arquivo", Role::Admin, None).await;
    let browser = server.signed_in(&tenant.email).await;
    // There is no project: nothing to make a file of.
    let page = browser.page("/files/conversas.csv").await;
    assert_eq!(page.status(), StatusCode::CONFLICT);
    assert!(page.headers()[header::CONTENT_TYPE].to_str().unwrap().starts_with("text/html"));
    let page = page.text().await.unwrap();
    assert!(page.contains("<h1>Falta ligar o projeto Supabase</h1>") && page.contains("Ir para o início"), "{page}");
    let text = browser.read("/files/conversas.csv").await;
    assert_eq!(text.status(), StatusCode::CONFLICT);
    let text = text.text().await.unwrap();
    assert!(text.starts_with("Falta ligar o projeto Supabase.") && !text.contains('<'), "{text}");
}
