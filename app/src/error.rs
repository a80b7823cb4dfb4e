//! `AppError`: the closed list of what can go wrong, as a user meets it.
//!
//! It crosses the wire and, without JavaScript, even stands in a redirect URL: nothing in it may be secret, and nothing
//! of a database's or provider's own words. The server maps its mechanisms' errors to this list in one place.

use crate::tr;
use leptos::server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};
use serde::{Deserialize, Serialize};

/// What went wrong, split by what the page does about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum AppError {
    /// Nobody is signed in, or the session has ended.
    NotSignedIn,
    /// E-mail or password is wrong (never says which).
    SignInFailed,
    /// The code of the second factor is wrong, was used, or is too old.
    CodeRefused,
    /// Too many wrong tries: wait this many seconds.
    Throttled {
        /// Seconds to wait before the next try.
        retry_after: u32,
    },
    /// Here nobody gets on without a second factor, and this user has none yet.
    SecondFactorDue,
    /// The password was typed too long ago for this step: it is asked for once more.
    ConfirmDue,
    /// A link that was used, withdrawn or has expired.
    Gone,
    /// The user's tenant is suspended; the reason is the agency's text for the tenant.
    Suspended {
        /// Why, in the agency's words; may be empty.
        reason: String,
    },
    /// Signed in, but the role does not allow it.
    NotAllowed,
    /// No such thing in this tenant (also: another tenant's thing).
    NotFound,
    /// Fields were refused; each error stands at its field.
    Invalid(Vec<FieldError>),
    /// Somebody else saved in the meantime.
    Conflict,
    /// Too many tries, or the server is full: wait this many seconds.
    TooMany {
        /// Seconds to wait before the next try.
        retry_after: u32,
    },
    /// Painel's own database cannot be reached: the same request may succeed in a moment.
    Unavailable,
    /// The tenant has no Supabase project yet.
    NotConfigured,
    /// The tenant's project does not answer, or not in time.
    ProjectUnreachable(Outage),
    /// The tenant's project answered no, and why.
    ProjectRefused(Refusal),
    /// The tenant's mapping has no such part: its project keeps none.
    NotMapped(Mapped),
    /// The tenant's tables do not tell this.
    NotTold,
    /// A sealed value does not open: an alarm, never "empty".
    Unreadable,
    /// A fault of ours; the id stands in the log beside the cause.
    Internal {
        /// What the user quotes to the agency.
        incident: String,
    },
    /// The request did not reach our code whole (bad form, network between browser and server).
    Transport(Transport),
}

/// A part of what a tenant's mapping reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mapped {
    /// Whom the business talks with.
    Conversations,
    /// What was said.
    Messages,
    /// What was booked.
    Appointments,
}

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

/// What happened between browser and server function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Transport {
    /// The form's fields could not be read.
    BadForm,
    /// The server could not be reached or its answer not be read.
    Network,
}

/// One refused field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// The field's name as in the form.
    pub field: String,
    /// What is wrong and what to do, in the reader's language, without the value.
    pub message: String,
}

impl FieldError {
    /// A refused field with its message.
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into() }
    }
}

impl AppError {
    /// The HTTP status that says the same.
    pub fn status(&self) -> u16 {
        match self {
            Self::NotSignedIn | Self::SignInFailed | Self::CodeRefused => 401,
            Self::Suspended { .. } | Self::NotAllowed | Self::SecondFactorDue | Self::ConfirmDue => 403,
            Self::Gone => 410,
            Self::Throttled { .. } => 429,
            Self::NotFound => 404,
            Self::Invalid(_) => 422,
            Self::Conflict | Self::NotConfigured | Self::NotMapped(_) | Self::NotTold => 409,
            Self::TooMany { .. } | Self::Unavailable => 503,
            Self::ProjectUnreachable(_) | Self::ProjectRefused(_) => 502,
            Self::Unreadable | Self::Internal { .. } => 500,
            Self::Transport(Transport::BadForm) => 400,
            Self::Transport(Transport::Network) => 502,
        }
    }

    /// After how many seconds the same request may succeed, where that is known.
    pub fn retry_after(&self) -> Option<u32> {
        match self {
            Self::TooMany { retry_after } | Self::Throttled { retry_after } => Some(*retry_after),
            Self::ProjectUnreachable(Outage::Resting { retry_after }) => Some(*retry_after),
            Self::Unavailable => Some(5),
            _ => None,
        }
    }

    /// Has a project's refusal speak of its table by this name.
    pub fn rename_table(&mut self, own: &str) {
        if let Self::ProjectRefused(
            Refusal::Grant { table } | Refusal::TableMissing { table } | Refusal::ColumnMissing { table },
        ) = self
        {
            own.clone_into(table);
        }
    }

