//! The browser's files: `/pkg` with hashed names, kept for ever and sent precompressed; icons and manifest beside them. A release
//! has them inside (`bundle`); in development, and where `LEPTOS_SITE_ROOT` says so, they are a folder's.

use super::bundle::Bundle;
use crate::config::Config;
use anyhow::Context;
use app::shell::Assets;
use axum::{
    Router,
    http::{HeaderValue, StatusCode, header},
    response::IntoResponse,
    routing::get_service,
};
use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};
use tower::ServiceBuilder;
use tower_http::{
    services::{
        ServeDir,
        fs::{Backend, TokioBackend},
    },
    set_header::SetResponseHeaderLayer,
};

/// What stands beside `/pkg`, under names of its own: the icons, and what an installed application is called.
pub const BESIDE: [&str; 6] =
    ["/favicon.svg", "/icon-180.png", "/icon-192.png", "/icon-512.png", "/icon-maskable-512.png", "/site.webmanifest"];

/// Where the application's own files are.
const PKG: &str = "/pkg";

/// Where the browser's files are, and what they are called. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Site {
    place: Place,
    names: Assets,
}

#[derive(Debug, Clone)]
enum Place {
    Inside(Bundle),
    Folder {
        root: PathBuf,
        /// Where `cargo leptos watch` writes the names, if it may change the site under this process.
        watched: Option<PathBuf>,
    },
}

impl Site {
    /// The configured folder; else what is inside this program; else the folder of a build.
    ///
    /// # Errors
    /// When there is none, or the one inside is damaged.
    pub fn open(config: &Config) -> anyhow::Result<Self> {
        let executable = std::env::current_exe().context("where is this program?")?;
        if config.site_root.is_none()
            && let Some(bundle) = Bundle::read(&executable)?
        {
            let hashes = bundle.text("hash.txt").unwrap_or_default();
            let names = names(hashes, |path| bundle.text(path).map(str::to_owned))?;
            for path in files_of(&names) {
                anyhow::ensure!(
                    bundle.has(&path),
                    "{path} is missing in this program: it was not built by `make build`"
                );
            }
            return Ok(Self { place: Place::Inside(bundle), names });
        }
        let root = config.site_root.clone().unwrap_or_else(|| beside(&executable));
        let hash_file = executable.with_file_name("hash.txt");
        let names = Assets { reloads: config.watched, ..find(&root, &hash_file)? };
        Ok(Self { place: Place::Folder { root, watched: config.watched.then_some(hash_file) }, names })
    }

    /// A folder whose files have known names.
    pub fn of_folder(root: PathBuf, names: Assets) -> Self {
        Self { place: Place::Folder { root, watched: None }, names }
    }

    /// What the files are called. Only a watched site changes under a running server; else the names are those of the
    /// start.
    pub fn names(&self) -> Assets {
        match &self.place {
            Place::Folder { root, watched: Some(hash_file) } => find_watched(root, hash_file).ok(),
            Place::Folder { .. } | Place::Inside(_) => None,
        }
        .unwrap_or_else(|| self.names.clone())
    }

    /// The routes of static files. What is not there is a plain 404, never a rendered page. Names have hashes, so files
    /// may be kept for ever, but not those of a watched site.
    pub fn routes<S: Clone + Send + Sync + 'static>(&self) -> Router<S> {
        let base = self.names.js.rsplit_once('/').map_or(PKG, |(base, _)| base);
        match &self.place {
            Place::Inside(bundle) => serve(Path::new(""), base, bundle.clone(), false),
            Place::Folder { root, watched } => serve(root, base, TokioBackend, watched.is_some()),
        }
    }
}

/// For the log.
impl std::fmt::Display for Site {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.place {
            Place::Inside(_) => formatter.write_str("inside"),
            Place::Folder { root, .. } => write!(formatter, "{}", root.display()),
        }
    }
}

fn serve<S: Clone + Send + Sync + 'static, B: Backend>(
    root: &Path,
    base: &str,
    backend: B,
    watched: bool,
) -> Router<S> {
    let kept = if watched { "no-cache" } else { "public, max-age=31536000, immutable" };
    let pkg = ServeDir::with_backend(root.join("pkg"), backend.clone())
        .precompressed_br()
        .precompressed_gzip()
        .append_index_html_on_directories(false);
    let beside = get_service(ServeDir::with_backend(root, backend).append_index_html_on_directories(false))
        .layer(keep("public, max-age=86400"));
    let pkg = ServiceBuilder::new().layer(keep(kept)).service(pkg);
    let mut router = Router::new().nest_service(PKG, pkg.clone());
    if base != PKG {
        router = router.nest_service(base, pkg);
    }
    BESIDE.iter().fold(router, |router, path| router.route(path, beside.clone()))
}

/// The site beside the program (an installation of its parts) or one folder up (a build: `target/release/painel`,
/// `target/site`).
fn beside(executable: &Path) -> PathBuf {
    let folder = executable.parent().map(PathBuf::from).unwrap_or_default();
    let (beside, above) = (folder.join("site"), folder.join("../site"));
    if beside.is_dir() || !above.is_dir() { beside } else { above }
}

