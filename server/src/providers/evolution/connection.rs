//! The calls to an Evolution API server: the connection test, and asking for the code that connects a telephone.

use super::{
    answer,
    code::{self, Code},
    instances::{self, Reach},
    state::{self, State},
};
use crate::{
    egress::{Incoming, LONGEST, Outgoing, TOTAL},
    providers::{
        Probe,
        report::{Cause, Fact, Finding, Report},
        text,
    },
};
use app::{both, tr};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use std::{collections::BTreeMap, time::Duration};
use url::Url;
use uuid::Uuid;

/// For what is only good to know.
const ASIDE: Duration = Duration::from_secs(3);

/// One instance on its server, with its token.
struct Instance<'a> {
    base: Url,
    name: &'a str,
    token: HeaderValue,
}

impl<'a> Instance<'a> {
    fn new(fields: &'a BTreeMap<String, SecretString>) -> Result<Self, Finding> {
        let field = |name: &str| fields.get(name).map(SecretString::expose_secret);
        let (Some(base), Some(name), Some(token)) = (field(super::URL), field(super::INSTANCE), field(super::TOKEN))
        else {
            return Err(text::incomplete());
        };
        let base = Url::parse(base).map_err(|_| text::incomplete())?;
        Ok(Self { base, name, token: text::secret_header(token).ok_or_else(text::incomplete)? })
    }

    /// A read of this path below the server's address.
    fn get(&self, path: &[&str], deadline: Duration) -> Outgoing {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        let headers = HeaderMap::from_iter([(HeaderName::from_static("apikey"), self.token.clone())]);
        Outgoing { method: Method::GET, url, headers, body: None, deadline: Some(deadline) }
    }

    /// A read of the list of instances, narrowed to a name.
    fn list(&self, name: &str) -> Outgoing {
        let mut outgoing = self.get(&["instance", "fetchInstances"], ASIDE);
        outgoing.url.query_pairs_mut().append_pair("instanceName", name);
        outgoing
    }

    /// The server's own page, which needs no token and therefore gets none.
    fn welcome(&self) -> Outgoing {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().push("");
        }
        Outgoing { method: Method::GET, url, headers: HeaderMap::new(), body: None, deadline: Some(ASIDE) }
    }
}

/// Tests one card. Only the state decides; what else is asked is left out when it does not come.
pub async fn test(fields: &BTreeMap<String, SecretString>, probe: &Probe) -> Report {
    let instance = match Instance::new(fields) {
        Ok(instance) => instance,
        Err(finding) => return Report::one(finding),
    };
    let (state, welcome) = futures::join!(
        probe.ask(instance.get(&["instance", "connectionState", instance.name], TOTAL)),
        probe.ask(instance.welcome()),
    );
    let state = match state.map(|incoming| answer::read(&incoming)) {
        Err(report) => return report,
        Ok(Err(finding)) => return Report::one(finding),
        Ok(Ok(body)) => State::read(&body),
    };
    let mut facts: Vec<Fact> = version(welcome.ok()).into_iter().collect();
    let Some(state) = state else {
        return Report { findings: vec![answer::unknown()], facts };
    };
    facts.insert(0, Fact { label: tr!("Estado", "Status"), value: state.label().to_owned() });
    let nobodys = format!("painel-{}", Uuid::new_v4());
    let (ours, foreign) = futures::join!(probe.ask(instance.list(instance.name)), probe.ask(instance.list(&nobodys)));
    facts.extend(ours.into_iter().flat_map(|incoming| instances::facts(incoming, instance.name)));
    let mut findings = vec![state::judge(state, probe.last_inbound, probe.now)];
    if foreign.is_ok_and(|incoming| instances::reach(incoming, &nobodys, instance.name) == Reach::Everybody) {
        findings.push(instances::too_powerful());
    }
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.cause.standing()));
    Report { findings, facts }
}

/// Asks for the code that connects a telephone: makes the server try to connect, if it is not.
///
/// # Errors
/// The finding of a server that gave no answer, or not this one.
pub async fn connect(fields: &BTreeMap<String, SecretString>, probe: &Probe) -> Result<Code, Finding> {
    let instance = Instance::new(fields)?;
    let first = |report: Report| report.findings.into_iter().next().unwrap_or_else(answer::unknown);
    let incoming = probe.ask(instance.get(&["instance", "connect", instance.name], LONGEST)).await.map_err(first)?;
    answer::read(&incoming).map(|body| code::read(&body)).map_err(|finding| match finding.cause {
        Cause::ProviderDown if incoming.status.is_success() => Finding::new(
            Cause::ProviderDown,
            both!("O servidor não conseguiu fazer um código agora.", "The server could not make a code just now."),
            both!(
                "Espere alguns segundos e atualize. Se repetir, no Evolution Manager clique em “Restart” na instância \
                 e volte aqui.",
                "Wait a few seconds and refresh. If it happens again, click “Restart” on the instance in Evolution \
                 Manager and come back here."
            ),
        ),
        _ => finding,
    })
}

/// The server's version, from its own page.
fn version(welcome: Option<Incoming>) -> Option<Fact> {
    let body: Value = serde_json::from_slice(&welcome?.body).ok()?;
    let version = body.get("version")?.as_str()?;
    let plain = version.len() <= 20
        && version.starts_with(|sign: char| sign.is_ascii_digit())
        && version.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte));
    plain.then(|| Fact { label: tr!("Versão do servidor", "Server version"), value: version.to_owned() })
}
