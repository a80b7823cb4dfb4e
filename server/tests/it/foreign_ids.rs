//! Ids that are somebody else's: as if they had never existed, for every role, in every function that takes one.

use crate::{
    harness::{Browser, Server, Tenant},
    isolation::{only_in, shape},
};
use app::{credentials::Provider, session::Role};
use reqwest::StatusCode;
use server::{
    store::{Act, LinkPurpose, NewMachineToken},
    web::session::{IDLE, MOST_SESSIONS},
};
use time::OffsetDateTime;

/// What one tenant has that others must not reach.
struct Goods {
    tenant: Tenant,
    slug: String,
    member: String,
    invitation: String,
    machine: String,
    session: String,
    conversation: String,
    filter: String,
    /// A browser of each role.
    browsers: Vec<(Role, Browser)>,
}

async fn goods(server: &Server, slug: &str, project: usize) -> Goods {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL};
    let tenant = server.tenant(slug, Role::Admin, Some(project)).await;
    let (store, act, now) = (&server.state.store, Act::of_command_line(), OffsetDateTime::now_utc());
    let member = server.user(&format!("membro@{slug}.example"), tenant.scope.tenant(), Role::Agent).await;
    let purpose = LinkPurpose::Invite { tenant: tenant.scope.tenant(), role: Role::Viewer };
    let email = format!("convidada@{slug}.example").parse().unwrap();
    let link = server::backend::make_link(&server.state.base_url, purpose, &email, now).unwrap();
    store.create_invitation(&tenant.scope, &act, link.row, now).await.unwrap();
    let invitation = store.list_invitations(&tenant.scope, now).await.unwrap()[0].id.to_string();
    let machine = NewMachineToken {
        token_hash: *uuid::Uuid::new_v4().as_bytes().repeat(2).first_chunk().expect("32 bytes"),
        name: "Robô".into(),
        last_four: "0000".into(),
        providers: vec![Provider::N8n],
        expires_at: now + time::Duration::days(1),
    };
    assert!(store.create_machine_token(&tenant.scope, &act, machine, now).await.unwrap());
    let machine = store.list_machine_tokens(&tenant.scope).await.unwrap()[0].id.to_string();
    server.signed_in(&format!("membro@{slug}.example")).await;
    let session = &store.list_sessions(member, now, IDLE, MOST_SESSIONS).await.unwrap()[0];
    let session = BASE64URL.encode(&session.id_hash);
    let mut browsers = vec![(Role::Admin, server.signed_in(&tenant.email).await)];
    for role in [Role::Agent, Role::Viewer] {
        let email = format!("{}-quem@{slug}.example", role.as_str());
        server.user(&email, tenant.scope.tenant(), role).await;
        browsers.push((role, server.signed_in(&email).await));
    }
    let filter = [("name", "Robô"), ("filter[status]", "bot")];
    browsers[0].1.form("/api/conversations/save_filter", &filter, "/conversations").await;
    let saved = browsers[0].1.read("/api/conversations/saved_filters").await;
    let saved: app::conversations::SavedFilters = serde_json::from_slice(&saved.bytes().await.unwrap()).unwrap();
    let filter = saved.filters[0].id.clone();
    let (member, conversation) = (member.to_string(), only_in(project).await);
    Goods { tenant, slug: slug.to_owned(), member, invitation, machine, session, conversation, filter, browsers }
}

/// One way to ask for something by its id.
struct Question {
    path: &'static str,
    /// The argument that is the id; the others follow.
    id: &'static str,
    more: &'static [(&'static str, &'static str)],
    /// Asked by GET.
    reads: bool,
    /// The weakest role that is told anything but 403; none is.
    role: Option<Role>,
    of: fn(&Goods) -> &str,
    /// An id of the kind that nobody has.
    never: &'static str,
}

const NEVER: &str = "0190b8e4-0000-7000-8000-00000000abcd";
const NEVER_SESSION: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
const FACTS: &[(&str, &str)] = &[("form[name]", "Nova"), ("form[timezone]", "America/Sao_Paulo")];
const REASON: &[(&str, &str)] = &[("reason", "Um motivo bastante longo.")];

fn questions() -> Vec<Question> {
    let ask = |path, id, more, reads, role, of, never| Question { path, id, more, reads, role, of, never };
    let admin = Some(Role::Admin);
    type Part = fn(&Goods) -> &str;
    let (member, slug): (Part, Part) = (|goods| &goods.member, |goods| &goods.slug);
    let talk: Part = |goods| &goods.conversation;
    let never = "nunca-houve";
    vec![
        ask("/api/conversations/thread", "id", &[], true, Some(Role::Viewer), talk, "999999999"),
        ask("/api/conversations/print", "id", &[], true, Some(Role::Viewer), talk, "999999999"),
        ask("/files/conversa.csv", "id", &[], true, Some(Role::Agent), talk, "999999999"),
        ask("/api/conversations/remove_filter", "saved", &[], false, Some(Role::Viewer), |goods| &goods.filter, NEVER),
        ask("/api/security/end_session", "id", &[], false, Some(Role::Viewer), |goods| &goods.session, NEVER_SESSION),
        ask("/api/session/choose", "slug", &[], false, Some(Role::Viewer), slug, never),
        ask("/api/team/withdraw", "invitation", &[], false, admin, |goods| &goods.invitation, NEVER),
        ask("/api/automation/revoke", "token", &[], false, admin, |goods| &goods.machine, NEVER),
        ask("/api/team/set_role", "member", &[("role", "viewer")], false, admin, member, NEVER),
        ask("/api/team/remove", "member", &[], false, admin, member, NEVER),
        ask("/api/team/reset_link", "member", &[], false, admin, member, NEVER),
        ask("/api/console/tenant", "slug", &[], true, None, slug, never),
        ask("/api/console/edit", "form[slug]", FACTS, false, None, slug, never),
        ask("/api/console/suspend", "slug", REASON, false, None, slug, never),
        ask("/api/console/resume", "slug", &[], false, None, slug, never),
        ask("/api/console/break_glass", "slug", REASON, false, None, slug, never),
        ask("/api/console/remove_staff", "person", &[], false, None, member, NEVER),
    ]
}

