//! The versions that there were, and the way back to one.

use super::{RestoreMapping, VersionView};
use crate::ui::{Moment, Rows, Status, StatusBadge, Tone};
use leptos::{prelude::*, server_fn::ServerFn};

/// The table; nothing while only the default tables were ever in use.
#[component]
pub(super) fn Versions(
    /// Newest first.
    versions: Vec<VersionView>,
    /// The one in use; 0 for the default tables.
    current: i64,
) -> impl IntoView {
    (!versions.is_empty()).then(|| {
        let rows = versions.into_iter().map(|version| view! { <Row version current /> }).collect_view();
        view! {
            <section class="card flush" aria-labelledby="versions">
                <h2 id="versions" class="part-title">"Versões"</h2>
                <Rows columns=&["Versão", "Tabelas", "De quando"] steps="Voltar">
                    {rows}
                    <tr>
                        <th scope="row" class="rows-name">"Padrão"</th>
                        <td data-label="Tabelas">"conversations, messages, appointments"</td>
                        <td data-label="De quando"></td>
                        <td class="rows-end"><Back version=0 current words="Voltar às tabelas padrão".to_owned() /></td>
                    </tr>
                </Rows>
            </section>
        }
        .into_any()
    })
}

#[component]
fn Row(version: VersionView, current: i64) -> impl IntoView {
    let VersionView { version, saved, by, based_on, tables, current: in_use } = version;
    let badge = Status { tone: Tone::Ok, label: "em uso".to_owned() };
    view! {
        <tr>
            <th scope="row" class="rows-name">
                {version.to_string()}
                {based_on
                    .map(|earlier| {
                        let of = if earlier == 0 { "volta ao padrão".to_owned() } else { format!("volta à {earlier}") };
                        view! { <span class="soft">{of}</span> }
                    })}
            </th>
            <td data-label="Tabelas"><bdi>{tables}</bdi></td>
            <td data-label="De quando">
                <Moment when=saved /> {(!by.is_empty()).then(|| view! { <span class="soft">{format!(" por {by}")}</span> })}
            </td>
            <td class="rows-end">
                {if in_use {
                    view! { <StatusBadge status=badge /> }.into_any()
                } else {
                    view! { <Back version current words=format!("Voltar à versão {version}") /> }.into_any()
                }}
            </td>
        </tr>
    }
    .into_any()
}

#[component]
fn Back(version: i64, current: i64, words: String) -> impl IntoView {
    view! {
        <form method="post" action=RestoreMapping::PATH>
            <input type="hidden" name="version" value=version.to_string() />
            <input type="hidden" name="current" value=current.to_string() />
            <button class="button" type="submit">{words}</button>
        </form>
    }
    .into_any()
}
