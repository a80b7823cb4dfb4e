//! Events of the audit trail in words: what happened, and on what.

use crate::store::{AuditEvent, ConnectionState, EventKind};
use app::{
    credentials::Provider,
    session::{AgencyRole, Role},
    ui::{Status, Tone},
};

/// What happened, with its tone. A kind of another version of this program is shown as it stands.
pub fn event(event: &AuditEvent) -> Status {
    match event.kind {
        Some(kind) => {
            let (tone, label) = kind_in_words(kind);
            Status { tone, label: label.to_owned() }
        }
        None => Status { tone: Tone::Quiet, label: event.word.clone() },
    }
}

/// A kind's label, as the filter shows it.
pub fn kind_label(kind: EventKind) -> &'static str {
    kind_in_words(kind).1
}

/// On what it happened.
pub fn detail(event: &AuditEvent) -> String {
    let subject = match event.kind {
        Some(
            EventKind::CredentialSaved
            | EventKind::CredentialRemoved
            | EventKind::CredentialUnreadable
            | EventKind::AddressRefused
            | EventKind::GoogleConnected
            | EventKind::GoogleDisconnected
            | EventKind::ConnectionChanged
            | EventKind::CredentialHandedOut,
        ) => Provider::parse(&event.subject)
            .map_or_else(|| event.subject.clone(), |provider| provider.label().to_owned()),
        // Who signed in stands in the column of who.
        Some(EventKind::SignedOut | EventKind::AllSessionsEnded | EventKind::SessionEnded) => String::new(),
        _ => event.subject.clone(),
    };
    let fields = match event.kind {
        Some(EventKind::RoleChanged | EventKind::Invited | EventKind::MemberAdded | EventKind::StaffAdded) => {
            role(&event.fields)
        }
        // Names of fields that no form shows.
        Some(EventKind::GoogleConnected | EventKind::GoogleDisconnected) => String::new(),
        Some(EventKind::ConnectionChanged) => connection(&event.fields).to_owned(),
        Some(EventKind::MachineTokenMade) => providers(&event.fields),
        _ => event.fields.clone(),
    };
    match (subject.is_empty(), fields.is_empty()) {
        (_, true) => subject,
        (true, false) => fields,
        (false, false) => format!("{subject} · {fields}"),
    }
}

/// Providers by their own names.
fn providers(words: &str) -> String {
    let label =
        |word: &str| Provider::parse(word).map_or_else(|| word.to_owned(), |provider| provider.label().to_owned());
    words.split(", ").map(label).collect::<Vec<_>>().join(", ")
}

/// Where a connection stands since.
fn connection(word: &str) -> &str {
    match ConnectionState::parse(word) {
        Some(ConnectionState::Healthy) => "voltou a funcionar",
        Some(ConnectionState::Degraded) => "falta um acerto",
        Some(ConnectionState::Expired) => "acesso recusado",
        Some(ConnectionState::Unreachable) => "sem resposta",
        Some(ConnectionState::Unknown) | None => word,
    }
}

fn role(word: &str) -> String {
    let tenant = Role::parse(word).map(Role::label);
    tenant.or_else(|| AgencyRole::parse(word).map(AgencyRole::label)).unwrap_or(word).to_owned()
}

fn kind_in_words(kind: EventKind) -> (Tone, &'static str) {
    match kind {
        EventKind::SignedIn => (Tone::Quiet, "entrou"),
        EventKind::SignInFailed => (Tone::Warn, "senha errada"),
        EventKind::AccountLocked => (Tone::Bad, "conta bloqueada por um tempo"),
        EventKind::CodeRefused => (Tone::Warn, "código recusado"),
        EventKind::RecoveryCodeUsed => (Tone::Warn, "usou código de recuperação"),
        EventKind::SignedOut => (Tone::Quiet, "saiu"),
        EventKind::SessionEnded => (Tone::Quiet, "encerrou uma sessão"),
        EventKind::AllSessionsEnded => (Tone::Warn, "saiu de todos os aparelhos"),
        EventKind::PasswordChanged => (Tone::Info, "trocou a senha"),
        EventKind::PasswordReset => (Tone::Info, "senha nova por link"),
        EventKind::ResetMade => (Tone::Info, "link de senha nova"),
        EventKind::SecondFactorOn => (Tone::Ok, "ativou o segundo fator"),
        EventKind::SecondFactorOff => (Tone::Warn, "desativou o segundo fator"),
        EventKind::SecondFactorRequired => (Tone::Info, "exigência de segundo fator"),
        EventKind::Invited => (Tone::Info, "convite"),
        EventKind::InvitationWithdrawn => (Tone::Info, "convite cancelado"),
        EventKind::InvitationAccepted => (Tone::Ok, "convite aceito"),
        EventKind::MemberAdded => (Tone::Ok, "entrou na equipe"),
        EventKind::RoleChanged => (Tone::Info, "papel mudado"),
        EventKind::MemberRemoved => (Tone::Warn, "saiu da equipe"),
        EventKind::UserDisabled => (Tone::Bad, "conta desativada"),
        EventKind::UserEnabled => (Tone::Ok, "conta reativada"),
        EventKind::CredentialSaved => (Tone::Info, "conexão guardada"),
        EventKind::CredentialRemoved => (Tone::Warn, "conexão removida"),
        EventKind::GoogleConnected => (Tone::Ok, "conta Google conectada"),
        EventKind::GoogleDisconnected => (Tone::Warn, "conta Google desconectada"),
        EventKind::CredentialUnreadable => (Tone::Bad, "conexão ilegível"),
        EventKind::ConnectionChanged => (Tone::Info, "conexão mudou"),
        EventKind::MachineTokenMade => (Tone::Info, "token de automação criado"),
        EventKind::MappingSaved => (Tone::Info, "tabelas mapeadas de outro jeito"),
        EventKind::MappingRestored => (Tone::Info, "mapeamento anterior de volta"),
        EventKind::MappingColumnLost => (Tone::Warn, "coluna do mapeamento sumiu"),
        EventKind::MachineTokenRevoked => (Tone::Warn, "token de automação retirado"),
        EventKind::CredentialHandedOut => (Tone::Quiet, "conexão lida por automação"),
        EventKind::AddressRefused => (Tone::Bad, "endereço recusado"),
        EventKind::TenantCreated => (Tone::Ok, "painel criado"),
        EventKind::TenantEdited => (Tone::Info, "dados do painel mudados"),
        EventKind::TenantSuspended => (Tone::Bad, "painel suspenso"),
        EventKind::TenantResumed => (Tone::Ok, "painel reativado"),
        EventKind::TenantShredded => (Tone::Bad, "chaves destruídas"),
        EventKind::KeyRotated => (Tone::Info, "chave trocada"),
        EventKind::KeysRewrapped => (Tone::Info, "chaves embrulhadas de novo"),
        EventKind::KeysTrimmed => (Tone::Info, "chaves antigas apagadas"),
        EventKind::RingKeyForgotten => (Tone::Info, "chave do chaveiro esquecida"),
        EventKind::GlassBroken => (Tone::Bad, "agência entrou no painel"),
        EventKind::GlassEnded => (Tone::Info, "agência saiu do painel"),
        EventKind::StaffAdded => (Tone::Info, "papel na agência"),
        EventKind::StaffRemoved => (Tone::Warn, "saiu da agência"),
        EventKind::AuditExported => (Tone::Info, "auditoria baixada"),
        EventKind::ContentExported => (Tone::Info, "dados baixados"),
        EventKind::SettingsExported => (Tone::Info, "configurações baixadas"),
        EventKind::Imported => (Tone::Info, "importado"),
    }
}
