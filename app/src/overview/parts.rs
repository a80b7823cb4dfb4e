//! Parts of a whole, as a table with a bar each: statuses, professionals, services.

use super::{AppointmentPanel, Label, Part};
use crate::{
    tr,
    ui::{Empty, StatusBadge},
};
use leptos::prelude::*;

/// What became of appointments, with whom, what for.
#[component]
pub(super) fn AppointmentParts(
    /// What to show.
    panel: AppointmentPanel,
) -> impl IntoView {
    let AppointmentPanel { sub, statuses, professionals, services, none, sample } = panel;
    if none {
        return view! {
            <Empty
                title=tr!("Nada marcado no período", "Nothing booked in this period")
                text=tr!("Escolha outros dias, ou veja a agenda.", "Choose other days, or see the appointments.")
            />
        }
        .into_any();
    }
    view! {
        <p class="card-sub">{sub}</p>
        {sample.map(|sample| view! { <p class="sample">{sample}</p> })}
        <div class="breakdowns">
            <Parts head=tr!("Estado", "Status") parts=statuses />
            <Parts head=tr!("Profissional", "Professional") parts=professionals />
            <Parts head=tr!("Serviço", "Service") parts=services />
        </div>
    }
    .into_any()
}

#[component]
fn Parts(head: &'static str, parts: Vec<Part>) -> impl IntoView {
    (!parts.is_empty()).then(|| {
        let rows = parts
            .into_iter()
            .map(|part| {
                let label = match part.label {
                    Label::Status(status) => view! { <StatusBadge status /> }.into_any(),
                    Label::Name(name) => view! { <bdi>{name}</bdi> }.into_any(),
                    Label::Word(word) => view! { <span class="soft">{word}</span> }.into_any(),
                };
                view! {
                    <tr>
                        <th scope="row">{label}</th>
                        <td class="part-bar">
                            <svg viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">
                                <rect class="ground" width="1000" height="10"></rect>
                                <rect class="length" width=part.length.to_string() height="10"></rect>
                            </svg>
                        </td>
                        <td class="number">{part.count}</td>
                        <td class="number soft">{part.share}</td>
                    </tr>
                }
            })
            .collect_view();
        view! {
            <table class="parts">
                <thead>
                    <tr>
                        <th scope="col">{head}</th>
                        <td></td>
                        <th scope="col" class="number">{tr!("Quantos", "How many")}</th>
                        <th scope="col" class="number">{tr!("Parte", "Share")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        }
    })
}
