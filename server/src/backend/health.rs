//! The health of connections in words: for the cards, for the frame around every page, and for the agency's fleet.

use super::{connection::in_words, instant};
use crate::{
    health::{Pace, shown},
    providers::Standing,
    store::{CHECKS_KEPT, CheckRow, ConnectionState, StandingRow},
    words::Calendar,
};
use app::{
    credentials::{ConnectionHealth, Provider, StripMark},
    session::BrokenConnection,
    tr,
    ui::{Status, Tone},
};
use time::OffsetDateTime;

/// Where a connection stands now, as a badge.
pub(super) fn badge(standing: &StandingRow, now: OffsetDateTime) -> Status {
    status(shown(standing, now, &Pace::default()))
}

/// A state as a badge.
fn status(state: ConnectionState) -> Status {
    in_words(match state {
        ConnectionState::Healthy => Standing::Healthy,
        ConnectionState::Degraded => Standing::Degraded,
        ConnectionState::Expired => Standing::Expired,
        ConnectionState::Unreachable => Standing::Unreachable,
        ConnectionState::Unknown => {
            return Status { tone: Tone::Quiet, label: tr!("não verificado", "not checked").to_owned() };
        }
    })
}

/// A stored connection that was never looked at.
pub(super) fn unseen() -> Status {
    status(ConnectionState::Unknown)
}

/// One card's health. `standing` is missing until the first check; `checks` are all of the tenant's.
pub(super) fn card_health(
    provider: Provider,
    standing: Option<&StandingRow>,
    checks: &[CheckRow],
    calendar: &Calendar,
    now: OffsetDateTime,
) -> ConnectionHealth {
    let own: Vec<&CheckRow> = checks.iter().filter(|check| check.provider == provider).collect();
    let state = standing.map_or(ConnectionState::Unknown, |standing| shown(standing, now, &Pace::default()));
    let when = |at: Option<OffsetDateTime>| at.map(|at| calendar.recently(instant(at)));
    let checked = standing.filter(|standing| standing.current).and_then(|standing| standing.checked_at);
    // What a check of an older version of the credential, or of long ago, found is no evidence of now.
    let told = standing.filter(|standing| standing.current && (state.is_trouble() || standing.doubted));
    let told = told.and(own.first()).filter(|check| check.state != ConnectionState::Healthy);
    let note = match (standing, state) {
        (Some(standing), ConnectionState::Healthy) if standing.doubted => {
            tr!(
                "A última verificação falhou. Outra, em um ou dois minutos, dirá se foi só um momento.",
                "The last check failed. Another one, in a minute or two, will tell whether it was only momentary."
            )
        }
        (Some(standing), ConnectionState::Unknown) if standing.current && standing.doubted => {
            tr!(
                "A primeira verificação não deu certo. Outra vem em um ou dois minutos.",
                "The first check did not succeed. Another one follows in a minute or two."
            )
        }
        (Some(standing), ConnectionState::Unknown) if standing.current && standing.state == state => {
            tr!("As últimas verificações não deixaram saber.", "The last checks could not tell.")
        }
        (Some(standing), ConnectionState::Unknown) if standing.current => {
            tr!(
                "Faz tempo que ninguém verifica: o que se sabia não vale mais.",
                "Nobody has checked for a while: what was known no longer holds."
            )
        }
        (_, ConnectionState::Unknown) => tr!(
            "A primeira verificação vem um ou dois minutos depois de guardar.",
            "The first check comes a minute or two after saving."
        ),
        _ => "",
    };
    ConnectionHealth {
        provider,
        status: status(state),
        since: state.is_trouble().then(|| when(standing.map(|standing| standing.since))).flatten(),
        checked: when(checked),
        note: note.to_owned(),
        what: told.map(|check| check.what.here().to_owned()).unwrap_or_default(),
        fix: told.map(|check| check.fix.here().to_owned()).unwrap_or_default(),
        strip: strip(&own, calendar),
        summary: summary(&own),
    }
}

/// The latest checks, the oldest first.
fn strip(own: &[&CheckRow], calendar: &Calendar) -> Vec<StripMark> {
    let kept = usize::try_from(CHECKS_KEPT).unwrap_or(usize::MAX);
    let bar = |check: &&CheckRow| {
        let Status { tone, label } = mark(check.state);
        StripMark { tone, words: format!("{}: {label}", calendar.recently(instant(check.at)).full) }
    };
    own.iter().take(kept).rev().map(bar).collect()
}

/// One check as a badge: it was made, whatever it found.
fn mark(state: ConnectionState) -> Status {
    match state {
        ConnectionState::Unknown => in_words(Standing::Unknown),
        state => status(state),
    }
}

