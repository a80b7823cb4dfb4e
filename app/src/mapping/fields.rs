//! The fields of a mapping's form. What they mean is the server's matter (`server/src/mapping/form/`).

use crate::tr;
use serde::{Deserialize, Serialize};

/// A text in Portuguese and in English.
type Words = (&'static str, &'static str);

/// A part of the mapping.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Section {
    /// Whom the business talks with.
    Conversations,
    /// What was said.
    Messages,
    /// What was booked.
    Appointments,
}

impl Section {
    /// In the order of the page.
    pub const ALL: [Self; 3] = [Self::Conversations, Self::Messages, Self::Appointments];

    /// The beginning of its fields' names.
    pub fn word(self) -> &'static str {
        match self {
            Self::Conversations => "conversations",
            Self::Messages => "messages",
            Self::Appointments => "appointments",
        }
    }

    /// Its title.
    pub fn title(self) -> &'static str {
        match self {
            Self::Conversations => tr!("Conversas", "Conversations"),
            Self::Messages => tr!("Mensagens", "Messages"),
            Self::Appointments => tr!("Agenda", "Appointments"),
        }
    }

    /// The columns of its preview.
    pub fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Conversations => tr!(
                &["Contato", "Telefone", "Última mensagem", "Estado", "Quando"],
                &["Contact", "Phone", "Last message", "Status", "When"]
            ),
            Self::Messages => tr!(&["Quem escreveu", "Texto", "Quando"], &["Who wrote", "Text", "When"]),
            Self::Appointments => tr!(
                &["Começa", "Até", "Cliente", "Serviço", "Profissional", "Estado", "Valor"],
                &["Starts", "Until", "Customer", "Service", "Professional", "Status", "Price"]
            ),
        }
    }
}

/// How a field is filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Control {
    /// A line.
    Text,
    /// One of these: what is sent, and its words.
    Choice(&'static [(&'static str, Words)]),
    /// Several lines.
    Lines,
}

/// One field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldSpec {
    /// Its section.
    pub section: Section,
    /// Its name after the section's word.
    pub name: &'static str,
    label: Words,
    example: Words,
    hint: Words,
    /// How it is filled in.
    pub control: Control,
    /// Whether it stands among those that are seldom needed.
    pub seldom: bool,
}

impl FieldSpec {
    /// Its whole name: `messages.text`.
    pub fn key(&self) -> String {
        format!("{}.{}", self.section.word(), self.name)
    }

    /// What it is called.
    pub fn label(&self) -> &'static str {
        here(self.label)
    }

    /// An example, shown while it is empty.
    pub fn example(&self) -> &'static str {
        here(self.example)
    }

    /// A sentence below it.
    pub fn hint(&self) -> &'static str {
        here(self.hint)
    }
}

/// In the reader's language.
fn here((pt, en): Words) -> &'static str {
    tr!(pt, en)
}

/// What says the same in both.
const fn same(text: &'static str) -> Words {
    (text, text)
}

const NONE: Words = same("");

/// How a column says when.
const TIMES: &[(&str, Words)] = &[
    ("stamp_utc", ("Data e hora (sem fuso vale UTC)", "Date and time (UTC where there is no zone)")),
    ("stamp_local", ("Data e hora no fuso do painel", "Date and time in the dashboard’s zone")),
    ("day_hour", ("Duas colunas: dia (date) + hora", "Two columns: day (date) + time")),
    ("day_hour_text", ("Duas colunas: dia como 24/11/2026 + hora", "Two columns: day like 24/11/2026 + time")),
    ("epoch_s", ("Segundos desde 1970", "Seconds since 1970")),
    ("epoch_ms", ("Milissegundos desde 1970", "Milliseconds since 1970")),
    ("written", ("Texto como 24/11/2026 14:30", "Text like 24/11/2026 14:30")),
];

