//! A user's own account: password, second factor, sessions.

use super::{
    RequestBackend, failure, instant,
    session::{clear_site, own_calendar, read_secret, write_secret},
};
use crate::{
    auth::{TotpSecret, generate_recovery_codes, hash_of, hash_of_recovery_code, qr_path},
    store::Caller,
    vault::Purpose,
    web::session::{IDLE, MOST_SESSIONS},
    words,
};
use app::{
    error::{AppError, FieldError},
    lang::speak,
    security::{Enrolment, SecondFactor, SecurityBackend, SecurityView, SessionView},
    tr,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// What is drawn and sealed until the first code confirms it.
#[derive(Serialize, Deserialize, zeroize::Zeroize, zeroize::ZeroizeOnDrop)]
struct Drawn {
    secret: String,
    recovery: Vec<String>,
}

#[async_trait::async_trait]
impl SecurityBackend for RequestBackend {
    async fn read(&self) -> Result<SecurityView, AppError> {
        let caller = self.caller()?;
        let calendar = own_calendar(caller);
        let now = OffsetDateTime::now_utc();
        let (state, sessions) = futures::future::try_join(
            self.state.store.find_second_factor(caller.user),
            self.state.store.list_sessions(caller.user, now, IDLE, MOST_SESSIONS),
        )
        .await
        .map_err(failure::store)?;
        let state = state.ok_or(AppError::NotSignedIn)?;
        let second_factor = match (&state.factor.since, &state.factor.pending) {
            (Some(since), _) => SecondFactor::On {
                since: calendar.recently(instant(*since)),
                recovery_left: state.factor.recovery_left,
            },
            (None, Some(pending)) => SecondFactor::Enrolling(self.enrolment(caller, pending)?),
            (None, None) => SecondFactor::Off,
        };
        let here = self.session()?.id().map(|id| hash_of(&id.to_string()));
        let mut sessions: Vec<SessionView> = sessions
            .into_iter()
            .map(|session| SessionView {
                current: here.is_some_and(|here| here[..] == session.id_hash[..]),
                id: BASE64URL.encode(&session.id_hash),
                device: words::browser(&session.device).to_owned(),
                source: session.source,
                began: calendar.recently(instant(session.created_at)),
                last_seen: calendar.recently(instant(session.last_seen)),
            })
            .collect();
        sessions.sort_by_key(|session| !session.current);
        Ok(SecurityView {
            email: caller.email.as_str().to_owned(),
            password_changed: calendar.recently(instant(state.password_changed_at)),
            second_factor,
            second_factor_required: caller.second_factor_required,
            sessions,
        })
    }

    async fn change_password(&self, current: &str, password: &str) -> Result<(), AppError> {
        let caller = self.caller()?;
        let (login, _turn) = self.confirm(current).await?;
        self.check_new_password(password, &caller.email, &login.memberships, login.second_factor)?;
        let hash = self.hash(&caller.email, &SecretString::from(password.to_owned())).await?;
        let (now, act) = (OffsetDateTime::now_utc(), self.act());
        let store = &self.state.store;
        let changed = store.change_password(caller.user, &act, &login.password_hash, &hash, now).await;
        if !changed.map_err(failure::store)? {
            return Err(AppError::Conflict);
        }
        self.tell_password_changed(caller).await;
        self.come_back(caller).await
    }

    async fn begin_second_factor(&self, current: &str) -> Result<(), AppError> {
        let caller = self.caller()?;
        let (login, _turn) = self.confirm(current).await?;
        if login.second_factor {
            return Err(AppError::Conflict);
        }
        let random = |error: crate::auth::NoRandomness| failure::internal("second factor", &error);
        let secret = TotpSecret::generate().map_err(random)?;
        let recovery = generate_recovery_codes().map_err(random)?;
        let drawn = Drawn {
            secret: write_secret(&secret).expose_secret().to_owned(),
            recovery: recovery.iter().map(|code| code.expose_secret().to_owned()).collect(),
        };
        let text = serde_json::to_string(&drawn).map_err(|error| failure::internal("second factor", &error))?;
        let sealed = self
            .state
            .agency
            .seal(Purpose::Enrolment, caller.email.as_str(), &text.into())
            .map_err(|error| failure::internal("sealing a second factor", &error))?;
        let begun = self.state.store.begin_second_factor(caller.user, &sealed).await.map_err(failure::store)?;
        if begun { Ok(()) } else { Err(AppError::Conflict) }
    }

    async fn confirm_second_factor(&self, code: &str) -> Result<(), AppError> {
        let caller = self.caller()?;
        let now = OffsetDateTime::now_utc();
        let state = self.state.store.find_second_factor(caller.user).await.map_err(failure::store)?;
        let pending = state.and_then(|state| state.factor.pending).ok_or(AppError::Conflict)?;
        let (secret, drawn) = self.drawn(caller, &pending)?;
        let Some(step) = secret.check(code, None, now) else {
            let message = tr!(
                "O código não confere. Confira a hora do celular e use o código que aparece agora.",
                "The code does not match. Check the time on your phone and use the code that is shown now.",
            );
            return Err(AppError::Invalid(vec![FieldError::new("code", message)]));
        };
        let sealed = self
            .state
            .agency
            .seal(Purpose::SecondFactor, caller.email.as_str(), &write_secret(&secret))
            .map_err(|error| failure::internal("sealing a second factor", &error))?;
        let hashes: Vec<[u8; 32]> = drawn.recovery.iter().map(|code| hash_of_recovery_code(code)).collect();
        let act = self.act();
        let on = self.state.store.enable_second_factor(caller.user, &act, &sealed, &hashes, step, now).await;
        if !on.map_err(failure::store)? {
            return Err(AppError::Conflict);
        }
        self.come_back(caller).await
    }

    async fn remove_second_factor(&self, current: &str) -> Result<(), AppError> {
        let caller = self.caller()?;
        if caller.second_factor_required {
            return Err(AppError::NotAllowed);
        }
        let (_login, _turn) = self.confirm(current).await?;
        let (now, act) = (OffsetDateTime::now_utc(), self.act());
        self.state.store.disable_second_factor(caller.user, &act, now).await.map_err(failure::store)?;
        self.come_back(caller).await
    }

    async fn end_session(&self, id: &str) -> Result<(), AppError> {
        let caller = self.caller()?;
        let hash = BASE64URL.decode(id).map_err(|_| AppError::NotFound)?;
        let now = OffsetDateTime::now_utc();
        let ended = self.state.store.end_own_session(caller.user, &self.act(), &hash, now).await;
        if ended.map_err(failure::store)? { Ok(()) } else { Err(AppError::NotFound) }
    }

    async fn end_all_sessions(&self) -> Result<(), AppError> {
        let caller = self.caller()?;
        let now = OffsetDateTime::now_utc();
        self.state.store.end_own_sessions(caller.user, &self.act(), now).await.map_err(failure::store)?;
        clear_site();
        self.session()?.flush().await.map_err(failure::session)
    }
}

impl RequestBackend {
    /// The caller's own browser goes on under a new session where it was, after all their sessions were ended.
    async fn come_back(&self, caller: &Caller) -> Result<(), AppError> {
        let tenant = caller.visitor.as_ref().map(|visitor| visitor.scope.tenant());
        self.begin_session(caller.user, tenant).await
    }

    fn drawn(&self, caller: &Caller, pending: &[u8]) -> Result<(TotpSecret, Drawn), AppError> {
        let unreadable = |error: &dyn std::fmt::Display| failure::internal("second factor", error);
        let text = self
            .state
            .agency
            .open(Purpose::Enrolment, caller.email.as_str(), pending)
            .map_err(|error| unreadable(&error))?;
        let drawn: Drawn = serde_json::from_str(text.expose_secret()).map_err(|error| unreadable(&error))?;
        let secret = read_secret(&drawn.secret.clone().into()).ok_or_else(|| unreadable(&"not readable"))?;
        Ok((secret, drawn))
    }

    fn enrolment(&self, caller: &Caller, pending: &[u8]) -> Result<Enrolment, AppError> {
        let (secret, drawn) = self.drawn(caller, pending)?;
        let uri = secret.uri(caller.email.as_str());
        let (side, path) = uri.and_then(|uri| qr_path(uri.expose_secret())).unwrap_or_default();
        Ok(Enrolment {
            qr_side: u32::try_from(side).unwrap_or(0),
            qr_path: path,
            secret: secret.base32().expose_secret().to_owned(),
            recovery: drawn.recovery.clone(),
        })
    }

    /// A letter to the owner, so that a change they did not make does not go unnoticed.
    async fn tell_password_changed(&self, caller: &Caller) {
        if !self.state.mailer.is_on() {
            return;
        }
        let lang = self.language_of(&caller.email).await;
        let when = speak(lang, || own_calendar(caller).soon(jiff::Timestamp::now()).text);
        let link = format!("{}reset", self.state.base_url);
        let mailer = self.state.mailer.clone();
        match crate::mail::Letter::password_changed(lang, caller.email.as_str(), &when, &link) {
            Ok(letter) => drop(self.state.tasks.spawn(async move {
                if let Err(error) = mailer.send(letter).await {
                    tracing::warn!(%error, "a letter was not mailed");
                }
            })),
            Err(error) => tracing::warn!(%error, "a letter cannot be written"),
        }
    }
}
