//! Changing a tenant: its facts, and whether its people may come in. What was typed into the facts stays when some of it
//! is refused; the other forms load the page anew.

use super::{EditTenant, Resume, Suspend, TenantDetail, new_tenant::Terms, zone::Zone};
use crate::ui::{Field, at, failure, refusal};
use leptos::{form::ActionForm, prelude::*, server_fn::ServerFn};

/// Name, time zone, plan and domain.
#[component]
pub fn Edit(
    /// The tenant as it stands.
    detail: TenantDetail,
    /// Saving.
    edit: ServerAction<EditTenant>,
) -> impl IntoView {
    let error = failure(edit);
    let row = detail.row;
    view! {
        <section class="card part" aria-labelledby="edit">
            <h2 id="edit">"Mudar"</h2>
            <ActionForm action=edit>
                <input type="hidden" name="form[slug]" value=row.slug />
                <div class="fields">
                    <Field id="name" name="form[name]" label="Nome" value=row.name required=true error=at(error, "name") />
                    <div><Zone value=detail.timezone error=at(error, "timezone") /></div>
                    <Terms plan=row.plan domain=detail.domain error />
                </div>
                <div class="card-steps">
                    <button class="button primary" type="submit" disabled=move || edit.pending().get()>"Guardar"</button>
                </div>
            </ActionForm>
        </section>
    }
}

/// Suspending, or letting work again.
#[component]
pub fn Standing(
    /// The tenant as it stands.
    detail: TenantDetail,
) -> impl IntoView {
    let (slug, name) = (detail.row.slug, detail.row.name);
    let body = match detail.suspended_reason {
        Some(reason) => view! {
            <p class="card-sub">
                "Ninguém deste cliente entra. As pessoas dele leem: " <q>{shown(&reason)}</q>
            </p>
            <form method="post" action=Resume::PATH>
                <input type="hidden" name="slug" value=slug />
                <div class="card-steps">
                    <button class="button primary" type="submit">"Reativar o acesso"</button>
                </div>
            </form>
        }
        .into_any(),
        None => {
            let error = refusal(&[Suspend::PATH]);
            view! {
                <p class="card-sub">"As pessoas deste cliente podem entrar."</p>
                // Open when it was refused: its error stands inside.
                <details class="remove" open=move || error.get().is_some()>
                    <summary><span>"Suspender " <bdi>{name}</bdi> "…"</span></summary>
                    <form method="post" action=Suspend::PATH>
                        <input type="hidden" name="slug" value=slug />
                        <p class="soft">
                            "Vale a partir do próximo clique. Os dados ficam. As pessoas deste cliente vão ler: "
                            <q>{shown("O seu motivo.")}</q>
                        </p>
                        <Field
                            id="suspend-reason"
                            name="reason"
                            label="Motivo, como o cliente vai ler"
                            placeholder="ex.: Mensalidade de outubro em aberto."
                            required=true
                            error=at(error, "reason")
                        />
                        <button class="button danger" type="submit">"Suspender agora"</button>
                    </form>
                </details>
            }
            .into_any()
        }
    };
    view! {
        <section class="card part" aria-labelledby="standing">
            <h2 id="standing">"Acesso"</h2>
            {body}
        </section>
    }
}

/// What the tenant's people read.
fn shown(reason: &str) -> String {
    let error = crate::error::AppError::Suspended { reason: reason.to_owned() };
    format!("{}. {}", error.title(), error.advice())
}
