//! The agenda: seven days, each with its appointments in order.

use super::{Agenda, AgendaDay, AppointmentRow, read_agenda};
use crate::ui::{Moment, ReadingNotice, Skeleton, StatusBadge, Trouble, address};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// `/appointments?from=2026-11-24`
#[component]
pub fn AppointmentsPage() -> impl IntoView {
    let query = use_query_map();
    let agenda = Resource::new(move || query.with(|map| map.get("from").unwrap_or_default()), read_agenda);
    view! {
        <Title text="Agenda" />
        <Transition fallback=|| {
            view! {
                <header class="page-head"><h1>"Agenda"</h1></header>
                <section class="card"><Skeleton rows=12 label="Carregando a agenda" /></section>
            }
        }>
            {move || Suspend::new(async move {
                match agenda.await {
                    Ok(agenda) => view! { <Week agenda /> }.into_any(),
                    Err(error) => {
                        view! {
                            <header class="page-head"><h1>"Agenda"</h1></header>
                            <section class="card"><Trouble error /></section>
                        }
                            .into_any()
                    }
                }
            })}
        </Transition>
    }
}

#[component]
fn Week(agenda: Agenda) -> impl IntoView {
    let total = match agenda.total {
        0 => "nenhum agendamento".to_owned(),
        1 => "1 agendamento".to_owned(),
        many => format!("{many} agendamentos"),
    };
    let csv = address("/files/agenda.csv", &[("from", &agenda.from), ("to", &agenda.last)]);
    view! {
        <header class="page-head">
            <div>
                <h1>"Agenda"</h1>
                <p class="page-sub">{format!("{} · {total} · {}", agenda.title, agenda.zone)}</p>
            </div>
            <nav class="week-steps" aria-label="Semanas">
                <a class="button" href=format!("/appointments?from={}", agenda.previous) rel="prev">"← Antes"</a>
                <a class="button" href="/appointments">"Hoje"</a>
                <a class="button" href=format!("/appointments?from={}", agenda.next) rel="next">"Depois →"</a>
            </nav>
        </header>
        <ReadingNotice reading=agenda.reading />
        <form class="day-choice" method="get" action="/appointments">
            <label for="from">"Ir para o dia"</label>
            <input id="from" name="from" type="date" value=agenda.from />
            <button class="button" type="submit">"Ver"</button>
        </form>
        {agenda
            .truncated
            .then(|| view! { <p class="sample">"Há mais agendamentos nestes dias do que cabem aqui: escolha um dia mais adiante."</p> })}
        {agenda.days.into_iter().map(|day| view! { <Day day /> }).collect_view()}
        // External: a file, not a page of the application.
        <p class="list-end"><a class="button" href=csv download rel="external">"Baixar estes dias (CSV)"</a></p>
    }
}

#[component]
fn Day(day: AgendaDay) -> impl IntoView {
    let none = day.appointments.is_empty();
    view! {
        <section class="day" data-today=day.today.to_string()>
            <h2 class="day-head">
                {day.label} {day.today.then(|| view! { <span class="badge" data-tone="info">"hoje"</span> })}
            </h2>
            {if none {
                view! { <p class="day-none soft">"Nada marcado."</p> }.into_any()
            } else {
                view! {
                    <ol class="card flush slots">
                        {day.appointments.into_iter().map(|appointment| view! { <Slot appointment /> }).collect_view()}
                    </ol>
                }
                    .into_any()
            }}
        </section>
    }
}

#[component]
fn Slot(appointment: AppointmentRow) -> impl IntoView {
    let named = appointment.who != appointment.phone;
    let who = match appointment.conversation {
        Some(href) => view! { <a class="strong cut" href=href><bdi>{appointment.who}</bdi></a> }.into_any(),
        None => view! { <bdi class="strong cut">{appointment.who}</bdi> }.into_any(),
    };
    view! {
        <li class="slot">
            <span class="slot-when">
                <Moment when=appointment.starts />
                {(!appointment.ends.is_empty()).then(|| view! { <span class="soft">{format!("até {}", appointment.ends)}</span> })}
            </span>
            <span class="slot-who">
                {who} {named.then(|| view! { <span class="soft phone">{appointment.phone}</span> })}
            </span>
            <span class="slot-what">
                <bdi class="cut">{appointment.service}</bdi>
                <bdi class="soft cut">{appointment.professional}</bdi>
            </span>
            <span class="slot-price number">{appointment.price}</span>
            <span class="slot-end">
                {appointment
                    .meet_link
                    .map(|link| view! { <a href=link target="_blank" rel="noopener noreferrer external">"Vídeo"</a> })}
                {appointment.status.map(|status| view! { <StatusBadge status /> })}
            </span>
        </li>
    }
}
