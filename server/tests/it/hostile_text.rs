//! Text that would like to be markup or a header: it comes back as text or not at all.

use crate::harness::{Browser, PASSWORD, Server};
use app::session::{AgencyRole, Role};
use reqwest::{Response, StatusCode, header};
use server::store::Act;
use time::OffsetDateTime;

const HOSTILE: [&str; 7] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "</script><svg/onload=alert(1)>",
    "'\"<b>&lt;",
    "javascript:alert(1)//<x>",
    "a\r\nset-cookie: planted=1\r\n\r\n<h1>",
    "/\u{2028}<!--<script>",
];

/// Whether an answer shows the text unescaped or lets it into its headers.
async fn harmless(answer: Response, text: &str) -> bool {
    let headers_clean = answer.headers().iter().all(|(name, value)| {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        let adopted = name == header::SET_COOKIE && value.contains("planted");
        !(adopted || value.contains(['<', '\r', '\n']))
    });
    let html = answer.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    let guarded = answer.headers().get(header::X_CONTENT_TYPE_OPTIONS).is_some_and(|value| value == "nosniff");
    let body = answer.text().await.expect("a body");
    let links = ["href=\"javascript:", "action=\"javascript:", "src=\"javascript:"];
    headers_clean && guarded && (!html || (!body.contains(text) && !links.iter().any(|link| body.contains(link))))
}

fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}

#[tokio::test]
async fn hostile_text_is_never_markup_nor_a_header() {
    let server = Server::start().await;
    let tenant = server.tenant("texto", Role::Admin, Some(0)).await;
    let owner = server.staff("dona@agencia.example", AgencyRole::Owner).await;
    let (store, act, now) = (&server.state.store, Act::of_command_line(), OffsetDateTime::now_utc());
    store.add_membership(&tenant.scope, &act, owner, Role::Admin, now).await.unwrap();
    let nobody = Browser::new(&server.url);
    let admin = server.signed_in(&tenant.email).await;
    let owner = server.signed_in("dona@agencia.example").await;
    let (mut asked, mut fine) = (0, 0);
    let mut wrong = Vec::new();
    for (number, text) in HOSTILE.into_iter().enumerate() {
        let typed = encoded(text);
        let mut count = |what: String, harmless: bool| {
            (asked, fine) = (asked + 1, fine + usize::from(harmless));
            if !harmless {
                wrong.push(what);
            }
        };
        for path in ["/login?next=", "/login?done=", "/login/code?next=", "/reset/", "/invite/", "/reset?sent=", "/"] {
            count(format!("{path}{typed}"), harmless(nobody.page(&format!("{path}{typed}")).await, text).await);
        }
        for path in [
            "/choose?q=",
            "/conversations?before=",
            "/conversations?q=",
            "/conversations?__path=/api/conversations/save_filter&__err=",
            "/conversations/",
            "/conversations/1?day=",
            "/appointments?date=",
            "/appointments?professional=",
            "/appointments?view=list&status=",
            "/appointments/",
            "/files/appointments/",
            "/settings/audit?who=",
            "/settings/audit?filter[who]=",
            "/settings/audit?before=",
            "/settings/team?done=",
            "/settings/team?__path=/api/team/invite&__err=",
            "/settings/audit.csv?who=",
            "/nada/",
        ] {
            count(format!("{path}{typed}"), harmless(admin.page(&format!("{path}{typed}")).await, text).await);
        }
        for path in ["/console?search=", "/console?filter[search]=", "/console?after=", "/console/tenants/"] {
            count(format!("{path}{typed}"), harmless(owner.page(&format!("{path}{typed}")).await, text).await);
        }
        let forms: [(&str, Vec<(&str, &str)>); 6] = [
            ("/api/session/log_in", vec![("email", text), ("password", text), ("next", text)]),
            ("/api/session/set_theme", vec![("theme", "dark"), ("next", text)]),
            ("/api/session/choose", vec![("slug", text)]),
            ("/api/links/request_reset", vec![("email", text)]),
            ("/api/links/accept", vec![("token", text), ("name", text), ("password", text)]),
            ("/api/team/invite", vec![("email", text), ("role", text)]),
        ];
        for (path, pairs) in forms {
            count(format!("{path} {text}"), harmless(admin.form(path, &pairs, "/login").await, text).await);
            count(format!("{path} {text}"), harmless(admin.call(path, &pairs).await, text).await);
        }

        // What is kept and shown again.
        let slug = format!("nome-{number}");
        let create = [
            ("form[name]", text),
            ("form[slug]", slug.as_str()),
            ("form[timezone]", "America/Sao_Paulo"),
            ("form[plan]", text),
            ("form[email]", "rui@nome.example"),
        ];
        let made = owner.call("/api/console/create", &create).await;
        assert!(made.status().is_redirection() || made.status() == StatusCode::OK, "{text:?}: {}", made.status());
        owner.call("/api/console/suspend", &[("slug", &slug), ("reason", text)]).await;
        let page = format!("/console/tenants/{slug}");
        for path in ["/console", page.as_str()] {
            count(format!("{path} {text}"), harmless(owner.page(path).await, text).await);
        }
        let person = format!("n{number}@texto.example").parse().unwrap();
        let user = server::store::NewUser {
            email: person,
            name: text.to_owned(),
            password_hash: String::new(),
            membership: Some((tenant.scope.tenant(), Role::Viewer)),
        };
        store.create_user(&act, user, now).await.unwrap();
        for path in ["/settings/team", "/settings/audit"] {
            count(format!("{path} {text}"), harmless(admin.page(path).await, text).await);
        }
    }
    eprintln!("hostile text: {fine} of {asked} answers show it as text or not at all");
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(nobody.clone().log_in(&tenant.email, PASSWORD).await.status(), StatusCode::FOUND, "and all goes on");
}
