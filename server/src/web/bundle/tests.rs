//! What stands at the end of a program, whole and damaged.

use super::*;

fn archive(files: &[(&str, &str)]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (path, content) in files {
        let mut header = tar::Header::new_ustar();
        header.set_size(content.len() as u64);
        header.set_mtime(1_700_000_000);
        builder.append_data(&mut header, path, content.as_bytes()).unwrap();
    }
    builder.into_inner().unwrap()
}

/// A program of which only the end matters.
fn program(archive: &[u8], digest_of: &[u8], length: u64) -> tempfile::NamedTempFile {
    let bytes =
        [b"\x7fELF program", archive, Sha256::digest(digest_of).as_slice(), &length.to_le_bytes(), &MAGIC].concat();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    file
}

#[test]
fn files_are_found_by_their_names() {
    let archive = archive(&[("hash.txt", "js: a\n"), ("pkg/painel.a.js", "let a;"), ("pkg/empty", "")]);
    let file = program(&archive, &archive, archive.len() as u64);
    let bundle = Bundle::read(file.path()).unwrap().expect("a site");
    assert_eq!(bundle.text("hash.txt"), Some("js: a\n"));
    assert_eq!(bundle.text("./pkg/painel.a.js"), Some("let a;"));
    assert!(bundle.has("pkg/empty") && !bundle.has("pkg") && !bundle.has("") && !bundle.has("pkg/../hash.txt"));
    let kept = bundle.find(Path::new("pkg/empty")).unwrap();
    assert_eq!(kept.modified, SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000));
}

#[test]
fn a_program_without_a_site_has_none() {
    for content in [&b""[..], b"short", &[0; 500], &MAGIC] {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), content).unwrap();
        assert!(Bundle::read(file.path()).unwrap().is_none());
    }
}

#[test]
fn a_damaged_site_is_refused() {
    let whole = archive(&[("pkg/painel.js", "let a;")]);
    let flipped: Vec<u8> =
        whole.iter().enumerate().map(|(at, byte)| if at == 512 { byte ^ 1 } else { *byte }).collect();
    let cases = [
        ("its digest", program(&flipped, &whole, whole.len() as u64)),
        ("its digest", program(&whole, &whole, whole.len() as u64 - 1)),
        ("its length", program(&whole, &whole, whole.len() as u64 * 2)),
        ("its length", program(&whole, &whole, u64::MAX)),
        ("its archive", program(&flipped[..700], &flipped[..700], 700)),
        ("its archive", program(&[b'x'; 1024], &[b'x'; 1024], 1024)),
    ];
    for (why, file) in &cases {
        let error = Bundle::read(file.path()).expect_err("damaged");
        assert!(error.to_string().contains(why), "{error} for {why}");
    }
    eprintln!("damaged sites: {} of {} refused", cases.len(), cases.len());
}
