//! What ends a session ends it at the next request, for good; and an id known before is worth nothing after.

use crate::{
    harness::{Browser, PASSWORD, Server, Tenant, location},
    second_factor::{code_of, enrol},
};
use app::session::Role;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL};
use reqwest::{Response, StatusCode};
use server::{
    mail::MailConfig,
    store::{Act, TenantStatus},
    web::session::{IDLE, MOST_SESSIONS},
};
use std::time::Duration;
use time::OffsetDateTime;
use tokio::{io::AsyncWriteExt, net::TcpListener};

const OTHER_PASSWORD: &str = "outra-frase-longa-de-teste";
/// Requests at once after each cause.
const AT_ONCE: usize = 20;

/// How many of twenty requests at once, of every kind, are refused to a browser; a suspended tenant's reason counts when
/// nothing else is shown.
async fn refused_of_twenty(browser: &Browser) -> usize {
    let one = async |number: usize| match number % 4 {
        0 => refused(browser.page("/conversations").await).await,
        1 => refused(browser.read("/api/overview/read").await).await,
        2 => refused(browser.call("/api/credentials/remove", &[("provider", "n8n"), ("version", "1")]).await).await,
        _ => refused(browser.page("/settings/audit.csv").await).await,
    };
    futures::future::join_all((0..AT_ONCE).map(one)).await.into_iter().filter(|refused| *refused).count()
}

async fn refused(answer: Response) -> bool {
    let status = answer.status();
    if status == StatusCode::SEE_OTHER {
        return location(&answer).starts_with("/login");
    }
    let text = answer.text().await.expect("a body");
    let suspended = text.contains("Pagamento em aberto.") && !text.contains("class=\"talk\"");
    match status {
        StatusCode::UNAUTHORIZED => text.contains("NotSignedIn"),
        // A page tells the reason and is whole; all else is forbidden.
        StatusCode::OK | StatusCode::FORBIDDEN => suspended,
        _ => false,
    }
}

async fn ok(answer: Response) -> Response {
    assert!(answer.status().is_success() || answer.status().is_redirection(), "{}", answer.status());
    answer
}

