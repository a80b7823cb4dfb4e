//! Events of the audit trail in words: what happened, and on what.

use super::{business_hours, text};
use crate::{
    overview::BusinessHours,
    store::{AuditEvent, COMMAND_LINE, ConnectionState, EventKind},
};
use app::{
    credentials::Provider,
    lang::{Lang, lang},
    session::{AgencyRole, Role},
    tr,
    ui::{Status, Tone},
};
use std::borrow::Cow;

/// What an actor's name begins with that is a token of a tenant's automation.
pub const AUTOMATION: &str = "automação: ";

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

/// Who did it, as the trail keeps it, in the reader's language.
pub fn actor(kept: &str) -> Cow<'_, str> {
    match (lang(), kept.strip_prefix(AUTOMATION)) {
        (Lang::En, Some(name)) => format!("automation: {name}").into(),
        (Lang::En, None) if kept == COMMAND_LINE => "command line".into(),
        _ => kept.into(),
    }
}

/// What an English reader looks for, as the trail keeps it.
pub fn kept_actor(typed: String) -> String {
    let lower = typed.to_lowercase();
    match (lang(), lower.strip_prefix("automation:")) {
        (Lang::En, Some(name)) => format!("{AUTOMATION}{}", name.trim_start()),
        (Lang::En, None) if lower.len() > 2 && "command line".starts_with(&lower) => COMMAND_LINE.to_owned(),
        (Lang::En, None) if lower.len() > 2 && "automation".starts_with(&lower) => AUTOMATION.to_owned(),
        _ => typed,
    }
}

/// A file's name, as the trail keeps it, in the reader's language.
pub fn file_name(kept: &'static str) -> &'static str {
    tr!(kept, FILES.iter().find(|(portuguese, _)| *portuguese == kept).map_or(kept, |(_, english)| english))
}

const FILES: [(&str, &str); 9] = [
    ("conversas.csv", "conversations.csv"),
    ("mensagens.csv", "messages.csv"),
    ("conversa.csv", "conversation.csv"),
    ("agenda.csv", "appointments.csv"),
    ("agenda.ics", "appointments.ics"),
    ("agendamento.ics", "appointment.ics"),
    ("visao-geral.csv", "overview.csv"),
    ("auditoria.csv", "audit-trail.csv"),
    ("auditoria-agencia.csv", "agency-audit-trail.csv"),
];

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
        // As the store keeps them; once they were kept in words.
        Some(EventKind::HoursSaved) => serde_json::from_str::<BusinessHours>(&event.subject)
            .map_or_else(|_| event.subject.clone(), |hours| business_hours(&hours)),
        Some(EventKind::SignedIn) => text::browser(&event.subject).to_owned(),
        Some(
            EventKind::SecondFactorRequired
            | EventKind::KeyRotated
            | EventKind::KeysTrimmed
            | EventKind::ContentExported,
        ) => spoken(&event.subject),
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
        Some(EventKind::TenantEdited | EventKind::InvitationAccepted | EventKind::Imported) => spoken(&event.fields),
        _ => event.fields.clone(),
    };
    match (subject.is_empty(), fields.is_empty()) {
        (_, true) => subject,
        (true, false) => fields,
        (false, false) => format!("{subject} · {fields}"),
    }
}

/// Words of ours, which the trail keeps in Portuguese, in the reader's language.
fn spoken(kept: &str) -> String {
    tr!(kept.to_owned(), kept.split(", ").map(in_english).collect::<Vec<_>>().join(", "))
}

/// One of them: "sim", "contas: 2", "versão 3".
fn in_english(kept: &str) -> String {
    let (word, rest) = kept.find(": ").map_or((kept, ""), |at| kept.split_at(at));
    let english = match word {
        "sim" => "yes",
        "não" => "no",
        "nome" => "name",
        "fuso" => "time zone",
        "plano" => "plan",
        "domínio" => "domain",
        "cor" => "colour",
        "conta nova" => "new account",
        "contas" => "accounts",
        "acessos" => "members",
        "conexões" => "connections",
        "conversa para imprimir" => "conversation to print",
        other => match other.strip_prefix("versão ") {
            Some(version) => return format!("version {version}"),
            None => FILES.iter().find(|(portuguese, _)| *portuguese == other).map_or(other, |(_, english)| english),
        },
    };
    format!("{english}{rest}")
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
        Some(ConnectionState::Healthy) => tr!("voltou a funcionar", "works again"),
        Some(ConnectionState::Degraded) => tr!("falta um acerto", "needs a fix"),
        Some(ConnectionState::Expired) => tr!("acesso recusado", "access refused"),
        Some(ConnectionState::Unreachable) => tr!("sem resposta", "no answer"),
        Some(ConnectionState::Unknown) | None => word,
    }
}

