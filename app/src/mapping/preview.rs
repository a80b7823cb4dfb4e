//! The tenant's own rows by the draft, and the step that puts it in use.

use super::{Preview, PreviewPart, PreviewRows, SaveMapping};
use crate::{
    tr,
    ui::{Rows, Trouble},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// The card.
#[component]
pub(super) fn PreviewCard(
    /// The rows.
    preview: Preview,
    /// The version in use.
    version: i64,
    /// The draft's own, so that no other is put in use than the one which is shown.
    revision: String,
    /// Whether the draft can be put in use.
    good: bool,
) -> impl IntoView {
    let Preview { parts, untold } = preview;
    let untold = (!untold.is_empty()).then(|| {
        view! {
            <div class="untold">
                <h3>{tr!("O que estas tabelas não dizem", "What these tables do not say")}</h3>
                <ul>{untold.into_iter().map(|sentence| view! { <li>{sentence}</li> }).collect_view()}</ul>
            </div>
        }
    });
    view! {
        <section class="card" aria-labelledby="preview">
            <header class="card-head">
                <div>
                    <h2 id="preview">{tr!("Como fica", "What it looks like")}</h2>
                    <p class="card-sub">
                        {tr!(
                            "Poucas linhas suas, lidas pelo rascunho. Ainda não está em uso.",
                            "A few rows of yours, read with the draft. It is not in use yet."
                        )}
                    </p>
                </div>
                {good
                    .then(|| {
                        view! {
                            <form method="post" action=SaveMapping::PATH>
                                <input type="hidden" name="version" value=version.to_string() />
                                <input type="hidden" name="revision" value=revision />
                                <button class="button primary" type="submit">{tr!("Pôr em uso", "Put in use")}</button>
                            </form>
                        }
                    })}
            </header>
            {parts.into_iter().map(|part| view! { <Part part /> }).collect_view()}
            {untold}
        </section>
    }
    .into_any()
}

#[component]
fn Part(part: PreviewPart) -> impl IntoView {
    let PreviewPart { section, rows } = part;
    let body = match rows {
        Err(error) => view! { <Trouble error /> }.into_any(),
        Ok(PreviewRows { rows, skipped, lost }) => {
            let none = rows.is_empty();
            let columns = section.columns();
            let rows = rows
                .into_iter()
                .map(|cells| {
                    let cells = cells
                        .into_iter()
                        .zip(columns)
                        .map(|(cell, column)| view! { <td data-label=*column><bdi class="preview-cell">{cell}</bdi></td> })
                        .collect_view();
                    view! { <tr>{cells}</tr> }
                })
                .collect_view();
            view! {
                {(!lost.is_empty())
                    .then(|| {
                        view! {
                            <p class="field-error">
                                {tr!(
                                    format!("A tabela não tem: {}. O que vinha daí fica de fora.", lost.join(", ")),
                                    format!(
                                        "The table does not have: {}. What came from it is left out.",
                                        lost.join(", ")
                                    )
                                )}
                            </p>
                        }
                    })}
                {(skipped > 0)
                    .then(|| {
                        view! {
                            <p class="soft">{unread(skipped)}</p>
                        }
                    })}
                {if none {
                    view! { <p class="soft">{tr!("Nenhuma linha aqui.", "No rows here.")}</p> }.into_any()
                } else {
                    view! { <Rows columns=columns>{rows}</Rows> }.into_any()
                }}
            }
            .into_any()
        }
    };
    view! { <section class="preview-part"><h3>{section.title()}</h3>{body}</section> }.into_any()
}

/// How many rows could not be read.
fn unread(skipped: usize) -> String {
    match skipped {
        1 => tr!(
            "1 linha não pôde ser lida (um grupo, ou sem o que identifica a linha).",
            "1 row could not be read (a group, or a row without its ID)."
        )
        .to_owned(),
        many => tr!(
            format!("{many} linhas não puderam ser lidas (grupos, ou sem o que identifica a linha)."),
            format!("{many} rows could not be read (groups, or rows without their ID).")
        ),
    }
}
