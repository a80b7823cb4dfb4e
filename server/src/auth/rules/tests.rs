//! What the rules take and refuse, and the figures of the block list.

use super::{MIN_CHARS, MIN_CHARS_WITH_SECOND_FACTOR, NewPassword, WeakPassword, check_new_password, without_repeats};
use crate::auth::{Verdict, hash, verify};

const EMAIL: &str = "Maria.Souza@clinica-aurora.com.br";
const CONTEXT: NewPassword<'static> =
    NewPassword { email: EMAIL, tenant_words: &["Ótica Girassol", "otica-girassol"], second_factor: false };
const TOO_SHORT: WeakPassword = WeakPassword::TooShort { least: MIN_CHARS };

fn check(password: &str, expected: Result<(), WeakPassword>) {
    assert_eq!(check_new_password(password, &CONTEXT), expected, "{password:?}");
}

fn with_second_factor(password: &str) -> Result<(), WeakPassword> {
    check_new_password(password, &NewPassword { second_factor: true, ..CONTEXT })
}

/// A password nobody foresees, of so many characters; the characters of `wide` stand among them.
fn unforeseeable(chars: usize, wide: &str) -> String {
    // Digits of a linear congruence: no pattern that a rule knows, and the same in every run.
    let alphabet = b"aQ7mZ2xK9pT4wB6nR8vL3jH5gF";
    let mut state = 12_345u32;
    let next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        char::from(alphabet[usize::try_from(state >> 16).unwrap() % alphabet.len()])
    };
    wide.chars().chain(std::iter::repeat_with(next)).take(chars).collect()
}

#[test]
fn boundaries_are_where_they_should_be() {
    let mut right = 0;
    let mut cases = 0;
    let mut boundary = |holds: bool, what: String| {
        cases += 1;
        right += usize::from(holds);
        assert!(holds, "{what}");
    };
    for (wide, name) in [("", "plain"), ("\0x\0", "NUL"), ("🎷🐙🌵", "emoji"), ("çãé", "accents"), ("日本語", "CJK")]
    {
        for (chars, expected) in
            [(14, Err(TOO_SHORT)), (15, Ok(())), (64, Ok(())), (128, Ok(())), (129, Err(WeakPassword::TooLong))]
        {
            let found = check_new_password(&unforeseeable(chars, wide), &CONTEXT);
            boundary(found == expected, format!("{chars} characters, {name}: {found:?}"));
        }
    }
    let least = MIN_CHARS_WITH_SECOND_FACTOR;
    for (chars, expected) in [
        (0, Err(WeakPassword::TooShort { least })),
        (7, Err(WeakPassword::TooShort { least })),
        (8, Ok(())),
        (14, Ok(())),
        (128, Ok(())),
        (129, Err(WeakPassword::TooLong)),
    ] {
        let found = with_second_factor(&unforeseeable(chars, ""));
        boundary(found == expected, format!("{chars} characters with a second factor: {found:?}"));
    }
    // 128 characters of four bytes are 512 bytes: characters end first.
    let widest: String = ('\u{20000}'..).step_by(7).take(128).collect();
    for (password, expected) in [
        (widest.clone(), Ok(())),
        (format!("{widest}x"), Err(WeakPassword::TooLong)),
        ("x".repeat(1_000_000), Err(WeakPassword::TooLong)),
        (String::new(), Err(TOO_SHORT)),
        ("🎷".repeat(15), Err(WeakPassword::Sequence)),
    ] {
        let found = check_new_password(&password, &CONTEXT);
        boundary(found == expected, format!("{} bytes: {found:?}", password.len()));
    }
    // Nothing is cut off before it is hashed.
    for chars in [15, 64, 65, 128] {
        let password = unforeseeable(chars, "");
        let other = format!("{}é", &password[..chars - 1]);
        let stored = hash(&password.as_str().into()).unwrap();
        let verdicts = [&password, &other].map(|text| verify(&stored, &text.as_str().into()).unwrap());
        boundary(verdicts == [Verdict::Right, Verdict::Wrong], format!("the last of {chars} characters differs"));
    }
    eprintln!("password rules: {right} of {cases} boundary passwords");
    assert_eq!((right, cases), (40, 40));
}

