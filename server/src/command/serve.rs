//! `painel serve`

use crate::{
    config::Config,
    health,
    listen::{self, Limits, Stop},
    notices, ring_watch,
    router::router,
    state::State,
    store::Store,
    telemetry,
    web::{assets::Site, source::TrustedProxies},
};
use leptos::prelude::LeptosOptions;
use std::{io::ErrorKind, net::SocketAddr, time::Duration};
use time::OffsetDateTime;
use tokio::net::TcpListener;
use tracing::Instrument;

/// How long all that is under way may take to finish after a stop was asked for; with what follows it, less than 15 s.
const ENDS_WITHIN: Duration = Duration::from_secs(13);
/// How long the database's connections may take to be given back and closed, and the last traces to be sent meanwhile.
const CLOSES_WITHIN: Duration = Duration::from_secs(1);
const SWEEP_EVERY: Duration = Duration::from_secs(600);
const SWEEP_MOST: u32 = 5_000;

pub async fn run(config: &Config) -> anyhow::Result<()> {
    let figures = config.metrics_address.map(|_| telemetry::keep()).transpose()?;
    let state = State::open(config).await?;
    let site = Site::open(config)?;
    let options = LeptosOptions::builder().output_name("painel").site_addr(config.address).hash_files(true).build();
    let app = router(state.clone(), config, &site, &options);
    let listener = bind(config.address, "LEPTOS_SITE_ADDR").await?;
    warn_of_what_is_open(config);
    tracing::info!(address = %config.address, base_url = %config.base_url, %site, "serving");

    let (stop, tasks) = (state.stop.clone(), state.tasks.clone());
    let limits = Limits::default().within_open_files();
    if let (Some(address), Some(figures)) = (config.metrics_address, figures) {
        let metrics = bind(address, "PAINEL_METRICS_ADDR").await?;
        tracing::info!(%address, "figures at /metrics");
        tasks.spawn(stop.clone().until_asked(figures.clone().tidy()));
        let few = Limits { connections: METRICS_CONNECTIONS, ..limits };
        tasks.spawn(listen::serve(metrics, telemetry::routes(state.clone(), figures), few, stop.clone()));
    }
    tasks.spawn(stop.clone().until_asked(sweep(state.store.clone())));
    tasks.spawn(stop.clone().until_asked(ring_watch::watch(state.clone())));
    tasks.spawn(stop.clone().until_asked(notices::watch(state.clone())));
    tasks.spawn(watch_connections(state.clone()));
    tasks.spawn(leave_projects(state.clone()));
    tasks.spawn(listen::serve(listener, app, limits, stop.clone()));
    tasks.close();
    tokio::spawn(stop_when_asked(stop.clone(), config.stop_delay));

    let out_of_time = async {
        stop.asked().await;
        tokio::time::sleep(ENDS_WITHIN).await;
    };
    tokio::select! {
        () = tasks.wait() => {}
        () = out_of_time => tracing::warn!(unfinished = tasks.len(), "not all that was under way finished in time"),
    }
    let closed = tokio::time::timeout(CLOSES_WITHIN, state.store.close());
    let (closed, ()) = tokio::join!(closed, telemetry::send_last_traces(CLOSES_WITHIN));
    if closed.is_err() {
        tracing::warn!("the database's connections did not come back in time");
    }
    tracing::info!("stopped");
    Ok(())
}

/// Readers of the figures at a time.
const METRICS_CONNECTIONS: usize = 16;

async fn bind(address: SocketAddr, variable: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        ErrorKind::AddrInUse => {
            anyhow::anyhow!("{address} is in use by another program: stop it, or set {variable} to a free address")
        }
        _ => anyhow::anyhow!("cannot listen on {address}: {error}"),
    })
}

fn warn_of_what_is_open(config: &Config) {
    if !config.secure() && !config.address.ip().is_loopback() {
        tracing::warn!("PAINEL_BASE_URL is not https: session cookies travel unprotected");
    }
    if config.secure() && config.address.ip().is_loopback() && config.trusted_proxies == TrustedProxies::default() {
        tracing::warn!(
            "PAINEL_TRUSTED_PROXIES is not set: behind a proxy everybody counts as one address, and 20 wrong passwords a \
             minute by anybody make all wait"
        );
    }
}

/// Looks after stored connections until the end is asked for; what is being written is written.
async fn watch_connections(state: State) {
    let stop = state.stop.clone();
    let watch = health::start(state);
    stop.asked().await;
    watch.stop().await;
}

/// Leaves the projects that are looked at here to the other processes when the end is asked for.
async fn leave_projects(state: State) {
    state.stop.asked().await;
    state.live.give_up().await;
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
            store.delete_old_notices(now, SWEEP_MOST).await?;
            store.delete_old_limits(now).await?;
            store.delete_old_turns(now).await?;
            store.delete_old_locks(now).await
        };
        if let Err(error) = swept.instrument(telemetry::spans::work("sweep")).await {
            tracing::warn!(%error, "the dead rows were not swept");
        }
    }
}

/// Once asked, new connections are still taken for `delay`, so that a proxy in front finds out by itself. Whoever asks twice
/// does not want to wait for that.
async fn stop_when_asked(stop: Stop, delay: Duration) {
    asked_to_stop().await;
    tracing::info!(delay = delay.as_secs(), "stopping: not ready from now on, requests under way may finish");
    stop.begin(delay, asked_to_stop()).await;
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
