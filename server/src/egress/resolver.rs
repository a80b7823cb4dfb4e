//! Names are held to the policy at the moment of connecting.
//!
//! The client connects to exactly the addresses that passed here, so a name that resolves differently a second later gains
//! nothing. One bad address among good ones refuses the name: an attacker would only have to wait for his turn.

use std::net::SocketAddr;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::{blocked::is_public, policy::Refused};

/// Resolves to public addresses or not at all.
pub(super) struct PublicOnly;

/// Resolves to anything: for pairs of host and port that the operator listed.
pub(super) struct Anything;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = look_up(&name).await?;
            Ok(only_public(found).map(into_addrs)?)
        })
    }
}

impl Resolve for Anything {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move { Ok(into_addrs(look_up(&name).await?)) })
    }
}

async fn look_up(name: &Name) -> std::io::Result<Vec<SocketAddr>> {
    // The client puts the URL's port in place of 0.
    Ok(tokio::net::lookup_host((name.as_str(), 0)).await?.collect())
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
    async fn localhost_by_name_is_refused_for_public_and_found_when_listed() {
        let refused = PublicOnly.resolve("localhost".parse().unwrap()).await.err().unwrap();
        assert_eq!(refused.downcast_ref(), Some(&Refused::Address));
        let found: Vec<_> = Anything.resolve("localhost".parse().unwrap()).await.unwrap().collect();
        assert!(found.iter().all(|address| address.ip().is_loopback()) && !found.is_empty());
    }
}
