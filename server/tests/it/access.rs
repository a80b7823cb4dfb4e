//! Who may call what, on the running server: `app::access` against every page, file and server function there is, for
//! everybody who may come.

use crate::{
    harness::{Browser, PASSWORD, Server, Tenant, location},
    people::{Person, everybody},
};
use app::{
    access::{FILES, FUNCTIONS, Need, PAGES, STREAMS},
    session::Role,
};
use reqwest::{Method, Response, StatusCode, header};
use server::store::Act;
use sqlx::{Connection, SqliteConnection};
use std::collections::BTreeMap;
use time::OffsetDateTime;

/// Plausible arguments of a server function: nothing in them is anybody's.
fn arguments(path: &str, number: usize) -> Vec<(&'static str, String)> {
    const NOBODY: &str = "0190b8e4-0000-7000-8000-000000000000";
    let pairs: &[(&'static str, &str)] = match path.trim_start_matches("/api/") {
        "session/log_in" => &[("email", "dentro@chegada.example"), ("password", PASSWORD)],
        "session/log_in_code" => &[("code", "000000")],
        "session/set_theme" => &[("theme", "dark")],
        "session/set_language" => &[("language", "en")],
        "session/set_keys" => &[("keys", "off")],
        "session/choose" => &[("slug", "nenhuma")],
        "links/look" => &[("token", "nenhum")],
        "links/accept" => &[("token", "nenhum"), ("name", "Rui"), ("password", PASSWORD)],
        "links/request_reset" => &[("email", "rui@nenhuma.example")],
        "links/reset" => &[("token", "nenhum"), ("password", PASSWORD)],
        "security/change_password" => &[("current", PASSWORD), ("password", "curta")],
        "security/begin_second_factor" | "security/remove_second_factor" => &[("current", PASSWORD)],
        "security/confirm_second_factor" => &[("code", "000000")],
        "security/end_session" => &[("id", "bmVuaHVtYQ")],
        "conversations/thread" | "conversations/print" | "appointments/one" => &[("id", "1")],
        "conversations/save_filter" => &[("name", "Robô"), ("filter[status]", "bot")],
        "conversations/remove_filter" => &[("saved", NOBODY)],
        "credentials/save" => &[("provider", "whatsapp"), ("version", "0"), ("fields[phone_number_id]", "x")],
        "credentials/test" => &[("provider", "supabase"), ("version", "0"), ("fields[api_key]", "x")],
        "credentials/pairing" => &[("shown", "0")],
        "credentials/send_event" => &[("version", "7")],
        "credentials/connect_google" | "credentials/disconnect_google" => {
            &[("provider", "google_calendar"), ("version", "7")]
        }
        "overview/set_hours" => &[("hours[mon]", "true"), ("hours[opens]", "08:00"), ("hours[closes]", "18:00")],
        "credentials/remove" => &[("provider", "whatsapp"), ("version", "7")],
        "automation/make" => &[("name", "Um"), ("providers[n8n]", "on"), ("lifetime", "month")],
        "automation/revoke" => &[("token", NOBODY)],
        "mapping/model" => &[("talks", "a"), ("bookings", "none")],
        "mapping/draft" => &[("fields[messages.table]", "x")],
        "mapping/save" => &[("version", "7")],
        "mapping/restore" => &[("version", "7"), ("current", "8")],
        "team/invite" => &[("email", "rui@nenhuma.example"), ("role", "viewer")],
        "team/withdraw" => &[("invitation", NOBODY)],
        "team/set_role" => &[("member", NOBODY), ("role", "viewer")],
        "team/remove" | "team/reset_link" => &[("member", NOBODY)],
        "console/tenant" | "console/resume" => &[("slug", "nenhuma")],
        "console/create" => {
            let slug = format!("nova-{number}");
            return vec![
                ("form[name]", "Nova".to_owned()),
                ("form[slug]", slug),
                ("form[timezone]", "America/Sao_Paulo".to_owned()),
                ("form[email]", "rui@nova.example".to_owned()),
            ];
        }
        "console/edit" => {
            &[("form[slug]", "nenhuma"), ("form[name]", "Nenhuma"), ("form[timezone]", "America/Sao_Paulo")]
        }
        "console/suspend" => &[("slug", "nenhuma"), ("reason", "Um motivo qualquer.")],
        "console/break_glass" => &[("slug", "nenhuma"), ("reason", "Um motivo bastante longo.")],
        "console/invite_admin" => &[("slug", "nenhuma"), ("email", "rui@agencia.example")],
        "console/invite_staff" => &[("email", "rui@agencia.example"), ("role", "support")],
        "console/remove_staff" => &[("person", NOBODY)],
        _ => &[],
    };
    pairs.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
}

fn methods() -> BTreeMap<String, Method> {
    leptos::server_fn::axum::server_fn_paths().map(|(path, method)| (path.to_owned(), method)).collect()
}

/// Calls a server function as the wasm does.
pub async fn call(browser: &Browser, path: &str, method: &Method, number: usize) -> Response {
    let arguments = arguments(path, number);
    let pairs: Vec<(&str, &str)> = arguments.iter().map(|(name, value)| (*name, value.as_str())).collect();
    if *method == Method::GET {
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        browser.read(&format!("{path}?{query}")).await
    } else {
        browser.call(path, &pairs).await
    }
}

/// A page's or file's path with its parameters filled in.
fn filled(pattern: &str) -> String {
    pattern.replace(":id", "1").replace(":token", "nenhum").replace(":slug", "nenhuma")
}

/// The refusal that an answer tells, if it is one of those that `access` makes.
async fn refusal(answer: Response) -> Option<&'static str> {
    let text = answer.text().await.expect("a body");
    ["NotSignedIn", "NotAllowed", "SecondFactorDue"].into_iter().find(|word| text.contains(word))
}

