//! Who may call what: every page and every server function, with what it asks for. The server refuses a path that is not
//! listed here and checks every other one against it before any of our code runs; the backend then checks again.
//!
//! Tests walk these lists against the real routes, so a new page or function cannot be forgotten.

use crate::session::{AgencyRole, Permission, Role};

/// What a page or a server function asks of the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Nothing: signing in, links by mail, colours, language.
    Anyone,
    /// A live session, whatever its role or tenant: one's own account.
    SignedIn,
    /// A place in the tenant at hand whose role has the permission.
    Tenant(Permission),
    /// A role in the agency that has the permission.
    Agency(Permission),
}

impl Need {
    /// Whether a signed-in caller with these roles may pass.
    pub fn met_by(self, tenant: Option<Role>, agency: Option<AgencyRole>) -> bool {
        match self {
            Self::Anyone | Self::SignedIn => true,
            Self::Tenant(permission) => tenant.is_some_and(|role| role.may(permission)),
            Self::Agency(permission) => agency.is_some_and(|role| role.may(permission)),
        }
    }
}

/// The pages, as the route table has them (a parameter is one `:name` segment).
pub const PAGES: &[(&str, Need)] = &[
    ("/login", Need::Anyone),
    ("/login/code", Need::Anyone),
    ("/reset", Need::Anyone),
    ("/reset/:token", Need::Anyone),
    ("/invite/:token", Need::Anyone),
    ("/choose", Need::SignedIn),
    ("/settings/security", Need::SignedIn),
    ("/", Need::Tenant(Permission::ReadContent)),
    ("/conversations", Need::Tenant(Permission::ReadContent)),
    ("/conversations/:id", Need::Tenant(Permission::ReadContent)),
    ("/conversations/:id/print", Need::Tenant(Permission::ReadContent)),
    ("/appointments", Need::Tenant(Permission::ReadContent)),
    ("/appointments/:id", Need::Tenant(Permission::ReadContent)),
    ("/settings/credentials", Need::Tenant(Permission::KeepCredentials)),
    ("/settings/credentials/evolution/qr", Need::Tenant(Permission::KeepCredentials)),
    ("/settings/credentials/automation", Need::Tenant(Permission::KeepCredentials)),
    ("/settings/mapping", Need::Tenant(Permission::KeepCredentials)),
    ("/settings/team", Need::Tenant(Permission::ManageTeam)),
    ("/settings/audit", Need::Tenant(Permission::ReadAudit)),
    ("/console", Need::Agency(Permission::SeeFleet)),
    ("/console/new", Need::Agency(Permission::ManageTenants)),
    ("/console/staff", Need::Agency(Permission::ManageTenants)),
    ("/console/audit", Need::Agency(Permission::ManageTenants)),
    ("/console/tenants/:slug", Need::Agency(Permission::SeeFleet)),
];

/// Files that are made for the caller, and the steps to Google and back: no page, no server function.
pub const FILES: &[(&str, Need)] = &[
    ("/settings/audit.csv", Need::Tenant(Permission::ReadAudit)),
    ("/console/audit.csv", Need::Agency(Permission::ManageTenants)),
    ("/files/overview.csv", Need::Tenant(Permission::Export)),
    ("/files/conversas.csv", Need::Tenant(Permission::Export)),
    ("/files/mensagens.csv", Need::Tenant(Permission::Export)),
    ("/files/conversa.csv", Need::Tenant(Permission::Export)),
    ("/files/agenda.csv", Need::Tenant(Permission::Export)),
    ("/files/agenda.ics", Need::Tenant(Permission::Export)),
    ("/files/appointments/:id.ics", Need::Tenant(Permission::Export)),
    ("/settings/export.json", Need::Tenant(Permission::ManageTeam)),
    ("/oauth/google/start", Need::Tenant(Permission::KeepCredentials)),
    ("/oauth/google/callback", Need::Tenant(Permission::KeepCredentials)),
];

/// What a page listens to for as long as it is open: refused by a status, never led elsewhere, and no use of the session.
pub const STREAMS: &[(&str, Need)] = &[("/live", Need::Tenant(Permission::ReadContent))];