/// One who is signed in twice: the browser that the cause hits, and another of theirs.
async fn two(server: &Server, tenant: &Tenant, name: &str) -> (String, Browser, Browser) {
    let email = format!("{name}@causas.example");
    server.user(&email, tenant.scope.tenant(), Role::Admin).await;
    (email.clone(), server.signed_in(&email).await, server.signed_in(&email).await)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_ends_a_session_ends_it_at_the_next_request() {
    let server = Server::start().await;
    let tenant = server.tenant("causas", Role::Admin, Some(0)).await;
    let admin = server.signed_in(&tenant.email).await;
    let (store, act) = (server.state.store.clone(), Act::of_command_line());
    let agency = store.operator_agency();
    let now = OffsetDateTime::now_utc();
    let mut causes: Vec<(&str, usize)> = Vec::new();

    let (_, hit, _) = two(&server, &tenant, "sair").await;
    assert_eq!(refused_of_twenty(&hit).await, 0, "before, nothing is refused");
    ok(hit.call("/api/session/log_out", &[]).await).await;
    causes.push(("signing out", refused_of_twenty(&hit).await));

    let (_, hit, other) = two(&server, &tenant, "todos").await;
    ok(other.call("/api/security/end_all_sessions", &[]).await).await;
    causes.push(("signing out everywhere", refused_of_twenty(&hit).await));

    let (_, hit, other) = two(&server, &tenant, "senha").await;
    let pairs = [("current", PASSWORD), ("password", OTHER_PASSWORD)];
    ok(other.call("/api/security/change_password", &pairs).await).await;
    causes.push(("a new password", refused_of_twenty(&hit).await));

    let (_, hit, mut other) = two(&server, &tenant, "fator").await;
    enrol(&mut other).await;
    causes.push(("a second factor", refused_of_twenty(&hit).await));

    let (_, hit, other) = two(&server, &tenant, "outro").await;
    let view: serde_json::Value =
        serde_json::from_slice(&other.read("/api/security/read").await.bytes().await.unwrap()).unwrap();
    let sessions = view["sessions"].as_array().unwrap();
    assert_eq!(sessions.len(), 2);
    let id = sessions.iter().find(|session| session["current"] == false).unwrap()["id"].as_str().unwrap();
    ok(other.call("/api/security/end_session", &[("id", id)]).await).await;
    causes.push(("ended from another browser", refused_of_twenty(&hit).await));
    assert_eq!(other.page("/").await.status(), StatusCode::OK, "the other goes on");

    let (email, hit, _) = two(&server, &tenant, "fora").await;
    assert!(store.set_user_disabled(&agency, &act, &email.parse().unwrap(), true, now).await.unwrap());
    causes.push(("the user disabled", refused_of_twenty(&hit).await));

    let (email, hit, _) = two(&server, &tenant, "papel").await;
    let user = store.find_user(&email.parse().unwrap()).await.unwrap().unwrap().id.to_string();
    ok(admin.call("/api/team/set_role", &[("member", &user), ("role", "viewer")]).await).await;
    causes.push(("another role", refused_of_twenty(&hit).await));

    let (email, hit, _) = two(&server, &tenant, "lugar").await;
    let user = store.find_user(&email.parse().unwrap()).await.unwrap().unwrap().id.to_string();
    ok(admin.call("/api/team/remove", &[("member", &user)]).await).await;
    causes.push(("the place taken away", refused_of_twenty(&hit).await));

    let (email, hit, _) = two(&server, &tenant, "muitas").await;
    for _ in 1..MOST_SESSIONS {
        server.signed_in(&email).await;
    }
    causes.push(("ten newer sessions", refused_of_twenty(&hit).await));

    let (_, hit, _) = two(&server, &tenant, "suspensa").await;
    let (slug, reason) = ("causas".parse().unwrap(), Some("Pagamento em aberto."));
    assert!(store.set_tenant_status(&agency, &act, &slug, TenantStatus::Suspended, reason, now).await.unwrap());
    causes.push(("the tenant suspended", refused_of_twenty(&hit).await));
    assert!(store.set_tenant_status(&agency, &act, &slug, TenantStatus::Active, None, now).await.unwrap());
    assert_eq!(refused_of_twenty(&hit).await, 0, "and let work again");

    store.end_every_session(&agency, &act, now).await.unwrap();
    causes.push(("every session ended", refused_of_twenty(&hit).await));

    let refused: usize = causes.iter().map(|(_, refused)| refused).sum();
    let asked = causes.len() * AT_ONCE;
    eprintln!("sessions: {} causes, {refused} of {asked} requests at once refused: {causes:?}", causes.len());
    assert_eq!(refused, asked);
}

/// As many sign-ins at once as there may be sessions, and more: no more than ten are left.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signing_in_at_once_leaves_ten_sessions() {
    let server = Server::start().await;
    let tenant = server.tenant("dez", Role::Admin, None).await;
    futures::future::join_all((0..14).map(|_| server.signed_in(&tenant.email))).await;
    let user = server.state.store.find_user(&tenant.email.parse().unwrap()).await.unwrap().unwrap().id;
    let live = server.state.store.list_sessions(user, OffsetDateTime::now_utc(), IDLE, 100).await.unwrap().len();
    eprintln!("sessions: {live} live after 14 sign-ins at once (at most {MOST_SESSIONS})");
    assert!(live <= MOST_SESSIONS as usize);
}

