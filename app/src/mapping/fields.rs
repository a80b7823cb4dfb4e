//! The fields of a mapping's form. What they mean is the server's matter (`server/src/mapping/form.rs`).

use serde::{Deserialize, Serialize};

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
            Self::Conversations => "Conversas",
            Self::Messages => "Mensagens",
            Self::Appointments => "Agenda",
        }
    }

    /// The columns of its preview.
    pub fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Conversations => &["Contato", "Telefone", "Última mensagem", "Estado", "Quando"],
            Self::Messages => &["Quem escreveu", "Texto", "Quando"],
            Self::Appointments => &["Começa", "Até", "Cliente", "Serviço", "Profissional", "Estado", "Valor"],
        }
    }
}

/// How a field is filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Control {
    /// A line.
    Text,
    /// One of these: what is sent, and its words.
    Choice(&'static [(&'static str, &'static str)]),
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
    /// What it is called.
    pub label: &'static str,
    /// An example, shown while it is empty.
    pub example: &'static str,
    /// A sentence below it.
    pub hint: &'static str,
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
}

/// How a column says when.
const TIMES: &[(&str, &str)] = &[
    ("stamp_utc", "Data e hora (sem fuso vale UTC)"),
    ("stamp_local", "Data e hora no fuso do painel"),
    ("day_hour", "Duas colunas: dia (date) + hora"),
    ("day_hour_text", "Duas colunas: dia como 24/11/2026 + hora"),
    ("epoch_s", "Segundos desde 1970"),
    ("epoch_ms", "Milissegundos desde 1970"),
    ("written", "Texto como 24/11/2026 14:30"),
];

const ENDS: &[(&str, &str)] = &[
    ("unknown", "A tabela não diz"),
    ("minutes", "Coluna com os minutos que dura"),
    ("always", "Dura sempre os mesmos minutos"),
    ("stamp_utc", "Data e hora do fim (sem fuso vale UTC)"),
    ("stamp_local", "Data e hora do fim no fuso do painel"),
    ("day_hour", "Duas colunas: dia (date) + hora do fim"),
    ("epoch_s", "Segundos desde 1970"),
    ("epoch_ms", "Milissegundos desde 1970"),
    ("written", "Texto como 24/11/2026 15:15"),
];

const PLACE: &str = "Um caminho dentro de JSON se escreve message->content; de outra tabela, contacts(name); duas colunas juntas, nome + sobrenome.";
const ONLY: &str = "Uma condição por linha: tenant_id = 7, deleted_at = (vazio), ativo = (preenchido).";

const fn text(
    section: Section,
    name: &'static str,
    label: &'static str,
    example: &'static str,
    hint: &'static str,
) -> FieldSpec {
    FieldSpec { section, name, label, example, hint, control: Control::Text, seldom: false }
}

const fn choice(
    section: Section,
    name: &'static str,
    label: &'static str,
    options: &'static [(&'static str, &'static str)],
) -> FieldSpec {
    FieldSpec { section, name, label, example: "", hint: "", control: Control::Choice(options), seldom: false }
}

