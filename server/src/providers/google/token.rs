//! Google's token endpoint: a code exchanged, an access token refreshed, a grant revoked, a client checked without a user.
//! Each is one POST, never repeated by itself.

use super::{answer::retry_after, client::Client, consent::Consent};
use crate::{
    egress::{EgressError, Incoming, Outgoing},
    providers::probe::Probe,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{HeaderMap, HeaderValue, Method, header};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use url::Url;

/// Why there is no token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Google gave no answer.
    #[error("no answer from Google: {0}")]
    NoAnswer(EgressError),
    /// There is no such client.
    #[error("Google does not know the client id")]
    UnknownClient,
    /// The secret is not the client's.
    #[error("Google does not take the client secret")]
    WrongSecret,
    /// The client may not do this: it is of another type, or its project may not.
    #[error("the client may not ask for tokens in this way")]
    ClientNotAllowed,
    /// The code is unknown, was used, or is too old; or the verifier is not its own.
    #[error("Google does not take the code")]
    CodeRefused,
    /// The address to come back to is not the one of the question.
    #[error("the redirect URI is not one of the client's")]
    RedirectMismatch,
    /// The refresh token was withdrawn or its time is over. It never comes back.
    #[error("the refresh token was revoked or has expired")]
    Ended,
    /// The organisation wants its person to sign in again.
    #[error("the organisation demands that the person signs in again")]
    SignInAgain,
    /// The organisation's administrator does not allow it.
    #[error("the organisation's policy does not allow it")]
    Policy,
    /// Too many requests.
    #[error("too many requests")]
    RateLimited {
        /// Seconds, when Google says it.
        retry_after: Option<u32>,
    },
    /// A fault of Google's.
    #[error("Google has a fault")]
    Down,
    /// An answer that is not known.
    #[error("an answer that is not known")]
    Unexpected,
}

/// What a code or a refresh token was exchanged for.
#[derive(Debug)]
pub struct Granted {
    /// Good for an hour, mostly.
    pub access_token: SecretString,
    /// Seconds that the access token lasts.
    pub expires_in: u32,
    /// Only after a consent, and not always then.
    pub refresh_token: Option<SecretString>,
    /// What was allowed, parted by spaces.
    pub scope: String,
    /// Whose account it is, when that was allowed too.
    pub account: String,
    /// Seconds that the refresh token lasts, when its time is limited.
    pub ends_in: Option<u32>,
}

#[derive(Deserialize)]
struct Body {
    access_token: String,
    #[serde(default)]
    expires_in: u32,
    refresh_token: Option<String>,
    #[serde(default)]
    scope: String,
    id_token: Option<String>,
    refresh_token_expires_in: Option<u32>,
}

#[derive(Deserialize, Default)]
struct Refusal {
    #[serde(default)]
    error: String,
    #[serde(default)]
    error_description: String,
    #[serde(default)]
    error_subtype: String,
}

/// Exchanges the code that came back for tokens.
///
/// # Errors
/// See [`TokenError`]; never `Ended`.
pub async fn exchange(
    client: &Client,
    code: &str,
    consent: &Consent,
    redirect_uri: &str,
    probe: &Probe,
) -> Result<Granted, TokenError> {
    exchange_code(client, code, Some(consent.verifier()), redirect_uri, probe).await
}

/// Whether Google knows the client and takes its secret, without any user: it looks at the client first, so a code that never
/// was is refused only by a client that is good.
///
/// # Errors
/// See [`TokenError`]; never `CodeRefused` or `RedirectMismatch`, which prove the client.
pub(super) async fn check_client(client: &Client, probe: &Probe) -> Result<(), TokenError> {
    let redirect = super::redirect_uri(&probe.base_url);
    match exchange_code(client, "4/invalid", None, &redirect, probe).await {
        Ok(_) | Err(TokenError::CodeRefused | TokenError::RedirectMismatch) => Ok(()),
        Err(error) => Err(error),
    }
}

async fn exchange_code(
    client: &Client,
    code: &str,
    verifier: Option<&str>,
    redirect_uri: &str,
    probe: &Probe,
) -> Result<Granted, TokenError> {
    let mut pairs = vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", redirect_uri),
        ("client_id", &client.id),
        ("client_secret", client.secret.expose_secret()),
    ];
    pairs.extend(verifier.map(|verifier| ("code_verifier", verifier)));
    granted(&post(probe, probe.bases.google_token.clone(), &pairs).await?, TokenError::CodeRefused)
}

