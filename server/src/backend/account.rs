//! Accounts: stored hashes opened and sealed, passwords checked, and the step from a proven user to a session.

use super::{
    RequestBackend,
    attempt::{Attempt, trail_of},
    failure, label,
};
use crate::{
    auth::{self, NewPassword, Verdict, WeakPassword, hash_of},
    store::{Act, Email, Event, EventKind, Login, LoginMembership, TenantId, TenantStatus, UserId},
    vault::{AgencyKey, Purpose, VaultError},
    web::{device, session},
};
use app::{
    error::{AppError, FieldError},
    session::{Entered, LANGUAGE_COOKIE, have_kept},
    tr,
};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use secrecy::{ExposeSecret, SecretString};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// Before the base64 of a hash that is sealed with the agency's key: a copied database is then no use for guessing.
const SEALED: &str = "sealed:";
/// How long an imported password may go unused.
const OLD_SCHEME_FOR: Duration = Duration::days(90);

/// A password's hash as it is stored.
///
/// # Errors
/// `Random`.
pub fn seal_hash(key: &AgencyKey, email: &Email, hash: &str) -> Result<String, VaultError> {
    let sealed = key.seal(Purpose::Password, email.as_str(), &hash.to_owned().into())?;
    Ok(format!("{SEALED}{}", BASE64.encode(sealed)))
}

fn open_hash(key: &AgencyKey, email: &Email, stored: &str) -> Result<SecretString, VaultError> {
    match stored.strip_prefix(SEALED) {
        Some(sealed) => {
            let sealed = BASE64.decode(sealed).map_err(|_| VaultError::Malformed)?;
            key.open(Purpose::Password, email.as_str(), &sealed)
        }
        // Stored before hashes were sealed; sealed at the next sign-in.
        None => Ok(stored.to_owned().into()),
    }
}

impl RequestBackend {
    /// A user's login, unless they were disabled.
    ///
    /// # Errors
    /// `Internal`.
    pub(super) async fn find_enabled_login(&self, email: &Email) -> Result<Option<Login>, AppError> {
        let login = self.state.store.find_login(email).await.map_err(failure::store)?;
        Ok(login.filter(|login| !login.disabled))
    }

    /// Compares a password with a user's stored hash; an unknown user costs the same. A hash of older parameters, or one
    /// that is not sealed, is renewed.
    ///
    /// # Errors
    /// `TooMany`, `Internal`.
    pub(super) async fn check_password(
        &self,
        known: Option<(&Email, &Login)>,
        password: &SecretString,
    ) -> Result<bool, AppError> {
        let hash = known
            .map(|(email, login)| open_hash(&self.state.agency, email, &login.password_hash))
            .transpose()
            .map_err(|error| failure::internal("opening a password hash", &error))?;
        let old_scheme = hash.as_ref().is_some_and(|hash| !hash.expose_secret().starts_with("$argon2"));
        let hash = hash.map(|hash| hash.expose_secret().to_owned());
        let verdict = self.state.gate.verify(hash, password.clone()).await.map_err(failure::gate)?;
        let (Some((email, login)), Verdict::Right | Verdict::RightButOld) = (known, verdict) else {
            return Ok(false);
        };
        if old_scheme && OffsetDateTime::now_utc() - login.password_changed_at > OLD_SCHEME_FOR {
            tracing::info!(user = %login.user_id, "an imported password was not used in time: it must be set anew");
            return Ok(false);
        }
        if verdict == Verdict::RightButOld || !login.password_hash.starts_with(SEALED) {
            let renewed = self.hash(email, password).await?;
            let store = &self.state.store;
            // Unless it was changed meanwhile: then the newer one stands.
            store.replace_password_hash(login.user_id, &login.password_hash, &renewed).await.map_err(failure::store)?;
            tracing::info!(user = %login.user_id, "a password was hashed anew");
        }
        Ok(true)
    }

