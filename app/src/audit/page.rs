//! `/settings/audit` and `/console/audit`: what was done in the tenant or in the agency, filtered by plain links and a plain form.

use super::{AuditFilter, AuditPage, AuditRow, Whose, read_agency_audit, read_audit};
use crate::{
    error::AppError,
    ui::{Empty, Field, Moment, Pager, Rows, Select, Skeleton, StatusBadge, Trouble, address, or_dash},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// `/settings/audit?kind=…&who=…&from=…&to=…&before=…`, and `/console/audit` with the same.
#[component]
pub fn AuditTrailPage(
    /// Whose trail.
    whose: Whose,
) -> impl IntoView {
    let query = use_query_map();
    let asked = move || {
        query.with(|map| {
            let given = |key| map.get(key).unwrap_or_default();
            let filter = AuditFilter { kind: given("kind"), who: given("who"), from: given("from"), to: given("to") };
            (filter, given("before"))
        })
    };
    let page = Resource::new(asked, move |(filter, before)| async move {
        match whose {
            Whose::Tenant => read_audit(filter, before).await,
            Whose::Agency => read_agency_audit(filter, before).await,
        }
    });
    view! {
        <Title text="Auditoria" />
        <Transition fallback=move || {
            view! {
                <Heading whose csv=None />
                <section class="card"><Skeleton rows=12 label="Carregando a auditoria" /></section>
            }
        }>
            {move || {
                let (filter, before) = asked();
                Suspend::new(async move {
                    match page.await {
                        Ok(page) => view! { <Trail whose page filter later=!before.is_empty() /> }.into_any(),
                        Err(error @ AppError::Invalid(_)) => view! { <Refused whose error filter /> }.into_any(),
                        Err(error) => {
                            view! {
                                <Heading whose csv=None />
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
fn Heading(whose: Whose, csv: Option<String>) -> impl IntoView {
    let (title, words) = match whose {
        Whose::Tenant => (
            "Auditoria",
            "O que foi feito aqui, por quem e de onde. Cada registro se encadeia ao anterior: nenhum muda ou some sem que \
             se perceba.",
        ),
        Whose::Agency => (
            "Auditoria da agência",
            "O que a agência fez: clientes criados e mudados, a própria equipe e as entradas dela. O que se faz dentro de \
             um cliente fica na auditoria dele.",
        ),
    };
    view! {
        <header class="page-head">
            <div>
                <h1>{title}</h1>
                <p class="page-sub">{words}</p>
            </div>
            // External: files, not pages of the application.
            {csv
                .map(|csv| {
                    view! {
                        <div class="page-steps">
                            <a class="button" href=csv download rel="external">"Baixar CSV"</a>
                            {(whose == Whose::Tenant)
                                .then(|| {
                                    view! {
                                        <a class="button" href="/settings/export.json" download rel="external">
                                            "Baixar configurações"
                                        </a>
                                    }
                                })}
                        </div>
                    }
                })}
        </header>
    }
}

/// A filter that was refused: its errors stand at its fields.
#[component]
fn Refused(whose: Whose, error: AppError, filter: AuditFilter) -> impl IntoView {
    let kinds = [filter.kind.clone()].into_iter().filter(|kind| !kind.is_empty()).map(|kind| (kind.clone(), kind));
    view! {
        <Heading whose csv=None />
        <div class="notice" data-tone="bad" role="alert"><strong>{error.title()}</strong></div>
        <Filter whose kinds=kinds.collect() filter error=Some(error) />
    }
}

#[component]
pub(crate) fn Trail(whose: Whose, page: AuditPage, filter: AuditFilter, later: bool) -> impl IntoView {
    let to = |path: &str, before: &str| {
        let AuditFilter { kind, who, from, to } = &filter;
        address(path, &[("kind", kind), ("who", who), ("from", from), ("to", to), ("before", before)])
    };
    let csv = to(&format!("{}.csv", whose.path()), "");
    let newer = later.then(|| (to(whose.path(), ""), "← Mais recentes"));
    let older = page.older.map(|cursor| (to(whose.path(), &cursor), "Mais antigos →"));
    let rows = if page.rows.is_empty() {
        view! { <section class="card"><Nothing whose filtered=filter != AuditFilter::default() /></section> }.into_any()
    } else {
        view! { <section class="card flush"><Events rows=page.rows /></section> }.into_any()
    };
    view! {
        <Heading whose csv=Some(csv) />
        <Filter whose kinds=page.kinds filter error=None />
        {rows}
        <Pager label="Páginas da auditoria" newer older />
    }
}

#[component]
fn Filter(whose: Whose, kinds: Vec<(String, String)>, filter: AuditFilter, error: Option<AppError>) -> impl IntoView {
    let mut options = vec![(String::new(), "Tudo".to_owned())];
    options.extend(kinds);
    let at = move |field: &str| {
        let message = error.as_ref().and_then(|error| error.at(field));
        Signal::derive(move || message.clone())
    };
    view! {
        <form class="filter" method="get" action=whose.path() role="search" aria-label="Filtrar a auditoria">
            <Select id="kind" name="kind" label="O quê" options value=filter.kind error=at("kind") />
            <Field id="who" name="who" label="Quem" kind="search" value=filter.who placeholder="nome ou e-mail" error=at("who") />
            <Field id="from" name="from" label="De" kind="date" value=filter.from error=at("from") />
            <Field id="to" name="to" label="Até" kind="date" value=filter.to error=at("to") />
            <button class="button" type="submit">"Filtrar"</button>
        </form>
    }
}

#[component]
fn Nothing(whose: Whose, filtered: bool) -> impl IntoView {
    if filtered {
        return view! {
            <Empty title="Nada com estes filtros" text="Nenhum registro combina com todos eles." step=("Ver tudo", whose.path()) />
        }
        .into_any();
    }
    view! {
        <Empty title="Nada registrado ainda" text="Entradas, convites e mudanças nas conexões aparecem aqui quando acontecem." />
    }
    .into_any()
}

#[component]
fn Events(rows: Vec<AuditRow>) -> impl IntoView {
    let rows = rows
        .into_iter()
        .map(|row| {
            view! {
                <tr>
                    <td data-label="Quando"><Moment when=row.when /></td>
                    <td data-label="Quem"><bdi>{row.who}</bdi></td>
                    <td data-label="O quê"><StatusBadge status=row.what /></td>
                    <td data-label="Detalhe" class="rows-long"><bdi>{or_dash(row.detail)}</bdi></td>
                    <td data-label="De onde" class="audit-source soft">{or_dash(row.source)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Rows columns=&["Quando", "Quem", "O quê", "Detalhe", "De onde"] class="audit">
            {rows}
        </Rows>
    }
}
