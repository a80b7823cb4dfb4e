//! The HTML document around every page, with our own hydration script: file names are looked up once at start, and the
//! nonce stands where the content security policy wants it.

use crate::{
    App,
    session::{THEME_COOKIE, Theme},
};
use http::{HeaderName, HeaderValue, header, request::Parts};
use leptos::{config::LeptosOptions, nonce::use_nonce, prelude::*};
use leptos_axum::ResponseOptions;
use leptos_meta::MetaTags;

/// Where the browser finds the three files of the application, with their hashes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assets {
    /// Path of the script.
    pub js: String,
    /// Path of the wasm.
    pub wasm: String,
    /// Path of the style sheet.
    pub css: String,
    /// Whether `cargo leptos watch` reloads the page when something changes.
    pub reloads: bool,
}

/// The document.
pub fn shell(assets: Assets, options: LeptosOptions) -> impl IntoView {
    let nonce = use_nonce();
    if let (Some(response), Some(nonce)) = (use_context::<ResponseOptions>(), &nonce) {
        response.insert_header(header::CONTENT_SECURITY_POLICY, content_security_policy(nonce, assets.reloads));
        response.insert_header(HeaderName::from_static("cache-control"), HeaderValue::from_static("no-store"));
    }
    let start = format!(
        "import init,{{hydrate}} from '{js}';init({{module_or_path:'{wasm}'}}).then(hydrate);",
        js = assets.js,
        wasm = assets.wasm,
    );
    view! {
        <!DOCTYPE html>
        <html lang="pt-BR" data-theme=requested_theme().as_str()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="stylesheet" href=assets.css id="leptos" />
                <link rel="modulepreload" href=assets.js />
                <link rel="preload" href=assets.wasm r#as="fetch" r#type="application/wasm" crossorigin="anonymous" />
                <script type="module" nonce=nonce>{start}</script>
                <AutoReload options />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// The colours that the request's cookie asks for.
pub(crate) fn requested_theme() -> Theme {
    use_context::<Parts>()
        .and_then(|parts| {
            let cookies = parts.headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
            cookies
                .flat_map(|value| value.split(';'))
                .filter_map(|pair| pair.trim().split_once('='))
                .find(|(name, _)| *name == THEME_COOKIE)
                .map(|(_, word)| Theme::parse(word))
        })
        .unwrap_or_default()
}

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
