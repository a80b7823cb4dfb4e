//! Changing a tenant: its facts, and whether its people may come in. What was typed into the facts stays when some of it
//! is refused; the other forms load the page anew.

use super::{EditTenant, Resume, Suspend, TenantDetail, new_tenant::Terms, zone::Zone};
use crate::{
    session::Hue,
    tr,
    ui::{Field, Select, at, failure, refusal},
};
use leptos::{form::ActionForm, prelude::*, server_fn::ServerFn};

/// Name, time zone, plan, domain and colour.
#[component]
pub fn Edit(
    /// The tenant as it stands.
    detail: TenantDetail,
    /// Saving.
    edit: ServerAction<EditTenant>,
) -> impl IntoView {
    let error = failure(edit);
    let row = detail.row;
    let own = Hue::of_slug(&row.slug).label().to_lowercase();
    let by_slug = tr!(format!("Pelo nome curto ({own})"), format!("From the short name ({own})"));
    let mut colours = vec![(String::new(), by_slug)];
    colours.extend(Hue::ALL.map(|hue| (hue.as_str().to_owned(), hue.label().to_owned())));
    view! {
        <section class="card part" aria-labelledby="edit">
            <h2 id="edit">{tr!("Mudar", "Change")}</h2>
            <ActionForm action=edit>
                <input type="hidden" name="form[slug]" value=row.slug />
                <div class="fields">
                    <Field
                        id="name"
                        name="form[name]"
                        label=tr!("Nome", "Name")
                        value=row.name
                        required=true
                        error=at(error, "name")
                    />
                    <div><Zone value=detail.timezone error=at(error, "timezone") /></div>
                    <Terms plan=row.plan domain=detail.domain error />
                    <Select
                        id="colour"
                        name="form[colour]"
                        label=tr!("Cor", "Colour")
                        options=colours
                        value=detail.colour
                        hint=tr!(
                            "No alto do painel, para quem participa de vários saber onde está.",
                            "At the top of the dashboard, so that people who belong to several know where they are.",
                        )
                        error=at(error, "colour")
                    />
                </div>
                <div class="card-steps">
                    <button class="button primary" type="submit" disabled=move || edit.pending().get()>
                        {tr!("Guardar", "Save")}
                    </button>
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
                {tr!(
                    "Ninguém deste cliente entra. As pessoas dele leem: ",
                    "Nobody from this client can enter. Its people read: ",
                )}
                <q>{shown(&reason)}</q>
            </p>
            <form method="post" action=Resume::PATH>
                <input type="hidden" name="slug" value=slug />
                <div class="card-steps">
                    <button class="button primary" type="submit">{tr!("Reativar o acesso", "Restore access")}</button>
                </div>
            </form>
        }
        .into_any(),
        None => {
            let error = refusal(&[Suspend::PATH]);
            view! {
                <p class="card-sub">
                    {tr!("As pessoas deste cliente podem entrar.", "This client’s people can enter.")}
                </p>
                // Open when it was refused: its error stands inside.
                <details class="remove" open=move || error.get().is_some()>
                    <summary><span>{tr!("Suspender ", "Suspend ")} <bdi>{name}</bdi> "…"</span></summary>
                    <form method="post" action=Suspend::PATH>
                        <input type="hidden" name="slug" value=slug />
                        <p class="soft">
                            {tr!(
                                "Vale a partir do próximo clique. Os dados ficam. As pessoas deste cliente vão ler: ",
                                "It takes effect at the next click. The data stays. This client’s people will read: ",
                            )}
                            <q>{shown(tr!("O seu motivo.", "Your reason."))}</q>
                        </p>
                        <Field
                            id="suspend-reason"
                            name="reason"
                            label=tr!("Motivo, como o cliente vai ler", "Reason, as the client will read it")
                            placeholder=tr!(
                                "ex.: Mensalidade de outubro em aberto.",
                                "e.g. The October fee is unpaid.",
                            )
                            required=true
                            error=at(error, "reason")
                        />
                        <button class="button danger" type="submit">{tr!("Suspender agora", "Suspend now")}</button>
                    </form>
                </details>
            }
            .into_any()
        }
    };
    view! {
        <section class="card part" aria-labelledby="standing">
            <h2 id="standing">{tr!("Acesso", "Access")}</h2>
            {body}
        </section>
    }
}

/// What the tenant's people read.
fn shown(reason: &str) -> String {
    let error = crate::error::AppError::Suspended { reason: reason.to_owned() };
    format!("{}. {}", error.title(), error.advice())
}
