//! The mark of a device on which an account was used before. It is worth nothing for signing in; it only gives its owner a
//! budget of tries of their own, so that a stranger's guesses cannot lock them out. It is bound to the account and to its
//! present password: whoever changes the password makes all devices strangers.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL};
use hmac::{Hmac, KeyInit, Mac};
use http::HeaderValue;
use sha2::Sha256;
use subtle::ConstantTimeEq;
use time::OffsetDateTime;

/// How long a browser keeps the mark, in seconds.
const KEPT: u32 = 180 * 24 * 3600;

/// The mark of one account, as a cookie's value.
pub fn mark(key: &[u8; 32], email: &str, password_changed_at: OffsetDateTime) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes any key");
    mac.update(email.as_bytes());
    mac.update(&[0]);
    mac.update(&password_changed_at.unix_timestamp_nanos().to_be_bytes());
    BASE64URL.encode(mac.finalize().into_bytes())
}

/// Whether a browser's cookie is that mark.
pub fn is_known(cookie: Option<&str>, mark: &str) -> bool {
    cookie.is_some_and(|cookie| bool::from(cookie.as_bytes().ct_eq(mark.as_bytes())))
}

/// The cookie's name.
pub fn cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-painel-device" } else { "painel-device" }
}

/// The header that sets the cookie.
pub fn set_cookie(secure: bool, mark: &str) -> HeaderValue {
    let name = cookie_name(secure);
    let guard = if secure { "; Secure" } else { "" };
    HeaderValue::from_str(&format!("{name}={mark}; Path=/; Max-Age={KEPT}; HttpOnly; SameSite=Lax{guard}"))
        .expect("a mark is base64url")
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::Duration;

    #[test]
    fn a_mark_is_of_one_account_and_one_password() {
        let (key, at) = ([1; 32], OffsetDateTime::UNIX_EPOCH);
        let of_ana = mark(&key, "ana@demo.localhost", at);
        assert!(is_known(Some(&of_ana), &mark(&key, "ana@demo.localhost", at)));
        for other in [
            mark(&key, "bia@demo.localhost", at),
            mark(&key, "ana@demo.localhost", at + Duration::SECOND),
            mark(&[2; 32], "ana@demo.localhost", at),
        ] {
            assert!(!is_known(Some(&of_ana), &other));
        }
        assert!(!is_known(None, &of_ana));
    }
}
