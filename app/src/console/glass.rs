//! Breaking the glass: entering a tenant for a short time, with a reason that its people see.

use super::{BreakGlass, EndBreakGlass, GlassEntry, TenantDetail};
use crate::ui::{Confirm, Field, Moment, Rows, at, refusal};
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
            <h2 id="glass">"Entradas da agência"</h2>
            <p class="card-sub part-words">"Quem da agência viu o conteúdo deste cliente nos últimos 30 dias, e por quê."</p>
            <History entries=detail.glass />
            {(may && inside).then(|| view! { <Inside /> })}
            {(may && !inside).then(|| view! { <Enter slug confirm_due /> })}
        </section>
    }
}

#[component]
fn History(entries: Vec<GlassEntry>) -> impl IntoView {
    if entries.is_empty() {
        return view! { <p class="soft part-words">"Ninguém."</p> }.into_any();
    }
    let rows = entries
        .into_iter()
        .map(|entry| {
            view! {
                <tr>
                    <th scope="row" class="rows-name"><bdi class="cut">{entry.who}</bdi></th>
                    <td data-label="De"><Moment when=entry.began /></td>
                    <td data-label="Até"><Moment when=entry.ended /></td>
                    <td data-label="Motivo" class="rows-long"><bdi>{entry.reason}</bdi></td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Rows columns=&["Quem", "De", "Até", "Motivo"]>{rows}</Rows>
    }
    .into_any()
}

#[component]
fn Inside() -> impl IntoView {
    view! {
        <div class="part-words">
            <p>"Você está dentro deste cliente agora, só lendo."</p>
            <form class="card-steps" method="post" action=EndBreakGlass::PATH>
                <a class="button" href="/" rel="external">"Abrir a visão geral"</a>
                <button class="button" type="submit">"Sair do cliente"</button>
            </form>
        </div>
    }
}

#[component]
fn Enter(slug: String, confirm_due: bool) -> impl IntoView {
    let error = refusal(&[BreakGlass::PATH]);
    view! {
        <details class="remove part-words" open=move || error.get().is_some()>
            <summary>"Quebrar o vidro…"</summary>
            <form method="post" action=BreakGlass::PATH>
                <input type="hidden" name="slug" value=slug />
                <p class="soft">
                    "Você entra por 30 minutos e só lê: conversas, agenda e números. As pessoas do cliente veem o seu nome, a hora e o motivo, e fica na auditoria."
                </p>
                <Field
                    id="glass-reason"
                    name="reason"
                    label="Motivo, como o cliente vai ler"
                    placeholder="ex.: Conferir a agenda a pedido da Marina."
                    hint="De 10 a 300 caracteres."
                    required=true
                    error=at(error, "reason")
                />
                <Confirm id="glass-current".to_owned() due=confirm_due error />
                <button class="button danger" type="submit">"Entrar por 30 minutos"</button>
            </form>
        </details>
    }
}
