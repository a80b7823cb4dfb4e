//! Argon2id: making and checking password hashes. Slow on purpose (tens of milliseconds and 19 MiB each): the server
//! calls it only through `gate.rs`; the command line may call it directly.

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{self, PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};
use secrecy::{ExposeSecret as _, SecretString};

/// OWASP's first choice for Argon2id: 19 MiB, two passes, one lane, 32 bytes out.
const M_COST_KIB: u32 = 19_456;
const T_COST: u32 = 2;
const P_COST: u32 = 1;
const SALT_LEN: usize = 16;
const OUTPUT_LEN: usize = 32;
/// A stored hash that asks for more memory than this is not one of ours; obeying it could exhaust the machine.
const MAX_M_COST_KIB: u32 = 256 * 1024;
const MAX_T_COST: u32 = 16;

/// What a check found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Not the password.
    Wrong,
    /// The password.
    Right,
    /// The password, under parameters of another time: hash it again and store that.
    RightButOld,
}

/// Why a hash could not be made or read. Never carries the password or the hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HashError {
    /// The stored text is no Argon2 PHC string that we would compute.
    #[error("the stored password hash is not readable")]
    Unreadable,
    /// No random salt, or no memory.
    #[error("the password could not be hashed")]
    Failed,
}

/// Hashes a password: Argon2id v19, m=19456, t=2, p=1, 16-byte random salt, as a PHC string.
///
/// # Errors
/// `Failed`.
pub fn hash(password: &SecretString) -> Result<String, HashError> {
    let mut salt = [0; SALT_LEN];
    getrandom::fill(&mut salt).map_err(|_| HashError::Failed)?;
    let params = Params::new(M_COST_KIB, T_COST, P_COST, Some(OUTPUT_LEN)).expect("constant parameters in range");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_with_salt(password.expose_secret().as_bytes(), &salt)
        .map(|hash| hash.to_string())
        .map_err(|_| HashError::Failed)
}

/// Compares a password with a stored PHC string, in the parameters of that string.
///
/// # Errors
/// `Unreadable` when the stored string is broken: an alarm, not a wrong password.
pub fn verify(stored: &str, password: &SecretString) -> Result<Verdict, HashError> {
    let stored = PasswordHash::new(stored).map_err(|_| HashError::Unreadable)?;
    let params = Params::try_from(&stored).map_err(|_| HashError::Unreadable)?;
    if params.m_cost() > MAX_M_COST_KIB || params.t_cost() > MAX_T_COST || stored.hash.is_none() {
        return Err(HashError::Unreadable);
    }
    match Argon2::default().verify_password(password.expose_secret().as_bytes(), &stored) {
        Ok(()) if is_current(&stored, &params) => Ok(Verdict::Right),
        Ok(()) => Ok(Verdict::RightButOld),
        Err(password_hash::Error::PasswordInvalid) => Ok(Verdict::Wrong),
        Err(_) => Err(HashError::Unreadable),
    }
}

fn is_current(stored: &PasswordHash, params: &Params) -> bool {
    stored.algorithm == Algorithm::Argon2id.ident()
        && stored.version == Some(Version::V0x13.into())
        && (params.m_cost(), params.t_cost(), params.p_cost()) == (M_COST_KIB, T_COST, P_COST)
        && stored.salt.as_ref().is_some_and(|salt| salt.len() >= SALT_LEN)
        && stored.hash.as_ref().is_some_and(|hash| hash.len() == OUTPUT_LEN)
}

#[cfg(test)]
mod tests {
    use super::{
        Algorithm, Argon2, HashError, Params, PasswordHash, SecretString, Verdict, Version, hash,
        password_hash::PasswordHasher as _, verify,
    };

    /// A hash under other parameters, as an older release or an import may have left it.
    fn old(password: &str, algorithm: Algorithm, m_cost: u32, salt: &[u8]) -> String {
        let argon2 = Argon2::new(algorithm, Version::V0x13, Params::new(m_cost, 2, 1, Some(32)).unwrap());
        argon2.hash_password_with_salt(password.as_bytes(), salt).unwrap().to_string()
    }

    #[test]
    fn hashes_with_the_parameters_we_promise() {
        let text = hash(&"correct horse battery".into()).unwrap();
        assert!(text.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{text}");
        let parsed = PasswordHash::new(&text).unwrap();
        assert_eq!(parsed.salt.unwrap().len(), 16);
        assert_eq!(parsed.hash.unwrap().len(), 32);
        assert_ne!(text, hash(&"correct horse battery".into()).unwrap(), "the salt is random");
        assert!(!text.contains("horse"));
    }

    #[test]
    fn tells_right_from_wrong_to_the_last_byte() {
        for password in ["correct horse battery", "naïve ☀ passphrase", "nul\0inside the password", &"x".repeat(1024)]
        {
            let stored = hash(&password.into()).unwrap();
            let check = |text: String| verify(&stored, &SecretString::from(text)).unwrap();
            assert_eq!(check(password.to_owned()), Verdict::Right);
            let shorter: String = password.chars().take(password.chars().count() - 1).collect();
            for other in
                [format!("{password} "), format!(" {password}"), format!("{password}\0"), shorter, String::new()]
            {
                assert_eq!(check(other), Verdict::Wrong);
            }
            assert_eq!(check(password.to_uppercase()), Verdict::Wrong);
        }
    }

    #[test]
    fn notices_old_parameters() {
        let check = |stored: &str, password: &str| verify(stored, &password.into());
        let weaker = old("the password", Algorithm::Argon2id, 8_192, &[1; 16]);
        assert_eq!(check(&weaker, "the password"), Ok(Verdict::RightButOld));
        assert_eq!(check(&weaker, "the passwort"), Ok(Verdict::Wrong));
        assert_eq!(check(&old("p", Algorithm::Argon2i, 19_456, &[1; 16]), "p"), Ok(Verdict::RightButOld));
        assert_eq!(check(&old("p", Algorithm::Argon2id, 19_456, &[1; 8]), "p"), Ok(Verdict::RightButOld));
        assert_eq!(check(&old("p", Algorithm::Argon2id, 19_456, &[1; 16]), "p"), Ok(Verdict::Right));
    }

    #[test]
    fn a_broken_hash_is_not_a_wrong_password() {
        let good = hash(&"the password".into()).unwrap();
        let hungry = good.replace("m=19456", "m=4194304");
        let no_hash = good.rsplit_once('$').unwrap().0.to_owned();
        let sha256 = "5e884898da28047151d0e56f8dc6292773603d0d6aabbd62a11ef721d1542d8".to_owned();
        for stored in [String::new(), "x".into(), sha256, "$argon2id$".into(), "$2b$12$abc".into(), hungry, no_hash] {
            assert_eq!(verify(&stored, &"the password".into()), Err(HashError::Unreadable), "{stored}");
        }
    }
}
