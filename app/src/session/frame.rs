//! The frame around every page of a signed-in user: whose panel it is, the way to each page, colours, signing out.

use super::{LogOut, SetTheme, Theme, Viewer};
use crate::ui::{Icon, Shape};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::{
    components::{A, Outlet},
    hooks::use_location,
};

/// The frame; the page itself stands in its outlet.
#[component]
pub fn Frame(
    /// Who is signed in; without one (a session that has just ended) only the page's own message shows.
    viewer: Option<Viewer>,
    /// The colours at hand.
    theme: Theme,
) -> impl IntoView {
    let admin = viewer.as_ref().is_some_and(|viewer| viewer.role.may_keep_credentials());
    view! {
        // External: the browser itself moves the focus, which the router would not.
        <a class="skip" href="#main" rel="external">"Ir para o conteúdo"</a>
        <div class="frame">
            <header class="side">
                {viewer.map(|viewer| view! { <Whose viewer /> })}
                <nav class="menu" aria-label="Páginas">
                    <Entry href="/" exact=true shape=Shape::Home label="Visão geral" short="Início" />
                    <Entry href="/conversations" shape=Shape::Chat label="Conversas" short="Conversas" />
                    <Entry href="/appointments" shape=Shape::Calendar label="Agenda" short="Agenda" />
                    {admin
                        .then(|| {
                            view! { <Entry href="/settings/credentials" shape=Shape::Plug label="Conexões" short="Conexões" /> }
                        })}
                </nav>
                <div class="side-end">
                    <ThemeSwitch theme />
                    <form method="post" action=LogOut::PATH>
                        <button class="menu-entry plain" type="submit">
                            <Icon shape=Shape::Leave />
                            <span>"Sair"</span>
                        </button>
                    </form>
                </div>
            </header>
            <main class="page" id="main" tabindex="-1">
                <Outlet />
            </main>
        </div>
    }
}

#[component]
fn Whose(viewer: Viewer) -> impl IntoView {
    view! {
        <div class="whose">
            <span class="whose-mark" aria-hidden="true">{viewer.initial}</span>
            <span class="whose-words">
                <strong>{viewer.tenant}</strong>
                <span>{format!("{} · {}", viewer.name, viewer.role.label())}</span>
            </span>
        </div>
    }
}

#[component]
fn Entry(
    href: &'static str,
    shape: Shape,
    label: &'static str,
    short: &'static str,
    #[prop(optional)] exact: bool,
) -> impl IntoView {
    view! {
        <A href=href exact=exact attr:class="menu-entry">
            <Icon shape />
            <span class="menu-long">{label}</span>
            <span class="menu-short" aria-hidden="true">{short}</span>
        </A>
    }
}

/// Three buttons in a plain form: the server answers with the cookie and the page in its new colours, so nothing flashes.
#[component]
fn ThemeSwitch(theme: Theme) -> impl IntoView {
    let location = use_location();
    let here = move || {
        let search = location.search.get();
        let path = location.pathname.get();
        if search.is_empty() { path } else { format!("{path}?{}", search.trim_start_matches('?')) }
    };
    let choice = move |value: Theme, label: &'static str| {
        view! {
            <button type="submit" name="theme" value=value.as_str() aria-pressed=if value == theme { "true" } else { "false" }>
                {label}
            </button>
        }
    };
    view! {
        <form class="theme" method="post" action=SetTheme::PATH role="group" aria-label="Cores">
            <input type="hidden" name="next" value=here />
            {choice(Theme::System, "Auto")}
            {choice(Theme::Light, "Claro")}
            {choice(Theme::Dark, "Escuro")}
        </form>
    }
}
