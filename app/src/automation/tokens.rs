//! The tokens there are, and the step that withdraws one.

use super::{MachineTokenView, RevokeToken};
use crate::ui::{Empty, Moment, Rows, StatusBadge};
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
                title="Nenhum token ainda"
                text="Um token deixa um fluxo ler as conexões que você escolher, até a data que você escolher."
                step=("Criar um token", "#make")
            />
        }
        .into_any()
    } else {
        view! {
            <Rows columns=&["Token", "Lê", "Estado", "Último uso", "Vale até"] steps="Retirar">
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
    let by = if by.is_empty() { "conta apagada".to_owned() } else { by };
    view! {
        <tr>
            <th scope="row" class="rows-name">
                <bdi class="cut">{name.clone()}</bdi>
                <span class="soft">"termina em " <code>{last_four}</code></span>
                <span class="soft"><bdi>{by}</bdi> ", " <Moment when=made /></span>
            </th>
            <td data-label="Lê">{providers.join(", ")}</td>
            <td data-label="Estado"><StatusBadge status /></td>
            <td data-label="Último uso">
                {match used {
                    Some(when) => view! { <Moment when /> }.into_any(),
                    None => view! { <span class="soft">"nunca"</span> }.into_any(),
                }}
            </td>
            <td data-label="Vale até"><Moment when=expires /></td>
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
            <summary>"Retirar…" <span class="visually-hidden">{format!(" o token {name}")}</span></summary>
            <form method="post" action=RevokeToken::PATH>
                <input type="hidden" name="token" value=id />
                <p class="soft">"O fluxo que o usa para na próxima leitura. Um token retirado não volta."</p>
                <button class="button danger" type="submit"><span>"Retirar " <bdi>{name}</bdi></span></button>
            </form>
        </details>
    }
    .into_any()
}
