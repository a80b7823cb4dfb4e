//! `/console`: the fleet at a glance, with search, filter and pages that work without script.

use super::{FleetFilter, FleetPage, fleet, fleet_table::FleetTable};
use crate::ui::{Empty, Field, Pager, Select, Skeleton, Trouble, address, never};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

const PATH: &str = "/console";

/// `/console?search=…&state=…&after=…|before=…`
#[component]
pub fn ConsolePage() -> impl IntoView {
    let query = use_query_map();
    let asked = move || {
        query.with(|map| {
            let given = |key| map.get(key).unwrap_or_default();
            (FleetFilter { search: given("search"), state: given("state") }, given("after"), given("before"))
        })
    };
    let page = Resource::new(asked, |(filter, after, before)| fleet(filter, after, before));
    view! {
        <Title text="Clientes" />
        <Transition fallback=|| {
            view! {
                <Heading may_manage=false />
                <section class="card"><Skeleton rows=12 label="Carregando os clientes" /></section>
            }
        }>
            {move || {
                let (filter, ..) = asked();
                Suspend::new(async move {
                    match page.await {
                        Ok(page) => view! { <Fleet page filter /> }.into_any(),
                        Err(error) => {
                            view! {
                                <Heading may_manage=false />
                                <section class="card"><Trouble error /></section>
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
        <header class="page-head">
            <div>
                <h1>"Clientes"</h1>
                <p class="page-sub">"Estado, conexões e contagens. O conteúdo de um cliente não aparece aqui."</p>
            </div>
            {may_manage
                .then(|| {
                    view! {
                        <p class="page-steps">
                            <a class="button" href="/console/audit">"Auditoria"</a>
                            <a class="button" href="/console/staff">"Equipe da agência"</a>
                            <a class="button primary" href="/console/new">"Novo cliente"</a>
                        </p>
                    }
                })}
        </header>
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
    let previous = page.previous.map(|cursor| (to("before", &cursor), "← Anteriores"));
    let next = page.next.map(|cursor| (to("after", &cursor), "Seguintes →"));
    let rows = if page.rows.is_empty() {
        view! {
            <section class="card">
                <Empty
                    title="Nenhum cliente encontrado"
                    text="Nada combina com esta busca. Procure por parte do nome, do nome curto ou do domínio."
                    step=("Ver todos", PATH)
                />
            </section>
        }
        .into_any()
    } else {
        view! { <section class="card flush"><FleetTable rows=page.rows /></section> }.into_any()
    };
    view! {
        <Heading may_manage />
        <div class="figures three">
            <Count label="Clientes" count=page.total />
            <Count label="Suspensos" count=page.suspended />
            <Count label="Sem projeto" count=page.unconnected />
        </div>
        <Search filter />
        {rows}
        <Pager label="Páginas de clientes" newer=previous older=next />
    }
    .into_any()
}

#[component]
fn NoneYet(may_manage: bool) -> impl IntoView {
    if may_manage {
        return view! {
            <Empty
                title="Nenhum cliente ainda"
                text="Crie o primeiro: a pessoa convidada define a própria senha e liga o projeto Supabase dela."
                step=("Novo cliente", "/console/new")
            />
        }
        .into_any();
    }
    view! { <Empty title="Nenhum cliente ainda" text="Quem responde pela agência cria o primeiro." /> }.into_any()
}

#[component]
fn Count(label: &'static str, count: u64) -> impl IntoView {
    view! {
        <div class="card figure">
            <p class="figure-label">{label}</p>
            <p class="figure-now">{count}</p>
        </div>
    }
}

#[component]
fn Search(filter: FleetFilter) -> impl IntoView {
    let states = [("", "Todos"), ("active", "Ativos"), ("suspended", "Suspensos")];
    let options = states.map(|(word, label)| (word.to_owned(), label.to_owned())).to_vec();
    view! {
        <form class="filter" method="get" action=PATH role="search" aria-label="Procurar clientes">
            <Field
                id="search"
                name="search"
                label="Procurar"
                kind="search"
                value=filter.search
                placeholder="nome, nome curto ou domínio"
                error=never()
            />
            <Select id="state" name="state" label="Estado" options value=filter.state error=never() />
            <button class="button" type="submit">"Procurar"</button>
        </form>
    }
}