/// Entering a tenant begins a new session on the strength of the one before: that must not carry it over the end.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn entering_a_tenant_does_not_outlive_signing_out_everywhere() {
    const TRIALS: usize = 100;
    let server = Server::start().await;
    let tenant = server.tenant("sobra", Role::Admin, None).await;
    let user = server.state.store.find_user(&tenant.email.parse().unwrap()).await.unwrap().unwrap().id;
    let (mut none, mut entered) = (0, 0);
    for trial in 0..TRIALS {
        let (thief, owner) = (server.signed_in(&tenant.email).await, server.signed_in(&tenant.email).await);
        let enter = async {
            let mut browser = thief.clone();
            let mut times = 0;
            // Again and again, with the newest cookie, as a thief would.
            for _ in 0..6 {
                let answer = browser.call("/api/session/choose", &[("slug", "sobra")]).await;
                if answer.status() == StatusCode::UNAUTHORIZED {
                    break;
                }
                browser.keep(&ok(answer).await);
                times += 1;
            }
            times
        };
        let out = async {
            tokio::time::sleep(Duration::from_micros(u64::try_from(trial % 20).unwrap() * 500)).await;
            ok(owner.call("/api/security/end_all_sessions", &[]).await).await;
        };
        let (times, ()) = tokio::join!(enter, out);
        let live = server.state.store.list_sessions(user, OffsetDateTime::now_utc(), IDLE, 100).await.unwrap();
        (none, entered) = (none + usize::from(live.is_empty()), entered + times);
    }
    eprintln!(
        "sessions: none left in {none} of {TRIALS} sign-outs everywhere, {entered} entries under way beside them"
    );
    assert_eq!(none, TRIALS);
}

/// A mail server that takes a second to say no: what makes an invitation slow.
async fn slow_mail() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("a bound port");
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_secs(1)).await;
                let _ = stream.write_all(b"554 no\r\n").await;
            });
        }
    });
    format!("smtp://{address}?tls=none")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_request_revives_nothing() {
    const TRIALS: usize = 100;
    let mail = MailConfig::parse(&slow_mail().await, "painel@painel.example").expect("a mail server");
    let server = Server::start_as(|config| config.mail = Some(mail)).await;
    let tenant = server.tenant("lenta", Role::Admin, None).await;
    let (mut dead, mut overtaken) = (0, 0);
    for batch in 0..TRIALS / 10 {
        let trial = async |place: usize| {
            let email = format!("u{batch}-{place}@lenta.example");
            server.user(&email, tenant.scope.tenant(), Role::Admin).await;
            let browser = server.signed_in(&email).await;
            let slow = async {
                let invited = format!("convidada{batch}-{place}@lenta.example");
                let answer = browser.call("/api/team/invite", &[("email", &invited), ("role", "viewer")]).await;
                (answer.status().is_success() || answer.status().is_redirection(), std::time::Instant::now())
            };
            let out = async {
                tokio::time::sleep(Duration::from_millis(200)).await;
                ok(browser.call("/api/session/log_out", &[]).await).await;
                std::time::Instant::now()
            };
            let ((went_through, slow_end), out_end) = tokio::join!(slow, out);
            let refused = refused(browser.read("/api/security/read").await).await;
            (refused, went_through && slow_end > out_end)
        };
        for (refused, late) in futures::future::join_all((0..10).map(trial)).await {
            (dead, overtaken) = (dead + usize::from(refused), overtaken + usize::from(late));
        }
    }
    eprintln!("sessions: {dead} of {TRIALS} stay ended, {overtaken} of them overtook a slow request that saved later");
    assert_eq!(dead, TRIALS);
    assert!(overtaken > TRIALS / 2, "the slow request was slow: {overtaken}");
}

/// Whether a step gave a new id and the one before is worth nothing.
async fn replaced(server: &Server, before: Option<String>, after: Option<&String>) -> bool {
    let mut old = Browser::new(&server.url);
    old.cookie.clone_from(&before);
    before.as_ref() != after && after.is_some() && refused(old.read("/api/security/read").await).await
}