fn role(word: &str) -> String {
    let tenant = Role::parse(word).map(Role::label);
    tenant.or_else(|| AgencyRole::parse(word).map(AgencyRole::label)).unwrap_or(word).to_owned()
}

fn kind_in_words(kind: EventKind) -> (Tone, &'static str) {
    match kind {
        EventKind::SignedIn => (Tone::Quiet, tr!("entrou", "signed in")),
        EventKind::SignInFailed => (Tone::Warn, tr!("senha errada", "wrong password")),
        EventKind::AccountLocked => (Tone::Bad, tr!("conta bloqueada por um tempo", "account locked for a while")),
        EventKind::CodeRefused => (Tone::Warn, tr!("código recusado", "code refused")),
        EventKind::RecoveryCodeUsed => (Tone::Warn, tr!("usou código de recuperação", "used a recovery code")),
        EventKind::SignedOut => (Tone::Quiet, tr!("saiu", "signed out")),
        EventKind::SessionEnded => (Tone::Quiet, tr!("encerrou uma sessão", "ended a session")),
        EventKind::AllSessionsEnded => (Tone::Warn, tr!("saiu de todos os aparelhos", "signed out of all devices")),
        EventKind::PasswordChanged => (Tone::Info, tr!("trocou a senha", "changed the password")),
        EventKind::PasswordReset => (Tone::Info, tr!("senha nova por link", "new password by link")),
        EventKind::ResetMade => (Tone::Info, tr!("link de senha nova", "new password link")),
        EventKind::SecondFactorOn => (Tone::Ok, tr!("ativou as duas etapas", "turned two-step verification on")),
        EventKind::SecondFactorOff => (Tone::Warn, tr!("desativou as duas etapas", "turned two-step verification off")),
        EventKind::SecondFactorRequired => {
            (Tone::Info, tr!("exigência das duas etapas", "two-step verification required"))
        }
        EventKind::Invited => (Tone::Info, tr!("convite", "invitation")),
        EventKind::InvitationWithdrawn => (Tone::Info, tr!("convite cancelado", "invitation cancelled")),
        EventKind::InvitationAccepted => (Tone::Ok, tr!("convite aceito", "invitation accepted")),
        EventKind::MemberAdded => (Tone::Ok, tr!("entrou na equipe", "joined the team")),
        EventKind::RoleChanged => (Tone::Info, tr!("papel mudado", "role changed")),
        EventKind::MemberRemoved => (Tone::Warn, tr!("saiu da equipe", "left the team")),
        EventKind::UserDisabled => (Tone::Bad, tr!("conta desativada", "account disabled")),
        EventKind::UserEnabled => (Tone::Ok, tr!("conta reativada", "account enabled again")),
        EventKind::CredentialSaved => (Tone::Info, tr!("conexão guardada", "connection saved")),
        EventKind::CredentialRemoved => (Tone::Warn, tr!("conexão removida", "connection removed")),
        EventKind::GoogleConnected => (Tone::Ok, tr!("conta Google conectada", "Google account connected")),
        EventKind::GoogleDisconnected => (Tone::Warn, tr!("conta Google desconectada", "Google account disconnected")),
        EventKind::CredentialUnreadable => (Tone::Bad, tr!("conexão ilegível", "unreadable connection")),
        EventKind::ConnectionChanged => (Tone::Info, tr!("conexão mudou", "connection changed")),
        EventKind::MachineTokenMade => (Tone::Info, tr!("token de automação criado", "automation token created")),
        EventKind::MappingSaved => (Tone::Info, tr!("tabelas mapeadas de outro jeito", "tables mapped differently")),
        EventKind::MappingRestored => (Tone::Info, tr!("mapeamento anterior de volta", "earlier mapping restored")),
        EventKind::MappingColumnLost => (Tone::Warn, tr!("coluna do mapeamento sumiu", "mapped column disappeared")),
        EventKind::MachineTokenRevoked => (Tone::Warn, tr!("token de automação retirado", "automation token revoked")),
        EventKind::CredentialHandedOut => {
            (Tone::Quiet, tr!("conexão lida por automação", "connection read by automation"))
        }
        EventKind::AddressRefused => (Tone::Bad, tr!("endereço recusado", "address refused")),
        EventKind::TenantCreated => (Tone::Ok, tr!("painel criado", "dashboard created")),
        EventKind::TenantEdited => (Tone::Info, tr!("dados do painel mudados", "dashboard details changed")),
        EventKind::TenantSuspended => (Tone::Bad, tr!("painel suspenso", "dashboard suspended")),
        EventKind::TenantResumed => (Tone::Ok, tr!("painel reativado", "dashboard restored")),
        EventKind::TenantShredded => (Tone::Bad, tr!("chaves destruídas", "keys destroyed")),
        EventKind::KeyRotated => (Tone::Info, tr!("chave trocada", "key rotated")),
        EventKind::KeysRewrapped => (Tone::Info, tr!("chaves embrulhadas de novo", "keys wrapped again")),
        EventKind::KeysTrimmed => (Tone::Info, tr!("chaves antigas apagadas", "old keys deleted")),
        EventKind::RingKeyForgotten => (Tone::Info, tr!("chave do chaveiro esquecida", "key removed from the ring")),
        EventKind::GlassBroken => (Tone::Bad, tr!("agência entrou no painel", "agency entered the dashboard")),
        EventKind::GlassEnded => (Tone::Info, tr!("agência saiu do painel", "agency left the dashboard")),
        EventKind::StaffAdded => (Tone::Info, tr!("papel na agência", "role at the agency")),
        EventKind::StaffRemoved => (Tone::Warn, tr!("saiu da agência", "left the agency")),
        EventKind::HoursSaved => (Tone::Info, tr!("horário de atendimento mudado", "business hours changed")),
        EventKind::AuditExported => (Tone::Info, tr!("auditoria baixada", "audit trail downloaded")),
        EventKind::ContentExported => (Tone::Info, tr!("dados baixados", "data downloaded")),
        EventKind::SettingsExported => (Tone::Info, tr!("configurações baixadas", "settings downloaded")),
        EventKind::Imported => (Tone::Info, tr!("importado", "imported")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::lang::{Lang, speak};
    use time::OffsetDateTime;

    #[test]
    fn what_the_trail_keeps_is_told_in_the_readers_language() {
        let told = |kind, subject: &str, fields: &str| AuditEvent {
            seq: 1,
            at: OffsetDateTime::UNIX_EPOCH,
            kind: Some(kind),
            word: String::new(),
            actor: COMMAND_LINE.to_owned(),
            source: String::new(),
            subject: subject.to_owned(),
            fields: fields.to_owned(),
        };
        let hours = BusinessHours::default().to_json();
        for (event, portuguese, english) in [
            (told(EventKind::SecondFactorRequired, "sim", ""), "sim", "yes"),
            (told(EventKind::TenantEdited, "cor", "nome, cor"), "cor · nome, cor", "cor · name, colour"),
            (
                told(EventKind::Imported, "sol", "contas: 2, acessos: 2, conexões: 1"),
                "sol · contas: 2, acessos: 2, conexões: 1",
                "sol · accounts: 2, members: 2, connections: 1",
            ),
            (told(EventKind::KeyRotated, "versão 3", ""), "versão 3", "version 3"),
            (told(EventKind::SignedIn, text::UNKNOWN_BROWSER, ""), "Navegador desconhecido", "Unknown browser"),
            (told(EventKind::GlassBroken, "sim", ""), "sim", "sim"),
            (
                told(EventKind::HoursSaved, &hours, ""),
                "segunda a sexta, das 08:00 às 18:00",
                "Monday to Friday, 08:00 to 18:00",
            ),
            (told(EventKind::HoursSaved, "sábado", ""), "sábado", "sábado"),
            (told(EventKind::ConnectionChanged, "n8n", "healthy"), "n8n · voltou a funcionar", "n8n · works again"),
        ] {
            assert_eq!(detail(&event), portuguese);
            assert_eq!(speak(Lang::En, || detail(&event)), english);
        }
        assert_eq!(speak(Lang::En, || actor(COMMAND_LINE)), "command line");
        let flow = format!("{AUTOMATION}lembretes");
        let looked = |typed: &str| speak(Lang::En, || kept_actor(typed.to_owned()));
        assert_eq!((looked("Command"), looked("command line")), (COMMAND_LINE.to_owned(), COMMAND_LINE.to_owned()));
        assert_eq!((looked("automation: lembretes"), looked("ana")), (flow.clone(), "ana".to_owned()));
        assert_eq!(kept_actor("Command".to_owned()), "Command");
        assert_eq!(
            (actor(&flow), speak(Lang::En, || actor(&flow))),
            (flow.as_str().into(), "automation: lembretes".into())
        );
        assert_eq!(speak(Lang::En, || kind_label(EventKind::SignedOut)), "signed out");
    }
}
