//! `/console/new`: a tenant and its first admin in one form.

use super::{CreateTenant, zone::Zone};
use crate::{
    error::AppError,
    session::{Permission, Viewer},
    ui::{Field, Outcome, Trouble, at, failure},
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
            <Title text="Novo cliente" />
            <section class="card"><Trouble error /></section>
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
        <Title text="Novo cliente" />
        <p class="back"><a href="/console">"← Clientes"</a></p>
        <header class="page-head">
            <div>
                <h1>"Novo cliente"</h1>
                <p class="page-sub">"Depois de criar, o link do convite aparece uma vez, com os próximos passos."</p>
            </div>
        </header>
        <Outcome error words=|_| None />
        <section class="card narrow">
            <ActionForm action=create>
                <h2>"O negócio"</h2>
                <Field
                    id="name"
                    name="form[name]"
                    label="Nome"
                    placeholder="ex.: Clínica Sol"
                    required=true
                    error=at(error, "name")
                />
                <Field
                    id="slug"
                    name="form[slug]"
                    label="Nome curto (opcional)"
                    placeholder="ex.: clinica-sol"
                    hint="Em branco, é feito do nome: Clínica Sol vira clinica-sol. Depois não muda mais."
                    error=at(error, "slug")
                />
                <Zone error=at(error, "timezone") />
                <Terms error />
                <h2 class="next-part">"Quem administra"</h2>
                <Field
                    id="email"
                    name="form[email]"
                    label="E-mail do primeiro admin"
                    kind="email"
                    placeholder="ex.: marina@clinicasol.example"
                    hint="Recebe o convite, define a própria senha e liga o projeto Supabase."
                    required=true
                    error=at(error, "email")
                />
                <div class="card-steps">
                    <button class="button primary" type="submit" disabled=move || create.pending().get()>"Criar cliente"</button>
                    <a class="button" href="/console">"Cancelar"</a>
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
            label="Plano (opcional)"
            value=plan
            placeholder="ex.: completo"
            hint="Uma palavra da agência, para a lista de clientes."
            error=at(error, "plan")
        />
        <Field
            id="domain"
            name="form[domain]"
            label="Domínio (opcional)"
            value=domain
            placeholder="ex.: clinicasol.example"
            error=at(error, "domain")
        />
    }
}
