//! The table of tenants, and the row of marks that says which providers are connected.

use super::{FleetRow, ProviderMark};
use crate::{
    tr,
    ui::{StatusBadge, instant, or_dash},
};
use leptos::prelude::*;

/// The tenants of one page.
#[component]
pub fn FleetTable(
    /// The tenants.
    rows: Vec<FleetRow>,
) -> impl IntoView {
    view! {
        <table class="rows fleet">
            <thead>
                <tr>
                    <th scope="col">{tr!("Cliente", "Client")}</th>
                    <th scope="col">{tr!("Estado", "Status")}</th>
                    <th scope="col">{tr!("Plano", "Plan")}</th>
                    <th scope="col" class="number">{tr!("Membros", "Members")}</th>
                    <th scope="col">{tr!("Conexões", "Connections")}</th>
                    <th scope="col">{tr!("Último dado", "Latest data")}</th>
                    <th scope="col">{tr!("Chave", "Key")}</th>
                </tr>
            </thead>
            <tbody>{rows.into_iter().map(|row| view! { <Row row /> }).collect_view()}</tbody>
        </table>
    }
}

#[component]
fn Row(row: FleetRow) -> impl IntoView {
    view! {
        <tr data-row>
            <th scope="row" class="rows-name">
                <a href=format!("/console/tenants/{}", row.slug)><bdi class="cut">{row.name}</bdi></a>
                <span class="soft cut">{row.slug}</span>
            </th>
            <td data-label=tr!("Estado", "Status")><StatusBadge status=row.state /></td>
            <td data-label=tr!("Plano", "Plan")><bdi>{or_dash(row.plan)}</bdi></td>
            <td data-label=tr!("Membros", "Members") class="number">{row.members}</td>
            <td data-label=tr!("Conexões", "Connections")><Marks marks=row.providers /></td>
            <td data-label=tr!("Último dado", "Latest data")>{instant(row.last_data)}</td>
            <td data-label=tr!("Chave", "Key")>{instant(row.key_made)}</td>
        </tr>
    }
}

/// One mark a provider: two letters, a dot whose colour and form tell the health, and the words for both on hover and
/// for screen readers.
#[component]
fn Marks(marks: Vec<ProviderMark>) -> impl IntoView {
    let marks = marks
        .into_iter()
        .map(|mark| {
            let (letters, words) = (short(&mark.label), format!("{}: {}", mark.label, mark.health.label));
            let title = words.clone();
            view! {
                <li class="mark" data-tone=mark.health.tone.as_str() title=title>
                    <span aria-hidden="true">{letters}</span>
                    <span class="visually-hidden">{words}</span>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="marks">{marks}</ul> }
}

/// Two letters of a provider's name: "Google Agenda" is GA, "Supabase" is Su.
fn short(label: &str) -> String {
    let mut words = label.split(' ').filter_map(|word| word.chars().next());
    match (words.next(), words.next()) {
        (Some(first), Some(second)) => [first, second].iter().collect(),
        _ => label.chars().take(2).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::short;
    use crate::credentials::Provider;

    #[test]
    fn no_two_providers_share_their_letters() {
        let letters = Provider::ALL.map(|provider| short(provider.label()));
        assert_eq!(letters, ["Su", "WB", "EA", "GA", "GM", "n8"]);
    }
}
