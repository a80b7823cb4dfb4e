//! The tokens there are, and the step that withdraws one.

use super::{MachineTokenView, RevokeToken};
use crate::{
    tr,
    ui::{Empty, Moment, Rows, StatusBadge, last_time},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// The table.
#[component]
pub(super) fn Tokens(
    /// Newest first.
    tokens: Vec<MachineTokenView>,
) -> impl IntoView {
    let list = if tokens.is_empty() {
        view! {
            <Empty
                title=tr!("Nenhum token ainda", "No tokens yet")
                text=tr!(
                    "Um token deixa um fluxo ler as conexões que você escolher, até a data que você escolher.",
                    "A token lets a workflow read the connections you choose, until the date you choose."
                )
                step=(tr!("Criar um token", "Create a token"), "#make")
            />
        }
        .into_any()
    } else {
        view! {
            <Rows
                columns=tr!(
                    &["Token", "Lê", "Estado", "Último uso", "Vale até"],
                    &["Token", "Reads", "Status", "Last used", "Valid until"]
                )
                steps=tr!("Retirar", "Revoke")
            >
                {tokens.into_iter().map(|token| view! { <Row token /> }).collect_view()}
            </Rows>
        }
        .into_any()
    };
    view! {
        <section class="card flush" aria-labelledby="tokens">
            <h2 id="tokens" class="part-title">"Tokens"</h2>
            {list}
        </section>
    }
    .into_any()
}

#[component]
fn Row(token: MachineTokenView) -> impl IntoView {
    let MachineTokenView { id, name, last_four, providers, by, made, expires, used, status, live } = token;
    let by = if by.is_empty() { tr!("conta apagada", "deleted account").to_owned() } else { by };
    view! {
        <tr data-row tabindex="-1">
            <th scope="row" class="rows-name">
                <bdi class="cut">{name.clone()}</bdi>
                <span class="soft">{tr!("termina em ", "ends in ")} <code>{last_four}</code></span>
                <span class="soft"><bdi>{by}</bdi> ", " <Moment when=made /></span>
            </th>
            <td data-label=tr!("Lê", "Reads")>{providers.join(", ")}</td>
            <td data-label=tr!("Estado", "Status")><StatusBadge status /></td>
            <td data-label=tr!("Último uso", "Last used")>{last_time(used)}</td>
            <td data-label=tr!("Vale até", "Valid until")><Moment when=expires /></td>
            <td class="rows-end">{live.then(|| view! { <Revoke id name /> })}</td>
        </tr>
    }
    .into_any()
}

/// Asks once more inside a disclosure, which works without script.
#[component]
fn Revoke(id: String, name: String) -> impl IntoView {
    view! {
        <details class="remove access">
            <summary>
                {tr!("Retirar…", "Revoke…")} <span class="visually-hidden">
                    {tr!(format!(" o token {name}"), format!(" the token {name}"))}
                </span>
            </summary>
            <form method="post" action=RevokeToken::PATH>
                <input type="hidden" name="token" value=id />
                <p class="soft">
                    {tr!(
                        "O fluxo que o usa para na próxima leitura. Um token retirado não volta.",
                        "The workflow that uses it stops at its next read. A revoked token does not come back.",
                    )}
                </p>
                <button class="button danger" type="submit">
                    <span>{tr!("Retirar ", "Revoke ")} <bdi>{name}</bdi></span>
                </button>
            </form>
        </details>
    }
    .into_any()
}
