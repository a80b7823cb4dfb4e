//! One provider's card: its fields, saving, removing.

use super::{CredentialCard, Field as Spec, RemoveCredential, StoredField, api::SaveCredential};
use crate::{
    error::AppError,
    ui::{Field, Moment, Status, StatusBadge, Tone},
};
use leptos::{form::ActionForm, prelude::*};

/// The card. Its forms are plain ones that WASM takes over.
#[component]
pub fn Card(
    /// What is stored.
    card: CredentialCard,
    /// Saving, shared by all cards.
    save: ServerAction<SaveCredential>,
    /// Removing, shared by all cards.
    remove: ServerAction<RemoveCredential>,
    /// The last error, with its fields named `provider.field`.
    error: Signal<Option<AppError>>,
) -> impl IntoView {
    let provider = card.provider;
    let (word, version) = (provider.as_str(), card.version);
    let stored = version > 0;
    let unreadable = card.stored.values().any(|field| *field == StoredField::Unreadable);
    let status = match (stored, unreadable) {
        (_, true) => Status { tone: Tone::Bad, label: "ilegível".to_owned() },
        (true, false) => Status { tone: Tone::Info, label: "guardado".to_owned() },
        (false, false) => Status { tone: Tone::Quiet, label: "não guardado".to_owned() },
    };
    let title_id = format!("{word}-title");
    let labelled_by = title_id.clone();
    let fields = provider
        .fields()
        .iter()
        .map(|spec| view! { <CardField word spec stored=card.stored.get(spec.name).cloned() error /> })
        .collect_view();
    view! {
        <section class="card credential" aria-labelledby=labelled_by>
            <header class="card-head">
                <div>
                    <h2 id=title_id>{provider.label()}</h2>
                    <p class="card-sub">{provider.purpose()}</p>
                </div>
                <StatusBadge status />
            </header>
            {card
                .saved
                .map(|when| {
                    view! { <p class="card-saved soft">"guardado " <Moment when /> {by(&card.saved_by)}</p> }
                })}
            {unreadable
                .then(|| {
                    view! {
                        <p class="field-error" role="alert">
                            "O que está guardado não abre com a chave do servidor. Restaure a chave ou guarde os campos de novo."
                        </p>
                    }
                })}
            <ActionForm action=save>
                <input type="hidden" name="provider" value=word />
                <input type="hidden" name="version" value=version.to_string() />
                {fields}
                <div class="card-steps">
                    <button class="button primary" type="submit" disabled=move || save.pending().get()>"Guardar"</button>
                </div>
            </ActionForm>
            {stored.then(|| view! { <Remove word version label=provider.label() remove /> })}
        </section>
    }
}

#[component]
fn CardField(
    word: &'static str,
    spec: &'static Spec,
    stored: Option<StoredField>,
    error: Signal<Option<AppError>>,
) -> impl IntoView {
    let key = format!("{word}.{}", spec.name);
    let message = Signal::derive(move || error.get().and_then(|error| error.at(&key)));
    let (value, placeholder) = match stored {
        None => (String::new(), format!("ex.: {}", spec.example)),
        Some(StoredField::Plain(value)) => (value, format!("ex.: {}", spec.example)),
        Some(StoredField::Secret { last_four: Some(end) }) => (String::new(), format!("guardado · termina em {end}")),
        Some(StoredField::Secret { last_four: None }) => (String::new(), "guardado".to_owned()),
        Some(StoredField::Unreadable) => (String::new(), "ilegível · guarde de novo".to_owned()),
    };
    let label = if spec.optional { format!("{} (opcional)", spec.label) } else { spec.label.to_owned() };
    view! {
        <Field
            id=format!("{word}-{}", spec.name)
            name=format!("fields[{}]", spec.name)
            label
            kind=if spec.secret { "password" } else { "text" }
            autocomplete=if spec.secret { "new-password" } else { "off" }
            value
            placeholder
            hint=spec.hint
            error=message
        />
    }
}

/// Asks once more inside a disclosure, which works without script.
#[component]
fn Remove(
    word: &'static str,
    version: i64,
    label: &'static str,
    remove: ServerAction<RemoveCredential>,
) -> impl IntoView {
    view! {
        <details class="remove">
            <summary>{format!("Remover {label}…")}</summary>
            <ActionForm action=remove>
                <input type="hidden" name="provider" value=word />
                <input type="hidden" name="version" value=version.to_string() />
                <p class="soft">"Os campos guardados são apagados. Isto não tem volta."</p>
                <button class="button danger" type="submit">"Remover mesmo assim"</button>
            </ActionForm>
        </details>
    }
}

fn by(name: &str) -> String {
    if name.is_empty() { String::new() } else { format!(", por {name}") }
}
