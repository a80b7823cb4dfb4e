//! Session: who is signed in and where; signing in and out; the frame; the colours, language and keys a user chose.

mod api;
#[cfg(feature = "ssr")]
mod backend;
mod choose;
mod code;
mod frame;
mod glass;
mod hue;
mod keys;
mod language_switch;
mod log_in;
mod menu;
mod permission;
mod theme_switch;
mod troubles;
mod types;

#[cfg(feature = "ssr")]
pub use api::have_kept;
pub use api::{
    Choose, ListPlaces, LogIn, LogInCode, LogOut, SetKeys, SetLanguage, SetTheme, choose, list_places, log_in,
    log_in_code, log_out, set_keys, set_language, set_theme,
};
#[cfg(feature = "ssr")]
pub use backend::SessionBackend;
pub use choose::ChoosePage;
pub use code::CodePage;
pub use frame::Frame;
pub use hue::Hue;
pub use language_switch::LanguageSwitch;
pub use log_in::LogInPage;
pub use permission::Permission;
pub(crate) use types::may;
pub use types::{AgencyRole, BrokenConnection, Entered, Glass, KeysChoice, Place, Role, TenantView, Theme, Viewer};

/// The cookie that keeps [`Theme`].
pub const THEME_COOKIE: &str = "theme";

/// The cookie that keeps the [`Lang`](crate::lang::Lang).
pub const LANGUAGE_COOKIE: &str = "lang";

/// The cookie that keeps [`KeysChoice`].
pub const KEYS_COOKIE: &str = "keys";

/// A path of this site to go to, or `/` when the text is anything else: no way to lead a user elsewhere.
pub fn own_path(next: &str) -> &str {
    let safe = next.starts_with('/')
        && !next.starts_with("//")
        && !next.starts_with("/api")
        && next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if safe { next } else { "/" }
}

/// Where to go after a step of signing in: `next` once all is done, kept along the way until then.
#[cfg(feature = "ssr")]
pub(crate) fn way_on(entered: Entered, next: &str) -> String {
    let next = own_path(next);
    match entered {
        Entered::Tenant => next.to_owned(),
        Entered::Console if next.starts_with("/console") || next.starts_with("/settings/security") => next.to_owned(),
        Entered::Console => "/console".to_owned(),
        Entered::Choose => "/choose".to_owned(),
        Entered::Code if next == "/" => "/login/code".to_owned(),
        Entered::Code => crate::ui::address("/login/code", &[("next", next)]),
    }
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
