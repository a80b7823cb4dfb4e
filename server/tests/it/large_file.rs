//! Two hundred thousand messages as a file: the real binary gives all of them, in memory that does not grow with them, and
//! says beforehand about how many there will be. Whoever goes away in the middle ends the reading.

use crate::{
    behind,
    harness::{Browser, PASSWORD},
    own_project::{KEY, OwnProject},
    served::Served,
};
use app::session::Role;
use futures::StreamExt;
use std::time::{Duration, Instant};

const ROWS: usize = 200_000;
const MOST_MEMORY: u64 = 32 * 1024 * 1024;
const TABLES: &str = include_str!("../../../end2end/stack/schema.sql");
const FILL: &str = "insert into conversations (phone, name, status, last_message)
  select '55119' || (80000000 + n), 'Contato ' || n, 'bot', 'oi' from generate_series(1, 1000) n;
insert into messages (conversation_id, direction, content, created_at)
  select 1 + n % 1000, case n % 2 when 0 then 'in' else 'out' end, 'Linha ' || n || E';\\n\"' || repeat('texto ', 15) || '\"',
         timestamptz '2026-01-01' + n * interval '1 minute' from generate_series(1, 200000) n;
create index on messages (created_at, id);
analyze";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_thousand_rows_take_no_memory_to_speak_of() {
    let project = OwnProject::start().await;
    project.run(TABLES).await;
    project.run(FILL).await;
    let origin = project.origin.clone();
    let (server, behind) = behind::start_with(|config| config.egress_allow.clone_from(&origin)).await;
    let tenant = server.tenant("arquivo", Role::Agent, None).await;
    server.connect_to(&tenant.scope, &project.url, KEY).await;
    let served = Served::start(&behind, &server, &[("PAINEL_EGRESS_ALLOW", &project.origin)]).await;
    let mut browser = Browser::new(&served.url);
    browser.log_in(&tenant.email, PASSWORD).await;
    browser.text("/conversations").await;

    let (before, began) = (served.memory("VmHWM"), Instant::now());
    let answer = browser.page("/files/mensagens.csv").await;
    let about: usize = answer.headers()["painel-rows"].to_str().unwrap().parse().unwrap();
    let file = answer.bytes().await.expect("the whole file");
    let (took, rise) = (began.elapsed(), served.memory("VmHWM").saturating_sub(before));
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(&file[3..]);
    let rows = reader.records().filter(|record| record.as_ref().is_ok_and(|record| record.len() == 5)).count();

    // Whoever cancels is not read for any further.
    let told = project.asked().len();
    let mut cut = browser.page("/files/mensagens.csv").await.bytes_stream();
    assert!(cut.next().await.is_some_and(|piece| piece.is_ok()));
    drop(cut);
    let mut asked = 0;
    // What is under way comes to its end.
    while project.asked().len() > asked {
        asked = project.asked().len();
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
    let after = project.asked().len() - asked;
    let whole = ROWS / 1_000;
    assert!(
        asked - told < whole / 2,
        "{} questions for a file that nobody takes, of {whole} for all of it",
        asked - told
    );

    eprintln!(
        "CSV of {ROWS} messages: {rows} rows of {} MB in {took:?}, told beforehand about {about}; memory rises by {} MiB (less \
         than 32) from {} MiB; {after} questions more after cancelling",
        file.len() / 1_000_000,
        rise >> 20,
        before >> 20,
    );
    assert_eq!((rows, after), (ROWS, 0));
    assert!(about.abs_diff(ROWS) < ROWS / 20, "{about}");
    assert!(rise < MOST_MEMORY, "{rise} bytes");
    project.end().await;
}
