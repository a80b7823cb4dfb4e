//! What every control of a form has around it: its label above, its error or else its hint below.

use leptos::prelude::*;

/// The control with its words. The control itself must have the id `id` and be described by [`described`].
pub(super) fn labelled(
    id: String,
    label: String,
    hint: String,
    error: Signal<Option<String>>,
    control: AnyView,
) -> impl IntoView {
    let (hint_id, error_id) = (format!("{id}-hint"), format!("{id}-error"));
    view! {
        <div class="field">
            <label for=id>{label}</label>
            {control}
            {move || match error.get() {
                Some(message) => view! { <p class="field-error" id=error_id.clone()>{message}</p> }.into_any(),
                None if hint.is_empty() => ().into_any(),
                None => view! { <p class="field-hint" id=hint_id.clone()>{hint.clone()}</p> }.into_any(),
            }}
        </div>
    }
}

/// The id of what describes the control at the moment.
pub(super) fn described(id: &str, hint: &str, error: Signal<Option<String>>) -> impl Fn() -> Option<String> + use<> {
    let (hint_id, error_id, has_hint) = (format!("{id}-hint"), format!("{id}-error"), !hint.is_empty());
    move || match (has_hint, error.get().is_some()) {
        (_, true) => Some(error_id.clone()),
        (true, false) => Some(hint_id.clone()),
        (false, false) => None,
    }
}