#[tokio::test]
async fn the_table_and_the_routes_are_the_same() {
    let _server = Server::start().await;
    let sorted = |mut paths: Vec<String>| {
        paths.sort();
        paths
    };
    let listed = |table: &[(&str, Need)]| sorted(table.iter().map(|(path, _)| (*path).to_owned()).collect());
    let functions = methods();
    assert_eq!(sorted(functions.keys().cloned().collect()), listed(FUNCTIONS), "server functions and their needs");
    let pages = server::router::ROUTES.iter().map(|route| route.path().replace('{', ":").replace('}', "")).collect();
    assert_eq!(sorted(pages), listed(PAGES), "pages and their needs");
    eprintln!("access: {} functions and {} pages are those of the table", FUNCTIONS.len(), PAGES.len());
}

#[tokio::test]
async fn everybody_gets_exactly_what_the_table_says() {
    let server = Server::start().await;
    let tenant = server.tenant("tabela", Role::Viewer, Some(0)).await;
    let arrival = server.tenant("chegada", Role::Viewer, None).await;
    server.user("dentro@chegada.example", arrival.scope.tenant(), Role::Viewer).await;
    let methods = methods();
    let (mut asked, mut right, mut number) = (0, 0, 0);
    let mut wrong = Vec::new();
    for person in everybody(&server, &tenant).await {
        let mut browser = person.enter(&server).await;
        for (path, need) in FUNCTIONS {
            number += 1;
            let method = &methods[*path];
            let answer = call(&browser, path, method, number).await;
            let status = answer.status();
            let told = refusal(answer).await;
            let expected = person.expected(*need);
            let as_said = match expected {
                Some((code, word)) => status == code && told == Some(word),
                // The second step without the first is its own refusal, whoever comes.
                None if *path == "/api/session/log_in_code" => status == StatusCode::UNAUTHORIZED,
                None => {
                    !matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::METHOD_NOT_ALLOWED)
                        && !status.is_server_error()
                        && status != StatusCode::BAD_REQUEST
                }
            };
            (asked, right) = (asked + 1, right + usize::from(as_said));
            if !as_said {
                wrong.push(format!("{}: {path} answers {status} {told:?}, expected {expected:?}", person.name));
            }
            if *method == Method::POST && expected.is_none() {
                // It may have ended the session, or begun one of somebody else.
                browser = person.enter(&server).await;
            }
        }
        for (path, need) in STREAMS {
            let status = browser.page(path).await.status();
            let as_said = status == person.expected(*need).map_or(StatusCode::OK, |(status, _)| status);
            (asked, right) = (asked + 1, right + usize::from(as_said));
            if !as_said {
                wrong.push(format!("{}: {path} answers {status}", person.name));
            }
        }
        for (pattern, need) in PAGES.iter().chain(FILES) {
            let path = filled(pattern);
            let answer = browser.page(&path).await;
            let status = answer.status();
            let led_to = answer.headers().contains_key(header::LOCATION).then(|| location(&answer));
            // Files of content come from a project, which a tenant may not have yet.
            let without =
                path.starts_with("/files/") && status == StatusCode::CONFLICT && person.expected(*need).is_none();
            let as_said = without || person.page_is_right(&path, *need, status, led_to.as_deref());
            (asked, right) = (asked + 1, right + usize::from(as_said));
            if !as_said {
                wrong.push(format!("{}: {path} answers {status} {led_to:?}", person.name));
            }
        }
    }
    eprintln!("access: {right} of {asked} calls answered as the table says");
    assert_eq!(wrong, Vec::<String>::new());
}

