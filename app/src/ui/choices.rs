//! One of several, each with a line on what it means.

use leptos::prelude::*;

/// One of the choices.
pub struct Choice {
    /// The form's word for it.
    pub word: &'static str,
    /// What it is called.
    pub label: &'static str,
    /// What it means, in a line.
    pub meaning: &'static str,
}

/// Radio buttons below each other.
#[component]
pub fn Choices(
    /// The form's name of the field.
    name: &'static str,
    /// What is chosen.
    legend: &'static str,
    /// The choices, in their order.
    choices: Vec<Choice>,
    /// The word that is chosen at first.
    chosen: &'static str,
) -> impl IntoView {
    let choices = choices
        .into_iter()
        .map(|choice| {
            view! {
                <label class="choice">
                    <input type="radio" name=name value=choice.word checked=choice.word == chosen />
                    <span>
                        <span class="strong">{choice.label}</span>
                        <span class="soft">{choice.meaning}</span>
                    </span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="choices">
            <legend>{legend}</legend>
            {choices}
        </fieldset>
    }
}
