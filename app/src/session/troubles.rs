//! What stands above every page of a tenant's admins while a connection does not work. It goes by itself when the
//! connection works again: there is nothing to tick off.

use super::BrokenConnection;
use crate::{tr, ui::Moment};
use leptos::prelude::*;

/// The page with the cards, whose feature this one must not import.
const CARDS: &str = "/settings/credentials";

/// The notice, one line a connection.
#[component]
pub(super) fn Troubles(troubles: Vec<BrokenConnection>) -> impl IntoView {
    let lines = troubles
        .into_iter()
        .map(|trouble| {
            let BrokenConnection { card, words, since } = trouble;
            view! {
                <li>
                    <span>{words} {tr!(", desde ", ", since ")} <Moment when=since /> "."</span>
                    // External: the browser itself goes to the card.
                    <a href=format!("{CARDS}#{card}") rel="external">{tr!("Ver o que fazer", "See what to do")}</a>
                </li>
            }
        })
        .collect_view();
    view! {
        <section
            class="notice troubles"
            data-tone="bad"
            aria-label=tr!("Conexões que não funcionam", "Connections that do not work")
        >
            <ul>{lines}</ul>
        </section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        access::{Need, need},
        session::Permission,
    };

    #[test]
    fn the_way_leads_to_where_it_is_mended() {
        assert_eq!(need(CARDS), Some(Need::Tenant(Permission::KeepCredentials)));
    }
}
