//! Reads and saves go on while keys are rotated, wrapped again and trimmed, by other processes, round after round.

use super::stock::keep_in_ring;
use crate::{
    behind::{self, Behind},
    harness::{Server, fields},
};
use app::{credentials::Provider, error::AppError, session::Role};
use secrecy::ExposeSecret;
use server::{
    backend::RequestBackend,
    ring_watch,
    store::{Act, TenantScope},
    web::caller::Identity,
};
use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed},
};

const READS: usize = 10_000;
const READERS: usize = 4;
const TOKEN: &str = "leitura-sob-carga-0123456789";

/// Asks until there is an answer: a machine that is busy with all of this may say that the database cannot be had now.
async fn answered<T, F: Future<Output = Result<T, AppError>>>(ask: impl Fn() -> F) -> Result<T, AppError> {
    loop {
        match ask().await {
            Err(AppError::Unavailable) => {}
            answer => return answer,
        }
    }
}

/// Reads the value that nobody changes, `count` times; how often it was right.
async fn read(server: Arc<Server>, scope: TenantScope, count: usize, read: Arc<AtomicUsize>) -> usize {
    let mut right = 0;
    for _ in 0..count {
        let opened = answered(|| server.state.open_credential(&scope, Provider::Evolution)).await;
        let token = opened.ok().and_then(|(opened, _)| opened?.fields.remove("token")?.ok());
        right += usize::from(token.is_some_and(|token| token.expose_secret() == TOKEN));
        read.fetch_add(1, Relaxed);
    }
    right
}

/// Saves one value after the other, each read back at once; how many were acknowledged, and how many of those were gone.
async fn save(server: Arc<Server>, scope: TenantScope, over: Arc<AtomicBool>) -> (usize, usize) {
    let backend = RequestBackend::new(server.state.clone(), Identity::default(), None);
    let (mut saved, mut gone) = (0, 0);
    while !over.load(Relaxed) {
        let address = format!("https://n8n.example.com/webhook/{saved}");
        let input = fields(&[("webhook_url", &address)]);
        let act = Act::of_command_line();
        answered(|| backend.save_fields(&scope, &act, Provider::N8n, None, &input)).await.expect("a save");
        saved += 1;
        let opened = answered(|| server.state.open_credential(&scope, Provider::N8n)).await;
        let (opened, _) = opened.expect("a read");
        let kept = opened.and_then(|mut opened| opened.fields.remove("webhook_url")?.ok());
        gone += usize::from(kept.is_none_or(|kept| kept.expose_secret() != address));
        // So that a rotation of the same tenant gets its turn too.
        tokio::time::sleep(std::time::Duration::from_millis(3)).await;
    }
    (saved, gone)
}

/// One round by the real binary: a new ring key, everything wrapped and sealed anew, and the old keys gone.
fn round(server: &Server, behind: &Behind, number: usize) {
    let done = |arguments: &[&str]| {
        let output = behind.painel(server, arguments, "");
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    };
    let (old, new) = (format!("k{number}"), format!("k{}", number + 1));
    done(&["keygen", "--add", &new]);
    done(&["keygen", "--activate", &new]);
    done(&["keys", "rotate", "--all"]);
    done(&["keys", "rewrap"]);
    done(&["keys", "trim"]);
    assert!(old != new);
    keep_in_ring(&server.folder.path().join("keyring.json"), &[&new]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn ten_thousand_reads_and_all_saves_are_right_meanwhile() {
    let (server, behind) = behind::start().await;
    let quiet = server.tenant("carga", Role::Admin, None).await;
    let busy = server.tenant("grava", Role::Admin, None).await;
    let backend = RequestBackend::new(server.state.clone(), Identity::default(), None);
    let input = fields(&[("base_url", "https://evo.example.com"), ("instance", "x"), ("token", TOKEN)]);
    backend
        .save_fields(&quiet.scope, &Act::of_command_line(), Provider::Evolution, None, &input)
        .await
        .expect("a credential");
    let server = Arc::new(server);
    let (over, reads) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let watch = tokio::spawn(ring_watch::watch(server.state.clone()));
    let readers: Vec<_> =
        (0..READERS).map(|_| tokio::spawn(read(server.clone(), quiet.scope, READS / READERS, reads.clone()))).collect();
    let writer = tokio::spawn(save(server.clone(), busy.scope, over.clone()));
    let rounds = {
        let (server, reads) = (server.clone(), reads.clone());
        tokio::task::spawn_blocking(move || {
            let mut number = 0;
            while number < 3 || reads.load(Relaxed) < READS {
                number += 1;
                round(&server, &behind, number);
            }
            (number, reads.load(Relaxed))
        })
    };
    let mut right = 0;
    for reader in readers {
        right += reader.await.unwrap();
    }
    let (rounds, _) = rounds.await.unwrap();
    over.store(true, Relaxed);
    let (saved, gone) = writer.await.unwrap();
    watch.abort();
    println!(
        "E4 reads right during {rounds} rounds of rotate, rewrap and trim: {right} of {READS}; saves gone: {gone} of {saved}"
    );
    assert_eq!((right, gone), (READS, 0));
    assert!(saved > 20, "{saved} saves");
    for scope in [&quiet.scope, &busy.scope] {
        let versions = server.state.store.list_tenant_keys(scope).await.unwrap();
        assert!(versions[0].version > i64::try_from(rounds).unwrap(), "{versions:?}");
        assert!(versions.iter().all(|key| key.ring_key == format!("k{}", rounds + 1)), "{versions:?}");
    }
}
