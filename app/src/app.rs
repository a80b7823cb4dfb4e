//! `<App/>`: what every page shares, and the one route table.

use crate::{
    appointments::AppointmentsPage,
    conversations::{ConversationsPage, ThreadPage},
    credentials::CredentialsPage,
    not_found::NotFoundPage,
    overview::OverviewPage,
    session::{Frame, LogInPage, Theme, Viewer},
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
    mark_hydrated();

    view! {
        <Title formatter=|page: String| if page.is_empty() { "Painel".to_owned() } else { format!("{page} · Painel") } />
        <Router>
            // InOrder: the frame is sent at once and each panel as it is read, without any script. Async: where the
            // page's status depends on what is read.
            <Routes fallback=NotFoundPage>
                <Route path=path!("/login") view=LogInPage ssr=SsrMode::Async />
                <ParentRoute
                    path=path!("")
                    view=move || view! { <Frame viewer=start.0.clone() theme=start.1 /> }
                >
                    <Route path=path!("/") view=OverviewPage ssr=SsrMode::InOrder />
                    <Route path=path!("/conversations") view=ConversationsPage ssr=SsrMode::InOrder />
                    <Route path=path!("/conversations/:id") view=ThreadPage ssr=SsrMode::Async />
                    <Route path=path!("/appointments") view=AppointmentsPage ssr=SsrMode::InOrder />
                    <Route path=path!("/settings/credentials") view=CredentialsPage ssr=SsrMode::Async />
                </ParentRoute>
            </Routes>
        </Router>
    }
}

/// What the server knows before anything is read: who is signed in and in which colours. The browser takes it over from
/// the page; signing in and out and changing colours load a new page.
fn at_start() -> (Option<Viewer>, Theme) {
    #[cfg(feature = "ssr")]
    {
        let viewer = crate::backend::backend().and_then(|backend| backend.viewer()).ok();
        (viewer, crate::shell::requested_theme())
    }
    #[cfg(not(feature = "ssr"))]
    (None, Theme::default())
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