    /// The message of one refused field, if that field was refused.
    pub fn at(&self, field: &str) -> Option<String> {
        match self {
            Self::Invalid(errors) => errors.iter().find(|e| e.field == field).map(|e| e.message.clone()),
            _ => None,
        }
    }

    /// What happened, as a short title.
    pub fn title(&self) -> String {
        match self {
            Self::NotSignedIn => tr!("Sua sessão terminou", "Your session has ended").into(),
            Self::SignInFailed => tr!("E-mail ou senha incorretos", "Wrong email or password").into(),
            Self::CodeRefused => tr!("Código recusado", "Code refused").into(),
            Self::Throttled { .. } => tr!("Muitas tentativas seguidas", "Too many attempts in a row").into(),
            Self::SecondFactorDue => {
                tr!("Falta a verificação em duas etapas", "Two-step verification is not on yet").into()
            }
            Self::ConfirmDue => tr!("Confirme com a sua senha", "Confirm with your password").into(),
            Self::Gone => tr!("Este link não vale mais", "This link is no longer valid").into(),
            Self::Suspended { .. } => tr!("Acesso suspenso", "Access suspended").into(),
            Self::NotAllowed => tr!("Seu papel não permite isto", "Your role does not allow this").into(),
            Self::NotFound => tr!("Não encontramos", "We could not find it").into(),
            Self::Invalid(_) => tr!("Confira os campos marcados", "Check the marked fields").into(),
            Self::Conflict => tr!("Outra pessoa guardou antes", "Somebody else saved first").into(),
            Self::TooMany { .. } => tr!("Muitas tentativas agora", "Too many attempts right now").into(),
            Self::Unavailable => tr!("O painel está voltando", "Painel is coming back").into(),
            Self::NotConfigured => {
                tr!("Falta ligar o projeto Supabase", "The Supabase project is not connected yet").into()
            }
            Self::ProjectUnreachable(Outage::Paused) => {
                tr!("O projeto Supabase está pausado", "The Supabase project is paused").into()
            }
            Self::ProjectUnreachable(Outage::Busy) => {
                tr!("Muitas leituras ao mesmo tempo", "Too many reads at the same time").into()
            }
            Self::ProjectUnreachable(Outage::Rubbish) => tr!(
                "O projeto respondeu algo que não entendemos",
                "The project answered something we do not understand"
            )
            .into(),
            Self::ProjectUnreachable(Outage::AddressRefused) => {
                tr!("Endereço do projeto recusado", "Project address refused").into()
            }
            Self::ProjectUnreachable(_) => {
                tr!("O projeto Supabase não respondeu", "The Supabase project did not answer").into()
            }
            Self::ProjectRefused(_) => {
                tr!("O projeto Supabase recusou a leitura", "The Supabase project refused the request").into()
            }
            Self::NotMapped(Mapped::Conversations) => {
                tr!("Este projeto não guarda conversas", "This project keeps no conversations").into()
            }
            Self::NotMapped(Mapped::Messages) => {
                tr!("Este projeto não guarda mensagens", "This project keeps no messages").into()
            }
            Self::NotMapped(Mapped::Appointments) => {
                tr!("Este projeto não guarda agenda", "This project keeps no appointments").into()
            }
            Self::NotTold => {
                tr!("As tabelas deste projeto não dizem isto", "This project’s tables do not say this").into()
            }
            Self::Unreadable => tr!("Credencial ilegível", "Unreadable credential").into(),
            Self::Internal { .. } => tr!("Algo falhou do nosso lado", "Something failed on our side").into(),
            Self::Transport(_) => tr!("O pedido não chegou inteiro", "The request did not arrive in full").into(),
        }
    }

