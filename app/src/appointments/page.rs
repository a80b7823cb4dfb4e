//! The agenda's page: what is asked stands in its address, and each view is drawn from one answer.

use super::{
    Agenda, AgendaQuery, Body,
    grid::Hours,
    list::Days,
    month::Month,
    read_agenda,
    tools::{Narrow, Steps, Views},
};
use crate::live::{Kind, read_patiently, refetch_on};
use crate::session::{Permission, may};
use crate::tr;
use crate::ui::{Download, ReadingNotice, Skeleton, address, once_read, or_trouble, use_query};
use leptos::prelude::*;
use leptos_meta::Title;

/// `/appointments?view=…&date=…&professional=…&service=…&status=…&group=…`
#[component]
pub fn AppointmentsPage() -> impl IntoView {
    let query = use_query();
    let agenda = read_patiently(move || query.with(AgendaQuery::read), read_agenda);
    refetch_on(&[Kind::Appointments], agenda, || true);
    view! {
        <Title text=tr!("Agenda", "Appointments") />
        <header class="page-head">
            <div>
                <h1>{tr!("Agenda", "Appointments")}</h1>
                <p class="page-sub">{once_read(agenda, sub)}</p>
            </div>
            {once_read(agenda, steps)}
        </header>
        <Transition fallback=|| {
            view! {
                <section class="card">
                    <Skeleton rows=12 label=tr!("Carregando a agenda", "Loading the appointments") />
                </section>
            }
        }>
            {move || Suspend::new(async move {
                or_trouble(agenda.await, |agenda| view! { <Span agenda /> })
            })}
        </Transition>
    }
}

#[component]
fn Span(agenda: Agenda) -> impl IntoView {
    let asked = agenda.asked.clone();
    let files = may(Permission::Export).then(|| {
        let AgendaQuery { professional, service, status, .. } = &asked;
        let query = [
            ("from", agenda.from.as_str()),
            ("to", &agenda.last),
            ("professional", professional),
            ("service", service),
            ("status", status),
        ];
        let csv = address("/files/agenda.csv", &query);
        let ics = asked.on(&agenda.date).href("/files/agenda.ics");
        view! {
            <div class="list-end">
                // External: a file, not a page of the application.
                <a class="button" href=ics download rel="external">
                    {tr!("Adicionar ao calendário (.ics)", "Add to calendar (.ics)")}
                </a>
                <Download href=csv label=tr!("Baixar estes dias (CSV)", "Download these days (CSV)") />
            </div>
        }
    });
    let notes = [
        (
            agenda.truncated,
            tr!(
                "Há mais agendamentos neste período do que cabem aqui: escolha um período mais curto.",
                "There are more appointments in this period than fit here: choose a shorter period."
            ),
        ),
        (
            agenda.endless,
            tr!(
                "Onde a tabela não diz quando termina, o agendamento aparece com 1 hora.",
                "Where the table does not say when it ends, the appointment is shown as 1 hour long."
            ),
        ),
    ];
    let notes = notes
        .into_iter()
        .filter(|(so, _)| *so)
        .map(|(_, note)| view! { <p class="sample" role="note">{note}</p> })
        .collect_view();
    let body = match agenda.body {
        Body::Grid(grid) => view! { <Hours grid asked=asked.clone() /> }.into_any(),
        Body::Month(weeks) => view! { <Month weeks title=agenda.title.clone() /> }.into_any(),
        Body::List(parts) => view! { <Days parts /> }.into_any(),
    };
    view! {
        <ReadingNotice reading=agenda.reading />
        <Views asked=asked.clone() />
        <Narrow
            asked=asked
            date=agenda.date
            professionals=agenda.professionals
            services=agenda.services
            statuses=agenda.statuses
        />
        {notes}
        {body}
        {files}
    }
    .into_any()
}

/// Which days, how much there is in them, and whose hours.
fn sub(agenda: &Agenda) -> String {
    format!("{} · {} · {}", agenda.title, how_many(agenda), agenda.zone)
}

fn steps(agenda: &Agenda) -> impl IntoView + use<> {
    let Agenda { asked, previous, next, .. } = agenda;
    view! { <Steps asked=asked.clone() previous=previous.clone() next=next.clone() /> }
}

/// "12 agendamentos", "3 de 12 agendamentos".
fn how_many(agenda: &Agenda) -> String {
    let all = match agenda.total {
        0 => tr!("nenhum agendamento", "no appointments").to_owned(),
        1 => tr!("1 agendamento", "1 appointment").to_owned(),
        many => tr!(format!("{many} agendamentos"), format!("{many} appointments")),
    };
    if agenda.asked.narrowed() && agenda.total > 0 {
        tr!(format!("{} de {all}", agenda.shown), format!("{} of {all}", agenda.shown))
    } else {
        all
    }
}
