//! A call of Google's APIs with an access token. A token may be withdrawn before its time: after 401 the call is made once
//! more with a new one, and never a third time.

use super::{cache::AccessToken, grant::Grant, words};
use crate::{
    egress::{Incoming, Outgoing},
    providers::{probe::Probe, report::Report},
};
use app::credentials::Provider;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use secrecy::ExposeSecret;
use url::Url;

/// What is asked.
pub(in crate::providers) struct Call {
    /// Where.
    pub url: Url,
    /// JSON for a POST; nothing for a GET.
    pub body: Option<serde_json::Value>,
}

/// Makes a call and gives the answer, whatever its status.
///
/// # Errors
/// The report of a call that could not be made.
pub(in crate::providers) async fn call(
    provider: Provider,
    grant: &Grant,
    probe: &Probe,
    call: &Call,
) -> Result<Incoming, Report> {
    let failed = |error| Report::one(words::refused(error, grant.since, probe.now));
    let token = probe.google.access(provider, grant, probe).await.map_err(failed)?;
    let answer = probe.ask(request(call, &token)?).await?;
    if answer.status != StatusCode::UNAUTHORIZED {
        return Ok(answer);
    }
    let token = probe.google.access_after(&token, provider, grant, probe).await.map_err(failed)?;
    probe.ask(request(call, &token)?).await
}

fn request(call: &Call, token: &AccessToken) -> Result<Outgoing, Report> {
    let mut headers = HeaderMap::new();
    let bearer = HeaderValue::try_from(format!("Bearer {}", token.token.expose_secret()));
    // A token that no header can hold is none of Google's.
    let bearer = bearer.map_err(|_| Report::one(words::unknown()))?;
    headers.insert(header::AUTHORIZATION, bearer);
    let (method, body) = match &call.body {
        None => (Method::GET, None),
        Some(body) => {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
            (Method::POST, Some(body.to_string().into_bytes()))
        }
    };
    Ok(Outgoing { method, url: call.url.clone(), headers, body, deadline: None })
}
