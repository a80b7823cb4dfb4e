//! `/console`: the fleet at a glance, with search, filter and pages that work without script.

use super::{FleetFilter, FleetPage, fleet, fleet_table::FleetTable};
use crate::{
    tr,
    ui::{Empty, Field, PageHead, Pager, Select, Skeleton, TroubleCard, address, never, use_query},
};
use leptos::prelude::*;
use leptos_meta::Title;

const PATH: &str = "/console";

/// `/console?search=…&state=…&after=…|before=…`
#[component]
pub fn ConsolePage() -> impl IntoView {
    let query = use_query();
    let asked = move || {
        query.with(|map| {
            let given = |key| map.get(key).unwrap_or_default();
            (FleetFilter { search: given("search"), state: given("state") }, given("after"), given("before"))
        })
    };
    let page = Resource::new(asked, |(filter, after, before)| fleet(filter, after, before));
    view! {
        <Title text=tr!("Clientes", "Clients") />
        <Transition fallback=move || view! { <Loading filter=asked().0 /> }>
            {move || {
                let (filter, ..) = asked();
                Suspend::new(async move {
                    match page.await {
                        Ok(page) => view! { <Fleet page filter /> }.into_any(),
                        Err(error) => {
                            view! {
                                <Heading may_manage=false />
                                <TroubleCard error />
                            }
                                .into_any()
                        }
                    }
                })
            }}
        </Transition>
    }
}

#[component]
fn Heading(may_manage: bool) -> impl IntoView {
    view! {
        <PageHead
            title=tr!("Clientes", "Clients")
            sub=tr!(
                "Estado, conexões e contagens. O conteúdo de um cliente não aparece aqui.",
                "Status, connections and counts. A client’s content does not appear here.",
            )
        >
            {may_manage
                .then(|| {
                    view! {
                        <p class="page-steps">
                            <a class="button" href="/console/audit">{tr!("Auditoria", "Audit trail")}</a>
                            <a class="button" href="/console/staff">{tr!("Equipe da agência", "Agency team")}</a>
                            <a class="button primary" href="/console/new">{tr!("Novo cliente", "New client")}</a>
                        </p>
                    }
                })}
        </PageHead>
    }
}

#[component]
pub(super) fn Fleet(page: FleetPage, filter: FleetFilter) -> impl IntoView {
    let may_manage = page.may_manage;
    if page.total == 0 {
        return view! {
            <Heading may_manage />
            <section class="card"><NoneYet may_manage /></section>
        }
        .into_any();
    }
    let to = |key: &'static str, cursor: &str| {
        address(PATH, &[("search", &filter.search), ("state", &filter.state), (key, cursor)])
    };
    let previous = page.previous.map(|cursor| (to("before", &cursor), tr!("← Anteriores", "← Previous")));
    let next = page.next.map(|cursor| (to("after", &cursor), tr!("Seguintes →", "Next →")));
    let rows = if page.rows.is_empty() {
        view! {
            <section class="card">
                <Empty
                    title=tr!("Nenhum cliente encontrado", "No clients found")
                    text=tr!(
                        "Nada combina com esta busca. Procure por parte do nome, do nome curto ou do domínio.",
                        "Nothing matches this search. Search for part of the name, short name or domain.",
                    )
                    step=(tr!("Ver todos", "Show all"), PATH)
                />
            </section>
        }
        .into_any()
    } else {
        view! { <section class="card flush"><FleetTable rows=page.rows /></section> }.into_any()
    };
    view! {
        <Heading may_manage />
        <Counts counts=[page.total, page.suspended, page.unconnected].map(|count| count.to_string()) />
        <Search filter />
        {rows}
        <Pager label=tr!("Páginas de clientes", "Pages of clients") newer=previous older=next />
    }
    .into_any()
}

/// The same page before it is read: what is known stands where it will.
#[component]
fn Loading(filter: FleetFilter) -> impl IntoView {
    view! {
        <Heading may_manage=false />
        <Counts counts=["—", "—", "—"].map(str::to_owned) />
        <Search filter />
        <section class="card flush">
            <Skeleton rows=12 label=tr!("Carregando os clientes", "Loading the clients") table=true />
        </section>
    }
}

#[component]
fn NoneYet(may_manage: bool) -> impl IntoView {
    if may_manage {
        return view! {
            <Empty
                title=tr!("Nenhum cliente ainda", "No clients yet")
                text=tr!(
                    "Crie o primeiro: a pessoa convidada define a própria senha e liga o projeto Supabase dela.",
                    "Create the first one: the person you invite sets a password and connects their Supabase project.",
                )
                step=(tr!("Novo cliente", "New client"), "/console/new")
            />
        }
        .into_any();
    }
    view! {
        <Empty
            title=tr!("Nenhum cliente ainda", "No clients yet")
            text=tr!("Quem responde pela agência cria o primeiro.", "The agency’s owner creates the first one.")
        />
    }
    .into_any()
}

/// All tenants, the suspended ones, and those without a project.
#[component]
fn Counts(counts: [String; 3]) -> impl IntoView {
    let labels = tr!(["Clientes", "Suspensos", "Sem projeto"], ["Clients", "Suspended", "Without a project"]);
    let cards = labels.into_iter().zip(counts).map(|(label, count)| {
        view! {
            <div class="card figure">
                <p class="figure-label">{label}</p>
                <p class="figure-now">{count}</p>
            </div>
        }
    });
    view! { <div class="figures three">{cards.collect_view()}</div> }
}

#[component]
fn Search(filter: FleetFilter) -> impl IntoView {
    let states =
        [("", tr!("Todos", "All")), ("active", tr!("Ativos", "Active")), ("suspended", tr!("Suspensos", "Suspended"))];
    let options = states.map(|(word, label)| (word.to_owned(), label.to_owned())).to_vec();
    view! {
        <form
            class="filter"
            method="get"
            action=PATH
            role="search"
            aria-label=tr!("Procurar clientes", "Search clients")
        >
            <Field
                id="search"
                name="search"
                label=tr!("Procurar", "Search")
                kind="search"
                value=filter.search
                placeholder=tr!("nome, nome curto ou domínio", "name, short name or domain")
                error=never()
            />
            <Select id="state" name="state" label=tr!("Estado", "Status") options value=filter.state error=never() />
            <button class="button" type="submit">{tr!("Procurar", "Search")}</button>
        </form>
    }
}
