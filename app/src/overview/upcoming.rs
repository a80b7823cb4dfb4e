//! What comes next.

use super::Upcoming;
use crate::{
    tr,
    ui::{Empty, Moment, StatusBadge},
};
use leptos::prelude::*;

/// The next appointments, soonest first.
#[component]
pub(super) fn UpcomingList(
    /// The appointments.
    upcoming: Vec<Upcoming>,
) -> impl IntoView {
    if upcoming.is_empty() {
        return view! {
            <Empty
                title=tr!("Nada marcado adiante", "Nothing booked ahead")
                text=tr!(
                    "Os próximos agendamentos do seu projeto aparecem aqui.",
                    "Your project’s next appointments appear here."
                )
            />
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
        <p class="card-end"><a href="/appointments">{tr!("Ver a agenda", "See the appointments")}</a></p>
    }
    .into_any()
}
