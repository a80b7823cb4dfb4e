//! Two ways to begin a draft: let the tables be looked for, or take a family that is known.

use super::{DetectTables, StartFromModel};
use crate::ui::{Field, Select, at, never, refusal};
use leptos::{prelude::*, server_fn::ServerFn};

/// The families of conversations, by the names that the server knows.
const TALKS: [(&str, &str); 9] = [
    ("default", "Tabelas padrão: conversations e messages"),
    ("a", "Memória do n8n (n8n_chat_histories)"),
    ("b", "Kit Secretária (n8n_historico_mensagens)"),
    ("c", "dados_cliente e chat_messages"),
    ("d", "Clientes WhatsApp e messages"),
    ("e", "conversations, messages e contacts"),
    ("f", "whatsapp_conversations e whatsapp_messages"),
    ("g", "Evolution API (Message)"),
    ("h", "Uma tabela por cliente (cliente_messages)"),
];

/// The families of appointments.
const BOOKINGS: [(&str, &str); 6] = [
    ("default", "Tabela padrão: appointments"),
    ("rich", "appointments com start_at e end_at"),
    ("day_and_hour", "agendamentos com data e hora separadas"),
    ("one_moment", "agendamentos com data_agendamento"),
    ("secretaria", "Kit Secretária (n8n_agendamentos_pendentes)"),
    ("none", "O projeto não guarda agenda"),
];

/// The two forms.
#[component]
pub(super) fn Begin() -> impl IntoView {
    let error = refusal(&[DetectTables::PATH]);
    let options = |all: &[(&str, &str)]| {
        all.iter().map(|(word, words)| ((*word).to_owned(), (*words).to_owned())).collect::<Vec<_>>()
    };
    let look = view! {
        <section class="card" aria-labelledby="look">
            <h2 id="look">"Procurar as tabelas"</h2>
            <p class="card-sub">
                "O painel olha poucas linhas de tabelas com nomes comuns, propõe um mapeamento e mostra como fica. Nada muda até você pôr em uso."
            </p>
            <form method="post" action=DetectTables::PATH>
                <Field
                    id="tables"
                    name="tables"
                    label="Outras tabelas (opcional)"
                    placeholder="aurora_messages, aurora_bookings"
                    hint="Se as suas têm nomes próprios, separados por vírgula."
                    error=at(error, "tables")
                />
                <Field
                    id="schema"
                    name="schema"
                    label="Esquema (opcional)"
                    placeholder="public"
                    hint="Só se não for o primeiro do projeto."
                    error=at(error, "schema")
                />
                <div class="card-steps"><button class="button primary" type="submit">"Procurar"</button></div>
            </form>
        </section>
    }
    .into_any();
    let model = view! {
        <section class="card" aria-labelledby="model">
            <h2 id="model">"Começar de um modelo"</h2>
            <p class="card-sub">"Se você sabe de que robô as tabelas são."</p>
            <form method="post" action=StartFromModel::PATH>
                <Select id="talks" name="talks" label="Conversas e mensagens" options=options(&TALKS) error=never() />
                <Select id="bookings" name="bookings" label="Agenda" options=options(&BOOKINGS) error=never() />
                <div class="card-steps"><button class="button" type="submit">"Usar o modelo"</button></div>
            </form>
        </section>
    }
    .into_any();
    view! { <div class="columns">{look}{model}</div> }.into_any()
}
