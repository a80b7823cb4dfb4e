//! Single-use links on their way to people: by mail where it is configured, else shown once to whoever made them.

use super::{RequestBackend, agency_calendar, failure, instant, links::the_agency};
use crate::{
    auth::LinkToken,
    mail::{Invitation, Letter, LetterError},
    store::{Email, LinkPurpose, NewLink},
    web::session::Flash,
};
use app::{
    error::AppError,
    lang::{Lang, lang, speak},
    links::FreshLink,
    session::{AgencyRole, Role},
    tr,
};
use secrecy::{ExposeSecret, SecretString};
use time::{Duration, OffsetDateTime};

/// How long a link is good.
const INVITATION_FOR: Duration = Duration::days(7);
const RESET_FOR: Duration = Duration::hours(24);

/// A link that was made: the row to store, and the address that is told once.
pub struct MadeLink {
    /// To be stored.
    pub row: NewLink,
    /// The whole address.
    pub address: SecretString,
}

/// Makes a link. `base` is where browsers reach this installation.
///
/// # Errors
/// `Internal` without randomness.
pub fn make_link(
    base: &url::Url,
    purpose: LinkPurpose,
    email: &Email,
    now: OffsetDateTime,
) -> Result<MadeLink, AppError> {
    let token = LinkToken::generate().map_err(|error| failure::internal("link", &error))?;
    let (folder, span) = match purpose {
        LinkPurpose::Invite { .. } | LinkPurpose::Staff { .. } => ("invite", INVITATION_FOR),
        LinkPurpose::Reset { .. } => ("reset", RESET_FOR),
    };
    let address = format!("{base}{folder}/{}", *token.as_url_part());
    let row = NewLink { token_hash: token.hash(), purpose, email: email.clone(), expires_at: now + span };
    Ok(MadeLink { row, address: address.into() })
}

/// Until when a link is good, in the words of the language spoken.
fn until(link: &MadeLink) -> String {
    agency_calendar().soon(instant(link.row.expires_at)).text
}

/// A role in the words of a letter or a page.
pub fn role_in_words(purpose: LinkPurpose) -> String {
    match purpose {
        LinkPurpose::Invite { role: Role::Admin, .. } => tr!("administração", "admin").to_owned(),
        LinkPurpose::Invite { role, .. } => role.label().to_owned(),
        LinkPurpose::Staff { role: AgencyRole::Owner } => {
            tr!("responsável na agência", "owner at the agency").to_owned()
        }
        LinkPurpose::Staff { role: AgencyRole::Support } => {
            tr!("suporte na agência", "support at the agency").to_owned()
        }
        LinkPurpose::Reset { .. } => String::new(),
    }
}

impl RequestBackend {
    /// Brings a stored link to its person. What cannot be mailed is shown once on the caller's next page.
    ///
    /// # Errors
    /// `Internal`.
    pub(super) async fn deliver(&self, link: &MadeLink, place: &str) -> Result<(), AppError> {
        let email = link.row.email.as_str();
        let what = match link.row.purpose {
            LinkPurpose::Reset { .. } => tr!("nova senha", "new password"),
            LinkPurpose::Invite { .. } | LinkPurpose::Staff { .. } => tr!("convite", "invitation"),
        };
        let mailed = self.state.mailer.is_on() && self.mail(link, place).await;
        let address = if mailed { String::new() } else { link.address.expose_secret().to_owned() };
        let fresh = FreshLink { email: email.to_owned(), address, what: what.to_owned(), until: until(link) };
        self.leave(Flash::Link, &fresh).await
    }

    /// Brings a stored link to its person by mail or not at all: the caller must not see it.
    ///
    /// # Errors
    /// `Internal`.
    pub(super) async fn deliver_by_mail_alone(&self, link: &MadeLink) -> Result<(), AppError> {
        if self.mail(link, "").await { Ok(()) } else { Err(failure::internal("mail", &"a link was not mailed")) }
    }

    /// Sends a link by mail; `false`, and a warning in the log, when that fails.
    async fn mail(&self, link: &MadeLink, place: &str) -> bool {
        let letter = self.letter(self.language_of(&link.row.email).await, link, place);
        let outcome = match letter {
            Ok(letter) => self.state.mailer.send(letter).await.map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        match outcome {
            Ok(()) => true,
            Err(error) => {
                tracing::warn!(%error, "a link was not mailed");
                false
            }
        }
    }

    /// The language that somebody chose, or else that of whoever writes to them.
    pub(super) async fn language_of(&self, email: &Email) -> Lang {
        let login = self.state.store.find_login(email).await.ok().flatten();
        login.and_then(|login| login.language).unwrap_or_else(lang)
    }

    /// The letter that brings a link, in the language of whom it is for.
    ///
    /// # Errors
    /// What cannot stand in a letter.
    pub(super) fn letter(&self, lang: Lang, link: &MadeLink, place: &str) -> Result<Letter, LetterError> {
        let (email, address) = (link.row.email.as_str(), link.address.expose_secret());
        let until = speak(lang, || until(link));
        match link.row.purpose {
            LinkPurpose::Reset { .. } => Letter::reset(lang, email, address, &until),
            LinkPurpose::Invite { .. } | LinkPurpose::Staff { .. } => {
                let by = self.identity.caller.as_ref().map(|caller| caller.name.clone()).unwrap_or_default();
                let (agency, the_agency) = speak(lang, || (tr!("A agência", "The agency"), the_agency()));
                let invited_by = if by.is_empty() { agency } else { by.as_str() };
                let place = if matches!(link.row.purpose, LinkPurpose::Staff { .. }) { the_agency } else { place };
                Letter::invitation(lang, email, &Invitation { place, invited_by, link: address, expires: &until })
            }
        }
    }

    /// The link that the request before this one made: it is there once.
    pub(super) async fn take_fresh_link(&self) -> Option<FreshLink> {
        self.take(Flash::Link).await
    }
}
