//! What is asked about appointments.

use jiff::{SignedDuration, Timestamp, tz::TimeZone};

use super::{
    answer::Answer,
    cursor::Cursor,
    error::ProjectError,
    order::{Order, between, page, value},
    reads::{MOST_ROWS, Page, Project, one_more, read},
    request::{Op, Query},
    sample::Pace,
    value::Value,
};
use crate::mapping::{Appointment, Ends, Expr, Mapping, Naive, Outcome, Part, Person, Row, When};

/// How long before now an appointment may have begun that is not over.
const UNDER_WAY: SignedDuration = SignedDuration::from_hours(12);
/// Rows of appointments that are looked at for each that is wanted: cancelled ones are among them.
const PER_UPCOMING: u32 = 8;

impl Project {
    /// Appointments that are not over and not cancelled, the next first.
    ///
    /// # Errors
    /// See [`ProjectError`].
    pub async fn upcoming(&self, pace: &Pace, now: Timestamp, limit: u32) -> Result<Vec<Appointment>, ProjectError> {
        let rows = (limit.max(1) * PER_UPCOMING).min(MOST_ROWS);
        let from = now.checked_sub(UNDER_WAY).unwrap_or(now);
        let query = |mapping: &Mapping| {
            let query = appointments(mapping, Some(from), None, self.zone(), rows)?;
            Ok(query.known_as("upcoming"))
        };
        let _place = pace.place().await;
        let (answer, mapping) = self.answer(Part::Appointments, query, pace.until).await?;
        let mut found = self.read_appointments(&mapping, &answer.rows);
        found.retain(|one| {
            one.ends.unwrap_or(one.starts).max(one.starts) >= now && one.outcome != Some(Outcome::Cancelled)
        });
        found.truncate(limit as usize);
        Ok(found)
    }

    /// Appointments that start from one instant until before another, in order.
    ///
    /// # Errors
    /// See [`ProjectError`].
    pub async fn appointments_between(
        &self,
        from: Timestamp,
        until: Timestamp,
        limit: u32,
    ) -> Result<Page<Appointment>, ProjectError> {
        let part = Part::Appointments;
        // Counted: a project may give fewer rows than are asked for.
        let query = |mapping: &Mapping| {
            Ok(appointments(mapping, Some(from), Some(until), self.zone(), one_more(limit))?.counted())
        };
        let (Answer { rows, total }, mapping) = self.answer(part, query, Self::until()).await?;
        let mut found = self.read_appointments(&mapping, &rows);
        let skipped = rows.len() - found.len();
        let most = limit.clamp(1, MOST_ROWS) as usize;
        let cut = rows.len() > most || total.is_some_and(|total| total > rows.len() as u64);
        // In the order of their starts, one beyond the span says that all within it came.
        let beyond = starts_in_order(&mapping) && found.last().is_some_and(|last| last.starts >= until);
        found.retain(|one| one.starts >= from && one.starts < until);
        let more = found.len() > most || (cut && !beyond);
        found.truncate(most);
        Ok(Page { rows: found, more, skipped, ends: None })
    }

    /// Whether appointments can be asked for by their starts. Where they cannot, each question reads the newest rows.
    pub fn orders_appointments(&self) -> bool {
        starts_in_order(&self.mapping())
    }

    /// Appointments that began before an instant and go on after it, but no earlier than `since` where the tables do not
    /// tell ends in a way that can be asked for; those that began last.
    ///
    /// # Errors
    /// See [`ProjectError`].
    pub async fn appointments_under_way(
        &self,
        at: Timestamp,
        since: Timestamp,
        limit: u32,
    ) -> Result<Page<Appointment>, ProjectError> {
        let part = Part::Appointments;
        let query = |mapping: &Mapping| {
            let appointments = mapping.appointments.as_ref().ok_or(ProjectError::NotMapped(part))?;
            let order = Order::new(part, Some(&appointments.starts), &appointments.id)?;
            let Some((starts, when)) = &order.at else { return Err(ProjectError::NotTold(part)) };
            let query = read(mapping, part, &order.descending(), one_more(limit))?;
            let query = query.all(&between(&appointments.starts, None, Some(at), self.zone()));
            let ends = match &appointments.ends {
                Ends::At(ends) => ends.ordered().zip(ends.bound(at, self.zone())),
                _ => None,
            };
            Ok(match ends {
                Some((column, bound)) => query.filter(&column, Op::Gte, value(&bound)),
                None => match when.bound(since, self.zone()) {
                    Some(bound) => query.filter(starts, Op::Gte, value(&bound)),
                    None => query,
                },
            })
        };
        let (rows, mapping) = self.rows(part, query).await?;
        let most = limit.clamp(1, MOST_ROWS) as usize;
        let (more, mut found) = (rows.len() > most, self.read_appointments(&mapping, &rows));
        let skipped = rows.len() - found.len();
        found.retain(|one| one.starts < at && one.ends.is_some_and(|ends| ends > at));
        Ok(Page { rows: found, more, skipped, ends: None })
    }

