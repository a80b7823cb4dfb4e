//! What a new password must be (NIST 800-63B-4): long, and not foreseeable. No composition rules, nothing trimmed or
//! folded: a password is hashed as received. Existing passwords are not held to this when somebody signs in.
//!
//! Foreseeable is decided twice: by our own rules, which know what people here choose and can say what is wrong; and by
//! zxcvbn, which knows 30,000 leaked passwords and how they are varied. Both look at the password without what it
//! repeats, so that a common word does not grow strong by being written often.

use app::tr;

/// Fewest characters (Unicode scalar values), for a password that is the only factor.
pub const MIN_CHARS: usize = 15;
/// Fewest characters for somebody who signs in with a second factor too.
pub const MIN_CHARS_WITH_SECOND_FACTOR: usize = 8;
/// Most characters.
pub const MAX_CHARS: usize = 128;
/// Most bytes of UTF-8: with [`MAX_CHARS`] reached first by every script, but not by every sequence of code points.
pub const MAX_BYTES: usize = 1024;
/// Fewest characters that remain when all foreseeable ones are taken away.
const MIN_FREE: usize = 6;
/// Guesses that a password must outlast as powers of ten, as zxcvbn counts them: its scores 4 (three common words joined
/// are 3) and, where a second factor stands behind the password, 2.
const MIN_GUESSES_LOG10: f64 = 10.0;
const MIN_GUESSES_LOG10_WITH_SECOND_FACTOR: f64 = 6.0;
/// Shortest piece whose repetition counts for nothing.
const MIN_REPEAT: usize = 3;
/// Shortest piece of a name that is looked for in the password.
const MIN_PIECE: usize = 3;
/// Words and word parts that a guesser tries first here; the world's are in zxcvbn.
#[rustfmt::skip]
const COMMON: [&str; 95] = [
    "painel", "senha", "senhas", "password", "passw0rd", "p@ssw0rd", "pass", "mudar", "mudar123", "trocar", "troque",
    "admin", "administrador", "root", "usuario", "usuário", "teste", "temp", "temporaria", "provisoria", "padrao",
    "default", "login", "acesso", "entrar", "segredo", "secreta", "secreto", "dashboard", "supabase", "whatsapp",
    "evolution", "instagram", "facebook", "google", "gmail", "hotmail", "outlook", "internet", "computador",
    "sistema", "suporte", "welcome", "bemvindo", "bem-vindo", "bemvinda", "letmein", "iloveyou", "teamo", "amor",
    "amorzinho", "minhavida", "euteamo", "brasil", "saopaulo", "riodejaneiro", "flamengo", "corinthians", "palmeiras",
    "santos", "vasco", "gremio", "grêmio", "cruzeiro", "botafogo", "fluminense", "internacional", "futebol", "jesus",
    "jesuscristo", "deus", "deusefiel", "familia", "família", "mamae", "mamãe", "papai", "filho", "filha", "gatinha",
    "princesa", "estrela", "abacaxi", "chocolate", "qwerty", "abc123", "agencia", "agência", "clinica", "clínica",
    "empresa", "cliente", "loja", "consultorio", "consultório",
];
/// Rows of the keyboard; neighbours in them are foreseeable in both directions.
const ROWS: [&str; 5] = ["1234567890", "qwertyuiop", "asdfghjkl", "asdfghjklç", "zxcvbnm"];

/// For whom and where a password is new.
#[derive(Debug, Clone, Copy)]
pub struct NewPassword<'a> {
    /// The user's e-mail.
    pub email: &'a str,
    /// What the user's tenants are called: names and slugs.
    pub tenant_words: &'a [&'a str],
    /// Whether the user signs in with a second factor too.
    pub second_factor: bool,
}

impl NewPassword<'_> {
    fn min_chars(&self) -> usize {
        if self.second_factor { MIN_CHARS_WITH_SECOND_FACTOR } else { MIN_CHARS }
    }

    fn min_guesses_log10(&self) -> f64 {
        if self.second_factor { MIN_GUESSES_LOG10_WITH_SECOND_FACTOR } else { MIN_GUESSES_LOG10 }
    }

    /// The e-mail, its local part, the names, and the pieces of all of them.
    fn own_words(&self) -> Vec<String> {
        let local = self.email.split('@').next().unwrap_or_default();
        let wholes = [self.email, local].into_iter().chain(self.tenant_words.iter().copied());
        let wholes: Vec<String> = wholes.map(|word| word.trim().to_lowercase()).collect();
        let pieces = wholes.iter().skip(1).flat_map(|word| word.split(|c: char| !c.is_alphanumeric()));
        let mut words: Vec<String> = pieces.map(str::to_owned).chain(wholes.iter().cloned()).collect();
        words.retain(|word| word.chars().count() >= MIN_PIECE);
        // The longest first: cutting a piece out of a name would leave the rest of the name.
        words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
        words.dedup();
        words
    }
}

/// Why a new password is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    /// Fewer characters than are asked for.
    #[error("Use at least {least} characters; four or five unrelated words are easy to remember.")]
    TooShort {
        /// [`MIN_CHARS`] or [`MIN_CHARS_WITH_SECOND_FACTOR`].
        least: usize,
    },
    /// More than [`MAX_CHARS`] or [`MAX_BYTES`].
    #[error("Use at most 128 characters.")]
    TooLong,
    /// One thing again and again, or a walk over alphabet or keyboard.
    #[error("This is a repetition or a sequence, which is guessed first. Mix unrelated words.")]
    Sequence,
    /// The user's own e-mail or the tenant's name, and little else.
    #[error("Do not build the password from your email or the name of your company.")]
    OwnName,
    /// A common word, and little else.
    #[error("This is one of the first passwords that are guessed. Mix unrelated words.")]
    Common,
}

