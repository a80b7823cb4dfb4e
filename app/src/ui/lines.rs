//! One labelled text of several lines.

use super::labelled::{described, labelled};
use leptos::prelude::*;

/// A text area of a few lines.
#[component]
pub fn Lines(
    /// Unique in the page.
    #[prop(into)]
    id: String,
    /// The form's name of the field.
    #[prop(into)]
    name: String,
    /// What the field is called.
    #[prop(into)]
    label: String,
    /// What stands in it at first.
    #[prop(optional, into)]
    value: String,
    /// What is shown while it is empty.
    #[prop(optional, into)]
    placeholder: String,
    /// A sentence below the field.
    #[prop(optional, into)]
    hint: String,
    /// The error at this field, if any.
    #[prop(into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    let described = described(&id, &hint, error);
    // What stands in a text area is written as HTML, and not as text: it is made harmless here.
    let inside = value.replace('&', "&amp;").replace('<', "&lt;");
    let control = view! {
        <textarea
            id=id.clone()
            name=name
            rows="3"
            placeholder=placeholder
            autocomplete="off"
            spellcheck="false"
            autocapitalize="none"
            aria-invalid=move || error.get().is_some().then_some("true")
            aria-describedby=described
            inner_html=inside
        ></textarea>
    };
    labelled(id, label, hint, error, control.into_any())
}
