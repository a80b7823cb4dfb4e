//! `<App/>`: what every page shares, and the one route table.

use crate::{
    lang::Lang,
    live::provide_live,
    not_found::NotFoundPage,
    parts::Page,
    session::{Frame, KeysChoice, Theme, Viewer},
};
use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{ParentRoute, Route, Router, Routes},
    path,
};

/// The whole application.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let start = SharedValue::new(at_start).into_inner();
    #[cfg(not(feature = "ssr"))]
    crate::lang::keep(start.3);
    // For pages that ask the backend nothing before they show their form.
    provide_context(start.0.clone());
    provide_live();
    mark_hydrated();

    view! {
        <Title formatter=|page: String| if page.is_empty() { "Painel".to_owned() } else { format!("{page} · Painel") } />
        <Router>
            // InOrder, where the project is read: the frame is sent at once and each panel as it comes, without any script;
            // a page about one thing waits a moment for its status (`status_of`). Async: where our own database alone is
            // asked, or there is no frame.
            <Routes fallback=NotFoundPage>
                <Route path=path!("/login") view=Page::LogIn ssr=SsrMode::Async />
                <Route path=path!("/login/code") view=Page::Code ssr=SsrMode::Async />
                <Route path=path!("/reset") view=Page::Reset ssr=SsrMode::Async />
                <Route path=path!("/reset/:token") view=Page::Link ssr=SsrMode::Async />
                <Route path=path!("/invite/:token") view=Page::Link ssr=SsrMode::Async />
                // Without the frame: it is for paper.
                <Route path=path!("/conversations/:id/print") view=Page::Print ssr=SsrMode::Async />
                <ParentRoute
                    path=path!("")
                    view=move || view! { <Frame viewer=start.0.clone() theme=start.1 keys=start.2 /> }
                >
                    <Route path=path!("/") view=Page::Overview ssr=SsrMode::InOrder />
                    // The list stays while threads come and go in its outlet.
                    <ParentRoute path=path!("/conversations") view=Page::Conversations>
                        <Route path=path!("") view=Page::NoThread ssr=SsrMode::InOrder />
                        <Route path=path!("/:id") view=Page::Thread ssr=SsrMode::InOrder />
                    </ParentRoute>
                    <Route path=path!("/appointments") view=Page::Appointments ssr=SsrMode::InOrder />
                    <Route path=path!("/appointments/:id") view=Page::Appointment ssr=SsrMode::InOrder />
                    <Route path=path!("/settings/credentials") view=Page::Credentials ssr=SsrMode::Async />
                    <Route path=path!("/settings/credentials/evolution/qr") view=Page::Pairing ssr=SsrMode::InOrder />
                    <Route path=path!("/settings/credentials/automation") view=Page::Automation ssr=SsrMode::Async />
                    <Route path=path!("/settings/mapping") view=Page::Mapping ssr=SsrMode::Async />
                    <Route path=path!("/choose") view=Page::Choose ssr=SsrMode::Async />
                    <Route path=path!("/settings/security") view=Page::Security ssr=SsrMode::Async />
                    <Route path=path!("/settings/team") view=Page::Team ssr=SsrMode::Async />
                    <Route path=path!("/settings/audit") view=Page::Audit ssr=SsrMode::Async />
                    <Route path=path!("/console") view=Page::Console ssr=SsrMode::Async />
                    <Route path=path!("/console/new") view=Page::NewTenant ssr=SsrMode::Async />
                    <Route path=path!("/console/staff") view=Page::Staff ssr=SsrMode::Async />
                    <Route path=path!("/console/audit") view=Page::AgencyAudit ssr=SsrMode::Async />
                    <Route path=path!("/console/tenants/:slug") view=Page::Tenant ssr=SsrMode::Async />
                </ParentRoute>
            </Routes>
        </Router>
    }
}

/// What the server knows before anything is read: who is signed in, in which colours, whether keys are on, and in which
/// language. The browser takes it over from the page; signing in and out and changing these load a new page.
fn at_start() -> (Option<Viewer>, Theme, KeysChoice, Lang) {
    #[cfg(feature = "ssr")]
    {
        use crate::lang::lang;
        let viewer = crate::backend::backend().and_then(|backend| backend.viewer()).ok();
        (viewer, crate::shell::requested_theme(), crate::shell::requested_keys(), lang())
    }
    #[cfg(not(feature = "ssr"))]
    (None, Theme::default(), KeysChoice::default(), Lang::default())
}

/// Sets `data-hydrated` on `<html>` once the application runs: what tests wait for.
fn mark_hydrated() {
    #[cfg(target_arch = "wasm32")]
    Effect::new(|_| {
        let root = document().document_element();
        if let Some(root) = root {
            let _ = root.set_attribute("data-hydrated", "");
        }
    });
}