/// The names that cargo-leptos has given. It writes their hashes as lines `js: …`; of a build in parts also `split: …` and,
/// in a file of its own, which wasm each part needs. Script and wasm name each other there, so their own hashes do not
/// tell all of what they hold: the hash of what joins them stands as a folder before every name.
fn names(hashes: &str, read: impl Fn(&str) -> Option<String>) -> io::Result<Assets> {
    let hash = |kind: &str| {
        hashes
            .lines()
            .filter_map(|line| line.split_once(':'))
            .find(|(name, _)| name.trim() == kind)
            .map(|(_, hash)| hash.trim())
    };
    let base = hash("split").map_or_else(|| PKG.to_owned(), |build| format!("{PKG}/{build}"));
    let name =
        |kind: &str| format!("{base}/painel{}.{kind}", hash(kind).map(|hash| format!(".{hash}")).unwrap_or_default());
    let mut parts: BTreeMap<String, Vec<String>> = match hash("manifest") {
        Some(hash) => {
            let path = format!("pkg/__wasm_split_manifest.{hash}.json");
            let text = read(&path).ok_or_else(|| missing_file(&path))?;
            serde_json::from_str(&text)?
        }
        None => BTreeMap::new(),
    };
    for stem in parts.values_mut().flatten() {
        *stem = format!("{base}/{stem}.wasm");
    }
    Ok(Assets {
        js: name("js"),
        wasm: name("wasm"),
        css: name("css"),
        joint: hash("split").map(|hash| format!("{base}/__wasm_split.{hash}.js")),
        parts: Arc::new(parts),
        reloads: false,
    })
}

/// The files' paths in the site.
fn files_of(names: &Assets) -> impl Iterator<Item = String> {
    [&names.js, &names.wasm, &names.css]
        .into_iter()
        .chain(&names.joint)
        .chain(names.parts.values().flatten())
        .map(|path| file_of(path))
}

/// The path in the site of what the browser finds at `path`.
fn file_of(path: &str) -> String {
    format!("pkg/{}", path.rsplit('/').next().unwrap_or_default())
}

fn missing_file(path: &str) -> io::Error {
    io::Error::new(io::ErrorKind::NotFound, format!("{path} is missing: build the site with `make build`"))
}

/// The names in a folder. cargo-leptos writes `hash.txt` beside the server's binary.
fn find(root: &Path, hash_file: &Path) -> io::Result<Assets> {
    let hashes = fs::read_to_string(hash_file).unwrap_or_default();
    let names = names(&hashes, |path| fs::read_to_string(root.join(path)).ok())?;
    for path in files_of(&names) {
        let file = root.join(path);
        if !file.is_file() {
            return Err(missing_file(&file.display().to_string()));
        }
    }
    Ok(names)
}

/// As [`find`], for a site that `cargo leptos watch` keeps changing: it writes a changed style sheet without a hash.
fn find_watched(root: &Path, hash_file: &Path) -> io::Result<Assets> {
    let names = Assets { reloads: true, ..find(root, hash_file)? };
    let changed = |path: &str| fs::metadata(root.join(file_of(path))).and_then(|file| file.modified());
    let bare = "/pkg/painel.css";
    match (changed(bare), changed(&names.css)) {
        (Ok(bare_at), Ok(hashed_at)) if bare_at > hashed_at => Ok(Assets { css: bare.to_owned(), ..names }),
        _ => Ok(names),
    }
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

#[cfg(test)]
mod tests {
    use super::{file_of, files_of, names};

    const HASHES: &str = "js: J1\nwasm: W1\ncss: C1\n";

    #[test]
    fn a_build_in_one_piece_has_three_files() {
        let names = names(HASHES, |_| panic!("there is no other file")).unwrap();
        assert_eq!(
            [&*names.js, &*names.wasm, &*names.css],
            ["/pkg/painel.J1.js", "/pkg/painel.W1.wasm", "/pkg/painel.C1.css"]
        );
        assert!(names.joint.is_none() && names.parts.is_empty());
        assert_eq!(super::names("", |_| None).unwrap().js, "/pkg/painel.js");
    }

    #[test]
    fn a_build_in_parts_stands_in_a_folder_of_its_own_and_says_what_each_part_needs() {
        let hashes = format!("{HASHES}manifest: M1\nsplit: S1\n");
        let manifest = |path: &str| {
            assert_eq!(path, "pkg/__wasm_split_manifest.M1.json");
            Some(r#"{"settings": ["chunk_1.X", "split_settings.Y"], "work": ["chunk_1.X"]}"#.to_owned())
        };
        let names = names(&hashes, manifest).unwrap();
        assert_eq!(
            (names.js.as_str(), names.joint.as_deref()),
            ("/pkg/S1/painel.J1.js", Some("/pkg/S1/__wasm_split.S1.js"))
        );
        assert_eq!(names.parts["settings"], ["/pkg/S1/chunk_1.X.wasm", "/pkg/S1/split_settings.Y.wasm"]);
        assert_eq!(file_of(&names.parts["work"][0]), "pkg/chunk_1.X.wasm");
        assert_eq!(files_of(&names).count(), 3 + 1 + 3);

        for odd in [None, Some("nada".to_owned())] {
            assert!(super::names(&hashes, |_| odd.clone()).is_err(), "{odd:?}");
        }
    }
}
