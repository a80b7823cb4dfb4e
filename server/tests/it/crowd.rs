//! Five hundred people sign in at the same moment: the real binary keeps its memory and goes on answering, because few
//! passwords are hashed at a time and all others are told when to come back.

use crate::{
    behind,
    harness::{Browser, PASSWORD},
    served::Served,
};
use app::session::Role;
use futures::future::join_all;
use reqwest::{StatusCode, header};
use std::time::{Duration, Instant};

const CROWD: usize = 500;
/// Signs of life asked for while the crowd is at the door.
const PULSE: usize = 100;
const MOST_MEMORY: u64 = 128 * 1024 * 1024;
const SOON: Duration = Duration::from_millis(100);

/// Asks for signs of life, one after the other; gives how many came soon, and the slowest.
async fn pulse(url: String) -> (usize, Duration) {
    let browser = Browser::new(&url);
    let (mut soon, mut slowest) = (0, Duration::ZERO);
    for _ in 0..PULSE {
        let began = Instant::now();
        assert_eq!(browser.read("/livez").await.status(), StatusCode::OK);
        let took = began.elapsed();
        (soon, slowest) = (soon + usize::from(took < SOON), slowest.max(took));
        tokio::time::sleep(Duration::from_millis(15)).await;
    }
    (soon, slowest)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_hundred_sign_ins_at_once_cost_little_memory_and_nobody_else() {
    let (server, behind) = behind::start().await;
    let tenant = server.tenant("quinhentas", Role::Viewer, None).await;
    let mut emails = Vec::new();
    for number in 0..CROWD / 2 {
        let known = format!("k{number}@quinhentas.example");
        server.user(&known, tenant.scope.tenant(), Role::Viewer).await;
        emails.extend([known, format!("u{number}@quinhentas.example")]);
    }
    let served = Served::start(&behind, &server, &[("PAINEL_TRUSTED_PROXIES", "127.0.0.1")]).await;
    let before = served.memory("VmRSS");
    let browser = Browser::new(&served.url);

    let crowd = async {
        let tries = emails.iter().enumerate().map(|(number, email)| {
            let mut browser = browser.clone();
            browser.forwarded_for = Some(format!("11.0.{}.{}", number / 250, number % 250 + 1));
            async move {
                let pairs = [("email", email.as_str()), ("password", PASSWORD)];
                let answer = browser.call("/api/session/log_in", &pairs).await;
                let advised = answer.headers().contains_key(header::RETRY_AFTER);
                (answer.status(), advised)
            }
        });
        join_all(tries).await
    };
    // A task of its own: whoever asks must not wait for the crowd's clients.
    let pulse = tokio::spawn(pulse(served.url.clone()));
    let (answers, pulse) = tokio::join!(crowd, pulse);
    let (soon, slowest) = pulse.expect("it asks to the end");
    let rise = served.memory("VmHWM").saturating_sub(before);

    let count = |status: StatusCode| answers.iter().filter(|(is, _)| *is == status).count();
    let entered = count(StatusCode::OK);
    let (refused, full) = (count(StatusCode::UNAUTHORIZED), count(StatusCode::SERVICE_UNAVAILABLE));
    let advised = answers.iter().filter(|(is, advised)| *is == StatusCode::SERVICE_UNAVAILABLE && *advised).count();
    eprintln!(
        "A5 of {CROWD} sign-ins at once {entered} enter, {refused} are refused, {full} are told to come back ({advised} of \
         {full} with Retry-After); memory rises by {} MiB (less than 128) from {} MiB; /livez {soon} of {PULSE} within \
         100 ms, the slowest in {slowest:?}",
        rise >> 20,
        before >> 20,
    );
    assert_eq!(entered + refused + full, CROWD, "{answers:?}");
    assert!(entered > 0 && full > CROWD / 2 && advised == full);
    assert!(rise < MOST_MEMORY, "{rise} bytes");
    // The machine is shared, and the crowd comes from it too: what is asserted is that nobody waits for the crowd, which
    // takes much longer.
    assert!(soon >= PULSE * 8 / 10 && slowest < Duration::from_secs(4), "{soon} of {PULSE}, the slowest {slowest:?}");
    let mut again = Browser::new(&served.url);
    assert_eq!(again.log_in(&tenant.email, PASSWORD).await.status(), StatusCode::FOUND, "and all goes on");
}
