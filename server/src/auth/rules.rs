//! What a new password must be (NIST 800-63B-4): long, and not foreseeable. No composition rules, nothing trimmed or
//! folded: a password is hashed as received. Existing passwords are not held to this when somebody signs in.

/// Fewest characters (Unicode scalar values), for a password that is the only factor.
pub const MIN_CHARS: usize = 15;
/// Most characters.
pub const MAX_CHARS: usize = 128;
/// Most bytes of UTF-8: with [`MAX_CHARS`] reached first by every script, but not by every sequence of code points.
pub const MAX_BYTES: usize = 1024;
/// Fewest characters that remain when all foreseeable ones are taken away.
const MIN_FREE: usize = 6;
/// Words and word parts that a guesser tries first here.
const COMMON: [&str; 22] = [
    "painel",
    "senha",
    "password",
    "passw0rd",
    "mudar",
    "admin",
    "root",
    "usuario",
    "dashboard",
    "supabase",
    "whatsapp",
    "welcome",
    "bemvindo",
    "bem-vindo",
    "letmein",
    "iloveyou",
    "teamo",
    "brasil",
    "flamengo",
    "corinthians",
    "qwerty",
    "abc123",
];
/// Rows of the keyboard; neighbours in them are foreseeable in both directions.
const ROWS: [&str; 5] = ["1234567890", "qwertyuiop", "asdfghjkl", "asdfghjklç", "zxcvbnm"];

/// Why a new password is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    /// Fewer than [`MIN_CHARS`].
    #[error("Use at least 15 characters; four or five unrelated words are easy to remember.")]
    TooShort,
    /// More than [`MAX_CHARS`] or [`MAX_BYTES`].
    #[error("Use at most 128 characters.")]
    TooLong,
    /// One thing again and again, or a walk over alphabet or keyboard.
    #[error("This is a repetition or a sequence, which is guessed first. Mix unrelated words.")]
    Sequence,
    /// The user's own e-mail, and little else.
    #[error("Do not build the password from your e-mail.")]
    OwnName,
    /// A common word, and little else.
    #[error("This is one of the first passwords that are guessed. Mix unrelated words.")]
    Common,
}

impl WeakPassword {
    /// What is wrong and what to do, for users; `Display` says it in English.
    pub fn portuguese(self) -> &'static str {
        match self {
            Self::TooShort => "Use ao menos 15 caracteres; quatro ou cinco palavras sem relação são fáceis de lembrar.",
            Self::TooLong => "Use no máximo 128 caracteres.",
            Self::Sequence => "É uma repetição ou sequência, que se adivinha primeiro. Misture palavras sem relação.",
            Self::OwnName => "Não monte a senha com o seu e-mail.",
            Self::Common => "É uma das primeiras senhas que se tentam. Misture palavras sem relação.",
        }
    }
}

/// Checks a password that somebody wants to set.
///
/// # Errors
/// The first rule that it breaks.
pub fn check_new_password(password: &str, email: &str) -> Result<(), WeakPassword> {
    let chars = password.chars().count();
    if chars < MIN_CHARS {
        return Err(WeakPassword::TooShort);
    }
    if chars > MAX_CHARS || password.len() > MAX_BYTES {
        return Err(WeakPassword::TooLong);
    }
    let folded = password.to_lowercase();
    if is_periodic(&folded) || free_chars(&folded) < MIN_FREE {
        return Err(WeakPassword::Sequence);
    }
    let rest = without(&folded, &own_words(email));
    if free_chars(&rest) < MIN_FREE {
        return Err(WeakPassword::OwnName);
    }
    if free_chars(&without(&rest, &COMMON.map(str::to_owned))) < MIN_FREE {
        return Err(WeakPassword::Common);
    }
    Ok(())
}

/// The e-mail, its local part, and the pieces of that from three characters on.
fn own_words(email: &str) -> Vec<String> {
    let email = email.trim().to_lowercase();
    let local = email.split('@').next().unwrap_or_default().to_owned();
    let pieces: Vec<String> = local.split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect();
    [email, local].into_iter().chain(pieces).filter(|word| word.chars().count() >= 3).collect()
}

