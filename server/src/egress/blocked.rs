//! Which IP addresses are nobody's public service.
//!
//! Written from the IANA special-purpose address registries (IPv4 and IPv6) and the multicast registries, plus the one
//! cloud address outside them. Ranges the registries mark as globally reachable are blocked as well when no API can live
//! there (AS112 sinks, AMT relays): refusing too much there costs nobody anything.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{Ipv4Net, Ipv6Net};

const fn v4(a: u8, b: u8, c: u8, d: u8, bits: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), bits)
}

const fn v6(a: u16, b: u16, c: u16, d: u16, bits: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0), bits)
}

/// Blocked IPv4 ranges.
#[rustfmt::skip]
pub(super) const V4: [Ipv4Net; 19] = [
    v4(0, 0, 0, 0, 8),         // this network
    v4(10, 0, 0, 0, 8),        // private
    v4(100, 64, 0, 0, 10),     // shared by carriers; also a cloud's metadata
    v4(127, 0, 0, 0, 8),       // loopback
    v4(168, 63, 129, 16, 32),  // a cloud's host agent, in no registry
    v4(169, 254, 0, 0, 16),    // link-local; metadata of most clouds
    v4(172, 16, 0, 0, 12),     // private
    v4(192, 0, 0, 0, 24),      // IETF protocol assignments
    v4(192, 0, 2, 0, 24),      // documentation
    v4(192, 31, 196, 0, 24),   // AS112
    v4(192, 52, 193, 0, 24),   // AMT
    v4(192, 88, 99, 0, 24),    // 6to4 relays, withdrawn
    v4(192, 168, 0, 0, 16),    // private
    v4(192, 175, 48, 0, 24),   // AS112
    v4(198, 18, 0, 0, 15),     // benchmarks
    v4(198, 51, 100, 0, 24),   // documentation
    v4(203, 0, 113, 0, 24),    // documentation
    v4(224, 0, 0, 0, 4),       // multicast
    v4(240, 0, 0, 0, 4),       // reserved, and limited broadcast
];

/// Blocked IPv6 ranges, apart from those that hold an IPv4 address ([`embedded`]).
#[rustfmt::skip]
pub(super) const V6: [Ipv6Net; 16] = [
    v6(0, 0, 0, 0, 96),                 // unspecified, loopback, IPv4-compatible (withdrawn)
    v6(0x64, 0xff9b, 1, 0, 48),         // translation, local use
    v6(0x100, 0, 0, 0, 64),             // discard
    v6(0x100, 0, 0, 1, 64),             // dummy prefix
    v6(0x2001, 0, 0, 0, 23),            // IETF protocol assignments: Teredo, benchmarks, ORCHID
    v6(0x2001, 0xdb8, 0, 0, 32),        // documentation
    v6(0x2002, 0, 0, 0, 16),            // 6to4: its relays are withdrawn, so no public service is there
    v6(0x2620, 0x4f, 0x8000, 0, 48),    // AS112
    v6(0x3fff, 0, 0, 0, 20),            // documentation
    v6(0x5f00, 0, 0, 0, 16),            // segment routing
    v6(0xfc00, 0, 0, 0, 7),             // unique local; also a cloud's metadata
    v6(0xfe80, 0, 0, 0, 10),            // link-local
    v6(0xfec0, 0, 0, 0, 10),            // site-local, withdrawn
    v6(0xff00, 0, 0, 0, 8),             // multicast
    v6(0x4000, 0, 0, 0, 2),             // never assigned
    v6(0x8000, 0, 0, 0, 2),             // never assigned
];

/// The one range that is public unicast; everything outside it is unassigned or special.
const GLOBAL_UNICAST: Ipv6Net = v6(0x2000, 0, 0, 0, 3);
const MAPPED: Ipv6Net = Ipv6Net::new_assert(Ipv6Addr::new(0, 0, 0, 0, 0, 0xffff, 0, 0), 96);
const COMPATIBLE: Ipv6Net = v6(0, 0, 0, 0, 96);
const NAT64: Ipv6Net = v6(0x64, 0xff9b, 0, 0, 96);
const SIX_TO_FOUR: Ipv6Net = v6(0x2002, 0, 0, 0, 16);

/// Whether a public service may live at this address.
pub(super) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    !V4.iter().any(|net| net.contains(&address))
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    if embedded(address).is_some_and(|inner| !is_public_v4(inner)) {
        return false;
    }
    // These two reach exactly the IPv4 address inside. NAT64 is how a host without IPv4 reaches most of the Internet.
    if MAPPED.contains(&address) || NAT64.contains(&address) {
        return true;
    }
    GLOBAL_UNICAST.contains(&address) && !V6.iter().any(|net| net.contains(&address))
}

/// The IPv4 address that a packet to this one would end up at, if it is of a kind that holds one.
fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let bytes = address.octets();
    if [MAPPED, COMPATIBLE, NAT64].iter().any(|net| net.contains(&address)) {
        Some(Ipv4Addr::new(bytes[12], bytes[13], bytes[14], bytes[15]))
    } else if SIX_TO_FOUR.contains(&address) {
        Some(Ipv4Addr::new(bytes[2], bytes[3], bytes[4], bytes[5]))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// First, middle and last address of a range, as numbers.
    fn spots(first: u128, bits: u8, width: u8) -> [u128; 3] {
        let size = 1u128.checked_shl(u32::from(width - bits)).unwrap_or(0).wrapping_sub(1);
        [first, first + size / 2, first + size]
    }

    #[test]
    fn first_middle_and_last_of_every_range_are_refused() {
        let mut tried = 0;
        for net in V4 {
            for spot in spots(u32::from(net.network()).into(), net.prefix_len(), 32) {
                let address = Ipv4Addr::from(spot as u32);
                assert!(!is_public(address.into()), "{address}");
                let [a, b, c, d] = address.octets();
                let [hi, lo] = [u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d])];
                let disguises = [
                    address.to_ipv6_mapped(),
                    Ipv6Addr::new(0, 0, 0, 0, 0, 0, hi, lo),
                    Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, hi, lo),
                    Ipv6Addr::new(0x2002, hi, lo, 0, 0, 0, 0, 1),
                ];
                for disguise in disguises {
                    assert!(!is_public(disguise.into()), "{disguise}");
                }
                tried += 5;
            }
        }
        for net in V6 {
            for spot in spots(net.network().into(), net.prefix_len(), 128) {
                let address = Ipv6Addr::from(spot);
                assert!(!is_public(address.into()), "{address}");
                tried += 1;
            }
        }
        assert_eq!(tried, 19 * 3 * 5 + 16 * 3);
    }

    #[test]
    fn neighbours_of_ranges_and_public_services_are_allowed() {
        for text in [
            "1.1.1.1",
            "8.8.8.8",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "168.63.129.15",
            "169.253.255.255",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.0",
            "192.167.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "2606:4700:4700::1111",
            "2001:4860:4860::8888",
            "2a05:d018::1",
            "::ffff:8.8.8.8",
            "64:ff9b::808:808",
        ] {
            let address: IpAddr = text.parse().unwrap();
            assert!(is_public(address), "{text}");
        }
    }

    #[test]
    fn nothing_outside_global_unicast_passes() {
        for text in ["::", "::1", "::808:808", "1::", "4000::1", "8000::1", "e000::1", "fe80::1", "ff02::1"] {
            let address: IpAddr = text.parse().unwrap();
            assert!(!is_public(address), "{text}");
        }
    }
}
