//! One person on their way to Google and back. What must come back is kept sealed in their session: the state says that the
//! answer belongs to the question, the verifier (PKCE) that whoever brings the code is who asked for it.

use super::{client::Client, scope};
use app::credentials::Provider;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use url::Url;
use uuid::Uuid;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// How long somebody may take on Google's pages.
const WITHIN: SignedDuration = SignedDuration::from_mins(10);

/// What was asked of Google, until the answer is here. Has no `Debug`: the verifier is a secret.
#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub struct Consent {
    state: String,
    verifier: String,
    /// Whose card it is for.
    #[zeroize(skip)]
    pub provider: Provider,
    /// Whether the other Google card has the same client: then one consent serves both.
    pub shared: bool,
    /// The card's version when it began.
    pub version: i64,
    #[zeroize(skip)]
    tenant: Uuid,
    #[zeroize(skip)]
    began: Timestamp,
}

impl Consent {
    /// A new one.
    ///
    /// # Errors
    /// When the system gives no random bytes.
    pub fn begin(
        provider: Provider,
        shared: bool,
        tenant: Uuid,
        version: i64,
        now: Timestamp,
    ) -> Result<Self, getrandom::Error> {
        Ok(Self { state: random()?, verifier: random()?, provider, shared, version, tenant, began: now })
    }

    /// Where the person is sent.
    pub fn url(&self, auth_base: &Url, client: &Client, redirect_uri: &str) -> Url {
        let mut url = under(auth_base, "o/oauth2/v2/auth");
        let sibling = self.provider.google_sibling().filter(|_| self.shared);
        url.query_pairs_mut()
            .append_pair("client_id", &client.id)
            .append_pair("redirect_uri", redirect_uri)
            .append_pair("response_type", "code")
            .append_pair("scope", &scope::asked([Some(self.provider), sibling].into_iter().flatten()))
            .append_pair("state", &self.state)
            .append_pair("access_type", "offline")
            // Without it Google gives no refresh token to who consented before.
            .append_pair("prompt", "consent")
            .append_pair("include_granted_scopes", "true")
            .append_pair("code_challenge", &URL_SAFE_NO_PAD.encode(Sha256::digest(self.verifier.as_bytes())))
            .append_pair("code_challenge_method", "S256");
        url
    }

    /// Whether an answer with this state, to this tenant, at this time, is the answer to it.
    pub fn is_answered_by(&self, state: &str, tenant: Uuid, now: Timestamp) -> bool {
        let same = bool::from(self.state.as_bytes().ct_eq(state.as_bytes()));
        same && self.tenant == tenant && self.is_open(now)
    }

    /// Whether there is still time.
    pub fn is_open(&self, now: Timestamp) -> bool {
        let age = now.duration_since(self.began);
        age >= SignedDuration::ZERO && age < WITHIN
    }

    /// What proves to the token endpoint that we are who asked.
    pub(super) fn verifier(&self) -> &str {
        &self.verifier
    }
}

/// Where Google sends people back to, as it must stand at Google's console.
pub fn redirect_uri(base_url: &Url) -> String {
    under(base_url, "oauth/google/callback").into()
}

/// A path below a base, whether the base ends with a slash or not.
pub(in crate::providers) fn under(base: &Url, path: &str) -> Url {
    let mut url = base.clone();
    url.set_path(&format!("{}/{path}", base.path().trim_end_matches('/')));
    url
}

/// 256 random bits in 43 characters.
fn random() -> Result<String, getrandom::Error> {
    let mut bytes = zeroize::Zeroizing::new([0; 32]);
    getrandom::fill(&mut *bytes)?;
    Ok(URL_SAFE_NO_PAD.encode(*bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::providers::testing::now;

    #[test]
    fn an_answer_is_for_one_question_one_tenant_and_ten_minutes() {
        let (tenant, other) = (Uuid::from_u128(7), Uuid::from_u128(8));
        let consent = Consent::begin(Provider::GoogleCalendar, false, tenant, 1, now()).unwrap();
        let state = consent.state.clone();
        let after = |minutes| now() + SignedDuration::from_mins(minutes);
        assert!(consent.is_answered_by(&state, tenant, now()) && consent.is_answered_by(&state, tenant, after(9)));
        assert!(!consent.is_answered_by(&state, tenant, after(10)), "too late");
        assert!(!consent.is_answered_by(&state, tenant, after(-1)), "before it began");
        assert!(!consent.is_answered_by(&state, other, now()), "another tenant");
        for wrong in ["", &state[1..], &format!("{state}x"), &state.to_uppercase()] {
            assert!(!consent.is_answered_by(wrong, tenant, now()), "{wrong:?}");
        }
        let second = Consent::begin(Provider::GoogleCalendar, false, tenant, 1, now()).unwrap();
        assert!(!second.is_answered_by(&state, tenant, now()) && second.verifier != consent.verifier);
        assert_eq!((state.len(), consent.verifier.len()), (43, 43));
    }

    #[test]
    fn the_way_to_google_is_whole() {
        let base = Url::parse("https://painel.example").unwrap();
        assert_eq!(redirect_uri(&base), "https://painel.example/oauth/google/callback");
        let client = Client { id: "1-a.apps.googleusercontent.com".to_owned(), secret: "GOCSPX-x".to_owned().into() };
        let consent = Consent::begin(Provider::GoogleMeet, true, Uuid::from_u128(7), 1, now()).unwrap();
        let auth = Url::parse("https://accounts.google.com").unwrap();
        let url = consent.url(&auth, &client, &redirect_uri(&base));
        assert!(url.as_str().starts_with("https://accounts.google.com/o/oauth2/v2/auth?client_id=1-a."));
        assert!(!url.as_str().contains("GOCSPX") && !url.as_str().contains(&consent.verifier));
        let scope = url.query_pairs().find(|(name, _)| name == "scope").unwrap().1.into_owned();
        assert!(scope.contains("calendar.events") && scope.contains("meetings.space.created"), "one consent for both");
        let alone = Consent::begin(Provider::GoogleMeet, false, Uuid::from_u128(7), 1, now()).unwrap();
        assert!(!alone.url(&auth, &client, "x").as_str().contains("calendar"), "no more than is needed");
    }
}
