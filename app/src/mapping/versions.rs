//! The versions that there were, and the way back to one.

use super::{RestoreMapping, VersionView};
use crate::{
    tr,
    ui::{Moment, Rows, Status, StatusBadge, Tone},
};
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
                <h2 id="versions" class="part-title">{tr!("Versões", "Versions")}</h2>
                <Rows
                    columns=tr!(&["Versão", "Tabelas", "De quando"], &["Version", "Tables", "Saved"])
                    steps=tr!("Voltar", "Go back")
                >
                    {rows}
                    <tr data-row tabindex="-1">
                        <th scope="row" class="rows-name">{tr!("Padrão", "Default")}</th>
                        <td data-label=tr!("Tabelas", "Tables")>"conversations, messages, appointments"</td>
                        <td data-label=tr!("De quando", "Saved")></td>
                        <td class="rows-end">
                            <Back
                                version=0
                                current
                                words=tr!("Voltar às tabelas padrão", "Go back to the default tables").to_owned()
                            />
                        </td>
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
    let badge = Status { tone: Tone::Ok, label: tr!("em uso", "in use").to_owned() };
    view! {
        <tr data-row tabindex="-1">
            <th scope="row" class="rows-name">
                {version.to_string()}
                {based_on
                    .map(|earlier| {
                        let of = if earlier == 0 {
                            tr!("volta ao padrão", "back to the default").to_owned()
                        } else {
                            tr!(format!("volta à {earlier}"), format!("back to {earlier}"))
                        };
                        view! { <span class="soft">{of}</span> }
                    })}
            </th>
            <td data-label=tr!("Tabelas", "Tables")><bdi>{tables}</bdi></td>
            <td data-label=tr!("De quando", "Saved")>
                <Moment when=saved />
                {(!by.is_empty())
                    .then(|| {
                        let words = tr!(format!(" por {by}"), format!(" by {by}"));
                        view! { <span class="soft">{words}</span> }
                    })}
            </td>
            <td class="rows-end">
                {if in_use {
                    view! { <StatusBadge status=badge /> }.into_any()
                } else {
                    let words = tr!(format!("Voltar à versão {version}"), format!("Go back to version {version}"));
                    view! { <Back version current words /> }.into_any()
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