#[tokio::test]
async fn who_owes_a_second_factor_reaches_their_own_account_alone() {
    let server = Server::start().await;
    let tenant = server.tenant("devedora", Role::Viewer, Some(0)).await;
    let (store, act, now) = (&server.state.store, Act::of_command_line(), OffsetDateTime::now_utc());
    let people = everybody(&server, &tenant).await;
    store.require_second_factor(&tenant.scope, &act, true, now).await.unwrap();
    store.require_staff_second_factor(&store.operator_agency(), &act, true, now).await.unwrap();
    let methods = methods();
    let (mut asked, mut right, mut number) = (0, 0, 0);
    for person in people.into_iter().filter(|person| person.owes) {
        let mut browser = person.enter(&server).await;
        for (path, need) in FUNCTIONS.iter().filter(|(_, need)| *need != Need::Anyone) {
            number += 1;
            let answer = call(&browser, path, &methods[*path], number).await;
            let status = answer.status();
            let told = refusal(answer).await;
            let own = *need == Need::SignedIn;
            let as_said = match (own, *path) {
                // Here it may not be removed: that is another refusal.
                (true, "/api/security/remove_second_factor") => told == Some("NotAllowed"),
                (true, _) => !matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN),
                (false, _) => status == StatusCode::FORBIDDEN && told == Some("SecondFactorDue"),
            };
            assert!(as_said, "{}: {path} answers {status} {told:?}", person.name);
            (asked, right) = (asked + 1, right + usize::from(as_said));
            if own && methods[*path] == Method::POST {
                browser = person.enter(&server).await;
            }
        }
        for (path, _) in STREAMS {
            assert_eq!(browser.page(path).await.status(), StatusCode::FORBIDDEN, "{}: {path}", person.name);
            asked += 1;
            right += 1;
        }
        for (pattern, need) in PAGES.iter().chain(FILES).filter(|(_, need)| *need != Need::Anyone) {
            let answer = browser.page(&filled(pattern)).await;
            let as_said = match need {
                Need::SignedIn => answer.status() == StatusCode::OK,
                _ => answer.status() == StatusCode::SEE_OTHER && location(&answer) == "/settings/security",
            };
            assert!(as_said, "{}: {pattern} answers {}", person.name, answer.status());
            (asked, right) = (asked + 1, right + usize::from(as_said));
        }
    }
    eprintln!("access: {right} of {asked} calls confined to the own account while a second factor is due");
    assert!(asked > 100);
}

/// Paths that look like one of ours and are none.
fn near(path: &str) -> Vec<String> {
    let (folder, last) = path.rsplit_once('/').expect("a path has a slash");
    let first = last.chars().next().expect("a name");
    vec![
        path.to_uppercase(),
        format!("{folder}/{}", last.to_uppercase()),
        format!("{path}/"),
        format!("/{path}"),
        format!("{folder}//{last}"),
        format!("{folder}/%{:02x}{}", first as u32, &last[1..]),
        format!("{path}%00"),
        format!("{path};x"),
        format!("{path}.json"),
        format!("{folder}/x"),
    ]
}