const ENDS: &[(&str, Words)] = &[
    ("unknown", ("A tabela não diz", "The table does not say")),
    ("minutes", ("Coluna com os minutos que dura", "A column with how many minutes it lasts")),
    ("always", ("Dura sempre os mesmos minutos", "It always lasts the same number of minutes")),
    ("stamp_utc", ("Data e hora do fim (sem fuso vale UTC)", "Date and time of the end (UTC where there is no zone)")),
    ("stamp_local", ("Data e hora do fim no fuso do painel", "Date and time of the end in the dashboard’s zone")),
    ("day_hour", ("Duas colunas: dia (date) + hora do fim", "Two columns: day (date) + time of the end")),
    ("epoch_s", ("Segundos desde 1970", "Seconds since 1970")),
    ("epoch_ms", ("Milissegundos desde 1970", "Milliseconds since 1970")),
    ("written", ("Texto como 24/11/2026 15:15", "Text like 24/11/2026 15:15")),
];

const PLACE: Words = (
    "Um caminho dentro de JSON se escreve message->content; de outra tabela, contacts(name); duas colunas juntas, nome + sobrenome.",
    "A path inside JSON is written message->content; one from another table, contacts(name); two columns together, name + surname.",
);
const ONLY: Words = (
    "Uma condição por linha: tenant_id = 7, deleted_at = (vazio), ativo = (preenchido). Com a coluna em outra tabela, contas(client_id) = 7.",
    "One condition per line: tenant_id = 7, deleted_at = (empty), active = (filled). With the column in another table, accounts(client_id) = 7.",
);
const ONLY_OF_TALKS: Words = (
    "Uma condição por linha: tenant_id = 7, deleted_at = (vazio). Se só a conversa diz de que cliente é, conversations(tenant_id) = 7.",
    "One condition per line: tenant_id = 7, deleted_at = (empty). If only the conversation says whose it is, conversations(tenant_id) = 7.",
);

const fn text(section: Section, name: &'static str, label: Words, example: &'static str, hint: Words) -> FieldSpec {
    FieldSpec { section, name, label, example: same(example), hint, control: Control::Text, seldom: false }
}

const fn choice(
    section: Section,
    name: &'static str,
    label: Words,
    options: &'static [(&'static str, Words)],
) -> FieldSpec {
    FieldSpec { section, name, label, example: NONE, hint: NONE, control: Control::Choice(options), seldom: false }
}

const fn lines(section: Section, name: &'static str, label: Words, example: Words, hint: Words) -> FieldSpec {
    FieldSpec { section, name, label, example, hint, control: Control::Lines, seldom: true }
}

const fn seldom(field: FieldSpec) -> FieldSpec {
    FieldSpec { seldom: true, ..field }
}

use Section::{Appointments as A, Conversations as C, Messages as M};

