//! Signing in and out, and choosing a tenant.

use super::{RequestBackend, agency_calendar, calendar, failure, health::trouble, instant};
use crate::{
    auth::{TotpSecret, hash_of_recovery_code},
    store::{Caller, Email, Event, EventKind, TenantStatus, UserId},
    vault::Purpose,
    web::{
        headers::CLEAR_SITE,
        session::{await_code, awaited},
    },
    words,
};
use app::{
    error::AppError,
    lang::Lang,
    session::{Entered, Glass, Hue, Place, SessionBackend, TenantView, Viewer},
    tr,
};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use secrecy::{ExposeSecret, SecretString};
use std::{sync::LazyLock, time::Duration};
use time::OffsetDateTime;
use tokio::time::{Instant, sleep_until};

/// From the checked password to the refusal. A known person's wrong password is written into a trail and a made-up one's
/// is not: what that takes lies within this time, and nobody sees from outside which of the two it was.
const REFUSED_AFTER: Duration = Duration::from_millis(40);
/// Who is looked for when what was typed is no address, so that it takes as long.
static NOBODY: LazyLock<Email> = LazyLock::new(|| "ninguem@painel.invalid".parse().expect("an address"));

#[async_trait::async_trait]
impl SessionBackend for RequestBackend {
    async fn log_in(&self, email: &str, password: &str) -> Result<Entered, AppError> {
        let address = email.parse::<Email>().ok();
        let find = async || {
            let login = self.find_enabled_login(address.as_ref().unwrap_or(&NOBODY)).await;
            login.map(|login| login.filter(|_| address.is_some()))
        };
        let attempt = self.begin_attempt(email, find().await?.as_ref()).await?;
        // Read again: the try before may have renewed the hash, or somebody may have disabled the user meanwhile.
        let login = find().await?;
        let password = SecretString::from(password.to_owned());
        let known = address.as_ref().zip(login.as_ref()).filter(|_| !attempt.is_crowded());
        let right = self.check_password(known, &password).await?;
        let checked = Instant::now();
        let (Some((address, login)), true) = (known, right) else {
            self.attempt_failed(&attempt, email, login.as_ref(), EventKind::SignInFailed).await?;
            sleep_until(checked + REFUSED_AFTER).await;
            return Err(AppError::SignInFailed);
        };
        if login.second_factor {
            // The failures stay counted: a right password must not buy endless guesses at the code.
            return self.await_code_of(login.user_id).await;
        }
        self.attempt_passed(&attempt).await?;
        self.enter(address, login).await
    }

    async fn log_in_code(&self, code: &str) -> Result<Entered, AppError> {
        let now = OffsetDateTime::now_utc();
        let user = awaited(self.session()?, now).await.map_err(failure::session)?;
        let user = user.ok_or(AppError::NotSignedIn)?;
        let login = self.state.store.find_login_of(user).await.map_err(failure::store)?;
        let (email, login) = login.filter(|(_, login)| !login.disabled).ok_or(AppError::NotSignedIn)?;
        let attempt = self.begin_attempt(email.as_str(), Some(&login)).await?.uncrowded()?;
        if !self.check_code(user, &email, code, now).await? {
            self.attempt_failed(&attempt, email.as_str(), Some(&login), EventKind::CodeRefused).await?;
            return Err(AppError::CodeRefused);
        }
        self.attempt_passed(&attempt).await?;
        self.enter(&email, &login).await
    }

    async fn log_out(&self) -> Result<(), AppError> {
        if let Some(caller) = &self.identity.caller {
            let tenant = caller.visitor.as_ref().map(|visitor| visitor.scope.tenant());
            let event = Event::new(EventKind::SignedOut, caller.email.as_str());
            let now = OffsetDateTime::now_utc();
            self.state.store.record_for_user(tenant, &self.act(), now, event).await.map_err(failure::store)?;
        }
        clear_site();
        match &self.session {
            Some(session) => session.flush().await.map_err(failure::session),
            None => Ok(()),
        }
    }

    async fn places(&self) -> Result<Vec<Place>, AppError> {
        let caller = self.caller()?;
        let current = caller.visitor.as_ref().map(|visitor| visitor.scope.tenant());
        let places = self.state.store.list_places(caller.user).await.map_err(failure::store)?;
        let mut places: Vec<Place> = places
            .into_iter()
            .map(|place| Place {
                slug: place.slug.as_str().to_owned(),
                hue: place.colour.unwrap_or_else(|| Hue::of_slug(place.slug.as_str())),
                initial: words::initial(&place.tenant_name),
                role: place.role,
                suspended: (place.status == TenantStatus::Suspended)
                    .then(|| place.suspended_reason.unwrap_or_default()),
                current: current == Some(place.tenant_id),
                name: place.tenant_name,
            })
            .collect();
        places.sort_by_cached_key(|place| place.name.to_lowercase());
        Ok(places)
    }

