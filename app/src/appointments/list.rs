//! Thirty days as a list; days without anything are folded into one line.

use super::{AgendaDay, AppointmentRow, ListPart};
use crate::{
    tr,
    ui::{Moment, StatusBadge},
};
use leptos::prelude::*;

/// The list.
#[component]
pub(super) fn Days(
    /// In order.
    parts: Vec<ListPart>,
) -> impl IntoView {
    parts
        .into_iter()
        .map(|part| match part {
            ListPart::Day(day) => view! { <Day day /> }.into_any(),
            ListPart::Free(words) => view! { <p class="day-free soft">{words}</p> }.into_any(),
        })
        .collect_view()
        .into_any()
}

#[component]
fn Day(day: AgendaDay) -> impl IntoView {
    let none = day.appointments.is_empty();
    view! {
        <section class="day" data-today=day.today.to_string()>
            <h2 class="day-head">
                {day.label}
                {day.today.then(|| view! { <span class="badge" data-tone="info">{tr!("hoje", "today")}</span> })}
            </h2>
            {if none {
                view! { <p class="day-none soft">{tr!("Nada marcado.", "Nothing booked.")}</p> }.into_any()
            } else {
                view! {
                    <ol class="card flush">
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
    view! {
        <li class="slot">
            <span class="slot-when">
                <Moment when=appointment.starts />
                {(!appointment.ends.is_empty())
                    .then(|| {
                        let words = tr!(format!("até {}", appointment.ends), format!("until {}", appointment.ends));
                        view! { <span class="soft">{words}</span> }
                    })}
            </span>
            <span class="slot-who">
                <a class="strong cut" href=appointment.href data-row><bdi>{appointment.who}</bdi></a>
                {named.then(|| view! { <span class="soft phone">{appointment.phone}</span> })}
            </span>
            <span class="slot-what">
                <bdi class="cut">{appointment.service}</bdi>
                <bdi class="soft cut">{appointment.professional}</bdi>
            </span>
            <span class="slot-price number">{appointment.price}</span>
            <span class="slot-end">
                {appointment
                    .meet_link
                    .map(|link| {
                        view! {
                            <a href=link target="_blank" rel="noopener noreferrer external">{tr!("Vídeo", "Video")}</a>
                        }
                    })}
                {appointment.status.map(|status| view! { <StatusBadge status /> })}
            </span>
        </li>
    }
}
