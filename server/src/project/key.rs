//! The key a project is read with, and the headers it makes.
//!
//! Whether a key may be used at all (never a secret or service-role one) is decided where it is saved. Here stands only
//! what sending it needs: that it fits into a header, and which of the two kinds it is.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use http::{HeaderMap, HeaderValue, header};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

/// A publishable key, or a legacy JWT with the role `anon`.
#[derive(Debug, Clone)]
pub struct ApiKey(SecretString);

/// The key is empty or holds something that no key has, such as a space, a line end or a letter with an accent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the key is empty or holds characters that no key has")]
pub struct BadKey;

impl ApiKey {
    /// Takes a key as it was saved.
    ///
    /// # Errors
    /// [`BadKey`] when it is empty or has anything but visible ASCII.
    pub fn new(key: SecretString) -> Result<Self, BadKey> {
        let text = key.expose_secret();
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(BadKey);
        }
        Ok(Self(key))
    }

    /// A legacy JWT goes into `Authorization` too; with a publishable key the gateway makes the JWT itself, and PostgREST
    /// would refuse the key in its place.
    fn is_jwt(&self) -> bool {
        let key = self.0.expose_secret();
        !key.starts_with("sb_") && key.split('.').count() == 3
    }

    /// Whether a legacy key says itself that its time is over. A gateway may answer to such a key as to an unknown one.
    pub(super) fn has_expired(&self, now: Timestamp) -> bool {
        #[derive(serde::Deserialize)]
        struct Claims {
            exp: i64,
        }
        let payload = self.0.expose_secret().split('.').nth(1).filter(|_| self.is_jwt());
        let claims = payload.and_then(|payload| BASE64_URL_SAFE_NO_PAD.decode(payload).ok());
        let claims = claims.and_then(|claims| serde_json::from_slice::<Claims>(&claims).ok());
        claims.is_some_and(|claims| claims.exp <= now.as_second())
    }

    /// Adds the headers that authenticate.
    pub(crate) fn put_into(&self, headers: &mut HeaderMap) {
        let key = self.0.expose_secret();
        headers.insert("apikey", sensitive(key));
        if self.is_jwt() {
            headers.insert(header::AUTHORIZATION, sensitive(&format!("Bearer {key}")));
        }
    }

    /// Adds the parameter that authenticates, for what looks for no header. The address is a secret from then on.
    pub(super) fn put_into_query(&self, url: &mut Url) {
        url.query_pairs_mut().append_pair("apikey", self.0.expose_secret());
    }
}

fn sensitive(text: &str) -> HeaderValue {
    let mut value = HeaderValue::from_str(text).expect("a key is visible ASCII");
    value.set_sensitive(true);
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(key: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        ApiKey::new(key.into()).unwrap().put_into(&mut headers);
        headers
    }

    #[test]
    fn a_publishable_key_stands_in_apikey_alone() {
        let headers = headers("sb_publishable_ACJWlzQHlZjBrEguHvfOxg_3BJgxAaH");
        assert_eq!(headers["apikey"], "sb_publishable_ACJWlzQHlZjBrEguHvfOxg_3BJgxAaH");
        assert_eq!(headers.len(), 1);
    }

    #[test]
    fn a_legacy_key_stands_in_both() {
        let headers = headers("eyJhbGciOiJIUzI1NiJ9.eyJyb2xlIjoiYW5vbiJ9.c2ln");
        assert_eq!(headers["authorization"], "Bearer eyJhbGciOiJIUzI1NiJ9.eyJyb2xlIjoiYW5vbiJ9.c2ln");
        assert_eq!(headers["apikey"], "eyJhbGciOiJIUzI1NiJ9.eyJyb2xlIjoiYW5vbiJ9.c2ln");
    }

    #[test]
    fn a_legacy_key_knows_its_end() {
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        for (claims, expired) in [
            (r#"{"role":"anon","exp":1799999999}"#, true),
            (r#"{"role":"anon","exp":1800000001}"#, false),
            (r#"{"role":"anon"}"#, false),
            ("rubbish", false),
        ] {
            let key = format!("e30.{}.c2ln", BASE64_URL_SAFE_NO_PAD.encode(claims));
            assert_eq!(ApiKey::new(key.into()).unwrap().has_expired(now), expired, "{claims}");
        }
        assert!(!ApiKey::new("sb_publishable_x".into()).unwrap().has_expired(now));
    }

    #[test]
    fn headers_and_debug_hide_the_key() {
        let headers = headers("a.canary.key");
        assert!(!format!("{headers:?}").contains("canary"));
        assert!(!format!("{:?}", ApiKey::new("a.canary.key".into())).contains("canary"));
    }

    #[test]
    fn what_does_not_fit_a_header_is_refused() {
        for key in ["", " ", "a b", "a\nb", "a\r\nX: y", "a\0b", "chave-é", "\u{feff}a", "a\t"] {
            assert!(ApiKey::new(key.into()).is_err(), "{key:?}");
        }
    }
}
