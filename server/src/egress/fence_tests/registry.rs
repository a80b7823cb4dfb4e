//! The judgement of addresses against the special-purpose registries, written down once more and looked up by a crate that
//! knows nothing of our code.
//!
//! <https://www.iana.org/assignments/iana-ipv4-special-registry> and the one for IPv6, with the column "globally reachable"
//! (an N/A counts as no); below them what is refused although they say yes, or say nothing.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ip_network::IpNetwork;
use ip_network_table::IpNetworkTable;
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};

use super::super::blocked::is_public;

/// The registries, row by row.
#[rustfmt::skip]
const REGISTRIES: [(&str, bool); 53] = [
    // IPv4
    ("0.0.0.0/8", false), ("0.0.0.0/32", false), ("10.0.0.0/8", false), ("100.64.0.0/10", false), ("127.0.0.0/8", false),
    ("169.254.0.0/16", false), ("172.16.0.0/12", false), ("192.0.0.0/24", false), ("192.0.0.0/29", false),
    ("192.0.0.8/32", false), ("192.0.0.9/32", true), ("192.0.0.10/32", true), ("192.0.0.170/32", false),
    ("192.0.0.171/32", false), ("192.0.2.0/24", false), ("192.31.196.0/24", true), ("192.52.193.0/24", true),
    ("192.88.99.0/24", false), ("192.88.99.2/32", false), ("192.168.0.0/16", false), ("192.175.48.0/24", true),
    ("198.18.0.0/15", false), ("198.51.100.0/24", false), ("203.0.113.0/24", false), ("240.0.0.0/4", false),
    ("255.255.255.255/32", false),
    // IPv6
    ("::1/128", false), ("::/128", false), ("::ffff:0:0/96", false), ("64:ff9b::/96", true), ("64:ff9b:1::/48", false),
    ("100::/64", false), ("100:0:0:1::/64", false), ("2001::/23", false), ("2001::/32", false), ("2001:1::1/128", true),
    ("2001:1::2/128", true), ("2001:1::3/128", true), ("2001:2::/48", false), ("2001:3::/32", true),
    ("2001:4:112::/48", true), ("2001:10::/28", false), ("2001:20::/28", true), ("2001:30::/28", true),
    ("2001:db8::/32", false), ("2002::/16", false), ("2620:4f:8000::/48", true), ("3fff::/20", false),
    ("5f00::/16", false), ("fc00::/7", false), ("fe80::/10", false),
    // Allocated by nobody to anybody, say the registries of multicast.
    ("224.0.0.0/4", false), ("ff00::/8", false),
];

/// What is refused besides: no API can live at a sink, a relay or one of the protocols' own addresses.
const REFUSED_TOO: [&str; 15] = [
    "168.63.129.16/32",
    "192.0.0.9/32",
    "192.0.0.10/32",
    "192.31.196.0/24",
    "192.52.193.0/24",
    "192.175.48.0/24",
    "2001:1::1/128",
    "2001:1::2/128",
    "2001:1::3/128",
    "2001:3::/32",
    "2001:4:112::/48",
    "2001:20::/28",
    "2001:30::/28",
    "2620:4f:8000::/48",
    "fec0::/10",
];

/// What the registries and the list say together.
struct Judge(IpNetworkTable<bool>);

impl Judge {
    fn new() -> Self {
        let mut table = IpNetworkTable::new();
        let mut put = |net: &str, public: bool| table.insert(net.parse::<IpNetwork>().unwrap(), public);
        put("0.0.0.0/0", true);
        // Of IPv6 only one eighth is given out for the Internet.
        put("::/0", false);
        put("2000::/3", true);
        for (net, reachable) in REGISTRIES {
            put(net, reachable);
        }
        for net in REFUSED_TOO {
            put(net, false);
        }
        Self(table)
    }

    fn says(&self, address: IpAddr) -> bool {
        let (_, public) = self.0.longest_match(address).unwrap();
        let IpAddr::V6(six) = address else { return *public };
        let inside = Ipv4Addr::from(u32::try_from(u128::from(six) & 0xffff_ffff).unwrap());
        let within = |net: &str| net.parse::<IpNetwork>().unwrap().contains(address);
        // These two end at the IPv4 address inside, whatever stands around it.
        if within("::ffff:0:0/96") || within("64:ff9b::/96") { self.says(inside.into()) } else { *public }
    }
}

/// Addresses of all kinds, half of them in or beside the ranges of the registries.
fn addresses() -> impl Strategy<Value = IpAddr> {
    let nets: Vec<IpNetwork> = REGISTRIES.iter().map(|(net, _)| net.parse().unwrap()).collect();
    let near = (proptest::sample::select(nets), any::<u128>(), 0_u8..4).prop_map(|(net, noise, place)| match net {
        IpNetwork::V4(net) => {
            let (first, last) = (u32::from(net.network_address()), u32::from(net.broadcast_address()));
            IpAddr::V4(Ipv4Addr::from(match place {
                0 => first.wrapping_sub(1),
                1 => last.wrapping_add(1),
                _ => first + (noise % (u128::from(last - first) + 1)) as u32,
            }))
        }
        IpNetwork::V6(net) => {
            let (first, last) = (u128::from(net.network_address()), u128::from(net.last_address()));
            IpAddr::V6(Ipv6Addr::from(match place {
                0 => first.wrapping_sub(1),
                1 => last.wrapping_add(1),
                _ => first + noise % (last - first).saturating_add(1),
            }))
        }
    });
    let clothes = (near.clone(), any::<u32>(), 0_u8..4).prop_map(|(address, other, kind)| {
        let four = if let IpAddr::V4(four) = address { four } else { Ipv4Addr::from(other) };
        let [hi, lo] = [(u32::from(four) >> 16) as u16, u32::from(four) as u16];
        IpAddr::V6(match kind {
            0 => four.to_ipv6_mapped(),
            1 => Ipv6Addr::new(0, 0, 0, 0, 0, 0, hi, lo),
            2 => Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, hi, lo),
            _ => Ipv6Addr::new(0x2002, hi, lo, 0, 0, 0, 0, 1),
        })
    });
    prop_oneof![
        any::<u32>().prop_map(|bits| IpAddr::V4(bits.into())),
        any::<u128>().prop_map(|bits| IpAddr::V6(bits.into())),
        // The eighth where the Internet is.
        any::<u128>().prop_map(|bits| IpAddr::V6((bits >> 3 | 1 << 125).into())),
        near,
        clothes,
    ]
}

#[test]
fn a_hundred_thousand_addresses_are_judged_as_the_registries_judge_them() {
    const CASES: u32 = 100_000;
    let judge = Judge::new();
    let counts = std::cell::Cell::new((0, 0));
    let mut runner = TestRunner::new(Config { cases: CASES, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&addresses(), |address| {
        prop_assert_eq!(is_public(address), judge.says(address), "{}", address);
        let (public, refused) = counts.get();
        counts.set(if is_public(address) { (public + 1, refused) } else { (public, refused + 1) });
        Ok(())
    });
    outcome.unwrap();
    let (public, refused) = counts.get();
    eprintln!("fence: {} of {CASES} addresses judged alike: {public} public, {refused} refused", public + refused);
    assert!(public + refused == CASES && public > CASES / 5 && refused > CASES / 5);
}
