//! Where one is signed in, and how to sign out there.

use super::{EndAllSessions, EndSession, SessionView};
use crate::ui::{Moment, Rows, Status, StatusBadge, Tone};
use leptos::{prelude::*, server_fn::ServerFn};

/// The live sessions; the one at hand stands first and cannot be ended here.
#[component]
pub(super) fn Sessions(
    /// This one first.
    sessions: Vec<SessionView>,
) -> impl IntoView {
    view! {
        <section class="card flush part" aria-labelledby="sessions-title">
            <h2 id="sessions-title">"Onde você está conectado"</h2>
            <Rows columns=&["Aparelho", "Entrou", "Visto"] steps="Encerrar">
                {sessions.into_iter().map(|session| view! { <Row session /> }).collect_view()}
            </Rows>
            <details class="remove everywhere">
                <summary>"Sair de todos os aparelhos…"</summary>
                <form method="post" action=EndAllSessions::PATH>
                    <p class="soft">"Também deste: você volta para a página de entrada."</p>
                    <button class="button danger" type="submit">"Sair de todos os aparelhos"</button>
                </form>
            </details>
        </section>
    }
}

#[component]
fn Row(session: SessionView) -> impl IntoView {
    let SessionView { id, current, device, source, began, last_seen } = session;
    let end = if current {
        view! { <StatusBadge status=Status { tone: Tone::Info, label: "esta sessão".to_owned() } /> }.into_any()
    } else {
        let whose = format!(" {device}");
        view! {
            <form method="post" action=EndSession::PATH>
                <input type="hidden" name="id" value=id />
                <button class="button" type="submit">
                    "Encerrar"
                    <span class="visually-hidden">{whose}</span>
                </button>
            </form>
        }
        .into_any()
    };
    view! {
        <tr>
            <th scope="row" class="rows-name">
                <bdi class="cut">{device}</bdi>
                <span class="soft cut">{source}</span>
            </th>
            <td data-label="Entrou"><Moment when=began /></td>
            <td data-label="Visto"><Moment when=last_seen /></td>
            <td class="rows-end">{end}</td>
        </tr>
    }
}