/// The text with every occurrence of the words cut out.
fn without(text: &str, words: &[String]) -> String {
    // A space takes the word's place: cutting must not make a new sequence or word.
    words.iter().fold(text.to_owned(), |rest, word| rest.replace(word.as_str(), " "))
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

/// Made of one unit again and again, the last time perhaps cut short.
fn is_periodic(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    (1..=chars.len() / 2).any(|period| chars.iter().zip(&chars[period..]).all(|(a, b)| a == b))
}

#[cfg(test)]
mod tests {
    use super::{WeakPassword, check_new_password};

    const EMAIL: &str = "Maria.Souza@clinica-aurora.com.br";

    fn check(password: &str, expected: Result<(), WeakPassword>) {
        assert_eq!(check_new_password(password, EMAIL), expected, "{password:?}");
    }

    #[test]
    fn lengths_count_characters_and_bytes() {
        let long = |chars: usize| {
            "kJ7#vq2!xW9@pLz5r$".chars().cycle().take(chars - 9).chain("b¿ Qm4hTy".chars()).collect::<String>()
        };
        check("", Err(WeakPassword::TooShort));
        check("kJ7#vq2!xW9@pL", Err(WeakPassword::TooShort));
        check("kJ7#vq2!xW9@pLz", Ok(()));
        check(&long(64), Ok(()));
        check(&long(128), Ok(()));
        check(&long(129), Err(WeakPassword::TooLong));
        check("ação é çã ñ ü ï", Ok(()));
        check("gato azul 🎷 trem", Ok(()));
        check("🎷🐙🌵🚲🧊🪁🦉🍋🧭🎡🪵🐢🛶", Err(WeakPassword::TooShort));
        // 128 characters of four bytes are 512 bytes: characters end first, but not for every writing.
        let widest: String = ('\u{20000}'..).step_by(7).take(128).collect();
        check(&widest, Ok(()));
    }

    #[test]
    fn takes_passwords_as_received() {
        check("  trem azul  gato  ", Ok(()));
        check("uma\0coisa\toutra\n!", Ok(()));
        check("correct horse battery staple", Ok(()));
        check("quatro girafas tocam oboé", Ok(()));
        check("Praia-Cadeira-Lua-9", Ok(()));
    }

    #[test]
    fn refuses_repetitions_and_sequences() {
        for password in [
            "aaaaaaaaaaaaaaa",
            "               ",
            "AaAaAaAaAaAaAaAaAa",
            "123456789012345",
            "987654321098765",
            "abcdefghijklmnop",
            "ABCDEFGHIJKLMNOP",
            "qwertyuiopasdfg",
            "qwerty123456789",
            "asdfghjklçasdfghjkl",
            "zxcvbnm,zxcvbnm,",
            "aabbccddeeffgghh",
            "gato1gato1gato1",
            "x7Kp9x7Kp9x7Kp9x7K",
            "112233445566778899",
        ] {
            check(password, Err(WeakPassword::Sequence));
        }
    }

    #[test]
    fn refuses_the_own_name() {
        for password in [
            "maria.souza@clinica-aurora.com.br",
            "maria.souza12345",
            "MariaSouza2024!",
            "souza-maria-souza-77",
            "mariamariamaria1990",
        ] {
            check(password, Err(WeakPassword::OwnName));
        }
        check("maria come quatro girafas", Ok(()));
        assert_eq!(check_new_password("xy come girafas lilás", "xy@exemplo.com"), Ok(()));
        assert_eq!(check_new_password("quatro girafas tocam", ""), Ok(()));
    }

    #[test]
    fn refuses_common_words_with_little_else() {
        for password in [
            "painelpainel2024",
            "Painel@123456789",
            "senha123senha456",
            "password12345678",
            "MudarSenha123456",
            "admin-admin-1234",
            "flamengo-flamengo!",
            "bem-vindo-painel-1",
        ] {
            check(password, Err(WeakPassword::Common));
        }
        check("o painel caiu na lagoa", Ok(()));
    }

    #[test]
    fn says_so_in_both_languages() {
        use WeakPassword::{Common, OwnName, Sequence, TooLong, TooShort};
        for weak in [TooShort, TooLong, Sequence, OwnName, Common] {
            assert!(weak.portuguese().len() > 20 && weak.to_string().len() > 20);
            assert_ne!(weak.portuguese(), weak.to_string());
        }
        assert!(TooShort.portuguese().contains("15") && TooShort.to_string().contains("15"));
        assert!(TooLong.portuguese().contains("128") && TooLong.to_string().contains("128"));
    }
}
