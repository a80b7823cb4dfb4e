//! The cards of the overview, and the sentences for what a tenant's tables do not tell.

use super::{
    super::conversations::address,
    Told, contact,
    numbers::{Rise, change, duration, duration_change, many, percent, sample, share_change},
};
use crate::{
    mapping::{Conversation, Conversations},
    overview::{BookingFigures, BusinessHours, SaidFigures, Share, TalkFigures},
    project::ProjectError,
    words,
};
use app::{
    error::AppError,
    overview::{Change, Figure},
    tr,
};

/// Seconds, below which how long is told without since when.
const HOUR: i64 = 3_600;
/// Names of people in a card.
const LONGEST_NAME: usize = 28;

/// What is made ahead: whole days of it are compared with whole days.
fn whole_days() -> [&'static str; 3] {
    [bookings_label(), missed_label(), called_off_label()]
}

fn bookings_label() -> &'static str {
    tr!("Agendamentos", "Appointments")
}

fn missed_label() -> &'static str {
    tr!("Faltas", "No-shows")
}

fn called_off_label() -> &'static str {
    tr!("Cancelamentos", "Cancellations")
}

impl Told<'_> {
    /// The most important figures, the others, and what is not told.
    pub(super) fn figures(
        &self,
        open: &BusinessHours,
        assumed: bool,
        waiting: &Result<Option<Conversation>, ProjectError>,
    ) -> (Vec<Figure>, Vec<Figure>, Vec<String>) {
        let mut cards = Cards { first: Vec::new(), more: Vec::new(), untold: Vec::new() };
        match &self.figures.talks {
            Ok(talks) => cards.talks(talks),
            Err(error) => cards.missing(
                tr!("Conversas", "Conversations"),
                &(self.failed)(*error),
                tr!("Quando uma conversa começou.", "When a conversation began."),
            ),
        }
        match &self.figures.said {
            Ok(said) => {
                let assumed = if assumed { tr!(", que é suposto", ", which is assumed") } else { "" };
                let hours = words::business_hours(open);
                let hours = tr!(format!("Fora de {hours}{assumed}."), format!("Outside {hours}{assumed}."));
                cards.said(said, self.tells.answers, hours);
            }
            Err(error) => cards.missing(
                tr!("Mensagens", "Messages"),
                &(self.failed)(*error),
                tr!(
                    "Quando uma mensagem foi escrita: nem quantas, nem quem respondeu, nem em quanto tempo.",
                    "When a message was written: neither how many, nor who answered, nor how soon.",
                ),
            ),
        }
        self.waiting(&mut cards, waiting);
        match &self.figures.bookings {
            Ok(bookings) => cards.bookings(bookings, self),
            Err(error) => cards.missing(
                bookings_label(),
                &(self.failed)(*error),
                tr!(
                    "A agenda: o projeto não tem esta tabela.",
                    "The appointments: the project does not have this table.",
                ),
            ),
        }
        let against = self.against();
        for card in cards.first.iter_mut().chain(&mut cards.more) {
            if let Some(change) = &mut card.change {
                let whole = whole_days().contains(&card.label.as_str());
                change.against.clone_from(if whole { &against.whole } else { &against.so_far });
            }
        }
        (cards.first, cards.more, cards.untold)
    }

    /// Who waits longest now, by the status that the tables keep.
    fn waiting(&self, cards: &mut Cards, waiting: &Result<Option<Conversation>, ProjectError>) {
        let label = tr!("Esperando há mais tempo", "Waiting the longest");
        match waiting {
            Ok(Some(row)) => {
                let since = row.changed.or(row.began);
                let seconds = since.map(|at| self.calendar.now().as_second() - at.as_second());
                let (who, _) = contact(row.name.as_deref(), row.person.as_ref());
                let mut card = plain(label, seconds.map_or_else(|| "—".to_owned(), duration));
                card.notes.extend(
                    since
                        .filter(|_| seconds.is_some_and(|seconds| seconds >= HOUR))
                        .map(|at| self.calendar.recently(at).text)
                        .map(|since| tr!(format!("desde {since}"), format!("since {since}"))),
                );
                card.link = Some((address(&row.id), words::one_line(&who, LONGEST_NAME)));
                cards.first.push(card);
            }
            Ok(None) => {
                let mut card = plain(label, "—".to_owned());
                let none = tr!("Nenhuma conversa está marcada como “aguarda”.", "No conversation is marked “waiting”.");
                card.notes.push(none.to_owned());
                cards.first.push(card);
            }
            // A project that is away has been told with the conversations.
            Err(ProjectError::NotTold(_) | ProjectError::NotMapped(_)) => {
                if !matches!(self.mapping.conversations, Conversations::Absent) {
                    let untold = tr!(
                        "Quem espera por resposta: falta o estado da conversa.",
                        "Who is waiting for an answer: the conversation’s status is missing.",
                    );
                    cards.untold.push(untold.to_owned());
                }
            }
            Err(_) if self.figures.talks.is_err() => {}
            Err(error) => cards.missing(label, &(self.failed)(*error), ""),
        }
    }
}