    /// One appointment by what stands in its address, and the zone that its start is taken to be in, where the row says none.
    ///
    /// # Errors
    /// See [`ProjectError`].
    pub async fn find_appointment(&self, id: &str) -> Result<Option<(Appointment, Option<Naive>)>, ProjectError> {
        let part = Part::Appointments;
        let Some(id) = Value::text(id) else { return Ok(None) };
        let query = |mapping: &Mapping| {
            let appointments = mapping.appointments.as_ref().ok_or(ProjectError::NotMapped(part))?;
            let order = Order::new(part, None, &appointments.id)?;
            Ok(read(mapping, part, &order.descending(), 1)?.filter(&order.id, Op::Eq, id.clone()))
        };
        match self.rows(part, query).await {
            Ok((rows, mapping)) => Ok(rows.first().and_then(|row| {
                let found = mapping.appointment(row, self.zone())?;
                Some((found, mapping.appointments.as_ref()?.starts.assumed(row)))
            })),
            // A word where the table has numbers: no row has it.
            Err(ProjectError::Mismatch(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The latest appointments of a person, the furthest ahead first.
    ///
    /// # Errors
    /// See [`ProjectError`].
    pub async fn appointments_of(&self, person: &Person, limit: u32) -> Result<Vec<Appointment>, ProjectError> {
        let part = Part::Appointments;
        let query = |mapping: &Mapping, keys: &[Value]| {
            let appointments = mapping.appointments.as_ref().ok_or(ProjectError::NotMapped(part))?;
            let order = Order::new(part, Some(&appointments.starts), &appointments.id)?;
            let column = appointments.person.as_ref().and_then(Expr::compared).ok_or(ProjectError::NotTold(part))?;
            let order = match &order.at {
                Some((starts, _)) => format!("{starts}.desc.nullslast,{id}.desc", id = order.id),
                None => order.descending(),
            };
            Ok(read(mapping, part, &order, limit.clamp(1, MOST_ROWS))?.one_of(&column, keys))
        };
        let keys = |texts: Vec<String>| texts.iter().filter_map(|text| Value::text(text)).collect::<Vec<_>>();
        let all = keys(person.written(&person.to_string()));
        let (rows, mapping) = match self.rows(part, |mapping| query(mapping, &all)).await {
            // A column of numbers.
            Err(ProjectError::Mismatch(_)) => {
                let digits = keys(person.spellings());
                self.rows(part, |mapping| query(mapping, &digits)).await?
            }
            found => found?,
        };
        let mut found = self.read_appointments(&mapping, &rows);
        found.reverse();
        Ok(found)
    }

    /// Appointments within a span, in the order of their starts, those after a place.
    ///
    /// # Errors
    /// See [`ProjectError`].
    pub async fn appointments_after(
        &self,
        from: Option<Timestamp>,
        until: Option<Timestamp>,
        after: Option<&Cursor>,
        limit: u32,
    ) -> Result<Page<Appointment>, ProjectError> {
        let part = Part::Appointments;
        let order_of = |mapping: &Mapping| {
            let appointments = mapping.appointments.as_ref().ok_or(ProjectError::NotMapped(part))?;
            Order::new(part, Some(&appointments.starts), &appointments.id)
        };
        let query = |mapping: &Mapping| {
            let order = order_of(mapping)?;
            let query = appointments(mapping, from, until, self.zone(), one_more(limit))?;
            Ok(match after {
                Some(place) => order.beyond(query, place, if order.at.is_some() { Op::Gt } else { Op::Lt }),
                None => query,
            })
        };
        let (rows, mapping) = self.rows(part, query).await?;
        let order = order_of(&mapping)?;
        let within = |one: &Appointment| {
            from.is_none_or(|from| one.starts >= from) && until.is_none_or(|until| one.starts < until)
        };
        let read = |row: &Row| mapping.appointment(row, self.zone()).filter(within);
        Ok(page(rows, limit, false, &order, read))
    }

    /// Rows of appointments in the order of their starts, which a table may keep in texts.
    fn read_appointments(&self, mapping: &Mapping, rows: &[Row]) -> Vec<Appointment> {
        let mut found: Vec<Appointment> = rows.iter().filter_map(|row| mapping.appointment(row, self.zone())).collect();
        found.sort_by_key(|one| one.starts);
        found
    }
}

/// Whether a table's rows can be put in the order of their starts.
fn starts_in_order(mapping: &Mapping) -> bool {
    mapping.appointments.as_ref().is_some_and(|appointments| appointments.starts.ordered().is_some())
}

/// Appointments whose start is from an instant on, or within a span. Where rows cannot be put in order by their start, the
/// newest rows: whoever asks looks at the instants.
pub(super) fn appointments(
    mapping: &Mapping,
    from: Option<Timestamp>,
    until: Option<Timestamp>,
    zone: &TimeZone,
    limit: u32,
) -> Result<Query, ProjectError> {
    let part = Part::Appointments;
    let appointments = mapping.appointments.as_ref().ok_or(ProjectError::NotMapped(part))?;
    let order = Order::new(part, Some(&appointments.starts), &appointments.id)?;
    let Some((starts, when)) = &order.at else {
        return read(mapping, part, &order.descending(), MOST_ROWS + 1);
    };
    let mut query = read(mapping, part, &format!("{starts}.asc,{id}.asc", id = order.id), limit)?;
    if from.is_none() {
        query = query.not_null(starts);
    }
    // A day and an hour are compared by the day, whole days.
    let by_day = matches!(when, When::DayAndHour { .. });
    if let Some(from) = from.and_then(|from| when.bound(from, zone)) {
        query = query.filter(starts, Op::Gte, value(&from));
    }
    if let Some(until) = until.and_then(|until| when.bound(until, zone)) {
        query = query.filter(starts, if by_day { Op::Lte } else { Op::Lt }, value(&until));
    }
    Ok(query)
}
