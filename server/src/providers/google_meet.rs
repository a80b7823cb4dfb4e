//! Google Meet: an OAuth client, which may be the calendar's. The person's consent comes later, by Google's own page.

use super::{
    form::Form,
    google::{self, Call},
    probe::Probe,
    report::{Cause, Finding, Report},
};
use app::{both, credentials::Provider, lang::Both};
use secrecy::SecretString;
use std::collections::BTreeMap;

/// Checks the card.
pub(super) fn check(form: &mut Form<'_>) {
    google::check_client(form);
}

/// Tests the card's fields: reads the list of past conferences, which may be empty. No meeting is made.
pub(super) async fn test(fields: &BTreeMap<String, SecretString>, probe: &Probe) -> Report {
    let (grant, facts) = match google::ready(Provider::GoogleMeet, fields, probe).await {
        Ok(ready) => ready,
        Err(report) => return report,
    };
    let mut url = google::under(&probe.bases.google_meet, "v2/conferenceRecords");
    url.set_query(Some("pageSize=1"));
    let answer = match google::call(Provider::GoogleMeet, &grant, probe, &Call { url, body: None }).await {
        Ok(answer) => answer,
        Err(report) => return Report { facts, ..report },
    };
    let whole = || serde_json::from_slice::<serde_json::Value>(&answer.body).is_ok_and(|body| body.is_object());
    let finding = match answer.status.as_u16() {
        200..300 if whole() => {
            let what = both!(
                "A conta está conectada e o Google Meet responde.",
                "The account is connected and Google Meet answers."
            );
            Finding::new(Cause::Works, what, Both::default())
        }
        200..300 => google::unknown(),
        _ => google::refusal(Provider::GoogleMeet, &answer),
    };
    Report { findings: vec![finding], facts }
}
