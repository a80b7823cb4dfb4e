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
    tr,
    ui::{
        Empty, Field, Moment, Outcome, PersonCell, Rows, Skeleton, SkeletonCard, Status, StatusBadge, TroubleCard, at,
        failure, instant, last_time, or_dash, refusal, successes, use_query,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

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
        <Title text=tr!("Cliente", "Client") />
        <p class="back"><a href="/console">{tr!("← Clientes", "← Clients")}</a></p>
        <Transition fallback=|| {
            view! {
                <header class="page-head">
                    <div>
                        <h1>{tr!("Cliente", "Client")}</h1>
                        <p class="page-sub"></p>
                    </div>
                </header>
                <div class="columns">
                    <section class="card">
                        <Skeleton rows=6 label=tr!("Carregando o cliente", "Loading the client") />
                    </section>
                    <SkeletonCard rows=6 />
                </div>
                <SkeletonCard rows=3 class="part" />
            }
        }>
            {move || Suspend::new(async move {
                match detail.await {
                    Ok(detail) => view! { <Whole detail error edit /> }.into_any(),
                    Err(error) => {
                        view! {
                            <header class="page-head"><h1>{tr!("Cliente", "Client")}</h1></header>
                            <TroubleCard error />
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
        "created" => tr!("Cliente criado.", "Client created."),
        "invited" => tr!("Convite criado.", "Invitation created."),
        "edited" => tr!("Mudanças guardadas.", "Changes saved."),
        "suspended" => tr!(
            "Cliente suspenso. As pessoas dele leem o motivo a partir do próximo clique.",
            "Client suspended. Its people read the reason from their next click on.",
        ),
        "resumed" => {
            tr!("Cliente reativado. As pessoas dele já podem entrar.", "Client restored. Its people can enter again.",)
        }
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
    let query = use_query();
    let first = if by_mail {
        tr!(
            "O convite já foi por e-mail ao primeiro admin.",
            "The invitation has already gone by email to the first admin.",
        )
    } else {
        tr!("Envie o link do convite ao primeiro admin.", "Send the invitation link to the first admin.")
    };
    move || {
        query.with(|map| map.get("done").is_some_and(|done| done == "created")).then(|| {
            view! {
                <section class="card" aria-labelledby="next-steps">
                    <h2 id="next-steps">{tr!("Os próximos passos", "The next steps")}</h2>
                    <ol class="next-steps">
                        <li>{first}</li>
                        <li>
                            {tr!(
                                "A pessoa abre o link e define a própria senha.",
                                "They open the link and set their own password.",
                            )}
                        </li>
                        <li>
                            {tr!(
                                "Em Conexões, ela guarda o endereço e a chave pública do Supabase. A visão geral \
                                 aparece em seguida.",
                                "In Connections, they save the Supabase address and public key. The overview appears \
                                 right after.",
                            )}
                        </li>
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
            <h2 id="facts">{tr!("Dados", "Details")}</h2>
            <dl class="facts">
                {detail
                    .suspended_reason
                    .map(|reason| {
                        let label = tr!("Motivo da suspensão", "Reason for suspension");
                        fact(label, view! { <bdi>{reason}</bdi> }.into_any())
                    })}
                {fact(tr!("Plano", "Plan"), view! { <bdi>{or_dash(row.plan)}</bdi> }.into_any())}
                {fact(tr!("Domínio", "Domain"), view! { <bdi>{or_dash(detail.domain)}</bdi> }.into_any())}
                {fact(tr!("Fuso horário", "Time zone"), detail.timezone.into_any())}
                {fact(tr!("Membros", "Members"), row.members.into_any())}
                {fact(tr!("Último dado", "Latest data"), instant(row.last_data))}
                {fact(tr!("Chave feita", "Key created"), instant(row.key_made))}
                {fact(tr!("Cliente desde", "Client since"), view! { <Moment when=detail.created /> }.into_any())}
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
            <h2 id="providers">{tr!("Conexões", "Connections")}</h2>
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
            <Empty
                title=tr!("Ninguém entrou ainda", "Nobody has joined yet")
                text=tr!(
                    "O primeiro admin aparece aqui quando aceitar o convite.",
                    "The first admin appears here after accepting the invitation.",
                )
            />
        }
        .into_any()
    } else {
        let rows = members
            .into_iter()
            .map(|member| {
                view! {
                    <tr data-row tabindex="-1">
                        <PersonCell name=member.name email=member.email />
                        <td data-label=tr!("Papel", "Role")>{member.role}</td>
                        <td data-label=tr!("Última entrada", "Last sign-in")>{last_time(member.last_login)}</td>
                    </tr>
                }
            })
            .collect_view();
        view! {
            <Rows columns=tr!(&["Pessoa", "Papel", "Última entrada"], &["Person", "Role", "Last sign-in"])>{rows}</Rows>
        }
        .into_any()
    };
    view! {
        <section class="card flush part" aria-labelledby="members">
            <h2 id="members">{tr!("Pessoas", "People")}</h2>
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
            <summary>{tr!("Convidar um admin…", "Invite an admin…")}</summary>
            <form method="post" action=InviteAdmin::PATH>
                <input type="hidden" name="slug" value=slug />
                <Field
                    id="admin-email"
                    name="email"
                    label=tr!("E-mail", "Email")
                    kind="email"
                    hint=tr!(
                        "O link anterior para o mesmo e-mail deixa de valer.",
                        "The earlier link for the same email stops working.",
                    )
                    required=true
                    error=at(error, "email")
                />
                <button class="button" type="submit">{tr!("Convidar", "Invite")}</button>
            </form>
        </details>
    }
}
