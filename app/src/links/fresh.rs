//! A link that was just made, shown this once to the person who made it.

use super::FreshLink;
use crate::tr;
use leptos::{ev, html, prelude::*};

/// The card with the address to copy, or the word that it went by mail.
#[component]
pub fn Fresh(
    /// The link.
    link: FreshLink,
) -> impl IntoView {
    let FreshLink { email, address, what, until } = link;
    if address.is_empty() {
        return view! {
            <div class="notice" data-tone="ok" role="status">
                <strong>
                    {tr!(
                        format!("Enviamos o link de {what} por e-mail."),
                        format!("We sent the {what} link by email.")
                    )}
                </strong>
                <span>
                    {tr!(
                        format!("Para {email}. Validade: {until}."),
                        format!("To {email}. Valid until {until}.")
                    )}
                </span>
            </div>
        }
        .into_any();
    }
    let input = NodeRef::<html::Input>::new();
    let copied = RwSignal::new(false);
    let select = move |_: ev::FocusEvent| {
        if let Some(input) = input.get_untracked() {
            input.select();
        }
    };
    view! {
        <section class="card fresh" aria-labelledby="fresh-title">
            <h2 id="fresh-title">
                {tr!(format!("Link de {what} para "), format!("The {what} link for "))} <bdi>{email}</bdi>
            </h2>
            <div class="field">
                <label for="fresh-address">{tr!("Endereço para copiar e enviar", "Address to copy and send")}</label>
                <div class="fresh-address">
                    <input
                        id="fresh-address"
                        type="text"
                        value=address
                        readonly=true
                        autocomplete="off"
                        spellcheck="false"
                        aria-describedby="fresh-hint"
                        node_ref=input
                        on:focus=select
                    />
                    <button class="button scripted" type="button" on:click=move |_| copied.set(copy(input))>
                        {tr!("Copiar", "Copy")}
                    </button>
                </div>
                <p class="field-hint" id="fresh-hint">
                    {tr!(
                        format!("Aparece só agora: depois de sair desta página, é preciso fazer outro. Vale uma vez. Validade: {until}."),
                        format!("It is shown only now: once you leave this page, you need to make another one. It works once. Valid until {until}.")
                    )}
                </p>
                <p class="field-hint" role="status">{move || copied.get().then(|| tr!("Copiado.", "Copied."))}</p>
            </div>
        </section>
    }
    .into_any()
}

/// Copies what stands in the input; says whether that was possible. Browsers lend the clipboard only to a safe origin;
/// elsewhere the address stands selected, to be copied by hand.
fn copy(input: NodeRef<html::Input>) -> bool {
    let Some(input) = input.get_untracked() else { return false };
    input.select();
    #[cfg(target_arch = "wasm32")]
    if window().is_secure_context() {
        let _ = window().navigator().clipboard().write_text(&input.value());
        return true;
    }
    false
}
