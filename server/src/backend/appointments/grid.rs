//! A day or a week, hours down: which columns there are, and what stands where in each.

use super::{
    asked::Asked,
    entry::entry,
    lanes::{Lane, lanes},
    place::{Days, LINES, Piece, is_long, line_of},
};
use crate::{
    backend::typed_line,
    mapping::Appointment,
    words::{self, Calendar, plus_days},
};
use app::{
    appointments::{AgendaQuery, Column, Grid, Mark, More, Placed, Spot, View},
    tr,
};
use jiff::civil::Date;
use std::collections::BTreeSet;

/// Hours that are drawn at least.
const USUAL_HOURS: (u16, u16) = (8, 18);
/// Lanes of a column at most: a week's and a professional's are narrow.
const MOST_LANES: (usize, usize) = (3, 4);
/// Professionals with a column of their own at most.
const MOST_COLUMNS: usize = 12;

fn nobody() -> &'static str {
    tr!("Sem profissional", "No professional")
}

fn the_others() -> &'static str {
    tr!("Outros", "Others")
}

/// One column before anything stands in it.
struct Head {
    label: String,
    full: String,
    day: Date,
    href: Option<String>,
    /// The one professional whose it is.
    name: Option<String>,
}

/// A part of an appointment and the column it belongs to.
struct Part<'a> {
    row: &'a Appointment,
    piece: Piece,
    column: usize,
}

/// The drawing of some appointments; the professionals are those of all of the span's.
pub(super) fn grid(calendar: &Calendar, asked: &Asked, rows: &[Appointment]) -> Grid {
    let (first, after) = asked.span();
    let names = professionals(rows);
    let groups = asked.view == View::Day && names.len() > 1;
    let grouped = groups && asked.by_professional;
    let heads = if grouped { by_name(&names, first, calendar) } else { by_day(calendar, asked, first, after) };
    let days = Days::new(calendar, first, after);
    let column_of = |row: &Appointment, piece: &Piece| {
        if !grouped {
            return piece.day;
        }
        let name = name_of(row);
        names.iter().position(|known| *known == name).unwrap_or(MOST_COLUMNS).min(heads.len() - 1)
    };
    let parts: Vec<Part> = rows
        .iter()
        .flat_map(|row| days.pieces(calendar, row.starts, row.ends).into_iter().map(move |piece| (row, piece)))
        .map(|(row, piece)| Part { row, piece, column: column_of(row, &piece) })
        .collect();
    let (top, bottom) = hours(&parts);
    let most = if heads.len() > 1 { MOST_LANES.0 } else { MOST_LANES.1 };
    let frame = Frame { calendar, query: asked.query(), top, bottom, most };
    let columns = heads.into_iter().enumerate().map(|(index, head)| {
        let own: Vec<&Part> = parts.iter().filter(|part| part.column == index).collect();
        frame.column(head, &own)
    });
    Grid { columns: columns.collect(), hours: (top..bottom).map(|hour| format!("{hour:02}:00")).collect(), groups }
}

/// The professionals in order, those without one last, as long as each can have a column.
fn professionals(rows: &[Appointment]) -> Vec<String> {
    let names: BTreeSet<String> = rows.iter().map(name_of).collect();
    let (mut named, nobody): (Vec<String>, Vec<String>) = names.into_iter().partition(|name| !name.is_empty());
    named.sort_by_key(|name| name.to_lowercase());
    named.extend(nobody);
    named
}

fn name_of(row: &Appointment) -> String {
    typed_line(row.professional.as_deref().unwrap_or_default())
}

fn by_name(names: &[String], day: Date, calendar: &Calendar) -> Vec<Head> {
    let fitting = if names.len() > MOST_COLUMNS { MOST_COLUMNS - 1 } else { names.len() };
    let own = |name: &String| {
        if name.is_empty() { (nobody().to_owned(), None) } else { (words::one_line(name, 60), Some(name.clone())) }
    };
    let others = (names.len() > fitting).then(|| (the_others().to_owned(), None));
    let columns = names.iter().take(fitting).map(own).chain(others);
    let head =
        |(label, name)| Head { full: format!("{label}, {}", calendar.full_day(day)), label, day, href: None, name };
    columns.map(head).collect()
}

fn by_day(calendar: &Calendar, asked: &Asked, first: Date, after: Date) -> Vec<Head> {
    let days = first.until(after).map_or(0, |span| i64::from(span.get_days()));
    let query = asked.query().seen_as(View::Day);
    let head = |index| {
        let day = plus_days(first, index);
        Head {
            label: words::short_day(day),
            full: calendar.full_day(day),
            href: (days > 1).then(|| query.on(&day.to_string()).href("/appointments")),
            day,
            name: None,
        }
    };
    (0..days).map(head).collect()
}