#[tokio::test]
async fn an_id_known_before_is_worth_nothing_after() {
    let server = Server::start().await;
    let tenant = server.tenant("ids", Role::Admin, None).await;
    let second = server.tenant("ids-dois", Role::Admin, None).await;
    let (mut asked, mut new) = (0, 0);
    let mut count = |outcome: bool| (asked, new) = (asked + 1, new + usize::from(outcome));

    let mut forged = Browser::new(&server.url);
    for number in 0..25_u8 {
        forged.cookie = Some(format!("painel={}", BASE64URL.encode([number; 16])));
        let before = forged.cookie.clone();
        assert_eq!(forged.log_in(&tenant.email, PASSWORD).await.status(), StatusCode::FOUND);
        count(replaced(&server, before, forged.cookie.as_ref()).await);
    }
    let mut again = server.signed_in(&tenant.email).await;
    for _ in 0..25 {
        let before = again.cookie.clone();
        assert_eq!(again.log_in(&tenant.email, PASSWORD).await.status(), StatusCode::FOUND);
        count(replaced(&server, before, again.cookie.as_ref()).await);
    }
    // Both ways, so that the password of the others stays.
    for (current, password) in [(PASSWORD, OTHER_PASSWORD), (OTHER_PASSWORD, PASSWORD)].repeat(5) {
        let before = again.cookie.clone();
        let pairs = [("current", current), ("password", password)];
        again.keep(&ok(again.call("/api/security/change_password", &pairs).await).await);
        count(replaced(&server, before, again.cookie.as_ref()).await);
    }
    let email = "duas@ids.example";
    let user = server.user(email, tenant.scope.tenant(), Role::Admin).await;
    let (act, now) = (Act::of_command_line(), OffsetDateTime::now_utc());
    server.state.store.add_membership(&second.scope, &act, user, Role::Viewer, now).await.unwrap();
    let mut several = server.signed_in(email).await;
    for slug in ["ids", "ids-dois"].repeat(10) {
        let before = several.cookie.clone();
        several.keep(&ok(several.call("/api/session/choose", &[("slug", slug)]).await).await);
        count(replaced(&server, before, several.cookie.as_ref()).await);
    }
    let email = "codigo@ids.example";
    server.user(email, tenant.scope.tenant(), Role::Admin).await;
    let mut careful = server.signed_in(email).await;
    let before = careful.cookie.clone();
    let factor = enrol(&mut careful).await;
    count(replaced(&server, before, careful.cookie.as_ref()).await);
    for recovery in &factor.recovery {
        let before = careful.cookie.clone();
        let first = careful.log_in(email, PASSWORD).await;
        assert_eq!(location(&first), "/login/code");
        let halfway = careful.cookie.clone();
        count(replaced(&server, before, halfway.as_ref()).await);
        assert!(refused(careful.read("/api/security/read").await).await, "halfway is not in");
        careful.keep(&ok(careful.call("/api/session/log_in_code", &[("code", recovery)]).await).await);
        count(replaced(&server, halfway, careful.cookie.as_ref()).await);
        assert_eq!(careful.page("/").await.status(), StatusCode::OK);
    }
    assert_eq!(code_of(&factor.secret, 0).len(), 6);
    eprintln!("sessions: {new} of {asked} ids known before replaced, and dead");
    assert_eq!(new, asked);
}

#[tokio::test]
async fn what_the_database_holds_signs_nobody_in() {
    let server = Server::start().await;
    let tenant = server.tenant("copia", Role::Admin, None).await;
    let user = server.state.store.find_user(&tenant.email.parse().unwrap()).await.unwrap().unwrap().id;
    for _ in 0..MOST_SESSIONS {
        server.signed_in(&tenant.email).await;
    }
    let now = OffsetDateTime::now_utc();
    let rows = server.state.store.list_sessions(user, now, IDLE, MOST_SESSIONS).await.unwrap();
    assert_eq!(rows.len(), MOST_SESSIONS as usize);
    let (mut asked, mut signed_in) = (0, 0);
    for row in rows {
        let hex: String = row.id_hash.iter().map(|byte| format!("{byte:02x}")).collect();
        let (head, tail) = row.id_hash.split_at(16);
        for value in [hex, BASE64URL.encode(&row.id_hash), BASE64URL.encode(head), BASE64URL.encode(tail)] {
            let mut thief = Browser::new(&server.url);
            thief.cookie = Some(format!("painel={value}"));
            asked += 1;
            signed_in += usize::from(!refused(thief.read("/api/security/read").await).await);
        }
    }
    eprintln!("sessions: {signed_in} of {asked} keys of a copied database work as a cookie");
    assert_eq!(signed_in, 0);
}