/// The server functions.
pub const FUNCTIONS: &[(&str, Need)] = &[
    ("/api/session/log_in", Need::Anyone),
    ("/api/session/log_in_code", Need::Anyone),
    ("/api/session/log_out", Need::Anyone),
    ("/api/session/set_theme", Need::Anyone),
    ("/api/session/set_language", Need::Anyone),
    ("/api/session/set_keys", Need::Anyone),
    ("/api/session/places", Need::SignedIn),
    ("/api/session/choose", Need::SignedIn),
    ("/api/links/look", Need::Anyone),
    ("/api/links/accept", Need::Anyone),
    ("/api/links/mails", Need::Anyone),
    ("/api/links/request_reset", Need::Anyone),
    ("/api/links/reset", Need::Anyone),
    ("/api/security/read", Need::SignedIn),
    ("/api/security/change_password", Need::SignedIn),
    ("/api/security/begin_second_factor", Need::SignedIn),
    ("/api/security/confirm_second_factor", Need::SignedIn),
    ("/api/security/remove_second_factor", Need::SignedIn),
    ("/api/security/end_session", Need::SignedIn),
    ("/api/security/end_all_sessions", Need::SignedIn),
    ("/api/overview/read", Need::Tenant(Permission::ReadContent)),
    ("/api/overview/set_hours", Need::Tenant(Permission::KeepCredentials)),
    ("/api/conversations/page", Need::Tenant(Permission::ReadContent)),
    ("/api/conversations/thread", Need::Tenant(Permission::ReadContent)),
    ("/api/conversations/print", Need::Tenant(Permission::ReadContent)),
    ("/api/conversations/saved_filters", Need::Tenant(Permission::ReadContent)),
    ("/api/conversations/save_filter", Need::Tenant(Permission::ReadContent)),
    ("/api/conversations/remove_filter", Need::Tenant(Permission::ReadContent)),
    ("/api/appointments/agenda", Need::Tenant(Permission::ReadContent)),
    ("/api/appointments/one", Need::Tenant(Permission::ReadContent)),
    ("/api/credentials/list", Need::Tenant(Permission::KeepCredentials)),
    ("/api/credentials/save", Need::Tenant(Permission::KeepCredentials)),
    ("/api/credentials/remove", Need::Tenant(Permission::KeepCredentials)),
    ("/api/credentials/test", Need::Tenant(Permission::KeepCredentials)),
    ("/api/credentials/pairing", Need::Tenant(Permission::KeepCredentials)),
    ("/api/credentials/send_event", Need::Tenant(Permission::KeepCredentials)),
    ("/api/credentials/connect_google", Need::Tenant(Permission::KeepCredentials)),
    ("/api/credentials/disconnect_google", Need::Tenant(Permission::KeepCredentials)),
    ("/api/automation/read", Need::Tenant(Permission::KeepCredentials)),
    ("/api/automation/make", Need::Tenant(Permission::KeepCredentials)),
    ("/api/automation/revoke", Need::Tenant(Permission::KeepCredentials)),
    ("/api/mapping/read", Need::Tenant(Permission::KeepCredentials)),
    ("/api/mapping/detect", Need::Tenant(Permission::KeepCredentials)),
    ("/api/mapping/model", Need::Tenant(Permission::KeepCredentials)),
    ("/api/mapping/edit", Need::Tenant(Permission::KeepCredentials)),
    ("/api/mapping/draft", Need::Tenant(Permission::KeepCredentials)),
    ("/api/mapping/drop", Need::Tenant(Permission::KeepCredentials)),
    ("/api/mapping/save", Need::Tenant(Permission::KeepCredentials)),
    ("/api/mapping/restore", Need::Tenant(Permission::KeepCredentials)),
    ("/api/team/read", Need::Tenant(Permission::ManageTeam)),
    ("/api/team/invite", Need::Tenant(Permission::ManageTeam)),
    ("/api/team/withdraw", Need::Tenant(Permission::ManageTeam)),
    ("/api/team/set_role", Need::Tenant(Permission::ManageTeam)),
    ("/api/team/remove", Need::Tenant(Permission::ManageTeam)),
    ("/api/team/reset_link", Need::Tenant(Permission::ManageTeam)),
    ("/api/team/require_second_factor", Need::Tenant(Permission::ManageTeam)),
    ("/api/audit/page", Need::Tenant(Permission::ReadAudit)),
    ("/api/audit/agency_page", Need::Agency(Permission::ManageTenants)),
    ("/api/console/fleet", Need::Agency(Permission::SeeFleet)),
    ("/api/console/tenant", Need::Agency(Permission::SeeFleet)),
    ("/api/console/create", Need::Agency(Permission::ManageTenants)),
    ("/api/console/invite_admin", Need::Agency(Permission::ManageTenants)),
    ("/api/console/edit", Need::Agency(Permission::ManageTenants)),
    ("/api/console/suspend", Need::Agency(Permission::ManageTenants)),
    ("/api/console/resume", Need::Agency(Permission::ManageTenants)),
    ("/api/console/staff", Need::Agency(Permission::ManageTenants)),
    ("/api/console/invite_staff", Need::Agency(Permission::ManageTenants)),
    ("/api/console/remove_staff", Need::Agency(Permission::ManageTenants)),
    ("/api/console/require_second_factor", Need::Agency(Permission::ManageTenants)),
    ("/api/console/break_glass", Need::Agency(Permission::BreakGlass)),
    ("/api/console/end_break_glass", Need::Agency(Permission::BreakGlass)),
];