/// A new access token.
///
/// # Errors
/// See [`TokenError`]; never `CodeRefused`.
pub(super) async fn refresh(
    client: &Client,
    refresh_token: &SecretString,
    probe: &Probe,
) -> Result<Granted, TokenError> {
    let pairs = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh_token.expose_secret()),
        ("client_id", &client.id),
        ("client_secret", client.secret.expose_secret()),
    ];
    granted(&post(probe, probe.bases.google_token.clone(), &pairs).await?, TokenError::Ended)
}

/// Withdraws a consent at Google. One that Google does not know any more is withdrawn already.
///
/// # Errors
/// `NoAnswer`, `RateLimited`, `Down`, `Unexpected`: it may still stand.
pub async fn revoke(refresh_token: &SecretString, probe: &Probe) -> Result<(), TokenError> {
    let url = probe.bases.google_token.join("revoke").map_err(|_| TokenError::Unexpected)?;
    let answer = post(probe, url, &[("token", refresh_token.expose_secret())]).await?;
    match answer.status.as_u16() {
        200..300 => Ok(()),
        400 if ["invalid_token", "invalid_grant"].contains(&refusal(&answer).error.as_str()) => Ok(()),
        429 => Err(TokenError::RateLimited { retry_after: retry_after(&answer) }),
        500.. => Err(TokenError::Down),
        _ => Err(TokenError::Unexpected),
    }
}

async fn post(probe: &Probe, url: Url, pairs: &[(&str, &str)]) -> Result<Incoming, TokenError> {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
    let request = Outgoing { method: Method::POST, url, headers, body: Some(body.into_bytes()), deadline: None };
    probe.send(request).await.map_err(TokenError::NoAnswer)
}

fn refusal(answer: &Incoming) -> Refusal {
    serde_json::from_slice(&answer.body).unwrap_or_default()
}

/// Reads the endpoint's answer. `invalid_grant` is about the code or about the refresh token, whichever was sent.
fn granted(answer: &Incoming, invalid_grant: TokenError) -> Result<Granted, TokenError> {
    if answer.status.is_success() {
        let body: Body = serde_json::from_slice(&answer.body).map_err(|_| TokenError::Unexpected)?;
        let account = body.id_token.as_deref().and_then(email_of).unwrap_or_default();
        return Ok(Granted {
            access_token: body.access_token.into(),
            expires_in: body.expires_in,
            refresh_token: body.refresh_token.filter(|token| !token.is_empty()).map(Into::into),
            scope: body.scope,
            account,
            ends_in: body.refresh_token_expires_in,
        });
    }
    let Refusal { error, error_description, error_subtype } = refusal(answer);
    Err(match (answer.status.as_u16(), error.as_str()) {
        (429, _) | (_, "rate_limit_exceeded" | "slow_down") => {
            TokenError::RateLimited { retry_after: retry_after(answer) }
        }
        (500.., _) => TokenError::Down,
        (_, "deleted_client") => TokenError::UnknownClient,
        (_, "invalid_client") if error_description.contains("not found") => TokenError::UnknownClient,
        (_, "invalid_client" | "disabled_client") => TokenError::WrongSecret,
        (_, "invalid_request") if error_description.contains("client_secret") => TokenError::WrongSecret,
        (_, "redirect_uri_mismatch") => TokenError::RedirectMismatch,
        (_, "unauthorized_client" | "unsupported_grant_type") => TokenError::ClientNotAllowed,
        (_, "invalid_grant" | "invalid_rapt") if error_subtype == "invalid_rapt" || error == "invalid_rapt" => {
            TokenError::SignInAgain
        }
        (_, "invalid_grant") => invalid_grant,
        (_, "admin_policy_enforced" | "org_internal" | "access_denied") => TokenError::Policy,
        _ => TokenError::Unexpected,
    })
}

/// The address in an id token. Its signature is not looked at: it came from Google itself, over TLS, and nothing is decided
/// by it.
fn email_of(token: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Claims {
        email: String,
    }
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    let Claims { email } = serde_json::from_slice(&claims).ok()?;
    let whole = email.len() <= 254 && email.contains('@') && !email.contains(|sign: char| sign.is_control());
    whole.then_some(email)
}
