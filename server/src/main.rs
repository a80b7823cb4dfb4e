//! `painel`: reads the command line and runs it.

// The type of a whole page's view is nested deeply.
#![recursion_limit = "256"]

use clap::Parser;
use server::{
    command::{Cli, run},
    telemetry,
};
use std::{process::ExitCode, time::Duration};

/// Pages are thousands of small pieces, answers a few large ones, on all threads at once. How it is set stands in
/// `.cargo/config.toml`.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// For what blocks a thread of the runtime at the very end.
const LAST_MOMENT: Duration = Duration::from_millis(500);

fn main() -> ExitCode {
    #[cfg(debug_assertions)]
    dotenvy::dotenv().ok();
    let cli = Cli::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("the system has threads");
    let code = runtime.block_on(async {
        telemetry::start_log(cli.serves());
        run(cli).await
    });
    runtime.shutdown_timeout(LAST_MOMENT);
    code
}
