//! A table of rows with a name each, which on a phone become cards (`style/table.css`), and the cells that several
//! tables share.

use super::{Status, StatusBadge, Tone};
use crate::tr;
use leptos::prelude::*;

/// The table: `children` are its rows, whose cells repeat the column's name as `data-label`. A row with `data-row` is met by
/// the keys `j` and `k`: its link has the focus then, or, where it leads nowhere, the row itself (`tabindex="-1"`).
#[component]
pub fn Rows(
    /// The columns' names.
    columns: &'static [&'static str],
    /// What the last column's steps do; that column's name is for screen readers alone.
    #[prop(optional)]
    steps: Option<&'static str>,
    /// One more class.
    #[prop(optional)]
    class: &'static str,
    children: Children,
) -> impl IntoView {
    let names = columns.iter().map(|name| view! { <th scope="col">{*name}</th> }).collect_view();
    view! {
        <table class=format!("rows {class}").trim_end().to_owned()>
            <thead>
                <tr>
                    {names}
                    {steps.map(|steps| view! { <th scope="col"><span class="visually-hidden">{steps}</span></th> })}
                </tr>
            </thead>
            <tbody>{children()}</tbody>
        </table>
    }
}

/// The cell that names a person's row.
#[component]
pub fn PersonCell(
    /// The name.
    name: String,
    /// The address below it.
    email: String,
    /// Something about the account as a whole.
    #[prop(optional_no_strip)]
    mark: Option<Status>,
) -> impl IntoView {
    view! {
        <th scope="row" class="rows-name">
            <bdi class="cut">{name}</bdi>
            <span class="soft cut">{email}</span>
            {mark.map(|status| view! { <span><StatusBadge status /></span> })}
        </th>
    }
}

/// The cell that tells whether a person's account has a second factor.
#[component]
pub fn TwoStepsCell(
    /// Whether it has.
    on: bool,
) -> impl IntoView {
    let (tone, label) = if on { (Tone::Ok, tr!("ativa", "on")) } else { (Tone::Quiet, tr!("desativada", "off")) };
    view! {
        <td data-label=tr!("Duas etapas", "Two-step")>
            <StatusBadge status=Status { tone, label: label.to_owned() } />
        </td>
    }
}