    /// A new password's hash, sealed.
    ///
    /// # Errors
    /// `TooMany`, `Internal`.
    pub(super) async fn hash(&self, email: &Email, password: &SecretString) -> Result<String, AppError> {
        let hash = self.state.gate.hash(password.clone()).await.map_err(failure::gate)?;
        seal_hash(&self.state.agency, email, &hash)
            .map_err(|error| failure::internal("sealing a password hash", &error))
    }

    /// Checks the caller's own password, counted like signing in. Gives the login and the leave it was tried under.
    ///
    /// # Errors
    /// `Invalid` at `current`, `Throttled`, `TooMany`.
    pub(super) async fn confirm(&self, current: &str) -> Result<(Login, Attempt), AppError> {
        let caller = self.caller()?;
        let find = async || self.find_enabled_login(&caller.email).await?.ok_or(AppError::NotSignedIn);
        let attempt = self.begin_attempt(caller.email.as_str(), Some(&find().await?)).await?.uncrowded()?;
        let login = find().await?;
        let password = SecretString::from(current.to_owned());
        if !self.check_password(Some((&caller.email, &login)), &password).await? {
            self.attempt_failed(&attempt, caller.email.as_str(), Some(&login), EventKind::SignInFailed).await?;
            let message = tr!("A senha atual não é esta.", "This is not the current password.");
            return Err(AppError::Invalid(vec![FieldError::new("current", message)]));
        }
        self.attempt_passed(&attempt).await?;
        // Renewed perhaps: what is compared later must be what is stored now.
        Ok((find().await?, attempt))
    }

    /// Refuses a new password that is too easy to guess.
    ///
    /// # Errors
    /// `Invalid` at `password`.
    pub(super) fn check_new_password(
        &self,
        password: &str,
        email: &Email,
        places: &[LoginMembership],
        second_factor: bool,
    ) -> Result<(), AppError> {
        let words: Vec<&str> =
            places.iter().flat_map(|place| [place.tenant_name.as_str(), place.slug.as_str()]).collect();
        self.check_new_password_with(password, email, &words, second_factor)
    }

    /// The same with the words of a place that the user does not have yet.
    ///
    /// # Errors
    /// `Invalid` at `password`.
    pub(super) fn check_new_password_with(
        &self,
        password: &str,
        email: &Email,
        tenant_words: &[&str],
        second_factor: bool,
    ) -> Result<(), AppError> {
        let context = NewPassword { email: email.as_str(), tenant_words, second_factor };
        auth::check_new_password(password, &context)
            .map_err(|weak: WeakPassword| AppError::Invalid(vec![FieldError::new("password", weak.in_words())]))
    }

    /// Signs a proven user in: into the only tenant, to the console, or to the chooser.
    ///
    /// # Errors
    /// `Suspended` when there is nowhere else to go, `NotAllowed` without any place, `Internal`.
    pub(super) async fn enter(&self, email: &Email, login: &Login) -> Result<Entered, AppError> {
        let active: Vec<&LoginMembership> =
            login.memberships.iter().filter(|place| place.status == TenantStatus::Active).collect();
        let (tenant, entered) = match (login.agency, active.as_slice()) {
            (Some(_), _) => (None, Entered::Console),
            (None, [only]) => (Some(only.tenant_id), Entered::Tenant),
            (None, [_, ..]) => (None, Entered::Choose),
            (None, []) => {
                return Err(match login.memberships.first() {
                    Some(place) => AppError::Suspended { reason: place.suspended_reason.clone().unwrap_or_default() },
                    None => AppError::NotAllowed,
                });
            }
        };
        let (now, origin) = (OffsetDateTime::now_utc(), &self.identity.origin);
        self.write_session(login.user_id, tenant, Some(now)).await?;
        let who = label(&login.name, email.as_str());
        let act = Act::of_user(login.user_id, &who, origin.source, &origin.request_id);
        let event = Event::new(EventKind::SignedIn, &origin.device);
        let recorded =
            self.state.store.record_login(login.user_id, trail_of(login), &act, now, event, session::MOST_SESSIONS);
        recorded.await.map_err(failure::store)?;
        if let Some(response) = use_context::<ResponseOptions>() {
            let mark = device::mark(&self.state.device_key, email.as_str(), login.password_changed_at);
            response.append_header(http::header::SET_COOKIE, device::set_cookie(self.state.secure(), &mark));
        }
        if let Some(language) = login.language {
            have_kept(LANGUAGE_COOKIE, language.as_str());
        }
        tracing::info!(user = %login.user_id, "signed in");
        Ok(entered)
    }

