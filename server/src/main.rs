//! `painel`: reads the command line and runs it.

// The type of a whole page's view is nested deeply.
#![recursion_limit = "256"]

use clap::Parser;
use server::command::{Cli, run};
use std::{io::IsTerminal, process::ExitCode};
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    #[cfg(debug_assertions)]
    dotenvy::dotenv().ok();
    let cli = Cli::parse();
    start_log();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("the system has threads");
    runtime.block_on(run(cli))
}

/// Lines for people on a terminal, JSON for machines elsewhere; both on standard error. Whatever `RUST_LOG` says, the csrf
/// layer's remarks on requests that pass stay out: they name whole paths, and those of single-use links are secret.
fn start_log() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,tower_sessions_core=error"));
    let filter = filter.add_directive("tower_http::csrf=info".parse().expect("a directive"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if std::io::stderr().is_terminal() { log.compact().init() } else { log.json().init() }
}
