//! Whose request this is, as an address: what limits and the audit count by. `X-Forwarded-For` is believed only hop by
//! hop from the right, and only while the hop that wrote it is a proxy of ours: anybody else may write anything.

use http::HeaderMap;
use ipnet::IpNet;
use std::{net::IpAddr, net::SocketAddr, str::FromStr};

const FORWARDED_FOR: &str = "x-forwarded-for";

/// The proxies in front of this server, whose word on the client's address is taken. By default none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<IpNet>);

/// An entry that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TrustedProxiesError {
    /// Neither an address nor a network.
    #[error("{0:?} is no address or network; write 127.0.0.1 or 10.0.0.0/8, several with commas")]
    Unreadable(String),
    /// A network of all addresses.
    #[error("{0:?} trusts every address, and so lets anybody choose theirs; name the networks of your proxies")]
    Everybody(String),
}

impl TrustedProxies {
    /// Reads addresses and networks with commas between: `10.0.0.0/8, 127.0.0.1, fd00::/8`. Blank is none.
    ///
    /// # Errors
    /// The first entry that cannot be used.
    pub fn parse(list: &str) -> Result<Self, TrustedProxiesError> {
        list.split(',')
            .map(str::trim)
            .filter(|entry| !entry.is_empty())
            .map(network)
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// The client's address: the peer, or what trusted proxies say of it. A hop that is not readable ends the walk: the
    /// proxy that passed it on is then the source.
    pub fn source(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        // Several headers are one list, in order.
        let hops = headers.get_all(FORWARDED_FOR).iter().rev();
        let hops = hops.flat_map(|value| value.as_bytes().rsplit(|&byte| byte == b','));
        let mut source = peer.to_canonical();
        for hop in hops {
            if !self.trusts(source) {
                break;
            }
            let Some(before) = std::str::from_utf8(hop).ok().and_then(address) else { break };
            source = before;
        }
        source
    }

    /// Whether this address is one of them; one of IPv4 as such.
    pub fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }
}

impl FromStr for TrustedProxies {
    type Err = TrustedProxiesError;

    fn from_str(list: &str) -> Result<Self, TrustedProxiesError> {
        Self::parse(list)
    }
}

fn network(entry: &str) -> Result<IpNet, TrustedProxiesError> {
    let alone = |_| entry.parse::<IpAddr>().map(|address| IpNet::from(address.to_canonical()));
    let network = entry.parse().or_else(alone).map_err(|_| TrustedProxiesError::Unreadable(entry.to_owned()))?;
    if network.prefix_len() == 0 {
        return Err(TrustedProxiesError::Everybody(entry.to_owned()));
    }
    Ok(network)
}