/// The first hour that is drawn, and the one after the last.
fn hours(parts: &[Part]) -> (u16, u16) {
    let drawn = || parts.iter().filter(|part| !is_long(part.row.starts, part.row.ends)).map(|part| part.piece.lines);
    let first = drawn().map(|(first, _)| first / 4).min().unwrap_or(USUAL_HOURS.0);
    let last = drawn().map(|(_, last)| last.div_ceil(4)).max().unwrap_or(USUAL_HOURS.1);
    (first.min(USUAL_HOURS.0), last.max(USUAL_HOURS.1).min(LINES / 4))
}

/// What all columns of a drawing share.
struct Frame<'a> {
    calendar: &'a Calendar,
    query: AgendaQuery,
    top: u16,
    bottom: u16,
    most: usize,
}

impl Frame<'_> {
    fn column(&self, Head { label, full, day, href, name }: Head, parts: &[&Part]) -> Column {
        let today = day == self.calendar.today();
        let (long, short): (Vec<&&Part>, Vec<&&Part>) =
            parts.iter().partition(|part| is_long(part.row.starts, part.row.ends));
        let whole = Spot { top: mark(0), height: mark(0), lane: 1, lanes: 1 };
        let long = long.into_iter().map(|part| self.placed(part, whole)).collect();
        let lanes = lanes(&short.iter().map(|part| part.piece.lines).collect::<Vec<_>>());
        // More than fit leave the last lane to a link that tells how many.
        let hidden = |lane: &Lane| lane.of > self.most && lane.lane + 1 >= self.most;
        let mut placed: Vec<Placed> = Vec::new();
        let mut crowds: Vec<(usize, u32, (u16, u16))> = Vec::new();
        for (part, lane) in short.iter().zip(&lanes) {
            let (first, last) = part.piece.lines;
            if !hidden(lane) {
                placed.push(self.placed(part, self.spot((first, last), lane.lane, lane.of.min(self.most))));
                continue;
            }
            match crowds.iter_mut().find(|(cluster, ..)| *cluster == lane.cluster) {
                Some((_, count, lines)) => {
                    *count += 1;
                    *lines = (lines.0.min(first), lines.1.max(last));
                }
                None => crowds.push((lane.cluster, 1, (first, last))),
            }
        }
        // A week leads to the day, which has more room; a day to the list, which shows all: of one person, where the column
        // is theirs.
        let view = if href.is_some() { View::Day } else { View::List };
        let professional = name.unwrap_or_else(|| self.query.professional.clone());
        let all = AgendaQuery { professional, ..self.query.seen_as(view).on(&day.to_string()) }.href("/appointments");
        let more = crowds.into_iter().map(|(_, count, lines)| More {
            count,
            href: all.clone(),
            spot: self.spot(lines, self.most - 1, self.most),
        });
        let line = line_of(self.calendar, self.calendar.now());
        let now = (today && (self.top * 4..self.bottom * 4).contains(&line)).then(|| mark(line - self.top * 4));
        Column { label, full, today, href, long, placed, more: more.collect(), now }
    }

    fn placed(&self, part: &Part, spot: Spot) -> Placed {
        let Piece { before, after, .. } = part.piece;
        let long = is_long(part.row.starts, part.row.ends);
        Placed { entry: entry(self.calendar, &self.query, part.row, before, long), spot, before, after }
    }

    fn spot(&self, (first, last): (u16, u16), lane: usize, lanes: usize) -> Spot {
        let small = |number: usize| u8::try_from(number).unwrap_or(u8::MAX);
        let top = mark(first.saturating_sub(self.top * 4));
        Spot { top, height: mark(last - first), lane: small(lane + 1), lanes: small(lanes) }
    }
}

