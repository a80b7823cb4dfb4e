//! What letters say: plain text in the language of whom they are for, with the link, how long it works, and what to do if it
//! was not expected.
//!
//! Names come from users. They stand in headers and in the text, so that whatever could begin a new line is refused,
//! not escaped: no honest name has it.

use app::{
    lang::{Lang, speak},
    tr,
};
use lettre::Address;

/// Longest name in a letter, in characters: a name is no place for a message of one's own.
const MAX_NAME: usize = 120;

/// A finished letter. `Debug` shows none of it: it holds a link that opens an account.
pub struct Letter {
    pub(super) to: Address,
    pub(super) subject: String,
    pub(super) body: String,
}

/// What an invitation says.
#[derive(Debug, Clone, Copy)]
pub struct Invitation<'a> {
    /// The tenant's name, or the agency's.
    pub place: &'a str,
    /// Who invites.
    pub invited_by: &'a str,
    /// Where to accept.
    pub link: &'a str,
    /// Until when the link works, in the letter's words: `12/03/2025 às 14:00`.
    pub expires: &'a str,
}

/// Why a letter cannot be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LetterError {
    /// No mail reaches this address.
    #[error("the recipient's address is not one that mail can be sent to")]
    Recipient,
    /// A line end or another invisible character, or too long.
    #[error("a name in the letter has a line end or invisible character in it, or is longer than 120 characters")]
    Name,
    /// Not one line, or no http link.
    #[error("the link or date of the letter is not one line of text")]
    Line,
}

impl Letter {
    /// Asks somebody to join.
    ///
    /// # Errors
    /// What cannot stand in a letter.
    pub fn invitation(lang: Lang, to: &str, invitation: &Invitation<'_>) -> Result<Self, LetterError> {
        let Invitation { place, invited_by, link, expires } = *invitation;
        let (place, invited_by, link, expires) = (name(place)?, name(invited_by)?, url(link)?, line(expires)?);
        let subject =
            || tr!(format!("Convite para o painel de {place}"), format!("Invitation to the dashboard of {place}"));
        let body = || {
            tr!(
                format!(
                    "Olá!\n\n\
                     {invited_by} convidou você para o painel de {place}.\n\n\
                     Para aceitar e criar a sua senha, abra este link:\n\n{link}\n\n\
                     O link funciona uma única vez, até {expires}.\n\n\
                     Se você não esperava este convite, ignore esta mensagem: sem o link, nada acontece.\n"
                ),
                format!(
                    "Hello,\n\n\
                     {invited_by} has invited you to the dashboard of {place}.\n\n\
                     To accept and to create your password, open this link:\n\n{link}\n\n\
                     The link works once only, until {expires}.\n\n\
                     If you did not expect this invitation, ignore this message: without the link, nothing happens.\n"
                )
            )
        };
        Self::new(to, speak(lang, subject), speak(lang, body))
    }

    /// Lets somebody choose a new password. `expires` is in the letter's words.
    ///
    /// # Errors
    /// What cannot stand in a letter.
    pub fn reset(lang: Lang, to: &str, link: &str, expires: &str) -> Result<Self, LetterError> {
        let (link, expires) = (url(link)?, line(expires)?);
        let subject = || tr!("Nova senha para o Painel", "New password for Painel").to_owned();
        let body = || {
            tr!(
                format!(
                    "Olá!\n\n\
                     Alguém pediu uma nova senha para a sua conta no Painel.\n\n\
                     Para escolher a nova senha, abra este link:\n\n{link}\n\n\
                     O link funciona uma única vez, até {expires}.\n\n\
                     Se não foi você, ignore esta mensagem: a sua senha continua a mesma. Não passe o link a ninguém.\n"
                ),
                format!(
                    "Hello,\n\n\
                     Somebody asked for a new password for your Painel account.\n\n\
                     To choose the new password, open this link:\n\n{link}\n\n\
                     The link works once only, until {expires}.\n\n\
                     If it was not you, ignore this message: your password stays the same. Do not give the link to anyone.\n"
                )
            )
        };
        Self::new(to, speak(lang, subject), speak(lang, body))
    }

    /// Tells somebody that the password was changed; `when` is in the letter's words, `link` is the page for those who
    /// did not do it.
    ///
    /// # Errors
    /// What cannot stand in a letter.
    pub fn password_changed(lang: Lang, to: &str, when: &str, link: &str) -> Result<Self, LetterError> {
        let (when, link) = (line(when)?, url(link)?);
        let subject =
            || tr!("A sua senha do Painel foi alterada", "The password of your Painel account was changed").to_owned();
        let body = || {
            tr!(
                format!(
                    "Olá!\n\n\
                     A senha da sua conta no Painel foi alterada em {when}. As outras sessões foram encerradas.\n\n\
                     Se foi você, não é preciso fazer nada.\n\n\
                     Se não foi você, peça agora mesmo uma nova senha e avise quem administra o painel:\n\n{link}\n"
                ),
                format!(
                    "Hello,\n\n\
                     The password of your Painel account was changed ({when}). The other sessions were ended.\n\n\
                     If it was you, there is nothing to do.\n\n\
                     If it was not you, ask for a new password now and tell whoever runs the dashboard:\n\n{link}\n"
                )
            )
        };
        Self::new(to, speak(lang, subject), speak(lang, body))
    }

