//! The second factor: codes of an authenticator app (RFC 6238: SHA-1, 6 digits, 30 s), good for one step around now and
//! for one use. SHA-1 because many apps ignore any other choice; as an HMAC it is sound.
//!
//! The secret is kept sealed and the last step in its row, both by who calls; here is only the arithmetic.

use super::random::{NoRandomness, random};
use secrecy::SecretString;
use subtle::ConstantTimeEq as _;
use time::OffsetDateTime;
use totp_rs::{Algorithm, Builder, Totp};
use zeroize::Zeroizing;

/// What the app shows before the account.
const ISSUER: &str = "Painel";
const DIGITS: u8 = 6;
/// Seconds.
const STEP: u64 = 30;
/// Steps before and after now whose codes are taken: clocks differ, and people type slowly.
const SKEW: u64 = 1;
const BYTES: usize = 20;

/// The secret that one person's app and this server share: 160 bits. Wiped when dropped, and never printed.
pub struct TotpSecret(Zeroizing<[u8; BYTES]>);

impl TotpSecret {
    /// A new one.
    ///
    /// # Errors
    /// [`NoRandomness`].
    pub fn generate() -> Result<Self, NoRandomness> {
        random().map(Self)
    }

    /// One that was kept; `None` if it has not 20 bytes.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(|bytes: [u8; BYTES]| Self(Zeroizing::new(bytes)))
    }

    /// What to seal and keep.
    pub fn as_bytes(&self) -> &[u8] {
        &*self.0
    }

    /// The secret for typing into an app: 32 characters of base 32, in groups of four.
    pub fn base32(&self) -> SecretString {
        let plain = Zeroizing::new(self.totp("").secret().to_base32());
        let mut grouped = String::with_capacity(40);
        for (place, c) in plain.chars().enumerate() {
            if place > 0 && place % 4 == 0 {
                grouped.push(' ');
            }
            grouped.push(c);
        }
        grouped.into()
    }

    /// The `otpauth://` URI that an app reads from a QR code; `None` without an e-mail.
    pub fn uri(&self, email: &str) -> Option<SecretString> {
        // A colon would end the issuer.
        self.totp(&email.replace(':', "")).to_url().ok().map(SecretString::from)
    }

    /// The step whose code this is: now, one before or one after, and later than the last one used. Spaces do not
    /// matter. Whoever calls keeps the step with compare-and-set: of two requests with one code only one may win.
    pub fn check(&self, code: &str, last_step: Option<u64>, now: OffsetDateTime) -> Option<u64> {
        let code: Zeroizing<String> = Zeroizing::new(code.chars().filter(|c| !c.is_whitespace()).collect());
        let now = u64::try_from(now.unix_timestamp()).ok()? / STEP;
        let totp = self.totp("");
        let mut matched = None;
        // All three are computed and compared whatever matches, so that the time tells nothing.
        for step in now.saturating_sub(SKEW)..=now.saturating_add(SKEW) {
            let expected = Zeroizing::new(totp.generate(step.saturating_mul(STEP)).to_string());
            let same = bool::from(expected.as_bytes().ct_eq(code.as_bytes()));
            if same && last_step.is_none_or(|last| step > last) {
                matched = Some(step);
            }
        }
        matched
    }

    fn totp(&self, account: &str) -> Totp {
        Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(DIGITS)
            .with_step_duration(STEP)
            .with_secret(*self.0)
            .with_issuer(Some(ISSUER))
            .with_account_name(account)
            .build_noncompliant()
    }
}

