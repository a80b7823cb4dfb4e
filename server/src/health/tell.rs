//! Tells a change to the tenant's own workflow: one signed event, whose id stays the same however often it is sent. It is
//! sent again only where the workflow has not run or asked for it; after a time-out nobody knows, and it is not.

use super::Pace;
use crate::{
    backend::RequestBackend,
    egress::{EgressError, Incoming},
    providers::n8n::{Event, deliver},
    state::State,
    store::{ChangeEnd, TakenChange},
    web::caller::Identity,
};
use app::{credentials::Provider, error::AppError};
use http::StatusCode;
use jiff::Timestamp;
use secrecy::ExposeSecret;
use serde_json::json;
use time::OffsetDateTime;
use url::Url;

/// Sends a change once and says how that ended.
///
/// # Errors
/// When the tenant's webhook cannot be read now.
pub(super) async fn tell(
    state: &State,
    change: &TakenChange,
    pace: &Pace,
    now: OffsetDateTime,
) -> Result<ChangeEnd, AppError> {
    let backend = RequestBackend::new(state.clone(), Identity::default(), None);
    let (_, fields) = match backend.stored_fields(&change.scope, Provider::N8n).await {
        // The card says that, and a save mends it; until then there is no address.
        Err(AppError::Unreadable) => return Ok(ChangeEnd::NoWebhook),
        read => read?,
    };
    let url = fields.get("webhook_url").and_then(|url| Url::parse(url.expose_secret()).ok());
    let Some(url) = url else { return Ok(ChangeEnd::NoWebhook) };
    let at = instant(change.at);
    let data = json!({
        "provider": change.provider.as_str(),
        "from": change.from.as_str(),
        "to": change.to.as_str(),
        "at": at.to_string(),
        "what": change.what,
    });
    let event = Event::again(change.id, "connection_changed", at, data);
    let lane = *change.scope.tenant().as_uuid();
    let answer = deliver(&state.egress, lane, url, fields.get("signing_secret"), &event, instant(now)).await;
    let end = end(&answer, change.attempts, pace, now);
    tracing::info!(tenant = %change.scope.tenant(), event = %change.id, attempt = change.attempts, ?end, "a change was told");
    Ok(end)
}

/// What follows from an answer, or from none.
fn end(answer: &Result<Incoming, EgressError>, attempts: u32, pace: &Pace, now: OffsetDateTime) -> ChangeEnd {
    let again = match answer {
        // Nothing left this process: that says nothing of the workflow.
        Err(EgressError::Busy | EgressError::Resting { .. }) => return ChangeEnd::Unsent(now + pace.tell_again),
        Ok(incoming) if incoming.status.is_success() => return ChangeEnd::Delivered,
        Ok(incoming) => incoming.status == StatusCode::TOO_MANY_REQUESTS || incoming.status.is_server_error(),
        Err(EgressError::Timeout) => return ChangeEnd::Unanswered,
        Err(EgressError::AddressRefused | EgressError::TooLarge) => false,
        Err(EgressError::Name | EgressError::Connect | EgressError::Tls | EgressError::Broken) => true,
    };
    if !again {
        return ChangeEnd::Refused;
    }
    pace.next_try(attempts, now).map_or(ChangeEnd::GivenUp, ChangeEnd::Again)
}

fn instant(at: OffsetDateTime) -> Timestamp {
    Timestamp::from_second(at.unix_timestamp()).unwrap_or(Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderMap;
    use time::{Duration, macros::datetime};

    #[test]
    fn only_what_has_not_run_is_sent_again() {
        let (pace, now) = (Pace::default(), datetime!(2026-03-02 12:00 UTC));
        let in_a_minute = now + Duration::minutes(1);
        let (again, unsent) = (ChangeEnd::Again(in_a_minute), ChangeEnd::Unsent(in_a_minute));
        let status = |status: u16| {
            Ok(Incoming { status: StatusCode::from_u16(status).unwrap(), headers: HeaderMap::new(), body: Vec::new() })
        };
        for (answer, expected) in [
            (status(200), ChangeEnd::Delivered),
            (status(204), ChangeEnd::Delivered),
            (status(302), ChangeEnd::Refused),
            (status(401), ChangeEnd::Refused),
            (status(404), ChangeEnd::Refused),
            (status(422), ChangeEnd::Refused),
            (status(429), again),
            (status(500), again),
            (status(503), again),
            (Err(EgressError::Connect), again),
            (Err(EgressError::Name), again),
            (Err(EgressError::Tls), again),
            (Err(EgressError::Broken), again),
            (Err(EgressError::Busy), unsent),
            (Err(EgressError::Resting { seconds: 9 }), unsent),
            (Err(EgressError::Timeout), ChangeEnd::Unanswered),
            (Err(EgressError::AddressRefused), ChangeEnd::Refused),
            (Err(EgressError::TooLarge), ChangeEnd::Refused),
        ] {
            assert_eq!(end(&answer, 1, &pace, now), expected, "{answer:?}");
            let last = end(&answer, pace.tell_tries, &pace, now);
            assert_eq!(last, if expected == again { ChangeEnd::GivenUp } else { expected }, "{answer:?}");
        }
    }
}