#[test]
fn no_block_list_word_is_accepted() {
    let words: Vec<&str> = include_str!("common_passwords.txt").lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(words.len(), 3_000);
    let to = |length: usize, word: &str, fill: &str| {
        word.chars().chain(fill.chars().cycle()).take(length.max(word.chars().count())).collect::<String>()
    };
    type Variant = (&'static str, Box<dyn Fn(&str) -> String>);
    let variants: [Variant; 8] = [
        ("as they are", Box::new(str::to_owned)),
        ("repeated to 15", Box::new(move |word| to(15, word, word))),
        ("repeated to 40", Box::new(move |word| to(40, word, word))),
        ("padded with 1234567890", Box::new(move |word| to(15, word, "1234567890"))),
        ("padded with one digit", Box::new(move |word| to(15, word, "7"))),
        ("spelled twice, with a year", Box::new(move |word| to(15, &format!("{word}{word}2024"), "2024"))),
        ("three times, numbered", Box::new(move |word| to(15, &format!("{word}1{word}2{word}3"), "123"))),
        ("in capitals, with signs", Box::new(move |word| to(15, &word.to_uppercase(), "!"))),
    ];
    for (name, vary) in variants {
        let varied: Vec<String> = words.iter().map(|word| vary(word)).collect();
        let accepted: Vec<&String> = varied.iter().filter(|word| check_new_password(word, &CONTEXT).is_ok()).collect();
        eprintln!("password rules: {} of 3000 block-list words accepted {name}", accepted.len());
        assert!(accepted.is_empty(), "{name}: {accepted:?}");
    }
    let accepted: Vec<&&str> = words.iter().filter(|word| with_second_factor(word).is_ok()).collect();
    eprintln!("password rules: {} of 3000 block-list words accepted beside a second factor", accepted.len());
    assert!(accepted.is_empty(), "{accepted:?}");
}

#[test]
fn takes_passwords_as_received() {
    check("kJ7#vq2!xW9@pLz", Ok(()));
    check("  trem azul  gato  ", Ok(()));
    check("uma\0coisa\toutra\n!", Ok(()));
    check("correct horse battery staple", Ok(()));
    check("quatro girafas tocam oboé", Ok(()));
    check("Praia-Cadeira-Lua-9", Ok(()));
    check("ação é çã ñ ü ï", Ok(()));
    check("gato azul 🎷 trem", Ok(()));
    check("🎷🐙🌵🚲🧊🪁🦉🍋🧭🎡🪵🐢🛶", Err(TOO_SHORT));
}

/// What people make of the advice, in both languages: none may be sent back without need.
#[test]
fn takes_what_people_think_of() {
    for password in [
        "girassol-janela-cobre-2026",
        "aurora-demonstra-2026",
        "uma senha comprida de teste",
        "meu gato come bolacha",
        "cafe com leite e lua",
        "bicicleta verde 47",
        "Pao&Manteiga-na-Chuva",
        "tres tigres tristes",
        "the blue kettle sings",
        "paper lamp river seven",
        "viagem ao Chile em julho",
        "MinhaFilhaNasceuEmMarco",
        "xkcd-battery-orange",
        "3 laranjas e 2 limas",
        "oRatoRoeuARoupaDoRei",
    ] {
        check(password, Ok(()));
    }
    let clinic = NewPassword {
        email: "ana@clinica-aurora.example",
        tenant_words: &["clinica-aurora", "Clínica Aurora"],
        second_factor: false,
    };
    assert_eq!(check_new_password("aurora-demonstra-2026", &clinic), Ok(()));
    assert_eq!(check_new_password("aurora-aurora-2026", &clinic), Err(WeakPassword::OwnName));
    assert_eq!(check_new_password("uma-senha-de-teste-comprida", &clinic), Ok(()));
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
fn refuses_the_own_names() {
    for password in [
        "maria.souza@clinica-aurora.com.br",
        "maria.souza12345",
        "MariaSouza2024!",
        "souza-maria-souza-77",
        "mariamariamaria1990",
        "otica-girassol-1",
        "Ótica Girassol 2024",
        "GirassolGirassol24!",
        "souza@girassol#99",
    ] {
        check(password, Err(WeakPassword::OwnName));
    }
    check("maria come quatro girafas", Ok(()));
    check("girassol na lagoa azul", Ok(()));
    let other = |email, password| check_new_password(password, &NewPassword { email, tenant_words: &[], ..CONTEXT });
    assert_eq!(other("xy@exemplo.com", "xy come girafas lilás"), Ok(()));
    assert_eq!(other("", "quatro girafas tocam"), Ok(()));
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
        "Dragon2024dragon!",
        "P4ssw0rd&P@ssword",
        "P4$$w0rd-dragon7",
        "gato-gato-gato!gato",
        "+55 (11) 97352-8406",
        "529.982.247-25/1985",
    ] {
        check(password, Err(WeakPassword::Common));
    }
    check("o painel caiu na lagoa", Ok(()));
}

#[test]
fn a_second_factor_takes_shorter_ones_and_no_weaker() {
    assert_eq!(with_second_factor("kJ7#vq2!"), Ok(()));
    for password in ["password", "Passw0rd!", "senha123", "girassol", "souza123", "11111111", "qwertyui", "dragon99"] {
        assert!(with_second_factor(password).is_err(), "{password}");
    }
}

#[test]
fn what_stood_before_counts_once() {
    for (text, once) in [
        ("", ""),
        ("abab", "abab"),
        ("abcabc", "abc"),
        ("gato1gato2gato3", "gato123"),
        ("abcabcabcab", "abc"),
        ("çãéçãé", "çãé"),
        ("senha e senha", "senha e "),
    ] {
        assert_eq!(without_repeats(text), once, "{text}");
    }
}

#[test]
fn says_so_in_both_languages() {
    use WeakPassword::{Common, OwnName, Sequence, TooLong, TooShort};
    for weak in [TOO_SHORT, TooLong, Sequence, OwnName, Common] {
        assert!(weak.in_words().len() > 20 && weak.to_string().len() > 20);
        assert_ne!(weak.in_words(), weak.to_string());
    }
    for least in [8, 15] {
        let short = TooShort { least };
        assert!(short.in_words().contains(&least.to_string()) && short.to_string().contains(&least.to_string()));
    }
    assert!(TooLong.in_words().contains("128") && TooLong.to_string().contains("128"));
}
