//! Every route and layer, in order, on one screen.

use crate::{
    backend::RequestBackend,
    config::Config,
    state::State,
    telemetry,
    web::{
        assets::{self, Site},
        body,
        caller::{self, Identity},
        failed, files, headers, health, language, live, machine, oauth, plain, proof, session,
        source::TrustedProxies,
    },
};
use app::{App, backend::Backend, shell::shell};
use axum::{
    Router,
    extract::Request,
    middleware,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use http::{StatusCode, request::Parts};
use leptos::prelude::{LeptosOptions, provide_context, use_context};
use leptos_axum::{AxumRouteListing, LeptosRoutes, generate_route_list, render_app_async_with_context};
use std::{
    sync::{Arc, LazyLock},
    time::Duration,
};
use tower::ServiceBuilder;
use tower_http::{
    catch_panic::CatchPanicLayer,
    csrf::CsrfLayer,
    request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer},
    timeout::TimeoutLayer,
};
use tower_sessions::Session;

/// Longer than any page may take: a project's deadline is 5 s, that of a foreign server making a code to scan 20 s.
const LONGEST_REQUEST: Duration = Duration::from_secs(25);

/// The pages. Listed once a process: while the list is made, leptos keeps every resource of the whole process from being
/// read, and a page that is under way meanwhile would wait for ever. Source: leptos issue 4773.
pub static ROUTES: LazyLock<Vec<AxumRouteListing>> = LazyLock::new(|| generate_route_list(App));

/// The whole server.
pub fn router(state: State, config: &Config, site: &Site, options: &LeptosOptions) -> Router {
    let document = {
        let (site, options) = (site.clone(), options.clone());
        move || shell(site.names(), options.clone())
    };
    let context = {
        let state = state.clone();
        move || provide_backend(&state)
    };
    let unknown = {
        let (context, document) = (context.clone(), document.clone());
        move |request: Request| unknown(context.clone(), document.clone(), request)
    };
    let secure = config.secure();

    let pages = Router::new()
        .merge(files::routes(state.clone()))
        .merge(oauth::routes(state.clone()))
        .merge(live::routes(state.clone()))
        .leptos_routes_with_context(options, ROUTES.clone(), context, document)
        .fallback(unknown)
        .with_state(options.clone())
        .layer(middleware::from_fn(plain::without_script))
        .layer(middleware::from_fn_with_state(state.clone(), caller::identify))
        .layer(session::layer(state.store.clone(), config))
        .layer(middleware::from_fn(session::unsaved));

    let all = Router::new()
        .route("/livez", get(health::livez))
        .route("/readyz", get(health::readyz))
        .with_state(state.clone())
        .merge(machine::routes(state))
        .merge(site.routes())
        .merge(pages);
    within(all, secure, &config.trusted_proxies)
}

/// What stands around every route and around what no route takes.
fn within(all: Router, secure: bool, proxies: &TrustedProxies) -> Router {
    let proxies = Arc::new(proxies.clone());
    all.layer(
        ServiceBuilder::new()
            .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
            .layer(middleware::from_fn(move |request, next| telemetry::observe(Arc::clone(&proxies), request, next)))
            .layer(PropagateRequestIdLayer::x_request_id())
            .layer(middleware::from_fn(move |request, next| headers::secure(secure, request, next)))
            .layer(middleware::from_fn(language::speak))
            .layer(middleware::from_fn(failed::tell))
            .layer(CatchPanicLayer::custom(failed::panicked))
            .layer(CsrfLayer::new())
            .layer(middleware::from_fn(move |request, next| proof::demand(secure, request, next)))
            .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, LONGEST_REQUEST))
            .layer(middleware::from_fn(body::whole)),
    )
}

/// Binds the backend to the request at hand. While the list of routes is made there is none, and nobody is signed in.
fn provide_backend(state: &State) {
    let parts = use_context::<Parts>();
    let identity = parts.as_ref().and_then(|parts| parts.extensions.get::<Identity>().cloned()).unwrap_or_default();
    let session = parts.and_then(|parts| parts.extensions.get::<Session>().cloned());
    provide_context(app::lang::lang());
    provide_context(state.status_wait);
    provide_context::<Arc<dyn Backend>>(Arc::new(RequestBackend::new(state.clone(), identity, session)));
}

/// What no route takes: the way to the page for one with a slash too many, a page that helps for what looks like a page,
/// a plain 404 for all else.
async fn unknown<View: leptos::IntoView + 'static>(
    context: impl Fn() + Clone + Send + Sync + 'static,
    document: impl Fn() -> View + Clone + Send + Sync + 'static,
    request: Request,
) -> Response {
    let path = request.uri().path();
    let file = path.rsplit('/').next().is_some_and(|name| name.contains('.'));
    if file || path.starts_with("/api/") || request.method() != http::Method::GET {
        return assets::missing();
    }
    // The pages' own router would draw it, but for nobody: who asks was looked up for listed paths alone.
    if let Some(page) = path.strip_suffix('/').filter(|page| app::access::need(page).is_some()) {
        let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
        return Redirect::permanent(&format!("{page}{query}")).into_response();
    }
    render_app_async_with_context(context, document)(request).await
}

#[cfg(test)]
#[path = "router_tests.rs"]
mod tests;
