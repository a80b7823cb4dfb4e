//! `/settings/audit` and `/console/audit`: what was done in the tenant or in the agency, filtered by plain links and a plain form.

use super::{AuditFilter, AuditPage, AuditRow, Whose, read_agency_audit, read_audit};
use crate::{
    error::AppError,
    tr,
    ui::{
        Download, Empty, Field, Moment, PageHead, Pager, Rows, Select, Skeleton, StatusBadge, TroubleCard, address,
        or_dash, use_query,
    },
};
use leptos::prelude::*;
use leptos_meta::Title;

/// `/settings/audit?kind=…&who=…&from=…&to=…&before=…`, and `/console/audit` with the same.
#[component]
pub fn AuditTrailPage(
    /// Whose trail.
    whose: Whose,
) -> impl IntoView {
    let query = use_query();
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
        <Title text=tr!("Auditoria", "Audit trail") />
        <Transition fallback=move || {
            let (filter, _) = asked();
            view! {
                <Heading whose csv=None />
                <Filter whose kinds=chosen(&filter) filter error=None />
                <section class="card flush">
                    <Skeleton
                        rows=12
                        label=tr!("Carregando a auditoria", "Loading the audit trail")
                        table=true
                    />
                </section>
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
fn Heading(whose: Whose, csv: Option<String>) -> impl IntoView {
    let (title, words) = match whose {
        Whose::Tenant => (
            tr!("Auditoria", "Audit trail"),
            tr!(
                "O que foi feito aqui, por quem e de onde. Cada registro se encadeia ao anterior: nenhum muda ou some \
                 sem que se perceba.",
                "What was done here, by whom and from where. Each record is chained to the one before: none can \
                 change or vanish unnoticed."
            ),
        ),
        Whose::Agency => (
            tr!("Auditoria da agência", "The agency’s audit trail"),
            tr!(
                "O que a agência fez: clientes criados e mudados, a própria equipe e as entradas dela. O que se faz \
                 dentro de um cliente fica na auditoria dele.",
                "What the agency did: clients created and changed, its own team and their sign-ins. What is done \
                 inside a client stays in that client’s audit trail."
            ),
        ),
    };
    view! {
        <PageHead title sub=words>
            // External: files, not pages of the application.
            {csv
                .map(|csv| {
                    view! {
                        <div class="page-steps">
                            <Download href=csv label=tr!("Baixar CSV", "Download CSV") />
                            {(whose == Whose::Tenant)
                                .then(|| {
                                    view! {
                                        <a class="button" href="/settings/export.json" download rel="external">
                                            {tr!("Baixar configurações", "Download settings")}
                                        </a>
                                    }
                                })}
                        </div>
                    }
                })}
        </PageHead>
    }
}

/// A filter that was refused: its errors stand at its fields.
#[component]
fn Refused(whose: Whose, error: AppError, filter: AuditFilter) -> impl IntoView {
    let kinds = chosen(&filter);
    view! {
        <Heading whose csv=None />
        <div class="notice" data-tone="bad" role="alert"><strong>{error.title()}</strong></div>
        <Filter whose kinds filter error=Some(error) />
    }
}

/// The kind that was chosen, by its own word: the others' names are not known before the trail is read.
fn chosen(filter: &AuditFilter) -> Vec<(String, String)> {
    let kind = filter.kind.clone();
    if kind.is_empty() { Vec::new() } else { vec![(kind.clone(), kind)] }
}

#[component]
pub(crate) fn Trail(whose: Whose, page: AuditPage, filter: AuditFilter, later: bool) -> impl IntoView {
    let to = |path: &str, before: &str| {
        let AuditFilter { kind, who, from, to } = &filter;
        address(path, &[("kind", kind), ("who", who), ("from", from), ("to", to), ("before", before)])
    };
    let csv = to(&format!("{}.csv", whose.path()), "");
    let newer = later.then(|| (to(whose.path(), ""), tr!("← Mais recentes", "← Newer")));
    let older = page.older.map(|cursor| (to(whose.path(), &cursor), tr!("Mais antigos →", "Older →")));
    let rows = if page.rows.is_empty() {
        view! { <section class="card"><Nothing whose filtered=filter != AuditFilter::default() /></section> }.into_any()
    } else {
        view! { <section class="card flush"><Events rows=page.rows /></section> }.into_any()
    };
    view! {
        <Heading whose csv=Some(csv) />
        <Filter whose kinds=page.kinds filter error=None />
        {rows}
        <Pager label=tr!("Páginas da auditoria", "Pages of the audit trail") newer older />
    }
}

#[component]
fn Filter(whose: Whose, kinds: Vec<(String, String)>, filter: AuditFilter, error: Option<AppError>) -> impl IntoView {
    let mut options = vec![(String::new(), tr!("Tudo", "Everything").to_owned())];
    options.extend(kinds);
    let at = move |field: &str| {
        let message = error.as_ref().and_then(|error| error.at(field));
        Signal::derive(move || message.clone())
    };
    view! {
        <form
            class="filter"
            method="get"
            action=whose.path()
            role="search"
            aria-label=tr!("Filtrar a auditoria", "Filter the audit trail")
        >
            <Select id="kind" name="kind" label=tr!("O quê", "What") options value=filter.kind error=at("kind") />
            <Field
                id="who"
                name="who"
                label=tr!("Quem", "Who")
                kind="search"
                value=filter.who
                placeholder=tr!("nome ou e-mail", "name or email")
                error=at("who")
            />
            <Field id="from" name="from" label=tr!("De", "From") kind="date" value=filter.from error=at("from") />
            <Field id="to" name="to" label=tr!("Até", "Until") kind="date" value=filter.to error=at("to") />
            <button class="button" type="submit">{tr!("Filtrar", "Filter")}</button>
        </form>
    }
}

#[component]
fn Nothing(whose: Whose, filtered: bool) -> impl IntoView {
    if filtered {
        return view! {
            <Empty
                title=tr!("Nada com estes filtros", "Nothing with these filters")
                text=tr!("Nenhum registro combina com todos eles.", "No record matches all of them.")
                step=(tr!("Ver tudo", "Show everything"), whose.path())
            />
        }
        .into_any();
    }
    view! {
        <Empty
            title=tr!("Nada registrado ainda", "Nothing recorded yet")
            text=tr!(
                "Entradas, convites e mudanças nas conexões aparecem aqui quando acontecem.",
                "Sign-ins, invitations and changes to connections appear here as they happen.",
            )
        />
    }
    .into_any()
}

#[component]
fn Events(rows: Vec<AuditRow>) -> impl IntoView {
    let rows = rows
        .into_iter()
        .map(|row| {
            view! {
                <tr data-row tabindex="-1">
                    <td data-label=tr!("Quando", "When")><Moment when=row.when /></td>
                    <td data-label=tr!("Quem", "Who")><bdi>{row.who}</bdi></td>
                    <td data-label=tr!("O quê", "What")><StatusBadge status=row.what /></td>
                    <td data-label=tr!("Detalhe", "Detail") class="rows-long"><bdi>{or_dash(row.detail)}</bdi></td>
                    <td data-label=tr!("De onde", "Where from") class="audit-source soft">{or_dash(row.source)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Rows
            columns=tr!(
                &["Quando", "Quem", "O quê", "Detalhe", "De onde"],
                &["When", "Who", "What", "Detail", "Where from"],
            )
            class="audit"
        >
            {rows}
        </Rows>
    }
}