    async fn choose(&self, slug: &str) -> Result<(), AppError> {
        let caller = self.caller()?;
        let places = self.state.store.list_places(caller.user).await.map_err(failure::store)?;
        let place = places.into_iter().find(|place| place.slug.as_str() == slug).ok_or(AppError::NotFound)?;
        if place.status == TenantStatus::Suspended {
            return Err(AppError::Suspended { reason: place.suspended_reason.unwrap_or_default() });
        }
        self.renew_session(caller.user, Some(place.tenant_id)).await?;
        let event = Event::new(EventKind::SignedIn, &self.identity.origin.device);
        let now = OffsetDateTime::now_utc();
        let store = &self.state.store;
        store.record_for_user(Some(place.tenant_id), &self.act(), now, event).await.map_err(failure::store)
    }

    async fn set_language(&self, language: Lang) -> Result<(), AppError> {
        match &self.identity.caller {
            Some(caller) => self.state.store.set_language(caller.user, language).await.map_err(failure::store),
            None => Ok(()),
        }
    }

    fn viewer(&self) -> Result<Viewer, AppError> {
        let caller = self.identity.caller.as_ref().ok_or(AppError::NotSignedIn)?;
        Ok(Viewer {
            name: caller.name.clone(),
            tenant: tenant_view(caller),
            agency: caller.agency.as_ref().map(crate::store::AgencyScope::role),
            several: caller.places > u32::from(caller.visitor.as_ref().is_some_and(|visitor| !visitor.by_glass)),
            second_factor_due: caller.second_factor_due(),
        })
    }
}

fn tenant_view(caller: &Caller) -> Option<TenantView> {
    let visitor = caller.visitor.as_ref()?;
    let now = OffsetDateTime::now_utc();
    let glass = visitor.glass.as_ref().map(|glass| {
        let until = calendar(visitor).time(instant(glass.ends_at)).text;
        Glass {
            who: if glass.user == caller.user { String::new() } else { glass.who.clone() },
            until: tr!(format!("até {until}"), format!("until {until}")),
            reason: glass.reason.clone(),
        }
    });
    Some(TenantView {
        name: visitor.tenant_name.clone(),
        initial: words::initial(&visitor.tenant_name),
        hue: visitor.hue,
        role: visitor.role,
        glass,
        troubles: visitor.troubles.iter().filter_map(|standing| trouble(standing, &calendar(visitor), now)).collect(),
    })
}

impl RequestBackend {
    /// The first step is done; the second is asked for.
    pub(super) async fn await_code_of(&self, user: UserId) -> Result<Entered, AppError> {
        await_code(self.session()?, user, OffsetDateTime::now_utc()).await.map_err(failure::session)?;
        Ok(Entered::Code)
    }

    /// Checks a code of the authenticator or a recovery code; either is used up by it.
    async fn check_code(&self, user: UserId, email: &Email, code: &str, now: OffsetDateTime) -> Result<bool, AppError> {
        let store = &self.state.store;
        let Some(state) = store.find_second_factor(user).await.map_err(failure::store)? else { return Ok(false) };
        let Some(sealed) = state.factor.sealed else { return Ok(false) };
        let secret = self
            .state
            .agency
            .open(Purpose::SecondFactor, email.as_str(), &sealed)
            .map_err(|error| failure::internal("opening a second factor", &error))?;
        let secret = read_secret(&secret).ok_or_else(|| failure::internal("second factor", &"not readable"))?;
        let last_step = Some(state.factor.last_step).filter(|step| *step > 0);
        if let Some(step) = secret.check(code, last_step, now) {
            return store.use_step(user, step).await.map_err(failure::store);
        }
        let act = self.act_of(email.as_str());
        store.use_recovery_code(user, &act, &hash_of_recovery_code(code), now).await.map_err(failure::store)
    }
}

/// Has the browser drop what it keeps of this site.
pub(super) fn clear_site() {
    if let Some(response) = use_context::<ResponseOptions>() {
        let (name, value) = CLEAR_SITE;
        response.insert_header(name, value);
    }
}

/// A second factor's secret as it is sealed.
pub(super) fn write_secret(secret: &TotpSecret) -> SecretString {
    BASE64.encode(secret.as_bytes()).into()
}

pub(super) fn read_secret(text: &SecretString) -> Option<TotpSecret> {
    let bytes = zeroize::Zeroizing::new(BASE64.decode(text.expose_secret()).ok()?);
    TotpSecret::from_bytes(&bytes)
}

/// Where a login of this user may be shown: their tenant's zone, or the agency's.
pub(super) fn own_calendar(caller: &Caller) -> words::Calendar {
    caller.visitor.as_ref().map_or_else(agency_calendar, |visitor| calendar(visitor))
}
