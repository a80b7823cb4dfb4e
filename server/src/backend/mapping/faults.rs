//! What is wrong with what a form of the mapping sent, at its fields.

use crate::mapping::{self, Fault};
use app::{
    error::{AppError, FieldError},
    mapping::Detection,
    tr,
};

/// Tables that a person may name beside the usual ones.
const MOST_TABLES: usize = 20;

/// The tables and the schema that somebody wants looked at.
///
/// # Errors
/// `Invalid` at `tables` or `schema`.
pub(super) fn check(detection: &Detection) -> Result<(Vec<String>, Option<String>), AppError> {
    let mut errors = Vec::new();
    let named = |name: &str| mapping::Expr::column(name).is_ok();
    let tables: Vec<String> =
        detection.tables.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect();
    if tables.len() > MOST_TABLES || !tables.iter().all(|name| named(name)) {
        let message = tr!(
            format!("Até {MOST_TABLES} nomes de tabelas, separados por vírgula."),
            format!("Up to {MOST_TABLES} table names, separated by commas.")
        );
        errors.push(FieldError::new("tables", message));
    }
    let schema = detection.schema.trim();
    if !schema.is_empty() && !named(schema) {
        let message = tr!("O nome de um esquema, como “public”.", "The name of a schema, such as “public”.");
        errors.push(FieldError::new("schema", message));
    }
    let schema = (!schema.is_empty()).then(|| schema.to_owned());
    if errors.is_empty() { Ok((tables, schema)) } else { Err(AppError::Invalid(errors)) }
}

/// A mapping that cannot be put in use.
pub(super) fn invalid(faults: Vec<(String, Fault)>) -> AppError {
    AppError::Invalid(field_errors(faults))
}

/// One error a field: the first.
pub(super) fn field_errors(faults: Vec<(String, Fault)>) -> Vec<FieldError> {
    let mut errors: Vec<FieldError> = Vec::new();
    for (field, fault) in faults {
        if !errors.iter().any(|error| error.field == field) {
            errors.push(FieldError::new(field, fault_words(fault)));
        }
    }
    errors
}

fn fault_words(fault: Fault) -> &'static str {
    match fault {
        Fault::Needed => tr!("Falta preencher.", "This has to be filled in."),
        Fault::Place => tr!(
            "Isto não é uma coluna, nem um caminho como message->content ou contacts(name).",
            "This is neither a column nor a path such as message->content or contacts(name).",
        ),
        Fault::Choice => tr!("Escolha uma das opções.", "Choose one of the options."),
        Fault::PlainColumn => {
            tr!("Aqui só cabe uma coluna da própria tabela.", "Only a column of the table itself can go here.")
        }
        Fault::TwoColumns => tr!(
            "Escreva as duas colunas com um + no meio: data + hora.",
            "Write the two columns with a + between them: date + time.",
        ),
        Fault::Minutes => tr!("Um número de minutos, de 5 a 1440.", "A number of minutes, from 5 to 1440."),
        Fault::Line => tr!(
            "Cada linha é “palavra = significado”, com um dos significados da lista.",
            "Each line is “word = meaning”, with one of the meanings in the list.",
        ),
        Fault::Name => tr!("Isto não pode ser um nome no Postgres.", "This cannot be a name in Postgres."),
        Fault::NothingToGather => tr!(
            "Para reunir as conversas das mensagens, é preciso dizer onde estão as mensagens.",
            "To gather the conversations from the messages, say where the messages are.",
        ),
        Fault::TooMuch => tr!("Linhas demais, ou uma longa demais.", "Too many lines, or one that is too long."),
    }
}
