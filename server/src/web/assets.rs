//! The browser's files: `/pkg` with hashed names, kept for ever and sent precompressed; the icon beside them.

use app::shell::Assets;
use axum::{
    Router,
    http::{HeaderValue, StatusCode, header},
    response::IntoResponse,
    routing::get_service,
};
use std::{fs, io, path::Path};
use tower::ServiceBuilder;
use tower_http::{
    services::{ServeDir, ServeFile},
    set_header::SetResponseHeaderLayer,
};

/// The names of the browser's files. cargo-leptos writes their hashes to `hash.txt` beside the server's binary; read
/// once, at start.
///
/// # Errors
/// When the site has not been built.
pub fn find(site_root: &Path, hash_file: &Path) -> io::Result<Assets> {
    let hashes = fs::read_to_string(hash_file).unwrap_or_default();
    let hash = |kind: &str| {
        hashes
            .lines()
            .filter_map(|line| line.split_once(':'))
            .find(|(name, _)| name.trim() == kind)
            .map(|(_, hash)| format!(".{}", hash.trim()))
            .unwrap_or_default()
    };
    let assets = Assets {
        js: format!("/pkg/painel{}.js", hash("js")),
        wasm: format!("/pkg/painel{}.wasm", hash("wasm")),
        css: format!("/pkg/painel{}.css", hash("css")),
        reloads: false,
    };
    for path in [&assets.js, &assets.wasm, &assets.css] {
        let file = site_root.join(path.trim_start_matches('/'));
        if !file.is_file() {
            let message = format!("{} is missing: build the site with `make build`", file.display());
            return Err(io::Error::new(io::ErrorKind::NotFound, message));
        }
    }
    Ok(assets)
}

/// As [`find`], for a site that `cargo leptos watch` keeps changing: it writes a changed style sheet without a hash.
///
/// # Errors
/// When the site is being built just now.
pub fn find_watched(site_root: &Path, hash_file: &Path) -> io::Result<Assets> {
    let assets = Assets { reloads: true, ..find(site_root, hash_file)? };
    let changed =
        |path: &str| fs::metadata(site_root.join(path.trim_start_matches('/'))).and_then(|file| file.modified());
    let bare = "/pkg/painel.css";
    match (changed(bare), changed(&assets.css)) {
        (Ok(bare_at), Ok(hashed_at)) if bare_at > hashed_at => Ok(Assets { css: bare.to_owned(), ..assets }),
        _ => Ok(assets),
    }
}

/// The routes of static files. What is not there is a plain 404, never a rendered page. Names have hashes, so files may
/// be kept for ever, but not those of a watched site.
pub fn routes<S: Clone + Send + Sync + 'static>(site_root: &Path, watched: bool) -> Router<S> {
    let kept = if watched { "no-cache" } else { "public, max-age=31536000, immutable" };
    let pkg = ServeDir::new(site_root.join("pkg"))
        .precompressed_br()
        .precompressed_gzip()
        .append_index_html_on_directories(false);
    let icon = get_service(ServeFile::new(site_root.join("favicon.svg")));
    Router::new()
        .nest_service("/pkg", ServiceBuilder::new().layer(keep(kept)).service(pkg))
        .route("/favicon.svg", icon.layer(keep("public, max-age=86400")))
}

/// Lets caches keep what was found.
fn keep<B>(value: &'static str) -> SetResponseHeaderLayer<impl Fn(&http::Response<B>) -> Option<HeaderValue> + Clone> {
    SetResponseHeaderLayer::overriding(header::CACHE_CONTROL, move |response: &http::Response<B>| {
        response.status().is_success().then(|| HeaderValue::from_static(value))
    })
}

/// For addresses that look like files and are none.
pub fn missing() -> axum::response::Response {
    (StatusCode::NOT_FOUND, "not found\n").into_response()
}
