//! What is sealed opens at its own address, and nothing else does.

use crate::vault::{Address, KeyRing, MAX_PLAINTEXT, TenantKey, VaultError, WrappedKey};
use secrecy::{ExposeSecret as _, SecretString};
use std::sync::LazyLock;
use uuid::Uuid;

const TENANT: Uuid = Uuid::from_u128(0xa);
const ANOTHER: Uuid = Uuid::from_u128(0xb);

/// Keys of this run: what is said of them holds of any.
struct Keys {
    ring: KeyRing,
    wrapped: WrappedKey,
    own: TenantKey,
    /// The same bytes as another tenant's, so that it is the address that refuses and not the luck of another key.
    another: TenantKey,
}

static KEYS: LazyLock<Keys> = LazyLock::new(|| {
    let (ring, _) = KeyRing::generate("k1").expect("the system has random bytes");
    let (own, wrapped) = ring.create_tenant_key(TENANT, 1).expect("the system has random bytes");
    let another = own.of_another(ANOTHER);
    Keys { ring, wrapped, own, another }
});

/// Two bytes say where sealed bytes are damaged, one says how; then a line each for a provider, a field, another provider and
/// another field, and all the rest is the secret.
pub fn envelope(bytes: &[u8]) -> bool {
    let Keys { ring, wrapped, own, another } = &*KEYS;
    let nowhere = Address { tenant: TENANT, provider: "", field: "" };
    assert!(own.open(&nowhere, bytes).is_err(), "what nobody sealed opens");
    let [high, low, change, text @ ..] = bytes else { return false };
    let at = usize::from(u16::from_be_bytes([*high, *low]));
    let text = String::from_utf8_lossy(text);
    let mut lines = text.splitn(5, '\n');
    let [provider, field, other_provider, other_field, secret] =
        std::array::from_fn(|_| lines.next().unwrap_or_default());

    let address = Address { tenant: TENANT, provider, field };
    let sealed = match own.seal(&address, &SecretString::from(secret)) {
        Ok(sealed) => sealed,
        Err(error) => {
            assert!(secret.len() > MAX_PLAINTEXT && error == VaultError::TooLong(secret.len()), "{error}");
            return true;
        }
    };
    assert!(own.open(&address, &sealed).is_ok_and(|opened| opened.expose_secret() == secret), "it does not come back");

    for damaged in [damaged(&sealed, at, *change), sealed[..at % sealed.len()].to_vec(), longer(&sealed, *change)] {
        assert!(own.open(&address, &damaged).is_err(), "it opens although it is damaged");
    }
    let both = format!("{provider}{field}");
    for (provider, field) in
        [(other_provider, other_field), (field, provider), (both.as_str(), ""), ("", both.as_str()), (provider, field)]
    {
        let there = Address { tenant: TENANT, provider, field };
        assert_eq!(own.open(&there, &sealed).is_ok(), there == address, "{there:?} and {address:?}");
    }
    let theirs = Address { tenant: ANOTHER, ..address };
    assert_eq!(another.open(&theirs, &sealed).err(), Some(VaultError::Refused), "it opens for another tenant");
    assert_eq!(own.open(&theirs, &sealed).err(), Some(VaultError::OtherTenant));

    assert!(ring.open_tenant_key(TENANT, 1, wrapped).is_ok());
    let broken = WrappedKey { bytes: damaged(&wrapped.bytes, at, *change), ..wrapped.clone() };
    assert!(ring.open_tenant_key(TENANT, 1, &broken).is_err(), "a damaged key unwraps");
    for (tenant, version) in [(ANOTHER, 1), (TENANT, 2)] {
        assert!(ring.open_tenant_key(tenant, version, wrapped).is_err(), "a key unwraps in another's place");
    }
    true
}

/// The same with one byte that is another.
fn damaged(bytes: &[u8], at: usize, change: u8) -> Vec<u8> {
    let mut damaged = bytes.to_vec();
    damaged[at % bytes.len()] ^= change.max(1);
    damaged
}

/// The same with one more byte.
fn longer(bytes: &[u8], more: u8) -> Vec<u8> {
    [bytes, &[more]].concat()
}
