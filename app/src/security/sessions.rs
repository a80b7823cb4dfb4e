//! Where one is signed in, and how to sign out there.

use super::{EndAllSessions, EndSession, SessionView};
use crate::{
    tr,
    ui::{Moment, Rows, Status, StatusBadge, Tone},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// The live sessions; the one at hand stands first and cannot be ended here.
#[component]
pub(super) fn Sessions(
    /// This one first.
    sessions: Vec<SessionView>,
) -> impl IntoView {
    view! {
        <section class="card flush part" aria-labelledby="sessions-title">
            <h2 id="sessions-title">{tr!("Onde você está conectado", "Where you are signed in")}</h2>
            <Rows
                columns=tr!(&["Aparelho", "Entrou", "Visto"], &["Device", "Signed in", "Last seen"])
                steps=tr!("Encerrar", "End session")
            >
                {sessions.into_iter().map(|session| view! { <Row session /> }).collect_view()}
            </Rows>
            <details class="remove everywhere">
                <summary>{tr!("Sair de todos os aparelhos…", "Sign out of all devices…")}</summary>
                <form method="post" action=EndAllSessions::PATH>
                    <p class="soft">
                        {tr!(
                            "Também deste: você volta para a página de entrada.",
                            "This one too: you go back to the sign-in page.",
                        )}
                    </p>
                    <button class="button danger" type="submit">
                        {tr!("Sair de todos os aparelhos", "Sign out of all devices")}
                    </button>
                </form>
            </details>
        </section>
    }
}

#[component]
fn Row(session: SessionView) -> impl IntoView {
    let SessionView { id, current, device, source, began, last_seen } = session;
    let end = if current {
        let label = tr!("esta sessão", "this session").to_owned();
        view! { <StatusBadge status=Status { tone: Tone::Info, label } /> }.into_any()
    } else {
        let whose = tr!(format!(" {device}"), format!(" on {device}"));
        view! {
            <form method="post" action=EndSession::PATH>
                <input type="hidden" name="id" value=id />
                <button class="button" type="submit">
                    {tr!("Encerrar", "End session")}
                    <span class="visually-hidden">{whose}</span>
                </button>
            </form>
        }
        .into_any()
    };
    view! {
        <tr data-row tabindex="-1">
            <th scope="row" class="rows-name">
                <bdi class="cut">{device}</bdi>
                <span class="soft cut">{source}</span>
            </th>
            <td data-label=tr!("Entrou", "Signed in")><Moment when=began /></td>
            <td data-label=tr!("Visto", "Last seen")><Moment when=last_seen /></td>
            <td class="rows-end">{end}</td>
        </tr>
    }
}
