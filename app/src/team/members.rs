//! The members of a tenant: their role, how safe their account is, and what an admin may do about it.

use super::{MemberView, RemoveMember, ResetLink, SetRole};
use crate::{
    session::Role,
    tr,
    ui::{PersonCell, Rows, Status, Tone, TwoStepsCell, last_time},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// The table.
#[component]
pub(super) fn Members(
    /// By name; the viewer is always one of them.
    members: Vec<MemberView>,
) -> impl IntoView {
    view! {
        <section class="card flush" aria-labelledby="members">
            <h2 id="members" class="part-title">{tr!("Pessoas", "People")}</h2>
            <Rows
                columns=tr!(
                    &["Pessoa", "Papel", "Duas etapas", "Última entrada"],
                    &["Person", "Role", "Two-step", "Last sign-in"],
                )
                steps=tr!("Senha e acesso", "Password and access")
            >
                {members.into_iter().map(|member| view! { <Row member /> }).collect_view()}
            </Rows>
        </section>
    }
}

#[component]
fn Row(member: MemberView) -> impl IntoView {
    let MemberView { id, name, email, role, you, second_factor, last_login, disabled } = member;
    let mark =
        disabled.then(|| Status { tone: Tone::Bad, label: tr!("conta desativada", "account disabled").to_owned() });
    let (choice, end) = if you {
        (role.label().into_any(), view! { <span class="soft">{tr!("você", "you")}</span> }.into_any())
    } else {
        (
            view! { <RoleForm member=id.clone() name=name.clone() role /> }.into_any(),
            view! { <Access member=id name=name.clone() /> }.into_any(),
        )
    };
    view! {
        <tr data-row tabindex="-1">
            <PersonCell name email mark />
            <td data-label=tr!("Papel", "Role")>{choice}</td>
            <TwoStepsCell on=second_factor />
            <td data-label=tr!("Última entrada", "Last sign-in")>{last_time(last_login)}</td>
            <td class="rows-end">{end}</td>
        </tr>
    }
}

#[component]
fn RoleForm(member: String, name: String, role: Role) -> impl IntoView {
    let id = format!("role-{member}");
    let options = Role::ALL
        .into_iter()
        .map(|each| view! { <option value=each.as_str() selected=each == role>{each.label()}</option> })
        .collect_view();
    view! {
        <form class="role" method="post" action=SetRole::PATH>
            <input type="hidden" name="member" value=member />
            <label class="visually-hidden" for=id.clone()>
                {tr!(format!("Papel de {name}"), format!("Role of {name}"))}
            </label>
            <select id=id name="role" autocomplete="off">{options}</select>
            <button class="button" type="submit">
                {tr!("Mudar", "Change")}
                <span class="visually-hidden">
                    {tr!(format!(" o papel de {name}"), format!(" the role of {name}"))}
                </span>
            </button>
        </form>
    }
}

/// Asks once more inside a disclosure, which works without script.
#[component]
fn Access(member: String, name: String) -> impl IntoView {
    view! {
        <details class="remove access">
            <summary>
                {tr!("Senha e acesso…", "Password and access…")}
                <span class="visually-hidden">{tr!(format!(" de {name}"), format!(" of {name}"))}</span>
            </summary>
            <form method="post" action=ResetLink::PATH>
                <input type="hidden" name="member" value=member.clone() />
                <p class="soft">
                    {tr!(
                        "Esqueceu a senha? Com um link novo a pessoa cria outra.",
                        "Forgot the password? With a new link the person can set another one.",
                    )}
                </p>
                <button class="button" type="submit">
                    {tr!("Criar link de nova senha", "Create new password link")}
                </button>
            </form>
            <form method="post" action=RemoveMember::PATH>
                <input type="hidden" name="member" value=member />
                <p class="soft">
                    {tr!(
                        "Retirada, a pessoa não entra mais neste painel.",
                        "Once removed, the person can no longer enter this dashboard.",
                    )}
                </p>
                <button class="button danger" type="submit">
                    <span>{tr!("Retirar ", "Remove ")} <bdi>{name}</bdi></span>
                </button>
            </form>
        </details>
    }
}