#[tokio::test]
async fn what_is_not_listed_is_not_there() {
    let server = Server::start().await;
    let tenant = server.tenant("perto", Role::Admin, Some(0)).await;
    let owner = server.staff("dona@agencia.example", app::session::AgencyRole::Owner).await;
    let act = Act::of_command_line();
    server
        .state
        .store
        .add_membership(&tenant.scope, &act, owner, Role::Admin, OffsetDateTime::now_utc())
        .await
        .unwrap();
    let mut browser = server.signed_in("dona@agencia.example").await;
    let answer = browser.call("/api/session/choose", &[("slug", "perto")]).await;
    browser.keep(&answer);
    assert_eq!(browser.page("/settings/team").await.status(), StatusCode::OK);
    let (mut asked, mut right) = (0, 0);
    let mut wrong = Vec::new();
    for (path, _) in FUNCTIONS {
        for near in near(path) {
            for method in [Method::GET, Method::POST] {
                let answer = call(&browser, &near, &method, 0).await;
                let fine = answer.status() == StatusCode::NOT_FOUND;
                (asked, right) = (asked + 1, right + usize::from(fine));
                if !fine {
                    wrong.push(format!("{method} {near}: {}", answer.status()));
                }
            }
        }
    }
    // A parameter takes anything: what is near is another parameter.
    for (path, need) in PAGES.iter().chain(FILES).chain(STREAMS).filter(|(path, _)| *path != "/" && !path.contains(':'))
    {
        for near in near(path) {
            if app::access::need(&near).is_some() {
                continue;
            }
            let answer = browser.page(&near).await;
            let status = answer.status();
            let to = answer.headers().contains_key(header::LOCATION).then(|| location(&answer));
            let text = answer.text().await.unwrap();
            let page = near == format!("{path}/");
            let fine = match (page, to) {
                (true, Some(to)) => to == *path,
                // Whatever is drawn, it is drawn for nobody.
                (_, to) => to.is_none() && status == StatusCode::NOT_FOUND && !text.contains("Loja perto"),
            };
            (asked, right) = (asked + 1, right + usize::from(fine));
            if !fine {
                wrong.push(format!("GET {near} ({need:?}): {status}"));
            }
        }
    }
    for path in ["/api", "/api/", "/api/x", "/api/session", "/api/session/", "/api//settings/team", "/admin"] {
        let fine = browser.page(path).await.status() == StatusCode::NOT_FOUND;
        (asked, right) = (asked + 1, right + usize::from(fine));
        if !fine {
            wrong.push(path.to_owned());
        }
    }
    eprintln!("access: {right} of {asked} paths near ours are not there");
    assert_eq!(wrong, Vec::<String>::new());
}

/// How often another connection has written to the database.
async fn writes(connection: &mut SqliteConnection) -> i64 {
    sqlx::query_scalar("pragma data_version").fetch_one(connection).await.expect("SQLite answers")
}

/// Waits for what the overview notes beside its answer: when the tenant's newest row was written.
async fn settled(connection: &mut SqliteConnection, tenant: &Tenant) {
    const NOTED: &str = "select last_data_at is not null from tenants where id = $1";
    let id = tenant.scope.tenant();
    for _ in 0..400 {
        let noted = sqlx::query_scalar(NOTED).bind(id.as_uuid());
        if noted.fetch_one(&mut *connection).await.expect("SQLite answers") {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the overview notes nothing");
}

/// By the database's own count, which sees every commit: on SQLite alone.
#[tokio::test]
async fn a_get_never_writes() {
    let server = Server::start_with(|_| {}).await;
    let tenant: Tenant = server.tenant("leitura", Role::Viewer, Some(0)).await;
    let url = format!("sqlite://{}", server.folder.path().join("painel.db").display());
    let mut connection = SqliteConnection::connect(&url).await.unwrap();
    let methods = methods();
    let (mut asked, mut still) = (0, 0);
    let mut wrong = Vec::new();
    for person in everybody(&server, &tenant).await {
        let browser = person.enter(&server).await;
        for (path, method) in &methods {
            // Once before: the newest row of a project is noted when it is new, beside the answer.
            let first = call(&browser, path, &Method::GET, 0).await.status();
            if path == "/api/overview/read" && first == StatusCode::OK {
                settled(&mut connection, &tenant).await;
            }
            let before = writes(&mut connection).await;
            let status = call(&browser, path, &Method::GET, 0).await.status();
            let same = before == writes(&mut connection).await;
            let fine = same && (*method == Method::GET || status == StatusCode::METHOD_NOT_ALLOWED);
            (asked, still) = (asked + 1, still + usize::from(fine));
            if !fine {
                wrong.push(format!("{}: GET {path} ({method}) answers {status}, wrote: {}", person.name, !same));
            }
        }
        for (pattern, _) in PAGES {
            let first = browser.page(&filled(pattern)).await.status();
            if *pattern == "/" && first == StatusCode::OK {
                settled(&mut connection, &tenant).await;
            }
            let before = writes(&mut connection).await;
            browser.page(&filled(pattern)).await;
            let same = before == writes(&mut connection).await;
            (asked, still) = (asked + 1, still + usize::from(same));
            if !same {
                wrong.push(format!("{}: page {pattern} wrote", person.name));
            }
        }
    }
    // And this would see a write.
    let before = writes(&mut connection).await;
    let admin: Person = everybody(&server, &tenant).await.remove(0);
    admin.enter(&server).await;
    assert_ne!(before, writes(&mut connection).await);
    eprintln!("access: {still} of {asked} GETs wrote nothing");
    assert_eq!(wrong, Vec::<String>::new());
}
