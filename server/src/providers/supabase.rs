//! Supabase: the project's address, and a key that may stand in a dashboard. Only keys of the `anon` role are kept;
//! everything stronger is refused before any call, with the advice to rotate it, because a pasted secret is a spent one.

use super::{address, address::AddressRules, form::Form, form::Refusal, text};
use base64::{
    Engine as _,
    alphabet::URL_SAFE,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use jiff::Timestamp;
use url::Url;

const URL: &str = "project_url";
const KEY: &str = "api_key";
const HOST_SUFFIX: &str = ".supabase.co";
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
    pub fn refusal(self) -> Option<&'static str> {
        Some(match self {
            Self::Publishable | Self::Anon => return None,
            Self::Malformed => {
                "A chave veio com espaços, aspas ou quebras de linha: copie outra vez, inteira e numa linha só."
            }
            Self::Secret => {
                "Esta é a chave secreta (sb_secret), que passa por cima de toda proteção. Nada foi salvo. Troque-a \
                 agora no Supabase (Project Settings → API Keys) e use aqui a “publishable”."
            }
            Self::ServiceRole => {
                "Esta é a chave “service_role”, que passa por cima de toda proteção. Nada foi salvo. Troque-a agora \
                 no Supabase (Project Settings → API Keys) e use aqui a “publishable” ou a “anon”."
            }
            Self::PersonalToken => {
                "Este é um token pessoal da conta Supabase (sbp_). Nada foi salvo. Revogue-o agora (Account → Access \
                 Tokens) e use aqui a chave “publishable” do projeto."
            }
            Self::DatabaseUrl => {
                "Esta é a conexão direta do banco, com senha. Nada foi salvo. Troque a senha agora no Supabase \
                 (Project Settings → Database) e use aqui a chave “publishable”."
            }
            Self::UserToken => {
                "Este é o token de sessão de um usuário, que vence em pouco tempo. Use a chave “publishable” do projeto."
            }
            Self::Expired => "Esta chave “anon” já venceu. Copie a “publishable” atual do projeto.",
            Self::OtherProject => "Esta chave é de outro projeto. Copie a chave do projeto do endereço acima.",
            Self::Unknown => {
                "Isto não parece uma chave do Supabase. Copie a “publishable” em Project Settings → API Keys."
            }
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

/// Checks the card.
pub(super) fn check(form: &mut Form<'_>, rules: &AddressRules, now: Timestamp) {
    form.read(URL, |text| read_url(text, rules, now));
    let url_ref = form.outcome(URL).and_then(project_ref).map(str::to_owned);
    form.read(KEY, |key| match classify(key, now, url_ref.as_deref()).refusal() {
        None => Ok(key),
        Some(message) => Err(message.into()),
    });
    // A new address with the old key: the key is looked at again.
    if form.given(URL).is_some()
        && form.given(KEY).is_none()
        && let Some(stored) = form.stored(KEY)
        && classify(stored, now, url_ref.as_deref()) == KeyKind::OtherProject
    {
        form.refuse(KEY, "A chave guardada é de outro projeto: cole também a chave deste.");
    }
}

/// The reference in a normalised address of a hosted project.
fn project_ref(url: &str) -> Option<&str> {
    url.strip_prefix("https://")?.strip_suffix(HOST_SUFFIX).filter(|name| is_ref(name))
}

/// 20 lower-case letters in practice; digits are let through because nobody promises there will be none.
fn is_ref(name: &str) -> bool {
    name.len() == 20 && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
}

/// The project's origin: `https://<ref>.supabase.co`, or an origin that the configuration lists.
fn read_url(text: &str, rules: &AddressRules, now: Timestamp) -> Result<String, Refusal> {
    let kind = classify(text, now, None);
    if kind.is_elevated() {
        return Err(kind.refusal().unwrap_or_default().into());
    }
    if kind.is_accepted() {
        return Err("Isto é a chave, não o endereço: cole aqui a Project URL.".into());
    }
    let url = address::read(text, rules)?;
    if let Some(hint) = dashboard_hint(&url) {
        return Err(hint);
    }
    address::refuse_tail(&url)?;
    let known_path = ["/rest/v1", "/auth/v1"].iter().any(|path| url.path().trim_end_matches('/') == *path);
    if url.path() != "/" && !known_path {
        return Err("Use só o endereço do projeto, sem nada depois do domínio.".into());
    }
    let origin = url.origin().ascii_serialization();
    if rules.allows(&url) || project_ref(&origin).is_some() {
        return Ok(origin);
    }
    Err("Use a Project URL, da forma https://<20 letras>.supabase.co (Project Settings → Data API).".into())
}

/// A page of Supabase's own dashboard, with the address that the user wants when it can be told.
fn dashboard_hint(url: &Url) -> Option<Refusal> {
    if !matches!(url.host_str(), Some("supabase.com" | "www.supabase.com" | "app.supabase.com" | "supabase.io")) {
        return None;
    }
    let mut segments = url.path_segments()?.skip_while(|segment| *segment != "project").skip(1);
    Some(match segments.next().filter(|name| is_ref(name)) {
        Some(name) => {
            format!("Esta é a página do painel do Supabase. O endereço do projeto é https://{name}{HOST_SUFFIX}").into()
        }
        None => "Esta é a página do painel do Supabase: copie a Project URL em Project Settings → Data API.".into(),
    })
}

#[cfg(test)]
mod tests;
