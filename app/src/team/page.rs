//! `/settings/team`: members, open invitations, and the rules for all of them. Every form is a plain one that loads the
//! page anew: what it did stands in the address, and a link it made shows once.

use super::{
    Invite, RemoveMember, RequireSecondFactor, ResetLink, SetRole, TeamView, Withdraw,
    invitations::{Invitations, InviteForm},
    members::Members,
    read_team,
};
use crate::{
    links::Fresh,
    tr,
    ui::{Outcome, PageHead, SecondFactorRule, Skeleton, SkeletonCard, at, or_trouble, refusal},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;

/// `/settings/team?done=…`
#[component]
pub fn TeamPage() -> impl IntoView {
    let error = refusal(&[
        Invite::PATH,
        Withdraw::PATH,
        SetRole::PATH,
        RemoveMember::PATH,
        ResetLink::PATH,
        RequireSecondFactor::PATH,
    ]);
    let team = Resource::new(|| (), |()| read_team());
    view! {
        <Title text=tr!("Equipe", "Team") />
        <PageHead
            title=tr!("Equipe", "Team")
            sub=tr!(
                "Quem entra neste painel, e o que cada pessoa pode fazer.",
                "Who can enter this dashboard, and what each person may do.",
            )
        />
        <Outcome error words />
        <Transition fallback=|| {
            view! {
                <section class="card flush">
                    <Skeleton rows=4 label=tr!("Carregando a equipe", "Loading the team") table=true />
                </section>
                <SkeletonCard rows=2 class="part" />
                <div class="columns">
                    <SkeletonCard rows=5 />
                    <SkeletonCard rows=2 />
                </div>
            }
        }>
            {move || Suspend::new(async move {
                or_trouble(team.await, |team| view! { <Team team /> })
            })}
        </Transition>
    }
}

fn words(done: &str) -> Option<&'static str> {
    Some(match done {
        "invited" => tr!("Convite criado.", "Invitation created."),
        "withdrawn" => {
            tr!("Convite cancelado: o link não abre mais.", "Invitation cancelled: its link no longer opens.")
        }
        "role" => tr!(
            "Papel mudado. As sessões da pessoa neste painel terminaram.",
            "Role changed. The person’s sessions in this dashboard have ended.",
        ),
        "removed" => tr!(
            "Acesso retirado. As sessões da pessoa neste painel terminaram.",
            "Access removed. The person’s sessions in this dashboard have ended.",
        ),
        "reset" => tr!("Link de nova senha criado.", "New password link created."),
        "required" => tr!("Regra da verificação em duas etapas guardada.", "Two-step verification rule saved."),
        _ => return None,
    })
}

#[component]
fn Team(team: TeamView) -> impl IntoView {
    let TeamView { members, invitations, fresh, second_factor_required, mails } = team;
    view! {
        {fresh.map(|link| view! { <Fresh link /> })}
        <Members members />
        <Invitations invitations />
        <div class="columns">
            <InviteForm mails />
            <SecondFactor required=second_factor_required />
        </div>
    }
}

#[component]
fn SecondFactor(required: bool) -> impl IntoView {
    let state = if required {
        tr!(
            "Exigida: quem ainda não a tem ativa-a na próxima entrada.",
            "Required: whoever does not have it yet turns it on at their next sign-in."
        )
    } else {
        tr!(
            "Cada pessoa escolhe se a usa. Exigi-la protege o painel de senhas descobertas.",
            "Each person chooses whether to use it. Requiring it protects the dashboard from leaked passwords."
        )
    };
    let error = at(refusal(&[RequireSecondFactor::PATH]), "required");
    view! { <SecondFactorRule required state action=RequireSecondFactor::PATH error /> }
}
