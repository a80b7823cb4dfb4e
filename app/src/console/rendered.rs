//! Tests of what the console's pages show, as the server renders them.

use super::{
    FleetFilter, FleetPage, FleetRow, NewTenantPage, ProviderMark, StaffMember, StaffView, TenantDetail, fleet, staff,
    tenant,
};
use crate::{
    credentials::Provider,
    links::FreshLink,
    session::AgencyRole,
    ui::{Status, Tone, When},
};
use leptos::prelude::*;
use leptos_router::{components::Router, location::RequestUrl};

/// The HTML of a view at an address.
fn html(address: &str, make: impl Fn() -> AnyView + Send + 'static) -> String {
    Owner::new().with(|| {
        provide_context(RequestUrl::new(address));
        leptos_meta::provide_meta_context();
        view! { <Router>{make()}</Router> }.to_html()
    })
}

/// The names of the inputs of a form, in their order.
fn names(html: &str) -> Vec<&str> {
    html.split(" name=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

fn status(tone: Tone, label: &str) -> Status {
    Status { tone, label: label.to_owned() }
}

fn row() -> FleetRow {
    FleetRow {
        slug: "clinica-sol".into(),
        name: "Clínica <Sol>".into(),
        state: status(Tone::Ok, "ativo"),
        plan: String::new(),
        members: 3,
        providers: Provider::ALL
            .map(|provider| ProviderMark {
                label: provider.label().into(),
                health: status(Tone::Quiet, "não guardado"),
            })
            .to_vec(),
        last_data: None,
        key_made: Some(When { text: "há 3 meses".into(), ..When::default() }),
    }
}

fn page(rows: Vec<FleetRow>, total: u64, may_manage: bool) -> FleetPage {
    FleetPage {
        rows,
        next: Some("n ext".into()),
        previous: Some(String::new()),
        total,
        suspended: 0,
        unconnected: 1,
        may_manage,
    }
}

fn detail(suspended_reason: Option<&str>) -> TenantDetail {
    TenantDetail {
        row: row(),
        timezone: "Europe/Lisbon".into(),
        domain: String::new(),
        created: When::default(),
        suspended_reason: suspended_reason.map(str::to_owned),
        colour: "pink".into(),
        members: Vec::new(),
        glass: Vec::new(),
        may_manage: true,
        confirm_due: false,
        inside: false,
        fresh: Some(FreshLink {
            email: "marina@clinicasol.example".into(),
            address: "https://painel.example/invite/abc".into(),
            what: "convite".into(),
            until: "amanhã".into(),
        }),
    }
}

fn tenant_html(address: &str, detail: TenantDetail) -> String {
    html(address, move || {
        let error = Signal::derive(|| None);
        view! { <tenant::Whole detail=detail.clone() error edit=ServerAction::new() /> }.into_any()
    })
}

#[test]
fn a_tenant_is_shown_with_every_mark_in_words_and_links_keep_the_filter() {
    let html = html("/console", || {
        let filter = FleetFilter { search: "a&b".into(), state: "active".into() };
        view! { <fleet::Fleet page=page(vec![row()], 1, true) filter /> }.into_any()
    });
    for provider in Provider::ALL {
        assert!(html.contains(&format!("title=\"{}: não guardado\"", provider.label())), "{html}");
    }
    assert!(html.contains("Clínica &lt;Sol&gt;") && html.contains("href=\"/console/tenants/clinica-sol\""), "{html}");
    assert!(html.contains("?search=a%26b&amp;state=active&amp;after=n+ext\""), "{html}");
    assert!(html.contains("?search=a%26b&amp;state=active\""), "the first page has no cursor: {html}");
}

#[test]
fn no_tenants_and_no_hits_are_told_apart_and_only_who_may_is_offered_a_new_one() {
    let fleet = |total, may_manage| {
        html("/console", move || {
            view! { <fleet::Fleet page=page(Vec::new(), total, may_manage) filter=FleetFilter::default() /> }.into_any()
        })
    };
    assert!(fleet(0, true).contains("Nenhum cliente ainda") && fleet(0, true).contains("/console/new"));
    assert!(fleet(7, true).contains("Nenhum cliente encontrado") && fleet(7, true).contains("/console/staff"));
    for total in [0, 7] {
        let html = fleet(total, false);
        assert!(!html.contains("/console/new") && !html.contains("/console/staff"), "{html}");
    }
}

#[test]
fn the_forms_send_what_their_server_functions_read() {
    let new = html("/console/new", || view! { <NewTenantPage /> }.into_any());
    let fields = ["name", "slug", "timezone", "plan", "domain", "email"].map(|field| format!("form[{field}]"));
    assert_eq!(names(&new), fields);
    let other = html("/console/new?zone=other", || view! { <NewTenantPage /> }.into_any());
    assert_eq!(names(&other), fields);

    let html = tenant_html("/console/tenants/clinica-sol", detail(None));
    let edit = ["slug", "name", "timezone", "plan", "domain", "colour"].map(|field| format!("form[{field}]"));
    let others = ["slug", "reason", "slug", "reason"].map(str::to_owned);
    let invite = ["slug", "email"].map(str::to_owned);
    assert_eq!(names(&html), [invite.as_slice(), edit.as_slice(), others.as_slice()].concat());
    assert!(html.contains("<option value=\"Europe/Lisbon\" selected"), "a foreign zone is kept: {html}");
    assert!(html.contains("<option value=\"pink\" selected"), "so is the colour: {html}");
}

#[test]
fn a_new_tenant_has_its_link_and_the_next_steps_a_suspended_one_what_its_people_read() {
    let new = tenant_html("/console/tenants/clinica-sol?done=created", detail(None));
    assert!(new.contains("Os próximos passos") && new.contains("https://painel.example/invite/abc"), "{new}");
    let suspended = tenant_html("/console/tenants/clinica-sol", detail(Some("Mensalidade em aberto.")));
    assert!(suspended.contains("Acesso suspenso. Mensalidade em aberto. Fale com a sua agência"), "{suspended}");
    assert!(suspended.contains("Reativar o acesso") && !suspended.contains("Suspender agora"), "{suspended}");
    assert!(!suspended.contains("Os próximos passos"), "{suspended}");
}

#[test]
fn who_may_not_manage_is_offered_nothing_and_nobody_removes_themselves() {
    let html_of = tenant_html("/console/tenants/clinica-sol", TenantDetail { may_manage: false, ..detail(None) });
    assert!(!html_of.contains("<form"), "{html_of}");

    let person = |name: &str, you| StaffMember {
        id: format!("id-{name}"),
        name: name.into(),
        email: format!("{name}@agencia.example"),
        role: AgencyRole::Owner,
        you,
        second_factor: false,
        last_login: None,
    };
    let view =
        StaffView { people: vec![person("eu", true), person("ela", false)], second_factor_required: true, fresh: None };
    let html = html("/console/staff", move || view! { <staff::Whole view=view.clone() /> }.into_any());
    assert!(html.contains("id-ela") && !html.contains("id-eu"), "{html}");
    assert!(html.contains("name=\"required\" value=\"false\""), "what is demanded is to be lifted: {html}");
}
