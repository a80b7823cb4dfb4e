//! Any `Cookie` headers, before the very layer that finds sessions: for `crate::fuzzing`.

use super::{
    caller::cookie,
    device,
    session::{cookie_name, with_our_cookie},
};
use async_trait::async_trait;
use axum::http::{HeaderValue, Request, Response, header};
use futures::executor::block_on;
use percent_encoding::percent_decode_str;
use std::convert::Infallible;
use tower::{ServiceBuilder, ServiceExt as _, service_fn};
use tower_sessions::{
    Session, SessionStore,
    session::{Id, Record},
    session_store,
};

/// Keeps nothing: whose an id is, is not asked here.
#[derive(Debug)]
struct Nothing;

#[async_trait]
impl SessionStore for Nothing {
    async fn save(&self, _record: &Record) -> session_store::Result<()> {
        Ok(())
    }

    async fn load(&self, _id: &Id) -> session_store::Result<Option<Record>> {
        Ok(None)
    }

    async fn delete(&self, _id: &Id) -> session_store::Result<()> {
        Ok(())
    }
}

/// Each line is a header of its own. Whether a session's id stands in them, by either name of the cookie.
pub fn session_cookie(bytes: &[u8]) -> bool {
    let headers: Vec<_> = bytes.split(|byte| *byte == b'\n').flat_map(HeaderValue::from_bytes).collect();
    [true, false].map(|secure| finds(&headers, secure)).contains(&true)
}

fn finds(headers: &[HeaderValue], secure: bool) -> bool {
    let mut request = Request::new(());
    for header in headers {
        request.headers_mut().append(header::COOKIE, header.clone());
    }
    if let Some(mark) = cookie(request.headers(), device::cookie_name(secure)) {
        assert!(!mark.contains(';') && mark.trim() == mark, "a device's mark {mark:?}");
    }
    let page = service_fn(|request: Request<()>| async move {
        Ok::<_, Infallible>(Response::new(request.extensions().get::<Session>().and_then(Session::id)))
    });
    let service = ServiceBuilder::new().layer(with_our_cookie(Nothing, secure)).service(page);
    let Ok(response) = block_on(service.oneshot(request));
    let name = cookie_name(secure);
    let mut set = response.headers().get_all(header::SET_COOKIE).iter();
    let Some(id) = response.body() else {
        // What is no id is taken back, and its text never repeated.
        let empty = format!("{name}=;");
        assert!(set.all(|set| set.as_bytes().starts_with(empty.as_bytes())), "something else is set");
        return false;
    };
    let text = id.to_string();
    let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    assert!(plain && text.len() == 22 && text.parse().ok() == Some(*id), "{text:?} is no id");
    assert!(headers.iter().any(|header| says(header, name, &text)), "nobody sent {text:?}");
    assert!(set.next().is_none(), "a cookie is set for nothing");
    true
}

/// Whether a header has this cookie: read without the crate that reads cookies.
fn says(header: &HeaderValue, name: &str, value: &str) -> bool {
    let decoded = |part: &str| percent_decode_str(part.trim()).decode_utf8_lossy().into_owned();
    let pairs = str::from_utf8(header.as_bytes()).unwrap_or_default();
    let mut pairs = pairs.split(';').filter_map(|pair| pair.split_once('='));
    pairs.any(|(key, given)| decoded(key) == name && decoded(given) == value)
}
