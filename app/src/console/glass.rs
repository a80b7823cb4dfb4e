//! Breaking the glass: entering a tenant for a short time, with a reason that its people see.

use super::{BreakGlass, EndBreakGlass, GlassEntry, TenantDetail};
use crate::{
    tr,
    ui::{Confirm, Field, Moment, Rows, at, refusal},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// Who entered in the last 30 days, and the way in for those who may. Its forms load a new page: the frame around it
/// changes with the tenant at hand.
#[component]
pub fn Glass(
    /// The tenant as it stands.
    detail: TenantDetail,
) -> impl IntoView {
    let (may, inside, slug, confirm_due) = (detail.may_manage, detail.inside, detail.row.slug, detail.confirm_due);
    view! {
        <section class="card flush part" aria-labelledby="glass">
            <h2 id="glass">{tr!("Entradas da agência", "Visits by the agency")}</h2>
            <p class="card-sub part-words">
                {tr!(
                    "Quem da agência viu o conteúdo deste cliente nos últimos 30 dias, e por quê.",
                    "Who from the agency saw this client’s content in the last 30 days, and why.",
                )}
            </p>
            <History entries=detail.glass />
            {(may && inside).then(|| view! { <Inside /> })}
            {(may && !inside).then(|| view! { <Enter slug confirm_due /> })}
        </section>
    }
}

#[component]
fn History(entries: Vec<GlassEntry>) -> impl IntoView {
    if entries.is_empty() {
        return view! { <p class="soft part-words">{tr!("Ninguém.", "Nobody.")}</p> }.into_any();
    }
    let rows = entries
        .into_iter()
        .map(|entry| {
            view! {
                <tr data-row tabindex="-1">
                    <th scope="row" class="rows-name"><bdi class="cut">{entry.who}</bdi></th>
                    <td data-label=tr!("De", "From")><Moment when=entry.began /></td>
                    <td data-label=tr!("Até", "Until")><Moment when=entry.ended /></td>
                    <td data-label=tr!("Motivo", "Reason") class="rows-long"><bdi>{entry.reason}</bdi></td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Rows columns=tr!(&["Quem", "De", "Até", "Motivo"], &["Who", "From", "Until", "Reason"])>{rows}</Rows>
    }
    .into_any()
}

#[component]
fn Inside() -> impl IntoView {
    view! {
        <div class="part-words">
            <p>
                {tr!(
                    "Você está dentro deste cliente agora, só lendo.",
                    "You are inside this client now: read only.",
                )}
            </p>
            <form class="card-steps" method="post" action=EndBreakGlass::PATH>
                <a class="button" href="/" rel="external">{tr!("Abrir a visão geral", "Open the overview")}</a>
                <button class="button" type="submit">{tr!("Sair do cliente", "Leave the client")}</button>
            </form>
        </div>
    }
}

#[component]
fn Enter(slug: String, confirm_due: bool) -> impl IntoView {
    let error = refusal(&[BreakGlass::PATH]);
    view! {
        <details class="remove part-words" open=move || error.get().is_some()>
            <summary>{tr!("Quebrar o vidro…", "Break the glass…")}</summary>
            <form method="post" action=BreakGlass::PATH>
                <input type="hidden" name="slug" value=slug />
                <p class="soft">
                    {tr!(
                        "Você entra por 30 minutos e só lê: conversas, agenda e números. As pessoas do cliente veem o \
                         seu nome, a hora e o motivo, e fica na auditoria.",
                        "You enter for 30 minutes and can only read: conversations, appointments and figures. The \
                         client’s people see your name, the time and the reason, and it stays in the audit trail.",
                    )}
                </p>
                <Field
                    id="glass-reason"
                    name="reason"
                    label=tr!("Motivo, como o cliente vai ler", "Reason, as the client will read it")
                    placeholder=tr!(
                        "ex.: Conferir a agenda a pedido da Marina.",
                        "e.g. Checking the appointments at Marina’s request.",
                    )
                    hint=tr!("De 10 a 300 caracteres.", "10 to 300 characters.")
                    required=true
                    error=at(error, "reason")
                />
                <Confirm id="glass-current".to_owned() due=confirm_due error />
                <button class="button danger" type="submit">
                    {tr!("Entrar por 30 minutos", "Enter for 30 minutes")}
                </button>
            </form>
        </details>
    }
}
