//! What `fuzz/` throws bytes at: one function a target, with what must hold whatever the bytes are. Each panics where it does
//! not, and says whether the bytes were taken for what they should be, so that all of it was looked at.
//!
//! Compiled for the tests and with the feature `fuzzing` alone, and never into a release. What needs the insides of a folder
//! stands there, in a `fuzzing.rs` of its own. A second version of a rule, where there is one, is written without the first.

mod address_policy;
mod envelope;
mod mapping;
mod project_json;

pub use crate::{import::fuzzing::import, web::fuzzing::session_cookie};
pub use address_policy::address_policy;
pub use envelope::envelope;
pub use mapping::mapping;
pub use project_json::project_json;

use jiff::tz::TimeZone;
use std::sync::LazyLock;

/// A tenant's zone.
pub(crate) static ZONE: LazyLock<TimeZone> =
    LazyLock::new(|| TimeZone::get("America/Sao_Paulo").expect("the zone data is built in"));

/// What stands before the first NUL, and what behind it.
pub(crate) fn halves(bytes: &[u8]) -> (&[u8], &[u8]) {
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    (&bytes[..end], bytes.get(end + 1..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        fs,
        path::{Path, PathBuf},
    };

    type Target = fn(&[u8]) -> bool;
    const TARGETS: [(&str, Target); 6] = [
        ("address_policy", address_policy),
        ("envelope", envelope),
        ("import", import),
        ("mapping", mapping),
        ("project_json", project_json),
        ("session_cookie", session_cookie),
    ];

    fn seeds() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/seeds")
    }

    /// What once failed stays among them.
    #[test]
    fn the_kept_inputs_hold() {
        for (target, holds) in TARGETS {
            let files = fs::read_dir(seeds().join(target)).unwrap();
            let mut paths: Vec<_> = files.map(|file| file.unwrap().path()).collect();
            paths.sort();
            let mut taken = 0;
            for path in &paths {
                // Shown if it fails: the panic itself does not say which.
                eprintln!("{}", path.display());
                taken += usize::from(holds(&fs::read(path).unwrap()));
            }
            eprintln!("fuzz: {target}: {} kept inputs hold, {taken} of them past reading", paths.len());
            assert!(taken > 0, "{target}: not one kept input gets past reading");
        }
    }

    #[test]
    fn every_folder_of_kept_inputs_is_a_targets() {
        let mut folders: Vec<_> =
            fs::read_dir(seeds()).unwrap().map(|folder| folder.unwrap().file_name().into_string().unwrap()).collect();
        folders.sort();
        assert_eq!(folders, TARGETS.map(|(target, _)| target));
        for target in folders {
            assert!(seeds().join(format!("../fuzz_targets/{target}.rs")).exists(), "{target}");
        }
    }

    #[test]
    fn nothing_at_all_holds_too() {
        for (target, holds) in TARGETS {
            for bytes in [&b""[..], b"\0", b"\n", b"0", b"\xff\xff\xff\xff", &[0; 64]] {
                eprintln!("{target}: {bytes:?}");
                holds(bytes);
            }
        }
    }
}
