//! The second factor over HTTP: set up, asked for, and nothing counts twice.

use crate::harness::{Browser, PASSWORD, Server, location};
use app::session::{AgencyRole, Role};
use reqwest::{Response, StatusCode};
use server::store::Act;
use time::OffsetDateTime;

/// Seconds that a code is good for.
const STEP: i64 = 30;

/// What somebody's app and paper hold.
pub struct Factor {
    /// In base 32, as the page shows it.
    pub secret: String,
    /// The recovery codes.
    pub recovery: Vec<String>,
}

/// The code of the app at hand, so many steps from now.
pub fn code_of(secret: &str, steps: i64) -> String {
    let plain: String = secret.split_whitespace().collect();
    let bytes = base32::decode(base32::Alphabet::Rfc4648 { padding: false }, &plain).expect("base 32");
    let at = u64::try_from(OffsetDateTime::now_utc().unix_timestamp() + steps * STEP).expect("after 1970");
    let totp = totp_rs::Builder::new()
        .with_algorithm(totp_rs::Algorithm::SHA1)
        .with_digits(6)
        .with_step_duration(STEP.unsigned_abs())
        .with_secret(bytes)
        .build_noncompliant();
    totp.generate(at).to_string()
}

async fn view(browser: &Browser) -> serde_json::Value {
    let answer = browser.read("/api/security/read").await;
    assert_eq!(answer.status(), StatusCode::OK);
    serde_json::from_slice(&answer.bytes().await.expect("a body")).expect("JSON")
}

async fn went_through(answer: Response) -> Response {
    let status = answer.status();
    assert!(status.is_success() || status.is_redirection(), "{status}: {}", answer.text().await.expect("a body"));
    answer
}

/// Sets a second factor up, as its page leads through it. Uses the code of the step before this one, so that those of
/// now and next are left.
pub async fn enrol(browser: &mut Browser) -> Factor {
    went_through(browser.call("/api/security/begin_second_factor", &[("current", PASSWORD)]).await).await;
    let view = view(browser).await;
    let enrolment = &view["second_factor"]["Enrolling"];
    let secret = enrolment["secret"].as_str().expect("a secret to type").to_owned();
    let recovery = enrolment["recovery"].as_array().expect("recovery codes");
    let recovery: Vec<String> = recovery.iter().map(|code| code.as_str().expect("a code").to_owned()).collect();
    assert_eq!(recovery.len(), server::auth::RECOVERY_CODES);
    // Not at the end of a step, or that code would be too old when it is read.
    if OffsetDateTime::now_utc().unix_timestamp() % STEP >= STEP - 4 {
        tokio::time::sleep(std::time::Duration::from_secs(4)).await;
    }
    let code = code_of(&secret, -1);
    let answer = browser.call("/api/security/confirm_second_factor", &[("code", &code)]).await;
    browser.keep(&went_through(answer).await);
    Factor { secret, recovery }
}

/// A browser that has done the first step.
async fn halfway(server: &Server, email: &str) -> Browser {
    let mut browser = Browser::new(&server.url);
    let answer = browser.log_in(email, PASSWORD).await;
    assert_eq!((answer.status(), location(&answer)), (StatusCode::FOUND, "/login/code".to_owned()));
    browser
}

async fn try_code(browser: &mut Browser, code: &str) -> StatusCode {
    let answer = browser.call("/api/session/log_in_code", &[("code", code)]).await;
    browser.keep(&answer);
    let status = answer.status();
    if status == StatusCode::UNAUTHORIZED {
        let text = answer.text().await.expect("a body");
        assert!(text.contains("CodeRefused"), "{text}");
    }
    status
}

fn is_in(status: StatusCode) -> bool {
    status.is_success() || status.is_redirection()
}

/// Waits until the account's soft lock has run out: a wrong code costs a second at first.
async fn wait_out_the_lock() {
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
}

#[tokio::test]
async fn the_whole_way_with_a_second_factor() {
    let server = Server::start().await;
    let tenant = server.tenant("fatores", Role::Admin, None).await;
    let mut browser = server.signed_in(&tenant.email).await;
    let factor = enrol(&mut browser).await;
    let page = browser.text("/settings/security").await;
    assert!(!page.contains(&factor.secret) && !page.contains(&factor.recovery[0]), "shown while it is set up alone");
    assert_eq!(view(&browser).await["second_factor"]["On"]["recovery_left"], 10);
    went_through(browser.call("/api/session/log_out", &[]).await).await;

    let mut browser = halfway(&server, &tenant.email).await;
    assert_eq!(location(&browser.page("/").await), "/login", "the first step alone opens nothing");
    let code = code_of(&factor.secret, 0);
    assert!(is_in(try_code(&mut browser, &code).await));
    assert_eq!(browser.page("/").await.status(), StatusCode::OK);

    let mut replay = halfway(&server, &tenant.email).await;
    assert_eq!(try_code(&mut replay, &code).await, StatusCode::UNAUTHORIZED, "a code is good once");
    assert_eq!(try_code(&mut replay, &factor.recovery[0]).await, StatusCode::TOO_MANY_REQUESTS, "a wrong one counts");
    wait_out_the_lock().await;
    for far in [-3, 3] {
        let status = try_code(&mut replay, &code_of(&factor.secret, far)).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{far} steps away");
        tokio::time::sleep(std::time::Duration::from_millis(3_100)).await;
    }
    // As people type it.
    let typed = factor.recovery[0].to_lowercase().replace('-', " ");
    assert!(is_in(try_code(&mut replay, &typed).await), "a recovery code stands in");
    let mut second = halfway(&server, &tenant.email).await;
    assert_eq!(try_code(&mut second, &factor.recovery[0]).await, StatusCode::UNAUTHORIZED, "and is good once");
    assert_eq!(view(&replay).await["second_factor"]["On"]["recovery_left"], 9);
}

