//! What can go wrong on the way out.
//!
//! The texts hold no secret, no URL and no resolved address, so they may stand in any log. Why exactly an address was
//! refused or a connection failed goes to the debug log, where it is made.

/// Why a call gave no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EgressError {
    /// The address is not one that may be opened.
    #[error("the address may not be opened")]
    AddressRefused,
    /// The name has no address, or nobody could be asked.
    #[error("the host's name has no address")]
    Name,
    /// The host takes no connection.
    #[error("no connection to the host")]
    Connect,
    /// The host's certificate is not good for its name, or it does not speak TLS.
    #[error("no TLS with the host")]
    Tls,
    /// The answer did not come, or did not go on, in time.
    #[error("no answer in time")]
    Timeout,
    /// The answer is larger than the cap, counted after decompression.
    #[error("the answer is too large")]
    TooLarge,
    /// Too many calls of this lane, or of all together, are under way.
    #[error("too many calls are under way")]
    Busy,
    /// The host did not answer several times in a row and is left alone for a while.
    #[error("the host is left alone for {seconds} s")]
    Resting {
        /// Until it is asked again, at least 1.
        seconds: u32,
    },
    /// The connection broke off, or what came is not HTTP.
    #[error("the answer broke off or is not HTTP")]
    Broken,
}

/// Why the client could not be made, at start-up.
#[derive(Debug, thiserror::Error)]
pub enum SetUpError {
    /// TLS is not there.
    #[error("the HTTP client cannot be set up; are the system's root certificates installed?")]
    Tls(#[from] reqwest::Error),
    /// Names could not be asked for.
    #[error("no name server can be asked; is /etc/resolv.conf in order?")]
    Names(#[from] hickory_resolver::net::NetError),
}
