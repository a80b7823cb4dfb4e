//! The overview page.

use super::{
    Bars, Overview, OverviewQuery, SetHours,
    figure::FigureCard,
    hours::HoursPanel,
    parts::AppointmentParts,
    period::{HOME, PeriodPicker, asked, of_period},
    read_overview,
    upcoming::UpcomingList,
    week::WeekTable,
};
use crate::{
    error::AppError,
    live::{Kind, read_patiently, refetch_after},
    session::{Permission, may},
    tr,
    ui::{Bar, BarChart, Moment, Outcome, ReadingNotice, Skeleton, Trouble, once_read, or_trouble, refusal, use_query},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;

/// `/?period=…&from=…&to=…`
#[component]
pub fn OverviewPage() -> impl IntoView {
    let query = use_query();
    // To have it read at once somebody loads the page; by itself a browser never asks for that.
    let now = |asked: OverviewQuery| if cfg!(target_arch = "wasm32") { asked.calmly() } else { asked };
    let overview = read_patiently(move || query.with(asked), move |asked| read_overview(now(asked)));
    refetch_after(&[Kind::Conversations, Kind::Appointments], overview, move || {
        overview.with(|read| read.as_ref().and_then(|read| read.as_ref().ok()).map_or(0, |read| read.kept_for))
    });
    let error = refusal(&[SetHours::PATH]);
    view! {
        <Title text=tr!("Visão geral", "Overview") />
        <Outcome error words />
        <Heading overview />
        <Transition fallback=|| {
            view! { <Skeleton rows=9 label=tr!("Carregando a visão geral", "Loading the overview") /> }
        }>
            {move || Suspend::new(async move {
                or_trouble(overview.await, |overview| view! { <Panels overview error /> })
            })}
        </Transition>
    }
}

fn words(done: &str) -> Option<&'static str> {
    (done == "hours").then(|| tr!("Horário de atendimento guardado.", "Business hours saved."))
}

/// The heading is there before the project has answered; the day and when it was read come with the figures.
#[component]
fn Heading(overview: Resource<Result<Overview, AppError>>) -> impl IntoView {
    let today = |overview: &Overview| overview.today.clone();
    let read_at = |overview: &Overview| {
        let again = of_period(HOME, &overview.period, "1");
        view! {
            {tr!("lido às ", "read at ")}
            <Moment when=overview.as_of.clone() />
            " · "
            <a href=again rel="external">{tr!("atualizar", "refresh")}</a>
        }
    };
    view! {
        <header class="page-head">
            <div>
                <h1>{tr!("Visão geral", "Overview")}</h1>
                <p class="page-sub">{once_read(overview, today)}</p>
            </div>
            <p class="page-asof">{once_read(overview, read_at)}</p>
        </header>
    }
}

#[component]
fn Panels(overview: Overview, error: Signal<Option<AppError>>) -> impl IntoView {
    let Overview { reading, period, figures, more, untold, bars, week, appointments, upcoming, hours, .. } = overview;
    let file = may(Permission::Export).then(|| {
        let file = of_period("/files/overview.csv", &period, "");
        view! {
            // External: a file, not a page of the application.
            <p class="list-end">
                <a class="button" href=file download rel="external">
                    {tr!("Baixar os números (CSV)", "Download the figures (CSV)")}
                </a>
            </p>
        }
    });
    let cards = |figures: Vec<super::Figure>| {
        let card = |figure| view! { <FigureCard figure /> };
        figures.into_iter().map(card).collect_view()
    };
    let label = tr!(
        format!("{}, comparado a {}.", period.label, period.against),
        format!("{}, compared with {}.", period.label, period.against)
    );
    view! {
        <ReadingNotice reading />
        <PeriodPicker period />
        <p class="period-label soft">{label}</p>
        <div class="figures">{cards(figures)}</div>
        {(!more.is_empty())
            .then(|| {
                view! {
                    <details class="more-figures">
                        <summary>{tr!("Mais números", "More figures")}</summary>
                        <div class="figures">{cards(more)}</div>
                    </details>
                }
            })}
        <Untold untold />
        <div class="columns">
            <Chart bars />
            <section class="card" aria-labelledby="upcoming">
                <h2 id="upcoming">{tr!("Próximos agendamentos", "Next appointments")}</h2>
                {match upcoming {
                    Ok(upcoming) => view! { <UpcomingList upcoming /> }.into_any(),
                    Err(error) => view! { <Trouble error /> }.into_any(),
                }}
            </section>
        </div>
        <section class="card panel" aria-labelledby="week">
            <h2 id="week">{tr!("Quando escrevem", "When people write")}</h2>
            {match week {
                Ok(week) => view! { <WeekTable week /> }.into_any(),
                Err(error) => view! { <Trouble error /> }.into_any(),
            }}
        </section>
        <section class="card panel" aria-labelledby="booked">
            <h2 id="booked">{tr!("Agendamentos", "Appointments")}</h2>
            {match appointments {
                Ok(panel) => view! { <AppointmentParts panel /> }.into_any(),
                Err(error) => view! { <Trouble error /> }.into_any(),
            }}
        </section>
        <HoursPanel hours error />
        {file}
    }
    .into_any()
}

#[component]
fn Chart(bars: Result<Bars, AppError>) -> impl IntoView {
    let unread = |_: &AppError| tr!("Conversas novas", "New conversations").to_owned();
    let title = bars.as_ref().map_or_else(unread, |bars| bars.title.clone());
    let body = match bars {
        Ok(Bars { sub, summary, heads, bars, open, sample, .. }) => {
            let bars: Vec<Bar> =
                bars.into_iter().map(|bar| Bar { label: bar.label, full: bar.full, value: bar.count }).collect();
            view! {
                <p class="card-sub">{sub}</p>
                {sample.map(|sample| view! { <p class="sample">{sample}</p> })}
                <BarChart bars strong=usize::from(open) summary heads />
            }
            .into_any()
        }
        Err(error) => view! { <Trouble error /> }.into_any(),
    };
    view! {
        <section class="card" aria-labelledby="bars">
            <h2 id="bars">{title}</h2>
            {body}
        </section>
    }
}

/// What these tables do not tell is said, and nowhere made up.
#[component]
fn Untold(untold: Vec<String>) -> impl IntoView {
    (!untold.is_empty()).then(|| {
        let sentences = untold.into_iter().map(|sentence| view! { <li>{sentence}</li> }).collect_view();
        view! {
            <details class="untold">
                <summary>{tr!("O que estas tabelas não contam", "What these tables do not say")}</summary>
                <ul>{sentences}</ul>
            </details>
        }
    })
}
