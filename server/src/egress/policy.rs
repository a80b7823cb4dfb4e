//! Where we may connect to: the public Internet over https, and what the operator listed.
//!
//! The list comes from configuration only, never from the database. An entry is one host *and* one port; it frees that pair
//! from every rule but the ban on passwords in URLs, and frees no other port of the same host.
//! IP literals are judged here, on the parsed host, because a client's resolver is never asked for them; names are judged
//! here by their text and in `resolver` by what they resolve to.

use std::{collections::HashSet, net::IpAddr, sync::Arc};

use url::{Host, Url};

use super::blocked::is_public;

/// The rules for outgoing addresses. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct AddressPolicy {
    allowed: Arc<HashSet<(Host<String>, u16)>>,
}

/// By which of the two doors an address may be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route {
    /// A public host: https, port 443, public IP addresses only.
    Public,
    /// A pair of host and port that the operator listed: anything it resolves to.
    Allowed,
}

/// Why an address is refused. For the debug log and the audit log, not for users.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Neither https nor, on a listed address, http.
    #[error("scheme is not https")]
    Scheme,
    /// A user name or password stands in the URL.
    #[error("user name or password in the URL")]
    UserInfo,
    /// No host at all.
    #[error("no host")]
    NoHost,
    /// A port other than 443.
    #[error("port is not 443")]
    Port,
    /// A name that only means something inside a network or machine.
    #[error("name is not a public one")]
    Name,
    /// An IP address, written or resolved, that is not public.
    #[error("IP address is not a public one")]
    Address,
}

/// What is wrong with the list of allowed addresses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AllowError {
    /// No port is written.
    #[error("\"{0}\" has no port: write host:port, for example 127.0.0.1:54321 or [::1]:54321")]
    NoPort(String),
    /// Not a host and a port.
    #[error("\"{0}\" is not host:port: write only the host's name or IP address and the port, separated by commas")]
    NotHostPort(String),
}

impl AddressPolicy {
    /// Public addresses only.
    pub fn public_only() -> Self {
        Self::default()
    }

    /// Public addresses and those of a list like `127.0.0.1:54321,supabase.local:8000`; an empty list is fine.
    ///
    /// # Errors
    /// The first entry that is not `host:port`, with what to write instead.
    pub fn parse_allow(list: &str) -> Result<Self, AllowError> {
        let entries = list.split(',').map(str::trim).filter(|entry| !entry.is_empty());
        let allowed = entries.map(parse_entry).collect::<Result<HashSet<_>, _>>()?;
        Ok(Self { allowed: Arc::new(allowed) })
    }

    /// Judges an address without touching the network.
    ///
    /// # Errors
    /// The first rule it breaks.
    pub fn check(&self, url: &Url) -> Result<Route, Refused> {
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Refused::UserInfo);
        }
        if !matches!(url.scheme(), "https" | "http") {
            return Err(Refused::Scheme);
        }
        let host = url.host().ok_or(Refused::NoHost)?.to_owned();
        let port = url.port_or_known_default().ok_or(Refused::Port)?;
        if self.allowed.contains(&(host.clone(), port)) {
            return Ok(Route::Allowed);
        }
        if url.scheme() != "https" {
            return Err(Refused::Scheme);
        }
        if port != 443 {
            return Err(Refused::Port);
        }
        match host {
            Host::Domain(name) if is_public_name(&name) => Ok(Route::Public),
            Host::Domain(_) => Err(Refused::Name),
            Host::Ipv4(address) => check_address(address.into()),
            Host::Ipv6(address) => check_address(address.into()),
        }
    }
}

fn check_address(address: IpAddr) -> Result<Route, Refused> {
    if is_public(address) { Ok(Route::Public) } else { Err(Refused::Address) }
}

