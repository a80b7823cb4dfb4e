//! A text to be taken elsewhere: a block of its own, selected whole by one click, with a button where script runs.

use crate::tr;
use leptos::prelude::*;

/// The block and its button.
#[component]
pub fn Copyable(
    /// The text, as it must arrive.
    #[prop(into)]
    text: String,
    /// What the button says.
    label: &'static str,
) -> impl IntoView {
    let copied = RwSignal::new(false);
    let kept = StoredValue::new(text.clone());
    view! {
        <div class="copyable">
            // Reached by keyboard, because it scrolls.
            <pre tabindex="0"><code>{text}</code></pre>
            <button
                class="button scripted"
                type="button"
                on:click=move |_| copied.set(kept.with_value(|text| copy(text)))
            >
                {label}
            </button>
            <span class="field-hint" role="status">
                {move || copied.get().then(|| tr!("Copiado.", "Copied."))}
            </span>
        </div>
    }
}

/// Copies; says whether that was possible. Browsers lend the clipboard only to a safe origin.
fn copy(text: &str) -> bool {
    #[cfg(target_arch = "wasm32")]
    if window().is_secure_context() {
        let _ = window().navigator().clipboard().write_text(text);
        return true;
    }
    let _ = text;
    false
}
