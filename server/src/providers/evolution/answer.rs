//! What an Evolution API server answers when it does not do what it was asked: one envelope in several shapes. Its
//! `message` is a text or a list of them, and is only searched for what it is about; nothing of it is passed on.

use crate::{
    egress::Incoming,
    providers::{
        report::{Cause, Finding},
        text::retry_after,
    },
};
use app::{both, lang::Both};
use http::StatusCode;
use serde_json::Value;

/// Where the token is found.
fn token_place() -> Both {
    both!(
        "Abra o Evolution Manager (o endereço do servidor com /manager no fim), entre na instância e copie o \
         token que aparece abaixo do nome dela. Não use a chave global (AUTHENTICATION_API_KEY).",
        "Open Evolution Manager (the server’s address with /manager at the end), open the instance and copy the \
         token shown below its name. Do not use the global key (AUTHENTICATION_API_KEY)."
    )
}

/// The JSON of a good answer (`Null` when it is empty), or what a bad one says.
///
/// # Errors
/// The finding of a status that is not 200, and of a 200 that says `"error": true`.
pub(super) fn read(incoming: &Incoming) -> Result<Value, Finding> {
    let body: Option<Value> = serde_json::from_slice(&incoming.body).ok();
    let body = match (incoming.status, body) {
        (StatusCode::OK, None) if incoming.body.iter().all(u8::is_ascii_whitespace) => return Ok(Value::Null),
        (StatusCode::OK, Some(body)) => body,
        (StatusCode::OK, None) => return Err(no_evolution()),
        (_, body) => return Err(refusal(incoming, body.unwrap_or(Value::Null))),
    };
    // The server's own way to say that something inside it failed.
    if body.get("error").and_then(Value::as_bool) == Some(true) { Err(stumbled()) } else { Ok(body) }
}

/// Every text of `response.message`, or of `message`.
pub(super) fn messages(body: &Value) -> Vec<&str> {
    let message = body.get("response").and_then(|response| response.get("message")).or_else(|| body.get("message"));
    match message {
        Some(Value::String(text)) => vec![text],
        Some(Value::Array(texts)) => texts.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn refusal(incoming: &Incoming, body: Value) -> Finding {
    let says = |part: &str| messages(&body).iter().any(|text| text.contains(part));
    match incoming.status.as_u16() {
        401 => Finding::new(
            Cause::BadCredential,
            both!(
                "O servidor não aceita este token para esta instância.",
                "The server does not accept this token for this instance."
            ),
            token_place(),
        ),
        // Whether the instance exists is looked at before the token: a wrong token gets this too.
        404 if says("does not exist") || says("not found") => Finding::new(
            Cause::NotFound,
            both!("Este servidor não tem uma instância com esse nome.", "This server has no instance with that name."),
            both!(
                "Copie o nome como está no Evolution Manager: maiúsculas, espaços e traços contam. O token só é \
                 conferido depois que o nome existe.",
                "Copy the name as it is in Evolution Manager: capitals, spaces and hyphens matter. The token is \
                 only checked once the name exists."
            ),
        ),
        403 => Finding::new(
            Cause::Forbidden,
            both!(
                "O servidor, ou uma proteção na frente dele, recusou a consulta.",
                "The server, or something that protects it, refused the request."
            ),
            both!(
                "Peça a quem cuida do servidor para liberar o acesso do painel à API (firewall, Cloudflare ou lista de \
                 IPs).",
                "Ask whoever runs the server to let Painel reach the API (firewall, Cloudflare or a list of IPs)."
            ),
        ),
        503 if body.get("code").and_then(Value::as_str) == Some("LICENSE_REQUIRED") => Finding::new(
            Cause::ProviderDown,
            both!(
                "O servidor da Evolution está sem licença ativa e não atende ninguém.",
                "The Evolution server has no active licence and serves nobody."
            ),
            both!(
                "Peça a quem cuida do servidor para abrir o /manager e concluir a ativação da licença. Aqui não há \
                 nada a mudar.",
                "Ask whoever runs the server to open /manager and finish activating the licence. There is nothing to \
                 change here."
            ),
        ),
        429 => Finding::new(
            Cause::RateLimited { retry_after: retry_after(&incoming.headers) },
            both!(
                "O servidor pediu para esperar: houve chamadas demais.",
                "The server asked us to wait: there were too many calls."
            ),
            both!("Espere um minuto e teste de novo.", "Wait a minute and test again."),
        ),
        500..=599 => stumbled(),
        300..=399 => Finding::new(
            Cause::BadAddress,
            both!("Este endereço manda para outro.", "This address redirects to another."),
            both!(
                "Abra-o no navegador e cole aqui o endereço em que ele termina, sem /manager.",
                "Open it in a browser and paste here the address where it ends up, without /manager."
            ),
        ),
        404 => no_evolution(),
        _ => unknown(),
    }
}

/// Something answers, and it is no Evolution API.
fn no_evolution() -> Finding {
    Finding::new(
        Cause::NotFound,
        both!("Neste endereço não responde uma Evolution API.", "No Evolution API answers at this address."),
        both!(
            "Cole o endereço que você abre para ver o Evolution Manager, sem o /manager do fim. Se a API fica numa \
             subpasta, inclua a subpasta.",
            "Paste the address you open to see Evolution Manager, without the /manager at the end. If the API is \
             in a subfolder, include the subfolder."
        ),
    )
}

/// The server has a fault of its own.
pub(super) fn stumbled() -> Finding {
    Finding::new(
        Cause::ProviderDown,
        both!(
            "O servidor da Evolution está com uma falha dele.",
            "The Evolution server is having a problem of its own."
        ),
        both!(
            "Teste de novo em um minuto. Se continuar, peça a quem cuida do servidor para reiniciá-lo e olhar o log.",
            "Test again in a minute. If it continues, ask whoever runs the server to restart it and look at its log."
        ),
    )
}

/// An answer of no known kind.
pub(super) fn unknown() -> Finding {
    Finding::new(
        Cause::Unexpected,
        both!(
            "A resposta não é uma que a Evolution API costuma dar.",
            "The answer is not one that the Evolution API usually gives."
        ),
        both!(
            "Teste de novo em um minuto. Se continuar, informe à sua agência a versão do servidor.",
            "Test again in a minute. If it continues, tell your agency the server’s version."
        ),
    )
}
