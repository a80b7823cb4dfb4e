//! What a connection test tells: typed causes, each with what to do about it, in the tenant's words.
//!
//! Nothing of a provider's answer stands in a report except what its file lifts out on purpose (a number, a name, a state):
//! bodies of foreign services hold other people's secrets and addresses of their databases.

use app::lang::Both;

/// Where a connection stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// A test has just succeeded.
    Healthy,
    /// It answers, and something is missing.
    Degraded,
    /// The credential was good once and no longer is.
    Expired,
    /// No answer that says anything of the credential.
    Unreachable,
    /// Nobody could tell: nothing was asked, or the answer is not one that we know.
    Unknown,
}

/// Where on the way to a host a call failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The name has no address.
    Name,
    /// The host takes no connection.
    Connection,
    /// Its certificate is not good for that name, or it does not speak TLS.
    Tls,
    /// It did not answer in time.
    Time,
}

/// Why a test ended as it did. One list for all providers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// All is well.
    Works,
    /// The address is not one that Painel opens.
    BadAddress,
    /// The host was not reached.
    Unreachable(Place),
    /// The key, token or password is not accepted.
    BadCredential,
    /// It was accepted once; its time is over, or it was withdrawn.
    Expired,
    /// The credential is good and may not do what is needed.
    Forbidden,
    /// The credential may do more than Painel should be able to.
    TooPowerful,
    /// The named thing (table, number, instance, calendar, webhook) is not there.
    NotFound,
    /// The credential is good, and the session behind it has ended: somebody must connect again.
    Disconnected,
    /// The provider says that it works, and another witness says otherwise.
    Doubtful,
    /// Too many requests; worth asking again after so many seconds.
    RateLimited {
        /// Seconds, when the provider says it.
        retry_after: Option<u32>,
    },
    /// The provider itself has a fault or is switched off.
    ProviderDown,
    /// It works, with something to know.
    Notice,
    /// An answer that is not known.
    Unexpected,
}

impl Cause {
    /// Where one finding of this kind puts the connection.
    pub fn standing(self) -> Standing {
        match self {
            Self::Works | Self::Notice => Standing::Healthy,
            Self::Forbidden
            | Self::NotFound
            | Self::TooPowerful
            | Self::Doubtful
            | Self::Disconnected
            | Self::RateLimited { .. } => Standing::Degraded,
            Self::BadCredential | Self::Expired => Standing::Expired,
            Self::BadAddress | Self::Unreachable(_) | Self::ProviderDown => Standing::Unreachable,
            Self::Unexpected => Standing::Unknown,
        }
    }
}

/// One thing that a test found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Of which kind.
    pub cause: Cause,
    /// What was found, in a sentence.
    pub what: Both,
    /// What to do; empty when there is nothing to do.
    pub fix: Both,
    /// Text to copy where `fix` says: SQL, most often.
    pub paste: Option<String>,
}

impl Finding {
    /// A finding without text to copy.
    pub fn new(cause: Cause, what: Both, fix: Both) -> Self {
        Self { cause, what, fix, paste: None }
    }
}

/// Something worth showing that the test learnt: a display number, a version, an expiry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// What it is, in the language of whoever runs the test.
    pub label: &'static str,
    /// The value.
    pub value: String,
}

/// All that one test found; the worst first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// At least one.
    pub findings: Vec<Finding>,
    /// What was learnt besides.
    pub facts: Vec<Fact>,
}

impl Report {
    /// A report of one finding.
    pub fn one(finding: Finding) -> Self {
        Self { findings: vec![finding], facts: Vec::new() }
    }

    /// Where the connection stands: as its worst finding. A test that found nothing proves nothing.
    pub fn standing(&self) -> Standing {
        self.findings.iter().map(|finding| finding.cause.standing()).max().unwrap_or(Standing::Unknown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_finding_decides_and_none_is_not_green() {
        assert_eq!(Report::default().standing(), Standing::Unknown);
        let finding = |cause| Finding::new(cause, Both::default(), Both::default());
        let report =
            |causes: &[Cause]| Report { findings: causes.iter().copied().map(finding).collect(), facts: Vec::new() };
        assert_eq!(report(&[Cause::Works, Cause::Notice]).standing(), Standing::Healthy);
        assert_eq!(report(&[Cause::Works, Cause::NotFound]).standing(), Standing::Degraded);
        assert_eq!(report(&[Cause::NotFound, Cause::BadCredential]).standing(), Standing::Expired);
        assert_eq!(report(&[Cause::Unreachable(Place::Name)]).standing(), Standing::Unreachable);
    }
}
