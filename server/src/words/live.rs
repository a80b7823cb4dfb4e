//! What the mark of a live page says.

use crate::live::{Told, Why};
use app::tr;

/// What is told, for a person: "mudou às 14:32".
pub fn told(told: &Told) -> String {
    match told {
        Told::Watching => tr!("novidades aparecem sozinhas", "updates appear by themselves").to_owned(),
        Told::Blind => tr!(
            "as tabelas não dizem o que é novo: lido de novo a cada minuto",
            "the tables do not say what is new: read again every minute"
        )
        .to_owned(),
        Told::Changed { at } => tr!(format!("mudou às {at}"), format!("changed at {at}")),
        Told::Stopped { why, since } => {
            let why = why_in_words(*why);
            tr!(format!("parado: {why} desde {since}"), format!("stopped: {why} since {since}"))
        }
        Told::Refresh => tr!("lido de novo", "read again").to_owned(),
    }
}

/// That a page may listen no more.
pub fn over() -> &'static str {
    tr!("desligado", "off")
}

/// Why nothing new comes, so that "desde 14:32" may follow.
fn why_in_words(why: Why) -> &'static str {
    match why {
        Why::Paused => tr!("o projeto está pausado", "the project has been paused"),
        Why::Busy => tr!("muitas leituras ao mesmo tempo", "too many reads at the same time"),
        Why::Rubbish => {
            tr!("o projeto responde algo que não entendemos", "the project has answered something we do not understand")
        }
        Why::AddressRefused => tr!("o endereço do projeto é recusado", "the project’s address has been refused"),
        Why::Silent => tr!("o projeto não responde", "the project has not answered"),
        Why::Refused => tr!("o projeto recusa a leitura", "the project has refused the request"),
        Why::NotConfigured => tr!("falta ligar o projeto", "the project has not been connected"),
        Why::Unreadable => tr!("a credencial está ilegível", "the credential has been unreadable"),
        Why::Unknown => {
            tr!("o painel não consegue ler o projeto", "Painel has not been able to read the project")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::lang::{Lang, speak};

    #[test]
    fn a_stop_says_why_and_since_when() {
        let stopped = Told::Stopped { why: Why::Silent, since: "14:32".into() };
        assert_eq!(told(&stopped), "parado: o projeto não responde desde 14:32");
        assert_eq!(speak(Lang::En, || told(&stopped)), "stopped: the project has not answered since 14:32");
    }

    #[test]
    fn everything_is_told_in_both_languages() {
        let at = "14:32".into();
        assert_ne!(told(&Told::Blind), speak(Lang::En, || told(&Told::Blind)));
        for why in [
            Why::Paused,
            Why::Busy,
            Why::Rubbish,
            Why::AddressRefused,
            Why::Silent,
            Why::Refused,
            Why::NotConfigured,
            Why::Unreadable,
            Why::Unknown,
        ] {
            assert_ne!(why_in_words(why), speak(Lang::En, || why_in_words(why)), "{why:?}");
        }
        for (what, portuguese, english) in [
            (Told::Watching, "novidades aparecem sozinhas", "updates appear by themselves"),
            (Told::Changed { at }, "mudou às 14:32", "changed at 14:32"),
            (Told::Refresh, "lido de novo", "read again"),
        ] {
            assert_eq!(told(&what), portuguese);
            assert_eq!(speak(Lang::En, || told(&what)), english);
        }
    }
}