fn mark(lines: u16) -> Mark {
    let small = |number: u16| u8::try_from(number).unwrap_or(u8::MAX);
    Mark { hour: small(lines / 4), quarter: small(lines % 4) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(id: usize, starts: &str, minutes: i64, professional: &str) -> Appointment {
        let starts: jiff::Timestamp = starts.parse().unwrap();
        Appointment {
            id: id.to_string(),
            conversation: None,
            person: None,
            name: Some(format!("Cliente {id}")),
            service: Some("Corte".into()),
            professional: Some(professional.into()),
            starts,
            ends: Some(starts + jiff::SignedDuration::from_mins(minutes)),
            outcome: None,
            status: None,
            price: None,
            link: None,
        }
    }

    fn drawn(view: &str, group: &str, rows: &[Appointment]) -> Grid {
        let calendar = Calendar::new("America/Sao_Paulo", "2026-11-24T15:20:00Z".parse().unwrap());
        let query =
            AgendaQuery { view: view.into(), date: "2026-11-24".into(), group: group.into(), ..Default::default() };
        grid(&calendar, &Asked::read(&query, &calendar), rows)
    }

    #[test]
    fn the_hours_are_those_needed_and_at_least_the_usual() {
        let hours = |rows: &[Appointment]| {
            let grid = drawn("day", "", rows);
            (grid.hours.first().unwrap().clone(), grid.hours.len())
        };
        assert_eq!(hours(&[]), ("08:00".to_owned(), 10));
        assert_eq!(hours(&[row(1, "2026-11-24T09:30:00Z", 30, "Rui")]), ("06:00".to_owned(), 12));
        assert_eq!(hours(&[row(1, "2026-11-25T02:30:00Z", 60, "Rui")]), ("08:00".to_owned(), 16));
    }

    #[test]
    fn more_than_fit_are_counted_and_none_is_lost() {
        let rows: Vec<_> = (0..7).map(|id| row(id, "2026-11-24T12:00:00Z", 60, "Rui")).collect();
        for (view, cards, hidden) in [("day", 3, 4), ("week", 2, 5)] {
            let grid = drawn(view, "", &rows);
            let column = grid.columns.iter().find(|column| column.today).unwrap();
            let counts: Vec<u32> = column.more.iter().map(|more| more.count).collect();
            assert_eq!((column.placed.len(), counts), (cards, vec![hidden]), "{view}");
            let lane = column.more[0].spot;
            assert_eq!((usize::from(lane.lane), usize::from(lane.lanes)), (cards + 1, cards + 1), "{view}");
        }
        // As many as lanes all fit.
        let grid = drawn("day", "", &rows[..4]);
        assert_eq!((grid.columns[0].placed.len(), grid.columns[0].more.len()), (4, 0));
    }

    #[test]
    fn the_present_is_marked_in_todays_column_alone() {
        let grid = drawn("week", "", &[]);
        let marks: Vec<_> = grid.columns.iter().map(|column| column.now).collect();
        // 12:20 is four hours and a quarter below 8.
        assert_eq!(marks[2], Some(Mark { hour: 4, quarter: 1 }));
        assert_eq!(marks.iter().flatten().count(), 1);
        assert_eq!(grid.columns[2].label, "ter 24");
    }

    #[test]
    fn professionals_have_columns_when_there_are_two() {
        let at = "2026-11-24T12:00:00Z";
        let mut rows = vec![row(1, at, 60, "Rui"), row(2, at, 60, "Ana"), row(3, at, 60, "")];
        let labels = |grid: &Grid| grid.columns.iter().map(|column| column.label.clone()).collect::<Vec<_>>();
        let grid = drawn("day", "professional", &rows);
        assert_eq!(labels(&grid), ["Ana", "Rui", nobody()]);
        assert!(grid.columns.iter().all(|column| column.placed.len() == 1 && column.placed[0].spot.lanes == 1));
        assert_eq!(labels(&drawn("day", "professional", &rows[..1])), ["ter 24"]);
        rows.extend((10..40).map(|id| row(id, at, 60, &format!("P{id}"))));
        let grid = drawn("day", "professional", &rows);
        assert_eq!((grid.columns.len(), labels(&grid).last().cloned()), (MOST_COLUMNS, Some(the_others().to_owned())));
        let shown: u32 = grid
            .columns
            .iter()
            .map(|column| column.placed.len() as u32 + column.more.iter().map(|more| more.count).sum::<u32>())
            .sum();
        assert_eq!(shown, 33);
    }

    #[test]
    fn what_takes_days_stands_above_the_hours() {
        let grid = drawn("week", "", &[row(1, "2026-11-24T12:00:00Z", 3 * 24 * 60, "Rui")]);
        let long: Vec<_> = grid.columns.iter().map(|column| column.long.len()).collect();
        assert_eq!((long, grid.hours.len()), (vec![0, 0, 1, 1, 1, 1, 0], 10));
        assert_eq!(grid.columns[3].long[0].entry.when, "24 nov 09:00 – 27 nov 09:00");
    }
}
