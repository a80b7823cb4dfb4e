//! Which projects sum up when they are asked to (`select=status,count()`): a setting that Supabase leaves off. It is found
//! out by asking when it is wanted, and known for an hour.

use super::error::ProjectError;
use moka::sync::Cache;
use std::time::Duration;
use uuid::Uuid;

/// How long it is known.
const LIFE: Duration = Duration::from_secs(3_600);
/// Tenants of which it is known.
const ROOM: u64 = 10_000;

/// By tenant and version of the credential. Cheap to clone; clones share it.
#[derive(Clone, Debug)]
pub struct AllowedSums(Cache<(Uuid, i64), bool>);

impl Default for AllowedSums {
    fn default() -> Self {
        Self(Cache::builder().max_capacity(ROOM).time_to_live(LIFE).build())
    }
}

impl AllowedSums {
    /// Whether it is worth asking.
    pub fn may(&self, tenant: Uuid, version: i64) -> bool {
        self.0.get(&(tenant, version)).unwrap_or(true)
    }

    /// What came of asking. `None`: the project refuses, or could not be asked.
    pub fn learn<T>(&self, tenant: Uuid, version: i64, asked: Result<Option<T>, ProjectError>) -> Option<T> {
        match asked {
            Ok(sums) => {
                if sums.is_some() {
                    self.0.insert((tenant, version), true);
                }
                sums
            }
            // PGRST123, or the words of a version that knows no sums.
            Err(ProjectError::Other(_)) => {
                self.0.insert((tenant, version), false);
                None
            }
            Err(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::StatusCode;

    #[test]
    fn a_refusal_is_remembered_for_its_tenant_and_credential_alone() {
        let (sums, one, two) = (AllowedSums::default(), Uuid::from_u128(1), Uuid::from_u128(2));
        assert!(sums.may(one, 1));
        assert_eq!(sums.learn::<()>(one, 1, Err(ProjectError::Slow)), None);
        assert!(sums.may(one, 1), "slow is no refusal");
        assert_eq!(sums.learn::<()>(one, 1, Err(ProjectError::Other(StatusCode::BAD_REQUEST))), None);
        assert_eq!([sums.may(one, 1), sums.may(one, 2), sums.may(two, 1)], [false, true, true]);
        assert_eq!(sums.learn(one, 1, Ok(Some(7))), Some(7));
        assert!(sums.may(one, 1));
    }
}