/// The strip in words: "Últimas 48 verificações: 46 funciona, 2 sem resposta".
fn summary(own: &[&CheckRow]) -> String {
    let counts = ConnectionState::ALL.into_iter().filter_map(|state| {
        let count = own.iter().filter(|check| check.state == state).count();
        (count > 0).then(|| format!("{count} “{}”", mark(state).label))
    });
    let counts: Vec<String> = counts.collect();
    match own.len() {
        0 => String::new(),
        1 => tr!(format!("Última verificação: {}", counts.join(", ")), format!("Last check: {}", counts.join(", "))),
        all => tr!(
            format!("Últimas {all} verificações: {}", counts.join(", ")),
            format!("Last {all} checks: {}", counts.join(", "))
        ),
    }
}

/// What the frame tells whoever can mend it.
pub(super) fn trouble(standing: &StandingRow, calendar: &Calendar, now: OffsetDateTime) -> Option<BrokenConnection> {
    let label = standing.provider.label();
    let words = match shown(standing, now, &Pace::default()) {
        ConnectionState::Degraded => {
            tr!(format!("A conexão {label} precisa de um acerto"), format!("The {label} connection needs a fix"))
        }
        ConnectionState::Expired => tr!(
            format!("A conexão {label} parou de funcionar: o acesso é recusado"),
            format!("The {label} connection stopped working: access is refused")
        ),
        ConnectionState::Unreachable => tr!(
            format!("A conexão {label} parou de funcionar: não há resposta"),
            format!("The {label} connection stopped working: no answer")
        ),
        ConnectionState::Healthy | ConnectionState::Unknown => return None,
    };
    let since = calendar.recently(instant(standing.since));
    Some(BrokenConnection { card: standing.provider.as_str().to_owned(), words, since })
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::both;
    use time::{Duration, macros::datetime};

    const NOW: OffsetDateTime = datetime!(2026-03-02 12:00 UTC);

    fn standing(state: ConnectionState) -> StandingRow {
        StandingRow {
            provider: Provider::Supabase,
            state,
            since: NOW - Duration::hours(3),
            checked_at: Some(NOW - Duration::minutes(5)),
            healthy_at: (state == ConnectionState::Healthy).then_some(NOW - Duration::minutes(5)),
            doubted: false,
            current: true,
        }
    }

    fn check(state: ConnectionState, minutes: i64) -> CheckRow {
        CheckRow {
            provider: Provider::Supabase,
            at: NOW - Duration::minutes(minutes),
            state,
            what: both!("O projeto está pausado.", "The project is paused."),
            fix: both!("Reative-o.", "Restore it."),
        }
    }

    fn card(standing: Option<&StandingRow>, checks: &[CheckRow]) -> ConnectionHealth {
        let calendar = Calendar::new("America/Sao_Paulo", instant(NOW));
        card_health(Provider::Supabase, standing, checks, &calendar, NOW)
    }

    #[test]
    fn a_card_says_what_is_known_and_nothing_more() {
        use ConnectionState::{Healthy, Unreachable};
        let checks = [check(Unreachable, 5), check(Unreachable, 7), check(Healthy, 20)];
        let sick = card(Some(&standing(Unreachable)), &checks);
        assert_eq!((sick.status.label.as_str(), sick.what.as_str()), ("sem resposta", "O projeto está pausado."));
        assert!(sick.since.is_some() && sick.checked.is_some());
        assert_eq!(sick.summary, "Últimas 3 verificações: 1 “funciona”, 2 “sem resposta”");
        assert_eq!(sick.strip.iter().map(|mark| mark.tone).collect::<Vec<_>>(), [Tone::Ok, Tone::Bad, Tone::Bad]);

        let well = card(Some(&standing(Healthy)), &checks[2..]);
        assert_eq!((well.status.tone, well.what.as_str(), well.note.as_str()), (Tone::Ok, "", ""));

        let old = StandingRow { healthy_at: Some(NOW - Duration::minutes(31)), ..standing(Healthy) };
        let old = card(Some(&old), &checks[2..]);
        assert_eq!((old.status.tone, old.status.label.as_str()), (Tone::Quiet, tr!("não verificado", "not checked")));

        let replaced = StandingRow { current: false, ..standing(Unreachable) };
        let replaced = card(Some(&replaced), &checks);
        assert_eq!((replaced.status.tone, replaced.what.as_str(), replaced.checked), (Tone::Quiet, "", None));

        let unseen = card(None, &[]);
        assert_eq!((unseen.status.tone, unseen.summary.as_str()), (Tone::Quiet, ""));
    }

    #[test]
    fn only_trouble_that_is_known_now_is_told() {
        let calendar = Calendar::new("America/Sao_Paulo", instant(NOW));
        let told = |standing: &StandingRow| trouble(standing, &calendar, NOW).map(|trouble| trouble.words);
        assert_eq!(told(&standing(ConnectionState::Healthy)), None);
        let sick = standing(ConnectionState::Unreachable);
        assert_eq!(told(&sick).unwrap(), "A conexão Supabase parou de funcionar: não há resposta");
        assert_eq!(told(&StandingRow { checked_at: Some(NOW - Duration::hours(2)), ..sick.clone() }), None);
        assert_eq!(told(&StandingRow { current: false, ..sick }), None);
    }
}
