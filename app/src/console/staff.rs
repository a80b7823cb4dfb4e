//! `/console/staff`: who works for the agency, and as what. Every form is a plain one that loads the page anew: what it
//! did stands in the address, and a link it made shows once.

use super::{InviteStaff, RemoveStaff, RequireStaffSecondFactor, StaffMember, StaffView, staff};
use crate::{
    links::Fresh,
    session::AgencyRole,
    ui::{Choice, Choices, Field, Outcome, PersonCell, Rows, Skeleton, Trouble, TwoStepsCell, at, instant, refusal},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;

/// `/console/staff?done=…`
#[component]
pub fn StaffPage() -> impl IntoView {
    let error = refusal(&[InviteStaff::PATH, RemoveStaff::PATH, RequireStaffSecondFactor::PATH]);
    let people = Resource::new(|| (), |()| staff());
    view! {
        <Title text="Equipe da agência" />
        <p class="back"><a href="/console">"← Clientes"</a></p>
        <header class="page-head">
            <div>
                <h1>"Equipe da agência"</h1>
                <p class="page-sub">"Quem vê todos os clientes. As pessoas de um cliente estão na página dele."</p>
            </div>
        </header>
        <Outcome error words />
        <Transition fallback=|| view! { <section class="card"><Skeleton rows=6 label="Carregando a equipe" /></section> }>
            {move || Suspend::new(async move {
                match people.await {
                    Ok(view) => view! { <Whole view /> }.into_any(),
                    Err(error) => view! { <section class="card"><Trouble error /></section> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
pub(super) fn Whole(view: StaffView) -> impl IntoView {
    view! {
        {view.fresh.map(|link| view! { <Fresh link /> })}
        <People people=view.people />
        <Invite />
        <SecondFactor required=view.second_factor_required />
    }
}

fn words(done: &str) -> Option<&'static str> {
    Some(match done {
        "invited" => "Convite criado.",
        "removed" => "Acesso à agência retirado. As sessões da pessoa terminaram.",
        "required" => "Regra da verificação em duas etapas guardada.",
        _ => return None,
    })
}

#[component]
fn People(people: Vec<StaffMember>) -> impl IntoView {
    view! {
        <section class="card flush part" aria-labelledby="people">
            <h2 id="people">"Pessoas"</h2>
            <Rows columns=&["Pessoa", "Papel", "Duas etapas", "Última entrada"] steps="Retirar">
                {people.into_iter().map(|person| view! { <Person person /> }).collect_view()}
            </Rows>
        </section>
    }
}

#[component]
fn Person(person: StaffMember) -> impl IntoView {
    let name = person.name.clone();
    let end = if person.you {
        view! { <span class="soft">"você"</span> }.into_any()
    } else {
        view! {
            <details class="remove">
                <summary>"Retirar…"</summary>
                <form method="post" action=RemoveStaff::PATH>
                    <input type="hidden" name="person" value=person.id />
                    <p class="soft">"A pessoa deixa de ver os clientes, e as sessões dela terminam."</p>
                    <button class="button danger" type="submit"><span>"Retirar " <bdi>{name}</bdi></span></button>
                </form>
            </details>
        }
        .into_any()
    };
    view! {
        <tr>
            <PersonCell name=person.name email=person.email />
            <td data-label="Papel">{person.role.label()}</td>
            <TwoStepsCell on=person.second_factor />
            <td data-label="Última entrada">{instant(person.last_login)}</td>
            <td class="rows-end">{end}</td>
        </tr>
    }
}

#[component]
fn Invite() -> impl IntoView {
    let error = refusal(&[InviteStaff::PATH]);
    let choices = AgencyRole::ALL
        .into_iter()
        .map(|role| Choice { word: role.as_str(), label: role.label(), meaning: may(role) })
        .collect();
    view! {
        <section class="card part" aria-labelledby="invite">
            <h2 id="invite">"Convidar"</h2>
            <form method="post" action=InviteStaff::PATH>
                <div class="narrow">
                    <Field id="email" name="email" label="E-mail" kind="email" required=true error=at(error, "email") />
                </div>
                <Choices name="role" legend="Papel" choices chosen=AgencyRole::Support.as_str() />
                <div class="card-steps">
                    <button class="button primary" type="submit">"Criar convite"</button>
                </div>
            </form>
        </section>
    }
}

/// What a role may do, in a line.
fn may(role: AgencyRole) -> &'static str {
    match role {
        AgencyRole::Support => "Vê estado, conexões e contagens de todos os clientes. Nunca o conteúdo.",
        AgencyRole::Owner => {
            "Também cria, muda e suspende clientes, cuida desta equipe e pode entrar num cliente quebrando o vidro."
        }
    }
}

#[component]
fn SecondFactor(required: bool) -> impl IntoView {
    let refused = at(refusal(&[RequireStaffSecondFactor::PATH]), "required");
    let (state, step) = if required {
        ("Exigida: ninguém da agência segue sem ela.", "Deixar de exigir")
    } else {
        ("Cada pessoa escolhe se a usa.", "Passar a exigir")
    };
    view! {
        <section class="card part" aria-labelledby="second-factor">
            <h2 id="second-factor">"Verificação em duas etapas"</h2>
            <p class="card-sub">{state}</p>
            <form method="post" action=RequireStaffSecondFactor::PATH>
                <input type="hidden" name="required" value=(!required).to_string() />
                {move || refused.get().map(|message| view! { <p class="field-error">{message} " " <a href="/settings/security">"Abrir Segurança"</a></p> })}
                <div class="card-steps">
                    <button class="button" type="submit">{step}</button>
                </div>
            </form>
        </section>
    }
}
