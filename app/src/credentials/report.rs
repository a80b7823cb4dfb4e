//! "Testar conexão": the button inside a card's form, the one that sends n8n an event, and what either told.

use super::{
    Provider, TestFinding, TestReport,
    api::{SendEvent, TestConnection},
};
use crate::{
    tr,
    ui::{Copyable, Moment, StatusBadge},
};
use leptos::{ev, form::ActionForm, html, prelude::*, server_fn::ServerFn};

/// A second way to send the card's form: to the test instead of to the store. Without script the browser does that by
/// itself; with it the fields stay as they were typed.
#[component]
pub fn TestButton(
    /// Testing, shared by all cards.
    test: ServerAction<TestConnection>,
) -> impl IntoView {
    let button = NodeRef::<html::Button>::new();
    let send = move |event: ev::MouseEvent| {
        if let Some(fields) = fields(button) {
            // The form itself would save.
            event.prevent_default();
            test.dispatch(fields);
        }
    };
    let label = move || {
        if test.pending().get() { tr!("Testando…", "Testing…") } else { tr!("Testar conexão", "Test connection") }
    };
    view! {
        <button
            class="button"
            type="submit"
            formaction=TestConnection::PATH
            // A test replaces nothing: what is asked before a save is not asked here.
            formnovalidate=true
            node_ref=button
            disabled=move || test.pending().get()
            on:click=send
        >
            {label}
        </button>
        <p class="field-hint test-hint">
            {tr!(
                "O teste usa o que está escrito acima e, nos campos em branco, o que está guardado. Ele não guarda nem muda nada.",
                "The test uses what is written above and, for blank fields, what is saved. It does not save or change anything.",
            )}
        </p>
    }
}

/// What stands in the button's form.
fn fields(button: NodeRef<html::Button>) -> Option<TestConnection> {
    use leptos::{form::FromFormData, web_sys::FormData};
    let form = button.get_untracked()?.form()?;
    TestConnection::from_form_data(&FormData::new_with_form(&form).ok()?).ok()
}

/// Sends a test event to the stored webhook: a form of its own, because it is no question but runs the workflow.
#[component]
pub fn EventForm(
    /// The stored version.
    version: i64,
    /// Sending.
    event: ServerAction<SendEvent>,
) -> impl IntoView {
    view! {
        <ActionForm action=event>
            <input type="hidden" name="version" value=version.to_string() />
            <div class="card-steps">
                <button class="button" type="submit" disabled=move || event.pending().get()>
                    {tr!("Enviar evento de teste", "Send a test event")}
                </button>
                <p class="field-hint test-hint">
                    {tr!(
                        "Este botão executa o fluxo guardado, uma vez, com um aviso assinado de teste (“connection_test”).",
                        "This button runs the saved workflow once, with a signed test notification (“connection_test”).",
                    )}
                </p>
            </div>
        </ActionForm>
    }
}

/// What the last test told, if it was of this card.
#[component]
pub fn Outcome(
    /// Whose card it is.
    provider: Provider,
    /// What the last test told, of whichever card.
    tested: Signal<Option<TestReport>>,
) -> impl IntoView {
    move || tested.get().filter(|report| report.provider == provider).map(|report| view! { <Report report /> })
}

#[component]
fn Report(report: TestReport) -> impl IntoView {
    let TestReport { provider, status, tested, unsaved, findings, facts } = report;
    let title = format!("{}-tested", provider.as_str());
    let labelled_by = title.clone();
    let tone = status.tone.as_str();
    view! {
        <section class="tested" data-tone=tone aria-labelledby=labelled_by role="status">
            <header class="tested-head">
                <h3 id=title>{tr!("Teste da conexão", "Connection test")}</h3>
                <StatusBadge status />
            </header>
            <p class="soft">
                {tr!("feito ", "done ")} <Moment when=tested />
                {unsaved
                    .then_some(
                        tr!(
                            " · o que foi testado ainda não está guardado: clique em Guardar",
                            " · what was tested is not saved yet: click Save"
                        ),
                    )}
            </p>
            <ul class="tested-findings">
                {findings.into_iter().map(|finding| view! { <Finding finding /> }).collect_view()}
            </ul>
            {(!facts.is_empty())
                .then(|| {
                    let fact = |fact: super::TestFact| view! { <div><dt>{fact.label}</dt><dd>{fact.value}</dd></div> };
                    view! { <dl class="tested-facts">{facts.into_iter().map(fact).collect_view()}</dl> }
                })}
        </section>
    }
}

#[component]
fn Finding(finding: TestFinding) -> impl IntoView {
    let TestFinding { tone, what, fix, paste } = finding;
    view! {
        <li data-tone=tone.as_str()>
            <p class="tested-what">{what}</p>
            {(!fix.is_empty()).then(|| view! { <p>{fix}</p> })}
            {(!paste.is_empty()).then(|| view! { <Copyable text=paste label=tr!("Copiar o SQL", "Copy the SQL") /> })}
        </li>
    }
}
