//! The frame around every page of a signed-in user: whose panel it is, the way to each page, colours, language, signing
//! out.

use super::{
    KeysChoice, LogOut, Theme, Viewer,
    glass::GlassBanner,
    keys::{Keys, KeysButton},
    language_switch::LanguageSwitch,
    menu::{Link, Menu, entries, security},
    theme_switch::ThemeSwitch,
    troubles::Troubles,
};
use crate::{
    live::LiveMark,
    tr,
    ui::{Icon, Shape},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::components::Outlet;

/// The frame; the page itself stands in its outlet.
#[component]
pub fn Frame(
    /// Who is signed in; without one (a session that has just ended) only the page's own message shows.
    viewer: Option<Viewer>,
    /// The colours at hand.
    theme: Theme,
    /// Whether single letters do something.
    keys: KeysChoice,
) -> impl IntoView {
    let hue = viewer.as_ref().and_then(|viewer| viewer.tenant.as_ref()).map(|tenant| tenant.hue.as_str());
    let entries = entries(viewer.as_ref());
    let glass = viewer.as_ref().and_then(|viewer| viewer.tenant.clone()).and_then(|tenant| {
        let glass = tenant.glass?;
        Some(view! { <GlassBanner tenant=tenant.name glass /> })
    });
    let troubles = viewer.as_ref().and_then(|viewer| viewer.tenant.as_ref()).map(|tenant| tenant.troubles.clone());
    let troubles = troubles.filter(|troubles| !troubles.is_empty()).map(|troubles| view! { <Troubles troubles /> });
    view! {
        // External: the browser itself moves the focus, which the router would not.
        <a class="skip" href="#main" rel="external">{tr!("Ir para o conteúdo", "Skip to content")}</a>
        <div class="frame" data-hue=hue>
            <header class="side">
                {viewer.map(|viewer| view! { <Whose viewer /> })}
                <Menu entries theme />
                // A phone has the same behind "Mais".
                <div class="side-end"><End theme /></div>
            </header>
            <main class="page" id="main" tabindex="-1">
                <LiveMark />
                {glass}
                {troubles}
                <Outlet />
            </main>
        </div>
        <Keys choice=keys />
    }
}

/// Whose panel it is; a way to the chooser where there is another one.
#[component]
fn Whose(viewer: Viewer) -> impl IntoView {
    let (place, initial, role) = match (viewer.tenant, viewer.agency) {
        (Some(tenant), _) => (tenant.name, tenant.initial, Some(tenant.role.label())),
        (None, Some(role)) => (tr!("Agência", "Agency").to_owned(), "A".to_owned(), Some(role.label())),
        (None, None) => ("Painel".to_owned(), "P".to_owned(), None),
    };
    let who = match role {
        Some(role) => format!("{} · {role}", viewer.name),
        None => viewer.name,
    };
    let words = view! {
        <span class="whose-mark" aria-hidden="true">{initial}</span>
        <span class="whose-words">
            <strong>{place}</strong>
            <span>{who}</span>
            {viewer
                .several
                .then(|| view! { <span class="whose-switch">{tr!("Trocar de painel", "Switch dashboard")}</span> })}
        </span>
    };
    if viewer.several {
        view! { <a class="whose" href="/choose">{words}</a> }.into_any()
    } else {
        view! { <div class="whose">{words}</div> }.into_any()
    }
}

/// The own account, keys, colours, language and signing out: below the menu, and on a phone behind "Mais".
#[component]
pub(super) fn End(theme: Theme) -> impl IntoView {
    view! {
        <Link entry=security() />
        <KeysButton />
        <ThemeSwitch theme />
        <LanguageSwitch />
        <form method="post" action=LogOut::PATH>
            <button class="menu-entry plain" type="submit">
                <Icon shape=Shape::Leave />
                <span>{tr!("Sair", "Sign out")}</span>
            </button>
        </form>
    }
    .into_any()
}
