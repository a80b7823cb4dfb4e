//! The figures: their names, what they mean, and where they are kept between two readings.

use metrics::{Unit, describe_counter, describe_gauge, describe_histogram};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use std::time::Duration;

/// In seconds: from a page without a read to the longest that a request may take.
const BUCKETS: [f64; 10] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 25.0];
/// How often what was measured is put into its buckets, read or not.
const UPKEEP: Duration = Duration::from_secs(5);

/// The figures of this process. Cheap to clone.
#[derive(Clone)]
pub struct Figures {
    handle: PrometheusHandle,
    process: metrics_process::Collector,
}

/// Begins to keep figures, once a process; before that, and without it, nothing is counted.
///
/// # Errors
/// When they are kept already.
pub fn keep() -> Result<Figures, BuildError> {
    let durations = Matcher::Suffix("_duration_seconds".to_owned());
    let handle = PrometheusBuilder::new().set_buckets_for_metric(durations, &BUCKETS)?.install_recorder()?;
    describe();
    let process = metrics_process::Collector::default();
    process.describe();
    metrics::gauge!("painel_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
    Ok(Figures { handle, process })
}

impl Figures {
    /// In Prometheus' text form.
    pub fn render(&self) -> String {
        self.process.collect();
        self.handle.render()
    }

    /// Puts what was measured in order, for as long as the process lives: unread measurements would pile up.
    pub async fn tidy(self) {
        let mut pause = tokio::time::interval(UPKEEP);
        loop {
            pause.tick().await;
            self.handle.run_upkeep();
        }
    }
}

/// `docs/running.md` says what to make of them.
fn describe() {
    for (name, meaning) in [
        ("painel_http_requests_total", "Requests answered, by route pattern, method and class of status"),
        ("painel_connections_full_total", "Times that a new connection had to wait because all were taken"),
        ("painel_panics_total", "Panics, each of which cost one answer"),
        ("painel_upstream_calls_total", "Calls to foreign hosts, by outcome"),
        ("painel_upstream_refused_total", "Calls that were not made, by what refused them: breaker, lane, policy"),
        ("painel_upstream_breakers_opened_total", "Times that a host was left alone for a while"),
        ("painel_password_gate_refused_total", "Passwords not looked at because too many were at work"),
        ("painel_store_failures_total", "Failures of the database, by kind"),
        ("painel_health_checks_total", "Checks of stored connections, by provider and what they found"),
    ] {
        describe_counter!(name, meaning);
    }
    for (name, meaning) in [
        ("painel_build_info", "1, with this build's version"),
        ("painel_http_requests_in_flight", "Requests under way"),
        ("painel_connections_open", "Clients' connections"),
        ("painel_upstream_calls_in_flight", "Calls to foreign hosts under way"),
        ("painel_password_gate_working", "Passwords being hashed"),
        ("painel_password_gate_waiting", "Passwords waiting to be hashed"),
        ("painel_store_up", "1 when the database answered just now"),
        ("painel_store_connections", "Connections to the database, by pool and state"),
        ("painel_store_connections_most", "Connections that a pool may have"),
        ("painel_live_streams", "Pages that listen to what is new"),
        ("painel_live_watchers", "Tenants whose project this process looks at because somebody listens"),
        ("painel_live_followed", "Tenants that somebody listens to and whose project another process looks at"),
        ("painel_live_realtime", "Projects looked at here that say by themselves that something changed"),
        ("painel_sessions_live", "Sessions that are signed in"),
        ("painel_connections_stored", "Stored connections, by provider and where they stand"),
    ] {
        describe_gauge!(name, meaning);
    }
    for (name, meaning) in [
        ("painel_http_request_duration_seconds", "From a request's head to the end of its answer"),
        ("painel_upstream_call_duration_seconds", "From leaving the queue to the last byte, retry included"),
    ] {
        describe_histogram!(name, Unit::Seconds, meaning);
    }
}
