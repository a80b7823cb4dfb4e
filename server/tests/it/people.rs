//! Everybody who may come to a tenant's door, made for a test, and what `app::access` lets them do there.

use crate::harness::{Browser, Server, Tenant, location};
use app::{
    access::Need,
    session::{AgencyRole, Permission, Role},
};
use reqwest::StatusCode;
use server::store::Act;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use time::OffsetDateTime;

/// Somebody, and where they stand.
pub struct Person {
    /// What a failed test calls them.
    pub name: &'static str,
    /// What they sign in with; nobody has none.
    pub email: Option<String>,
    /// Their role in the tenant they are in.
    pub tenant: Option<Role>,
    /// Their role in the agency.
    pub agency: Option<AgencyRole>,
    /// Whether the tenant's or the agency's demand for a second factor is theirs too.
    pub owes: bool,
    /// The tenant they enter by its slug after signing in: by membership, or by breaking the glass.
    enters: Enters,
}

#[derive(Clone)]
enum Enters {
    /// Wherever signing in leads.
    AsLed,
    /// By breaking the glass.
    ByGlass(String),
}

/// Everybody: the tenant's three roles, the agency's two, its owner inside by a broken glass, the admin of another
/// tenant, somebody of two tenants who has chosen none, somebody who lost their only place, and nobody.
pub async fn everybody(server: &Server, tenant: &Tenant) -> Vec<Person> {
    // So that a test may call this twice.
    static CALLS: AtomicU32 = AtomicU32::new(0);
    let call = CALLS.fetch_add(1, Relaxed);
    let (store, act, now) = (&server.state.store, Act::of_command_line(), OffsetDateTime::now_utc());
    let slug = tenant.email.split(['@', '.']).nth(1).expect("a slug").to_owned();
    let address = |who: &str| format!("{who}{call}@pessoas.example");
    let mut people = Vec::new();
    let mut add = |name, email: Option<String>, tenant, agency, owes, enters: Enters| {
        people.push(Person { name, email, tenant, agency, owes, enters });
    };
    for (name, role) in [("viewer", Role::Viewer), ("agent", Role::Agent), ("admin", Role::Admin)] {
        let email = address(name);
        server.user(&email, tenant.scope.tenant(), role).await;
        add(name, Some(email), Some(role), None, true, Enters::AsLed);
    }
    for (name, role) in [("support", AgencyRole::Support), ("owner", AgencyRole::Owner)] {
        let email = address(name);
        server.staff(&email, role).await;
        add(name, Some(email), None, Some(role), true, Enters::AsLed);
    }
    let inside = address("inside");
    server.staff(&inside, AgencyRole::Owner).await;
    let glass = Enters::ByGlass(slug);
    add("owner inside", Some(inside), Some(Role::Viewer), Some(AgencyRole::Owner), false, glass);

    let other = server.tenant(&format!("outra-{call}"), Role::Admin, None).await;
    add("admin of another", Some(other.email.clone()), Some(Role::Admin), None, false, Enters::AsLed);
    let undecided = address("undecided");
    let user = server.user(&undecided, tenant.scope.tenant(), Role::Admin).await;
    store.add_membership(&other.scope, &act, user, Role::Admin, now).await.expect("a second place");
    add("undecided", Some(undecided), None, None, false, Enters::AsLed);
    add("nobody", None, None, None, false, Enters::AsLed);
    people
}

impl Person {
    /// A browser in which they have come as far as they get.
    pub async fn enter(&self, server: &Server) -> Browser {
        let Some(email) = &self.email else { return Browser::new(&server.url) };
        let mut browser = server.signed_in(email).await;
        if let Enters::ByGlass(slug) = &self.enters {
            let pairs = [("slug", slug.as_str()), ("reason", "Pedido da cliente por telefone.")];
            let answer = browser.call("/api/console/break_glass", &pairs).await;
            assert!(answer.status().is_success() || answer.status().is_redirection(), "{}", answer.status());
            browser.keep(&answer);
        }
        browser
    }

    /// How a call that needs this is refused them: status and error; `None` when it is not.
    pub fn expected(&self, need: Need) -> Option<(StatusCode, &'static str)> {
        match need {
            Need::Anyone => None,
            _ if self.email.is_none() => Some((StatusCode::UNAUTHORIZED, "NotSignedIn")),
            need if need.met_by(self.tenant, self.agency) => None,
            _ => Some((StatusCode::FORBIDDEN, "NotAllowed")),
        }
    }

    /// Whether that is how a page or file that needs this answers them.
    pub fn page_is_right(&self, path: &str, need: Need, status: StatusCode, led_to: Option<&str>) -> bool {
        let home = match (self.tenant, self.agency) {
            (Some(_), _) => "/",
            (None, Some(_)) => "/console",
            (None, None) => "/choose",
        };
        let led = |to: &str| status == StatusCode::SEE_OTHER && led_to.is_some_and(|led_to| led_to == to);
        match (self.expected(need), need) {
            _ if path == "/login" && self.email.is_some() => led(home),
            (None, _) => {
                led_to.is_none() && matches!(status, StatusCode::OK | StatusCode::NOT_FOUND | StatusCode::GONE)
            }
            (Some((StatusCode::UNAUTHORIZED, _)), _) => {
                status == StatusCode::SEE_OTHER && led_to.is_some_and(|to| to.starts_with("/login"))
            }
            // Content asks for a tenant first.
            (Some(_), Need::Tenant(_)) if self.tenant.is_none() => led(home),
            (Some(_), _) => led_to.is_none() && status == StatusCode::FORBIDDEN,
        }
    }
}

/// The one whose only place was taken away while they were in, and who signs in again.
#[tokio::test]
async fn who_has_no_place_gets_no_further_than_the_door() {
    let server = Server::start().await;
    let tenant = server.tenant("lugar", Role::Viewer, None).await;
    let user = server.user("sai@lugar.example", tenant.scope.tenant(), Role::Admin).await;
    let inside = server.signed_in("sai@lugar.example").await;
    let (store, now) = (&server.state.store, OffsetDateTime::now_utc());
    assert!(store.remove_member(&tenant.scope, &Act::of_command_line(), user, now).await.unwrap());
    assert_eq!(location(&inside.page("/").await), "/login", "and their session with it");
    let mut browser = Browser::new(&server.url);
    let pairs = [("email", "sai@lugar.example"), ("password", crate::harness::PASSWORD)];
    let answer = browser.call("/api/session/log_in", &pairs).await;
    browser.keep(&answer);
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    assert!(answer.text().await.unwrap().contains("NotAllowed"));
    assert_eq!(browser.cookie, None, "no session is begun");
    let need = app::access::need("/").expect("the overview is listed");
    assert_eq!(need, Need::Tenant(Permission::ReadContent));
}