/// Every field, in the order of the form.
pub const FIELDS: &[FieldSpec] = &[
    choice(
        C,
        "kind",
        ("De onde vêm", "Where they come from"),
        &[
            ("table", ("De uma tabela com uma linha por conversa", "From a table with one row per conversation")),
            ("gathered", ("Das mensagens, reunidas por pessoa", "From the messages, gathered by person")),
            ("absent", ("O projeto não guarda conversas", "The project keeps no conversations")),
        ],
    ),
    text(
        C,
        "table",
        ("Tabela", "Table"),
        "conversations",
        ("Pode ser uma view. Maiúsculas e espaços contam.", "It may be a view. Capitals and spaces matter."),
    ),
    text(
        C,
        "id",
        ("Identificação da linha", "Row ID"),
        "id",
        ("O que as mensagens usam para dizer de quem são.", "What the messages use to say whose they are."),
    ),
    text(C, "person", ("Telefone ou WhatsApp", "Phone or WhatsApp"), "phone", PLACE),
    text(C, "name", ("Nome do contato", "Contact’s name"), "name", NONE),
    text(C, "status", ("Estado", "Status"), "status", NONE),
    text(C, "last_message", ("Última mensagem", "Last message"), "last_message", NONE),
    text(
        C,
        "changed",
        ("Última mudança", "Last change"),
        "updated_at",
        ("A ordem da lista.", "The order of the list."),
    ),
    choice(C, "changed_kind", ("Como ela diz quando", "How it says when"), TIMES),
    text(
        C,
        "began",
        ("Começo da conversa", "Start of the conversation"),
        "created_at",
        ("Sem ele, não há números de conversas novas.", "Without it, there are no figures for new conversations."),
    ),
    choice(C, "began_kind", ("Como ele diz quando", "How it says when"), TIMES),
    seldom(text(
        C,
        "schema",
        ("Esquema (schema)", "Schema"),
        "public",
        ("Só se não for o primeiro do projeto.", "Only if it is not the project’s first one."),
    )),
    lines(C, "only", ("Só as linhas em que", "Only the rows where"), same("tenant_id = 7"), ONLY),
    choice(
        M,
        "kind",
        ("O que uma linha guarda", "What a row keeps"),
        &[
            ("one", ("Uma mensagem", "One message")),
            ("turn", ("Pergunta e resposta juntas", "Question and answer together")),
            ("absent", ("O projeto não guarda mensagens", "The project keeps no messages")),
        ],
    ),
    text(
        M,
        "table",
        ("Tabela", "Table"),
        "messages",
        ("Pode ser uma view. Maiúsculas e espaços contam.", "It may be a view. Capitals and spaces matter."),
    ),
    text(M, "id", ("Identificação da linha", "Row ID"), "id", NONE),
    text(
        M,
        "conversation",
        ("De quem é", "Whose it is"),
        "conversation_id",
        (
            "A identificação da conversa, ou o telefone, ou o caminho até ele: key->remoteJid.",
            "The conversation’s ID, or the phone, or the path to it: key->remoteJid.",
        ),
    ),
    text(
        M,
        "author",
        ("Quem escreveu", "Who wrote"),
        "direction",
        (
            "Uma palavra (in, human, cliente…) ou um sim/não que é verdadeiro para o negócio. Só para “Uma mensagem”.",
            "A word (in, human, customer…) or a yes/no that is true for the business. Only for “One message”.",
        ),
    ),
    text(M, "text", ("Texto", "Text"), "content", ("Só para “Uma mensagem”.", "Only for “One message”.")),
    text(
        M,
        "question",
        ("O que o contato disse", "What the contact said"),
        "user_message",
        ("Só para “Pergunta e resposta juntas”.", "Only for “Question and answer together”."),
    ),
    text(
        M,
        "answer",
        ("O que o robô respondeu", "What the bot answered"),
        "bot_message",
        ("Só para “Pergunta e resposta juntas”.", "Only for “Question and answer together”."),
    ),
    text(
        M,
        "at",
        ("Quando", "When"),
        "created_at",
        (
            "Sem data, as mensagens aparecem na ordem da identificação.",
            "Without a date, the messages appear in the order of the ID.",
        ),
    ),
    choice(M, "at_kind", ("Como ela diz quando", "How it says when"), TIMES),
    choice(
        M,
        "order",
        ("A ordem das mensagens", "The order of the messages"),
        &[
            ("time", ("Pela data", "By date")),
            ("id", ("Pela identificação, que cresce com o tempo", "By the ID, which grows over time")),
        ],
    ),
    choice(
        M,
        "split",
        ("Um texto com “ | ” no meio", "A text with “ | ” in the middle"),
        &[
            ("no", ("É uma mensagem só", "It is a single message")),
            ("yes", ("São várias mensagens", "They are several messages")),
        ],
    ),
    seldom(text(
        M,
        "name",
        ("Nome do contato", "Contact’s name"),
        "pushName",
        ("Onde as mensagens o trazem.", "Where the messages carry it."),
    )),
    seldom(text(
        M,
        "media",
        ("Tipo da mensagem", "Kind of message"),
        "type",
        ("Diz foto, áudio, documento…", "It says photo, audio, document…"),
    )),
    lines(
        M,
        "authors",
        ("Palavras que querem dizer outra coisa", "Words that mean something else"),
        ("agent = robô", "agent = bot"),
        (
            "Uma por linha: contato, robô, equipe, negócio ou ninguém (não aparece).",
            "One per line: contact, bot, team, business or nobody (not shown).",
        ),
    ),
    seldom(text(
        M,
        "schema",
        ("Esquema (schema)", "Schema"),
        "public",
        ("Só se não for o primeiro do projeto.", "Only if it is not the project’s first one."),
    )),
    lines(
        M,
        "only",
        ("Só as linhas em que", "Only the rows where"),
        same("conversations(tenant_id) = 7"),
        ONLY_OF_TALKS,
    ),
    choice(
        A,
        "kind",
        ("De onde vem", "Where they come from"),
        &[
            ("table", ("De uma tabela", "From a table")),
            ("absent", ("O projeto não guarda agenda", "The project keeps no appointments")),
        ],
    ),
    text(
        A,
        "table",
        ("Tabela", "Table"),
        "appointments",
        ("Pode ser uma view. Maiúsculas e espaços contam.", "It may be a view. Capitals and spaces matter."),
    ),
    text(A, "id", ("Identificação da linha", "Row ID"), "id", NONE),
    text(
        A,
        "starts",
        ("Começo", "Start"),
        "starts_at",
        ("De duas colunas: data + hora.", "From two columns: date + time."),
    ),
    choice(A, "starts_kind", ("Como ele diz quando", "How it says when"), TIMES),
    choice(A, "ends_kind", ("O fim", "The end"), ENDS),
    text(A, "ends", ("Coluna do fim, ou minutos", "Column of the end, or minutes"), "ends_at", NONE),
    text(A, "name", ("Nome do cliente", "Customer’s name"), "customer_name", PLACE),
    text(A, "person", ("Telefone do cliente", "Customer’s phone"), "customer_phone", NONE),
    text(A, "service", ("Serviço", "Service"), "service", NONE),
    text(A, "professional", ("Profissional", "Professional"), "professional", NONE),
    text(A, "status", ("Estado", "Status"), "status", NONE),
    text(A, "price", ("Valor", "Price"), "price_cents", NONE),
    choice(
        A,
        "price_kind",
        ("O valor está em", "The price is in"),
        &[
            ("cents", ("Centavos", "Cents")),
            ("reais", ("Reais (180, 180.00 ou R$ 180,00)", "Reais (180, 180.00 or R$ 180,00)")),
        ],
    ),
    seldom(text(
        A,
        "booked",
        ("Quando foi marcado", "When it was booked"),
        "created_at",
        ("Sem ele, não se sabe a antecedência.", "Without it, how far ahead people book is not known."),
    )),
    seldom(choice(A, "booked_kind", ("Como ele diz quando", "How it says when"), TIMES)),
    seldom(text(A, "link", ("Link da videochamada", "Video call link"), "meet_link", NONE)),
    seldom(text(
        A,
        "conversation",
        ("Conversa de onde veio", "Conversation it came from"),
        "conversation_id",
        ("A identificação da linha de conversas.", "The ID of the conversation’s row."),
    )),
    lines(
        A,
        "statuses",
        ("Palavras que querem dizer outra coisa", "Words that mean something else"),
        ("pago = confirmado", "paid = confirmed"),
        (
            "Uma por linha: a confirmar, confirmado, em atendimento, realizado, cancelado, faltou ou remarcado.",
            "One per line: unconfirmed, confirmed, in progress, completed, cancelled, no-show or rescheduled.",
        ),
    ),
    seldom(text(
        A,
        "schema",
        ("Esquema (schema)", "Schema"),
        "public",
        ("Só se não for o primeiro do projeto.", "Only if it is not the project’s first one."),
    )),
    lines(
        A,
        "only",
        ("Só as linhas em que", "Only the rows where"),
        ("deleted_at = (vazio)", "deleted_at = (empty)"),
        ONLY,
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_field_has_a_name_of_its_own_and_words() {
        let keys: BTreeSet<String> = FIELDS.iter().map(FieldSpec::key).collect();
        assert_eq!(keys.len(), FIELDS.len());
        assert!(FIELDS.iter().all(|field| !field.label.0.is_empty() && !field.label.1.is_empty()));
    }
}
