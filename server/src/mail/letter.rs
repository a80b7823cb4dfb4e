//! What letters say: plain text in Portuguese, with the link, how long it works, and what to do if it was not expected.
//!
//! Names come from users. They stand in headers and in the text, so that whatever could begin a new line is refused,
//! not escaped: no honest name has it.

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
    /// Until when the link works, in words: `12/03/2025 às 14:00`.
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
    pub fn invitation(to: &str, invitation: &Invitation<'_>) -> Result<Self, LetterError> {
        let Invitation { place, invited_by, link, expires } = *invitation;
        let (place, invited_by, link, expires) = (name(place)?, name(invited_by)?, url(link)?, line(expires)?);
        let body = format!(
            "Olá!\n\n\
             {invited_by} convidou você para o painel de {place}.\n\n\
             Para aceitar e criar a sua senha, abra este link:\n\n{link}\n\n\
             O link funciona uma única vez, até {expires}.\n\n\
             Se você não esperava este convite, ignore esta mensagem: sem o link, nada acontece.\n"
        );
        Self::new(to, format!("Convite para o painel de {place}"), body)
    }

    /// Lets somebody choose a new password.
    ///
    /// # Errors
    /// What cannot stand in a letter.
    pub fn reset(to: &str, link: &str, expires: &str) -> Result<Self, LetterError> {
        let (link, expires) = (url(link)?, line(expires)?);
        let body = format!(
            "Olá!\n\n\
             Alguém pediu uma nova senha para a sua conta no Painel.\n\n\
             Para escolher a nova senha, abra este link:\n\n{link}\n\n\
             O link funciona uma única vez, até {expires}.\n\n\
             Se não foi você, ignore esta mensagem: a sua senha continua a mesma. Não passe o link a ninguém.\n"
        );
        Self::new(to, "Nova senha para o Painel".to_owned(), body)
    }

    /// Tells somebody that the password was changed; `link` is the page for those who did not do it.
    ///
    /// # Errors
    /// What cannot stand in a letter.
    pub fn password_changed(to: &str, when: &str, link: &str) -> Result<Self, LetterError> {
        let (when, link) = (line(when)?, url(link)?);
        let body = format!(
            "Olá!\n\n\
             A senha da sua conta no Painel foi alterada em {when}. As outras sessões foram encerradas.\n\n\
             Se foi você, não é preciso fazer nada.\n\n\
             Se não foi você, peça agora mesmo uma nova senha e avise quem administra o painel:\n\n{link}\n"
        );
        Self::new(to, "A sua senha do Painel foi alterada".to_owned(), body)
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
    use super::{Invitation, Letter, LetterError};

    const TO: &str = "maria.souza@clinica-aurora.com.br";
    const LINK: &str = "https://painel.example.com/invite/AbC-123_x";
    const INVITATION: Invitation<'static> =
        Invitation { place: "Clínica Aurora", invited_by: "João Prado", link: LINK, expires: "12/03/2025 às 14:00" };

    #[test]
    fn letters_say_what_they_must() {
        let letters = [
            Letter::invitation(TO, &INVITATION).unwrap(),
            Letter::reset(TO, LINK, "12/03/2025 às 14:00").unwrap(),
            Letter::password_changed(TO, "12/03/2025 às 14:00", LINK).unwrap(),
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
            let in_place = Letter::invitation(TO, &Invitation { place: name, ..INVITATION });
            let in_person = Letter::invitation(TO, &Invitation { invited_by: name, ..INVITATION });
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
            assert_eq!(Letter::reset(TO, link, "hoje").unwrap_err(), LetterError::Line, "{link:?}");
        }
        assert_eq!(Letter::reset(TO, LINK, "hoje\n\nx").unwrap_err(), LetterError::Line);
        for to in ["", "maria", "a@b@c", "maria@example.com\r\nBcc: x@example.com", "Maria <maria@example.com>"] {
            assert_eq!(Letter::reset(to, LINK, "hoje").unwrap_err(), LetterError::Recipient, "{to:?}");
        }
    }
}
