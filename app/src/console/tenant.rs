//! `/console/tenants/:slug`: what the agency knows of one tenant and may do with it.

use super::{
    BreakGlass, EditTenant, InviteAdmin, ProviderMark, Resume, TenantDetail, TenantMember,
    change::{Edit, Standing},
    glass::Glass,
    tenant,
};
use crate::{
    error::AppError,
    links::Fresh,
    ui::{
        Empty, Field, Moment, Outcome, PersonCell, Rows, Skeleton, Status, StatusBadge, Trouble, at, failure, instant,
        or_dash, refusal, successes,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

/// `/console/tenants/:slug?done=…`
#[component]
pub fn TenantPage() -> impl IntoView {
    let params = use_params_map();
    let edit = ServerAction::<EditTenant>::new();
    let edited = successes(edit);
    let (refused, failed) =
        (refusal(&[super::Suspend::PATH, InviteAdmin::PATH, Resume::PATH, BreakGlass::PATH]), failure(edit));
    let error = Signal::derive(move || refused.get().or_else(|| failed.get()));
    // Not read again for a change of the query: a fresh link is given once.
    let detail = Resource::new(
        move || (params.with(|map| map.get("slug").unwrap_or_default()), edited.get()),
        |(slug, _)| tenant(slug),
    );
    view! {
        <Title text="Cliente" />
        <p class="back"><a href="/console">"← Clientes"</a></p>
        <Transition fallback=|| view! { <section class="card"><Skeleton rows=12 label="Carregando o cliente" /></section> }>
            {move || Suspend::new(async move {
                match detail.await {
                    Ok(detail) => view! { <Whole detail error edit /> }.into_any(),
                    Err(error) => {
                        view! {
                            <header class="page-head"><h1>"Cliente"</h1></header>
                            <section class="card"><Trouble error /></section>
                        }
                            .into_any()
                    }
                }
            })}
        </Transition>
    }
}

#[component]
pub(super) fn Whole(
    detail: TenantDetail,
    error: Signal<Option<AppError>>,
    edit: ServerAction<EditTenant>,
) -> impl IntoView {
    let row = detail.row.clone();
    let by_mail = detail.fresh.as_ref().is_some_and(|link| link.address.is_empty());
    let change = detail.may_manage.then(|| {
        view! {
            <Edit detail=detail.clone() edit />
            <Standing detail=detail.clone() />
        }
    });
    view! {
        <Heading name=row.name slug=row.slug state=row.state />
        <Outcome error words />
        {detail.fresh.clone().map(|link| view! { <Fresh link /> })}
        <NextSteps by_mail />
        <div class="columns">
            <Facts detail=detail.clone() />
            <Providers providers=row.providers />
        </div>
        <Members members=detail.members.clone() invite=detail.may_manage.then(|| detail.row.slug.clone()) />
        {change}
        <Glass detail />
    }
}

fn words(done: &str) -> Option<&'static str> {
    Some(match done {
        "created" => "Cliente criado.",
        "invited" => "Convite criado.",
        "edited" => "Mudanças guardadas.",
        "suspended" => "Cliente suspenso. As pessoas dele leem o motivo a partir do próximo clique.",
        "resumed" => "Cliente reativado. As pessoas dele já podem entrar.",
        _ => return None,
    })
}

#[component]
fn Heading(name: String, slug: String, state: Status) -> impl IntoView {
    view! {
        <header class="page-head">
            <div>
                <h1><bdi>{name}</bdi></h1>
                <p class="page-sub">{slug}</p>
            </div>
            <StatusBadge status=state />
        </header>
    }
}

/// What comes after creating a tenant, until its first dashboard.
#[component]
fn NextSteps(by_mail: bool) -> impl IntoView {
    let query = use_query_map();
    let first = if by_mail {
        "O convite já foi por e-mail ao primeiro admin."
    } else {
        "Envie o link do convite ao primeiro admin."
    };
    move || {
        query.with(|map| map.get("done").is_some_and(|done| done == "created")).then(|| {
            view! {
                <section class="card" aria-labelledby="next-steps">
                    <h2 id="next-steps">"Os próximos passos"</h2>
                    <ol class="next-steps">
                        <li>{first}</li>
                        <li>"A pessoa abre o link e define a própria senha."</li>
                        <li>"Em Conexões, ela guarda o endereço e a chave pública do Supabase. A visão geral aparece em seguida."</li>
                    </ol>
                </section>
            }
        })
    }
}

#[component]
fn Facts(detail: TenantDetail) -> impl IntoView {
    let fact = |label: &'static str, value: AnyView| view! { <div><dt>{label}</dt><dd>{value}</dd></div> };
    let row = detail.row;
    view! {
        <section class="card" aria-labelledby="facts">
            <h2 id="facts">"Dados"</h2>
            <dl class="facts">
                {detail.suspended_reason.map(|reason| fact("Motivo da suspensão", view! { <bdi>{reason}</bdi> }.into_any()))}
                {fact("Plano", view! { <bdi>{or_dash(row.plan)}</bdi> }.into_any())}
                {fact("Domínio", view! { <bdi>{or_dash(detail.domain)}</bdi> }.into_any())}
                {fact("Fuso horário", detail.timezone.into_any())}
                {fact("Membros", row.members.into_any())}
                {fact("Último dado", instant(row.last_data))}
                {fact("Chave feita", instant(row.key_made))}
                {fact("Cliente desde", view! { <Moment when=detail.created /> }.into_any())}
            </dl>
        </section>
    }
}

#[component]
fn Providers(providers: Vec<ProviderMark>) -> impl IntoView {
    let providers = providers
        .into_iter()
        .map(|mark| view! { <div><dt>{mark.label}</dt><dd><StatusBadge status=mark.health /></dd></div> })
        .collect_view();
    view! {
        <section class="card" aria-labelledby="providers">
            <h2 id="providers">"Conexões"</h2>
            <dl class="facts">{providers}</dl>
        </section>
    }
}

#[component]
fn Members(
    members: Vec<TenantMember>,
    /// The tenant's slug, when the viewer may invite an admin.
    invite: Option<String>,
) -> impl IntoView {
    let body = if members.is_empty() {
        view! {
            <Empty title="Ninguém entrou ainda" text="O primeiro admin aparece aqui quando aceitar o convite." />
        }
        .into_any()
    } else {
        let rows = members
            .into_iter()
            .map(|member| {
                view! {
                    <tr>
                        <PersonCell name=member.name email=member.email />
                        <td data-label="Papel">{member.role}</td>
                        <td data-label="Última entrada">{instant(member.last_login)}</td>
                    </tr>
                }
            })
            .collect_view();
        view! {
            <Rows columns=&["Pessoa", "Papel", "Última entrada"]>{rows}</Rows>
        }
        .into_any()
    };
    view! {
        <section class="card flush part" aria-labelledby="members">
            <h2 id="members">"Pessoas"</h2>
            {body}
            {invite.map(|slug| view! { <InviteOne slug /> })}
        </section>
    }
}

/// One more admin: for a lost first link, or a tenant whose admins are gone.
#[component]
fn InviteOne(slug: String) -> impl IntoView {
    let error = refusal(&[InviteAdmin::PATH]);
    view! {
        <details class="part-step">
            <summary>"Convidar um admin…"</summary>
            <form method="post" action=InviteAdmin::PATH>
                <input type="hidden" name="slug" value=slug />
                <Field
                    id="admin-email"
                    name="email"
                    label="E-mail"
                    kind="email"
                    hint="O link anterior para o mesmo e-mail deixa de valer."
                    required=true
                    error=at(error, "email")
                />
                <button class="button" type="submit">"Convidar"</button>
            </form>
        </details>
    }
}