/// What the page, file, stream or server function at `path` asks for; `None` when there is none.
pub fn need(path: &str) -> Option<Need> {
    [PAGES, FILES, STREAMS, FUNCTIONS]
        .into_iter()
        .flatten()
        .find(|(pattern, _)| matches(pattern, path))
        .map(|(_, need)| *need)
}

/// Whether a page listens to what is at `path`.
pub fn is_stream(path: &str) -> bool {
    STREAMS.iter().any(|(stream, _)| *stream == path)
}

/// Whether the page at `path` is one for people who are not in yet: plain forms, sent without any script.
pub fn without_script(path: &str) -> bool {
    PAGES.iter().any(|(pattern, need)| *need == Need::Anyone && matches(pattern, path))
}

fn matches(pattern: &str, path: &str) -> bool {
    let (mut wanted, mut given) = (pattern.split('/'), path.split('/'));
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some(wanted), Some(given)) if wanted == given => {}
            (Some(wanted), Some(given)) if wanted.starts_with(':') && !given.is_empty() => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_matched_segment_by_segment() {
        assert_eq!(need("/"), Some(Need::Tenant(Permission::ReadContent)));
        assert_eq!(need("/conversations/12"), need("/conversations"));
        assert_eq!(need("/invite/abc"), Some(Need::Anyone));
        assert_eq!(need("/settings/audit.csv"), Some(Need::Tenant(Permission::ReadAudit)));
        for path in ["/conversations/", "/conversations/1/2", "//", "/api", "/api/session", "/settings", "/invite"] {
            assert_eq!(need(path), None, "{path}");
        }
    }

    #[test]
    fn the_ways_in_need_no_script_and_all_else_does() {
        for path in ["/login", "/login/code", "/reset", "/reset/abc", "/invite/abc"] {
            assert!(without_script(path), "{path}");
        }
        for path in ["/", "/choose", "/settings/security", "/console", "/nada", "/invite", "/api/session/log_in"] {
            assert!(!without_script(path), "{path}");
        }
    }

    #[test]
    fn each_need_is_met_by_its_own_roles_alone() {
        let (tenant, agency) = (Need::Tenant(Permission::ManageTeam), Need::Agency(Permission::BreakGlass));
        for (need, role, staff, met) in [
            (Need::Anyone, None, None, true),
            (Need::SignedIn, None, None, true),
            (tenant, Some(Role::Admin), None, true),
            (tenant, Some(Role::Agent), None, false),
            (tenant, None, None, false),
            // Who works for the agency has no place in a tenant by that, nor the other way round.
            (tenant, None, Some(AgencyRole::Owner), false),
            (agency, None, Some(AgencyRole::Owner), true),
            (agency, None, Some(AgencyRole::Support), false),
            (agency, Some(Role::Admin), None, false),
        ] {
            assert_eq!(need.met_by(role, staff), met, "{need:?} {role:?} {staff:?}");
        }
    }

    #[test]
    fn only_what_is_listened_to_is_a_stream() {
        assert!(is_stream("/live"));
        for path in ["/", "/live/", "/live/1", "/conversations"] {
            assert!(!is_stream(path), "{path}");
        }
    }

    #[test]
    fn nothing_stands_twice() {
        let all: Vec<&str> = [PAGES, FILES, STREAMS, FUNCTIONS].into_iter().flatten().map(|(path, _)| *path).collect();
        for (index, path) in all.iter().enumerate() {
            assert!(!all[index + 1..].contains(path), "{path} stands twice");
        }
    }
}
