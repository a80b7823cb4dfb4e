//! The draft's fields, part by part.

use super::{Control, Draft, DropDraft, FIELDS, FieldSpec, KeepDraft, Section};
use crate::{
    error::FieldError,
    tr,
    ui::{Field, Lines, Moment, Select, by},
};
use leptos::{prelude::*, server_fn::ServerFn};
use std::collections::BTreeMap;

/// The form.
#[component]
pub(super) fn DraftForm(
    /// What is being edited.
    draft: Draft,
) -> impl IntoView {
    let Draft { fields, errors, kept, by: who, .. } = draft;
    let sections = Section::ALL.map(|section| part(section, &fields, &errors)).collect_view();
    let wrong = errors.len();
    view! {
        <section class="card" aria-labelledby="draft">
            <header class="card-head">
                <div>
                    <h2 id="draft" tabindex="-1">{tr!("Rascunho", "Draft")}</h2>
                    <p class="card-sub">
                        {tr!("de ", "from ")} <Moment when=kept /> {by(&who)}
                    </p>
                </div>
                <form method="post" action=DropDraft::PATH>
                    <button class="button" type="submit">{tr!("Descartar", "Discard")}</button>
                </form>
            </header>
            {(wrong > 0)
                .then(|| {
                    view! {
                        <p class="field-error" role="alert">
                            {if wrong == 1 {
                                tr!("Um campo precisa de acerto.", "One field needs fixing.").to_owned()
                            } else {
                                tr!(
                                    format!("{wrong} campos precisam de acerto."),
                                    format!("{wrong} fields need fixing.")
                                )
                            }}
                        </p>
                    }
                })}
            <form method="post" action=KeepDraft::PATH>
                {sections}
                <div class="card-steps">
                    <button class="button primary" type="submit">
                        {tr!("Guardar o rascunho e ver como fica", "Save the draft and see what it looks like")}
                    </button>
                </div>
            </form>
        </section>
    }
    .into_any()
}

fn part(section: Section, fields: &BTreeMap<String, String>, errors: &[FieldError]) -> AnyView {
    let of = |seldom: bool| {
        FIELDS
            .iter()
            .filter(|field| field.section == section && field.seldom == seldom)
            .map(|field| control(field, fields, errors))
            .collect_view()
    };
    let filled = |field: &FieldSpec| {
        let key = field.key();
        fields.get(&key).is_some_and(|value| !value.is_empty()) || errors.iter().any(|error| error.field == key)
    };
    let open = FIELDS.iter().any(|field| field.section == section && field.seldom && filled(field));
    let (usual, seldom) = (of(false), of(true));
    view! {
        <fieldset class="mapping-part">
            <legend>{section.title()}</legend>
            <div class="mapping-fields">{usual}</div>
            <details open=open>
                <summary>{tr!("Mais: ", "More: ")} {section.title()}</summary>
                <div class="mapping-fields">{seldom}</div>
            </details>
        </fieldset>
    }
    .into_any()
}

fn control(field: &'static FieldSpec, fields: &BTreeMap<String, String>, errors: &[FieldError]) -> AnyView {
    let key = field.key();
    let value = fields.get(&key).cloned().unwrap_or_default();
    let message = errors.iter().find(|error| error.field == key).map(|error| error.message.clone());
    let error = Signal::derive(move || message.clone());
    let (id, name) = (key.replace('.', "-"), format!("fields[{key}]"));
    match field.control {
        Control::Text => {
            view! { <Field id name label=field.label() value placeholder=field.example() hint=field.hint() error /> }
                .into_any()
        }
        Control::Lines => {
            view! { <Lines id name label=field.label() value placeholder=field.example() hint=field.hint() error /> }
                .into_any()
        }
        Control::Choice(options) => {
            let options = options
                .iter()
                .map(|(word, (pt, en))| ((*word).to_owned(), tr!(*pt, *en).to_owned()))
                .collect::<Vec<_>>();
            view! { <Select id name label=field.label() options value hint=field.hint() error /> }.into_any()
        }
    }
}
