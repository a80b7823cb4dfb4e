//! n8n: the production address of a webhook, and the secret that Painel signs its calls with.
//!
//! | file | holds |
//! |---|---|
//! | `check.rs` | how the card is read |
//! | `knock.rs` | the connection test: a question that does not run the workflow |
//! | `event.rs` | [`Event`]: what Painel tells a workflow, and how it is delivered |
//! | `signature.rs` | the signature by which a workflow knows that it was Painel |
//! | `answer.rs` | what a workflow answered to an event, as a finding |

mod answer;
mod check;
mod event;
mod knock;
mod signature;

pub(super) use check::check;
pub use event::{Event, deliver, send_test_event};
pub(super) use knock::test;
pub use signature::sign;

use super::report::{Cause, Finding};
use app::{both, lang::Both};

const URL: &str = "webhook_url";
const SECRET: &str = "signing_secret";

/// Where a workflow is switched on, for somebody who never did.
fn how_to_activate() -> Both {
    both!(
        "No n8n, abra o fluxo e ligue a chave “Active” (ou “Publish”), no alto à direita. Depois abra o nó Webhook, \
         copie a “Production URL” e confira se é a que está aqui.",
        "In n8n, open the workflow and turn on the “Active” switch (or “Publish”), at the top right. Then open the \
         Webhook node, copy the “Production URL” and check that it is the one here.",
    )
}

fn incomplete() -> Finding {
    Finding::new(
        Cause::BadAddress,
        both!("Falta a URL do webhook.", "The URL of the webhook is missing."),
        both!("Cole a “Production URL” do nó Webhook.", "Paste the Webhook node’s “Production URL”."),
    )
}

#[cfg(test)]
mod contract_tests;
