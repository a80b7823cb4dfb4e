//! One appointment: who, what, when and how it stands, and the same person's others.

use super::{AgendaQuery, AppointmentDetail, Other, query::AGENDA, read_appointment};
use crate::{
    error::AppError,
    tr,
    ui::{Missing, Moment, ReadingNotice, Skeleton, StatusBadge, Trouble, TroubleCard, or_dash, status_of, use_query},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

/// `/appointments/{id}`, with the query of the view it was reached from.
#[component]
pub fn AppointmentPage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query());
    let detail = Resource::new(move || params.with(|map| map.get("id").unwrap_or_default()), read_appointment);
    status_of(detail);
    let from = Memo::new(move |_| query.with(AgendaQuery::read));
    view! {
        <Title text=tr!("Agendamento", "Appointment") />
        <p class="back"><a href=move || from.get().href(AGENDA)>{tr!("← Agenda", "← Appointments")}</a></p>
        <Transition fallback=|| {
            view! {
                <section class="card">
                    <Skeleton rows=8 label=tr!("Carregando o agendamento", "Loading the appointment") />
                </section>
            }
        }>
            {move || Suspend::new(async move {
                match detail.await {
                    Ok(detail) => view! { <Whole detail from=from.get_untracked() /> }.into_any(),
                    Err(AppError::NotFound) => view! { <NoAppointment /> }.into_any(),
                    Err(error) => {
                        view! {
                            <h1 class="visually-hidden">{tr!("Agendamento", "Appointment")}</h1>
                            <TroubleCard error />
                        }
                            .into_any()
                    }
                }
            })}
        </Transition>
    }
}

/// That there is no such appointment.
#[component]
fn NoAppointment() -> impl IntoView {
    view! {
        <Missing
            title=tr!("Agendamento não encontrado", "Appointment not found")
            text=tr!(
                "Ele não existe ou não pertence a este painel.",
                "It does not exist or does not belong to this dashboard."
            )
            step=(tr!("Ver a agenda", "See the appointments"), AGENDA)
        />
    }
}

#[component]
fn Whole(detail: AppointmentDetail, from: AgendaQuery) -> impl IntoView {
    let named = detail.who != detail.phone;
    let reading = detail.reading;
    let duration = or_dash(detail.duration);
    let facts = [
        (tr!("Serviço", "Service"), detail.service),
        (tr!("Profissional", "Professional"), detail.professional),
        (tr!("Valor", "Price"), detail.price),
        (tr!("Telefone", "Phone"), if named { detail.phone } else { String::new() }),
    ];
    let facts = facts
        .into_iter()
        .map(|(name, value)| view! { <div><dt>{name}</dt><dd><bdi>{or_dash(value)}</bdi></dd></div> })
        .collect_view();
    let zone = format!(" ({})", detail.zone);
    let card = view! {
        <section class="card booking">
            <header class="card-head">
                <h1><bdi>{detail.who}</bdi></h1>
                {detail.status.map(|status| view! { <StatusBadge status /> })}
            </header>
            <p class="booking-when"><Moment when=detail.when /><span class="soft">{zone}</span></p>
            {detail.assumed.map(|words| view! { <p class="sample" role="note">{words}</p> })}
            <dl class="facts">
                <div><dt>{tr!("Duração", "Duration")}</dt><dd>{duration}</dd></div>
                {facts}
            </dl>
            <p class="list-end">
                {detail
                    .meet_link
                    .map(|link| {
                        view! {
                            <a class="button primary" href=link target="_blank" rel="noopener noreferrer external">
                                {tr!("Abrir a chamada de vídeo", "Open the video call")}
                            </a>
                        }
                    })}
                {detail
                    .conversation
                    .map(|href| {
                        view! { <a class="button" href=href>{tr!("Ver a conversa", "See the conversation")}</a> }
                    })}
                // External: a file, not a page of the application.
                <a class="button" href=detail.file download rel="external">
                    {tr!("Adicionar ao calendário (.ics)", "Add to calendar (.ics)")}
                </a>
            </p>
        </section>
    }
    .into_any();
    let others = detail.others.map(|others| view! { <Others others from /> });
    view! {
        <ReadingNotice reading />
        <div class="talk-page">{card} {others}</div>
    }
    .into_any()
}

/// What else the same person booked.
#[component]
fn Others(others: Result<Vec<Other>, AppError>, from: AgendaQuery) -> impl IntoView {
    let body = match others {
        Err(error) => view! { <Trouble error /> }.into_any(),
        Ok(rows) if rows.is_empty() => view! {
            <p class="soft">{tr!("Nada mais marcado por esta pessoa.", "Nothing else booked by this person.")}</p>
        }
        .into_any(),
        Ok(rows) => {
            let rows = rows
                .into_iter()
                .map(|Other { path, starts, what, status, ahead }| {
                    let side = if ahead { tr!("por vir", "upcoming") } else { tr!("já passou", "past") };
                    view! {
                        <li class:ahead=ahead>
                            <a class="strong" href=from.href(&path)><Moment when=starts /></a>
                            <span class="soft">{side}</span>
                            <bdi class="soft">{what}</bdi>
                            {status.map(|status| view! { <span><StatusBadge status /></span> })}
                        </li>
                    }
                })
                .collect_view();
            view! { <ol class="booked">{rows}</ol> }.into_any()
        }
    };
    view! {
        <aside class="card talk-side" aria-labelledby="others">
            <h2 id="others">{tr!("Outros desta pessoa", "This person’s other appointments")}</h2>
            {body}
        </aside>
    }
    .into_any()
}
