//! The one way out: every connection to a foreign host is made here, and nowhere else in the product.
//!
//! Addresses come from tenants, so each is hostile until proven public: `policy` says where we may connect to,
//! `resolver` holds names to it at the moment of connecting, `lanes` keeps one tenant's slow host from holding up the
//! others, `breaker` leaves alone a host that does not answer, and `client` puts deadlines and size caps around every call; `count` counts them.
//! `socket` is a connection on which a host speaks by itself, within what `meter` lets in.
//!
//! It knows nothing of providers, tenants' data or the store. It follows no redirect, reads no proxy from the environment,
//! and never repeats a request that may have had an effect.

mod blocked;
mod breaker;
mod client;
mod count;
mod error;
mod failure;
#[cfg(test)]
mod fence_tests;
mod lanes;
mod meter;
mod policy;
mod resolver;
mod socket;

pub use client::{BODY_CAP, Egress, Incoming, LONGEST, Outgoing, TOTAL};
pub use error::{EgressError, SetUpError};
pub use policy::{AddressPolicy, AllowError, Refused, Route};
pub use socket::{MESSAGE_CAP, Opened, Socket};
