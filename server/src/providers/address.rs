//! Which addresses a tenant may give, as far as the text alone tells. This is the early, friendly refusal, at the
//! field; the fence that holds at the moment of connecting, names included, is `egress`.

use super::form::Refusal;
use app::tr;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use url::{Host, Url};

/// The exact `host:port` pairs of the configuration for which http and private addresses are fine.
#[derive(Debug, Clone, Default)]
pub struct AddressRules {
    allowed: Vec<String>,
}

impl AddressRules {
    /// Rules with these `host:port` pairs; IPv6 in brackets.
    pub fn new(allowed: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { allowed: allowed.into_iter().map(|pair| pair.into().trim().to_ascii_lowercase()).collect() }
    }

    /// Whether the configuration lists this address's host and port.
    pub fn allows(&self, url: &Url) -> bool {
        let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else { return false };
        self.allowed.contains(&format!("{host}:{port}").to_ascii_lowercase())
    }
}

/// Reads a tenant's address: https to a public host on port 443, or one that the configuration lists.
/// The `url` crate lower-cases the host and turns every spelling of an IPv4 address into one.
pub(super) fn read(text: &str, rules: &AddressRules) -> Result<Url, Refusal> {
    if text.chars().any(|c| c.is_whitespace() || c.is_control() || c == '\\') {
        return Err(tr!(
            "O endereço não pode ter espaços nem quebras de linha: copie outra vez.",
            "The address cannot have spaces or line breaks: copy it again.",
        )
        .into());
    }
    let start = text.get(..8).unwrap_or(text).to_ascii_lowercase();
    if !start.starts_with("https://") && !start.starts_with("http://") {
        return Err(tr!("O endereço deve começar com https://.", "The address must start with https://.").into());
    }
    let url = Url::parse(text).map_err(|_| {
        Refusal::from(tr!(
            "Isto não é um endereço válido: copie outra vez, inteiro.",
            "This is not a valid address: copy all of it again.",
        ))
    })?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(tr!(
            "Tire o usuário e a senha de dentro do endereço.",
            "Take the user name and the password out of the address.",
        )
        .into());
    }
    if rules.allows(&url) {
        return Ok(url);
    }
    if url.scheme() != "https" {
        return Err(tr!(
            "Use https://: sem ele a chave viajaria aberta pela rede.",
            "Use https://: without it the key would travel unprotected over the network.",
        )
        .into());
    }
    if is_private(&url) {
        return Err(tr!(
            "Este endereço é de uma rede interna e o painel não o abre. Use o endereço público.",
            "This address is on an internal network and Painel does not open it. Use the public address.",
        )
        .into());
    }
    if url.port().is_some() {
        return Err(tr!(
            "Use o endereço sem número de porta (a 443, padrão do https).",
            "Use the address without a port number (443 is the default of https).",
        )
        .into());
    }
    Ok(url)
}

/// Refuses what stands after `?` and `#`.
pub(super) fn refuse_tail(url: &Url) -> Result<(), Refusal> {
    if url.query().is_some() || url.fragment().is_some() {
        return Err(tr!(
            "Cole o endereço só até antes de “?” ou “#”.",
            "Paste only the part of the address before “?” or “#”.",
        )
        .into());
    }
    Ok(())
}

/// Loopback, private or special by its very text.
fn is_private(url: &Url) -> bool {
    match url.host() {
        None => true,
        Some(Host::Ipv4(ip)) => is_special(IpAddr::V4(ip)),
        Some(Host::Ipv6(ip)) => is_special(IpAddr::V6(ip)),
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            let last = name.rsplit('.').next().unwrap_or_default();
            // A name without a dot is one of the local network.
            !name.contains('.') || ["localhost", "local", "internal", "lan", "intranet"].contains(&last)
        }
    }
}

/// Not an address of the public internet.
fn is_special(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            v4.is_private()
                || v4.is_loopback()
                || v4.is_link_local()
                || v4.is_documentation()
                || a == 0
                || a >= 224
                || (a == 100 && (64..128).contains(&b))
                || (a == 192 && b == 0 && c == 0)
                || (a == 198 && (18..20).contains(&b))
        }
        IpAddr::V6(v6) => {
            embedded_v4(v6).is_some_and(|v4| is_special(IpAddr::V4(v4)))
                || v6.is_loopback()
                || v6.is_unspecified()
                || v6.is_multicast()
                || v6.is_unique_local()
                || v6.is_unicast_link_local()
                || v6.segments()[..2] == [0x2001, 0xdb8]
        }
    }
}

