//! The configuration: the only place that reads the environment.

use crate::{
    mail::{MailConfig, MailConfigError},
    providers::Bases,
    web::source::{TrustedProxies, TrustedProxiesError},
};
use secrecy::SecretString;
use std::{net::SocketAddr, path::PathBuf};
use url::Url;

/// What this process was told.
#[derive(Debug, Clone)]
pub struct Config {
    /// `sqlite://…` or `postgres://…`.
    pub database_url: String,
    /// On Postgres: the URL of the role that owns the tables, for migrating. Never used to serve.
    pub database_owner_url: Option<SecretString>,
    /// The key ring's file.
    pub keyring: PathBuf,
    /// Where browsers reach this installation; https makes cookies `Secure` and `__Host-`.
    pub base_url: Url,
    /// `host:port` list of foreign addresses that may be private or plain http.
    pub egress_allow: String,
    /// Where the providers with one address for everybody are.
    pub bases: Bases,
    /// The proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: TrustedProxies,
    /// Where letters go out; none when mail is off.
    pub mail: Option<MailConfig>,
    /// Where to listen.
    pub address: SocketAddr,
    /// The folder with `pkg/`: the browser's part.
    pub site_root: PathBuf,
    /// Whether `cargo leptos watch` runs this process and may replace the site under it.
    pub watched: bool,
}

/// A setting that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// Not an address to listen on.
    #[error("LEPTOS_SITE_ADDR is not an address like 127.0.0.1:3000")]
    Address,
    /// Not a base URL.
    #[error("PAINEL_BASE_URL is not an http or https URL without a path, like https://painel.example.com")]
    BaseUrl,
    /// Not the address of a provider.
    #[error("{0} is not an http or https URL, like https://graph.facebook.com/v25.0")]
    Provider(&'static str),
    /// Not a list of proxies.
    #[error("PAINEL_TRUSTED_PROXIES: {0}")]
    TrustedProxies(#[from] TrustedProxiesError),
    /// Only half of what mail needs.
    #[error("PAINEL_SMTP_URL and PAINEL_MAIL_FROM belong together: set both for mail, none to go without")]
    HalfMail,
    /// Not a mail server, or not a sender.
    #[error(transparent)]
    Mail(#[from] MailConfigError),
}

impl Config {
    /// Reads the environment.
    ///
    /// # Errors
    /// The first setting that cannot be used.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::read(|name| std::env::var(name).ok().filter(|value| !value.trim().is_empty()))
    }

    fn read(get: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let address: SocketAddr = get("LEPTOS_SITE_ADDR")
            .unwrap_or_else(|| "127.0.0.1:3000".to_owned())
            .parse()
            .map_err(|_| ConfigError::Address)?;
        let base_url = match get("PAINEL_BASE_URL") {
            Some(text) => Url::parse(&text).ok().filter(is_origin).ok_or(ConfigError::BaseUrl)?,
            None => Url::parse(&format!("http://{address}")).map_err(|_| ConfigError::BaseUrl)?,
        };
        Ok(Self {
            database_url: get("PAINEL_DATABASE_URL").unwrap_or_else(|| "sqlite://data/painel.db".to_owned()),
            database_owner_url: get("PAINEL_DATABASE_OWNER_URL").map(SecretString::from),
            keyring: get("PAINEL_KEYRING").map_or_else(|| PathBuf::from("data/keyring.json"), PathBuf::from),
            base_url,
            egress_allow: get("PAINEL_EGRESS_ALLOW").unwrap_or_default(),
            bases: read_bases(&get)?,
            trusted_proxies: TrustedProxies::parse(&get("PAINEL_TRUSTED_PROXIES").unwrap_or_default())?,
            mail: match (get("PAINEL_SMTP_URL"), get("PAINEL_MAIL_FROM")) {
                (Some(url), Some(from)) => Some(MailConfig::parse(&url, &from)?),
                (None, None) => None,
                (Some(_), None) | (None, Some(_)) => return Err(ConfigError::HalfMail),
            },
            address,
            site_root: get("LEPTOS_SITE_ROOT").map_or_else(default_site_root, PathBuf::from),
            watched: get("LEPTOS_WATCH").is_some(),
        })
    }

    /// Whether browsers come over https.
    pub fn secure(&self) -> bool {
        self.base_url.scheme() == "https"
    }
}

fn read_bases(get: impl Fn(&str) -> Option<String>) -> Result<Bases, ConfigError> {
    let read = |name: &'static str, usual: Url| match get(name).map(|text| Url::parse(&text)) {
        None => Ok(usual),
        Some(Ok(url)) if matches!(url.scheme(), "http" | "https") && url.query().is_none() => Ok(url),
        Some(_) => Err(ConfigError::Provider(name)),
    };
    let Bases { meta_graph, google_auth, google_token, google_api, google_meet } = Bases::default();
    Ok(Bases {
        meta_graph: read("PAINEL_META_GRAPH_BASE", meta_graph)?,
        google_auth: read("PAINEL_GOOGLE_AUTH_BASE", google_auth)?,
        google_token: read("PAINEL_GOOGLE_TOKEN_URL", google_token)?,
        google_api: read("PAINEL_GOOGLE_API_BASE", google_api)?,
        google_meet: read("PAINEL_GOOGLE_MEET_BASE", google_meet)?,
    })
}

