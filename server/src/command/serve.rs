//! `painel serve`

use crate::{
    config::Config,
    health, ring_watch,
    router::router,
    state::State,
    store::Store,
    web::{assets, source::TrustedProxies},
};
use anyhow::Context;
use app::shell::Assets;
use axum::serve::ListenerExt;
use leptos::prelude::LeptosOptions;
use std::{io::ErrorKind, net::SocketAddr, time::Duration};
use time::OffsetDateTime;
use tokio::net::TcpListener;

/// How long requests under way may take to finish after a stop was asked for.
const DRAIN: Duration = Duration::from_secs(15);
const SWEEP_EVERY: Duration = Duration::from_secs(600);
const SWEEP_MOST: u32 = 5_000;

pub async fn run(config: &Config) -> anyhow::Result<()> {
    let state = State::open(config).await?;
    tokio::spawn(sweep(state.store.clone()));
    tokio::spawn(ring_watch::watch(state.clone()));
    let options = LeptosOptions::builder()
        .output_name("painel")
        .site_root(config.site_root.display().to_string())
        .site_addr(config.address)
        .hash_files(true)
        .build();
    let hash_file = std::env::current_exe().context("where is this program?")?.with_file_name("hash.txt");
    let assets = Assets { reloads: config.watched, ..assets::find(&config.site_root, &hash_file)? };
    let current = {
        let (watched, site_root) = (config.watched, config.site_root.clone());
        // Only a watched site changes under a running server; else the names are those of the start.
        move || match watched.then(|| assets::find_watched(&site_root, &hash_file)) {
            Some(Ok(changed)) => changed,
            _ => assets.clone(),
        }
    };
    let app = router(state.clone(), config, current, &options);

    let listener = TcpListener::bind(config.address).await.map_err(|error| match error.kind() {
        ErrorKind::AddrInUse => {
            anyhow::anyhow!(
                "{} is in use by another program: stop it, or set LEPTOS_SITE_ADDR to a free address",
                config.address
            )
        }
        _ => anyhow::anyhow!("cannot listen on {}: {error}", config.address),
    })?;
    if !config.secure() && !config.address.ip().is_loopback() {
        tracing::warn!("PAINEL_BASE_URL is not https: session cookies travel unprotected");
    }
    if config.secure() && config.address.ip().is_loopback() && config.trusted_proxies == TrustedProxies::default() {
        tracing::warn!(
            "PAINEL_TRUSTED_PROXIES is not set: behind a proxy everybody counts as one address, and 20 wrong passwords a \
             minute by anybody make all wait"
        );
    }
    tracing::info!(address = %config.address, base_url = %config.base_url, site = %config.site_root.display(), "serving");

    // Without TCP_NODELAY the end of each streamed page waits 40 ms for the other side's delayed acknowledgement.
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY");
        }
    });
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let watch = health::start(state);
    let bell = watch.bell();
    let app = app.into_make_service_with_connect_info::<SocketAddr>();
    let server = axum::serve(listener, app).with_graceful_shutdown(async move {
        asked_to_stop().await;
        tracing::info!("stopping: requests under way may finish");
        let _ = stop.send(());
        // Beside the requests, within the time that they have.
        bell.send_replace(true);
    });
    let outcome = tokio::select! {
        result = async { server.await } => result.context("the server failed"),
        () = async { let _ = stopped.await; tokio::time::sleep(DRAIN).await } => {
            tracing::warn!("some requests did not finish in time");
            Ok(())
        }
    };
    watch.stop().await;
    outcome
}

/// Drops what is worth nothing any more (ended sessions, dead links, old locks), a few rows at a time.
async fn sweep(store: Store) {
    let mut pause = tokio::time::interval(SWEEP_EVERY);
    loop {
        pause.tick().await;
        let now = OffsetDateTime::now_utc();
        let swept = async {
            store.delete_dead_sessions(now, SWEEP_MOST).await?;
            store.delete_dead_links(now, SWEEP_MOST).await?;
            store.delete_old_locks(now).await
        };
        if let Err(error) = swept.await {
            tracing::warn!(%error, "the dead rows were not swept");
        }
    }
}

async fn asked_to_stop() {
    let interrupt = async { tokio::signal::ctrl_c().await.expect("signals can be listened to") };
    #[cfg(unix)]
    let terminate = async {
        use tokio::signal::unix::{SignalKind, signal};
        signal(SignalKind::terminate()).expect("signals can be listened to").recv().await;
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! { () = interrupt => {}, () = terminate => {} }
}
