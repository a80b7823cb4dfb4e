//! The way to each page that the viewer may open. From 720 px up all entries stand below each other; on a phone the
//! first four stand in a bar at the bottom and the others behind "Mais".

use super::{Permission, Theme, Viewer, frame::End};
use crate::{
    tr,
    ui::{Icon, Shape},
};
use leptos::{ev, html, prelude::*, wasm_bindgen::JsCast, web_sys};
use leptos_router::{components::A, hooks::use_location};

/// How many entries a phone's bar has room for beside "Mais".
const IN_BAR: usize = 4;

/// One page in the menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    href: &'static str,
    shape: Shape,
    label: &'static str,
    /// The word in a phone's bar.
    short: &'static str,
}

impl Entry {
    fn new(href: &'static str, shape: Shape, label: &'static str) -> Self {
        Self { href, shape, label, short: label }
    }
}

/// One's own account: beside "Sair", for everybody who is signed in.
pub(super) fn security() -> Entry {
    Entry::new("/settings/security", Shape::Shield, tr!("Segurança", "Security"))
}

fn pages() -> [(Entry, Permission); 7] {
    let home = Entry::new("/", Shape::Home, tr!("Visão geral", "Overview"));
    let conversations = Entry::new("/conversations", Shape::Chat, tr!("Conversas", "Conversations"));
    let appointments = Entry::new("/appointments", Shape::Calendar, tr!("Agenda", "Appointments"));
    [
        (Entry { short: tr!("Início", "Home"), ..home }, Permission::ReadContent),
        // A small phone's bar has no room for the whole word beside the others.
        (Entry { short: tr!("Conversas", "Chats"), ..conversations }, Permission::ReadContent),
        (Entry { short: "Agenda", ..appointments }, Permission::ReadContent),
        (Entry::new("/settings/credentials", Shape::Plug, tr!("Conexões", "Connections")), Permission::KeepCredentials),
        (Entry::new("/settings/team", Shape::People, tr!("Equipe", "Team")), Permission::ManageTeam),
        (Entry::new("/settings/audit", Shape::Sheet, tr!("Auditoria", "Audit trail")), Permission::ReadAudit),
        (Entry::new("/console", Shape::Tiles, "Console"), Permission::SeeFleet),
    ]
}

/// The pages that the viewer may open; none while a second factor is due, or nobody is signed in.
pub(super) fn entries(viewer: Option<&Viewer>) -> Vec<Entry> {
    let Some(viewer) = viewer.filter(|viewer| !viewer.second_factor_due) else { return Vec::new() };
    pages().into_iter().filter(|(_, permission)| viewer.may(*permission)).map(|(entry, _)| entry).collect()
}

/// The menu.
#[component]
pub(super) fn Menu(entries: Vec<Entry>, theme: Theme) -> impl IntoView {
    let (bar, rest) = entries.split_at(entries.len().min(IN_BAR));
    view! {
        <nav class="menu" aria-label=tr!("Páginas", "Pages")>
            {bar.iter().map(|entry| view! { <Link entry=*entry /> }).collect_view()}
            {rest.iter().map(|entry| view! { <Link entry=*entry rest=true /> }).collect_view()}
            <More entries=rest.to_vec() theme />
        </nav>
    }
    // Erased: it stands in the frame, whose type would otherwise grow too deep for the compiler.
    .into_any()
}

/// A disclosure, so that it opens without script and by keyboard. With script it closes by itself when it was left.
#[component]
fn More(entries: Vec<Entry>, theme: Theme) -> impl IntoView {
    let details = NodeRef::<html::Details>::new();
    let path = use_location().pathname;
    let close = move || {
        if let Some(details) = details.get_untracked() {
            details.set_open(false);
        }
    };
    Effect::new(move |_| {
        path.track();
        close();
    });
    let escape = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape" {
            close();
        }
    };
    // Only when something else takes the focus: not every browser gives it to a button that is clicked.
    let left = move |event: ev::FocusEvent| {
        let to = event.related_target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
        if to.is_some_and(|to| details.get_untracked().is_some_and(|details| !details.contains(Some(&to)))) {
            close();
        }
    };
    view! {
        <details class="more" node_ref=details on:keydown=escape on:focusout=left>
            <summary class="menu-entry">
                <Icon shape=Shape::More />
                {tr!("Mais", "More")}
            </summary>
            <div class="more-panel">
                {entries.into_iter().map(|entry| view! { <Link entry /> }).collect_view()} <End theme />
            </div>
        </details>
    }
    .into_any()
}

/// One entry; `rest` ones have no place in a phone's bar.
#[component]
pub(super) fn Link(entry: Entry, #[prop(optional)] rest: bool) -> impl IntoView {
    view! {
        <A href=entry.href exact=entry.href == "/" attr:class=if rest { "menu-entry rest" } else { "menu-entry" }>
            <Icon shape=entry.shape />
            <span class="menu-long">{entry.label}</span>
            <span class="menu-short">{entry.short}</span>
        </A>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        access,
        session::{AgencyRole, Hue, Role, TenantView},
    };

    fn viewer(role: Option<Role>, agency: Option<AgencyRole>) -> Viewer {
        let tenant = role.map(|role| TenantView {
            name: "Clínica Exemplo".to_owned(),
            initial: "C".to_owned(),
            hue: Hue::Teal,
            role,
            glass: None,
            troubles: Vec::new(),
        });
        Viewer { name: "Lia".to_owned(), tenant, agency, several: false, second_factor_due: false }
    }

    fn labels(viewer: &Viewer) -> Vec<&'static str> {
        entries(Some(viewer)).into_iter().map(|entry| entry.label).collect()
    }

    #[test]
    fn each_role_has_its_entries() {
        let content = ["Visão geral", "Conversas", "Agenda"];
        let admin = ["Conexões", "Equipe", "Auditoria"];
        let cases = [
            (Some(Role::Viewer), None, content.to_vec()),
            (Some(Role::Agent), None, content.to_vec()),
            (Some(Role::Admin), None, [content, admin].concat()),
            (None, Some(AgencyRole::Support), vec!["Console"]),
            (None, Some(AgencyRole::Owner), vec!["Console"]),
            (Some(Role::Viewer), Some(AgencyRole::Owner), [&content[..], &["Console"]].concat()),
            (Some(Role::Admin), Some(AgencyRole::Support), [&content[..], &admin, &["Console"]].concat()),
            (None, None, Vec::new()),
        ];
        for (role, agency, expected) in cases {
            assert_eq!(labels(&viewer(role, agency)), expected, "{role:?} {agency:?}");
        }
    }

    #[test]
    fn nothing_is_offered_before_a_due_second_factor_or_to_nobody() {
        let mut due = viewer(Some(Role::Admin), Some(AgencyRole::Owner));
        due.second_factor_due = true;
        assert_eq!(entries(Some(&due)), []);
        assert_eq!(entries(None), []);
    }

    /// The menu asks for what the page asks for.
    #[test]
    fn an_entry_leads_exactly_where_the_viewer_may_go() {
        for (entry, permission) in pages() {
            let need = access::need(entry.href).expect("the page is listed");
            for role in Role::ALL.into_iter().map(Some).chain([None]) {
                for agency in AgencyRole::ALL.into_iter().map(Some).chain([None]) {
                    let may = viewer(role, agency).may(permission);
                    assert_eq!(may, need.met_by(role, agency), "{} {role:?} {agency:?}", entry.href);
                }
            }
        }
        assert_eq!(access::need(security().href), Some(access::Need::SignedIn));
    }
}
