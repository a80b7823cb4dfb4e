//! Random bytes for secrets, from the system and wiped after use. Nothing here falls back to a weaker source: without
//! randomness there is no secret.

use zeroize::Zeroizing;

/// The system gave no random bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the system gave no random bytes, so no secret could be made")]
pub struct NoRandomness;

/// `N` random bytes.
///
/// # Errors
/// [`NoRandomness`].
pub(super) fn random<const N: usize>() -> Result<Zeroizing<[u8; N]>, NoRandomness> {
    let mut bytes = Zeroizing::new([0; N]);
    getrandom::fill(&mut *bytes).map_err(|_| NoRandomness)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::random;

    #[test]
    fn is_never_the_same() {
        let (one, other) = (random::<32>().unwrap(), random::<32>().unwrap());
        assert_ne!(one, other);
        assert_ne!(*one, [0; 32]);
    }
}
