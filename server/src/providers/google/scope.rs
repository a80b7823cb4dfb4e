//! What each provider has to be allowed by the person, in Google's words and in the tenant's. People may untick what they
//! like on Google's page, so what was granted is compared with what is needed.

use app::{credentials::Provider, tr};

/// Events read and written.
const EVENTS: &str = "https://www.googleapis.com/auth/calendar.events";
/// Free and busy times: asking for them is not covered by [`EVENTS`].
const FREE_BUSY: &str = "https://www.googleapis.com/auth/calendar.freebusy";
/// Everything of all calendars: covers the two above, where somebody's project has it.
const CALENDAR: &str = "https://www.googleapis.com/auth/calendar";
/// Meetings made by this client.
const MEETINGS: &str = "https://www.googleapis.com/auth/meetings.space.created";
/// So that the card can say whose account it is.
const WHO: &str = "openid email";

/// What a provider cannot do without.
fn needed(provider: Provider) -> &'static [&'static str] {
    match provider {
        Provider::GoogleCalendar => &[EVENTS, FREE_BUSY],
        Provider::GoogleMeet => &[MEETINGS],
        _ => &[],
    }
}

/// The `scope` of a consent that serves these providers.
pub(super) fn asked(providers: impl IntoIterator<Item = Provider>) -> String {
    providers.into_iter().flat_map(needed).fold(WHO.to_owned(), |all, scope| all + " " + scope)
}

/// What a provider needs and was not granted. `granted` is Google's own list, parted by spaces.
pub fn missing(provider: Provider, granted: &str) -> Vec<&'static str> {
    let has = |wanted: &str| granted.split_ascii_whitespace().any(|scope| scope == wanted);
    let covered = |scope: &str| has(scope) || (scope != MEETINGS && has(CALENDAR));
    needed(provider).iter().copied().filter(|scope| !covered(scope)).collect()
}

/// A scope as Google's page puts it to the person, more or less.
pub fn in_words(scope: &str) -> &'static str {
    match scope {
        EVENTS => tr!("ver e marcar eventos nas agendas", "see and book events in the calendars"),
        FREE_BUSY => tr!("ver os horários livres e ocupados", "see free and busy times"),
        CALENDAR => tr!("ver e mudar todas as agendas", "see and change all calendars"),
        MEETINGS => tr!(
            "criar reuniões do Google Meet e ver as que criou",
            "create Google Meet meetings and see the ones it created"
        ),
        "openid" | "email" | "https://www.googleapis.com/auth/userinfo.email" => {
            tr!("ver o endereço de e-mail da conta", "see the account’s email address")
        }
        _ => tr!("outra permissão", "another permission"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_named() {
        let calendar = |granted: &str| missing(Provider::GoogleCalendar, granted);
        assert_eq!(calendar(""), [EVENTS, FREE_BUSY]);
        assert_eq!(calendar(&format!("openid {EVENTS}")), [FREE_BUSY]);
        assert_eq!(calendar(&format!("{EVENTS}.readonly {FREE_BUSY}")), [EVENTS], "reading alone does not book");
        assert!(calendar(&asked([Provider::GoogleCalendar])).is_empty());
        assert!(calendar(CALENDAR).is_empty());
        assert_eq!(missing(Provider::GoogleMeet, CALENDAR), [MEETINGS]);
        let both = asked([Provider::GoogleCalendar, Provider::GoogleMeet]);
        assert_eq!(both.split(' ').count(), 5);
        for scope in both.split(' ') {
            assert_ne!(in_words(scope), "outra permissão", "{scope}");
        }
    }
}
