//! A password compared with its hash, in the memory that the gate lends: what a sign-in costs at the least.

use criterion::{Criterion, SamplingMode};
use server::auth::PasswordGate;
use tokio::runtime::Builder;

const PASSWORD: &str = "cortina-cobre-medida-2026";

pub(crate) fn verify(criterion: &mut Criterion) {
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    let gate = PasswordGate::new().expect("a gate");
    let stored = runtime.block_on(gate.hash(PASSWORD.into())).expect("a hash");
    let mut group = criterion.benchmark_group("password");
    // Each takes tens of milliseconds.
    group.sample_size(20).sampling_mode(SamplingMode::Flat);
    group.bench_function("verify", |bench| {
        bench.iter(|| runtime.block_on(gate.verify(Some(stored.clone()), PASSWORD.into())).expect("a verdict"));
    });
    group.finish();
}