/// Whether a name can be one of the public DNS. The URL parser has lower-cased and punycoded it already.
fn is_public_name(name: &str) -> bool {
    // A final dot says the same name in other letters and would pass by the endings below; nobody needs it.
    let labels: Vec<&str> = name.split('.').collect();
    if labels.len() < 2 || labels.iter().any(|label| label.is_empty()) {
        return false;
    }
    let inside = ["localhost", "local", "internal", "localdomain", "lan", "intranet", "corp", "home", "private"];
    let last = labels[labels.len() - 1];
    !inside.contains(&last) && !name.ends_with(".home.arpa") && name != "home.arpa"
}

fn parse_entry(entry: &str) -> Result<(Host<String>, u16), AllowError> {
    let wrong = || AllowError::NotHostPort(entry.to_owned());
    if entry.contains(['/', '?', '#', '@', '\\']) || entry.contains(char::is_whitespace) {
        return Err(wrong());
    }
    let (host, port) = entry.rsplit_once(':').ok_or_else(|| AllowError::NoPort(entry.to_owned()))?;
    if host.contains(':') && !host.ends_with(']') {
        return Err(AllowError::NoPort(entry.to_owned()));
    }
    let port: u16 = port.parse().map_err(|_| AllowError::NoPort(entry.to_owned()))?;
    // The same parser as for tenants' URLs, so that both sides of the comparison have the same form.
    let url = Url::parse(&format!("http://{host}/")).map_err(|_| wrong())?;
    let host = url.host().ok_or_else(wrong)?.to_owned();
    if port == 0 { Err(wrong()) } else { Ok((host, port)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(policy: &AddressPolicy, text: &str) -> Option<Route> {
        Url::parse(text).ok().and_then(|url| policy.check(&url).ok())
    }

    #[test]
    fn odd_forms_are_refused() {
        let policy = AddressPolicy::public_only();
        #[rustfmt::skip]
        let odd = [
            // loopback in other clothes
            "https://127.0.0.1/", "https://127.1/", "https://127.0.1/", "https://2130706433/", "https://0x7f000001/",
            "https://0x7f.1/", "https://0177.0.0.1/", "https://017700000001/", "https://0x7F.0x0.0x0.0x1/",
            "https://127.0.0.1./", "https://127.0.0.1:443/", "https://0/", "https://0.0.0.0/", "https://127.255.255.254/",
            "https://[::1]/", "https://[::]/", "https://[0:0:0:0:0:0:0:1]/", "https://[::ffff:127.0.0.1]/",
            "https://[::ffff:7f00:1]/", "https://[::127.0.0.1]/", "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/",
            "https://[fe80::1%25eth0]/", "https://[fe80::1]/", "https://[fd00:ec2::254]/", "https://[ff02::1]/",
            // tricks of the parser
            "https://1\u{ff12}7.0.0.1/", "https://\u{ff11}\u{ff12}\u{ff17}.0.0.1/", "https://127\u{3002}0\u{3002}0\u{3002}1/",
            "https://127.0.0.1\t/", "https://127.0\n.0.1/", "https:\\\\127.0.0.1\\", "https:127.0.0.1", "https:///127.0.0.1/",
            "https://%31%32%37.0.0.1/", "https://127.0.0.1%2f.example.com/", "https://example.com%00.internal/",
            "https://\u{24db}ocalhost/", "https://LOCALHOST/", "https://local\u{ad}host/",
            // who is asked
            "https://user@example.com/", "https://user:secret@example.com/", "https://:secret@example.com/",
            "https://example.com@127.0.0.1/", "https://127.0.0.1#@example.com/", "https://127.0.0.1\\@example.com/",
            // names
            "https://localhost/", "https://localhost./", "https://a.localhost/", "https://a.b.localhost./",
            "https://printer.local/", "https://metadata.google.internal/", "https://metadata.google.internal./",
            "https://metadata/", "https://instance-data/", "https://db/", "https://kubernetes.default.svc.local/",
            "https://example.com./", "https://nas.home.arpa/", "https://router.lan/", "https://a..example.com/",
            // metadata, private, reserved
            "https://169.254.169.254/", "https://2852039166/", "https://0xa9fea9fe/", "https://[::ffff:a9fe:a9fe]/",
            "https://100.100.100.200/", "https://192.0.0.192/", "https://168.63.129.16/", "https://10.0.0.1/",
            "https://192.168.0.1/", "https://172.16.0.1/", "https://255.255.255.255/", "https://256.256.256.256/",
            // schemes and ports
            "http://example.com/", "ftp://example.com/", "file:///etc/passwd", "gopher://example.com/",
            "data:text/plain,x", "javascript:alert(1)", "ws://example.com/", "wss://example.com/", "unix:/var/run/x",
            "https://example.com:80/", "https://example.com:8443/", "https://example.com:5432/", "https://example.com:0/",
            "https://", "https://:443/", "//example.com/", "example.com", "",
        ];
        let passed: Vec<_> = odd.iter().filter(|text| verdict(&policy, text).is_some()).collect();
        assert!(passed.is_empty(), "not refused: {passed:?}");
    }

    #[test]
    fn public_addresses_pass() {
        let policy = AddressPolicy::public_only();
        for text in [
            "https://abcdefghijklmnopqrst.supabase.co/",
            "https://ABC.supabase.co",
            "https://abc.supabase.co:443/rest/v1",
            "https://api.clinica.com.br/",
            "https://n8n.exemplo.com/webhook/x?y=1",
            "https://8.8.8.8/",
            "https://1.1.1.1/",
            "https://[2606:4700:4700::1111]/",
            "https://xn--bcher-kva.example/",
            "https://localhost.example.com/",
            "https://example.com\\@127.0.0.1/",
        ] {
            assert_eq!(verdict(&policy, text), Some(Route::Public), "{text}");
        }
    }

    #[test]
    fn the_list_frees_exactly_its_pairs() {
        let policy =
            AddressPolicy::parse_allow(" 127.0.0.1:54321, supabase.local:8000,[::1]:9000,Intern.example:443,").unwrap();
        for text in [
            "http://127.0.0.1:54321/x",
            "https://127.0.0.1:54321",
            "http://0x7f.1:54321/",
            "http://supabase.local:8000/",
            "http://SUPABASE.local:8000/",
            "http://[::1]:9000/",
            "https://intern.example/",
        ] {
            assert_eq!(verdict(&policy, text), Some(Route::Allowed), "{text}");
        }
        for text in [
            "http://127.0.0.1:54322/",
            "https://127.0.0.1/",
            "http://127.0.0.2:54321/",
            "http://localhost:54321/",
            "https://supabase.local/",
            "http://supabase.local/",
            "http://a.supabase.local:8000/",
            "http://[::1]:9001/",
            "http://[::ffff:127.0.0.1]:54321/",
            "http://user@127.0.0.1:54321/",
            "ftp://127.0.0.1:54321/",
            "http://intern.example/",
            "http://supabase.local.:8000/",
        ] {
            assert_eq!(verdict(&policy, text), None, "{text}");
        }
    }

    #[test]
    fn a_wrong_list_says_what_to_write() {
        for (list, part) in [
            ("127.0.0.1", "has no port"),
            ("localhost", "has no port"),
            ("::1", "has no port"),
            ("fe80::1:80", "has no port"),
            ("127.0.0.1:8000:9000", "has no port"),
            ("[::1]", "has no port"),
            ("localhost:http", "has no port"),
            ("localhost:99999", "has no port"),
            ("http://localhost:8000", "is not host:port"),
            ("localhost:8000/", "is not host:port"),
            ("u@localhost:8000", "is not host:port"),
            ("a b:80", "is not host:port"),
            (":80", "is not host:port"),
            ("localhost:0", "is not host:port"),
            ("127.0.0.1:1;127.0.0.1:2", ""),
        ] {
            let error = AddressPolicy::parse_allow(list).expect_err(list);
            assert!(error.to_string().contains(part), "{list}: {error}");
        }
        assert!(AddressPolicy::parse_allow("").is_ok());
    }
}
