//! What stands above every page while somebody of the agency is inside a tenant: no one is there unseen.

use super::Glass;
use crate::tr;
use leptos::prelude::*;

/// Where the one inside leaves it: the console's server function, whose feature this one must not import.
const END: &str = "/api/console/end_break_glass";

/// The banner, for the one inside or for the tenant's members.
#[component]
pub(super) fn GlassBanner(tenant: String, glass: Glass) -> impl IntoView {
    let inside = glass.who.is_empty();
    view! {
        <section class="notice glass" data-tone="warn" aria-label=tr!("Acesso da agência", "Agency access")>
            <p class="glass-words">{words(&tenant, &glass)}</p>
            {inside
                .then(|| {
                    view! {
                        <form method="post" action=END>
                            <button class="button" type="submit">
                                {tr!("Sair do painel do cliente", "Leave the client’s dashboard")}
                            </button>
                        </form>
                    }
                })}
        </section>
    }
    .into_any()
}

fn words(tenant: &str, glass: &Glass) -> String {
    let Glass { who, until, reason } = glass;
    if who.is_empty() {
        tr!(
            format!("Você está dentro de {tenant} {until}: só leitura. Motivo: {reason}"),
            format!("You are inside {tenant} {until}: read only. Reason: {reason}")
        )
    } else {
        tr!(
            format!("{who}, da agência, tem acesso de leitura {until}. Motivo: {reason}"),
            format!("{who}, from the agency, has read access {until}. Reason: {reason}")
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        access::{Need, need},
        session::Permission,
    };

    #[test]
    fn the_way_out_is_the_consoles() {
        assert_eq!(need(END), Some(Need::Agency(Permission::BreakGlass)));
    }

    #[test]
    fn each_side_reads_its_own_words() {
        let glass = |who: &str| Glass {
            who: who.to_owned(),
            until: "até 14:32".to_owned(),
            reason: "A cliente pediu ajuda com a agenda.".to_owned(),
        };
        assert_eq!(
            words("Clínica Exemplo", &glass("")),
            "Você está dentro de Clínica Exemplo até 14:32: só leitura. Motivo: A cliente pediu ajuda com a agenda."
        );
        assert_eq!(
            words("Clínica Exemplo", &glass("Rui")),
            "Rui, da agência, tem acesso de leitura até 14:32. Motivo: A cliente pediu ajuda com a agenda."
        );
    }
}
