//! The token endpoint's refusals in a tenant's words, and what comes back instead of a code.

use super::{scope, token::TokenError};
use crate::providers::{
    probe,
    report::{Cause, Finding},
};
use app::credentials::Provider;
use jiff::{SignedDuration, Timestamp};

pub(super) const CONNECT_AGAIN: &str = "Use “Conectar de novo com o Google”, neste cartão.";
pub(super) const PERMISSIONS_AGAIN: &str =
    "Use “Conectar de novo com o Google” e, na página do Google, marque todas as caixas.";
pub(super) const MINUTE: &str = "Espere um minuto e teste de novo.";
pub(super) const ODD: &str = "O Google respondeu algo que o painel não conhece.";
pub(super) const AGAIN: &str = "Teste de novo em alguns minutos. Se continuar, conecte de novo.";

/// How long a consent lasts while the app is in testing mode. Google withdraws it some minutes around that.
const TESTING: SignedDuration = SignedDuration::from_hours(7 * 24);
const AROUND: SignedDuration = SignedDuration::from_hours(4);
/// After that, nobody can tell any more which it was.
const SURELY: SignedDuration = SignedDuration::from_hours(10 * 24);
/// A consent that nobody used for half a year ends.
const HALF_A_YEAR: SignedDuration = SignedDuration::from_hours(182 * 24);

/// An answer that nobody knows.
pub(in crate::providers) fn unknown() -> Finding {
    Finding::new(Cause::Unexpected, ODD, AGAIN)
}

/// No consent was given yet; the client itself is good.
pub(in crate::providers) fn connect_first(provider: Provider) -> Finding {
    Finding::new(
        Cause::Forbidden,
        format!("O Client ID e o Client secret valem. Falta conectar uma conta ao {}.", provider.label()),
        "Guarde e use “Conectar com o Google”, neste cartão.",
    )
}

/// A permission that was not given.
pub(super) fn missing(name: &'static str) -> Finding {
    Finding::new(Cause::Forbidden, format!("Falta a permissão: {}.", scope::in_words(name)), PERMISSIONS_AGAIN)
}

/// Why there is no token. `since` is when the consent was given.
pub fn refused(error: TokenError, since: Option<Timestamp>, now: Timestamp) -> Finding {
    match error {
        TokenError::NoAnswer(error) => probe::no_answer(error),
        TokenError::UnknownClient => Finding::new(
            Cause::BadCredential,
            "O Google não conhece este Client ID.",
            "Copie-o de novo em Google Cloud → Google Auth Platform → Clients. Se o cliente foi apagado, crie outro.",
        ),
        TokenError::WrongSecret => Finding::new(
            Cause::BadCredential,
            "O Google não aceita este Client secret.",
            "Em Google Cloud → Google Auth Platform → Clients, abra o cliente deste Client ID, crie um secret novo e \
             guarde-o aqui.",
        ),
        TokenError::ClientNotAllowed => Finding::new(
            Cause::BadCredential,
            "Este cliente OAuth não pode pedir acesso deste modo: o tipo dele é outro.",
            "Em Google Cloud → Google Auth Platform → Clients, crie um do tipo “Web application” e guarde os dados dele.",
        ),
        TokenError::CodeRefused => Finding::new(
            Cause::Unexpected,
            "O Google não aceitou o código que ele mesmo deu: já foi usado ou venceu.",
            "Conecte de novo, sem voltar páginas nem demorar no meio.",
        ),
        TokenError::RedirectMismatch => Finding::new(
            Cause::BadCredential,
            "O endereço de retorno não é um dos que o cliente OAuth aceita.",
            "Copie o endereço de retorno que está neste cartão para “Authorized redirect URIs” do cliente, letra por letra. \
             O Google leva até cinco minutos para aceitá-lo.",
        ),
        TokenError::Ended => ended(since, now),
        TokenError::SignInAgain => Finding::new(
            Cause::Expired,
            "A organização desta conta exige que a pessoa entre de novo de tempos em tempos.",
            "Conecte de novo. Para que não aconteça outra vez, quem administra o Google Workspace marca o seu app como \
             confiável em Security → API controls.",
        ),
        TokenError::Policy => Finding::new(
            Cause::Forbidden,
            "A organização desta conta não permite este acesso.",
            "Peça a quem administra o Google Workspace para liberar o seu app em Security → API controls. Se o app for \
             “Internal”, conecte uma conta da própria organização.",
        ),
        TokenError::RateLimited { retry_after } => {
            Finding::new(Cause::RateLimited { retry_after }, "O Google pediu para fazer menos chamadas.", MINUTE)
        }
        TokenError::Down => Finding::new(Cause::ProviderDown, "O Google está com uma falha dele.", MINUTE),
        TokenError::Unexpected => unknown(),
    }
}

/// A consent that is over: Google does not say why, its age does.
fn ended(since: Option<Timestamp>, now: Timestamp) -> Finding {
    const PUBLISH: &str = "No Google Cloud, em Google Auth Platform → Audience, use “Publish app” (o estado passa a “In \
                           production”). Depois conecte de novo: o acesso novo não vence.";
    let age = since.map_or(SignedDuration::ZERO, |since| now.duration_since(since));
    let (what, fix) = if age >= TESTING - AROUND && age < SURELY {
        ("O acesso acabou depois de sete dias, porque o seu app no Google está em modo de teste (“Testing”).", PUBLISH)
    } else if age >= HALF_A_YEAR {
        (
            "O acesso acabou: o Google encerra o que fica seis meses sem uso, e também o que a pessoa retira.",
            "Conecte de novo.",
        )
    } else if age >= SURELY {
        (
            "O acesso acabou: foi retirado na conta Google, ou o seu app ainda está em modo de teste (“Testing”), em que \
             todo acesso vence em sete dias.",
            PUBLISH,
        )
    } else {
        (
            "O acesso foi retirado: na conta Google (myaccount.google.com/connections), pela troca da senha dela ou por \
             outra conexão com o mesmo cliente.",
            "Conecte de novo.",
        )
    };
    Finding::new(Cause::Expired, what, fix)
}

/// What Google's page sent back in place of a code.
pub fn denied(error: &str) -> Finding {
    match error {
        "access_denied" => Finding::new(
            Cause::Forbidden,
            "O acesso não foi dado: alguém escolheu “Cancelar” na página do Google, ou o app em modo de teste não conhece \
             esta conta.",
            "Conecte de novo e permita. Se o Google disse que o app está em teste, publique-o em Google Auth Platform → \
             Audience, ou acrescente ali a conta aos “Test users”.",
        ),
        "admin_policy_enforced" | "org_internal" => refused(TokenError::Policy, None, Timestamp::UNIX_EPOCH),
        "unauthorized_client" | "unsupported_response_type" => {
            refused(TokenError::ClientNotAllowed, None, Timestamp::UNIX_EPOCH)
        }
        "invalid_scope" => Finding::new(
            Cause::Forbidden,
            "O seu projeto no Google Cloud não conhece as permissões pedidas.",
            "Ligue a Google Calendar API e a Google Meet API em APIs & Services → Library e conecte de novo.",
        ),
        "server_error" | "temporarily_unavailable" => refused(TokenError::Down, None, Timestamp::UNIX_EPOCH),
        _ => Finding::new(Cause::Unexpected, ODD, "Conecte de novo."),
    }
}