    /// A new session of the user, with a new id; the oldest beyond ten end.
    ///
    /// # Errors
    /// `Internal`.
    pub(super) async fn begin_session(&self, user: UserId, tenant: Option<TenantId>) -> Result<(), AppError> {
        let now = OffsetDateTime::now_utc();
        self.write_session(user, tenant, Some(now)).await?;
        let store = &self.state.store;
        store.end_sessions_beyond(user, session::MOST_SESSIONS, now).await.map(drop).map_err(failure::store)
    }

    /// A new session in place of the caller's present one, as fresh as that. See [`Self::replace_session`].
    ///
    /// # Errors
    /// `NotSignedIn` when the present session has ended, `Internal`.
    pub(super) async fn renew_session(&self, user: UserId, tenant: Option<TenantId>) -> Result<(), AppError> {
        let confirmed = self.confirmed().await?;
        self.replace_session(user, tenant, confirmed).await
    }

    /// Whether what asks for a fresh password would ask now.
    ///
    /// # Errors
    /// `Internal`.
    pub(super) async fn confirm_due(&self) -> Result<bool, AppError> {
        Ok(!session::is_fresh(self.confirmed().await?, OffsetDateTime::now_utc()))
    }

    /// Goes on only when the caller typed their password within the last five minutes; one that is given now counts, and
    /// the session goes on under a new id.
    ///
    /// # Errors
    /// `ConfirmDue`, `Invalid` at `current`, `Throttled`, `TooMany`.
    pub(super) async fn confirm_lately(&self, current: &str) -> Result<(), AppError> {
        if current.is_empty() {
            return if self.confirm_due().await? { Err(AppError::ConfirmDue) } else { Ok(()) };
        }
        self.confirm(current).await?;
        let caller = self.caller()?;
        let tenant = caller.visitor.as_ref().map(|visitor| visitor.scope.tenant());
        self.replace_session(caller.user, tenant, Some(OffsetDateTime::now_utc())).await
    }

    async fn confirmed(&self) -> Result<Option<OffsetDateTime>, AppError> {
        session::confirmed(self.session()?).await.map_err(failure::session)
    }

    /// A new session in place of the caller's present one, on its strength alone. If that one ends meanwhile, by
    /// whatever ends it, the new one ends with it: a request under way must not outlive "sign out everywhere".
    ///
    /// # Errors
    /// `NotSignedIn` when the present session has ended, `Internal`.
    async fn replace_session(
        &self,
        user: UserId,
        tenant: Option<TenantId>,
        confirmed: Option<OffsetDateTime>,
    ) -> Result<(), AppError> {
        let session = self.session()?;
        let present = session.id().ok_or(AppError::NotSignedIn)?;
        let store = &self.state.store;
        let aside = hash_of(&Uuid::new_v4().to_string());
        if !store.set_session_aside(&hash_of(&present.to_string()), &aside).await.map_err(failure::store)? {
            return Err(AppError::NotSignedIn);
        }
        self.write_session(user, tenant, confirmed).await?;
        if store.end_session_aside(&aside, OffsetDateTime::now_utc()).await.map_err(failure::store)? {
            return Ok(());
        }
        session.flush().await.map_err(failure::session)?;
        Err(AppError::NotSignedIn)
    }

    async fn write_session(
        &self,
        user: UserId,
        tenant: Option<TenantId>,
        confirmed: Option<OffsetDateTime>,
    ) -> Result<(), AppError> {
        session::begin(self.session()?, user, tenant, &self.identity.origin, confirmed).await.map_err(failure::session)
    }
}