struct Cards {
    first: Vec<Figure>,
    more: Vec<Figure>,
    untold: Vec<String>,
}

impl Cards {
    /// A card that says why, or a sentence where the tables do not tell.
    fn missing(&mut self, label: &str, error: &AppError, untold: &str) {
        if matches!(error, AppError::NotTold | AppError::NotMapped(_)) {
            self.untold.push(untold.to_owned());
            return;
        }
        let card = plain(label, "—".to_owned());
        self.first.push(Figure { notes: vec![error.title()], failed: true, ..card });
    }

    fn talks(&mut self, talks: &TalkFigures) {
        let label = tr!("Conversas novas", "New conversations");
        let card = compared(label, words::number(talks.began.now), change(talks.began, Rise::Good));
        self.first.push(sampled(card, talks.partial.map(sample)));
    }

    fn said(&mut self, said: &SaidFigures, answers: bool, hours: String) {
        let cut = said.partial.map(sample);
        let whole = cut.clone().filter(|_| !said.summed);
        let label = tr!("Mensagens recebidas", "Messages received");
        let received = compared(label, words::number(said.received.now), change(said.received, Rise::Good));
        self.first.push(sampled(received, whole.clone()));
        let label = tr!("Mensagens enviadas", "Messages sent");
        let sent = compared(label, words::number(said.sent.now), change(said.sent, Rise::Plain));
        self.more.push(sampled(sent, whole));

        let label = tr!("Conversas respondidas", "Conversations answered");
        let mut answered = compared(label, words::number(said.answered.now), change(said.answered, Rise::Good));
        let known = said.by_robot + said.by_people > 0;
        if known {
            let unknown = tr!("não se sabe", "unknown");
            let by = [
                (said.by_robot, tr!("só pelo robô", "by the bot alone")),
                (said.by_people, tr!("por pessoas", "by people")),
                (said.by_nobody_knows, unknown),
            ];
            let by = by.into_iter().filter(|(many, who)| *many > 0 || *who != unknown);
            answered.notes.push(
                by.map(|(many, who)| format!("{} {who}", words::number(many.into()))).collect::<Vec<_>>().join(" · "),
            );
        } else if said.answered.now > 0 {
            let untold = tr!(
                "Se respondeu o robô ou uma pessoa: as mensagens dizem só que foi o negócio.",
                "Whether the bot or a person answered: the messages only say that it was the business.",
            );
            self.untold.push(untold.to_owned());
        }
        self.first.push(sampled(answered, cut.clone()));
        let label = tr!("Respondidas fora do horário", "Answered outside business hours");
        let mut outside = compared(label, words::number(said.outside.now), change(said.outside, Rise::Plain));
        outside.notes.push(hours);
        self.more.push(sampled(outside, cut.clone()));
        let label = tr!("Primeira resposta em", "First answer in");
        match said.first_answer {
            _ if !answers => {
                let untold = tr!(
                    "Em quanto tempo se responde: pergunta e resposta ficam numa linha só, com uma data só.",
                    "How soon an answer comes: question and answer are in one row, with one date.",
                );
                self.untold.push(untold.to_owned());
            }
            Some(first) => {
                let mut card =
                    compared(label, duration(first.now), duration_change(first.now, first.before, Rise::Bad));
                card.notes.push(match first.of {
                    1 => tr!("em 1 conversa", "in 1 conversation").to_owned(),
                    of => {
                        let of = words::number(of.into());
                        tr!(
                            format!("metade de {of} conversas, ou menos"),
                            format!("for half of {of} conversations, or sooner")
                        )
                    }
                });
                self.first.push(sampled(card, cut));
            }
            None => {
                let mut card = plain(label, "—".to_owned());
                let none = tr!("Nenhuma pergunta e resposta no período.", "No question with an answer in the period.");
                card.notes.push(none.to_owned());
                self.first.push(card);
            }
        }
    }

