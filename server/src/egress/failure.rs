//! Which of our errors one of the HTTP client's is: it hides them several layers deep.

use std::{error::Error, io, iter};

use super::{error::EgressError, policy::Refused, resolver::NoAddress};

/// How far a call had come when it failed.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Phase {
    /// No answer had begun.
    NoAnswer,
    /// The head was there.
    Answering,
}

/// Which of ours it is. The whole cause goes to the debug log, without the URL: a webhook's path is a secret.
pub(super) fn sort(error: reqwest::Error, phase: Phase) -> EgressError {
    let sorted = if cause::<Refused>(&error).is_some() {
        EgressError::AddressRefused
    } else if cause::<NoAddress>(&error).is_some() {
        EgressError::Name
    } else if error.is_timeout() {
        EgressError::Timeout
    } else if error.is_connect() && failed_in_tls(&error) {
        EgressError::Tls
    } else if error.is_connect() || (phase == Phase::NoAnswer && cause::<io::Error>(&error).is_some()) {
        // A connection that is torn down before a word was said is as good as none.
        EgressError::Connect
    } else {
        EgressError::Broken
    };
    let host = error.url().and_then(|url| url.host_str().map(str::to_owned));
    tracing::debug!(host, cause = ?error.without_url(), "a call failed");
    sorted
}

/// Whether a connection was there and no TLS came about on it. A host that hangs up in the middle of the handshake ends it
/// with "unexpected end", which connecting itself never does.
fn failed_in_tls(error: &reqwest::Error) -> bool {
    causes(error).any(|cause| {
        cause.is::<rustls::Error>()
            || cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::UnexpectedEof)
    })
}

/// The first error of this kind behind another one.
fn cause<E: Error + 'static>(error: &reqwest::Error) -> Option<&E> {
    causes(error).find_map(|cause| cause.downcast_ref())
}

/// The errors behind another one, from the outside in.
fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    iter::successors(error.source(), |&cause| {
        // An IO error's source is the source of what it wraps, which would be left out.
        let wrapped = cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        wrapped.map(|wrapped| wrapped as &(dyn Error + 'static)).or_else(|| cause.source())
    })
}