/// An address of the header; some proxies add the port.
fn address(hop: &str) -> Option<IpAddr> {
    let hop = hop.trim();
    let bare = hop.strip_prefix('[').and_then(|hop| hop.strip_suffix(']')).unwrap_or(hop);
    let with_port = || hop.parse::<SocketAddr>().map(|address| address.ip());
    bare.parse().or_else(|_| with_port()).ok().map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::{FORWARDED_FOR, HeaderMap, IpAddr, TrustedProxies, TrustedProxiesError};

    fn headers(values: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(FORWARDED_FOR, value.parse().unwrap());
        }
        headers
    }

    fn source(trusted: &str, peer: &str, values: &[&str]) -> String {
        let proxies = TrustedProxies::parse(trusted).unwrap();
        proxies.source(peer.parse().unwrap(), &headers(values)).to_string()
    }

    #[test]
    fn without_trusted_proxies_the_peer_is_the_source() {
        assert_eq!(source("", "203.0.113.7", &[]), "203.0.113.7");
        assert_eq!(source("", "203.0.113.7", &["198.51.100.1"]), "203.0.113.7");
        assert_eq!(source("10.0.0.0/8", "203.0.113.7", &["198.51.100.1"]), "203.0.113.7");
        assert_eq!(source("", "::ffff:203.0.113.7", &[]), "203.0.113.7");
    }

    #[test]
    fn trusted_hops_are_walked_from_the_right() {
        let check = |values: &[&str], expected: &str| {
            assert_eq!(source("10.0.0.0/8, 127.0.0.1, fd00::/8", "127.0.0.1", values), expected, "{values:?}");
        };
        check(&[], "127.0.0.1");
        check(&["203.0.113.7"], "203.0.113.7");
        check(&["203.0.113.7, 10.1.2.3"], "203.0.113.7");
        check(&["198.51.100.1, 203.0.113.7, 10.1.2.3"], "203.0.113.7");
        check(&["198.51.100.1", "203.0.113.7", "10.1.2.3"], "203.0.113.7");
        check(&["198.51.100.1, 203.0.113.7", "10.1.2.3, fd00::1"], "203.0.113.7");
        check(&["10.9.9.9, 10.1.2.3"], "10.9.9.9");
        check(&["2001:db8::7"], "2001:db8::7");
        check(&["::ffff:203.0.113.7"], "203.0.113.7");
        check(&["203.0.113.7:50123"], "203.0.113.7");
        check(&["[2001:db8::7]:50123"], "2001:db8::7");
        check(&["[2001:db8::7]"], "2001:db8::7");
    }

    #[test]
    fn what_is_not_readable_ends_the_walk() {
        for hop in ["unknown", "_hidden", "", " ", "203.0.113", "203.0.113.7.1", "0x7f000001", "203.0.113.7;", "\u{e9}"]
        {
            let value = format!("198.51.100.1, {hop}, 10.1.2.3");
            assert_eq!(source("10.0.0.0/8", "10.0.0.1", &[&value]), "10.1.2.3", "{hop:?}");
        }
        let mut raw = HeaderMap::new();
        raw.append(FORWARDED_FOR, http::HeaderValue::from_bytes(b"198.51.100.1, \xff\xfe").unwrap());
        let proxies = TrustedProxies::parse("10.0.0.0/8").unwrap();
        assert_eq!(proxies.source("10.0.0.1".parse().unwrap(), &raw).to_string(), "10.0.0.1");
    }

    /// Whatever a client writes stands left of what our proxy adds, or comes from a peer that is not trusted.
    #[test]
    fn spoofed_headers_count_to_one_source() {
        let client = "203.0.113.7";
        let direct = TrustedProxies::default();
        let behind = TrustedProxies::parse("10.0.0.0/8").unwrap();
        let one = (0..1_000u32)
            .filter(|n| {
                let spoofed = IpAddr::from((n.wrapping_mul(2_654_435_761)).to_be_bytes());
                let alone = headers(&[&spoofed.to_string()]);
                let passed_on = match n % 3 {
                    0 => headers(&[&format!("{spoofed}, {client}")]),
                    1 => headers(&[&spoofed.to_string(), client]),
                    _ => headers(&[&format!("10.0.0.{}, {spoofed}, {client}, 10.0.0.2", n % 256)]),
                };
                let seen = [
                    direct.source(client.parse().unwrap(), &alone),
                    behind.source(client.parse().unwrap(), &alone),
                    behind.source("10.0.0.1".parse().unwrap(), &passed_on),
                ];
                seen.iter().all(|seen| seen.to_string() == client)
            })
            .count();
        eprintln!("source: {one} of 1000 spoofed X-Forwarded-For counted to one source");
        assert_eq!(one, 1_000);
    }

    #[test]
    fn reads_lists_and_names_what_is_wrong() {
        assert_eq!(TrustedProxies::parse(" , "), Ok(TrustedProxies::default()));
        assert_eq!(TrustedProxies::parse("10.0.0.0/8,\t127.0.0.1 ").unwrap().0.len(), 2);
        for bad in ["proxy.example.com", "10.0.0.0/33", "10.0.0", "10.0.0.1:80", "10.0.0.0/8 127.0.0.1"] {
            let error = TrustedProxies::parse(&format!("127.0.0.1, {bad}")).unwrap_err();
            assert_eq!(error, TrustedProxiesError::Unreadable(bad.to_owned()));
            assert!(error.to_string().contains(bad));
        }
        for all in ["0.0.0.0/0", "::/0"] {
            assert_eq!(TrustedProxies::parse(all), Err(TrustedProxiesError::Everybody(all.to_owned())));
        }
    }
}
