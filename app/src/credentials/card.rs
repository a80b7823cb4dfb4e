//! One provider's card: its fields, saving, removing.

use super::{
    ConnectionHealth, CredentialCard, Field as Spec, FieldWords, Provider, RemoveCredential, StoredField, TestReport,
    api::{SaveCredential, SendEvent, TestConnection},
    google::GoogleConsent,
    health::Health,
    replace::ReplaceUnreadable,
    report::{EventForm, Outcome, TestButton},
};
use crate::{
    error::AppError,
    tr,
    ui::{Confirm, Field, Moment, Status, StatusBadge, Tone, by},
};
use leptos::{form::ActionForm, prelude::*};

/// The card. Its forms are plain ones that WASM takes over.
#[component]
pub fn Card(
    /// What is stored.
    card: CredentialCard,
    /// Whether the forms ask for the caller's password.
    #[prop(into)]
    confirm_due: Signal<bool>,
    /// Saving, shared by all cards.
    save: ServerAction<SaveCredential>,
    /// Removing, shared by all cards.
    remove: ServerAction<RemoveCredential>,
    /// Testing, shared by all cards.
    test: ServerAction<TestConnection>,
    /// Sending a test event.
    event: ServerAction<SendEvent>,
    /// What the last test told, of whichever card.
    tested: Signal<Option<TestReport>>,
    /// The health of all cards.
    health: Signal<Vec<ConnectionHealth>>,
    /// The last error, with its fields named `provider.field`.
    error: Signal<Option<AppError>>,
) -> impl IntoView {
    let provider = card.provider;
    let google = card.google.clone();
    let (word, version) = (provider.as_str(), card.version);
    let stored = version > 0;
    let unreadable = card.stored.values().any(|field| *field == StoredField::Unreadable);
    let status = match (stored, unreadable) {
        (_, true) => Status { tone: Tone::Bad, label: tr!("ilegível", "unreadable").to_owned() },
        (true, false) => Status { tone: Tone::Info, label: tr!("guardado", "saved").to_owned() },
        (false, false) => Status { tone: Tone::Quiet, label: tr!("não guardado", "not saved").to_owned() },
    };
    let title_id = format!("{word}-title");
    let labelled_by = title_id.clone();
    let fields = provider
        .fields()
        .iter()
        .map(|spec| view! { <CardField word spec stored=card.stored.get(spec.name).cloned() error /> })
        .collect_view();
    // Each part erased: together their types would take more of the stack than a thread has.
    let head = view! {
            <header class="card-head">
                <div>
                    <h2 id=title_id>{provider.label()}</h2>
                    <p class="card-sub">{provider.purpose()}</p>
                </div>
                {move || {
                    let known = health.get().into_iter().find(|health| health.provider == provider);
                    let status = known.filter(|_| !unreadable).map_or_else(|| status.clone(), |health| health.status);
                    view! { <StatusBadge status /> }
                }}
            </header>
    }
    .into_any();
    let standing = view! {
            {card
                .saved
                .map(|when| {
                    view! {
                        <p class="card-saved soft">
                            {tr!("guardado ", "saved ")} <Moment when /> {by(&card.saved_by)}
                        </p>
                    }
                })}
            <Health provider health />
            {unreadable
                .then(|| {
                    view! {
                        <p class="field-error" role="alert">
                            {tr!(
                                "O que está guardado não abre com a chave do servidor. Restaure a chave ou guarde os campos de novo.",
                                "What is saved cannot be opened with the server’s key. Restore the key or save the fields again.",
                            )}
                        </p>
                    }
                })}
    }.into_any();
    let form = view! {
            <ActionForm action=save>
                <input type="hidden" name="provider" value=word />
                <input type="hidden" name="version" value=version.to_string() />
                {fields}
                {unreadable.then(|| view! { <ReplaceUnreadable word error /> })}
                <Confirm id=format!("{word}-current") due=confirm_due error key=format!("{word}.current") />
                <div class="card-steps">
                    <button class="button primary" type="submit" disabled=move || save.pending().get()>
                        {tr!("Guardar", "Save")}
                    </button>
                    <TestButton test />
                </div>
            </ActionForm>
    }
    .into_any();
    let steps = view! {
            {(provider == Provider::N8n && card.stored.contains_key("webhook_url"))
                .then(|| view! { <EventForm version event /> })}
            <Outcome provider tested />
            {provider.guide().map(|(title, steps)| view! { <Guide title steps /> })}
            {google.map(|google| view! { <GoogleConsent provider version google confirm_due error /> })}
            {(stored && provider == Provider::Evolution)
                .then(|| {
                    view! {
                        <p class="card-steps">
                            <a class="button" href="/settings/credentials/evolution/qr">
                                {tr!("Reconectar por QR code", "Reconnect by QR code")}
                            </a>
                        </p>
                    }
                })}
            {stored.then(|| view! { <Remove word version label=provider.label() confirm_due remove error /> })}
    }
    .into_any();
    view! {
        <section class="card credential" id=word aria-labelledby=labelled_by>
            {head} {standing} {form} {steps}
        </section>
    }
    .into_any()
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
    let FieldWords { label, example, hint } = (spec.words)();
    let example = || tr!(format!("ex.: {example}"), format!("e.g. {example}"));
    let (value, placeholder) = match stored {
        None => (String::new(), example()),
        Some(StoredField::Plain(value)) => (value, example()),
        Some(StoredField::Secret { last_four: Some(end) }) => {
            (String::new(), tr!(format!("guardado · termina em {end}"), format!("saved · ends in {end}")))
        }
        Some(StoredField::Secret { last_four: None }) => (String::new(), tr!("guardado", "saved").to_owned()),
        Some(StoredField::Unreadable) => {
            (String::new(), tr!("ilegível · guarde de novo", "unreadable · save again").to_owned())
        }
    };
    let label = if spec.optional {
        tr!(format!("{label} (opcional)"), format!("{label} (optional)"))
    } else {
        label.to_owned()
    };
    view! {
        <Field
            id=format!("{word}-{}", spec.name)
            name=format!("fields[{}]", spec.name)
            label
            kind=if spec.secret { "password" } else { "text" }
            autocomplete=if spec.secret { "new-password" } else { "off" }
            value
            placeholder
            hint
            error=message
        />
    }
}

