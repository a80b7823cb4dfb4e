//! Why a tenant's project gives nothing, and what to do about it.

use super::words::waiting;
use crate::tr;
use serde::{Deserialize, Serialize};

/// Why a project cannot be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outage {
    /// The address's name is not known.
    Name,
    /// Nobody takes a connection there.
    Connect,
    /// The certificate is not good, or there is no TLS.
    Tls,
    /// No answer within the deadline.
    Timeout,
    /// The project is paused.
    Paused,
    /// It answers with a fault of its own (5xx).
    Fault,
    /// What it sent is not what PostgREST sends, or too large.
    Rubbish,
    /// The address is not one that Painel may open.
    AddressRefused,
    /// Too many requests of this tenant are under way.
    Busy,
    /// It did not answer several times in a row and is left alone for a while.
    Resting {
        /// Seconds until it is asked again.
        retry_after: u32,
    },
}

/// Why a project said no.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refusal {
    /// The key is unknown to the project or switched off.
    Key,
    /// The key has expired.
    KeyExpired,
    /// The table exists but the key's role may not read it.
    Grant {
        /// The table's name.
        table: String,
    },
    /// The table is not there.
    TableMissing {
        /// The table's name.
        table: String,
    },
    /// A column that Painel reads is not there.
    ColumnMissing {
        /// The table's name.
        table: String,
    },
    /// The project's own statement time-out.
    Slow,
    /// Too many requests, says the project.
    RateLimited,
    /// Anything else.
    Other,
}

impl Outage {
    pub(super) fn advice(self) -> String {
        match self {
            Self::Resting { retry_after } => {
                let wait = waiting(retry_after);
                tr!(
                    format!("Não respondeu várias vezes seguidas. Tentamos de novo em {wait}."),
                    format!("It did not answer several times in a row. We will try again in {wait}.")
                )
            }
            Self::Name => tr!(
                "Esse endereço não existe na internet. Confira cada letra em Conexões.",
                "This address does not exist on the internet. Check every letter in Connections."
            )
            .into(),
            Self::Tls => tr!(
                "O certificado do endereço não é válido para ele. Confira o endereço em Conexões.",
                "The certificate of this address is not valid for it. Check the address in Connections."
            )
            .into(),
            Self::Connect => tr!(
                "Não foi possível conectar. Confira o endereço em Conexões ou tente de novo.",
                "We could not connect. Check the address in Connections or try again."
            )
            .into(),
            Self::Timeout => tr!(
                "Passou do tempo de espera. Tente de novo em instantes.",
                "It took too long to answer. Try again in a moment."
            )
            .into(),
            Self::Paused => tr!(
                "Abra o painel do Supabase e clique em “Restore project”; leva alguns minutos.",
                "Open the Supabase dashboard and click “Restore project”; it takes a few minutes."
            )
            .into(),
            Self::Fault => tr!(
                "O Supabase está com uma falha dele. Tente de novo em instantes.",
                "Supabase is having a problem of its own. Try again in a moment."
            )
            .into(),
            Self::Rubbish => tr!(
                "Confira em Conexões se o endereço é mesmo o do projeto Supabase.",
                "Check in Connections that the address really is the Supabase project’s."
            )
            .into(),
            Self::AddressRefused => tr!(
                "Use o endereço https://….supabase.co do projeto, em Conexões.",
                "Use the project address https://….supabase.co, in Connections."
            )
            .into(),
            Self::Busy => tr!("Tente de novo em alguns segundos.", "Try again in a few seconds.").into(),
        }
    }
}

impl Refusal {
    pub(super) fn advice(&self) -> String {
        match self {
            Self::Key => tr!(
                "A chave não é aceita. Copie a chave “publishable” atual do projeto e guarde em Conexões.",
                "The key is not accepted. Copy the project’s current “publishable” key and save it in Connections."
            )
            .into(),
            Self::KeyExpired => tr!(
                "A chave venceu. Guarde a chave “publishable” atual em Conexões.",
                "The key has expired. Save the current “publishable” key in Connections."
            )
            .into(),
            Self::Grant { table } => tr!(
                format!(
                    "Falta permissão na tabela “{table}”: rode GRANT SELECT ON public.{table} TO anon; e crie a política de leitura."
                ),
                format!(
                    "Permission is missing on the table “{table}”: run GRANT SELECT ON public.{table} TO anon; and create the read policy."
                )
            ),
            Self::TableMissing { table } => tr!(
                format!(
                    "A tabela “{table}” não existe nesse projeto. Se as suas têm outros nomes, diga quais em Tabelas."
                ),
                format!("The table “{table}” is not in this project. If yours have other names, say which in Tables.")
            ),
            Self::ColumnMissing { table } => tr!(
                format!(
                    "A tabela “{table}” não tem todas as colunas que o painel lê. Diga em Tabelas onde está cada coisa."
                ),
                format!("The table “{table}” lacks columns that Painel reads. Say in Tables where each thing is.")
            ),
            Self::Slow => tr!(
                "A consulta passou do limite de tempo do projeto. Tente de novo; se repetir, falta um índice.",
                "The query took longer than the project allows. Try again; if it happens again, an index is missing."
            )
            .into(),
            Self::RateLimited => tr!(
                "O projeto pediu para esperar. Tente de novo em um minuto.",
                "The project asked us to wait. Try again in a minute."
            )
            .into(),
            Self::Other => tr!(
                "Tente de novo; se repetir, avise a sua agência.",
                "Try again; if it happens again, tell your agency."
            )
            .into(),
        }
    }
}
