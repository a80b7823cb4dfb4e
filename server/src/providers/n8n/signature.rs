//! The signature of an event: `X-Signature: t=<unix seconds>,v1=<hex HMAC-SHA256(secret, t + "." + body)>`. The time is
//! under it, so that an old call cannot be sent again: a workflow refuses what is older than five minutes.

use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

/// The value of `X-Signature` for a body sent at an instant.
pub fn sign(secret: &SecretString, at: Timestamp, body: &[u8]) -> String {
    let seconds = at.as_second();
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes()).expect("any length is a key");
    mac.update(format!("{seconds}.").as_bytes());
    mac.update(body);
    let hex: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("t={seconds},v1={hex}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Computed with OpenSSL: `printf '1767225600.{"a":1}' | openssl dgst -sha256 -hmac 0123456789abcdef`.
    #[test]
    fn is_what_others_compute() {
        let at = Timestamp::from_second(1_767_225_600).unwrap();
        let signed = sign(&"0123456789abcdef".into(), at, br#"{"a":1}"#);
        assert_eq!(signed, "t=1767225600,v1=539b0e21b535c5201ef7d1453c0a0de4ad132293226de9018be0cfbf0092faa6");
        assert_ne!(signed, sign(&"0123456789abcdeg".into(), at, br#"{"a":1}"#));
        assert_ne!(signed[13..], sign(&"0123456789abcdef".into(), at + jiff::Span::new().seconds(1), b"{}")[13..]);
    }
}
