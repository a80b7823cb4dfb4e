//! One labelled choice among a few.

use super::labelled::{described, labelled};
use leptos::prelude::*;

/// A drop-down list.
#[component]
pub fn Select(
    /// Unique in the page.
    #[prop(into)]
    id: String,
    /// The form's name of the field.
    #[prop(into)]
    name: String,
    /// What the field is called.
    #[prop(into)]
    label: String,
    /// What there is to choose: the value sent and the words shown.
    options: Vec<(String, String)>,
    /// The value chosen at first; without a match the first option is.
    #[prop(optional, into)]
    value: String,
    /// A sentence below the field.
    #[prop(optional, into)]
    hint: String,
    /// The error at this field, if any.
    #[prop(into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    let described = described(&id, &hint, error);
    let options = options
        .into_iter()
        .map(|(word, words)| {
            let chosen = word == value;
            view! { <option value=word selected=chosen>{words}</option> }
        })
        .collect_view();
    let control = view! {
        <select
            id=id.clone()
            name=name
            autocomplete="off"
            aria-invalid=move || error.get().is_some().then_some("true")
            aria-describedby=described
        >
            {options}
        </select>
    };
    labelled(id, label, hint, error, control.into_any())
}
