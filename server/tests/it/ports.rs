//! Free ports for programs that must be told theirs, as the demo stack's `ports.mjs`: from below those which the kernel
//! gives to connections that go out, and others when somebody took one between the look and the program's start.

use std::{
    collections::HashSet,
    net::TcpListener,
    ops::Range,
    sync::{LazyLock, Mutex, PoisonError},
};

const OURS: Range<u16> = 10_240..15_872;
const TRIES: usize = 5;

/// A port of this machine that nobody listens at now, and that no other test of this process was given.
fn free_port() -> u16 {
    static GIVEN: LazyLock<Mutex<HashSet<u16>>> = LazyLock::new(Mutex::default);
    loop {
        let random = uuid::Uuid::new_v4().as_u128() % u128::from(OURS.end - OURS.start);
        let port = OURS.start + u16::try_from(random).expect("less than the range's length");
        let fresh = GIVEN.lock().unwrap_or_else(PoisonError::into_inner).insert(port);
        if fresh && TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

/// What `start` starts at free ports of its own, as many as it wants; again at others when its error, which is what the
/// program said, tells that one was taken.
pub async fn at_free_ports<T, const N: usize>(mut start: impl AsyncFnMut([u16; N]) -> Result<T, String>) -> T {
    for _ in 1..TRIES {
        let ports = std::array::from_fn(|_| free_port());
        match start(ports).await {
            Ok(started) => return started,
            Err(said) if said.to_lowercase().contains("in use") => eprintln!("once more at other ports than {ports:?}"),
            Err(said) => panic!("{said}"),
        }
    }
    start(std::array::from_fn(|_| free_port())).await.unwrap_or_else(|said| panic!("{said}"))
}

#[tokio::test]
async fn a_port_that_was_taken_costs_another_try() {
    let holder = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = holder.local_addr().unwrap().port();
    let mut tried = Vec::new();
    let listener = at_free_ports(async |[free]: [u16; 1]| {
        let port = if tried.is_empty() { taken } else { free };
        tried.push(port);
        TcpListener::bind(("127.0.0.1", port)).map_err(|error| error.to_string())
    })
    .await;
    assert_eq!(tried, [taken, listener.local_addr().unwrap().port()]);
    assert!(OURS.contains(&tried[1]));
}
