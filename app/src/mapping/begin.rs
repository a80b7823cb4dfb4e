//! Two ways to begin a draft: let the tables be looked for, or take a family that is known.

use super::{DetectTables, StartFromModel};
use crate::{
    tr,
    ui::{Field, Select, at, never, refusal},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// The families of conversations, by the names that the server knows.
fn talks() -> [(&'static str, &'static str); 9] {
    [
        ("default", tr!("Tabelas padrão: conversations e messages", "Default tables: conversations and messages")),
        ("a", tr!("Memória do n8n (n8n_chat_histories)", "n8n memory (n8n_chat_histories)")),
        ("b", "Kit Secretária (n8n_historico_mensagens)"),
        ("c", tr!("dados_cliente e chat_messages", "dados_cliente and chat_messages")),
        ("d", tr!("Clientes WhatsApp e messages", "Clientes WhatsApp and messages")),
        ("e", tr!("conversations, messages e contacts", "conversations, messages and contacts")),
        ("f", tr!("whatsapp_conversations e whatsapp_messages", "whatsapp_conversations and whatsapp_messages")),
        ("g", "Evolution API (Message)"),
        ("h", tr!("Uma tabela por cliente (cliente_messages)", "One table per client (cliente_messages)")),
    ]
}

/// The families of appointments.
fn bookings() -> [(&'static str, &'static str); 6] {
    [
        ("default", tr!("Tabela padrão: appointments", "Default table: appointments")),
        ("rich", tr!("appointments com start_at e end_at", "appointments with start_at and end_at")),
        ("day_and_hour", tr!("agendamentos com data e hora separadas", "agendamentos with separate date and time")),
        ("one_moment", tr!("agendamentos com data_agendamento", "agendamentos with data_agendamento")),
        ("secretaria", "Kit Secretária (n8n_agendamentos_pendentes)"),
        ("none", tr!("O projeto não guarda agenda", "The project keeps no appointments")),
    ]
}

/// The two forms.
#[component]
pub(super) fn Begin() -> impl IntoView {
    let error = refusal(&[DetectTables::PATH]);
    let options = |all: &[(&str, &str)]| {
        all.iter().map(|(word, words)| ((*word).to_owned(), (*words).to_owned())).collect::<Vec<_>>()
    };
    let look = view! {
        <section class="card" aria-labelledby="look">
            <h2 id="look">{tr!("Procurar as tabelas", "Search for the tables")}</h2>
            <p class="card-sub">
                {tr!(
                    "O painel olha poucas linhas de tabelas com nomes comuns, propõe um mapeamento e mostra como fica. Nada muda até você pôr em uso.",
                    "Painel looks at a few rows of tables with common names, proposes a mapping and shows what it looks like. Nothing changes until you put it in use."
                )}
            </p>
            <form method="post" action=DetectTables::PATH>
                <Field
                    id="tables"
                    name="tables"
                    label=tr!("Outras tabelas (opcional)", "Other tables (optional)")
                    placeholder="aurora_messages, aurora_bookings"
                    hint=tr!(
                        "Se as suas têm nomes próprios, separados por vírgula.",
                        "If yours have names of their own, separated by commas."
                    )
                    error=at(error, "tables")
                />
                <Field
                    id="schema"
                    name="schema"
                    label=tr!("Esquema (opcional)", "Schema (optional)")
                    placeholder="public"
                    hint=tr!("Só se não for o primeiro do projeto.", "Only if it is not the project’s first one.")
                    error=at(error, "schema")
                />
                <div class="card-steps">
                    <button class="button primary" type="submit">{tr!("Procurar", "Search")}</button>
                </div>
            </form>
        </section>
    }
    .into_any();
    let model = view! {
        <section class="card" aria-labelledby="model">
            <h2 id="model">{tr!("Começar de um modelo", "Start from a template")}</h2>
            <p class="card-sub">
                {tr!("Se você sabe de que robô as tabelas são.", "If you know which bot the tables belong to.")}
            </p>
            <form method="post" action=StartFromModel::PATH>
                <Select
                    id="talks"
                    name="talks"
                    label=tr!("Conversas e mensagens", "Conversations and messages")
                    options=options(&talks())
                    error=never()
                />
                <Select
                    id="bookings"
                    name="bookings"
                    label=tr!("Agenda", "Appointments")
                    options=options(&bookings())
                    error=never()
                />
                <div class="card-steps">
                    <button class="button" type="submit">{tr!("Usar o modelo", "Use the template")}</button>
                </div>
            </form>
        </section>
    }
    .into_any();
    view! { <div class="columns">{look}{model}</div> }.into_any()
}