    fn bookings(&mut self, booked: &BookingFigures, told: &Told<'_>) {
        let cut = booked.partial.map(sample);
        let summed = cut.clone().filter(|_| !booked.summed);
        let mut all = compared(bookings_label(), words::number(booked.all.now), change(booked.all, Rise::Good));
        if told.tells.outcomes {
            all.notes.push(match booked.cancelled.now {
                0 => tr!("nenhum cancelado", "none cancelled").to_owned(),
                1 => tr!("e mais 1 cancelado", "plus 1 cancelled").to_owned(),
                many => {
                    let many = words::number(many);
                    tr!(format!("e mais {many} cancelados"), format!("plus {many} cancelled"))
                }
            });
            let of = tr!(
                ("horário, que foi falta", "entre realizados e faltas"),
                ("appointment, completed or missed", "appointments, completed or missed"),
            );
            let missed = rate(missed_label(), booked.missed, of, Rise::Bad);
            self.first.push(sampled(missed, summed.clone()));
            let of = tr!(("agendamento", "agendamentos"), ("appointment", "appointments"));
            let called_off = rate(called_off_label(), booked.called_off, of, Rise::Bad);
            self.more.push(sampled(called_off, summed.clone()));
        } else {
            let untold = tr!(
                "O que foi feito de um horário: nem faltas, nem cancelamentos.",
                "What became of an appointment: neither no-shows nor cancellations.",
            );
            self.untold.push(untold.to_owned());
        }
        // The number itself stands before what becomes of it.
        let place = self.first.iter().position(|card| card.label == missed_label()).unwrap_or(self.first.len());
        self.first.insert(place, sampled(all, summed));
        self.turned(told);
        match booked.ahead {
            Some((minutes, of)) => {
                let mut card = plain(tr!("Antecedência média", "Booked ahead on average"), duration(minutes * 60));
                card.notes.push(tr!(
                    format!("de {}", many(of.into(), "agendamento", "agendamentos")),
                    format!("of {}", many(of.into(), "appointment", "appointments")),
                ));
                self.more.push(sampled(card, cut));
            }
            None if told.tells.booked => {}
            None => {
                let untold = tr!(
                    "Quando um horário foi marcado: não há antecedência média.",
                    "When an appointment was booked: how far ahead is not known.",
                );
                self.untold.push(untold.to_owned());
            }
        }
    }

    fn turned(&mut self, told: &Told<'_>) {
        let began = told.figures.talks.as_ref().is_ok_and(|talks| talks.began.now > 0);
        match &told.figures.turned {
            Some(turned) => {
                let share = Share { before: turned.before.map(|share| (share.part, share.of)), ..turned.now };
                let label = tr!("Conversas que viram agendamento", "Conversations that lead to an appointment");
                let of = tr!(("conversa nova", "conversas novas"), ("new conversation", "new conversations"));
                let card = rate(label, Some(share), of, Rise::Good);
                let cut = told.figures.talks.as_ref().ok().and_then(|talks| talks.partial).map(sample);
                self.first.push(sampled(card, cut));
            }
            // What could not be read this time is told by the appointments' own card, or shown the next time.
            None if began && told.tells.whose && told.whole => {
                let untold = tr!(
                    "Quantas conversas viram agendamento: há agendamentos demais para ler todos.",
                    "How many conversations lead to an appointment: there are too many appointments to read them all.",
                );
                self.untold.push(untold.to_owned());
            }
            None if told.tells.whose => {}
            None => {
                let untold =
                    tr!("De que conversa veio um agendamento.", "Which conversation an appointment came from.",);
                self.untold.push(untold.to_owned());
            }
        }
    }
}

fn plain(label: &str, now: String) -> Figure {
    let label = label.to_owned();
    Figure { label, now, change: None, notes: Vec::new(), sample: None, link: None, failed: false }
}

fn compared(label: &str, now: String, change: Option<Change>) -> Figure {
    Figure { change, ..plain(label, now) }
}

fn noted(card: Figure, note: String) -> Figure {
    Figure { notes: vec![note], ..card }
}

/// The card, marked where not everything was counted.
fn sampled(card: Figure, sample: Option<String>) -> Figure {
    Figure { sample, ..card }
}

/// A share in percent of something, in the words for one of it and for more.
fn rate(label: &str, share: Option<Share>, (one, more): (&str, &str), rise: Rise) -> Figure {
    let Some(share) = share else {
        let nothing = tr!("nada a contar no período", "nothing to count in the period");
        return noted(plain(label, "—".to_owned()), nothing.to_owned());
    };
    let card = compared(label, percent(share.part, share.of), share_change(share, rise));
    let (part, whole) = (words::number(share.part), many(share.of, one, more));
    let note = tr!(format!("{part} de {whole}"), format!("{part} of {whole}"));
    noted(card, note)
}
