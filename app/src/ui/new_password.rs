//! The field for a new password, with the rule in words. The server decides; the browser only asks early.

use super::Field;
use crate::tr;
use leptos::prelude::*;

/// A new password's length, at least, in characters.
const LEAST: u32 = 15;

/// A field named `password`.
#[component]
pub fn NewPassword(
    /// What the field is called.
    label: &'static str,
    /// The error at this field, if any.
    error: Signal<Option<String>>,
) -> impl IntoView {
    view! {
        <Field
            id="new-password"
            name="password"
            label
            kind="password"
            autocomplete="new-password"
            hint=tr!(
                "15 caracteres ou mais. O mais fácil é uma frase só sua, com espaços se quiser.",
                "15 characters or more. The easiest is a sentence of your own, with spaces if you like."
            )
            least=LEAST
            required=true
            error
        />
    }
}
