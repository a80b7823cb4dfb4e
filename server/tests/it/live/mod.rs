//! Pages that listen to what is new: over HTTP, against projects of their own on the real PostgREST.

mod ends;
mod notices;
mod realtime;
mod strain;
pub mod stream;
mod told;

use crate::{
    harness::{Server, Tenant},
    own_project::{KEY, OwnProject},
};
use app::session::Role;
use server::config::Config;
use std::time::Duration;

/// Within this a row that was written is told: a look every four seconds, give or take, and the look itself, on a machine
/// that does much else. How soon exactly is tested where time stands still.
pub const SOON: Duration = Duration::from_secs(15);

const TABLES: &str = include_str!("../../../../end2end/stack/schema.sql");

/// A project with the usual tables and one conversation.
pub async fn project() -> OwnProject {
    let project = OwnProject::start().await;
    project.run(TABLES).await;
    project
        .run("insert into conversations (phone, name, status, last_message) values ('5511987654321', 'Ana', 'bot', 'oi')")
        .await;
    project
}

/// A message of the only conversation.
pub async fn say(project: &OwnProject, text: &str) {
    project
        .sql(&format!("insert into messages (conversation_id, direction, content) values (1, 'in', '{text}')"))
        .await;
}

/// A server whose tenants' projects these are.
async fn server(origins: &[&str], change: impl FnOnce(&mut Config)) -> Server {
    let allow = origins.join(",");
    Server::start_as(|config| {
        config.egress_allow = format!("{},{allow}", config.egress_allow);
        change(config);
    })
    .await
}

/// A tenant whose project is at this origin.
pub async fn tenant(server: &Server, slug: &str, origin: &str) -> Tenant {
    let tenant = server.tenant(slug, Role::Admin, None).await;
    server.connect_to(&tenant.scope, &format!("http://{origin}"), KEY).await;
    tenant
}