#[tokio::test]
async fn a_used_code_is_never_taken_again() {
    const REPLAYS: usize = 100;
    let server = Server::start_as(|config| config.trusted_proxies = "127.0.0.1".parse().unwrap()).await;
    let tenant = server.tenant("replicas", Role::Admin, None).await;
    let mut taken = 0;
    for number in 0..REPLAYS {
        // An account each: a refused code makes the next one wait.
        let email = format!("r{number}@replicas.example");
        server.user(&email, tenant.scope.tenant(), Role::Viewer).await;
        let mut browser = server.signed_in(&email).await;
        let factor = enrol(&mut browser).await;
        let code = if number % 2 == 0 { code_of(&factor.secret, 0) } else { factor.recovery[number % 10].clone() };
        let (mut first, mut second) = (halfway(&server, &email).await, halfway(&server, &email).await);
        assert!(is_in(try_code(&mut first, &code).await), "{number}");
        // Wrong codes are counted for the address too.
        second.forwarded_for = Some(format!("203.0.113.{number}"));
        taken += usize::from(is_in(try_code(&mut second, &code).await));
    }
    eprintln!("second factor: {taken} of {REPLAYS} replayed codes taken");
    assert_eq!(taken, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_requests_with_one_code_one_wins() {
    const TRIALS: usize = 100;
    let server = Server::start_as(|config| config.trusted_proxies = "127.0.0.1".parse().unwrap()).await;
    let tenant = server.tenant("corrida", Role::Admin, None).await;
    let mut one_of_two = 0;
    for number in 0..TRIALS {
        let email = format!("c{number}@corrida.example");
        server.user(&email, tenant.scope.tenant(), Role::Viewer).await;
        let mut browser = server.signed_in(&email).await;
        let factor = enrol(&mut browser).await;
        let code = if number % 2 == 0 { code_of(&factor.secret, 0) } else { factor.recovery[0].clone() };
        let (mut first, mut second) = (halfway(&server, &email).await, halfway(&server, &email).await);
        first.forwarded_for = Some(format!("203.0.113.{number}"));
        second.forwarded_for = Some(format!("198.51.100.{number}"));
        let (one, other) = tokio::join!(try_code(&mut first, &code), try_code(&mut second, &code));
        one_of_two += usize::from(is_in(one) != is_in(other));
    }
    eprintln!("second factor: exactly one of two wins in {one_of_two} of {TRIALS} trials");
    assert_eq!(one_of_two, TRIALS);
}

#[tokio::test]
async fn where_it_is_demanded_it_comes_first_and_stays() {
    let server = Server::start().await;
    let tenant = server.tenant("exige", Role::Admin, Some(0)).await;
    let owner = "dona@agencia.example";
    server.staff(owner, AgencyRole::Owner).await;
    let (store, act, now) = (&server.state.store, Act::of_command_line(), OffsetDateTime::now_utc());

    let admin = server.signed_in(&tenant.email).await;
    let refused = admin.call("/api/team/require_second_factor", &[("required", "true")]).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY, "who demands one has one");
    store.require_second_factor(&tenant.scope, &act, true, now).await.unwrap();
    store.require_staff_second_factor(&store.operator_agency(), &act, true, now).await.unwrap();

    for (email, home) in [(tenant.email.as_str(), "/"), (owner, "/console")] {
        let mut browser = Browser::new(&server.url);
        let answer = browser.log_in(email, PASSWORD).await;
        browser.keep(&answer);
        for path in [home, "/conversations", "/settings/team", "/console/staff"] {
            assert_eq!(location(&browser.page(path).await), "/settings/security", "{email} at {path}");
        }
        let page = browser.text("/settings/security").await;
        assert!(!page.contains("class=\"talk\""));
        let due = browser.read("/api/conversations/page").await;
        assert_eq!(due.status(), StatusCode::FORBIDDEN);
        assert!(due.text().await.unwrap().contains("SecondFactorDue"));

        enrol(&mut browser).await;
        assert_eq!(browser.page(home).await.status(), StatusCode::OK, "{email} is let on");
        let refused = browser.call("/api/security/remove_second_factor", &[("current", PASSWORD)]).await;
        assert_eq!(refused.status(), StatusCode::FORBIDDEN, "{email} keeps it");
        assert!(refused.text().await.unwrap().contains("NotAllowed"));
    }
    store.require_second_factor(&tenant.scope, &act, false, now).await.unwrap();
}
