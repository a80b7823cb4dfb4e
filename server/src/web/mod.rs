//! What stands between a connection and a page: who asks and whether they may (`caller`), sessions, known devices, the
//! reader's language, headers, bodies, words for bare failures, the proof of origin, the client's address, static files,
//! pages without script, what is new, health.

pub mod assets;
pub mod body;
pub mod bundle;
pub mod caller;
pub mod device;
pub mod failed;
pub mod files;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing;
pub mod headers;
pub mod health;
pub mod language;
pub mod live;
pub mod machine;
pub mod oauth;
pub mod plain;
pub mod proof;
pub mod session;
pub mod source;
