//! One labelled input with its hint and its error.

use super::labelled::{described, labelled};
use leptos::prelude::*;

/// A text input. A secret is never filled in: `placeholder` says what is stored.
#[component]
pub fn Field(
    /// Unique in the page.
    #[prop(into)]
    id: String,
    /// The form's name of the field.
    #[prop(into)]
    name: String,
    /// What the field is called.
    #[prop(into)]
    label: String,
    /// `text`, `email`, `password`, …
    #[prop(default = "text")]
    kind: &'static str,
    /// What stands in it at first.
    #[prop(optional, into)]
    value: String,
    /// What is shown while it is empty.
    #[prop(optional, into)]
    placeholder: String,
    /// A sentence below the field.
    #[prop(optional, into)]
    hint: String,
    /// The `autocomplete` token.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// Which keyboard a phone shows, when not that of `kind`: `numeric`.
    #[prop(optional)]
    keyboard: Option<&'static str>,
    /// How many characters the browser should insist on.
    #[prop(optional)]
    least: Option<u32>,
    /// Whether the browser should insist on it.
    #[prop(optional)]
    required: bool,
    /// The error at this field, if any.
    #[prop(into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    let described = described(&id, &hint, error);
    let control = view! {
        <input
            id=id.clone()
            name=name
            type=kind
            value=value
            // A date has none, not even an empty one.
            placeholder=(!placeholder.is_empty()).then_some(placeholder)
            autocomplete=autocomplete
            spellcheck="false"
            autocapitalize="none"
            inputmode=keyboard
            minlength=least.map(|least| least.to_string())
            required=required
            aria-invalid=move || error.get().is_some().then_some("true")
            aria-describedby=described
        />
    };
    labelled(id, label, hint, error, control.into_any())
}
