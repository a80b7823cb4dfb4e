//! Every route and layer, in order, on one screen.

use crate::{
    backend::RequestBackend,
    config::Config,
    state::State,
    web::{
        assets, body,
        caller::{self, Identity},
        files, headers, health, oauth, proof, session,
    },
};
use app::{
    App,
    backend::Backend,
    shell::{Assets, shell},
};
use axum::{
    Router,
    extract::Request,
    middleware,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use http::{StatusCode, request::Parts};
use leptos::prelude::{LeptosOptions, provide_context, use_context};
use leptos_axum::{LeptosRoutes, generate_route_list, render_app_async_with_context};
use std::{sync::Arc, time::Duration};
use tower::ServiceBuilder;
use tower_http::{
    catch_panic::CatchPanicLayer,
    csrf::CsrfLayer,
    request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer},
    timeout::TimeoutLayer,
    trace::TraceLayer,
};
use tower_sessions::Session;

/// Longer than any page may take: a project's deadline is 5 s, that of a foreign server making a code to scan 20 s.
const LONGEST_REQUEST: Duration = Duration::from_secs(25);

/// The whole server.
pub fn router(
    state: State,
    config: &Config,
    assets: impl Fn() -> Assets + Clone + Send + Sync + 'static,
    options: &LeptosOptions,
) -> Router {
    let document = {
        let options = options.clone();
        move || shell(assets(), options.clone())
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
        .leptos_routes_with_context(options, generate_route_list(App), context, document)
        .fallback(unknown)
        .with_state(options.clone())
        .layer(middleware::from_fn_with_state(state.clone(), caller::identify))
        .layer(session::layer(state.store.clone(), config));

    Router::new()
        .route("/livez", get(health::livez))
        .route("/readyz", get(health::readyz))
        .with_state(state)
        .merge(assets::routes(&config.site_root, config.watched))
        .merge(pages)
        .layer(
            ServiceBuilder::new()
                .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
                .layer(TraceLayer::new_for_http().make_span_with(span))
                .layer(PropagateRequestIdLayer::x_request_id())
                .layer(middleware::from_fn(move |request, next| headers::secure(secure, request, next)))
                .layer(CatchPanicLayer::new())
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

/// One span a request: method, path without its query, and the id that the response carries. The token of a single-use
/// link is in its path: whoever reads the log must not be able to use it.
fn span(request: &Request) -> tracing::Span {
    let path = request.uri().path();
    let path = ["/invite/", "/reset/"].into_iter().find(|folder| path.starts_with(folder)).unwrap_or(path);
    let id = request.headers().get("x-request-id").and_then(|value| value.to_str().ok()).unwrap_or_default();
    tracing::info_span!("request", method = %request.method(), path, id)
}
