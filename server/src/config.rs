//! The configuration: the only place that reads the environment.

use crate::{
    live::Pace,
    mail::{MailConfig, MailConfigError},
    providers::Bases,
    web::source::{TrustedProxies, TrustedProxiesError},
};
use app::backend::StatusWait;
use secrecy::SecretString;
use std::{net::SocketAddr, path::PathBuf, time::Duration};
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
    /// The folder with `pkg/`, the browser's part; none: what is inside this program, or beside it.
    pub site_root: Option<PathBuf>,
    /// Where `/metrics` is read; nowhere without it.
    pub metrics_address: Option<SocketAddr>,
    /// How long new connections are still taken after the end was asked for.
    pub stop_delay: Duration,
    /// How often projects are looked at for pages that are open: no setting, another one for tests.
    pub live: Pace,
    /// How long a page about one thing waits for its status: no setting either.
    pub status_wait: StatusWait,
    /// Whether `cargo leptos watch` runs this process and may replace the site under it.
    pub watched: bool,
}

/// In seconds; what is under way needs the rest of the time that an end may take.
const LONGEST_STOP_DELAY: u64 = 10;
/// In seconds.
const USUAL_STOP_DELAY: u64 = 2;

/// A setting that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// Not an address to listen on.
    #[error("LEPTOS_SITE_ADDR is not an address like 127.0.0.1:3000")]
    Address,
    /// Not an address either.
    #[error("PAINEL_METRICS_ADDR is not an address like 127.0.0.1:9464")]
    MetricsAddress,
    /// Not a short wait.
    #[error("PAINEL_STOP_DELAY is not a number of seconds from 0 to {}", LONGEST_STOP_DELAY)]
    StopDelay,
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
        let watched = get("LEPTOS_WATCH").is_some();
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
            site_root: get("LEPTOS_SITE_ROOT").map(PathBuf::from),
            metrics_address: get("PAINEL_METRICS_ADDR")
                .map(|text| text.parse().map_err(|_| ConfigError::MetricsAddress))
                .transpose()?,
            stop_delay: read_stop_delay(get("PAINEL_STOP_DELAY"), watched)?,
            live: Pace::default(),
            status_wait: StatusWait::default(),
            watched,
        })
    }

    /// Whether browsers come over https.
    pub fn secure(&self) -> bool {
        self.base_url.scheme() == "https"
    }
}

/// Whoever develops waits for the next build already.
fn read_stop_delay(text: Option<String>, watched: bool) -> Result<Duration, ConfigError> {
    let usual = if watched { 0 } else { USUAL_STOP_DELAY };
    let seconds = text.map_or(Ok(usual), |text| text.parse().map_err(|_| ConfigError::StopDelay))?;
    if seconds > LONGEST_STOP_DELAY { Err(ConfigError::StopDelay) } else { Ok(Duration::from_secs(seconds)) }
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
        assert!(config.mail.is_none() && config.site_root.is_none());
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
    fn running_is_set_and_named() {
        let config = read(&[]).expect("defaults are usable");
        assert_eq!((config.metrics_address, config.stop_delay), (None, Duration::from_secs(2)));
        assert_eq!(read(&[("LEPTOS_WATCH", "on")]).expect("a build at work").stop_delay, Duration::ZERO);
        let config = read(&[("PAINEL_METRICS_ADDR", "127.0.0.1:9464"), ("PAINEL_STOP_DELAY", "7")]).expect("both");
        assert_eq!(config.metrics_address, Some("127.0.0.1:9464".parse().expect("an address")));
        assert_eq!(config.stop_delay, Duration::from_secs(7));
        assert!(matches!(read(&[("PAINEL_METRICS_ADDR", "9464")]), Err(ConfigError::MetricsAddress)));
        for odd in ["11", "-1", "2s"] {
            let error = read(&[("PAINEL_STOP_DELAY", odd)]).expect_err("no short wait");
            assert!(matches!(error, ConfigError::StopDelay), "for {odd}: {error}");
        }
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
