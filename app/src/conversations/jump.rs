//! The way to a day of a thread: a plain form that leads to an address.

use super::{
    Jump,
    asked::{Asked, Kept},
};
use crate::{tr, ui::Field};
use leptos::prelude::*;

/// The form, or that there can be none.
#[component]
pub(super) fn ToDay(
    /// None where the tables do not tell days.
    jump: Option<Jump>,
    /// The thread's address.
    href: String,
    /// What the list beside it was asked for.
    asked: Asked,
) -> impl IntoView {
    let Some(Jump { day, error, note }) = jump else {
        return view! {
            <p class="soft to-day-none">
                {tr!(
                    "As mensagens deste projeto não têm uma data por onde ir a um dia.",
                    "This project’s messages have no dates, so there is no day to go to."
                )}
            </p>
        }
        .into_any();
    };
    let error = Signal::derive(move || error.clone());
    view! {
        <form class="to-day" method="get" action=href>
            <Kept asked />
            <Field id="day" name="day" label=tr!("Ir para o dia", "Go to date") kind="date" value=day error />
            <button class="button" type="submit">{tr!("Ir", "Go")}</button>
        </form>
        {note.map(|note| view! { <p class="to-day-note" role="status">{note}</p> })}
    }
    .into_any()
}