const fn lines(
    section: Section,
    name: &'static str,
    label: &'static str,
    example: &'static str,
    hint: &'static str,
) -> FieldSpec {
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
        "De onde vêm",
        &[
            ("table", "De uma tabela com uma linha por conversa"),
            ("gathered", "Das mensagens, reunidas por pessoa"),
            ("absent", "O projeto não guarda conversas"),
        ],
    ),
    text(C, "table", "Tabela", "conversations", "Pode ser uma view. Maiúsculas e espaços contam."),
    text(C, "id", "Identificação da linha", "id", "O que as mensagens usam para dizer de quem são."),
    text(C, "person", "Telefone ou WhatsApp", "phone", PLACE),
    text(C, "name", "Nome do contato", "name", ""),
    text(C, "status", "Estado", "status", ""),
    text(C, "last_message", "Última mensagem", "last_message", ""),
    text(C, "changed", "Última mudança", "updated_at", "A ordem da lista."),
    choice(C, "changed_kind", "Como ela diz quando", TIMES),
    text(C, "began", "Começo da conversa", "created_at", "Sem ele, não há números de conversas novas."),
    choice(C, "began_kind", "Como ele diz quando", TIMES),
    seldom(text(C, "schema", "Esquema (schema)", "public", "Só se não for o primeiro do projeto.")),
    lines(C, "only", "Só as linhas em que", "tenant_id = 7", ONLY),
    choice(
        M,
        "kind",
        "O que uma linha guarda",
        &[
            ("one", "Uma mensagem"),
            ("turn", "Pergunta e resposta juntas"),
            ("absent", "O projeto não guarda mensagens"),
        ],
    ),
    text(M, "table", "Tabela", "messages", "Pode ser uma view. Maiúsculas e espaços contam."),
    text(M, "id", "Identificação da linha", "id", ""),
    text(
        M,
        "conversation",
        "De quem é",
        "conversation_id",
        "A identificação da conversa, ou o telefone, ou o caminho até ele: key->remoteJid.",
    ),
    text(
        M,
        "author",
        "Quem escreveu",
        "direction",
        "Uma palavra (in, human, cliente…) ou um sim/não que é verdadeiro para o negócio. Só para “Uma mensagem”.",
    ),
    text(M, "text", "Texto", "content", "Só para “Uma mensagem”."),
    text(M, "question", "O que o contato disse", "user_message", "Só para “Pergunta e resposta juntas”."),
    text(M, "answer", "O que o robô respondeu", "bot_message", "Só para “Pergunta e resposta juntas”."),
    text(M, "at", "Quando", "created_at", "Sem data, as mensagens aparecem na ordem da identificação."),
    choice(M, "at_kind", "Como ela diz quando", TIMES),
    choice(
        M,
        "order",
        "A ordem das mensagens",
        &[("time", "Pela data"), ("id", "Pela identificação, que cresce com o tempo")],
    ),
    choice(M, "split", "Um texto com “ | ” no meio", &[("no", "É uma mensagem só"), ("yes", "São várias mensagens")]),
    seldom(text(M, "name", "Nome do contato", "pushName", "Onde as mensagens o trazem.")),
    seldom(text(M, "media", "Tipo da mensagem", "type", "Diz foto, áudio, documento…")),
    lines(
        M,
        "authors",
        "Palavras que querem dizer outra coisa",
        "agent = robô",
        "Uma por linha: contato, robô, equipe, negócio ou ninguém (não aparece).",
    ),
    seldom(text(M, "schema", "Esquema (schema)", "public", "Só se não for o primeiro do projeto.")),
    lines(M, "only", "Só as linhas em que", "tenant_id = 7", ONLY),
    choice(A, "kind", "De onde vem", &[("table", "De uma tabela"), ("absent", "O projeto não guarda agenda")]),
    text(A, "table", "Tabela", "appointments", "Pode ser uma view. Maiúsculas e espaços contam."),
    text(A, "id", "Identificação da linha", "id", ""),
    text(A, "starts", "Começo", "starts_at", "De duas colunas: data + hora."),
    choice(A, "starts_kind", "Como ele diz quando", TIMES),
    choice(A, "ends_kind", "O fim", ENDS),
    text(A, "ends", "Coluna do fim, ou minutos", "ends_at", ""),
    text(A, "name", "Nome do cliente", "customer_name", PLACE),
    text(A, "person", "Telefone do cliente", "customer_phone", ""),
    text(A, "service", "Serviço", "service", ""),
    text(A, "professional", "Profissional", "professional", ""),
    text(A, "status", "Estado", "status", ""),
    text(A, "price", "Valor", "price_cents", ""),
    choice(A, "price_kind", "O valor está em", &[("cents", "Centavos"), ("reais", "Reais (180, 180.00 ou R$ 180,00)")]),
    seldom(text(A, "link", "Link da videochamada", "meet_link", "")),
    seldom(text(
        A,
        "conversation",
        "Conversa de onde veio",
        "conversation_id",
        "A identificação da linha de conversas.",
    )),
    lines(
        A,
        "statuses",
        "Palavras que querem dizer outra coisa",
        "pago = confirmado",
        "Uma por linha: a confirmar, confirmado, em atendimento, realizado, cancelado, faltou ou remarcado.",
    ),
    seldom(text(A, "schema", "Esquema (schema)", "public", "Só se não for o primeiro do projeto.")),
    lines(A, "only", "Só as linhas em que", "deleted_at = (vazio)", ONLY),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_field_has_a_name_of_its_own_and_words() {
        let keys: BTreeSet<String> = FIELDS.iter().map(FieldSpec::key).collect();
        assert_eq!(keys.len(), FIELDS.len());
        assert!(FIELDS.iter().all(|field| !field.label.is_empty()));
    }
}
