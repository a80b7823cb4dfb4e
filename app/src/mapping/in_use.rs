//! What is read now, in words.

use super::{EditMapping, InUse, PartInUse};
use crate::{
    tr,
    ui::{Moment, by},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// The card.
#[component]
pub(super) fn Current(
    /// What is read now.
    in_use: InUse,
    /// Whether a draft is open already.
    editing: bool,
) -> impl IntoView {
    let InUse { version, saved, by: who, parts } = in_use;
    let title = if version == 0 {
        tr!("Em uso: as tabelas padrão", "In use: the default tables").to_owned()
    } else {
        tr!(format!("Em uso: versão {version}"), format!("In use: version {version}"))
    };
    view! {
        <section class="card" aria-labelledby="in-use">
            <header class="card-head">
                <div>
                    <h2 id="in-use">{title}</h2>
                    {saved
                        .map(|when| {
                            view! {
                                <p class="card-sub">
                                    {tr!("desde ", "since ")} <Moment when /> {by(&who)}
                                </p>
                            }
                        })}
                </div>
                {(!editing)
                    .then(|| {
                        view! {
                            <form method="post" action=EditMapping::PATH>
                                <button class="button" type="submit">{tr!("Editar", "Edit")}</button>
                            </form>
                        }
                    })}
            </header>
            <div class="mapped">{parts.into_iter().map(|part| view! { <Part part /> }).collect_view()}</div>
        </section>
    }
    .into_any()
}

#[component]
fn Part(part: PartInUse) -> impl IntoView {
    let PartInUse { section, source, values } = part;
    view! {
        <section class="mapped-part">
            <h3>{section.title()}</h3>
            <p class="soft">{source}</p>
            <dl class="mapped-values">
                {values
                    .into_iter()
                    .map(|(what, place)| view! { <div><dt>{what}</dt><dd><code>{place}</code></dd></div> })
                    .collect_view()}
            </dl>
        </section>
    }
    .into_any()
}
