//! Inviting somebody, and the invitations that nobody has answered yet.

use super::{InvitationView, Invite, Withdraw};
use crate::{
    session::Role,
    tr,
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
        view! {
            <Empty
                title=tr!("Nenhum convite em aberto", "No open invitations")
                text=tr!(
                    "Quem você convidar aparece aqui até aceitar.",
                    "Whoever you invite appears here until they accept.",
                )
                step=(tr!("Convidar", "Invite"), "#invite")
            />
        }
        .into_any()
    } else {
        view! {
            <Rows
                columns=tr!(
                    &["E-mail", "Papel", "Convidou", "Vale até"],
                    &["Email", "Role", "Invited by", "Valid until"],
                )
                steps=tr!("Cancelar", "Cancel")
            >
                {invitations.into_iter().map(|invitation| view! { <Row invitation /> }).collect_view()}
            </Rows>
        }
        .into_any()
    };
    view! {
        <section class="card flush part" aria-labelledby="invitations">
            <h2 id="invitations">{tr!("Convites em aberto", "Open invitations")}</h2>
            {list}
        </section>
    }
}

#[component]
fn Row(invitation: InvitationView) -> impl IntoView {
    let InvitationView { id, email, role, by, expires } = invitation;
    let by = if by.is_empty() { tr!("linha de comando", "command line").to_owned() } else { by };
    let whose = tr!(format!(" o convite de {email}"), format!(" the invitation for {email}"));
    view! {
        <tr data-row tabindex="-1">
            <th scope="row" class="rows-name"><bdi class="cut">{email}</bdi></th>
            <td data-label=tr!("Papel", "Role")>{role.label()}</td>
            <td data-label=tr!("Convidou", "Invited by")><bdi>{by}</bdi></td>
            <td data-label=tr!("Vale até", "Valid until")><Moment when=expires /></td>
            <td class="rows-end">
                <form method="post" action=Withdraw::PATH>
                    <input type="hidden" name="invitation" value=id />
                    <button class="button" type="submit">
                        {tr!("Cancelar", "Cancel")} <span class="visually-hidden">{whose}</span>
                    </button>
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
        tr!("O convite vai por e-mail.", "The invitation goes by email.")
    } else {
        tr!(
            "O link do convite aparece nesta página, uma vez, para você enviar.",
            "The invitation link appears on this page, once, for you to send."
        )
    };
    let choices = Role::ALL
        .into_iter()
        .map(|role| Choice { word: role.as_str(), label: role.label(), meaning: may(role) })
        .collect();
    view! {
        <section class="card" aria-labelledby="invite">
            <h2 id="invite" tabindex="-1">{tr!("Convidar", "Invite")}</h2>
            <form method="post" action=Invite::PATH>
                <Field
                    id="email"
                    name="email"
                    label=tr!("E-mail", "Email")
                    kind="email"
                    hint
                    required=true
                    error=at(error, "email")
                />
                <Choices name="role" legend=tr!("Papel", "Role") choices chosen=Role::Viewer.as_str() />
                <div class="card-steps">
                    <button class="button primary" type="submit">{tr!("Criar convite", "Create invitation")}</button>
                </div>
            </form>
        </section>
    }
}

/// What a role may do, in a line.
fn may(role: Role) -> &'static str {
    match role {
        Role::Viewer => tr!("Lê conversas, agenda e números.", "Reads conversations, appointments and figures."),
        Role::Agent => tr!("Lê e também exporta.", "Reads and also exports."),
        Role::Admin => tr!(
            "Também cuida das conexões e da equipe e lê a auditoria.",
            "Also looks after the connections and the team, and reads the audit trail."
        ),
    }
}
