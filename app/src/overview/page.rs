//! The overview page.

use super::{AppointmentPanel, ConversationPanel, Overview, Upcoming, figure::FigureCard, read_overview};
use crate::{
    error::AppError,
    ui::{Bar, BarChart, Empty, Moment, ReadingNotice, Skeleton, StatusBadge, Trouble},
};
use leptos::prelude::*;
use leptos_meta::Title;

/// `/`
#[component]
pub fn OverviewPage() -> impl IntoView {
    let overview = Resource::new(|| (), |()| read_overview());
    view! {
        <Title text="Visão geral" />
        <Suspense fallback=|| view! { <Heading today=String::new() /> <Skeleton rows=9 label="Carregando a visão geral" /> }>
            {move || Suspend::new(async move {
                match overview.await {
                    Ok(overview) => view! { <Panels overview /> }.into_any(),
                    Err(error) => {
                        view! {
                            <Heading today=String::new() />
                            <section class="card"><Trouble error /></section>
                        }
                            .into_any()
                    }
                }
            })}
        </Suspense>
    }
}

#[component]
fn Heading(today: String) -> impl IntoView {
    view! {
        <header class="page-head">
            <div>
                <h1>"Visão geral"</h1>
                <p class="page-sub">{today}</p>
            </div>
        </header>
    }
}

#[component]
fn Panels(overview: Overview) -> impl IntoView {
    let as_of = overview.as_of;
    view! {
        <header class="page-head">
            <div>
                <h1>"Visão geral"</h1>
                <p class="page-sub">{overview.today}</p>
            </div>
            <p class="page-asof">
                "lido às " <Moment when=as_of /> " · " <a href="/" rel="external">"atualizar"</a>
            </p>
        </header>
        <ReadingNotice reading=overview.reading />
        <div class="figures">
            {match &overview.conversations {
                Ok(panel) => view! { <ConversationFigures panel=panel.clone() /> }.into_any(),
                Err(error) => view! { <FailedFigures label="Conversas" error=error.clone() /> }.into_any(),
            }}
            {match overview.appointments {
                Ok(panel) => view! { <AppointmentFigures panel /> }.into_any(),
                Err(error) => view! { <FailedFigures label="Agendamentos" error /> }.into_any(),
            }}
        </div>
        <div class="columns">
            <section class="card" aria-labelledby="by-day">
                <h2 id="by-day">"Conversas novas por dia"</h2>
                {match overview.conversations {
                    Ok(panel) => view! { <ByDay panel /> }.into_any(),
                    Err(error) => view! { <Trouble error /> }.into_any(),
                }}
            </section>
            <section class="card" aria-labelledby="upcoming">
                <h2 id="upcoming">"Próximos agendamentos"</h2>
                {match overview.upcoming {
                    Ok(upcoming) => view! { <UpcomingList upcoming /> }.into_any(),
                    Err(error) => view! { <Trouble error /> }.into_any(),
                }}
            </section>
        </div>
    }
}

#[component]
fn ConversationFigures(panel: ConversationPanel) -> impl IntoView {
    view! {
        <FigureCard label="Conversas novas hoje" figure=panel.today against="ontem até esta hora" />
        <FigureCard label="Conversas novas em 7 dias" figure=panel.week against="7 dias antes" />
    }
}

#[component]
fn AppointmentFigures(panel: AppointmentPanel) -> impl IntoView {
    let against = match panel.cancelled {
        0 => "7 dias antes".to_owned(),
        1 => "1 cancelado · 7 dias antes".to_owned(),
        many => format!("{many} cancelados · 7 dias antes"),
    };
    view! {
        <FigureCard label="Agendamentos de hoje" figure=panel.today against="ontem" />
        <FigureCard label="Agendamentos em 7 dias" figure=panel.week against=against />
        {panel.sample.map(|count| view! { <p class="sample">{format!("Amostra: os {count} agendamentos mais recentes.")}</p> })}
    }
}

#[component]
fn FailedFigures(label: &'static str, error: AppError) -> impl IntoView {
    view! {
        <div class="card figure failed">
            <p class="figure-label">{label}</p>
            <p class="figure-now" aria-hidden="true">"—"</p>
            <p class="figure-before">{error.title()}</p>
        </div>
    }
}

#[component]
fn ByDay(panel: ConversationPanel) -> impl IntoView {
    let total: u32 = panel.days.iter().map(|day| day.count).sum();
    let summary = format!("Conversas novas por dia nos últimos 30 dias: {total} no total, {} hoje.", panel.today.now);
    let bars = panel
        .days
        .into_iter()
        .map(|day| Bar { label: day.label, full: day.full, value: day.count })
        .collect::<Vec<_>>();
    view! {
        <p class="card-sub">{format!("30 dias · {total} no total · os 7 últimos em destaque")}</p>
        {panel.sample.map(|count| view! { <p class="sample">{format!("Amostra: as {count} conversas mais recentes.")}</p> })}
        <BarChart bars strong=7 summary heads=("Dia", "Conversas") />
    }
}

#[component]
fn UpcomingList(upcoming: Vec<Upcoming>) -> impl IntoView {
    if upcoming.is_empty() {
        return view! {
            <Empty title="Nada marcado adiante" text="Os próximos agendamentos do seu projeto aparecem aqui." />
        }
        .into_any();
    }
    view! {
        <ol class="upcoming">
            {upcoming
                .into_iter()
                .map(|next| {
                    view! {
                        <li>
                            <span class="upcoming-when"><Moment when=next.starts /></span>
                            <span class="upcoming-what">
                                <bdi class="strong">{next.who}</bdi>
                                <span class="soft">{next.what}</span>
                            </span>
                            {next.status.map(|status| view! { <StatusBadge status /> })}
                        </li>
                    }
                })
                .collect_view()}
        </ol>
        <p class="card-end"><a href="/appointments">"Ver a agenda"</a></p>
    }
    .into_any()
}