/// The IPv4 address inside ::ffff:0:0/96, ::/96, 64:ff9b::/96 and 2002::/16.
fn embedded_v4(v6: Ipv6Addr) -> Option<Ipv4Addr> {
    let [s0, s1, s2, s3, s4, s5, s6, s7] = v6.segments();
    let (high, low) = match [s0, s1, s2, s3, s4, s5] {
        [0, 0, 0, 0, 0, 0 | 0xffff] | [0x64, 0xff9b, 0, 0, 0, 0] => (s6, s7),
        [0x2002, high, low, ..] => (high, low),
        _ => return None,
    };
    Some(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low)))
}

#[cfg(test)]
mod tests {
    use super::{AddressRules, Url, read};

    fn rules() -> AddressRules {
        AddressRules::new(["127.0.0.1:5678", " Evo.Local:8080 ", "[fd00::1]:80", "n8n.exemplo.com:8443"])
    }

    #[test]
    fn allows_exactly_what_is_listed() {
        let check =
            |url: &str, expected: bool| assert_eq!(rules().allows(&Url::parse(url).unwrap()), expected, "{url}");
        check("http://127.0.0.1:5678/x", true);
        check("https://127.0.0.1:5678/x", true);
        check("http://127.1:5678/x", true);
        check("http://EVO.local:8080", true);
        check("http://[fd00::1]/", true);
        check("https://n8n.exemplo.com:8443", true);
        check("https://n8n.exemplo.com", false);
        check("http://127.0.0.1", false);
        check("http://127.0.0.1:56789", false);
        check("http://127.0.0.2:5678", false);
        check("http://127.0.0.1.nip.io:5678", false);
        check("http://x.evo.local:8080", false);
        check("mailto:a@b", false);
        assert!(!AddressRules::default().allows(&Url::parse("http://127.0.0.1:5678").unwrap()));
    }

    #[test]
    fn reads_public_and_listed_addresses() {
        for url in [
            "https://evo.exemplo.com.br/",
            "https://evo.exemplo.com.br:443/x",
            "https://203.0.114.9/",
            "https://[2606:4700::1111]/",
            "https://ação.exemplo.com/",
            "https://local.exemplo.com/",
            "https://100.63.255.255/",
            "http://127.0.0.1:5678/",
            "http://evo.local:8080/",
        ] {
            assert!(read(url, &rules()).is_ok(), "{url}");
        }
    }

    #[test]
    fn refuses_what_is_of_an_internal_network() {
        for host in [
            "localhost",
            "LOCALHOST",
            "localhost.",
            "api.localhost",
            "printer.local",
            "metadata.google.internal",
            "metadata.google.internal.",
            "db",
            "nas.lan",
            "127.0.0.1",
            "127.1",
            "2130706433",
            "0x7f000001",
            "0177.0.0.1",
            "0.0.0.0",
            "10.0.0.1",
            "10.255.255.255",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "100.127.255.255",
            "192.0.0.1",
            "198.18.0.1",
            "198.19.255.255",
            "192.0.2.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "[::1]",
            "[::]",
            "[::ffff:127.0.0.1]",
            "[::ffff:a9fe:a9fe]",
            "[::7f00:1]",
            "[64:ff9b::a00:1]",
            "[2002:7f00:1::]",
            "[fc00::1]",
            "[fd12:3456::1]",
            "[fe80::1]",
            "[ff02::1]",
            "[2001:db8::1]",
            "１２７.0.0.1",
        ] {
            let message = read(&format!("https://{host}/"), &rules()).expect_err(host);
            assert!(message.contains("rede interna"), "{host}: {message}");
            let message = read(&format!("http://{host}/"), &rules()).expect_err(host);
            assert!(message.contains("https://"), "{host}: {message}");
        }
    }

    #[test]
    fn refuses_other_shapes() {
        for (url, part) in [
            ("", "https://"),
            ("evo.exemplo.com", "https://"),
            ("file:///etc/passwd", "https://"),
            ("javascript:alert(1)", "https://"),
            ("https:/evo.exemplo.com", "https://"),
            ("https://", "endereço válido"),
            ("https://[::1", "endereço válido"),
            ("https://999.1.1.1/", "endereço válido"),
            ("https://a b.com/", "espaços"),
            ("https://a.com/\tx", "espaços"),
            ("https://a.com\\@b.com/", "espaços"),
            ("https://u:p@a.com/", "usuário"),
            ("https://u@127.0.0.1:5678/", "usuário"),
            ("http://evo.exemplo.com/", "Use https://"),
            ("https://evo.exemplo.com:8080/", "porta"),
        ] {
            let message = read(url, &rules()).expect_err(url);
            assert!(message.contains(part), "{url}: {part:?} expected, was {message:?}");
        }
    }
}
