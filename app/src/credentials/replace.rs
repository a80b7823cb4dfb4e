//! What is asked before a value is replaced that does not open now: a restored key may open it again.

use crate::{error::AppError, tr};
use leptos::prelude::*;

/// A box to tick, which the browser insists on and the server asks for as well.
#[component]
pub(super) fn ReplaceUnreadable(
    /// The provider's word.
    word: &'static str,
    /// The last error, with its fields named `provider.field`.
    error: Signal<Option<AppError>>,
) -> impl IntoView {
    let key = format!("{word}.replace_unreadable");
    let message = Signal::derive(move || error.get().and_then(|error| error.at(&key)));
    let id = format!("{word}-replace_unreadable");
    let error_id = format!("{id}-error");
    let described_by = error_id.clone();
    view! {
        <div class="field">
            <label class="tick">
                <input
                    id=id
                    type="checkbox"
                    name="replace_unreadable"
                    value="true"
                    required=true
                    aria-invalid=move || message.get().is_some().then_some("true")
                    aria-describedby=move || message.get().is_some().then(|| described_by.clone())
                />
                <span>
                    {tr!(
                        "Substituir o que está ilegível, embora volte a abrir se a chave for restaurada",
                        "Replace what is unreadable, even though it would open again if the key were restored",
                    )}
                </span>
            </label>
            {move || message.get().map(|message| view! { <p class="field-error" id=error_id.clone()>{message}</p> })}
        </div>
    }
}
