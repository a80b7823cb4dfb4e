//! What a pasted text is, taken as a Supabase key. Looks at the text alone: nothing is asked of anybody, nothing logged.

use crate::providers::text;
use app::{both, lang::Both};
use base64::{
    Engine as _,
    alphabet::URL_SAFE,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use jiff::Timestamp;

/// JWTs come without padding; a pasted one may have it.
const BASE64URL: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What a pasted text is, taken as a Supabase key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// `sb_publishable_…`: accepted.
    Publishable,
    /// A legacy JWT of the role `anon`, valid now and of this project: accepted.
    Anon,
    /// White space, quotes or other than ASCII in it.
    Malformed,
    /// `sb_secret_…`: passes every policy.
    Secret,
    /// A legacy JWT of a role that passes every policy.
    ServiceRole,
    /// `sbp_…`: administers the whole Supabase account.
    PersonalToken,
    /// A Postgres connection string.
    DatabaseUrl,
    /// The session token of some signed-in user.
    UserToken,
    /// An `anon` JWT that has expired.
    Expired,
    /// An `anon` JWT of another project.
    OtherProject,
    /// None of these.
    Unknown,
}

impl KeyKind {
    /// May be kept.
    pub fn is_accepted(self) -> bool {
        matches!(self, Self::Publishable | Self::Anon)
    }

    /// Gives more than reading as `anon`: whoever pasted it should rotate it.
    pub fn is_elevated(self) -> bool {
        matches!(self, Self::Secret | Self::ServiceRole | Self::PersonalToken | Self::DatabaseUrl)
    }

    /// What to tell the user; `None` when accepted.
    pub fn refusal(self) -> Option<Both> {
        Some(match self {
            Self::Publishable | Self::Anon => return None,
            Self::Malformed => both!(
                "A chave veio com espaços, aspas ou quebras de linha: copie outra vez, inteira e numa linha só.",
                "The key came with spaces, quotes or line breaks: copy it again, in full and on a single line.",
            ),
            Self::Secret => both!(
                "Esta é a chave secreta (sb_secret), que passa por cima de toda proteção. Nada foi guardado. \
                 Troque-a agora no Supabase (Project Settings → API Keys) e use aqui a “publishable”.",
                "This is the secret key (sb_secret), which bypasses all protection. Nothing was saved. Replace \
                 it now in Supabase (Project Settings → API Keys) and use the “publishable” one here.",
            ),
            Self::ServiceRole => both!(
                "Esta é a chave “service_role”, que passa por cima de toda proteção. Nada foi guardado. Troque-a \
                 agora no Supabase (Project Settings → API Keys) e use aqui a “publishable” ou a “anon”.",
                "This is the “service_role” key, which bypasses all protection. Nothing was saved. Replace it \
                 now in Supabase (Project Settings → API Keys) and use the “publishable” or the “anon” one here.",
            ),
            Self::PersonalToken => both!(
                "Este é um token pessoal da conta Supabase (sbp_). Nada foi guardado. Revogue-o agora (Account → \
                 Access Tokens) e use aqui a chave “publishable” do projeto.",
                "This is a personal token of the Supabase account (sbp_). Nothing was saved. Revoke it now \
                 (Account → Access Tokens) and use the project’s “publishable” key here.",
            ),
            Self::DatabaseUrl => both!(
                "Esta é a conexão direta do banco, com senha. Nada foi guardado. Troque a senha agora no Supabase \
                 (Project Settings → Database) e use aqui a chave “publishable”.",
                "This is the database’s direct connection, with its password. Nothing was saved. Change the \
                 password now in Supabase (Project Settings → Database) and use the “publishable” key here.",
            ),
            Self::UserToken => both!(
                "Este é o token de sessão de um usuário, que vence em pouco tempo. Use a chave “publishable” do \
                 projeto.",
                "This is the session token of a user, which expires soon. Use the project’s “publishable” key.",
            ),
            Self::Expired => both!(
                "Esta chave “anon” já venceu. Copie a “publishable” atual do projeto.",
                "This “anon” key has expired. Copy the project’s current “publishable” one.",
            ),
            Self::OtherProject => both!(
                "Esta chave é de outro projeto. Copie a chave do projeto do endereço acima.",
                "This key belongs to another project. Copy the key of the project at the address above.",
            ),
            Self::Unknown => both!(
                "Isto não parece uma chave do Supabase. Copie a “publishable” em Project Settings → API Keys.",
                "This does not look like a Supabase key. Copy the “publishable” one from Project Settings → API \
                 Keys.",
            ),
        })
    }
}

