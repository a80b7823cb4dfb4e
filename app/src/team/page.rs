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
    ui::{Outcome, Skeleton, Trouble, at, refusal},
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
        <Title text="Equipe" />
        <header class="page-head">
            <div>
                <h1>"Equipe"</h1>
                <p class="page-sub">"Quem entra neste painel, e o que cada pessoa pode fazer."</p>
            </div>
        </header>
        <Outcome error words />
        <Transition fallback=|| view! { <section class="card"><Skeleton rows=8 label="Carregando a equipe" /></section> }>
            {move || Suspend::new(async move {
                match team.await {
                    Ok(team) => view! { <Team team /> }.into_any(),
                    Err(error) => view! { <section class="card"><Trouble error /></section> }.into_any(),
                }
            })}
        </Transition>
    }
}

fn words(done: &str) -> Option<&'static str> {
    Some(match done {
        "invited" => "Convite criado.",
        "withdrawn" => "Convite cancelado: o link não abre mais.",
        "role" => "Papel mudado. As sessões da pessoa neste painel terminaram.",
        "removed" => "Acesso retirado. As sessões da pessoa neste painel terminaram.",
        "reset" => "Link de nova senha criado.",
        "required" => "Regra da verificação em duas etapas guardada.",
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
            <SecondFactorRule required=second_factor_required />
        </div>
    }
}

#[component]
fn SecondFactorRule(required: bool) -> impl IntoView {
    let refused = at(refusal(&[RequireSecondFactor::PATH]), "required");
    let (state, step) = if required {
        ("Exigida: quem ainda não a tem ativa-a na próxima entrada.", "Deixar de exigir")
    } else {
        ("Cada pessoa escolhe se a usa. Exigi-la protege o painel de senhas descobertas.", "Passar a exigir")
    };
    view! {
        <section class="card" aria-labelledby="second-factor">
            <h2 id="second-factor">"Verificação em duas etapas"</h2>
            <p class="card-sub">{state}</p>
            <form method="post" action=RequireSecondFactor::PATH>
                <input type="hidden" name="required" value=(!required).to_string() />
                {move || {
                    refused
                        .get()
                        .map(|message| {
                            view! {
                                <p class="field-error">{message} " " <a href="/settings/security">"Abrir Segurança"</a></p>
                            }
                        })
                }}
                <div class="card-steps">
                    <button class="button" type="submit">{step}</button>
                </div>
            </form>
        </section>
    }
}
