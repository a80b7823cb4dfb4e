//! Names are held to the policy at the moment of connecting.
//!
//! The client connects to exactly the addresses that passed here, so a name that resolves differently a second later gains
//! nothing. One bad address among good ones refuses the name: an attacker would only have to wait for his turn.
//!
//! Name servers are those of the system. They are asked without blocking a thread, at each new connection (nothing is kept,
//! however long an answer says that it may be), and for both kinds of address, of which the worse decides.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    time::Duration,
};

use hickory_resolver::{
    ResolverBuilder, TokioResolver,
    config::{LookupIpStrategy, NameServerConfig, ResolverConfig},
    net::{NetError, runtime::TokioRuntimeProvider},
};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::{blocked::is_public, policy::Refused};

/// How long one name server may think; asked again once. Connecting as a whole has two seconds.
const PATIENCE: Duration = Duration::from_millis(900);

/// Asks name servers.
#[derive(Clone)]
pub(super) struct Names(TokioResolver);

/// Resolves to public addresses or not at all.
pub(super) struct PublicOnly(pub(super) Names);

/// Resolves to anything: for pairs of host and port that the operator listed.
pub(super) struct Anything(pub(super) Names);

/// A name without an address.
#[derive(Debug, thiserror::Error)]
#[error("the name has no address")]
pub(super) struct NoAddress(#[source] Option<NetError>);

impl Names {
    /// Those of the system. Where it names no server, the one of this machine is asked, as the system's own library does.
    pub(super) fn of_the_system() -> Result<Self, NetError> {
        let builder = TokioResolver::builder_tokio().unwrap_or_else(|error| {
            tracing::warn!(%error, "the system names no name server: asking 127.0.0.1");
            let here = NameServerConfig::udp_and_tcp(IpAddr::V4(Ipv4Addr::LOCALHOST));
            TokioResolver::builder_with_config(
                ResolverConfig::from_name_servers(vec![here]),
                TokioRuntimeProvider::default(),
            )
        });
        Self::with(builder)
    }

    /// Those of a builder, asked in our way.
    pub(super) fn with(mut builder: ResolverBuilder<TokioRuntimeProvider>) -> Result<Self, NetError> {
        let options = builder.options_mut();
        options.ip_strategy = LookupIpStrategy::Ipv4AndIpv6;
        options.timeout = PATIENCE;
        options.attempts = 1;
        options.cache_size = 0;
        options.positive_max_ttl = Some(Duration::ZERO);
        options.negative_max_ttl = Some(Duration::ZERO);
        builder.build().map(Self)
    }

    async fn find(&self, name: &str) -> Result<Vec<SocketAddr>, NoAddress> {
        let found = self.0.lookup_ip(name).await.map_err(|error| NoAddress(Some(error)))?;
        // The client puts the URL's port in place of 0.
        let found: Vec<SocketAddr> = found.iter().map(|address| SocketAddr::new(address, 0)).collect();
        if found.is_empty() { Err(NoAddress(None)) } else { Ok(found) }
    }
}

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        let names = self.0.clone();
        Box::pin(async move {
            // With a final dot no search list of the system makes another name of it.
            let found = names.find(&format!("{}.", name.as_str())).await?;
            Ok(only_public(found).map(into_addrs)?)
        })
    }
}

impl Resolve for Anything {
    fn resolve(&self, name: Name) -> Resolving {
        let names = self.0.clone();
        Box::pin(async move { Ok(into_addrs(names.find(name.as_str()).await?)) })
    }
}

fn only_public(found: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, Refused> {
    match found.iter().find(|address| !is_public(address.ip())) {
        Some(address) => {
            tracing::debug!(address = %address.ip(), "a name resolves to an address that is not public");
            Err(Refused::Address)
        }
        None => Ok(found),
    }
}

fn into_addrs(found: Vec<SocketAddr>) -> Addrs {
    Box::new(found.into_iter())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        Names::of_the_system().unwrap()
    }

    fn addresses(texts: &[&str]) -> Vec<SocketAddr> {
        texts.iter().map(|text| SocketAddr::new(text.parse().unwrap(), 0)).collect()
    }

    #[test]
    fn one_bad_answer_refuses_all() {
        for bad in ["127.0.0.1", "10.1.2.3", "::1", "::ffff:10.0.0.1", "169.254.169.254", "fd00::1", "0.0.0.0"] {
            assert_eq!(only_public(addresses(&["8.8.8.8", bad])), Err(Refused::Address), "{bad} last");
            assert_eq!(only_public(addresses(&[bad, "8.8.8.8"])), Err(Refused::Address), "{bad} first");
        }
        let good = addresses(&["8.8.8.8", "2606:4700:4700::1111"]);
        assert_eq!(only_public(good.clone()), Ok(good));
    }

    #[tokio::test]
    async fn a_name_without_an_address_says_so() {
        for name in ["nobody.invalid", "a.b.c.invalid"] {
            let error = PublicOnly(names()).resolve(name.parse().unwrap()).await.err().unwrap();
            assert!(error.downcast_ref::<NoAddress>().is_some(), "{name}: {error}");
        }
    }

    #[tokio::test]
    async fn localhost_by_name_is_refused_for_public_and_found_when_listed() {
        let refused = PublicOnly(names()).resolve("localhost".parse().unwrap()).await.err().unwrap();
        assert_eq!(refused.downcast_ref(), Some(&Refused::Address));
        let found: Vec<_> = Anything(names()).resolve("localhost".parse().unwrap()).await.unwrap().collect();
        assert!(found.iter().all(|address| address.ip().is_loopback()) && !found.is_empty());
    }
}
