//! Instants as both databases keep them: whole microseconds since 1970 UTC, in a 64-bit integer.
//!
//! Why not the databases' own types: SQLite has none, and its texts sort wrongly when their fractions differ in length;
//! Postgres rounds to microseconds. As integers they compare, sort and come back equal on both.

use time::OffsetDateTime;

/// An instant in a row; what is finer than a microsecond is cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, sqlx::Type)]
#[sqlx(transparent)]
pub(super) struct Micros(i64);

impl Micros {
    /// The number itself.
    pub(super) fn get(self) -> i64 {
        self.0
    }
}

impl From<OffsetDateTime> for Micros {
    fn from(instant: OffsetDateTime) -> Self {
        let micros = instant.unix_timestamp_nanos().div_euclid(1_000);
        // `time` ends at the year 9999, which is 2.5e17 µs; an i64 holds 9.2e18.
        Self(i64::try_from(micros).expect("the years of `time` fit into 64 bits of microseconds"))
    }
}

impl From<Micros> for OffsetDateTime {
    fn from(Micros(micros): Micros) -> Self {
        // Only a row changed by hand can lie beyond the year 9999; the nearest end is as good as any.
        Self::from_unix_timestamp_nanos(i128::from(micros) * 1_000).unwrap_or(if micros < 0 {
            time::PrimitiveDateTime::MIN.assume_utc()
        } else {
            time::PrimitiveDateTime::MAX.assume_utc()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Micros;
    use time::{OffsetDateTime, macros::datetime};

    #[test]
    fn microseconds_survive_and_finer_is_cut() {
        for (given, kept) in [
            (datetime!(2026-03-01 12:00:00.123456789 UTC), datetime!(2026-03-01 12:00:00.123456 UTC)),
            (datetime!(2026-03-01 09:00:00 -3), datetime!(2026-03-01 12:00:00 UTC)),
            (datetime!(1969-12-31 23:59:59.9999999 UTC), datetime!(1969-12-31 23:59:59.999999 UTC)),
            (datetime!(9999-12-31 23:59:59.999999 UTC), datetime!(9999-12-31 23:59:59.999999 UTC)),
        ] {
            assert_eq!(OffsetDateTime::from(Micros::from(given)), kept);
        }
        assert!(OffsetDateTime::from(Micros(i64::MAX)).year() == 9999);
        assert!(OffsetDateTime::from(Micros(i64::MIN)).year() == -9999);
    }
}
