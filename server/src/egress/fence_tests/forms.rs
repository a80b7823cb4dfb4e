//! 222 ways to say an address that may not be opened: 105 of the blocked ranges, 57 of the IPv4 ones in IPv6's clothes, and
//! 60 tricks.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::super::blocked::{V4, V6};

/// Tricks of spelling, of the parser, of schemes and ports.
#[rustfmt::skip]
pub const SPELLINGS: [&str; 45] = [
    // loopback in other clothes
    "https://127.1/", "https://2130706433/", "https://0x7f000001/", "https://0x7f.1/", "https://0177.0.0.1/",
    "https://017700000001/", "https://0x7F.0x0.0x0.0x1/", "https://127.0.0.1./", "https://0/", "https://[::ffff:7f00:1]/",
    "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/", "https://[::127.0.0.1]/", "https://[fe80::1%25lo]/",
    "https://[0:0:0:0:0:0:0:1]/",
    // tricks of the parser
    "https://\u{ff11}\u{ff12}\u{ff17}.0.0.1/", "https://127\u{3002}0\u{3002}0\u{3002}1/", "https://127.0.0.1\t/",
    "https:\\\\127.0.0.1\\", "https:///127.0.0.1/", "https://%31%32%37.0.0.1/", "https://\u{24db}ocalhost/",
    "https://local\u{ad}host/",
    // who is asked
    "https://user:secret@n8n.exemplo.com/", "https://n8n.exemplo.com@127.0.0.1/", "https://127.0.0.1\\@n8n.exemplo.com/",
    "https://127.0.0.1#@n8n.exemplo.com/",
    // names that mean something only inside
    "https://localhost/", "https://LOCALHOST/", "https://localhost./", "https://a.localhost/",
    "https://metadata.google.internal/", "https://metadata/", "https://printer.local/", "https://nas.home.arpa/",
    // metadata of clouds as numbers
    "https://2852039166/", "https://0xa9fea9fe/", "https://[::ffff:a9fe:a9fe]/",
    // schemes and ports
    "http://n8n.exemplo.com/", "ftp://n8n.exemplo.com/", "file:///etc/passwd", "ws://n8n.exemplo.com/",
    "https://n8n.exemplo.com:80/", "https://n8n.exemplo.com:8443/", "https://n8n.exemplo.com:5432/",
];

/// Names that look public and are not, with what the name server says of them.
#[rustfmt::skip]
pub const NAMES: [(&str, &[&str]); 15] = [
    ("loopback.exemplo.com", &["127.0.0.1"]),
    ("loopback6.exemplo.com", &["::1"]),
    ("private.exemplo.com", &["10.0.0.5"]),
    ("metadata.exemplo.com", &["169.254.169.254"]),
    ("zero.exemplo.com", &["0.0.0.0"]),
    ("unique-local.exemplo.com", &["fd00:ec2::254"]),
    ("mapped.exemplo.com", &["::ffff:10.0.0.5"]),
    ("translated.exemplo.com", &["64:ff9b::a00:5"]),
    ("alias-of-loopback.exemplo.com", &["inside.exemplo.com", "127.0.0.1"]),
    ("alias-of-alias.exemplo.com", &["one.exemplo.com", "two.exemplo.com", "192.168.0.1"]),
    ("alias-and-six.exemplo.com", &["one.exemplo.com", "fe80::1"]),
    ("good-then-bad.exemplo.com", &["93.184.215.14", "10.0.0.5"]),
    ("bad-then-good.exemplo.com", &["10.0.0.5", "93.184.215.14"]),
    ("good-four-bad-six.exemplo.com", &["93.184.215.14", "::1"]),
    ("bad-four-good-six.exemplo.com", &["127.0.0.1", "2606:4700:4700::1111"]),
];

/// All of them, as URLs.
pub fn all() -> Vec<String> {
    let four = V4.iter().flat_map(|net| {
        let (first, last) = (u32::from(net.network()), u32::from(net.broadcast()));
        [first, first + (last - first) / 2, last].map(Ipv4Addr::from)
    });
    let six = V6.iter().flat_map(|net| {
        let (first, last) = (u128::from(net.network()), u128::from(net.broadcast()));
        [first, first + (last - first) / 2, last].map(Ipv6Addr::from)
    });
    let mapped = four.clone().map(|address| format!("https://[{}]/", address.to_ipv6_mapped()));
    let four = four.map(|address| format!("https://{address}/"));
    let six = six.map(|address| format!("https://[{address}]/"));
    let names = NAMES.iter().map(|(name, _)| format!("https://{name}/"));
    four.chain(six).chain(mapped).chain(SPELLINGS.map(str::to_owned)).chain(names).collect()
}

/// What the name server of these tests says.
pub fn zone(name: &str, _asked_before: usize) -> &'static [&'static str] {
    match name {
        "n8n.exemplo.com" => &["93.184.215.14"],
        "evo.exemplo.com.br" => &["2606:2800:21f:cb07::1"],
        "both.exemplo.com" | "xn--ao-siap.exemplo.com" => &["93.184.215.15", "2606:2800:21f:cb07::2"],
        "alias.exemplo.com" => &["n8n.exemplo.com", "93.184.215.14"],
        "supabase.local" => &["10.0.0.7"],
        _ => NAMES.iter().find(|(bad, _)| *bad == name).map_or(&[], |(_, says)| says),
    }
}
