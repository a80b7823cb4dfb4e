//! Session: who is signed in; signing in and out; the colours a user chose.

mod api;
#[cfg(feature = "ssr")]
mod backend;
mod frame;
mod log_in;
mod types;

pub use api::{LogIn, LogOut, SetTheme, log_in, log_out, set_theme};
#[cfg(feature = "ssr")]
pub use backend::SessionBackend;
pub use frame::Frame;
pub use log_in::LogInPage;
pub use types::{Role, Theme, Viewer};

/// The cookie that keeps [`Theme`].
pub const THEME_COOKIE: &str = "theme";

/// A path of this site to go to, or `/` when the text is anything else: no way to lead a user elsewhere.
pub fn own_path(next: &str) -> &str {
    let safe = next.starts_with('/')
        && !next.starts_with("//")
        && !next.starts_with("/api")
        && next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if safe { next } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn only_paths_of_this_site_are_followed() {
        for path in ["/", "/conversations?before=x", "/conversations/12"] {
            assert_eq!(own_path(path), path);
        }
        for path in [
            "",
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "javascript:alert(1)",
            "/a b",
            "/api/x",
            "/é",
        ] {
            assert_eq!(own_path(path), "/", "for {path:?}");
        }
    }
}
