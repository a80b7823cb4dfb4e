//! Which language a request is answered in: the one that its browser's cookie names, else the one that the browser would
//! rather have, else the first.

use super::caller::cookie;
use app::{
    lang::{Lang, speaking},
    session::LANGUAGE_COOKIE,
};
use axum::{
    extract::Request,
    http::{HeaderMap, header},
    middleware::Next,
    response::Response,
};

/// Has everything within speak the request's language.
pub async fn speak(request: Request, next: Next) -> Response {
    let lang = asked(request.headers());
    speaking(lang, next.run(request)).await
}

/// The language that a request asks for.
fn asked(headers: &HeaderMap) -> Lang {
    let chosen = cookie(headers, LANGUAGE_COOKIE).and_then(|tag| Lang::parse(&tag));
    let mut named = headers.get_all(header::ACCEPT_LANGUAGE).into_iter().filter_map(|value| value.to_str().ok());
    chosen.or_else(|| named.find_map(Lang::accepted)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::tr;
    use axum::{Router, body::Body, http::HeaderValue, middleware::from_fn, routing::get};
    use http::Request as HttpRequest;
    use tower::ServiceExt;

    #[test]
    fn the_cookie_counts_before_what_the_browser_would_rather_have() {
        for (cookie, accepted, lang) in [
            (None, "", Lang::Pt),
            (None, "en-GB,en;q=0.9", Lang::En),
            (None, "fr\nen", Lang::En),
            (None, "fr-FR,fr;q=0.9", Lang::Pt),
            (Some("pt-BR"), "en", Lang::Pt),
            (Some("en"), "pt-BR,pt", Lang::En),
            (Some("en"), "", Lang::En),
            // What no page of ours has set says nothing.
            (Some("tlh"), "en", Lang::En),
            (Some(""), "", Lang::Pt),
        ] {
            let mut headers = HeaderMap::new();
            headers.append(header::COOKIE, HeaderValue::from_static("theme=dark; painel=x"));
            if let Some(cookie) = cookie {
                let cookie = format!("a=b; {LANGUAGE_COOKIE}={cookie}");
                headers.append(header::COOKIE, cookie.parse().unwrap());
            }
            for line in accepted.lines() {
                headers.append(header::ACCEPT_LANGUAGE, HeaderValue::from_static(line));
            }
            assert_eq!(asked(&headers), lang, "for {headers:?}");
        }
    }

    #[tokio::test]
    async fn an_answer_is_in_the_language_asked_for() {
        let router = Router::new().route("/", get(async || tr!("sim", "yes"))).layer(from_fn(speak));
        for (accepted, words) in [("en", "yes"), ("pt", "sim"), ("de", "sim")] {
            let request = HttpRequest::get("/").header(header::ACCEPT_LANGUAGE, accepted);
            let request = request.body(Body::empty()).unwrap();
            let answer = router.clone().oneshot(request).await.unwrap();
            let body = axum::body::to_bytes(answer.into_body(), usize::MAX).await.unwrap();
            assert_eq!(body, words, "for {accepted}");
        }
    }
}
