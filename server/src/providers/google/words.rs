//! The token endpoint's refusals in a tenant's words, and what comes back instead of a code.

use super::{scope, token::TokenError};
use crate::providers::{
    probe,
    report::{Cause, Finding},
};
use app::{
    both,
    credentials::Provider,
    lang::{Both, Lang, speak},
};
use jiff::{SignedDuration, Timestamp};

pub(super) fn connect_again() -> Both {
    both!("Use “Conectar de novo com o Google”, neste cartão.", "Use “Connect with Google again”, on this card.")
}

pub(super) fn permissions_again() -> Both {
    both!(
        "Use “Conectar de novo com o Google” e, na página do Google, marque todas as caixas.",
        "Use “Connect with Google again” and, on Google’s page, tick every box."
    )
}

pub(super) fn minute() -> Both {
    both!("Espere um minuto e teste de novo.", "Wait a minute and test again.")
}

pub(super) fn odd() -> Both {
    both!("O Google respondeu algo que o painel não conhece.", "Google answered something that Painel does not know.")
}

fn again() -> Both {
    both!(
        "Teste de novo em alguns minutos. Se continuar, conecte de novo.",
        "Test again in a few minutes. If it continues, connect again."
    )
}

fn reconnect() -> Both {
    both!("Conecte de novo.", "Connect again.")
}

/// How long a consent lasts while the app is in testing mode. Google withdraws it some minutes around that.
const TESTING: SignedDuration = SignedDuration::from_hours(7 * 24);
const AROUND: SignedDuration = SignedDuration::from_hours(4);
/// After that, nobody can tell any more which it was.
const SURELY: SignedDuration = SignedDuration::from_hours(10 * 24);
/// A consent that nobody used for half a year ends.
const HALF_A_YEAR: SignedDuration = SignedDuration::from_hours(182 * 24);

/// An answer that nobody knows.
pub(in crate::providers) fn unknown() -> Finding {
    Finding::new(Cause::Unexpected, odd(), again())
}

/// No consent was given yet; the client itself is good.
pub(in crate::providers) fn connect_first(provider: Provider) -> Finding {
    let label = |lang| speak(lang, || provider.label());
    Finding::new(
        Cause::Forbidden,
        both!(
            format!("O Client ID e o Client secret valem. Falta conectar uma conta ao {}.", label(Lang::Pt)),
            format!(
                "The Client ID and the Client secret are valid. No account is connected to {} yet.",
                label(Lang::En)
            )
        ),
        both!(
            "Guarde e use “Conectar com o Google”, neste cartão.",
            "Save and use “Connect with Google”, on this card."
        ),
    )
}

/// A permission that was not given.
pub(super) fn missing(name: &'static str) -> Finding {
    let words = |lang| speak(lang, || scope::in_words(name));
    Finding::new(
        Cause::Forbidden,
        both!(
            format!("Falta a permissão: {}.", words(Lang::Pt)),
            format!("A permission is missing: {}.", words(Lang::En))
        ),
        permissions_again(),
    )
}

/// Why there is no token. `since` is when the consent was given.
pub fn refused(error: TokenError, since: Option<Timestamp>, now: Timestamp) -> Finding {
    match error {
        TokenError::NoAnswer(error) => probe::no_answer(error),
        TokenError::UnknownClient => Finding::new(
            Cause::BadCredential,
            both!("O Google não conhece este Client ID.", "Google does not know this Client ID."),
            both!(
                "Copie-o de novo em Google Cloud → Google Auth Platform → Clients. Se o cliente foi apagado, crie \
                 outro.",
                "Copy it again in Google Cloud → Google Auth Platform → Clients. If the client was deleted, create \
                 another one."
            ),
        ),
        TokenError::WrongSecret => Finding::new(
            Cause::BadCredential,
            both!("O Google não aceita este Client secret.", "Google does not accept this Client secret."),
            both!(
                "Em Google Cloud → Google Auth Platform → Clients, abra o cliente deste Client ID, crie um secret novo \
                 e guarde-o aqui.",
                "In Google Cloud → Google Auth Platform → Clients, open the client of this Client ID, create a new \
                 secret and save it here."
            ),
        ),
        TokenError::ClientNotAllowed => Finding::new(
            Cause::BadCredential,
            both!(
                "Este cliente OAuth não pode pedir acesso deste modo: o tipo dele é outro.",
                "This OAuth client cannot ask for access in this way: it is of another type."
            ),
            both!(
                "Em Google Cloud → Google Auth Platform → Clients, crie um do tipo “Web application” e guarde os dados \
                 dele.",
                "In Google Cloud → Google Auth Platform → Clients, create one of the type “Web application” and save \
                 its details."
            ),
        ),
        TokenError::CodeRefused => Finding::new(
            Cause::Unexpected,
            both!(
                "O Google não aceitou o código que ele mesmo deu: já foi usado ou venceu.",
                "Google did not accept the code that it issued itself: it has already been used, or has expired."
            ),
            both!(
                "Conecte de novo, sem voltar páginas nem demorar no meio.",
                "Connect again, without going back a page or pausing along the way."
            ),
        ),
        TokenError::RedirectMismatch => Finding::new(
            Cause::BadCredential,
            both!(
                "O endereço de retorno não é um dos que o cliente OAuth aceita.",
                "The return address is not one of those the OAuth client accepts."
            ),
            both!(
                "Copie o endereço de retorno que está neste cartão para “Authorized redirect URIs” do cliente, letra \
                 por letra. O Google leva até cinco minutos para aceitá-lo.",
                "Copy the return address shown on this card to the client’s “Authorized redirect URIs”, letter for \
                 letter. Google takes up to five minutes to accept it."
            ),
        ),
        TokenError::Ended => ended(since, now),
        TokenError::SignInAgain => Finding::new(
            Cause::Expired,
            both!(
                "A organização desta conta exige que a pessoa entre de novo de tempos em tempos.",
                "This account’s organisation requires the person to sign in again from time to time."
            ),
            both!(
                "Conecte de novo. Para que não aconteça outra vez, quem administra o Google Workspace marca o seu app \
                 como confiável em Security → API controls.",
                "Connect again. So that it does not happen again, whoever administers Google Workspace marks your app \
                 as trusted in Security → API controls."
            ),
        ),
        TokenError::Policy => Finding::new(
            Cause::Forbidden,
            both!(
                "A organização desta conta não permite este acesso.",
                "This account’s organisation does not allow this access."
            ),
            both!(
                "Peça a quem administra o Google Workspace para liberar o seu app em Security → API controls. Se o app \
                 for “Internal”, conecte uma conta da própria organização.",
                "Ask whoever administers Google Workspace to allow your app in Security → API controls. If the app is \
                 “Internal”, connect an account of the organisation itself."
            ),
        ),
        TokenError::RateLimited { retry_after } => Finding::new(
            Cause::RateLimited { retry_after },
            both!("O Google pediu para fazer menos chamadas.", "Google asked for fewer calls."),
            minute(),
        ),
        TokenError::Down => Finding::new(
            Cause::ProviderDown,
            both!("O Google está com uma falha dele.", "Google is having a problem of its own."),
            minute(),
        ),
        TokenError::Unexpected => unknown(),
    }
}

