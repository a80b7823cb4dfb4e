//! Which span of time: plain links for the usual ones, a plain form for days of one's own choice.

use super::{OverviewQuery, Period};
use crate::{
    tr,
    ui::{Field, Fold, Query, address, never},
};
use leptos::prelude::*;

/// Where the overview is.
pub(super) const HOME: &str = "/";

/// The usual ones: the word in the address, and what it is called.
fn usual() -> [(&'static str, &'static str); 4] {
    [
        ("today", tr!("Hoje", "Today")),
        ("7", tr!("7 dias", "7 days")),
        ("30", tr!("30 dias", "30 days")),
        ("90", tr!("90 dias", "90 days")),
    ]
}

/// The address of this overview, or of its file.
pub(super) fn of_period(path: &str, period: &Period, refresh: &str) -> String {
    // The usual period needs no words.
    let word = if period.word == "7" { "" } else { period.word.as_str() };
    let (from, to) = if word == "custom" { (period.from.as_str(), period.to.as_str()) } else { ("", "") };
    address(path, &[("period", word), ("from", from), ("to", to), ("refresh", refresh)])
}

/// What an address asks for.
pub(super) fn asked(query: &Query) -> OverviewQuery {
    let given = |key| query.get(key).unwrap_or_default();
    OverviewQuery { period: given("period"), from: given("from"), to: given("to"), refresh: given("refresh") }
}

/// The picker.
#[component]
pub(super) fn PeriodPicker(
    /// The period at hand.
    period: Period,
) -> impl IntoView {
    let own = period.word == "custom";
    let links = usual()
        .into_iter()
        .map(|(word, label)| {
            let current = (period.word == word).then_some("page");
            let href = address(HOME, &[("period", if word == "7" { "" } else { word })]);
            view! { <li><a class="period" href=href aria-current=current>{label}</a></li> }
        })
        .collect_view();
    view! {
        <nav class="periods" aria-label=tr!("Período", "Period")>
            <ul>{links}</ul>
            <Fold class="period-own" open=own summary=tr!("Outras datas", "Other dates") summary_class="period">
                <form method="get" action=HOME>
                    <input type="hidden" name="period" value="custom" />
                    <Field
                        id="from"
                        name="from"
                        label=tr!("De", "From")
                        kind="date"
                        value=period.from
                        required=true
                        error=never()
                    />
                    <Field
                        id="to"
                        name="to"
                        label=tr!("Até", "Until")
                        kind="date"
                        value=period.to
                        error=never()
                    />
                    <button class="button" type="submit">{tr!("Ver", "Show")}</button>
                </form>
            </Fold>
        </nav>
    }
}
