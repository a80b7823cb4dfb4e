//! How the card is read: the project's address, and its key.

use super::{HOST_SUFFIX, KEY, URL, classify, is_ref, key::KeyKind, project_ref};
use crate::providers::{
    address::{self, AddressRules},
    form::{Form, Refusal},
};
use app::tr;
use jiff::Timestamp;
use url::Url;

/// Checks the card.
pub(in crate::providers) fn check(form: &mut Form<'_>, rules: &AddressRules, now: Timestamp) {
    form.read(URL, |text| read_url(text, rules, now));
    let url_ref = form.outcome(URL).and_then(project_ref).map(str::to_owned);
    form.read(KEY, |key| match classify(key, now, url_ref.as_deref()).refusal() {
        None => Ok(key),
        Some(message) => Err(message.here().to_owned().into()),
    });
    // A new address with the old key: the key is looked at again.
    if form.given(URL).is_some()
        && form.given(KEY).is_none()
        && let Some(stored) = form.stored(KEY)
        && classify(stored, now, url_ref.as_deref()) == KeyKind::OtherProject
    {
        form.refuse(
            KEY,
            tr!(
                "A chave guardada é de outro projeto: cole também a chave deste.",
                "The saved key belongs to another project: paste the key of this one too.",
            ),
        );
    }
}

/// The project's origin: `https://<ref>.supabase.co`, or an origin that the configuration lists.
fn read_url(text: &str, rules: &AddressRules, now: Timestamp) -> Result<String, Refusal> {
    let kind = classify(text, now, None);
    if kind.is_elevated() {
        return Err(kind.refusal().unwrap_or_default().here().to_owned().into());
    }
    if kind.is_accepted() {
        return Err(tr!(
            "Isto é a chave, não o endereço: cole aqui a Project URL.",
            "This is the key, not the address: paste the Project URL here.",
        )
        .into());
    }
    let url = address::read(text, rules)?;
    if let Some(hint) = dashboard_hint(&url) {
        return Err(hint);
    }
    address::refuse_tail(&url)?;
    let known_path = ["/rest/v1", "/auth/v1"].iter().any(|path| url.path().trim_end_matches('/') == *path);
    if url.path() != "/" && !known_path {
        return Err(tr!(
            "Use só o endereço do projeto, sem nada depois do domínio.",
            "Use only the project’s address, with nothing after the domain.",
        )
        .into());
    }
    let origin = url.origin().ascii_serialization();
    if rules.allows(&url) || project_ref(&origin).is_some() {
        return Ok(origin);
    }
    Err(tr!(
        "Use a Project URL, da forma https://<20 letras>.supabase.co (Project Settings → Data API).",
        "Use the Project URL, of the form https://<20 letters>.supabase.co (Project Settings → Data API).",
    )
    .into())
}

/// A page of Supabase's own dashboard, with the address that the user wants when it can be told.
fn dashboard_hint(url: &Url) -> Option<Refusal> {
    if !matches!(url.host_str(), Some("supabase.com" | "www.supabase.com" | "app.supabase.com" | "supabase.io")) {
        return None;
    }
    let mut segments = url.path_segments()?.skip_while(|segment| *segment != "project").skip(1);
    Some(match segments.next().filter(|name| is_ref(name)) {
        Some(name) => tr!(
            format!("Esta é a página do painel do Supabase. O endereço do projeto é https://{name}{HOST_SUFFIX}"),
            format!("This is a page of Supabase’s dashboard. The project’s address is https://{name}{HOST_SUFFIX}"),
        )
        .into(),
        None => tr!(
            "Esta é a página do painel do Supabase: copie a Project URL em Project Settings → Data API.",
            "This is a page of Supabase’s dashboard: copy the Project URL from Project Settings → Data API.",
        )
        .into(),
    })
}
