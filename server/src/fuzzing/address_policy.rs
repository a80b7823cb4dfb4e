//! Whatever the way out admits is of the Internet, or is listed. Both rules are written here once more, from first to last
//! address and from entry to address, without the nets and the set of the policy.

use crate::egress::{AddressPolicy, Route};
use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    sync::LazyLock,
};
use url::{Host, Url};

/// The first and the last address of what is not of the Internet: IANA's registries of special purposes and of multicast, and
/// the one host agent of a cloud outside of them. Of IPv6 only those within 2000::/3, where the Internet is.
#[rustfmt::skip]
const INSIDE: [(&str, &str); 19] = [
    ("0.0.0.0", "0.255.255.255"), ("10.0.0.0", "10.255.255.255"), ("100.64.0.0", "100.127.255.255"),
    ("127.0.0.0", "127.255.255.255"), ("168.63.129.16", "168.63.129.16"), ("169.254.0.0", "169.254.255.255"),
    ("172.16.0.0", "172.31.255.255"), ("192.0.0.0", "192.0.0.255"), ("192.0.2.0", "192.0.2.255"),
    ("192.88.99.0", "192.88.99.255"), ("192.168.0.0", "192.168.255.255"), ("198.18.0.0", "198.19.255.255"),
    ("198.51.100.0", "198.51.100.255"), ("203.0.113.0", "203.0.113.255"), ("224.0.0.0", "255.255.255.255"),
    // Teredo, benchmarks, ORCHID; documentation; 6to4, whose relays are withdrawn; documentation.
    ("2001::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff"), ("2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"),
    ("2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff"), ("3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff"),
];

/// Last labels that mean something inside a network or a machine only.
const INSIDE_NAMES: [&str; 9] =
    ["localhost", "local", "internal", "localdomain", "lan", "intranet", "corp", "home", "private"];

static RANGES: LazyLock<Vec<(IpAddr, IpAddr)>> = LazyLock::new(|| {
    let read = |text: &str| text.parse::<IpAddr>().expect("an address");
    INSIDE.iter().map(|(first, last)| (read(first), read(last))).collect()
});

/// One line is the operator's list, the rest an address that somebody gave. The same bytes are tried as bare IP addresses too,
/// as name servers give them.
pub fn address_policy(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let (list, address) = text.split_once('\n').unwrap_or(("", &text));
    let mut admitted = judge(list, address);
    if let Some(four) = bytes.first_chunk::<4>() {
        admitted |= judge("", &format!("https://{}/", Ipv4Addr::from(*four)));
    }
    if let Some(six) = bytes.first_chunk::<16>() {
        admitted |= judge("", &format!("https://[{}]/", Ipv6Addr::from(*six)));
    }
    admitted
}

fn judge(list: &str, address: &str) -> bool {
    let Ok(policy) = AddressPolicy::parse_allow(list) else { return false };
    let Ok(url) = Url::parse(address) else { return false };
    let Ok(route) = policy.check(&url) else { return false };
    assert!(url.username().is_empty() && url.password().is_none(), "somebody's name is sent: {url}");
    match route {
        Route::Allowed => {
            assert!(matches!(url.scheme(), "http" | "https") && is_listed(list, &url), "{url} is not in {list:?}");
        }
        Route::Public => {
            assert_eq!((url.scheme(), url.port_or_known_default()), ("https", Some(443)), "{url}");
            let good = match url.host() {
                Some(Host::Domain(name)) => is_name_of_the_internet(name),
                Some(Host::Ipv4(four)) => is_of_the_internet(four.into()),
                Some(Host::Ipv6(six)) => is_of_the_internet(six.into()),
                None => false,
            };
            assert!(good, "not of the Internet: {url}");
        }
    }
    true
}

/// Whether some entry has this very host and port.
fn is_listed(list: &str, url: &Url) -> bool {
    let is = |entry: &str| {
        let Some((host, port)) = entry.trim().rsplit_once(':') else { return false };
        let host = Url::parse(&format!("https://{host}"));
        port.parse().ok() == url.port_or_known_default() && host.is_ok_and(|listed| listed.host() == url.host())
    };
    list.split(',').any(is)
}

fn is_name_of_the_internet(name: &str) -> bool {
    let labels: Vec<&str> = name.split('.').collect();
    let Some((last, before)) = labels.split_last() else { return false };
    let plain = name.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase());
    let digits = last.strip_prefix("0x").unwrap_or(last);
    let number = digits.bytes().all(|byte| byte.is_ascii_digit() || (digits != *last && byte.is_ascii_hexdigit()));
    let home = *last == "arpa" && before.last() == Some(&"home");
    plain && !number && !home && !before.is_empty() && !labels.contains(&"") && !INSIDE_NAMES.contains(last)
}

fn is_of_the_internet(address: IpAddr) -> bool {
    let inside = RANGES.iter().any(|(first, last)| (*first..=*last).contains(&address));
    match address {
        IpAddr::V4(_) => !inside,
        IpAddr::V6(six) => match six.segments() {
            // Both end at the IPv4 address inside, whatever stands around it.
            [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
                let [a, b] = high.to_be_bytes();
                let [c, d] = low.to_be_bytes();
                is_of_the_internet(Ipv4Addr::new(a, b, c, d).into())
            }
            [first, ..] => first & 0xe000 == 0x2000 && !inside,
        },
    }
}
