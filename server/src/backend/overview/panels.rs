//! The charts and tables of the overview: each out of the same figures as the cards.

use super::{
    Told,
    numbers::{many, percent, sample},
};
use crate::{
    overview::{Named, Share, Step},
    words::{self, day_and_month},
};
use app::{
    error::AppError,
    overview::{AppointmentPanel, BarCount, Bars, Label, Part, Period, Week, WeekDay},
    tr,
    ui::{Status, Tone},
};
use jiff::civil::Weekday;

/// The period before, in words.
pub(super) struct Against {
    /// All of it.
    pub(super) whole: String,
    /// As much of it as of this one.
    pub(super) so_far: String,
}

/// Steps of the colour of an hour.
const STEPS: u32 = 5;

impl Told<'_> {
    pub(super) fn period(&self) -> Period {
        let (period, calendar) = (self.period, self.calendar);
        let label = match period.days() {
            1 => calendar.full_day(period.first),
            _ => calendar.span(period.first, period.last),
        };
        Period {
            word: period.word.to_owned(),
            from: period.first.to_string(),
            to: period.last.to_string(),
            label,
            against: self.against().so_far,
        }
    }

    /// What the period is compared to.
    pub(super) fn against(&self) -> Against {
        let whole = match (self.period.days(), self.period.open) {
            (1, true) => tr!("ontem", "yesterday").to_owned(),
            (1, false) => tr!("o dia antes", "the day before").to_owned(),
            (days, _) => tr!(format!("{days} dias antes"), format!("the {days} days before")),
        };
        let so_far = match (self.period.days(), self.period.open) {
            (1, true) => tr!("ontem até esta hora", "yesterday until this time").to_owned(),
            (_, true) => tr!(format!("{whole}, até esta hora"), format!("{whole}, until this time")),
            (_, false) => whole.clone(),
        };
        Against { whole, so_far }
    }

    /// Conversations that began; where that is not told, the messages that came in.
    pub(super) fn bars(&self) -> Result<Bars, AppError> {
        let ((what, which), total, bars, partial) = match (&self.figures.talks, &self.figures.said) {
            (Ok(talks), _) => {
                let what = tr!(("Conversas", "Conversas novas"), ("Conversations", "New conversations"));
                (what, talks.began.now, &talks.bars, talks.partial)
            }
            (Err(_), Ok(said)) => {
                let what = tr!(("Mensagens", "Mensagens recebidas"), ("Messages", "Messages received"));
                (what, said.bars.iter().map(|bar| u64::from(*bar)).sum(), &said.bars, said.partial)
            }
            (Err(error), Err(_)) => return Err((self.failed)(*error)),
        };
        let (step, head) = match self.period.step {
            Step::Hour => tr!(("por hora", "Hora"), ("per hour", "Hour")),
            Step::Day => tr!(("por dia", "Dia"), ("per day", "Day")),
            Step::Week => tr!(("por semana", "Semana"), ("per week", "Week")),
        };
        let title = format!("{which} {step}");
        let most = bars.iter().copied().max().unwrap_or(0);
        let counts: Vec<BarCount> = self
            .period
            .bars()
            .into_iter()
            .zip(bars)
            .enumerate()
            .map(|(index, ((first, last), count))| {
                let (label, full) = match self.period.step {
                    Step::Hour => (format!("{index} h"), from_hour(index)),
                    Step::Day => (day_and_month(first), self.calendar.full_day(first)),
                    Step::Week => (day_and_month(first), self.calendar.span(first, last)),
                };
                BarCount { label, full, count: *count }
            })
            .collect();
        let peak = counts.iter().find(|bar| most > 0 && bar.count == most);
        let peak = peak.map(|BarCount { full, .. }| {
            tr!(format!("; o máximo foi {most}, {full}"), format!("; the most was {most}, {full}"))
        });
        let sub = tr!(format!("{} no total", words::number(total)), format!("{} in total", words::number(total)));
        Ok(Bars {
            summary: format!("{title}: {sub}{}.", peak.unwrap_or_default()),
            sub,
            title,
            heads: (head.to_owned(), what.to_owned()),
            bars: counts,
            open: self.period.open && self.period.step != Step::Hour,
            sample: partial.map(sample),
        })
    }

    /// What contacts wrote by day and hour.
    pub(super) fn week(&self) -> Result<Week, AppError> {
        let said = self.figures.said.as_ref().map_err(|error| (self.failed)(*error))?;
        let most = said.week.iter().flatten().copied().max().unwrap_or(0);
        let total: u64 = said.week.iter().flatten().map(|hour| u64::from(*hour)).sum();
        let weekday = |day: usize| {
            let offset = i8::try_from(day).unwrap_or_default();
            Weekday::from_monday_zero_offset(offset).unwrap_or(Weekday::Monday)
        };
        let days = said.week.iter().enumerate().map(|(day, hours)| WeekDay {
            label: words::short_weekday(weekday(day)).to_owned(),
            full: words::weekday(weekday(day)).to_owned(),
            hours: hours.iter().map(|count| (*count, step(*count, most))).collect(),
        });
        let busiest = said.week.iter().enumerate().find_map(|(day, hours)| {
            let hour = hours.iter().position(|count| most > 0 && *count == most)?;
            let (on, from, most) = (words::on_weekday(weekday(day)), from_hour(hour), words::number(most.into()));
            Some(tr!(format!("; mais {on}, {from} ({most})"), format!("; most {on}, {from} ({most})")))
        });
        Ok(Week {
            summary: format!(
                "{}{}.",
                tr!(
                    many(total, "mensagem recebida", "mensagens recebidas"),
                    many(total, "message received", "messages received")
                ),
                busiest.unwrap_or_default()
            ),
            days: days.collect(),
            sample: said.partial.map(sample),
        })
    }

    /// What became of appointments, with whom, what for.
    pub(super) fn appointments(&self) -> Result<AppointmentPanel, AppError> {
        let booked = self.figures.bookings.as_ref().map_err(|error| (self.failed)(*error))?;
        let all = booked.all.now.saturating_add(booked.cancelled.now);
        let named = |told: bool, parts: &[(Named, u32)], nothing: &str| {
            let whole: u64 = parts.iter().map(|(_, count)| u64::from(*count)).sum();
            let part = |(name, count): &(Named, u32)| {
                let label = match name {
                    Named::One(name) => Label::Name(name.clone()),
                    Named::Others => Label::Word(tr!("outros", "others").to_owned()),
                    Named::Nothing => Label::Word(nothing.to_owned()),
                };
                part(label, u64::from(*count), whole)
            };
            if told { parts.iter().map(part).collect() } else { Vec::new() }
        };
        let status = |(status, count): &(Option<Status>, u64)| {
            let none = || Status { tone: Tone::Quiet, label: tr!("sem estado", "no status").to_owned() };
            part(Label::Status(status.clone().unwrap_or_else(none)), *count, all)
        };
        let cancelled = match booked.cancelled.now {
            0 => String::new(),
            1 => tr!(", com 1 cancelado", ", with 1 cancelled").to_owned(),
            many => tr!(
                format!(", com {} cancelados", words::number(many)),
                format!(", with {} cancelled", words::number(many))
            ),
        };
        let none = tr!(("sem profissional", "sem serviço"), ("no professional", "no service"));
        Ok(AppointmentPanel {
            sub: tr!(
                format!("{} no período{cancelled}", words::number(all)),
                format!("{} in the period{cancelled}", words::number(all))
            ),
            statuses: if self.tells.outcomes { booked.statuses.iter().map(status).collect() } else { Vec::new() },
            professionals: named(self.tells.professionals, &booked.professionals, none.0),
            services: named(self.tells.services, &booked.services, none.1),
            none: all == 0,
            sample: booked.partial.map(sample),
        })
    }
}

fn part(label: Label, count: u64, whole: u64) -> Part {
    Part {
        label,
        count: words::number(count),
        share: percent(count, whole),
        length: u32::try_from(Share::per_mille(count, whole)).unwrap_or(1_000),
    }
}

/// "das 9 às 10 h".
fn from_hour(hour: usize) -> String {
    let end = hour + 1;
    tr!(format!("das {hour} às {end} h"), format!("{hour:02}:00 to {end:02}:00"))
}

/// 0 for nothing, 1 to 5 for a fifth of the most each.
fn step(count: u32, most: u32) -> u8 {
    let step = (u64::from(count) * u64::from(STEPS)).div_ceil(u64::from(most.max(1)));
    u8::try_from(step).unwrap_or(u8::MAX).min(5)
}

#[cfg(test)]
mod tests {
    use super::step;

    #[test]
    fn hours_have_five_steps_and_nothing_has_none() {
        let steps: Vec<u8> = [0, 1, 20, 21, 40, 60, 80, 99, 100].into_iter().map(|count| step(count, 100)).collect();
        assert_eq!(steps, [0, 1, 1, 2, 2, 3, 4, 5, 5]);
        assert_eq!((step(0, 0), step(1, 1)), (0, 5));
    }
}
