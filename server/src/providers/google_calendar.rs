//! Google Agenda: an OAuth client and the calendar that appointments go to.

mod test;

pub(super) use test::test;

use super::{form::Form, form::Refusal, google};
use app::tr;

const CALENDAR: &str = "calendar_id";

/// Checks the card.
pub(super) fn check(form: &mut Form<'_>) {
    google::check_client(form);
    form.read(CALENDAR, read_calendar_id);
}

/// `primary`, or something that looks like an e-mail: a person's, a group calendar's, a holiday calendar's (with `#`).
fn read_calendar_id(text: &str) -> Result<String, Refusal> {
    if text.eq_ignore_ascii_case("primary") {
        return Ok("primary".to_owned());
    }
    if text.contains("://") {
        return Err(tr!(
            "Isto é um endereço. O ID está na agenda, em Configurações → Integrar agenda → ID da agenda.",
            "This is an address. The ID is in the calendar, under Settings → Integrate calendar → Calendar ID."
        )
        .into());
    }
    let whole = text.rsplit_once('@').is_some_and(|(name, domain)| {
        let unfit = |c: char| c.is_whitespace() || c.is_control() || "/?".contains(c);
        let host = domain.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'-');
        let top = domain.rsplit_once('.').map_or("", |(_, top)| top);
        (1..=256).contains(&name.chars().count())
            && !name.contains(unfit)
            && host
            && !domain.starts_with('.')
            && top.len() >= 2
            && top.bytes().all(|byte| byte.is_ascii_alphabetic())
    });
    if whole {
        return Ok(text.to_owned());
    }
    Err(tr!(
        "Use “primary”, um e-mail ou o ID terminado em @group.calendar.google.com.",
        "Use “primary”, an email address or the ID that ends in @group.calendar.google.com."
    )
    .into())
}

#[cfg(test)]
mod tests {
    use crate::providers::testing::check;
    use app::credentials::Provider::GoogleCalendar;

    #[test]
    fn reads_calendar_ids() {
        let stored = [
            ("client_id", "1-a.apps.googleusercontent.com"),
            ("client_secret", "abcdefghijklmnopqrstuv_-"),
            ("calendar_id", "primary"),
        ];
        let check = |value: &str, expected| check(GoogleCalendar, &stored, "calendar_id", value, expected);
        check("primary", Ok("primary"));
        check(" Primary ", Ok("primary"));
        for good in [
            "agenda@clinica-aurora.com.br",
            "c_0123456789abcdef@group.calendar.google.com",
            "pt.brazilian#holiday@group.v.calendar.google.com",
        ] {
            check(good, Ok(good));
        }
        check("https://calendar.google.com/calendar/u/0?cid=abc", Err("é um endereço"));
        for wrong in [
            "agenda",
            "@x.com",
            "a b@x.com",
            "a/b@x.com",
            "a?b@x.com",
            "a@x",
            "a@.com",
            "a@x.c",
            "a@x.c0m",
            "a@x y.com",
        ] {
            check(wrong, Err("primary"));
        }
        check(&format!("{}@x.com", "a".repeat(257)), Err("primary"));
    }
}