async fn ask(browser: &Browser, question: &Question, id: &str) -> (StatusCode, String) {
    let pairs: Vec<(&str, &str)> = [(question.id, id)].into_iter().chain(question.more.iter().copied()).collect();
    let answer = if question.reads {
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        browser.read(&format!("{}?{query}", question.path)).await
    } else {
        browser.call(question.path, &pairs).await
    };
    shape(answer, id).await
}

#[tokio::test]
async fn a_foreign_id_is_as_one_that_never_existed() {
    let server = Server::start().await;
    let mut all = Vec::new();
    // The conversations of A and C are those of one project, B's those of the other.
    for (slug, project) in [("mundo-a", 0), ("mundo-b", 1), ("mundo-c", 0)] {
        all.push(goods(&server, slug, project).await);
    }
    let (mut asked, mut same) = (0, 0);
    let mut wrong = Vec::new();
    for (here, own) in all.iter().enumerate() {
        for (there, foreign) in all.iter().enumerate().filter(|(there, _)| *there != here) {
            for (role, browser) in &own.browsers {
                for question in questions() {
                    let of_project = question.never == "999999999";
                    if of_project && (here + there) % 2 == 0 {
                        continue;
                    }
                    let expected = match question.role {
                        Some(least) if *role >= least => StatusCode::NOT_FOUND,
                        _ => StatusCode::FORBIDDEN,
                    };
                    let of_foreign = ask(browser, &question, (question.of)(foreign)).await;
                    let of_nobody = ask(browser, &question, question.never).await;
                    let fine = of_foreign.0 == expected && of_foreign == of_nobody;
                    (asked, same) = (asked + 1, same + usize::from(fine));
                    if !fine {
                        wrong.push(format!("{role:?} {}: {of_foreign:?} and {of_nobody:?}", question.path));
                    }
                }
                for page in ["/conversations/", "/console/tenants/"] {
                    let (id, never) = match page {
                        "/conversations/" if (here + there) % 2 == 0 => continue,
                        "/conversations/" => (&foreign.conversation, "999999999"),
                        _ => (&foreign.slug, "nunca-houve"),
                    };
                    // With an empty list beside it: an id's digits may stand in any row.
                    let ask =
                        async |id: &str| shape(browser.page(&format!("{page}{id}?from=2099-01-01")).await, id).await;
                    let (of_foreign, of_nobody) = (ask(id).await, ask(never).await);
                    let fine = of_foreign == of_nobody && !of_foreign.0.is_success();
                    (asked, same) = (asked + 1, same + usize::from(fine));
                    if !fine {
                        wrong.push(format!("{role:?} {page}: {} and {}", of_foreign.0, of_nobody.0));
                    }
                }
            }
        }
    }
    eprintln!("isolation: {same} of {asked} foreign ids answered as ids that never existed");
    assert_eq!(wrong, Vec::<String>::new());

    // And nothing was touched by it.
    let (store, now) = (&server.state.store, OffsetDateTime::now_utc());
    for goods in &all {
        let scope = &goods.tenant.scope;
        let members = store.list_members(scope, 10).await.unwrap();
        let member = members.iter().find(|member| member.id.to_string() == goods.member).expect("still a member");
        assert_eq!((members.len(), member.role), (4, Role::Agent));
        assert_eq!(store.list_invitations(scope, now).await.unwrap().len(), 1);
        let saved = goods.browsers[0].1.text("/api/conversations/saved_filters").await;
        assert!(saved.contains(&goods.filter), "still a filter");
        assert_eq!(store.list_machine_tokens(scope).await.unwrap()[0].revoked_at, None);
        assert_eq!(store.list_sessions(member.id, now, IDLE, MOST_SESSIONS).await.unwrap().len(), 1);
    }
}

/// An audit cursor is a number in one tenant's own trail: another's leads to no row of theirs.
#[tokio::test]
async fn an_audit_cursor_of_another_shows_ones_own_rows_alone() {
    let server = Server::start().await;
    let a = server.tenant("trilha-a", Role::Admin, None).await;
    let b = server.tenant("trilha-b", Role::Admin, None).await;
    for _ in 0..3 {
        server.signed_in(&b.email).await;
    }
    let as_a = server.signed_in(&a.email).await;
    for before in ["1", "5", "999999", ""] {
        let answer = as_a.read(&format!("/api/audit/page?before={before}")).await;
        assert_eq!(answer.status(), StatusCode::OK, "{before}");
        assert!(!answer.text().await.unwrap().contains("trilha-b"));
    }
    for before in ["x", "-", "1;2", "99999999999999999999999"] {
        assert_eq!(as_a.read(&format!("/api/audit/page?before={before}")).await.status(), StatusCode::NOT_FOUND);
    }
    let csv = as_a.page("/settings/audit.csv").await.text().await.unwrap();
    assert!(csv.contains("trilha-a") && !csv.contains("trilha-b"));
}
