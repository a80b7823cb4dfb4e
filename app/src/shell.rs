//! The HTML document around every page, with our own hydration script: file names are looked up once at start, and the
//! nonce stands where the content security policy wants it. Pages for people who are not in yet are plain forms: they have
//! no script at all, and their policy allows none.

use crate::{
    App, ROOT, access,
    lang::lang,
    parts::Part,
    session::{KEYS_COOKIE, KeysChoice, THEME_COOKIE, Theme},
    ui::sprite,
};
use http::{HeaderName, HeaderValue, header, request::Parts};
use leptos::{config::LeptosOptions, nonce::use_nonce, prelude::*};
use leptos_axum::ResponseOptions;
use leptos_meta::MetaTags;
use std::{collections::BTreeMap, sync::Arc};

/// Where the browser finds the files of the application, with their hashes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Assets {
    /// Path of the script.
    pub js: String,
    /// Path of the wasm.
    pub wasm: String,
    /// Path of the style sheet.
    pub css: String,
    /// Path of the script that brings the parts, where the build has parts.
    pub joint: Option<String>,
    /// By a part's name, the paths of the wasm that it needs. Empty where the build is in one piece.
    pub parts: Arc<BTreeMap<String, Vec<String>>>,
    /// Whether `cargo leptos watch` reloads the page when something changes.
    pub reloads: bool,
}

/// The document.
pub fn shell(assets: Assets, options: LeptosOptions) -> impl IntoView {
    let scripted = use_context::<Parts>().is_none_or(|parts| !access::without_script(parts.uri.path()));
    let nonce = use_nonce().filter(|_| scripted);
    let policy = match &nonce {
        Some(nonce) => content_security_policy(nonce, assets.reloads),
        None => HeaderValue::from_static(WITHOUT_SCRIPT),
    };
    if let Some(response) = use_context::<ResponseOptions>() {
        response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
        response.insert_header(HeaderName::from_static("cache-control"), HeaderValue::from_static("no-store"));
    }
    let start = format!(
        "import init,{{hydrate}} from '{js}';init({{module_or_path:'{wasm}'}}).then(hydrate);",
        js = assets.js,
        wasm = assets.wasm,
    );
    let part = use_context::<Parts>().and_then(|parts| Part::of(parts.uri.path()));
    let of_part = part.and_then(|part| assets.parts.get(part.name())).cloned().unwrap_or_default();
    let script = scripted.then(|| {
        let wasm = [assets.wasm].into_iter().chain(of_part).map(|path| {
            view! { <link rel="preload" href=path r#as="fetch" r#type="application/wasm" crossorigin="anonymous" /> }
        });
        view! {
            <link rel="modulepreload" href=assets.js />
            {assets.joint.map(|path| view! { <link rel="modulepreload" href=path /> })}
            {wasm.collect_view()}
            <script type="module" nonce=nonce>{start}</script>
            <AutoReload options />
        }
    });
    let theme = requested_theme();
    view! {
        <!DOCTYPE html>
        <html lang=lang().as_str() data-theme=theme.as_str()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                {bar_colours(theme)}
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="apple-touch-icon" href="/icon-180.png" />
                <link rel="manifest" href="/site.webmanifest" />
                <link rel="stylesheet" href=assets.css id="leptos" />
                {script}
                <MetaTags />
            </head>
            <body>
                {sprite()}
                <div id=ROOT>
                    <App />
                </div>
            </body>
        </html>
    }
}

/// The page's ground in light and in dark, as `--page` has it: the colour of a phone's bars around it.
const GROUNDS: [(&str, &str); 2] = [("light", "#fbfaf7"), ("dark", "#0e1518")];

/// A colour for each of the device's choices; only the one that the user chose, when they did.
fn bar_colours(theme: Theme) -> impl IntoView {
    GROUNDS
        .into_iter()
        .filter(|(name, _)| theme == Theme::System || theme.as_str() == *name)
        .map(|(name, colour)| {
            let media = (theme == Theme::System).then(|| format!("(prefers-color-scheme: {name})"));
            // By hand: the macro knows no `media` of a meta element.
            leptos::html::meta().name("theme-color").content(colour).attr("media", media)
        })
        .collect_view()
}

/// The colours that the request's cookie asks for.
pub(crate) fn requested_theme() -> Theme {
    requested(THEME_COOKIE).map(|word| Theme::parse(&word)).unwrap_or_default()
}

/// Whether the request's cookie leaves the keys on.
pub(crate) fn requested_keys() -> KeysChoice {
    requested(KEYS_COOKIE).map(|word| KeysChoice::parse(&word)).unwrap_or_default()
}

/// The value of one of the request's cookies.
fn requested(name: &str) -> Option<String> {
    let parts = use_context::<Parts>()?;
    let cookies = parts.headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(given, _)| *given == name)
        .map(|(_, word)| word.to_owned())
}

/// What a page without script may load.
const WITHOUT_SCRIPT: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
                              manifest-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; \
                              frame-ancestors 'none'";

/// Scripts and styles from here only; inline ones only with this response's nonce. In development also the reloader.
fn content_security_policy(nonce: &str, reloads: bool) -> HeaderValue {
    let reload = if reloads { " ws://127.0.0.1:* ws://localhost:*" } else { "" };
    let policy = format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self' 'nonce-{nonce}'; \
         img-src 'self' data:; font-src 'self'; connect-src 'self'{reload}; manifest-src 'self'; form-action 'self'; \
         base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
    );
    HeaderValue::from_str(&policy).expect("a nonce is base64")
}
