//! One labelled input with its hint and its error.

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
    /// Whether the browser should insist on it.
    #[prop(optional)]
    required: bool,
    /// The error at this field, if any.
    #[prop(into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    let hint_id = format!("{id}-hint");
    let error_id = format!("{id}-error");
    let described = {
        let (hint_id, error_id, has_hint) = (hint_id.clone(), error_id.clone(), !hint.is_empty());
        move || match (has_hint, error.get().is_some()) {
            (_, true) => Some(error_id.clone()),
            (true, false) => Some(hint_id.clone()),
            (false, false) => None,
        }
    };
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input
                id=id
                name=name
                type=kind
                value=value
                placeholder=placeholder
                autocomplete=autocomplete
                spellcheck="false"
                autocapitalize="none"
                required=required
                aria-invalid=move || error.get().is_some().then_some("true")
                aria-describedby=described
            />
            {move || match error.get() {
                Some(message) => view! { <p class="field-error" id=error_id.clone()>{message}</p> }.into_any(),
                None if hint.is_empty() => ().into_any(),
                None => view! { <p class="field-hint" id=hint_id.clone()>{hint.clone()}</p> }.into_any(),
            }}
        </div>
    }
}
