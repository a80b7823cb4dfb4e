//! One look at a tenant's project, in the name of somebody who listens: whether they still may is read from the store each
//! time, and so are the credential and the mapping, so that whatever is withdrawn or changed counts at the next look.

use super::{
    news::Why,
    realtime::Door,
    watch::{Look, Looked, Seen},
};
use crate::{
    backend::{Glimpse, RequestBackend},
    state::State,
    store::{Caller, TenantId, TenantStatus, Visitor},
    web::{caller::Identity, session::IDLE},
};
use app::session::Permission;
use std::sync::Arc;
use time::OffsetDateTime;

/// How a tenant's project is looked at.
pub fn look(state: State, tenant: TenantId) -> Look {
    Arc::new(move |session| Box::pin(once(state.clone(), tenant, session)))
}

/// The caller as a visitor who may read this tenant's content at this moment.
pub fn may_listen(caller: Option<&Caller>, tenant: TenantId) -> Option<&Arc<Visitor>> {
    let caller = caller.filter(|caller| !caller.second_factor_due())?;
    caller.visitor.as_ref().filter(|visitor| {
        visitor.scope.tenant() == tenant
            && visitor.tenant_status == TenantStatus::Active
            && visitor.role.may(Permission::ReadContent)
    })
}

async fn once(state: State, tenant: TenantId, session: [u8; 32]) -> Looked {
    // Not a use of the session: a page that is left open must not keep it alive.
    let caller = match state.store.peek_caller(&session, OffsetDateTime::now_utc(), IDLE).await {
        Ok(caller) => caller,
        Err(error) => {
            tracing::warn!(%error, "a listener's session cannot be read");
            return Looked::Unknown;
        }
    };
    let Some(visitor) = may_listen(caller.as_ref(), tenant) else { return Looked::NotAllowed };
    let (at, glance) = RequestBackend::new(state, Identity::default(), None).glance(visitor).await;
    match glance {
        Ok(Glimpse { by, glance, hints }) => {
            let seen = Seen { by, conversations: glance.conversations, appointments: glance.appointments, at };
            Looked::Seen(seen, hints.map(|(by, realtime)| Door::new(by, realtime)))
        }
        Err((why, pause)) => Looked::Failed { why: Why::of(&why), at, pause },
    }
}