    /// What to do about it, in a sentence or two.
    pub fn advice(&self) -> String {
        match self {
            Self::NotSignedIn => tr!("Entre de novo para continuar.", "Sign in again to continue.").into(),
            Self::SignInFailed => tr!(
                "Verifique o e-mail e a senha e tente outra vez. Depois de muitas tentativas erradas, espere um \
                 minuto.",
                "Check the email and the password and try again. After many wrong attempts, wait a minute."
            )
            .into(),
            Self::CodeRefused => tr!(
                "Cada código vale uma vez e por meio minuto. Espere o próximo e tente de novo.",
                "Each code works once and for half a minute. Wait for the next one and try again."
            )
            .into(),
            Self::Throttled { retry_after } => {
                let wait = waiting(*retry_after);
                tr!(
                    format!("Por segurança, espere {wait} e tente de novo."),
                    format!("For security, wait {wait} and try again.")
                )
            }
            Self::SecondFactorDue => tr!(
                "Este painel exige a verificação em duas etapas. Ative-a em Segurança para continuar.",
                "This dashboard requires two-step verification. Turn it on in Security to continue."
            )
            .into(),
            Self::ConfirmDue => tr!(
                "Nada foi guardado ainda: digite a sua senha no formulário e envie de novo.",
                "Nothing has been saved yet: type your password in the form and send it again."
            )
            .into(),
            Self::Gone => tr!(
                "Foi usado, cancelado ou venceu. Peça um novo a quem o enviou.",
                "It was used or cancelled, or has expired. Ask whoever sent it for a new one."
            )
            .into(),
            Self::Suspended { reason } if reason.is_empty() => back_in().into(),
            Self::Suspended { reason } => format!("{reason} {}", back_in()),
            Self::NotAllowed => tr!("Peça a um administrador do seu painel.", "Ask an admin of your dashboard.").into(),
            Self::NotFound => tr!(
                "O que você procura não existe ou não pertence a este painel.",
                "What you are looking for does not exist or does not belong to this dashboard."
            )
            .into(),
            Self::Invalid(_) => tr!("Nada foi guardado ainda.", "Nothing has been saved yet.").into(),
            Self::Conflict => tr!(
                "Recarregue a página para ver o que foi guardado e repita a sua mudança.",
                "Reload the page to see what was saved, then make your change again."
            )
            .into(),
            Self::TooMany { retry_after } => {
                let wait = waiting(*retry_after);
                tr!(format!("Espere {wait} e tente de novo."), format!("Wait {wait} and try again."))
            }
            Self::Unavailable => tr!(
                "O nosso banco de dados não respondeu agora. Tente de novo em alguns segundos.",
                "Our database did not answer just now. Try again in a few seconds."
            )
            .into(),
            Self::NotConfigured => tr!(
                "Guarde o endereço e a chave pública do projeto em Conexões.",
                "Save the address and the public key of the project in Connections."
            )
            .into(),
            Self::ProjectUnreachable(outage) => outage.advice(),
            Self::ProjectRefused(refusal) => refusal.advice(),
            Self::NotMapped(_) => tr!(
                "Se ele guarda, diga em que tabela: a página Tabelas mostra como.",
                "If it does, say in which table: the Tables page shows how."
            )
            .into(),
            Self::NotTold => tr!(
                "Falta nelas a coluna com a data. Nada é estimado.",
                "They lack the column with the date. Nothing is estimated."
            )
            .into(),
            Self::Unreadable => tr!(
                "Restaure a chave do servidor ou guarde a credencial de novo em Conexões.",
                "Restore the server key or save the credential again in Connections."
            )
            .into(),
            Self::Internal { incident } => tr!(
                format!("Tente de novo. Se repetir, informe à agência o código {incident}."),
                format!("Try again. If it happens again, give the agency the code {incident}.")
            ),
            Self::Transport(Transport::BadForm) => {
                tr!("Recarregue a página e envie de novo.", "Reload the page and send it again.").into()
            }
            Self::Transport(Transport::Network) => {
                tr!("Verifique a sua internet e tente de novo.", "Check your internet connection and try again.").into()
            }
        }
    }
}

impl Outage {
    fn advice(self) -> String {
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
    fn advice(&self) -> String {
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

fn back_in() -> &'static str {
    tr!("Fale com a sua agência para reativar o acesso.", "Talk to your agency to have your access restored.")
}

/// A wait as people say it.
fn waiting(seconds: u32) -> String {
    match seconds {
        0..=1 => tr!("um segundo", "one second").to_owned(),
        2..=90 => tr!(format!("{seconds} segundos"), format!("{seconds} seconds")),
        91..=5_400 => {
            let minutes = seconds.div_ceil(60);
            tr!(format!("{minutes} minutos"), format!("{minutes} minutes"))
        }
        _ => {
            let hours = seconds.div_ceil(3_600);
            tr!(format!("{hours} horas"), format!("{hours} hours"))
        }
    }
}

impl std::fmt::Display for AppError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}. {}", self.title(), self.advice())
    }
}

impl std::error::Error for AppError {}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        let error = match error {
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) | ServerFnErrorErr::Deserialization(_) => {
                Self::Transport(Transport::BadForm)
            }
            _ => Self::Transport(Transport::Network),
        };
        // Nothing of ours runs when the arguments cannot be read, so the status is told here.
        #[cfg(feature = "ssr")]
        crate::backend::tell_status(&error);
        error
    }
}
