//! When the business is open: said by an admin in a plain form, assumed until then.

use super::{Hours, HoursForm, SetHours};
use crate::{
    error::AppError,
    tr,
    ui::{Field, Fold, at},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// The hours, and the form for whoever may say them.
#[component]
pub(super) fn HoursPanel(
    /// What is known.
    hours: Hours,
    /// Why the form was refused.
    error: Signal<Option<AppError>>,
) -> impl IntoView {
    let Hours { words, assumed, may_set, form } = hours;
    let told = match (assumed, may_set) {
        (false, _) => tr!(format!("Horário de atendimento: {words}."), format!("Business hours: {words}.")),
        (true, true) => tr!(
            format!("Horário de atendimento suposto: {words}. Diga o seu."),
            format!("Assumed business hours: {words}. Set your own.")
        ),
        (true, false) => tr!(
            format!("Horário de atendimento suposto: {words}. Quem administra o painel pode dizer o certo."),
            format!("Assumed business hours: {words}. An admin of your dashboard can set the right ones.")
        ),
    };
    let refused = error.get_untracked().is_some();
    view! {
        <section class="card hours" aria-labelledby="hours">
            <h2 id="hours" class="visually-hidden">{tr!("Horário de atendimento", "Business hours")}</h2>
            <p>{told}</p>
            {may_set
                .then(|| {
                    view! {
                        <Fold open=refused summary=tr!("Mudar o horário", "Change the hours")>
                            <HoursFields form error />
                        </Fold>
                    }
                })}
        </section>
    }
}

#[component]
fn HoursFields(form: HoursForm, error: Signal<Option<AppError>>) -> impl IntoView {
    let HoursForm { mon, tue, wed, thu, fri, sat, sun, opens, closes } = form;
    let days = [
        ("mon", tr!("segunda", "Monday"), mon),
        ("tue", tr!("terça", "Tuesday"), tue),
        ("wed", tr!("quarta", "Wednesday"), wed),
        ("thu", tr!("quinta", "Thursday"), thu),
        ("fri", tr!("sexta", "Friday"), fri),
        ("sat", tr!("sábado", "Saturday"), sat),
        ("sun", tr!("domingo", "Sunday"), sun),
    ];
    let boxes = days
        .into_iter()
        .map(|(word, label, open)| {
            view! {
                <label class="day-box">
                    <input type="checkbox" name=format!("hours[{word}]") value="true" checked=open />
                    <span>{label}</span>
                </label>
            }
        })
        .collect_view();
    let no_day = at(error, "days");
    let told = move || no_day.with(Option::is_some).then_some("no-day");
    view! {
        <form method="post" action=SetHours::PATH>
            <fieldset aria-describedby=told>
                <legend>{tr!("Dias", "Days")}</legend>
                <div class="day-boxes">{boxes}</div>
                {move || no_day.get().map(|message| view! { <p class="field-error" id="no-day">{message}</p> })}
            </fieldset>
            <div class="hours-times">
                <Field
                    id="opens"
                    name="hours[opens]"
                    label=tr!("Abre", "Opens")
                    kind="time"
                    value=opens
                    required=true
                    error=at(error, "opens")
                />
                <Field
                    id="closes"
                    name="hours[closes]"
                    label=tr!("Fecha", "Closes")
                    kind="time"
                    value=closes
                    required=true
                    error=at(error, "closes")
                />
                <button class="button primary" type="submit">{tr!("Guardar", "Save")}</button>
            </div>
        </form>
    }
}
