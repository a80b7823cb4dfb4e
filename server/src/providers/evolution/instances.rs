//! What `fetchInstances` tells of an instance, and what it tells of the key.
//!
//! The answer holds the token of every instance it lists, so the types here have no place for one, and the bytes are wiped
//! once they are read. A key that opens everybody's instances shows by the answer to a name that nobody has: the owner of
//! one instance is refused or sees their own.

use super::answer::messages;
use crate::{
    egress::Incoming,
    providers::{
        report::{Cause, Fact, Finding},
        text::short,
    },
    words,
};
use app::{both, tr};
use http::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use zeroize::Zeroize;

/// One instance, in the shape of either version: flat in v2, inside `instance` in v1.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Listed {
    name: Option<String>,
    owner_jid: Option<String>,
    profile_name: Option<String>,
    integration: Option<String>,
    instance: Option<Inner>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Inner {
    instance_name: Option<String>,
    owner: Option<String>,
    profile_name: Option<String>,
}

impl Listed {
    fn name(&self) -> Option<&str> {
        self.name.as_deref().or_else(|| self.instance.as_ref()?.instance_name.as_deref())
    }
}

/// Whose key it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// That of one instance.
    One,
    /// The server's own: it lists and deletes everybody's.
    Everybody,
    /// Nothing that tells.
    Unknown,
}

/// What is known of the instance `ours`.
pub(super) fn facts(incoming: Incoming, ours: &str) -> Vec<Fact> {
    let listed = read(incoming).unwrap_or_default();
    let Some(listed) = listed.into_iter().find(|listed| listed.name() == Some(ours)) else { return Vec::new() };
    let (owner, profile) = match listed.instance {
        Some(inner) => (inner.owner, inner.profile_name),
        None => (listed.owner_jid, listed.profile_name),
    };
    let integration = listed.integration.as_deref().and_then(|word| match word {
        "WHATSAPP-BAILEYS" => Some("WhatsApp Web (QR code)"),
        "WHATSAPP-BUSINESS" => Some(tr!("API oficial da Meta", "Meta’s official API")),
        "EVOLUTION" => Some(tr!("canal próprio da Evolution", "Evolution’s own channel")),
        _ => None,
    });
    let facts = [
        (tr!("Telefone", "Phone"), owner.as_deref().and_then(|owner| short(&words::as_written(owner)))),
        (tr!("Nome no WhatsApp", "Name on WhatsApp"), profile.as_deref().and_then(short)),
        (tr!("Canal", "Channel"), integration.map(str::to_owned)),
    ];
    facts.into_iter().filter_map(|(label, value)| Some(Fact { label, value: value? })).collect()
}

/// What the answer to the name `nobodys` tells of the key, which should be that of `ours`.
pub(super) fn reach(incoming: Incoming, nobodys: &str, ours: &str) -> Reach {
    let status = incoming.status;
    if status == StatusCode::NOT_FOUND {
        let body: Value = serde_json::from_slice(&incoming.body).unwrap_or_default();
        let missed = messages(&body).iter().any(|text| text.contains(nobodys));
        return if missed { Reach::Everybody } else { Reach::Unknown };
    }
    match (status, read(incoming)) {
        (StatusCode::OK, Some(listed)) if listed.iter().all(|listed| listed.name().is_none()) && !listed.is_empty() => {
            Reach::Unknown
        }
        (StatusCode::OK, Some(listed)) if !listed.is_empty() && listed.iter().all(|one| one.name() == Some(ours)) => {
            Reach::One
        }
        (StatusCode::OK, Some(_)) => Reach::Everybody,
        (StatusCode::UNAUTHORIZED, _) => Reach::One,
        _ => Reach::Unknown,
    }
}

/// The warning of a key that opens too much.
pub(super) fn too_powerful() -> Finding {
    Finding::new(
        Cause::TooPowerful,
        both!(
            "Isto parece ser a chave global do servidor: com ela se veem e se apagam as instâncias de todos os \
             clientes.",
            "This seems to be the server’s global key: with it, the instances of all clients can be seen and deleted."
        ),
        both!(
            "Troque-a pelo token da própria instância: no Evolution Manager, entre na instância e copie o token abaixo \
             do nome.",
            "Replace it with the instance’s own token: in Evolution Manager, open the instance and copy the token \
             below the name."
        ),
    )
}

/// The instances of an answer, which is wiped: a list, or in v1 one by itself.
fn read(mut incoming: Incoming) -> Option<Vec<Listed>> {
    let listed = match incoming.body.trim_ascii_start().first() {
        Some(b'[') => serde_json::from_slice(&incoming.body).ok(),
        Some(b'{') => serde_json::from_slice(&incoming.body).ok().map(|one| vec![one]),
        _ => None,
    };
    incoming.body.zeroize();
    listed
}
