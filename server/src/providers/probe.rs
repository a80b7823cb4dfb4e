//! What a connection test works with: the way out, the clock, and what the tenant's own data says; and the words for a
//! host that gave no answer, which are the same for all providers.

use super::{
    google::TokenCache,
    report::{Cause, Finding, Place, Report},
};
use crate::{
    egress::{Egress, EgressError, Incoming, Outgoing},
    mapping::Mapping,
    telemetry::spans,
};
use app::{both, credentials::Provider};
use jiff::Timestamp;
use std::sync::Arc;
use tracing::Instrument;
use url::Url;
use uuid::Uuid;

/// Where the providers with one address for everybody are. Elsewhere only in development, where a stand-in listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bases {
    /// Meta's Graph API, with its version.
    pub meta_graph: Url,
    /// Google's page of consent is below this.
    pub google_auth: Url,
    /// Google's token endpoint; the one that revokes is beside it.
    pub google_token: Url,
    /// Google's APIs: the calendar's is below this.
    pub google_api: Url,
    /// Google Meet's API is below this.
    pub google_meet: Url,
}

impl Default for Bases {
    fn default() -> Self {
        let url = |text: &str| Url::parse(text).expect("an address of this code");
        Self {
            meta_graph: url("https://graph.facebook.com/v25.0"),
            google_auth: url("https://accounts.google.com"),
            google_token: url("https://oauth2.googleapis.com/token"),
            google_api: url("https://www.googleapis.com"),
            google_meet: url("https://meet.googleapis.com"),
        }
    }
}

/// One test's means. Has no `Debug`: what is sent through it holds secrets.
#[derive(Clone)]
pub struct Probe {
    /// Who is asked, for traces.
    pub provider: Provider,
    /// The way out.
    pub egress: Egress,
    /// The tenant's lane on it.
    pub lane: Uuid,
    /// Where the providers are.
    pub bases: Bases,
    /// Where browsers reach this installation.
    pub base_url: Url,
    /// Google's access tokens.
    pub google: TokenCache,
    /// When the test is made.
    pub now: Timestamp,
    /// When the tenant's project last got a message from a customer; `None` when there is none, or nobody could tell.
    pub last_inbound: Option<Timestamp>,
    /// How the tenant's tables are read.
    pub mapping: Arc<Mapping>,
}

impl Probe {
    /// Sends a request in the tenant's lane and reads the answer, whatever its status.
    ///
    /// # Errors
    /// The report of a host that gave no answer: the end of most tests.
    pub async fn ask(&self, request: Outgoing) -> Result<Incoming, Report> {
        self.send(request).await.map_err(|error| Report::one(no_answer(error)))
    }

    /// The same for whoever has other words for no answer.
    pub(super) async fn send(&self, request: Outgoing) -> Result<Incoming, EgressError> {
        self.egress.send(self.lane, request).instrument(spans::call(self.provider.as_str(), "")).await
    }
}

/// A test that took too long as a whole.
pub(super) fn too_slow() -> Finding {
    no_answer(EgressError::Timeout)
}

/// A host that gave no answer, in a tenant's words.
pub(super) fn no_answer(error: EgressError) -> Finding {
    match error {
        EgressError::AddressRefused => Finding::new(
            Cause::BadAddress,
            both!("O painel não abre este endereço.", "Painel does not open this address."),
            both!(
                "Use o endereço público do serviço, com https:// no começo. Endereços de rede interna não são abertos.",
                "Use the service’s public address, with https:// at the start. Addresses of internal networks are \
                 not opened.",
            ),
        ),
        EgressError::Name => Finding::new(
            Cause::Unreachable(Place::Name),
            both!("Não existe servidor com este nome.", "There is no server with this name."),
            both!(
                "Confira o endereço letra por letra: basta uma trocada. Se estiver certo, o serviço pode ter sido \
                 apagado.",
                "Check the address letter by letter: one wrong letter is enough. If it is right, the service may \
                 have been deleted.",
            ),
        ),
        EgressError::Connect => Finding::new(
            Cause::Unreachable(Place::Connection),
            both!("O servidor não aceita conexão.", "The server does not accept connections."),
            both!(
                "Confira se ele está ligado e se o endereço é o público. Depois teste de novo.",
                "Check that it is running and that the address is the public one. Then test again.",
            ),
        ),
        EgressError::Tls => Finding::new(
            Cause::Unreachable(Place::Tls),
            both!(
                "O certificado de segurança (https) deste servidor não vale.",
                "The security certificate (https) of this server is not valid.",
            ),
            both!(
                "Peça a quem cuida do servidor para renovar o certificado. Confira também se o endereço é exatamente \
                 o dele.",
                "Ask whoever looks after the server to renew the certificate. Check too that the address is exactly \
                 the server’s.",
            ),
        ),
        EgressError::Timeout => Finding::new(
            Cause::Unreachable(Place::Time),
            both!("O servidor não respondeu a tempo.", "The server did not answer in time."),
            both!(
                "Teste de novo em um minuto. Se continuar, veja se o serviço está no ar.",
                "Test again in a minute. If it continues, check that the service is up.",
            ),
        ),
        EgressError::Busy => Finding::new(
            Cause::RateLimited { retry_after: Some(10) },
            both!(
                "Há muitas chamadas deste painel ao mesmo tempo.",
                "There are many calls from this dashboard at the same time.",
            ),
            both!("Espere dez segundos e teste de novo.", "Wait ten seconds and test again."),
        ),
        EgressError::Resting { seconds } => Finding::new(
            Cause::Unreachable(Place::Connection),
            both!(
                "O servidor falhou várias vezes seguidas, e o painel parou de chamá-lo por um momento.",
                "The server failed several times in a row, and Painel has stopped calling it for a moment.",
            ),
            match seconds {
                1 => both!("Espere um segundo e teste de novo.", "Wait one second and test again."),
                _ => both!(
                    format!("Espere {seconds} segundos e teste de novo."),
                    format!("Wait {seconds} seconds and test again."),
                ),
            },
        ),
        EgressError::TooLarge => Finding::new(
            Cause::Unexpected,
            both!(
                "A resposta é grande demais para ser deste serviço.",
                "The answer is too large to be from this service.",
            ),
            both!(
                "Confira o endereço: ele parece ser o de outra coisa.",
                "Check the address: it seems to be that of something else.",
            ),
        ),
        EgressError::Broken => Finding::new(
            Cause::Unreachable(Place::Connection),
            both!("A resposta veio cortada no meio.", "The answer was cut off in the middle."),
            both!(
                "Teste de novo em um minuto. Se continuar, confira se o endereço é mesmo o deste serviço.",
                "Test again in a minute. If it continues, check that the address really is that of this service.",
            ),
        ),
    }
}
