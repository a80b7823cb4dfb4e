//! `/console/new`: a tenant and its first admin in one form.

use super::{CreateTenant, zone::Zone};
use crate::{
    error::AppError,
    session::{Permission, Viewer},
    tr,
    ui::{Field, Outcome, PageHead, TroubleCard, at, failure},
};
use leptos::{form::ActionForm, prelude::*};
use leptos_meta::Title;

/// `/console/new`
#[component]
pub fn NewTenantPage() -> impl IntoView {
    let viewer = use_context::<Option<Viewer>>().flatten();
    if viewer.is_some_and(|viewer| !viewer.may(Permission::ManageTenants)) {
        let error = AppError::NotAllowed;
        #[cfg(feature = "ssr")]
        crate::backend::tell_status(&error);
        return view! {
            <Title text=tr!("Novo cliente", "New client") />
            <TroubleCard error />
        }
        .into_any();
    }
    view! { <NewTenant /> }.into_any()
}

#[component]
fn NewTenant() -> impl IntoView {
    let create = ServerAction::<CreateTenant>::new();
    let error = failure(create);
    view! {
        <Title text=tr!("Novo cliente", "New client") />
        <p class="back"><a href="/console">{tr!("← Clientes", "← Clients")}</a></p>
        <PageHead
            title=tr!("Novo cliente", "New client")
            sub=tr!(
                "Depois de criar, o link do convite aparece uma vez, com os próximos passos.",
                "After you create it, the invitation link appears once, with the next steps.",
            )
        />
        <Outcome error words=|_| None />
        <section class="card narrow">
            <ActionForm action=create>
                <h2>{tr!("O negócio", "The business")}</h2>
                <Field
                    id="name"
                    name="form[name]"
                    label=tr!("Nome", "Name")
                    placeholder=tr!("ex.: Clínica Sol", "e.g. Clínica Sol")
                    required=true
                    error=at(error, "name")
                />
                <Field
                    id="slug"
                    name="form[slug]"
                    label=tr!("Nome curto (opcional)", "Short name (optional)")
                    placeholder=tr!("ex.: clinica-sol", "e.g. clinica-sol")
                    hint=tr!(
                        "Em branco, é feito do nome: Clínica Sol vira clinica-sol. Depois não muda mais.",
                        "Left blank, it is made from the name: Clínica Sol becomes clinica-sol. It cannot change \
                         later.",
                    )
                    error=at(error, "slug")
                />
                <Zone error=at(error, "timezone") />
                <Terms error />
                <h2 class="next-part">{tr!("Quem administra", "Who manages it")}</h2>
                <Field
                    id="email"
                    name="form[email]"
                    label=tr!("E-mail do primeiro admin", "Email of the first admin")
                    kind="email"
                    placeholder=tr!(
                        "ex.: marina@clinicasol.example",
                        "e.g. marina@clinicasol.example",
                    )
                    hint=tr!(
                        "Recebe o convite, define a própria senha e liga o projeto Supabase.",
                        "Receives the invitation, sets a password and connects the Supabase project.",
                    )
                    required=true
                    error=at(error, "email")
                />
                <div class="card-steps">
                    <button class="button primary" type="submit" disabled=move || create.pending().get()>
                        {tr!("Criar cliente", "Create client")}
                    </button>
                    <a class="button" href="/console">{tr!("Cancelar", "Cancel")}</a>
                </div>
            </ActionForm>
        </section>
    }
}

/// What agency and tenant agreed: plan and domain.
#[component]
pub(super) fn Terms(
    /// The plan at hand.
    #[prop(optional, into)]
    plan: String,
    /// The domain at hand.
    #[prop(optional, into)]
    domain: String,
    /// The form's error.
    error: Signal<Option<crate::error::AppError>>,
) -> impl IntoView {
    view! {
        <Field
            id="plan"
            name="form[plan]"
            label=tr!("Plano (opcional)", "Plan (optional)")
            value=plan
            placeholder=tr!("ex.: completo", "e.g. full")
            hint=tr!(
                "Uma palavra da agência, para a lista de clientes.",
                "A word of the agency’s own, for the list of clients.",
            )
            error=at(error, "plan")
        />
        <Field
            id="domain"
            name="form[domain]"
            label=tr!("Domínio (opcional)", "Domain (optional)")
            value=domain
            placeholder=tr!("ex.: clinicasol.example", "e.g. clinicasol.example")
            error=at(error, "domain")
        />
    }
}