/// Says what a pasted text is. `url_ref` is the project's reference when the address tells it; without it (self-hosted)
/// a key's own reference is not looked at. The text is never logged or kept.
pub fn classify(key: &str, now: Timestamp, url_ref: Option<&str>) -> KeyKind {
    // Anywhere: a secret key is as spent with `KEY=` in front of it.
    if key.contains("sb_secret_") {
        return KeyKind::Secret;
    }
    if !key.chars().all(is_whole_char) {
        return classify_wrapped(key, now);
    }
    if key.starts_with("sbp_") {
        return KeyKind::PersonalToken;
    }
    if ["postgres://", "postgresql://"].iter().any(|scheme| key.starts_with(scheme)) {
        return KeyKind::DatabaseUrl;
    }
    if let Some(random) = key.strip_prefix("sb_publishable_") {
        // The platform promises no length.
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        let whole = !random.is_empty() && random.bytes().all(allowed);
        return if whole { KeyKind::Publishable } else { KeyKind::Unknown };
    }
    claims(key).map_or(KeyKind::Unknown, |claims| classify_claims(&claims, now, url_ref))
}

/// Malformed, but a secret key stays a secret key when quotes or a header's words stand around it.
fn classify_wrapped(key: &str, now: Timestamp) -> KeyKind {
    // The parts are whole by this very splitting, so that none comes back here.
    key.split(|c| !is_whole_char(c))
        .map(|part| classify(part, now, None))
        .find(|kind| kind.is_elevated())
        .unwrap_or(KeyKind::Malformed)
}

/// A character that may stand in a key: visible ASCII, no quote.
fn is_whole_char(c: char) -> bool {
    c.is_ascii_graphic() && !text::QUOTES.contains(&c)
}

/// When a legacy key ends by its own word; `None` for one that does not say, and for the newer kind.
pub(super) fn expiry(key: &str) -> Option<Timestamp> {
    Timestamp::from_second(claims(key)?.get("exp")?.as_i64()?).ok()
}

/// The second part of a JWT, if it is one. Nothing is verified: the project does that.
fn claims(key: &str) -> Option<serde_json::Map<String, serde_json::Value>> {
    let mut parts = key.split('.');
    let (Some(_), Some(payload), Some(_), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return None;
    };
    serde_json::from_slice(&BASE64URL.decode(payload).ok()?).ok()
}

fn classify_claims(
    claims: &serde_json::Map<String, serde_json::Value>,
    now: Timestamp,
    url_ref: Option<&str>,
) -> KeyKind {
    let text = |name: &str| claims.get(name).and_then(|value| value.as_str());
    match text("role") {
        Some("service_role" | "supabase_admin" | "postgres") => return KeyKind::ServiceRole,
        Some("anon") if !claims.contains_key("sub") => {}
        Some(_) => return KeyKind::UserToken,
        None if claims.contains_key("sub") => return KeyKind::UserToken,
        None => return KeyKind::Unknown,
    }
    match claims.get("exp").map(|exp| exp.as_f64()) {
        // Self-hosted keys may never expire.
        None => {}
        #[expect(clippy::cast_precision_loss, reason = "seconds since 1970 fit a double exactly")]
        Some(Some(exp)) if exp > now.as_second() as f64 => {}
        Some(Some(_)) => return KeyKind::Expired,
        Some(None) => return KeyKind::Unknown,
    }
    match url_ref {
        Some(wanted) if text("ref") != Some(wanted) => KeyKind::OtherProject,
        _ => KeyKind::Anon,
    }
}
