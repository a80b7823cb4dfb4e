//! The chooser: which of their tenants somebody enters.

use super::{Choose, Place, list_places};
use crate::{
    tr,
    ui::{Empty, Outcome, PageHead, Skeleton, or_trouble, refusal, use_query},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;

/// From how many places on one may search.
const MANY: usize = 8;

/// `/choose?q=…`
#[component]
pub fn ChoosePage() -> impl IntoView {
    let query = use_query();
    let wanted = Memo::new(move |_| query.with(|query| query.get("q").unwrap_or_default()));
    let places = Resource::new(|| (), |()| list_places());
    view! {
        <Title text=tr!("Escolher painel", "Choose a dashboard") />
        <PageHead
            title=tr!("Escolha o painel", "Choose a dashboard")
            sub=tr!(
                "Você participa de mais de um. Dá para trocar a qualquer momento.",
                "You belong to more than one. You can switch at any time.",
            )
        />
        <Outcome error=refusal(&[Choose::PATH]) words=|_| None />
        <Transition fallback=|| {
            view! {
                <section class="card">
                    <Skeleton rows=4 label=tr!("Carregando os painéis", "Loading the dashboards") />
                </section>
            }
        }>
            {move || Suspend::new(async move {
                or_trouble(places.await, |places| view! { <Places places wanted=wanted.get() /> })
            })}
        </Transition>
    }
}

#[component]
fn Places(places: Vec<Place>, wanted: String) -> impl IntoView {
    if places.is_empty() {
        return view! {
            <section class="card">
                <Empty
                    title=tr!("Nenhum painel ainda", "No dashboard yet")
                    text=tr!(
                        "Você ainda não participa de nenhum painel. Peça um convite à sua agência.",
                        "You do not belong to any dashboard yet. Ask your agency for an invitation."
                    )
                />
            </section>
        }
        .into_any();
    }
    let many = places.len() > MANY;
    let found: Vec<Place> = places.into_iter().filter(|place| matches(place, &wanted)).collect();
    let none = found.is_empty();
    view! {
        {many
            .then(|| {
                view! {
                    <form class="search" method="get" action="/choose" role="search">
                        <label for="q">{tr!("Procurar", "Search")}</label>
                        <input id="q" name="q" type="search" autocomplete="off" value=wanted />
                        <button class="button" type="submit">{tr!("Procurar", "Search")}</button>
                    </form>
                }
            })}
        {none
            .then(|| {
                view! {
                    <section class="card">
                        <Empty
                            title=tr!("Nenhum painel com esse nome", "No dashboard with this name")
                            text=tr!("Confira como se escreve.", "Check the spelling.")
                            step=(tr!("Ver todos", "See all"), "/choose")
                        />
                    </section>
                }
            })}
        <ul class="places">{found.into_iter().map(|place| view! { <Choice place /> }).collect_view()}</ul>
    }
    .into_any()
}

#[component]
fn Choice(place: Place) -> impl IntoView {
    let sub = match (&place.suspended, place.current) {
        (Some(reason), _) if reason.is_empty() => tr!("suspenso", "suspended").to_owned(),
        (Some(reason), _) => tr!(format!("suspenso: {reason}"), format!("suspended: {reason}")),
        (None, true) => format!("{} · {}", place.role.label(), tr!("aberto agora", "open now")),
        (None, false) => place.role.label().to_owned(),
    };
    view! {
        <li>
            <form method="post" action=Choose::PATH>
                <input type="hidden" name="slug" value=place.slug />
                <button
                    class="place"
                    data-row
                    type="submit"
                    disabled=place.suspended.is_some()
                    aria-current=place.current.then_some("true")
                >
                    <span class="face" data-hue=place.hue.as_str() aria-hidden="true">{place.initial}</span>
                    <span class="place-words">
                        <strong>{place.name}</strong>
                        <span>{sub}</span>
                    </span>
                </button>
            </form>
        </li>
    }
}

/// By name, or by short name: that one has no accents, which few people type into a search.
fn matches(place: &Place, wanted: &str) -> bool {
    let wanted = wanted.trim().to_lowercase();
    place.name.to_lowercase().contains(&wanted) || place.slug.replace('-', " ").contains(&wanted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::{Hue, Role};

    #[test]
    fn a_place_is_found_with_and_without_accents() {
        let place = Place {
            slug: "clinica-sao-luis".to_owned(),
            name: "Clínica São Luís".to_owned(),
            initial: "C".to_owned(),
            hue: Hue::Teal,
            role: Role::Viewer,
            suspended: None,
            current: false,
        };
        for wanted in ["", " ", "clínica", "CLÍNICA SÃO", "sao luis", " luís "] {
            assert!(matches(&place, wanted), "{wanted:?}");
        }
        for wanted in ["padaria", "são pedro"] {
            assert!(!matches(&place, wanted), "{wanted:?}");
        }
    }
}