impl WeakPassword {
    /// What is wrong and what to do, in the reader's language; `Display` says it in English.
    pub fn in_words(self) -> String {
        tr!(self.in_portuguese(), self.to_string())
    }

    fn in_portuguese(self) -> String {
        match self {
            Self::TooShort { least } => {
                format!("Use ao menos {least} caracteres; quatro ou cinco palavras sem relação são fáceis de lembrar.")
            }
            Self::TooLong => "Use no máximo 128 caracteres.".to_owned(),
            Self::Sequence => {
                "É uma repetição ou sequência, que se adivinha primeiro. Misture palavras sem relação.".to_owned()
            }
            Self::OwnName => "Não monte a senha com o seu e-mail nem com o nome da empresa.".to_owned(),
            Self::Common => "É uma das primeiras senhas que se tentam. Misture palavras sem relação.".to_owned(),
        }
    }
}

/// Checks a password that somebody wants to set. Takes some milliseconds at most.
///
/// # Errors
/// The first rule that it breaks.
pub fn check_new_password(password: &str, context: &NewPassword<'_>) -> Result<(), WeakPassword> {
    let least = context.min_chars();
    let chars = password.chars().count();
    if chars < least {
        return Err(WeakPassword::TooShort { least });
    }
    if chars > MAX_CHARS || password.len() > MAX_BYTES {
        return Err(WeakPassword::TooLong);
    }
    let folded = password.to_lowercase();
    let once = without_repeats(&folded);
    if is_periodic(&folded) || free_chars(&once) < MIN_FREE {
        return Err(WeakPassword::Sequence);
    }
    if is_number(&folded) {
        return Err(WeakPassword::Common);
    }
    let own_words = context.own_words();
    let rest = without(&once, own_words.iter().map(String::as_str));
    if free_chars(&without_joints(&rest)) < MIN_FREE {
        return Err(WeakPassword::OwnName);
    }
    if free_chars(&without_joints(&without(&rest, COMMON))) < MIN_FREE {
        return Err(WeakPassword::Common);
    }
    let known: Vec<&str> = own_words.iter().map(String::as_str).chain(COMMON).collect();
    let outlasts = |text: &str| zxcvbn::zxcvbn(text, &known).guesses_log10() >= context.min_guesses_log10();
    // Both: what is written often hides from the one, a word that lost a piece to an earlier one from the other.
    if !outlasts(&once) || !outlasts(&folded) {
        return Err(WeakPassword::Common);
    }
    Ok(())
}

/// The text without every piece that stood in it before.
fn without_repeats(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut once = String::with_capacity(text.len());
    let mut place = 0;
    while let Some(&c) = chars.get(place) {
        let same = |before: usize| chars[before..place].iter().zip(&chars[place..]).take_while(|(a, b)| a == b).count();
        match (0..place).map(same).max() {
            Some(length) if length >= MIN_REPEAT => place += length,
            _ => {
                once.push(c);
                place += 1;
            }
        }
    }
    once
}

/// The text with every occurrence of the words cut out.
fn without<'a>(text: &str, words: impl IntoIterator<Item = &'a str>) -> String {
    // A space takes the word's place: cutting must not make a new sequence or word.
    words.into_iter().fold(text.to_owned(), |rest, word| rest.replace(word, " "))
}

/// The text without the signs that joined a word which was cut out to its neighbours: `casa-girassol-2026` is no stronger
/// than `casagirassol2026`.
fn without_joints(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let blank = |place: Option<usize>| place.and_then(|place| chars.get(place)).is_some_and(|c| c.is_whitespace());
    let joint = |place: usize| blank(place.checked_sub(1)) || blank(Some(place + 1));
    let kept = |(place, c): (usize, &char)| (!(c.is_ascii_punctuation() && joint(place))).then_some(*c);
    chars.iter().enumerate().filter_map(kept).collect()
}

/// How many characters do not follow from the one before them.
fn free_chars(text: &str) -> usize {
    let mut before = None;
    text.chars()
        .filter(|&c| {
            let free = before.is_none_or(|b| !follows(b, c)) && !c.is_whitespace();
            before = Some(c);
            free
        })
        .count()
}

/// The same, a neighbour in the alphabet or the digits, or a neighbour on the keyboard.
fn follows(before: char, c: char) -> bool {
    let step = u32::from(before).abs_diff(u32::from(c));
    let neighbours = |row: &str| {
        let place = |wanted: char| row.chars().position(|key| key == wanted);
        matches!((place(before), place(c)), (Some(a), Some(b)) if a.abs_diff(b) == 1)
    };
    step <= 1 || ROWS.iter().any(|row| neighbours(row))
}

/// A telephone, an identity or a date, as people write them.
fn is_number(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_digit() || " +-./()".contains(c))
}

/// Made of one unit again and again, the last time perhaps cut short.
fn is_periodic(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    (1..=chars.len() / 2).any(|period| chars.iter().zip(&chars[period..]).all(|(a, b)| a == b))
}

#[cfg(test)]
mod tests;
