//! The program with the browser's files inside, as `scripts/embed.mjs` makes it: it needs nothing beside it, and answers
//! as a folder of the same files does.

use crate::{
    command_line::{code, error},
    served::Served,
};
use reqwest::{Client, Method};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    time::{Duration, SystemTime},
};
use tempfile::TempDir;

/// When the site was built, in seconds.
const BUILT: u64 = 1_700_000_000;

/// A bare program with its `hash.txt` beside it, a site, and the program with the site inside in a folder of its own.
struct House {
    folder: TempDir,
}

impl House {
    /// Beside the build, whose program is linked, not copied: it is large.
    fn of(program: &str) -> Self {
        let house = Self { folder: TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap() };
        fs::create_dir(house.path("bare")).unwrap();
        fs::create_dir(house.path("alone")).unwrap();
        if fs::hard_link(program, house.bare()).is_err() {
            fs::copy(program, house.bare()).unwrap();
        }
        fs::write(house.path("bare/hash.txt"), "js: J1\nwasm: W1\ncss: C1\n").unwrap();
        let page = "let a = 1;\n".repeat(20_000);
        house.write("site/pkg/painel.J1.js", page.as_bytes());
        house.write("site/pkg/painel.J1.js.br", b"as brotli");
        house.write("site/pkg/painel.J1.js.gz", b"as gzip");
        house.write("site/pkg/painel.W1.wasm", b"\0asm");
        house.write("site/pkg/painel.W1.wasm.gz", b"wasm as gzip");
        house.write("site/pkg/painel.C1.css", b"");
        house.write("site/pkg/snippets/a/inline0.js", b"export {}");
        house.write("site/favicon.svg", b"<svg/>");
        house.write("site/icon-192.png", b"\x89PNG");
        house.write("site/site.webmanifest", b"{}");
        let made = house.embed("bare/painel", "alone/painel");
        assert!(made.status.success(), "{}", error(&made));
        house
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn bare(&self) -> PathBuf {
        self.path("bare/painel")
    }

    fn alone(&self) -> PathBuf {
        self.path("alone/painel")
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        fs::write(self.path(name), bytes).unwrap();
        let built = SystemTime::UNIX_EPOCH + Duration::from_secs(BUILT);
        fs::File::options().write(true).open(self.path(name)).unwrap().set_modified(built).unwrap();
    }

    fn embed(&self, program: &str, out: &str) -> Output {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts/embed.mjs");
        let arguments = [script, self.path(program), self.path("site"), self.path(out)];
        Command::new("node").args(arguments).env("SOURCE_DATE_EPOCH", BUILT.to_string()).output().unwrap()
    }

    /// The program told nothing but where to listen, in the folder that it stands in.
    fn command(&self, program: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Command {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(program.parent().unwrap()).env_clear().stdin(Stdio::null());
        command.env("RUST_LOG", "server=error").envs(environment.iter().copied());
        command
    }

    async fn serve(&self, program: &Path, environment: &[(&str, &str)]) -> Served {
        if !program.with_file_name("data").exists() {
            let keygen = self.command(program, &["keygen"], &[]).output().unwrap();
            assert_eq!(code(&keygen), 0, "{}", error(&keygen));
        }
        Served::launch(|_| self.command(program, &["serve"], environment)).await
    }
}

/// Status, headers and body, less what differs by its nature.
async fn answer(client: &Client, url: &str, ask: &Ask) -> String {
    let (method, path, headers) = ask;
    let mut request = client.request(method.clone(), format!("{url}{path}"));
    for (name, value) in *headers {
        request = request.header(*name, *value);
    }
    let answer = request.send().await.unwrap();
    let mut headers: Vec<String> = answer.headers().iter().map(|(name, value)| format!("{name}: {value:?}")).collect();
    headers.retain(|line| !line.starts_with("date:") && !line.starts_with("x-request-id:"));
    headers.sort();
    format!("{}\n{}\n\n{}", answer.status(), headers.join("\n"), answer.text().await.unwrap())
}

type Headers = &'static [(&'static str, &'static str)];
type Ask = (Method, &'static str, Headers);

fn get(path: &'static str, headers: Headers) -> Ask {
    (Method::GET, path, headers)
}

fn asks() -> Vec<Ask> {
    const JS: &str = "/pkg/painel.J1.js";
    const WASM: &str = "/pkg/painel.W1.wasm";
    vec![
        get(JS, &[]),
        get(JS, &[("accept-encoding", "gzip, deflate, br")]),
        get(JS, &[("accept-encoding", "gzip;q=1, br;q=0.1")]),
        get(JS, &[("accept-encoding", "zstd")]),
        get(JS, &[("accept-encoding", "br;q=0, identity;q=0")]),
        (Method::HEAD, JS, &[("accept-encoding", "br")]),
        get(WASM, &[("accept-encoding", "br, gzip")]),
        get(WASM, &[("accept-encoding", "br")]),
        get(JS, &[("range", "bytes=100000-100099")]),
        get(JS, &[("range", "bytes=-5")]),
        get(JS, &[("range", "bytes=900000-")]),
        get(JS, &[("range", "bytes=0-1,5-6")]),
        get(JS, &[("if-modified-since", "Tue, 14 Nov 2023 22:13:20 GMT")]),
        get(JS, &[("if-modified-since", "Tue, 14 Nov 2023 22:13:19 GMT")]),
        get(JS, &[("if-unmodified-since", "Tue, 14 Nov 2023 22:13:19 GMT")]),
        get(JS, &[("if-none-match", "*")]),
        get(JS, &[("if-match", "\"other\"")]),
        get("/pkg/painel.C1.css", &[("accept-encoding", "br")]),
        get("/pkg/snippets/a/inline0.js", &[]),
        get("/favicon.svg", &[]),
        get("/favicon.svg", &[("accept-encoding", "br, gzip")]),
        (Method::HEAD, "/favicon.svg", &[]),
        get("/icon-192.png", &[]),
        get("/site.webmanifest", &[("accept-encoding", "br, gzip")]),
        (Method::POST, JS, &[("origin", "null")]),
        (Method::DELETE, "/favicon.svg", &[]),
        get("/pkg/nada.js", &[]),
        get("/pkg", &[]),
        get("/pkg/", &[]),
        get("/pkg/snippets", &[]),
        get("/pkg/snippets/", &[]),
        get("/pkg/painel.J1.js/", &[]),
        get("/pkg/%2e%2e/favicon.svg", &[]),
        get("/pkg/..%2fhash.txt", &[]),
        get("/pkg/a%00b", &[]),
        get("/hash.txt", &[]),
    ]
}

#[tokio::test]
async fn one_file_is_an_installation() {
    let house = House::of(env!("CARGO_BIN_EXE_painel"));
    it_answers_as_a_folder_does(&house).await;
    a_folder_that_is_named_goes_before_it(&house).await;
    damaged_it_does_not_serve(&house);
}

async fn it_answers_as_a_folder_does(house: &House) {
    let root = house.path("site").display().to_string();
    let inside = house.serve(&house.alone(), &[]).await;
    let folder = house.serve(&house.bare(), &[("LEPTOS_SITE_ROOT", &root)]).await;
    let client = Client::builder().no_proxy().no_gzip().no_brotli().build().unwrap();
    let mut statuses = std::collections::BTreeMap::<String, usize>::new();
    for ask in &asks() {
        let (one, other) = (answer(&client, &inside.url, ask).await, answer(&client, &folder.url, ask).await);
        assert_eq!(one, other, "{ask:?}");
        *statuses.entry(one[..3].to_owned()).or_default() += 1;
    }
    // The answers are not only alike but right.
    let brotli = answer(&client, &inside.url, &asks()[1]).await;
    for part in ["200 OK", "content-encoding: \"br\"", "max-age=31536000, immutable", "etag: ", "\n\nas brotli"] {
        assert!(brotli.contains(part), "{part} in {brotli}");
    }
    for (at, status) in [(8, "206"), (12, "304"), (15, "304"), (16, "412"), (19, "200"), (26, "404"), (35, "404")] {
        assert!(answer(&client, &inside.url, &asks()[at]).await.starts_with(status), "{:?}", asks()[at]);
    }
    let etag = client.get(format!("{}/favicon.svg", inside.url)).send().await.unwrap().headers()["etag"].clone();
    let again = client.get(format!("{}/favicon.svg", inside.url)).header("if-none-match", etag).send().await.unwrap();
    assert_eq!(again.status(), 304);
    for (path, kind) in [
        ("/favicon.svg", "image/svg+xml"),
        ("/icon-192.png", "image/png"),
        ("/site.webmanifest", "application/manifest+json"),
    ] {
        let file = client.get(format!("{}{path}", inside.url)).send().await.unwrap();
        assert_eq!(file.headers()["content-type"], kind);
        assert_eq!(file.headers()["cache-control"], "public, max-age=86400");
    }
    // Signing in has no script: a page that has one is asked.
    let page = client.get(format!("{}/nada", inside.url)).send().await.unwrap().text().await.unwrap();
    for name in ["/pkg/painel.J1.js", "/pkg/painel.W1.wasm", "/pkg/painel.C1.css"] {
        assert!(page.contains(name), "the page names {name}");
    }
    let mut beside: Vec<_> =
        fs::read_dir(house.path("alone")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    beside.sort();
    assert_eq!(beside, ["data", "painel"], "nothing else stands beside it");
    println!("one file: {} of {} answers as from a folder, by status {statuses:?}", asks().len(), asks().len());
}

async fn a_folder_that_is_named_goes_before_it(house: &House) {
    fs::copy(house.path("bare/hash.txt"), house.path("alone/hash.txt")).unwrap();
    fs::write(house.path("site/pkg/painel.C1.css"), "changed").unwrap();
    let root = house.path("site").display().to_string();
    let named = house.serve(&house.alone(), &[("LEPTOS_SITE_ROOT", &root)]).await;
    let style = reqwest::get(format!("{}/pkg/painel.C1.css", named.url)).await.unwrap();
    assert_eq!(style.text().await.unwrap(), "changed");
}

fn damaged_it_does_not_serve(house: &House) {
    use std::os::unix::fs::FileExt;
    let file = fs::File::options().write(true).open(house.alone()).unwrap();
    let size = file.metadata().unwrap().len();
    // A byte in the middle of the archive.
    file.write_all_at(b"\xff", size - 100_000).unwrap();
    drop(file);
    let refused = house.command(&house.alone(), &["serve"], &[]).output().unwrap();
    assert_eq!(code(&refused), 1);
    assert!(error(&refused).contains("are damaged (its digest): install the program again"), "{}", error(&refused));
}

#[test]
fn embedding_is_repeatable_and_leaves_the_program_as_it_was() {
    // Any program will do.
    let house = House::of("/bin/true");
    let (bare, alone) = (fs::read("/bin/true").unwrap(), fs::read(house.alone()).unwrap());
    assert!(fs::read(house.bare()).unwrap() == bare, "what it was made of is untouched");
    assert!(alone.starts_with(&bare) && alone.len() > bare.len() + 200_000);
    // In place, on a program that has a site already.
    fs::copy(house.path("bare/hash.txt"), house.path("alone/hash.txt")).unwrap();
    assert!(house.embed("alone/painel", "alone/painel").status.success());
    assert!(fs::read(house.alone()).unwrap() == alone, "the same input gives the same bytes");
    assert!(Command::new(house.alone()).status().unwrap().success(), "it runs");
}
