//! Single-use links as their pages need them: what they are for, accepting an invitation, setting a new password.

use super::{
    RequestBackend, agency_calendar, failure, instant,
    letters::{make_link, role_in_words},
    typed_line,
};
use crate::{
    auth::LinkToken,
    store::{Email, EventKind, Link, LinkPurpose as Purpose, Placed, StoreError},
};
use app::{
    error::{AppError, FieldError},
    lang::lang,
    links::{LinkPurpose, LinkView, LinksBackend},
    session::Entered,
    tr,
};
use secrecy::{ExposeSecret, SecretString};
use time::{Duration, OffsetDateTime};

/// How long the next letter waits after one.
const RESET_PAUSE: Duration = Duration::minutes(5);
/// Longest name of a person, in characters.
const LONGEST_NAME: usize = 120;

/// The agency as an invitation names it.
pub(super) fn the_agency() -> &'static str {
    tr!("a agência", "the agency")
}

#[async_trait::async_trait]
impl LinksBackend for RequestBackend {
    async fn look(&self, token: &str) -> Result<LinkView, AppError> {
        let link = self.find(token).await?;
        let purpose = match link.purpose {
            Purpose::Reset { .. } => LinkPurpose::Reset,
            Purpose::Invite { .. } | Purpose::Staff { .. } => LinkPurpose::Invitation {
                place: link.tenant_name.clone().unwrap_or_else(|| the_agency().to_owned()),
                role: role_in_words(link.purpose),
                by: link.created_by_name.clone().unwrap_or_default(),
                has_account: link.user.is_some(),
            },
        };
        let expires = agency_calendar().soon(instant(link.expires_at));
        Ok(LinkView { purpose, email: link.email.as_str().to_owned(), expires })
    }

    async fn accept(&self, token: &str, name: &str, password: &str) -> Result<Entered, AppError> {
        let link = self.find(token).await?;
        if matches!(link.purpose, Purpose::Reset { .. }) {
            return Err(AppError::Gone);
        }
        let email = &link.email;
        let password = SecretString::from(password.to_owned());
        let placed = match link.user {
            Some(user) => {
                // Whoever holds the link is not by that the owner of the account: only its password shows it.
                let login = self.find_enabled_login(email).await?;
                let attempt = self.begin_attempt(email.as_str(), login.as_ref()).await?.uncrowded()?;
                let login = self.find_enabled_login(email).await?;
                let known = login.as_ref().map(|login| (email, login));
                if !self.check_password(known, &password).await? {
                    let kind = EventKind::SignInFailed;
                    self.attempt_failed(&attempt, email.as_str(), login.as_ref(), kind).await?;
                    return Err(AppError::Invalid(vec![FieldError::new(
                        "password",
                        tr!("A senha desta conta não é esta.", "This is not the password of this account."),
                    )]));
                }
                if login.as_ref().is_some_and(|login| !login.second_factor) {
                    self.attempt_passed(&attempt).await?;
                }
                Placed::Known(user)
            }
            None => {
                let name = typed_line(name);
                if name.is_empty() || name.chars().count() > LONGEST_NAME {
                    let message = tr!(
                        "Escreva o seu nome, com até 120 caracteres.",
                        "Write your name, in up to 120 characters.",
                    );
                    return Err(AppError::Invalid(vec![FieldError::new("name", message)]));
                }
                let place: Vec<&str> = link.tenant_name.as_deref().into_iter().collect();
                self.check_new_password_with(password.expose_secret(), email, &place, false)?;
                Placed::New { name, password_hash: self.hash(email, &password).await? }
            }
        };
        let now = OffsetDateTime::now_utc();
        let act = self.act_of(email.as_str());
        match self.state.store.accept_invitation(&link, &act, placed, now).await {
            Ok(Some(_)) => {}
            Ok(None) | Err(StoreError::EmailTaken | StoreError::AlreadyMember) => return Err(AppError::Gone),
            Err(error) => return Err(failure::store(error)),
        }
        let login = self.state.store.find_login(email).await.map_err(failure::store)?;
        let login = login.ok_or(AppError::Gone)?;
        if login.second_factor {
            // The place is theirs; going in takes both steps as always.
            return self.await_code_of(login.user_id).await;
        }
        self.enter(email, &login).await
    }

    async fn request_reset(&self, email: &str) -> Result<(), AppError> {
        let source = self.identity.origin.source;
        self.state.may_guess(source, &[]).await.map_err(failure::not_now)?;
        // Every request counts: this form makes Painel send mail.
        self.state.count_wrong(source, &[]).await.map_err(failure::store)?;
        let Ok(email) = email.parse::<Email>() else { return Ok(()) };
        if !self.state.mailer.is_on() {
            return Ok(());
        }
        let (state, act) = (self.state.clone(), self.act_of(email.as_str()));
        let now = OffsetDateTime::now_utc();
        let backend = Self::new(state.clone(), self.identity.clone(), None);
        // In the background: how long it takes must not tell whether there is such a user.
        let spoken = lang();
        self.state.tasks.spawn(async move {
            let user = match state.store.find_login(&email).await {
                Ok(Some(login)) if !login.disabled => login,
                Ok(_) => return,
                Err(error) => return tracing::error!(%error, "cannot look up a user for a reset"),
            };
            let purpose = Purpose::Reset { user: user.user_id };
            let Ok(link) = make_link(&state.base_url, purpose, &email, now) else { return };
            // One letter in five minutes: a stranger must not fill a mailbox by this form.
            match state.store.create_requested_reset(&act, link.row.clone(), now - RESET_PAUSE, now).await {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => return tracing::error!(%error, "cannot store a reset"),
            }
            match backend.letter(user.language.unwrap_or(spoken), &link, "") {
                Ok(letter) => {
                    if let Err(error) = state.mailer.send(letter).await {
                        tracing::warn!(%error, "a reset was not mailed");
                    }
                }
                Err(error) => tracing::warn!(%error, "a reset cannot be written"),
            }
        });
        Ok(())
    }

    fn mails(&self) -> bool {
        self.state.mailer.is_on()
    }

    async fn reset(&self, token: &str, password: &str) -> Result<(), AppError> {
        let link = self.find(token).await?;
        let Purpose::Reset { user } = link.purpose else { return Err(AppError::Gone) };
        let places = self.state.store.list_places(user).await.map_err(failure::store)?;
        let factor = self.state.store.find_second_factor(user).await.map_err(failure::store)?;
        let second_factor = factor.is_some_and(|state| state.factor.sealed.is_some());
        self.check_new_password(password, &link.email, &places, second_factor)?;
        let hash = self.hash(&link.email, &SecretString::from(password.to_owned())).await?;
        let (now, act) = (OffsetDateTime::now_utc(), self.act_of(link.email.as_str()));
        let account = self.account(link.email.as_str());
        let done = self.state.store.reset_password(&link, &act, &hash, &account, now).await.map_err(failure::store)?;
        if done { Ok(()) } else { Err(AppError::Gone) }
    }
}

impl RequestBackend {
    async fn find(&self, token: &str) -> Result<Link, AppError> {
        let token = LinkToken::parse(token).ok_or(AppError::Gone)?;
        let link =
            self.state.store.find_link(&token.hash(), OffsetDateTime::now_utc()).await.map_err(failure::store)?;
        link.ok_or(AppError::Gone)
    }
}
