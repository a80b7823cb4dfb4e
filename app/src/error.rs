//! `AppError`: the closed list of what can go wrong, as a user meets it.
//!
//! It crosses the wire and, without JavaScript, even stands in a redirect URL: nothing in it may be secret, and nothing
//! of a database's or provider's own words. The server maps its mechanisms' errors to this list in one place.

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
    /// What is wrong and what to do, in Portuguese, without the value.
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
            Self::NotSignedIn => "Sua sessão terminou".into(),
            Self::SignInFailed => "E-mail ou senha incorretos".into(),
            Self::CodeRefused => "Código recusado".into(),
            Self::Throttled { .. } => "Muitas tentativas seguidas".into(),
            Self::SecondFactorDue => "Falta a verificação em duas etapas".into(),
            Self::ConfirmDue => "Confirme com a sua senha".into(),
            Self::Gone => "Este link não vale mais".into(),
            Self::Suspended { .. } => "Acesso suspenso".into(),
            Self::NotAllowed => "Seu papel não permite isto".into(),
            Self::NotFound => "Não encontramos".into(),
            Self::Invalid(_) => "Confira os campos marcados".into(),
            Self::Conflict => "Outra pessoa salvou antes".into(),
            Self::TooMany { .. } => "Muitas tentativas agora".into(),
            Self::Unavailable => "O painel está voltando".into(),
            Self::NotConfigured => "Falta ligar o projeto Supabase".into(),
            Self::ProjectUnreachable(Outage::Paused) => "O projeto Supabase está pausado".into(),
            Self::ProjectUnreachable(Outage::Busy) => "Muitas leituras ao mesmo tempo".into(),
            Self::ProjectUnreachable(Outage::Rubbish) => "O projeto respondeu algo que não entendemos".into(),
            Self::ProjectUnreachable(Outage::AddressRefused) => "Endereço do projeto recusado".into(),
            Self::ProjectUnreachable(_) => "O projeto Supabase não respondeu".into(),
            Self::ProjectRefused(_) => "O projeto Supabase recusou a leitura".into(),
            Self::NotMapped(Mapped::Conversations) => "Este projeto não guarda conversas".into(),
            Self::NotMapped(Mapped::Messages) => "Este projeto não guarda mensagens".into(),
            Self::NotMapped(Mapped::Appointments) => "Este projeto não guarda agenda".into(),
            Self::NotTold => "As tabelas deste projeto não dizem isto".into(),
            Self::Unreadable => "Credencial ilegível".into(),
            Self::Internal { .. } => "Algo falhou do nosso lado".into(),
            Self::Transport(_) => "O pedido não chegou inteiro".into(),
        }
    }

    /// What to do about it, in a sentence or two.
    pub fn advice(&self) -> String {
        match self {
            Self::NotSignedIn => "Entre de novo para continuar.".into(),
            Self::SignInFailed => {
                "Verifique o e-mail e a senha e tente outra vez. Depois de muitas tentativas erradas, espere um minuto."
                    .into()
            }
            Self::CodeRefused => "Cada código vale uma vez e por meio minuto. Espere o próximo e tente de novo.".into(),
            Self::Throttled { retry_after } => {
                format!("Por segurança, espere {} e tente de novo.", waiting(*retry_after))
            }
            Self::SecondFactorDue => "Este painel exige um segundo fator. Ative-o em Segurança para continuar.".into(),
            Self::ConfirmDue => "Nada foi salvo ainda: digite a sua senha no formulário e envie de novo.".into(),
            Self::Gone => "Foi usado, cancelado ou venceu. Peça um novo a quem o enviou.".into(),
            Self::Suspended { reason } if reason.is_empty() => "Fale com a sua agência para reativar o acesso.".into(),
            Self::Suspended { reason } => format!("{reason} Fale com a sua agência para reativar o acesso."),
            Self::NotAllowed => "Peça a um administrador do seu painel.".into(),
            Self::NotFound => "O que você procura não existe ou não pertence a este painel.".into(),
            Self::Invalid(_) => "Nada foi salvo ainda.".into(),
            Self::Conflict => "Recarregue a página para ver o que foi salvo e repita a sua mudança.".into(),
            Self::TooMany { retry_after } => format!("Espere {retry_after} segundos e tente de novo."),
            Self::Unavailable => "O nosso banco de dados não respondeu agora. Tente de novo em alguns segundos.".into(),
            Self::NotConfigured => "Guarde o endereço e a chave pública do projeto em Conexões.".into(),
            Self::ProjectUnreachable(outage) => match outage {
                Outage::Resting { retry_after } => {
                    return format!(
                        "Não respondeu várias vezes seguidas. Tentamos de novo em {}.",
                        waiting(*retry_after)
                    );
                }
                Outage::Name => "Esse endereço não existe na internet. Confira cada letra em Conexões.",
                Outage::Tls => "O certificado do endereço não é válido para ele. Confira o endereço em Conexões.",
                Outage::Connect => "Não foi possível conectar. Confira o endereço em Conexões ou tente de novo.",
                Outage::Timeout => "Passou do tempo de espera. Tente de novo em instantes.",
                Outage::Paused => "Abra o painel do Supabase e clique em “Restore project”; leva alguns minutos.",
                Outage::Fault => "O Supabase está com uma falha dele. Tente de novo em instantes.",
                Outage::Rubbish => "Confira em Conexões se o endereço é mesmo o do projeto Supabase.",
                Outage::AddressRefused => "Use o endereço https://….supabase.co do projeto, em Conexões.",
                Outage::Busy => "Tente de novo em alguns segundos.",
            }
            .into(),
            Self::ProjectRefused(refusal) => match refusal {
                Refusal::Key => {
                    "A chave não é aceita. Copie a chave “publishable” atual do projeto e guarde em Conexões.".into()
                }
                Refusal::KeyExpired => "A chave venceu. Guarde a chave “publishable” atual em Conexões.".into(),
                Refusal::Grant { table } => {
                    format!(
                        "Falta permissão na tabela “{table}”: rode GRANT SELECT ON public.{table} TO anon; e crie a política de leitura."
                    )
                }
                Refusal::TableMissing { table } => format!(
                    "A tabela “{table}” não existe nesse projeto. Se as suas têm outros nomes, diga quais em Tabelas."
                ),
                Refusal::ColumnMissing { table } => {
                    format!(
                        "A tabela “{table}” não tem todas as colunas que o painel lê. Diga em Tabelas onde está cada coisa."
                    )
                }
                Refusal::Slow => {
                    "A consulta passou do limite de tempo do projeto. Tente de novo; se repetir, falta um índice."
                        .into()
                }
                Refusal::RateLimited => "O projeto pediu para esperar. Tente de novo em um minuto.".into(),
                Refusal::Other => "Tente de novo; se repetir, avise a sua agência.".into(),
            },
            Self::NotMapped(_) => "Se ele guarda, diga em que tabela: a página Tabelas mostra como.".into(),
            Self::NotTold => "Falta nelas a coluna com a data. Nada é estimado.".into(),
            Self::Unreadable => "Restaure a chave do servidor ou guarde a credencial de novo em Conexões.".into(),
            Self::Internal { incident } => format!("Tente de novo. Se repetir, informe à agência o código {incident}."),
            Self::Transport(Transport::BadForm) => "Recarregue a página e envie de novo.".into(),
            Self::Transport(Transport::Network) => "Verifique a sua internet e tente de novo.".into(),
        }
    }
}

/// A wait as people say it.
fn waiting(seconds: u32) -> String {
    match seconds {
        0..=1 => "um segundo".to_owned(),
        2..=90 => format!("{seconds} segundos"),
        91..=5_400 => format!("{} minutos", seconds.div_ceil(60)),
        _ => format!("{} horas", seconds.div_ceil(3_600)),
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