/// A consent that is over: Google does not say why, its age does.
fn ended(since: Option<Timestamp>, now: Timestamp) -> Finding {
    let publish = || {
        both!(
            "No Google Cloud, em Google Auth Platform → Audience, use “Publish app” (o estado passa a “In \
             production”). Depois conecte de novo: o acesso novo não vence.",
            "In Google Cloud, under Google Auth Platform → Audience, use “Publish app” (the status becomes “In \
             production”). Then connect again: the new access does not expire."
        )
    };
    let age = since.map_or(SignedDuration::ZERO, |since| now.duration_since(since));
    let (what, fix) = if age >= TESTING - AROUND && age < SURELY {
        (
            both!(
                "O acesso acabou depois de sete dias, porque o seu app no Google está em modo de teste (“Testing”).",
                "The access ended after seven days, because your app at Google is in testing mode (“Testing”)."
            ),
            publish(),
        )
    } else if age >= HALF_A_YEAR {
        (
            both!(
                "O acesso acabou: o Google encerra o que fica seis meses sem uso, e também o que a pessoa retira.",
                "The access ended: Google ends access that goes unused for six months, or that the person revokes."
            ),
            reconnect(),
        )
    } else if age >= SURELY {
        (
            both!(
                "O acesso acabou: foi retirado na conta Google, ou o seu app ainda está em modo de teste (“Testing”), \
                 em que todo acesso vence em sete dias.",
                "The access ended: it was revoked in the Google account, or your app is still in testing mode \
                 (“Testing”), in which every access expires after seven days."
            ),
            publish(),
        )
    } else {
        (
            both!(
                "O acesso foi retirado: na conta Google (myaccount.google.com/connections), pela troca da senha dela \
                 ou por outra conexão com o mesmo cliente.",
                "The access was revoked: in the Google account (myaccount.google.com/connections), by a change of \
                 its password, or by another connection with the same client."
            ),
            reconnect(),
        )
    };
    Finding::new(Cause::Expired, what, fix)
}

/// What Google's page sent back in place of a code.
pub fn denied(error: &str) -> Finding {
    match error {
        "access_denied" => Finding::new(
            Cause::Forbidden,
            both!(
                "O acesso não foi dado: alguém escolheu “Cancelar” na página do Google, ou o app em modo de teste não \
                 conhece esta conta.",
                "The access was not given: somebody chose “Cancel” on Google’s page, or the app in testing mode does \
                 not know this account."
            ),
            both!(
                "Conecte de novo e permita. Se o Google disse que o app está em teste, publique-o em Google Auth \
                 Platform → Audience, ou acrescente ali a conta aos “Test users”.",
                "Connect again and allow it. If Google said that the app is being tested, publish it in Google Auth \
                 Platform → Audience, or add the account to the “Test users” there."
            ),
        ),
        "admin_policy_enforced" | "org_internal" => refused(TokenError::Policy, None, Timestamp::UNIX_EPOCH),
        "unauthorized_client" | "unsupported_response_type" => {
            refused(TokenError::ClientNotAllowed, None, Timestamp::UNIX_EPOCH)
        }
        "invalid_scope" => Finding::new(
            Cause::Forbidden,
            both!(
                "O seu projeto no Google Cloud não conhece as permissões pedidas.",
                "Your project in Google Cloud does not know the permissions that were asked for."
            ),
            both!(
                "Ligue a Google Calendar API e a Google Meet API em APIs & Services → Library e conecte de novo.",
                "Enable the Google Calendar API and the Google Meet API in APIs & Services → Library and connect again."
            ),
        ),
        "server_error" | "temporarily_unavailable" => refused(TokenError::Down, None, Timestamp::UNIX_EPOCH),
        _ => Finding::new(Cause::Unexpected, odd(), reconnect()),
    }
}
