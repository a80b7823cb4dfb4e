//! What a person reads of an error: what happened, and what to do about it.

use super::{AppError, Mapped, Outage, Transport};
use crate::tr;

impl AppError {
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
            Self::DraftChanged => {
                tr!("O rascunho mudou desde que você o viu", "The draft has changed since you looked at it").into()
            }
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
            Self::DraftChanged => tr!(
                "Nada mudou ainda. Veja abaixo como fica agora; se estiver certo, ponha em uso.",
                "Nothing has changed yet. See below what it looks like now; if it is right, put it in use."
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

fn back_in() -> &'static str {
    tr!("Fale com a sua agência para reativar o acesso.", "Talk to your agency to have your access restored.")
}

/// A wait as people say it.
pub(super) fn waiting(seconds: u32) -> String {
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
