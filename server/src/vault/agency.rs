//! The agency's own key: it seals what is no tenant's but must not lie open in the database (second factors, password
//! hashes, the root of the keys below), in the same envelope as a tenant's key. It is the key of the nil tenant, so that
//! nothing sealed by it can ever be taken for a tenant's.

use super::{
    error::VaultError,
    ring::KeyRing,
    tenant_key::{Address, TenantKey, WrappedKey},
};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use hkdf::Hkdf;
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;
use uuid::Uuid;
use zeroize::Zeroizing;

/// What a sealed value is for: a place of the agency's as provider and field are a tenant's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A user's password hash.
    Password,
    /// A user's second factor, in force.
    SecondFactor,
    /// One that is being set up.
    Enrolment,
    /// A link shown once, on its way through a session.
    Flash,
    /// A secret of the installation.
    Secret,
}

impl Purpose {
    fn word(self) -> &'static str {
        match self {
            Self::Password => "agency.password",
            Self::SecondFactor => "agency.second-factor",
            Self::Enrolment => "agency.enrolment",
            Self::Flash => "agency.flash",
            Self::Secret => "agency.secret",
        }
    }
}

/// The agency's key, ready for use.
#[derive(Debug)]
pub struct AgencyKey(TenantKey);

impl AgencyKey {
    /// Seals a text for a purpose and for whom it is: a user's e-mail, a secret's name.
    ///
    /// # Errors
    /// `TooLong`, `Random`.
    pub fn seal(&self, purpose: Purpose, whose: &str, secret: &SecretString) -> Result<Vec<u8>, VaultError> {
        self.0.seal(&address(purpose, whose), secret)
    }

    /// Opens it again.
    ///
    /// # Errors
    /// As of [`TenantKey::open`].
    pub fn open(&self, purpose: Purpose, whose: &str, sealed: &[u8]) -> Result<SecretString, VaultError> {
        self.0.open(&address(purpose, whose), sealed)
    }
}

fn address(purpose: Purpose, whose: &str) -> Address<'_> {
    Address { tenant: Uuid::nil(), provider: purpose.word(), field: whose }
}

/// 32 random bytes from which the installation's further keys are derived, each for one use.
pub struct RootSecret(Zeroizing<[u8; 32]>);

impl RootSecret {
    /// A new one.
    ///
    /// # Errors
    /// `Random`.
    pub fn generate() -> Result<Self, VaultError> {
        let mut bytes = Zeroizing::new([0; 32]);
        getrandom::fill(&mut *bytes).map_err(|_| VaultError::Random)?;
        Ok(Self(bytes))
    }

    /// To be sealed.
    pub fn to_text(&self) -> SecretString {
        BASE64.encode(self.0.as_slice()).into()
    }

    /// From what was sealed.
    ///
    /// # Errors
    /// `Malformed`.
    pub fn from_text(text: &SecretString) -> Result<Self, VaultError> {
        let bytes = Zeroizing::new(BASE64.decode(text.expose_secret()).map_err(|_| VaultError::Malformed)?);
        let bytes = <[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| VaultError::Malformed)?;
        Ok(Self(Zeroizing::new(bytes)))
    }

    /// The key for one use (HKDF-SHA256).
    pub fn derive(&self, label: &str) -> [u8; 32] {
        let mut key = [0; 32];
        Hkdf::<Sha256>::new(None, self.0.as_slice())
            .expand(label.as_bytes(), &mut key)
            .expect("32 bytes are far below HKDF's limit");
        key
    }
}

impl std::fmt::Debug for RootSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RootSecret")
    }
}

impl KeyRing {
    /// A new random key for the agency, and its wrapped form to store.
    ///
    /// # Errors
    /// `Random`.
    pub fn create_agency_key(&self, version: u32) -> Result<(AgencyKey, WrappedKey), VaultError> {
        let (key, wrapped) = self.create_tenant_key(Uuid::nil(), version)?;
        Ok((AgencyKey(key), wrapped))
    }

    /// Unwraps the agency's stored key.
    ///
    /// # Errors
    /// As of [`KeyRing::open_tenant_key`].
    pub fn open_agency_key(&self, version: u32, wrapped: &WrappedKey) -> Result<AgencyKey, VaultError> {
        self.open_tenant_key(Uuid::nil(), version, wrapped).map(AgencyKey)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_value_opens_for_its_purpose_and_its_owner_alone() {
        let (ring, _) = KeyRing::generate("k1").unwrap();
        let (key, wrapped) = ring.create_agency_key(1).unwrap();
        let sealed = key.seal(Purpose::Password, "ana@demo.localhost", &"a hash".to_owned().into()).unwrap();
        let again = ring.open_agency_key(1, &wrapped).unwrap();
        let opened = again.open(Purpose::Password, "ana@demo.localhost", &sealed).unwrap();
        assert_eq!(opened.expose_secret(), "a hash");
        assert!(again.open(Purpose::SecondFactor, "ana@demo.localhost", &sealed).is_err());
        assert!(again.open(Purpose::Password, "bia@demo.localhost", &sealed).is_err());
        let (other, _) = ring.create_agency_key(1).unwrap();
        assert!(other.open(Purpose::Password, "ana@demo.localhost", &sealed).is_err());
    }

    #[test]
    fn each_use_has_a_key_of_its_own_and_keeps_it() {
        let root = RootSecret::generate().unwrap();
        let again = RootSecret::from_text(&root.to_text()).unwrap();
        assert_eq!(root.derive("audit"), again.derive("audit"));
        assert_ne!(root.derive("audit"), root.derive("locks"));
        assert!(RootSecret::from_text(&"c2hvcnQ=".to_owned().into()).is_err());
    }
}
