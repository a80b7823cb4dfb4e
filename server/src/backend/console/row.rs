//! A tenant's row in the fleet.

use crate::{
    backend::{
        health::{badge, unseen},
        instant,
    },
    store::{FleetTenant, TenantStatus},
    words::Calendar,
};
use app::{
    console::{FleetRow, ProviderMark},
    credentials::Provider,
    tr,
    ui::{Status, Tone},
};
use time::OffsetDateTime;

pub(super) fn fleet_row(tenant: &FleetTenant, calendar: &Calendar) -> FleetRow {
    let state = match (tenant.shredded, tenant.status) {
        (true, _) => Status { tone: Tone::Bad, label: tr!("chaves destruídas", "keys destroyed").to_owned() },
        (false, TenantStatus::Active) => Status { tone: Tone::Ok, label: tr!("ativo", "active").to_owned() },
        (false, TenantStatus::Suspended) => Status { tone: Tone::Bad, label: tr!("suspenso", "suspended").to_owned() },
    };
    let now = OffsetDateTime::now_utc();
    let mark = |provider: Provider| {
        let standing = tenant.connections.iter().find(|standing| standing.provider == provider);
        // Stored is not the same as working: green is for what was tested, and lately.
        let health = match (tenant.providers.contains(&provider), standing) {
            (false, _) => Status { tone: Tone::Quiet, label: tr!("não guardado", "not saved").to_owned() },
            (true, Some(standing)) => badge(standing, now),
            (true, None) => unseen(),
        };
        ProviderMark { label: provider.label().to_owned(), health }
    };
    FleetRow {
        slug: tenant.slug.as_str().to_owned(),
        name: tenant.name.clone(),
        state,
        plan: tenant.plan.clone(),
        members: tenant.members,
        providers: Provider::ALL.into_iter().map(mark).collect(),
        last_data: tenant.last_data_at.map(|at| calendar.recently(instant(at))),
        key_made: tenant.key_made_at.map(|at| calendar.recently(instant(at))),
    }
}
