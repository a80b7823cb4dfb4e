//! `/console/staff`: who works for the agency, and as what. Every form is a plain one that loads the page anew: what it
//! did stands in the address, and a link it made shows once.

use super::{InviteStaff, RemoveStaff, RequireStaffSecondFactor, StaffMember, StaffView, staff};
use crate::{
    links::Fresh,
    session::AgencyRole,
    tr,
    ui::{
        Choice, Choices, Field, Outcome, PageHead, PersonCell, Rows, SecondFactorRule, Skeleton, SkeletonCard,
        TwoStepsCell, at, last_time, or_trouble, refusal,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;

/// `/console/staff?done=…`
#[component]
pub fn StaffPage() -> impl IntoView {
    let error = refusal(&[InviteStaff::PATH, RemoveStaff::PATH, RequireStaffSecondFactor::PATH]);
    let people = Resource::new(|| (), |()| staff());
    view! {
        <Title text=tr!("Equipe da agência", "Agency team") />
        <p class="back"><a href="/console">{tr!("← Clientes", "← Clients")}</a></p>
        <PageHead
            title=tr!("Equipe da agência", "Agency team")
            sub=tr!(
                "Quem vê todos os clientes. As pessoas de um cliente estão na página dele.",
                "Who sees all the clients. A client’s people are on its own page.",
            )
        />
        <Outcome error words />
        <Transition fallback=|| {
            view! {
                <section class="card flush part">
                    <Skeleton rows=3 label=tr!("Carregando a equipe", "Loading the team") table=true />
                </section>
                <SkeletonCard rows=5 class="part" />
            }
        }>
            {move || Suspend::new(async move {
                or_trouble(people.await, |view| view! { <Whole view /> })
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
        "invited" => tr!("Convite criado.", "Invitation created."),
        "removed" => tr!(
            "Acesso à agência retirado. As sessões da pessoa terminaram.",
            "Access to the agency removed. The person’s sessions have ended.",
        ),
        "required" => tr!("Regra da verificação em duas etapas guardada.", "Two-step verification rule saved."),
        _ => return None,
    })
}

#[component]
fn People(people: Vec<StaffMember>) -> impl IntoView {
    view! {
        <section class="card flush part" aria-labelledby="people">
            <h2 id="people">{tr!("Pessoas", "People")}</h2>
            <Rows
                columns=tr!(
                    &["Pessoa", "Papel", "Duas etapas", "Última entrada"],
                    &["Person", "Role", "Two-step", "Last sign-in"],
                )
                steps=tr!("Retirar", "Remove")
            >
                {people.into_iter().map(|person| view! { <Person person /> }).collect_view()}
            </Rows>
        </section>
    }
}

#[component]
fn Person(person: StaffMember) -> impl IntoView {
    let name = person.name.clone();
    let end = if person.you {
        view! { <span class="soft">{tr!("você", "you")}</span> }.into_any()
    } else {
        view! {
            <details class="remove">
                <summary>{tr!("Retirar…", "Remove…")}</summary>
                <form method="post" action=RemoveStaff::PATH>
                    <input type="hidden" name="person" value=person.id />
                    <p class="soft">
                        {tr!(
                            "A pessoa deixa de ver os clientes, e as sessões dela terminam.",
                            "The person no longer sees the clients, and their sessions end.",
                        )}
                    </p>
                    <button class="button danger" type="submit">
                        <span>{tr!("Retirar ", "Remove ")} <bdi>{name}</bdi></span>
                    </button>
                </form>
            </details>
        }
        .into_any()
    };
    view! {
        <tr data-row tabindex="-1">
            <PersonCell name=person.name email=person.email />
            <td data-label=tr!("Papel", "Role")>{person.role.label()}</td>
            <TwoStepsCell on=person.second_factor />
            <td data-label=tr!("Última entrada", "Last sign-in")>{last_time(person.last_login)}</td>
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
            <h2 id="invite">{tr!("Convidar", "Invite")}</h2>
            <form method="post" action=InviteStaff::PATH>
                <div class="narrow">
                    <Field
                        id="email"
                        name="email"
                        label=tr!("E-mail", "Email")
                        kind="email"
                        required=true
                        error=at(error, "email")
                    />
                </div>
                <Choices name="role" legend=tr!("Papel", "Role") choices chosen=AgencyRole::Support.as_str() />
                <div class="card-steps">
                    <button class="button primary" type="submit">{tr!("Criar convite", "Create invitation")}</button>
                </div>
            </form>
        </section>
    }
}

/// What a role may do, in a line.
fn may(role: AgencyRole) -> &'static str {
    match role {
        AgencyRole::Support => tr!(
            "Vê estado, conexões e contagens de todos os clientes. Nunca o conteúdo.",
            "Sees the status, connections and counts of all clients. Never the content."
        ),
        AgencyRole::Owner => tr!(
            "Também cria, muda e suspende clientes, cuida desta equipe e pode entrar num cliente quebrando o vidro.",
            "Also creates, changes and suspends clients, looks after this team, and can enter a client by breaking the \
             glass."
        ),
    }
}

#[component]
fn SecondFactor(required: bool) -> impl IntoView {
    let state = if required {
        tr!("Exigida: ninguém da agência segue sem ela.", "Required: nobody in the agency gets any further without it.")
    } else {
        tr!("Cada pessoa escolhe se a usa.", "Each person chooses whether to use it.")
    };
    let error = at(refusal(&[RequireStaffSecondFactor::PATH]), "required");
    view! { <SecondFactorRule required state action=RequireStaffSecondFactor::PATH error class="part" /> }
}
