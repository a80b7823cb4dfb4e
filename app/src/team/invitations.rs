//! Inviting somebody, and the invitations that nobody has answered yet.

use super::{InvitationView, Invite, Withdraw};
use crate::{
    session::Role,
    ui::{Choice, Choices, Empty, Field, Moment, Rows, at, refusal},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// The open invitations.
#[component]
pub(super) fn Invitations(
    /// Newest first.
    invitations: Vec<InvitationView>,
) -> impl IntoView {
    let list = if invitations.is_empty() {
        view! { <Empty title="Nenhum convite em aberto" text="Quem você convidar aparece aqui até aceitar." step=("Convidar", "#invite") /> }
            .into_any()
    } else {
        view! {
            <Rows columns=&["E-mail", "Papel", "Convidou", "Vale até"] steps="Cancelar">
                {invitations.into_iter().map(|invitation| view! { <Row invitation /> }).collect_view()}
            </Rows>
        }
        .into_any()
    };
    view! {
        <section class="card flush part" aria-labelledby="invitations">
            <h2 id="invitations">"Convites em aberto"</h2>
            {list}
        </section>
    }
}

#[component]
fn Row(invitation: InvitationView) -> impl IntoView {
    let InvitationView { id, email, role, by, expires } = invitation;
    let by = if by.is_empty() { "linha de comando".to_owned() } else { by };
    let whose = format!(" o convite de {email}");
    view! {
        <tr>
            <th scope="row" class="rows-name"><bdi class="cut">{email}</bdi></th>
            <td data-label="Papel">{role.label()}</td>
            <td data-label="Convidou"><bdi>{by}</bdi></td>
            <td data-label="Vale até"><Moment when=expires /></td>
            <td class="rows-end">
                <form method="post" action=Withdraw::PATH>
                    <input type="hidden" name="invitation" value=id />
                    <button class="button" type="submit">"Cancelar" <span class="visually-hidden">{whose}</span></button>
                </form>
            </td>
        </tr>
    }
}

/// The form for a new one.
#[component]
pub(super) fn InviteForm(
    /// Whether the link goes by mail.
    mails: bool,
) -> impl IntoView {
    let error = refusal(&[Invite::PATH]);
    let hint = if mails {
        "O convite vai por e-mail."
    } else {
        "O link do convite aparece nesta página, uma vez, para você enviar."
    };
    let choices = Role::ALL
        .into_iter()
        .map(|role| Choice { word: role.as_str(), label: role.label(), meaning: may(role) })
        .collect();
    view! {
        <section class="card" aria-labelledby="invite">
            <h2 id="invite" tabindex="-1">"Convidar"</h2>
            <form method="post" action=Invite::PATH>
                <Field id="email" name="email" label="E-mail" kind="email" hint required=true error=at(error, "email") />
                <Choices name="role" legend="Papel" choices chosen=Role::Viewer.as_str() />
                <div class="card-steps">
                    <button class="button primary" type="submit">"Criar convite"</button>
                </div>
            </form>
        </section>
    }
}

/// What a role may do, in a line.
fn may(role: Role) -> &'static str {
    match role {
        Role::Viewer => "Lê conversas, agenda e números.",
        Role::Agent => "Lê e também exporta.",
        Role::Admin => "Também cuida das conexões e da equipe e lê a auditoria.",
    }
}
