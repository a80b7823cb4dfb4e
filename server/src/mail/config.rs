//! Where letters go out, and from whom: `PAINEL_SMTP_URL` and `PAINEL_MAIL_FROM`, read and checked once at start.

use lettre::message::Mailbox;
use secrecy::SecretString;
use std::{borrow::Cow, fmt, net::IpAddr};
use url::Url;

/// A mail server and a sender. `Debug` shows neither user nor password.
#[derive(Clone)]
pub struct MailConfig {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) security: Security,
    /// User and password.
    pub(super) login: Option<(String, SecretString)>,
    pub(super) from: Mailbox,
}

/// How the way to the mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Security {
    /// TLS from the first byte.
    Tls,
    /// TLS by STARTTLS, or no letter: never "if the server happens to offer it".
    StartTls,
    /// In clear, on this machine only.
    Loopback,
}

/// Why a setting of mail cannot be used. Shows nothing of it: it may hold a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MailConfigError {
    /// Not a URL with a host and one of the two schemes.
    #[error("PAINEL_SMTP_URL is not like smtps://user:password@host or smtp://user:password@host:587?tls=required")]
    Url,
    /// Other parameters than `tls`, or another value than the scheme allows.
    #[error("PAINEL_SMTP_URL allows one parameter: ?tls=required, or ?tls=none for a server on this machine")]
    Parameter,
    /// In clear to another machine.
    #[error("PAINEL_SMTP_URL has tls=none, which is for 127.0.0.1, ::1 or localhost only: use ?tls=required")]
    Clear,
    /// Half a login, or `%` sequences that are no text.
    #[error("PAINEL_SMTP_URL needs both user and password, or neither; write @ : / % in them as %40 %3A %2F %25")]
    Login,
    /// Not an address.
    #[error("PAINEL_MAIL_FROM is not an address like painel@example.com or Painel <painel@example.com>")]
    From,
}

impl MailConfig {
    /// Reads both settings. `smtp://` means STARTTLS at port 587, `smtps://` TLS at port 465.
    ///
    /// # Errors
    /// What cannot be used, without showing it.
    pub fn parse(url: &str, from: &str) -> Result<Self, MailConfigError> {
        let url = Url::parse(url.trim()).map_err(|_| MailConfigError::Url)?;
        // Without the brackets of an IPv6 address, which neither a socket nor a certificate knows.
        let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
        if host.is_empty() || !matches!(url.path(), "" | "/") || url.fragment().is_some() {
            return Err(MailConfigError::Url);
        }
        let parameters: Vec<_> = url.query_pairs().collect();
        let tls = match parameters.as_slice() {
            [] => None,
            [(name, value)] if name == "tls" => Some(value.as_ref()),
            _ => return Err(MailConfigError::Parameter),
        };
        let (security, port) = match (url.scheme(), tls) {
            ("smtps", None | Some("required")) => (Security::Tls, 465),
            ("smtp", None | Some("required")) => (Security::StartTls, 587),
            ("smtp", Some("none")) if is_loopback(&host) => (Security::Loopback, 25),
            ("smtp", Some("none")) => return Err(MailConfigError::Clear),
            ("smtp" | "smtps", Some(_)) => return Err(MailConfigError::Parameter),
            _ => return Err(MailConfigError::Url),
        };
        Ok(Self {
            host,
            port: url.port().unwrap_or(port),
            security,
            login: login(&url)?,
            from: from.trim().parse().map_err(|_| MailConfigError::From)?,
        })
    }
}

fn login(url: &Url) -> Result<Option<(String, SecretString)>, MailConfigError> {
    let plain = |text: &str| decoded(text).map(Cow::into_owned).filter(|text| !text.contains(char::is_control));
    match (url.username(), url.password()) {
        ("", None) => Ok(None),
        (user, Some(password)) if !user.is_empty() && !password.is_empty() => {
            let (user, password) = plain(user).zip(plain(password)).ok_or(MailConfigError::Login)?;
            Ok(Some((user, password.into())))
        }
        _ => Err(MailConfigError::Login),
    }
}

fn decoded(text: &str) -> Option<Cow<'_, str>> {
    percent_encoding::percent_decode_str(text).decode_utf8().ok()
}

fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

impl fmt::Debug for MailConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MailConfig")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("security", &self.security)
            .field("login", &self.login.is_some())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::{MailConfig, MailConfigError, Security};
    use secrecy::ExposeSecret as _;

    const FROM: &str = "Painel <painel@example.com>";

    fn read(url: &str) -> Result<MailConfig, MailConfigError> {
        MailConfig::parse(url, FROM)
    }

    #[test]
    fn reads_what_the_example_shows() {
        for (url, host, port, security) in [
            ("smtp://mail.example.com", "mail.example.com", 587, Security::StartTls),
            ("smtp://mail.example.com:2525?tls=required", "mail.example.com", 2525, Security::StartTls),
            ("smtps://mail.example.com", "mail.example.com", 465, Security::Tls),
            ("smtps://mail.example.com:4650/", "mail.example.com", 4650, Security::Tls),
            ("smtp://localhost:1025?tls=none", "localhost", 1025, Security::Loopback),
            ("smtp://127.0.0.1?tls=none", "127.0.0.1", 25, Security::Loopback),
            ("smtp://[::1]?tls=none", "::1", 25, Security::Loopback),
        ] {
            let config = read(url).unwrap();
            assert_eq!((config.host.as_str(), config.port, config.security), (host, port, security), "{url}");
            assert!(config.login.is_none());
        }
        let config = read("smtp://ana%40example.com:p%3Aa%2Fss%25@mail.example.com:587?tls=required").unwrap();
        let (user, password) = config.login.unwrap();
        assert_eq!((user.as_str(), password.expose_secret()), ("ana@example.com", "p:a/ss%"));
    }

    #[test]
    fn refuses_and_names_the_reason() {
        use MailConfigError::{Clear, From, Login, Parameter, Url};
        for (url, error) in [
            ("", Url),
            ("mail.example.com", Url),
            ("http://mail.example.com", Url),
            ("smtp://", Url),
            ("smtp://mail.example.com/box", Url),
            ("smtp://mail.example.com#x", Url),
            ("smtp://mail.example.com?tls=opportunistic", Parameter),
            ("smtp://mail.example.com?tls=required&tls=none", Parameter),
            ("smtp://mail.example.com?starttls", Parameter),
            ("smtps://localhost?tls=none", Parameter),
            ("smtp://mail.example.com?tls=none", Clear),
            ("smtp://10.0.0.1?tls=none", Clear),
            ("smtp://127.0.0.1.example.com?tls=none", Clear),
            ("smtp://ana@mail.example.com", Login),
            ("smtp://:hunter2@mail.example.com", Login),
            ("smtp://ana:%ff@mail.example.com", Login),
            ("smtp://ana:a%0d%0ab@mail.example.com", Login),
        ] {
            assert_eq!(read(url).unwrap_err(), error, "{url}");
        }
        for from in ["", "painel", "Painel <painel>", "painel@example.com\r\nBcc: x@example.com"] {
            assert_eq!(MailConfig::parse("smtps://mail.example.com", from).unwrap_err(), From, "{from:?}");
        }
    }

    #[test]
    fn prints_no_login() {
        let text = format!("{:?}", read("smtps://ana:hunter2@mail.example.com").unwrap());
        assert!(text.contains("mail.example.com") && !text.contains("ana") && !text.contains("hunter2"), "{text}");
    }
}
