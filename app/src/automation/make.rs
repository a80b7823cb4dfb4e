//! The form for a new token.

use super::{HandOutView, Lifetime, MakeToken};
use crate::{
    tr,
    ui::{Confirm, Field, Select, at, refusal},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// Name, what it may read, and until when.
#[component]
pub(super) fn Make(
    /// What can be handed out.
    hand_out: Vec<HandOutView>,
    /// Whether the caller's password is due.
    confirm_due: bool,
) -> impl IntoView {
    let error = refusal(&[MakeToken::PATH]);
    let refused = at(error, "providers");
    let boxes = hand_out.into_iter().map(|one| view! { <Tick one /> }).collect_view();
    let lifetimes = Lifetime::ALL.into_iter().map(|one| (one.as_str().to_owned(), one.label().to_owned())).collect();
    view! {
        <section class="card" aria-labelledby="make">
            <h2 id="make" tabindex="-1">{tr!("Criar token", "Create a token")}</h2>
            <form method="post" action=MakeToken::PATH>
                <Field
                    id="name"
                    name="name"
                    label=tr!("Nome", "Name")
                    hint=tr!(
                        "Para que serve: “Robô de agendamento”, “Lembretes”.",
                        "What it is for: “Booking bot”, “Reminders”."
                    )
                    required=true
                    error=at(error, "name")
                />
                <fieldset class="choices">
                    <legend>{tr!("O que ele lê", "What it reads")}</legend>
                    {boxes}
                    {move || refused.get().map(|message| view! { <p class="field-error">{message}</p> })}
                </fieldset>
                <Select
                    id="lifetime"
                    name="lifetime"
                    label=tr!("Vale por", "Valid for")
                    options=lifetimes
                    value=Lifetime::Quarter.as_str()
                    hint=tr!(
                        "Depois disso, o fluxo precisa de um token novo.",
                        "After that, the workflow needs a new token."
                    )
                    error=at(error, "lifetime")
                />
                <Confirm id="current".to_owned() due=confirm_due error />
                <div class="card-steps">
                    <button class="button primary" type="submit">{tr!("Criar token", "Create token")}</button>
                </div>
            </form>
        </section>
    }
    .into_any()
}

#[component]
fn Tick(one: HandOutView) -> impl IntoView {
    let HandOutView { word, label, stored, .. } = one;
    view! {
        <label class="choice">
            <input type="checkbox" name=format!("providers[{word}]") value="on" />
            <span>
                <span class="strong">{label}</span>
                {(!stored)
                    .then(|| {
                        view! {
                            <span class="soft">
                                {tr!("ainda não guardado em Conexões", "not saved in Connections yet")}
                            </span>
                        }
                    })}
            </span>
        </label>
    }
    .into_any()
}
