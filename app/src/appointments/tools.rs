//! What stands above the agenda: which view, which span, and what narrows it. Plain links and one form, so that each keeps
//! the rest of the address and works without script.

use super::{AgendaQuery, View, query::AGENDA};
use crate::{
    tr,
    ui::{Field, Fold, Select, never},
};
use leptos::prelude::*;

/// The spans before and after, and today's.
#[component]
pub(super) fn Steps(
    /// What is shown.
    asked: AgendaQuery,
    /// A day of the span before.
    previous: String,
    /// A day of the span after.
    next: String,
) -> impl IntoView {
    let to = |date: &str| asked.on(date).href(AGENDA);
    view! {
        <nav class="week-steps" aria-label=tr!("Período", "Period")>
            <a class="button" href=to(&previous) rel="prev">{tr!("← Antes", "← Earlier")}</a>
            <a class="button" href=to("")>{tr!("Hoje", "Today")}</a>
            <a class="button" href=to(&next) rel="next">{tr!("Depois →", "Later →")}</a>
        </nav>
    }
}

/// The four views.
#[component]
pub(super) fn Views(
    /// What is shown.
    asked: AgendaQuery,
) -> impl IntoView {
    let shown = View::read(&asked.view);
    let links = View::ALL.map(|view| {
        let href = asked.seen_as(view).href(AGENDA);
        let current = (view == shown).then_some("page");
        view! { <a href=href aria-current=current>{view.label()}</a> }
    });
    view! {
        <nav class="segments" aria-label=tr!("Visão da agenda", "Appointments view")>
            {links.into_iter().collect_view()}
        </nav>
    }
}

/// The day, and what narrows the span. Nothing in this form is refused: what means nothing falls back.
#[component]
pub(super) fn Narrow(
    /// What is shown.
    asked: AgendaQuery,
    /// The day it is about.
    date: String,
    /// Who may be chosen.
    professionals: Vec<(String, String)>,
    /// What may be chosen.
    services: Vec<(String, String)>,
    /// Which statuses may be chosen.
    statuses: Vec<(String, String)>,
) -> impl IntoView {
    let narrowed = asked.narrowed();
    let clear = narrowed.then(|| {
        let href = asked.whole().href(AGENDA);
        view! { <a class="button" href=href>{tr!("Limpar", "Clear")}</a> }
    });
    let choices = [
        ("professional", tr!("Profissional", "Professional"), professionals, asked.professional),
        ("service", tr!("Serviço", "Service"), services, asked.service),
        ("status", tr!("Estado", "Status"), statuses, asked.status),
    ];
    let none = choices.iter().all(|(_, _, options, _)| options.is_empty());
    let choices = choices
        .into_iter()
        .filter(|(_, _, options, _)| !options.is_empty())
        .map(|(name, label, options, value)| {
            let mut all = vec![(String::new(), tr!("Qualquer", "Any").to_owned())];
            all.extend(options);
            view! { <Select id=name name=name label=label options=all value=value error=never() /> }
        })
        .collect_view();
    let filters = (!none).then(|| {
        view! {
            <Fold open=narrowed summary=tr!("Filtros", "Filters")>
                <div class="filter">{choices}</div>
            </Fold>
        }
    });
    let hidden = [("view", asked.view), ("group", asked.group)]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
        .collect_view();
    view! {
        <form class="find" method="get" action=AGENDA aria-label=tr!("Escolher na agenda", "Choose appointments")>
            {hidden}
            <div class="find-line agenda-line">
                <Field
                    id="date"
                    name="date"
                    label=tr!("Ir para o dia", "Go to date")
                    kind="date"
                    value=date
                    error=never()
                />
                <button class="button" type="submit">{tr!("Ver", "Show")}</button>
                {clear}
            </div>
            {filters}
        </form>
    }
    .into_any()
}
