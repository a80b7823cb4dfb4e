//! The watch over connections, whole: against the real PostgREST behind a door that can be slammed, and against a stand-in
//! for n8n. The watch's clock is the tests'; what it asks is asked in earnest.

mod course;
mod crowd;
mod outbox;
pub mod workflow;

use crate::harness::{Server, Tenant, fields};
use app::credentials::Provider;
use server::{
    backend::RequestBackend,
    health::{Pace, Watch},
    state::State,
    store::{Act, ConnectionState, StandingRow},
    web::caller::Identity,
};
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};
use time::{Duration, OffsetDateTime};
use tokio::sync::watch;
use workflow::Workflow;

/// Signs the events of every tenant here.
const SECRET: &str = "segredo-de-assinatura-de-teste";

/// A clock that goes on by being told so.
#[derive(Clone)]
struct Time(Arc<AtomicI64>);

impl Time {
    fn now() -> Self {
        Self(Arc::new(AtomicI64::new(OffsetDateTime::now_utc().unix_timestamp())))
    }

    fn pass(&self, span: Duration) {
        self.0.fetch_add(span.whole_seconds(), Ordering::SeqCst);
    }

    fn read(&self) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(self.0.load(Ordering::SeqCst)).expect("an instant")
    }

    /// A watch by this clock, which nobody stops.
    fn watch(&self, state: &State, pace: Pace) -> Watch {
        let (stop, stopped) = watch::channel(false);
        // Kept for good: a bell that is gone would count as rung.
        std::mem::forget(stop);
        let time = self.clone();
        Watch::new(state.clone(), pace, Arc::new(move || time.read()), stopped)
    }
}

/// Stores a tenant's webhook at the stand-in, under a path of its own.
pub async fn connect_workflow(server: &Server, tenant: &Tenant, workflow: &Workflow, path: &str) {
    let fields = fields(&[("webhook_url", &workflow.url(path)), ("signing_secret", SECRET)]);
    let backend = RequestBackend::new(server.state.clone(), Identity::default(), None);
    let act = Act::of_command_line();
    backend.save_fields(&tenant.scope, &act, Provider::N8n, None, &fields).await.expect("the webhook is saved");
}

/// Where one connection stands.
async fn standing(server: &Server, tenant: &Tenant, provider: Provider) -> Option<StandingRow> {
    let all = server.state.store.list_connections(&tenant.scope).await.expect("the store answers");
    all.into_iter().find(|row| row.provider == provider)
}

async fn state_of(server: &Server, tenant: &Tenant, provider: Provider) -> Option<ConnectionState> {
    standing(server, tenant, provider).await.map(|row| row.state)
}
