//! A file under way ends with what allowed it: soon after the suspension, or the signing out, nothing more comes, and it is
//! broken off, not closed as if it were whole. Whoever still may gets all of it.

use crate::{
    harness::Server,
    own_project::{KEY, OwnProject},
};
use app::session::Role;
use futures::StreamExt;
use reqwest::{Response, StatusCode};
use server::store::{Act, TenantStatus};
use std::time::{Duration, Instant};
use time::OffsetDateTime;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy},
    net::{TcpListener, TcpStream},
};

const ROWS: usize = 20_000;
/// It is asked once a second, between two pages.
const ENDS_WITHIN: Duration = Duration::from_secs(5);
/// Before each piece of a page: the whole file takes longer than that.
const PAUSE: Duration = Duration::from_millis(120);
const TABLES: &str = include_str!("../../../end2end/stack/schema.sql");
const FILL: &str = "insert into conversations (phone, name, status, last_message)
  values ('5511987654321', 'Ana', 'bot', 'oi');
insert into messages (conversation_id, direction, content, created_at)
  select 1, 'in', 'Linha ' || n || repeat(' texto', 30), timestamptz '2026-01-01' + n * interval '1 minute'
  from generate_series(1, 20000) n;
create index on messages (created_at, id);
analyze";

/// A file as it came.
#[derive(Debug)]
struct Taken {
    lines: usize,
    /// Whether it was closed as a whole one is.
    whole: bool,
    at: Instant,
}

/// A door in front of a project, behind which answers come slowly.
async fn slow(origin: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let door = listener.local_addr().expect("a bound port").to_string();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let project = TcpStream::connect(&origin).await.expect("the project listens");
            let ((mut asked, mut told), (mut answers, mut asks)) = (client.into_split(), project.into_split());
            tokio::spawn(async move { copy(&mut asked, &mut asks).await });
            tokio::spawn(async move {
                let mut piece = vec![0; 64 * 1024];
                while let Ok(many @ 1..) = answers.read(&mut piece).await {
                    tokio::time::sleep(PAUSE).await;
                    if told.write_all(&piece[..many]).await.is_err() {
                        break;
                    }
                }
            });
        }
    });
    door
}

async fn take(answer: Response) -> Taken {
    assert_eq!(answer.status(), StatusCode::OK);
    let mut pieces = answer.bytes_stream();
    let mut lines = 0;
    loop {
        match pieces.next().await {
            Some(Ok(piece)) => lines += piece.iter().filter(|byte| **byte == b'\n').count(),
            end => return Taken { lines, whole: end.is_none(), at: Instant::now() },
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_under_way_ends_with_what_allowed_it() {
    let project = OwnProject::start().await;
    project.run(TABLES).await;
    project.run(FILL).await;
    let door = slow(project.origin.clone()).await;
    let server = Server::start_as(|config| config.egress_allow.clone_from(&door)).await;
    let (closed, open) =
        (server.tenant("fechada", Role::Agent, None).await, server.tenant("aberta", Role::Agent, None).await);
    for tenant in [&closed, &open] {
        server.connect_to(&tenant.scope, &format!("http://{door}"), KEY).await;
    }
    server.user("sai@aberta.example", open.scope.tenant(), Role::Agent).await;
    let mut browsers = Vec::new();
    for email in [closed.email.as_str(), "sai@aberta.example", open.email.as_str()] {
        browsers.push(server.signed_in(email).await);
    }
    let mut files = Vec::new();
    for browser in &browsers {
        let answer = browser.page("/files/mensagens.csv").await;
        files.push(tokio::spawn(take(answer)));
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(files.iter().all(|file| !file.is_finished()), "they are under way");

    let (store, act, now) = (&server.state.store, Act::of_command_line(), OffsetDateTime::now_utc());
    let (agency, slug) = (store.operator_agency(), "fechada".parse().unwrap());
    assert!(store.set_tenant_status(&agency, &act, &slug, TenantStatus::Suspended, Some("Conta."), now).await.unwrap());
    let suspended = Instant::now();
    browsers[1].call("/api/session/log_out", &[]).await;
    let since = [suspended, Instant::now()];
    let mut taken = Vec::new();
    for file in files {
        taken.push(file.await.unwrap());
    }

    let took: Vec<Duration> =
        taken.iter().zip(since).map(|(file, since)| file.at.saturating_duration_since(since)).collect();
    println!(
        "files of {ROWS} rows: suspended, it ended after {:?} with {} lines; signed out, after {:?} with {}; who may has {}",
        took[0], taken[0].lines, took[1], taken[1].lines, taken[2].lines,
    );
    for (file, took) in taken.iter().zip(&took) {
        assert!(!file.whole && file.lines < ROWS, "{file:?}");
        assert!(*took < ENDS_WITHIN, "{took:?}");
    }
    assert!(taken[2].whole && taken[2].lines == ROWS + 1, "{:?}", taken[2]);
    assert_eq!(browsers[0].page("/files/mensagens.csv").await.status(), StatusCode::FORBIDDEN);
    project.end().await;
}