/// How to come by what the fields ask for, in a disclosure.
#[component]
fn Guide(title: &'static str, steps: Vec<&'static str>) -> impl IntoView {
    view! {
        <details class="consent-help">
            <summary>{title}</summary>
            <ol class="consent-list">{steps.into_iter().map(|step| view! { <li>{step}</li> }).collect_view()}</ol>
        </details>
    }
}

/// Asks once more inside a disclosure, which works without script.
#[component]
fn Remove(
    word: &'static str,
    version: i64,
    label: &'static str,
    confirm_due: Signal<bool>,
    remove: ServerAction<RemoveCredential>,
    error: Signal<Option<AppError>>,
) -> impl IntoView {
    view! {
        <details class="remove">
            <summary>{tr!(format!("Remover {label}…"), format!("Remove {label}…"))}</summary>
            <ActionForm action=remove>
                <input type="hidden" name="provider" value=word />
                <input type="hidden" name="version" value=version.to_string() />
                <p class="soft">
                    {tr!(
                        "Os campos guardados são apagados. Isto não tem volta.",
                        "The saved fields are deleted. This cannot be undone.",
                    )}
                </p>
                <Confirm
                    id=format!("{word}-remove-current")
                    due=confirm_due
                    error
                    key=format!("{word}.current")
                />
                <button class="button danger" type="submit">{tr!("Remover mesmo assim", "Remove anyway")}</button>
            </ActionForm>
        </details>
    }
}
