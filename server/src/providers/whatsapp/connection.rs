//! The connection test: the number and the token, asked of Meta at the same time. Two reads; nothing is sent to anybody.

use super::{graph, number, token};
use crate::{
    egress::Outgoing,
    providers::{
        Probe,
        report::{Cause, Fact, Finding, Report},
        text,
    },
};
use app::{both, lang::Both};
use http::{HeaderMap, Method, header};
use secrecy::{ExposeSecret, SecretString};
use std::{cmp::Reverse, collections::BTreeMap};
use url::Url;

/// Tests one card.
pub async fn test(fields: &BTreeMap<String, SecretString>, probe: &Probe) -> Report {
    let field = |name: &str| fields.get(name).map(SecretString::expose_secret);
    let (Some(id), Some(secret)) = (field(super::ID), field(super::TOKEN)) else {
        return Report::one(text::incomplete());
    };
    let Some(authorization) = text::secret_header(&format!("Bearer {secret}")) else {
        return Report::one(graph::Refused::OF_THE_TOKEN.finding(None));
    };
    let get = |path: &str, pair: (&str, &str)| {
        let mut headers = HeaderMap::new();
        headers.insert(header::AUTHORIZATION, authorization.clone());
        let url = address(&probe.bases.meta_graph, path, pair);
        Outgoing { method: Method::GET, url, headers, body: None, deadline: None }
    };
    let (number, debugged) = futures::join!(
        probe.ask(get(id, ("fields", number::FIELDS))),
        probe.ask(get("debug_token", ("input_token", secret))),
    );
    let number = match number {
        Ok(incoming) => graph::read(&incoming),
        Err(report) => return report,
    };
    let debugged = debugged.ok().and_then(|incoming| graph::read(&incoming).ok());
    let (of_token, token_facts) = token::judge(debugged.as_ref(), field(super::WABA), probe.now);
    match number {
        Ok(number) => {
            let (mut findings, mut facts) = number::judge(&number, field(super::DISPLAY));
            findings.extend(of_token);
            facts.extend(token_facts);
            report(findings, facts)
        }
        // Why a token is no longer good is better told by what Meta says of the token.
        Err(refused) => {
            let exact = of_token.into_iter().find(|finding| finding.cause == Cause::Expired);
            let finding = exact.filter(|_| refused.cause == Cause::BadCredential).unwrap_or(refused);
            Report { findings: vec![finding], facts: token_facts }
        }
    }
}

/// All that was found, the worst first; that it works when nothing speaks against it.
fn report(mut findings: Vec<Finding>, facts: Vec<Fact>) -> Report {
    if findings.iter().all(|finding| finding.cause == Cause::Notice) {
        let what =
            both!("A Meta aceita o token e reconhece o número.", "Meta accepts the token and recognises the number.");
        findings.insert(0, Finding::new(Cause::Works, what, Both::default()));
    }
    findings.sort_by_key(|finding| Reverse(finding.cause.standing()));
    Report { findings, facts }
}

/// One node of the Graph with one parameter.
fn address(base: &Url, path: &str, (name, value): (&str, &str)) -> Url {
    let mut url = base.clone();
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty().push(path);
    }
    url.query_pairs_mut().append_pair(name, value);
    url
}
