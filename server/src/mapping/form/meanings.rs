//! Our own words in the fields of a form: no value, any value, who wrote, what became of an appointment. Whoever fills a
//! form in may do so in either language; whoever reads it does so in theirs.

use super::{
    super::words::{Author, Outcome, plain},
    Fields,
};
use app::{
    lang::{Lang, speak},
    tr,
};

/// What stands for no value at all.
pub(super) fn empty_word() -> &'static str {
    tr!("(vazio)", "(empty)")
}

/// What stands for any value.
pub(super) fn filled_word() -> &'static str {
    tr!("(preenchido)", "(filled)")
}

/// A word of a form in every language: it is read in all of them, whoever wrote it.
pub(super) fn each(word: impl Fn() -> &'static str) -> [&'static str; 2] {
    Lang::ALL.map(|lang| speak(lang, &word))
}

/// The reader's word for a meaning that stands in a field in some language.
fn readers_word(name: &str, meaning: &str) -> Option<&'static str> {
    let all: Vec<[&str; 2]> = match name {
        "messages.authors" => AUTHORS.map(|author| each(|| author_word(author))).into(),
        "appointments.statuses" => OUTCOMES.map(|outcome| each(|| outcome_word(outcome))).into(),
        name if name.ends_with(".only") => vec![each(empty_word), each(filled_word)],
        _ => Vec::new(),
    };
    let [portuguese, english] = all.into_iter().find(|words| words.contains(&meaning))?;
    Some(tr!(portuguese, english))
}

/// Fields that somebody kept, with the words for meanings in the reader's language and all else as it was kept.
pub fn reworded(mut fields: Fields) -> Fields {
    for (name, text) in &mut fields {
        let other = |line: &str| {
            let (left, right) = line.split_once('=')?;
            let word = readers_word(name, right.trim()).filter(|word| *word != right.trim())?;
            Some(format!("{} = {word}", left.trim()))
        };
        if text.lines().any(|line| other(line).is_some()) {
            let lines = text.lines().map(|line| other(line).unwrap_or_else(|| line.to_owned()));
            *text = lines.collect::<Vec<_>>().join("\n");
        }
    }
    fields
}

/// The word of a form for who wrote a message.
pub fn author_word(author: Author) -> &'static str {
    match author {
        Author::Contact => tr!("contato", "contact"),
        Author::Bot => tr!("robô", "bot"),
        Author::Team => tr!("equipe", "team"),
        Author::Business => tr!("negócio", "business"),
        Author::Hidden => tr!("ninguém", "nobody"),
    }
}

const AUTHORS: [Author; 5] = [Author::Contact, Author::Bot, Author::Team, Author::Business, Author::Hidden];

pub(super) fn read_author(word: &str) -> Option<Author> {
    AUTHORS.into_iter().find(|author| each(|| author_word(*author)).iter().any(|known| plain(known) == plain(word)))
}

/// The word for what becomes of an appointment, in a form as elsewhere.
pub fn outcome_word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Scheduled => tr!("a confirmar", "unconfirmed"),
        Outcome::Confirmed => tr!("confirmado", "confirmed"),
        Outcome::InProgress => tr!("em atendimento", "in progress"),
        Outcome::Completed => tr!("realizado", "completed"),
        Outcome::Cancelled => tr!("cancelado", "cancelled"),
        Outcome::NoShow => tr!("faltou", "no-show"),
        Outcome::Rescheduled => tr!("remarcado", "rescheduled"),
    }
}

const OUTCOMES: [Outcome; 7] = [
    Outcome::Scheduled,
    Outcome::Confirmed,
    Outcome::InProgress,
    Outcome::Completed,
    Outcome::Cancelled,
    Outcome::NoShow,
    Outcome::Rescheduled,
];

pub(super) fn read_outcome(word: &str) -> Option<Outcome> {
    let is = |outcome: &Outcome| each(|| outcome_word(*outcome)).iter().any(|known| plain(known) == plain(word));
    Outcome::read(word).or_else(|| OUTCOMES.into_iter().find(is))
}

#[cfg(test)]
mod tests {
    use super::{
        super::super::{model::Mapping, presets},
        *,
    };

    #[test]
    fn a_form_of_one_language_is_read_and_shown_in_the_other() {
        let preset = || presets::preset("e", "rich").unwrap();
        let (portuguese, english) = (preset().to_fields(), speak(Lang::En, || preset().to_fields()));
        assert_ne!(portuguese, english);
        for fields in [&portuguese, &english] {
            assert_eq!(Mapping::from_fields(fields), Ok(preset()));
            assert_eq!(speak(Lang::En, || Mapping::from_fields(fields)), Ok(preset()));
            assert_eq!(reworded(fields.clone()), portuguese);
            assert_eq!(speak(Lang::En, || reworded(fields.clone())), english);
        }
        for outcome in OUTCOMES {
            assert_eq!(each(|| outcome_word(outcome)).map(read_outcome), [Some(outcome); 2]);
        }
    }
}