impl std::fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TotpSecret(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::{OffsetDateTime, STEP, TotpSecret};
    use secrecy::ExposeSecret as _;
    use time::Duration as Span;

    fn at(seconds: i64) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(seconds).unwrap()
    }

    /// RFC 6238, appendix B, SHA-1; the last six of its eight digits.
    #[test]
    fn computes_the_codes_of_the_rfc() {
        let secret = TotpSecret::from_bytes(b"12345678901234567890").unwrap();
        let vectors = [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ];
        let right = vectors
            .iter()
            .filter(|(seconds, code)| {
                secret.check(code, None, at(*seconds)) == Some(u64::try_from(*seconds).unwrap() / STEP)
            })
            .count();
        eprintln!("totp: {right} of {} vectors of RFC 6238", vectors.len());
        assert_eq!(right, vectors.len());
    }

    /// The code of the step so many steps from `now`.
    fn code(secret: &TotpSecret, now: OffsetDateTime, steps: i64) -> String {
        let then = (now + Span::seconds(30) * i32::try_from(steps).unwrap()).unix_timestamp();
        secret.totp("").generate(u64::try_from(then).unwrap()).to_string()
    }

    #[test]
    fn takes_one_step_around_now_and_no_more() {
        let (mut near, mut far) = (0, 0);
        for trial in 0..50 {
            let secret = TotpSecret::generate().unwrap();
            let now = at(1_700_000_000 + trial * 7);
            let taken = |steps| secret.check(&code(&secret, now, steps), None, now).is_some();
            near += [-1, 0, 1].into_iter().filter(|&steps| taken(steps)).count();
            // One in a million codes two steps away is also a code of now.
            let is_a_near_one = |steps| (-1..=1).any(|near| code(&secret, now, near) == code(&secret, now, steps));
            far += [-2, 2].into_iter().filter(|&steps| !is_a_near_one(steps) && taken(steps)).count();
        }
        eprintln!("totp: {near} of 150 codes within one step taken, {far} of 100 codes two steps away");
        assert_eq!((near, far), (150, 0));
    }

    #[test]
    fn takes_each_step_once() {
        let mut replayed = 0;
        for trial in 0..100 {
            let secret = TotpSecret::generate().unwrap();
            let now = at(1_700_000_000 + trial * 11);
            let code = code(&secret, now, trial % 3 - 1);
            let step = secret.check(&code, None, now).unwrap();
            let again = [0, 1, 29].map(|later| secret.check(&code, Some(step), now + Span::seconds(later)));
            replayed += usize::from(again.iter().flatten().next().is_some());
        }
        eprintln!("totp: {replayed} of 100 replayed codes taken");
        assert_eq!(replayed, 0);
    }

    #[test]
    fn a_later_step_makes_earlier_ones_worthless() {
        let secret = TotpSecret::from_bytes(b"12345678901234567890").unwrap();
        let now = at(1_111_111_111);
        let step = |steps, last| secret.check(&code(&secret, now, steps), last, now);
        let this = step(0, None).unwrap();
        assert_eq!(step(-1, Some(this)), None);
        assert_eq!(step(1, Some(this)), Some(this + 1));
        assert_eq!(step(0, Some(this - 1)), Some(this));
        assert_eq!(step(0, Some(this + 1)), None);
    }

    #[test]
    fn reads_codes_as_people_type_them() {
        let secret = TotpSecret::from_bytes(b"12345678901234567890").unwrap();
        let check = |code: &str| secret.check(code, None, at(59)).is_some();
        for code in ["287082", "287 082", " 287082\n", "2 8 7 0 8 2", "287\u{a0}082"] {
            assert!(check(code), "{code:?}");
        }
        for code in ["", " ", "28708", "2870820", "0287082", "+287082", "-87082", "287-082", "２８７０８２", "94287082"]
        {
            assert!(!check(code), "{code:?}");
        }
    }

    #[test]
    fn the_ends_of_time_do_not_panic() {
        let secret = TotpSecret::from_bytes(b"12345678901234567890").unwrap();
        assert_eq!(secret.check("755224", None, at(0)), Some(0), "RFC 4226's first code");
        assert_eq!(secret.check("755224", None, at(-1)), None);
        assert_eq!(secret.check("000000", Some(u64::MAX), at(253_402_300_799)), None);
    }

    #[test]
    fn an_app_can_read_it() {
        let secret = TotpSecret::from_bytes(b"12345678901234567890").unwrap();
        assert_eq!(secret.base32().expose_secret(), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        assert_eq!(
            secret.uri("maria.souza@clinica-aurora.com.br").unwrap().expose_secret(),
            "otpauth://totp/Painel:maria.souza%40clinica-aurora.com.br?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Painel"
        );
        assert!(secret.uri("a:b&issuer=x@exemplo.com").unwrap().expose_secret().contains("Painel:ab%26issuer%3Dx%40"));
        assert!(secret.uri("").is_none());
    }

    #[test]
    fn is_kept_as_bytes_and_printed_never() {
        let secret = TotpSecret::generate().unwrap();
        assert_eq!(secret.as_bytes().len(), 20);
        let kept = TotpSecret::from_bytes(secret.as_bytes()).unwrap();
        assert_eq!(kept.as_bytes(), secret.as_bytes());
        assert_ne!(kept.as_bytes(), TotpSecret::generate().unwrap().as_bytes());
        assert!([0, 19, 21].iter().all(|&length| TotpSecret::from_bytes(&vec![0; length]).is_none()));
        assert_eq!(format!("{secret:?}"), "TotpSecret(..)");
    }
}
