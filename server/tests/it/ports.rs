//! Free ports for programs that must be told theirs, as the demo stack's `ports.mjs`: from below those which the kernel
//! gives to connections that go out, so that none is taken between the look and the program's start.

use std::{net::TcpListener, ops::Range};

const OURS: Range<u16> = 16_384..32_768;

/// A port of this machine that nobody listens at now.
pub fn free_port() -> u16 {
    loop {
        let random = uuid::Uuid::new_v4().as_u128() % u128::from(OURS.end - OURS.start);
        let port = OURS.start + u16::try_from(random).expect("less than the range's length");
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

/// The same as `address:port`.
pub fn free_address() -> String {
    format!("127.0.0.1:{}", free_port())
}
