//! The colours: three buttons in a plain form. The server answers with the cookie and the page in its new colours, so
//! nothing flashes.

use super::{SetTheme, Theme};
use crate::{tr, ui::here};
use leptos::{prelude::*, server_fn::ServerFn};

/// The switch.
#[component]
pub(super) fn ThemeSwitch(theme: Theme) -> impl IntoView {
    let choice = move |value: Theme, label: &'static str| {
        view! {
            <button type="submit" name="theme" value=value.as_str() aria-pressed=if value == theme { "true" } else { "false" }>
                {label}
            </button>
        }
    };
    view! {
        <form class="switch" method="post" action=SetTheme::PATH role="group" aria-label=tr!("Cores", "Colours")>
            <input type="hidden" name="next" value=here() />
            {choice(Theme::System, "Auto")}
            {choice(Theme::Light, tr!("Claro", "Light"))}
            {choice(Theme::Dark, tr!("Escuro", "Dark"))}
        </form>
    }
    .into_any()
}
