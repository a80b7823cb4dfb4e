//! One appointment's page, and the same person's others.

use super::entry::{path, web_link, what};
use crate::{
    backend::{RequestBackend, calendar, contact, conversations::address},
    mapping::{Appointment, Naive, Person},
    project::ProjectError,
    store::Visitor,
    words::{self, Calendar},
};
use app::{
    appointments::{AppointmentDetail, Other},
    error::AppError,
    tr,
    ui::When,
};
use jiff::SignedDuration;

/// Other appointments of the same person at most.
const OTHERS: u32 = 20;

impl RequestBackend {
    /// # Errors
    /// See the port's.
    pub(super) async fn appointment_detail(&self, visitor: &Visitor, id: &str) -> Result<AppointmentDetail, AppError> {
        let calendar = calendar(visitor);
        let project = self.project(visitor).await?;
        let failed = |error| self.project_failed(visitor, &project, error);
        let found = project.find_appointment(id).await.map_err(failed)?;
        let (row, assumed) = found.ok_or(AppError::NotFound)?;
        let person = row.person.as_ref().filter(|person| !matches!(person, Person::Other(_)));
        let others = match person {
            Some(person) => match project.appointments_of(person, OTHERS).await {
                Err(ProjectError::NotMapped(_) | ProjectError::NotTold(_)) => None,
                Err(error) => Some(Err(failed(error))),
                Ok(rows) => Some(Ok(others(&calendar, &row, rows))),
            },
            None => None,
        };
        let (who, phone) = contact(row.name.as_deref(), row.person.as_ref());
        Ok(AppointmentDetail {
            who,
            phone,
            conversation: row.conversation.as_deref().map(address),
            when: when(&calendar, &row),
            zone: calendar.zone_words(),
            duration: row.ends.map(|ends| duration(ends.duration_since(row.starts))).unwrap_or_default(),
            price: row.price.map(words::reais).unwrap_or_default(),
            status: words::appointment_status(row.outcome, row.status.as_deref()),
            meet_link: web_link(&row).map(str::to_owned),
            assumed: assumed.map(|assumed| assumption(assumed, &calendar)),
            others,
            file: format!("/files{}.ics", path(&row.id)),
            service: row.service.unwrap_or_default(),
            professional: row.professional.unwrap_or_default(),
            reading: self.reading(visitor, &calendar, &project),
        })
    }
}

fn others(calendar: &Calendar, this: &Appointment, rows: Vec<Appointment>) -> Vec<Other> {
    let other = |row: Appointment| Other {
        path: path(&row.id),
        starts: calendar.soon(row.starts),
        what: what(&row),
        status: words::appointment_status(row.outcome, row.status.as_deref()),
        ahead: row.starts >= calendar.now(),
    };
    rows.into_iter().filter(|row| row.id != this.id).map(other).collect()
}

/// "terça, 24 de novembro, das 14:00 às 14:45".
fn when(calendar: &Calendar, row: &Appointment) -> When {
    let (day, clock) = (|at| calendar.full_day(calendar.date_of(at)), calendar.time(row.starts));
    let begins = day(row.starts);
    let text = match row.ends.filter(|ends| *ends > row.starts) {
        None => tr!(format!("{begins}, às {}", clock.text), format!("{begins}, at {}", clock.text)),
        Some(ends) if calendar.date_of(ends) == calendar.date_of(row.starts) => {
            let (from, to) = (&clock.text, calendar.time(ends).text);
            tr!(format!("{begins}, das {from} às {to}"), format!("{begins}, {from} to {to}"))
        }
        Some(ends) => {
            let (from, end, to) = (&clock.text, day(ends), calendar.time(ends).text);
            tr!(format!("de {begins}, {from}, a {end}, {to}"), format!("from {begins}, {from}, to {end}, {to}"))
        }
    };
    When { text, ..clock }
}

/// "45 min", "1 h 30 min", "2 dias 3 h".
fn duration(lasts: SignedDuration) -> String {
    let minutes = lasts.as_mins();
    let (days, hours, minutes) = (minutes / (24 * 60), minutes / 60 % 24, minutes % 60);
    let days = match days {
        0 => String::new(),
        1 => tr!("1 dia", "1 day").to_owned(),
        many => tr!(format!("{many} dias"), format!("{many} days")),
    };
    let parts = [
        days,
        if hours > 0 { format!("{hours} h") } else { String::new() },
        if minutes > 0 { format!("{minutes} min") } else { String::new() },
    ];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

fn assumption(naive: Naive, calendar: &Calendar) -> String {
    let zone = match naive {
        Naive::Utc => tr!("horário universal (UTC)", "universal time (UTC)").to_owned(),
        Naive::Tenant => calendar.zone_words(),
    };
    tr!(
        format!("Horário sem fuso na tabela; lido como {zone}."),
        format!("The table gives no time zone; read as {zone}.")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_told_in_words() {
        for (minutes, words) in
            [(0, ""), (45, "45 min"), (60, "1 h"), (90, "1 h 30 min"), (1440, "1 dia"), (3060, "2 dias 3 h")]
        {
            assert_eq!(duration(SignedDuration::from_mins(minutes)), words);
        }
    }
}