    fn new(to: &str, subject: String, body: String) -> Result<Self, LetterError> {
        let to = to.parse().map_err(|_| LetterError::Recipient)?;
        Ok(Self { to, subject, body })
    }
}

impl std::fmt::Debug for Letter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Letter(..)")
    }
}

fn name(text: &str) -> Result<&str, LetterError> {
    let text = text.trim();
    let fits = !text.is_empty() && text.chars().count() <= MAX_NAME && is_one_line(text);
    fits.then_some(text).ok_or(LetterError::Name)
}

fn line(text: &str) -> Result<&str, LetterError> {
    (!text.trim().is_empty() && is_one_line(text)).then_some(text).ok_or(LetterError::Line)
}

fn url(text: &str) -> Result<&str, LetterError> {
    let is_link = text.starts_with("https://") || text.starts_with("http://");
    (is_link && is_one_line(text) && !text.contains(' ')).then_some(text).ok_or(LetterError::Line)
}

/// No control characters, and none of the invisible ones that end lines or turn the direction of writing.
fn is_one_line(text: &str) -> bool {
    !text.chars().any(|c| c.is_control() || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
}

#[cfg(test)]
mod tests {
    use super::{Invitation, Lang, Letter, LetterError};

    const TO: &str = "maria.souza@clinica-aurora.com.br";
    const LINK: &str = "https://painel.example.com/invite/AbC-123_x";
    const INVITATION: Invitation<'static> =
        Invitation { place: "Clínica Aurora", invited_by: "João Prado", link: LINK, expires: "12/03/2025 às 14:00" };

    #[test]
    fn letters_say_what_they_must() {
        let letters = [
            Letter::invitation(Lang::Pt, TO, &INVITATION).unwrap(),
            Letter::reset(Lang::Pt, TO, LINK, "12/03/2025 às 14:00").unwrap(),
            Letter::password_changed(Lang::Pt, TO, "12/03/2025 às 14:00", LINK).unwrap(),
        ];
        for letter in &letters {
            assert_eq!(letter.to.to_string(), TO);
            assert!(letter.body.lines().any(|line| line == LINK), "{}", letter.body);
            assert!(letter.body.contains("12/03/2025 às 14:00"));
            assert!(letter.body.contains("Se não foi você") || letter.body.contains("Se você não esperava"));
            assert!(!letter.subject.contains(LINK) && letter.subject.len() > 10);
            assert_eq!(format!("{letter:?}"), "Letter(..)");
        }
        assert!(letters[0].subject.ends_with("Clínica Aurora"));
        assert!(letters[0].body.contains("João Prado convidou você para o painel de Clínica Aurora"));
    }

    #[test]
    fn letters_are_in_the_language_of_whom_they_are_for() {
        let invitation = Invitation { expires: "2025-03-12 14:00", ..INVITATION };
        let letters = [
            Letter::invitation(Lang::En, TO, &invitation).unwrap(),
            Letter::reset(Lang::En, TO, LINK, "2025-03-12 14:00").unwrap(),
            Letter::password_changed(Lang::En, TO, "today 14:00", LINK).unwrap(),
        ];
        for letter in &letters {
            assert!(letter.body.starts_with("Hello,\n\n") && letter.body.lines().any(|line| line == LINK));
            assert!(letter.body.contains("14:00"));
            assert!(letter.body.contains("If it was not you") || letter.body.contains("If you did not expect"));
        }
        let subjects = letters.map(|letter| letter.subject);
        assert_eq!(
            subjects,
            [
                "Invitation to the dashboard of Clínica Aurora",
                "New password for Painel",
                "The password of your Painel account was changed",
            ]
        );
    }

    #[test]
    fn a_name_cannot_write_a_header_or_a_line() {
        let evil = [
            "Ana\r\nBcc: todos@example.com",
            "Ana\nBcc: todos@example.com",
            "Ana\rBcc: todos@example.com",
            "Ana\0",
            "Ana\u{85}x",
            "Ana\u{2028}x",
            "Ana\u{2029}x",
            "Ana\u{202e}moc.live",
            "\tAna\tSouza",
            "",
            "  ",
            &"a".repeat(121),
        ];
        let mut refused = 0;
        for name in evil {
            let in_place = Letter::invitation(Lang::Pt, TO, &Invitation { place: name, ..INVITATION });
            let in_person = Letter::invitation(Lang::Pt, TO, &Invitation { invited_by: name, ..INVITATION });
            refused +=
                [in_place, in_person].into_iter().filter_map(Result::err).filter(|e| *e == LetterError::Name).count();
        }
        eprintln!("mail: {refused} of {} names with a header or line in them refused", 2 * evil.len());
        assert_eq!(refused, 2 * evil.len());
    }

    #[test]
    fn links_dates_and_recipients_are_one_line() {
        for link in ["", "painel.example.com", "javascript:alert(1)", "https://a.example/\r\nx", "https://a.example/ x"]
        {
            assert_eq!(Letter::reset(Lang::Pt, TO, link, "hoje").unwrap_err(), LetterError::Line, "{link:?}");
        }
        assert_eq!(Letter::reset(Lang::Pt, TO, LINK, "hoje\n\nx").unwrap_err(), LetterError::Line);
        for to in ["", "maria", "a@b@c", "maria@example.com\r\nBcc: x@example.com", "Maria <maria@example.com>"] {
            assert_eq!(Letter::reset(Lang::Pt, to, LINK, "hoje").unwrap_err(), LetterError::Recipient, "{to:?}");
        }
    }
}