/// The site beside the binary (an installation) or one folder up (a build tree: `target/release/painel`, `target/site`).
fn default_site_root() -> PathBuf {
    let folder = std::env::current_exe().ok().and_then(|path| path.parent().map(PathBuf::from)).unwrap_or_default();
    let beside = folder.join("site");
    let above = folder.join("../site");
    if beside.is_dir() || !above.is_dir() { beside } else { above }
}

fn is_origin(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https") && url.has_host() && url.path() == "/" && url.query().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Config, ConfigError> {
        Config::read(|name| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn defaults_are_those_of_the_contract() {
        let config = read(&[]).expect("defaults are usable");
        assert_eq!(config.database_url, "sqlite://data/painel.db");
        assert_eq!(config.keyring, PathBuf::from("data/keyring.json"));
        assert_eq!(config.base_url.as_str(), "http://127.0.0.1:3000/");
        assert!(!config.secure());
        assert_eq!(config.trusted_proxies, TrustedProxies::default());
        assert!(config.mail.is_none());
        assert_eq!(config.bases.meta_graph.as_str(), "https://graph.facebook.com/v25.0");
    }

    #[test]
    fn providers_may_stand_elsewhere() {
        let config = read(&[("PAINEL_META_GRAPH_BASE", "http://127.0.0.1:4010/v25.0")]).expect("an address");
        assert_eq!(config.bases.meta_graph.as_str(), "http://127.0.0.1:4010/v25.0");
        let config = read(&[("PAINEL_GOOGLE_TOKEN_URL", "http://127.0.0.1:4011/token")]).expect("an address");
        assert_eq!(config.bases.google_token.as_str(), "http://127.0.0.1:4011/token");
        assert_eq!(config.bases.google_auth.as_str(), "https://accounts.google.com/");
        for odd in ["graph.facebook.com", "ftp://graph.facebook.com", "https://graph.facebook.com/?v=25.0"] {
            assert!(matches!(read(&[("PAINEL_META_GRAPH_BASE", odd)]), Err(ConfigError::Provider(_))), "for {odd}");
        }
    }

    #[test]
    fn odd_settings_are_named() {
        assert!(matches!(read(&[("LEPTOS_SITE_ADDR", "here")]), Err(ConfigError::Address)));
        for url in ["painel.example.com", "ftp://painel.example.com", "https://painel.example.com/app"] {
            assert!(matches!(read(&[("PAINEL_BASE_URL", url)]), Err(ConfigError::BaseUrl)), "for {url}");
        }
        assert!(read(&[("PAINEL_BASE_URL", "https://painel.example.com")]).expect("a base URL").secure());
    }

    #[test]
    fn proxies_are_read_and_named() {
        let config = read(&[("PAINEL_TRUSTED_PROXIES", "10.0.0.0/8, 127.0.0.1")]).expect("a list");
        assert_eq!(config.trusted_proxies, TrustedProxies::parse("10.0.0.0/8,127.0.0.1").expect("a list"));
        let error = read(&[("PAINEL_TRUSTED_PROXIES", "10.0.0.0/8, proxy")]).expect_err("no address");
        assert!(error.to_string().starts_with("PAINEL_TRUSTED_PROXIES: \"proxy\""), "{error}");
    }

    #[test]
    fn mail_is_all_or_nothing_and_prints_no_password() {
        let (url, from) =
            (("PAINEL_SMTP_URL", "smtps://ana:hunter2@mail.example.com"), ("PAINEL_MAIL_FROM", "a@b.example"));
        let config = read(&[url, from]).expect("a mail server");
        assert!(config.mail.is_some());
        assert!(!format!("{config:?}").contains("hunter2"));
        for half in [url, from] {
            assert!(matches!(read(&[half]), Err(ConfigError::HalfMail)));
        }
        let error = read(&[("PAINEL_SMTP_URL", "http://ana:hunter2@mail.example.com"), from]).expect_err("no mail");
        assert!(matches!(error, ConfigError::Mail(_)) && !error.to_string().contains("hunter2"));
    }
}
