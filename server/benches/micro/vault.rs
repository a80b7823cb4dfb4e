//! A field of a credential, sealed and opened again by its tenant's key.

use criterion::Criterion;
use secrecy::SecretString;
use server::vault::{Address, KeyRing};
use std::hint::black_box;
use uuid::Uuid;

/// In bytes; a key of a project has two hundred.
const LENGTH: usize = 512;

pub(crate) fn seal_and_open(criterion: &mut Criterion) {
    let (ring, _) = KeyRing::generate("k1").expect("a ring");
    let tenant = Uuid::from_u128(7);
    let (key, _) = ring.create_tenant_key(tenant, 1).expect("a tenant's key");
    let address = Address { tenant, provider: "supabase", field: "api_key" };
    let secret = SecretString::from("x".repeat(LENGTH));
    criterion.benchmark_group("vault").bench_function("seal_and_open", |bench| {
        bench.iter(|| {
            let sealed = key.seal(&address, black_box(&secret)).expect("it is sealed");
            key.open(&address, black_box(&sealed)).expect("it opens")
        });
    });
}
