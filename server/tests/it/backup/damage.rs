//! What is not whole, not ours or not fitting is refused, before the database is touched.

use super::house::{House, Kind, all, error, text};
use crate::harness::Server;
use app::session::Role;
use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use server::backup::{BackupError, check};
use std::{
    fs,
    io::{Read, Write},
    path::{Path, PathBuf},
};

/// How many places of a file are damaged, one at a time.
const PLACES: usize = 400;

async fn a_backup(house: &House) -> (PathBuf, PathBuf) {
    let server = Server::start_with(|config| house.configure(config)).await;
    server.tenant("dano", Role::Admin, Some(0)).await;
    let files = house.back_up().await;
    server.state.store.close().await;
    files
}

/// The lines of a file, changed, in a new file.
fn rewritten(path: &Path, change: impl FnOnce(String) -> String) -> PathBuf {
    let mut lines = String::new();
    GzDecoder::new(fs::File::open(path).unwrap()).read_to_string(&mut lines).unwrap();
    let new = path.with_extension("changed");
    let mut out = GzEncoder::new(fs::File::create(&new).unwrap(), Compression::default());
    out.write_all(change(lines).as_bytes()).unwrap();
    out.finish().unwrap();
    new
}

#[tokio::test(flavor = "multi_thread")]
async fn cut_or_flipped_files_are_refused() {
    let house = House::new(Kind::Sqlite).await;
    let (data, keys) = a_backup(&house).await;
    check(&data, Some(&keys)).expect("the backup is whole");
    let spoilt = house.path().join("spoilt");
    for (path, is_data) in [(&data, true), (&keys, false)] {
        let whole = fs::read(path).unwrap();
        let step = whole.len().div_ceil(PLACES);
        let (mut cut, mut flipped, mut places) = (0, 0, 0);
        for place in (0..whole.len()).step_by(step) {
            let refused = |bytes: &[u8]| {
                fs::write(&spoilt, bytes).unwrap();
                let outcome = if is_data { check(&spoilt, Some(&keys)) } else { check(&data, Some(&spoilt)) };
                usize::from(outcome.is_err())
            };
            places += 1;
            cut += refused(&whole[..place]);
            let mut bytes = whole.clone();
            // The lowest bit: the highest of a byte may be padding, which means nothing.
            bytes[place] ^= 1;
            // Of gzip's own header some bits mean nothing: then what is inside is the same.
            flipped += refused(&bytes).max(usize::from(unpacked(&bytes) == unpacked(&whole)));
        }
        let name = if is_data { "data" } else { "keys" };
        eprintln!("{name}: {cut} of {places} cut files and {flipped} of {places} flipped bits refused");
        assert_eq!((cut, flipped), (places, places));
        fs::write(&spoilt, [&whole[..], b"x"].concat()).unwrap();
        let longer = if is_data { check(&spoilt, Some(&keys)) } else { check(&data, Some(&spoilt)) };
        assert!(matches!(longer, Err(BackupError::Damaged { .. })), "something after the end is noticed");
    }
}

/// What is inside a file; `None` when gzip does not open it.
fn unpacked(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut inside = Vec::new();
    GzDecoder::new(bytes).read_to_end(&mut inside).ok()?;
    Some(inside)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_fit_is_named() {
    let house = House::new(Kind::Sqlite).await;
    let (data, keys) = a_backup(&house).await;
    // The stamp has seconds.
    let (_, other_keys) = house.back_up().await;
    let says = |outcome: Result<server::backup::Restored, BackupError>, part: &str| {
        let text = outcome.expect_err(part).to_string();
        assert!(text.contains(part), "says {part:?}: {text}");
    };
    says(check(&data, Some(&other_keys)), "not of the same backup");
    says(check(&keys, Some(&data)), "not the data file");
    says(check(&house.ring(), None), "no backup of Painel");
    says(check(Path::new("nowhere"), None), "nowhere");
    let schema = format!("\"schema\":{}", server::store::schema_version());
    for (from, to, part) in [
        (schema.as_str(), "\"schema\":1", "restore with painel"),
        ("\"format\":1", "\"format\":2", "has format 2"),
        ("{\"painel_backup\"", "{\"something\"", "no backup of Painel"),
        ("\"Loja dano\"", "\"Loja dana\"", "the digest is another"),
        ("\"Loja dano\"", "7", "does not fit"),
        ("\"Loja dano\"", "7.5", "not a row"),
        ("\"slug\",\"name\"", "\"name\",\"slug\"", "not the table that must come here"),
        ("{\"table\":\"users\"", "{\"table\":\"memberships\"", "not the table that must come here"),
        ("{\"end\"", "{\"dne\"", "not a line of a backup"),
        ("\"tenants\":1", "\"tenants\":2", "missing"),
    ] {
        let changed = rewritten(&data, |lines| {
            assert!(lines.contains(from), "{from}");
            lines.replacen(from, to, 1)
        });
        says(check(&changed, None), part);
    }
    let unended = rewritten(&data, |lines| lines[..lines.rfind("{\"end\"").unwrap()].to_owned());
    says(check(&unended, None), "cut off");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_refuses_and_touches_nothing() {
    let house = House::new(Kind::Sqlite).await;
    let (data, keys) = a_backup(&house).await;
    let short = house.path().join("short");
    let whole = fs::read(&data).unwrap();
    fs::write(&short, &whole[..whole.len() / 2]).unwrap();
    for kind in all() {
        let target = House::new(kind).await;
        let refused = target.painel(&["restore", "--data", text(&short), "--keys", text(&keys)]).await;
        assert_eq!(refused.status.code(), Some(1), "{}", error(&refused));
        assert!(error(&refused).contains("cut off"), "{}", error(&refused));
        assert!(!target.path().join("house.db").exists(), "no database is even made");
        let usage = target.painel(&["restore", "--data", text(&data)]).await;
        assert_eq!(usage.status.code(), Some(2), "keys, or the word that there are none: {}", error(&usage));

        let once = target.painel(&["restore", "--data", text(&data), "--keys", text(&keys)]).await;
        assert_eq!(once.status.code(), Some(0), "{}", error(&once));
        let twice = target.painel(&["restore", "--data", text(&data), "--keys", text(&keys)]).await;
        assert_eq!(twice.status.code(), Some(1));
        assert!(error(&twice).contains("not empty"), "{}", error(&twice));
        target.tear_down().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_wants_the_owner() {
    let house = House::new(Kind::Postgres).await;
    for arguments in [&["backup", "--out", "there"][..], &["migrate"]] {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_painel"));
        command.args(arguments).current_dir(house.path()).env_clear().env("PAINEL_DATABASE_URL", house.url());
        let refused = command.output().unwrap();
        assert_eq!(refused.status.code(), Some(78), "{}", error(&refused));
        assert!(error(&refused).contains("PAINEL_DATABASE_OWNER_URL"), "{}", error(&refused));
    }
    house.tear_down().await;
}
