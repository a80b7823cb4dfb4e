//! The field for the caller's own password, where a step wants it fresh.

use super::Field;
use crate::{error::AppError, tr};
use leptos::prelude::*;

/// A field named `current`, while it is needed: the password was typed more than five minutes ago, or the last try said
/// so, or was wrong.
#[component]
pub fn Confirm(
    /// Unique in the page.
    id: String,
    /// Whether the server asked for it when the page was made.
    #[prop(into)]
    due: Signal<bool>,
    /// The form's last error.
    error: Signal<Option<AppError>>,
    /// The error's name of the field, where the page has several such forms.
    #[prop(default = "current".to_owned())]
    key: String,
) -> impl IntoView {
    let wanted = Memo::new(move |_| due.get() || error.with(|error| matches!(error, Some(AppError::ConfirmDue))));
    let wrong = Signal::derive(move || error.with(|error| error.as_ref()?.at(&key)));
    move || {
        (wanted.get() || wrong.get().is_some()).then(|| {
            view! {
                <Field
                    id=id.clone()
                    name="current"
                    label=tr!("Sua senha", "Your password")
                    kind="password"
                    autocomplete="current-password"
                    hint=tr!(
                        "Faz mais de 5 minutos que você a digitou. Ela vale para os próximos 5.",
                        "You last typed it more than 5 minutes ago. It is good for the next 5."
                    )
                    error=wrong
                />
            }
        })
    }
}
