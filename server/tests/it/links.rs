//! Invitations and new passwords by single-use links: whole flows, by plain form and as the wasm calls them, and every way
//! in which a link must not work.

use crate::{
    behind::{self, Behind, follow, json, refused_fields, token_in},
    harness::{Browser, PASSWORD, Server, location},
    post_office::PostOffice,
};
use app::{
    lang::Lang,
    session::{AgencyRole, Role},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use reqwest::{Response, StatusCode, header};
use secrecy::ExposeSecret;
use server::{
    backend::make_link,
    mail::MailConfig,
    store::{Act, LinkPurpose, TenantScope},
    web::source::TrustedProxies,
};
use time::{Duration, OffsetDateTime};

/// A password that the rules take.
pub const FRESH: &str = "ventania quiabo lanterna 58";
const OTHER: &str = "trovoada jiló cabide 4172 mar";
const TEAM: &str = "/settings/team";

/// Invites somebody by the team page's form and gives the token that the page then shows.
pub async fn invite(admin: &Browser, email: &str, role: Role) -> String {
    let answer = admin.form("/api/team/invite", &[("email", email), ("role", role.as_str())], TEAM).await;
    assert_eq!((answer.status(), location(&answer)), (StatusCode::FOUND, format!("{TEAM}?done=invited")));
    token_in(&admin.text(TEAM).await, "invite").expect("the link is shown")
}

/// Accepts an invitation by its form.
pub async fn accept(base: &str, token: &str, name: &str, password: &str) -> (Browser, Response) {
    let mut browser = Browser::new(base);
    let pairs = [("token", token), ("name", name), ("password", password)];
    let answer = browser.form("/api/links/accept", &pairs, &format!("/invite/{token}")).await;
    browser.keep(&answer);
    (browser, answer)
}

/// A link of any age, made past the forms.
async fn made(server: &Server, scope: &TenantScope, purpose: LinkPurpose, email: &str, at: OffsetDateTime) -> String {
    let (store, act, address) = (&server.state.store, Act::of_command_line(), email.parse().unwrap());
    let link = make_link(&server.state.base_url, purpose, &address, at).unwrap();
    match purpose {
        LinkPurpose::Invite { .. } => store.create_invitation(scope, &act, link.row.clone(), at).await.unwrap(),
        LinkPurpose::Staff { .. } => {
            store.create_staff_invitation(&store.operator_agency(), &act, link.row.clone(), at).await.unwrap();
        }
        LinkPurpose::Reset { .. } => store.create_reset(None, &act, link.row.clone(), at).await.unwrap(),
    }
    link.address.expose_secret().rsplit('/').next().unwrap().to_owned()
}

async fn id_of(server: &Server, email: &str) -> server::store::UserId {
    server.state.store.find_user(&email.parse().unwrap()).await.unwrap().unwrap().id
}

/// Whether a link opens anything: its page, its look, its two uses.
async fn opens(base: &str, token: &str, password: &str) -> bool {
    let nobody = Browser::new(base);
    let look = nobody.read(&format!("/api/links/look?token={token}")).await.status();
    let page = nobody.text(&format!("/invite/{token}")).await;
    let pairs = [("token", token), ("name", "Zé"), ("password", password)];
    let accept = nobody.call("/api/links/accept", &pairs).await.status();
    let reset = nobody.call("/api/links/reset", &pairs).await.status();
    let gone = [look, accept, reset].map(|status| status == StatusCode::GONE);
    let dead = page.contains("Este link não vale mais");
    assert!(gone == [dead; 3] || !dead, "all of a dead link is dead: {look} {accept} {reset}");
    !dead || gone.contains(&false)
}

#[tokio::test]
async fn invitations_lead_into_the_tenant_and_into_the_agency() {
    let server = Server::start().await;
    let tenant = server.tenant("convida", Role::Admin, None).await;
    server.staff("dona@agencia.example", AgencyRole::Owner).await;
    let (admin, owner) = (server.signed_in(&tenant.email).await, server.signed_in("dona@agencia.example").await);
    let mut flows = 0;

    // By plain forms, as without script.
    let token = invite(&admin, "Rita@Convida.example", Role::Viewer).await;
    let page = Browser::new(&server.url).text(&format!("/invite/{token}")).await;
    for part in ["Seu convite", "Loja convida", "rita@convida.example", "Quem convidou: admin."] {
        assert!(page.contains(part), "the invitation says {part:?}");
    }
    let (rita, answer) = accept(&server.url, &token, "Rita Prado", FRESH).await;
    assert_eq!((answer.status(), location(&answer)), (StatusCode::FOUND, "/".to_owned()));
    let page = rita.text("/").await;
    assert!(page.contains("Loja convida") && page.contains("Rita Prado"));
    assert_eq!(rita.call("/api/team/invite", &[("email", "x@y.example"), ("role", "viewer")]).await.status(), 403);
    flows += 1;

    // By script.
    let call = admin.call("/api/team/invite", &[("email", "caio@convida.example"), ("role", "admin")]).await;
    assert_eq!(call.status(), StatusCode::OK);
    let team = json(admin.read("/api/team/read").await).await;
    assert_eq!(team["fresh"]["email"], "caio@convida.example");
    let token = token_in(team["fresh"]["address"].as_str().unwrap(), "invite").unwrap();
    let look = json(Browser::new(&server.url).read(&format!("/api/links/look?token={token}")).await).await;
    assert_eq!(look["purpose"]["Invitation"]["has_account"], false);
    let mut caio = Browser::new(&server.url);
    let pairs = [("token", token.as_str()), ("name", "Caio"), ("password", OTHER)];
    let answer = caio.call("/api/links/accept", &pairs).await;
    assert_eq!(answer.status(), StatusCode::OK);
    caio.keep(&answer);
    assert_eq!(caio.page(TEAM).await.status(), StatusCode::OK, "an admin from the first request on");
    flows += 1;

    // Into the agency, by form and by script.
    let pairs = [("email", "sofia@agencia.example"), ("role", "support")];
    let answer = owner.form("/api/console/invite_staff", &pairs, "/console/staff").await;
    assert_eq!(location(&answer), "/console/staff?done=invited");
    let token = token_in(&owner.text("/console/staff").await, "invite").expect("the link is shown");
    let (sofia, answer) = accept(&server.url, &token, "Sofia", FRESH).await;
    assert_eq!(location(&answer), "/console");
    assert!(sofia.text("/console").await.contains("Loja convida"));
    assert_eq!(sofia.read("/api/console/staff").await.status(), StatusCode::FORBIDDEN, "support manages nobody");
    flows += 1;

    let pairs = [("email", "otto@agencia.example"), ("role", "owner")];
    assert_eq!(owner.call("/api/console/invite_staff", &pairs).await.status(), StatusCode::OK);
    let staff = json(owner.read("/api/console/staff").await).await;
    let token = token_in(staff["fresh"]["address"].as_str().unwrap(), "invite").unwrap();
    let mut otto = Browser::new(&server.url);
    let pairs = [("token", token.as_str()), ("name", "Otto"), ("password", FRESH)];
    let answer = otto.call("/api/links/accept", &pairs).await;
    otto.keep(&answer);
    assert_eq!(otto.read("/api/console/staff").await.status(), StatusCode::OK);
    flows += 1;
    println!("A7 invitation flows by form and by script, into tenant and agency: {flows} of 4");
}

#[tokio::test]
async fn a_used_or_expired_link_opens_nothing() {
    let (server, behind) = behind::start().await;
    let tenant = server.tenant("uma-vez", Role::Admin, None).await;
    let (now, scope) = (OffsetDateTime::now_utc(), &tenant.scope);
    let purpose = LinkPurpose::Invite { tenant: scope.tenant(), role: Role::Viewer };

    let mut reused = 0;
    for number in 0..50 {
        let email = format!("pessoa{number}@uma-vez.example");
        let token = made(&server, scope, purpose, &email, now).await;
        let (_, first) = accept(&server.url, &token, "Pessoa", FRESH).await;
        assert_eq!((first.status(), location(&first)), (StatusCode::FOUND, "/".to_owned()), "{number}");
        reused += usize::from(opens(&server.url, &token, FRESH).await);
    }
    println!("A7 links used again: {reused} of 50");
    assert_eq!(reused, 0);

    let mut expired = 0;
    let admin = id_of(&server, &tenant.email).await;
    for number in 0..50 {
        let token = match number % 3 {
            // Two weeks old; a reset of the day before yesterday; and one whose time ran out this moment.
            0 => made(&server, scope, purpose, &format!("velha{number}@x.example"), now - Duration::days(14)).await,
            1 => {
                let reset = LinkPurpose::Reset { user: admin };
                made(&server, scope, reset, &tenant.email, now - Duration::hours(25)).await
            }
            _ => {
                let email = format!("agora{number}@x.example");
                let token = made(&server, scope, purpose, &email, now).await;
                let micros = OffsetDateTime::now_utc().unix_timestamp_nanos() / 1_000;
                behind.run(&format!("update links set expires_at = {micros} where email = '{email}'")).await;
                token
            }
        };
        expired += usize::from(opens(&server.url, &token, FRESH).await);
    }
    println!("A7 expired links that open: {expired} of 50");
    assert_eq!(expired, 0);

    // Every single-bit neighbour of a live token, and texts that are no tokens.
    let token = made(&server, scope, purpose, "viva@uma-vez.example", now).await;
    let bytes = URL_SAFE_NO_PAD.decode(&token).unwrap();
    let nobody = Browser::new(&server.url);
    let mut found = 0;
    for bit in 0..256 {
        let mut other = bytes.clone();
        other[bit / 8] ^= 1 << (bit % 8);
        let path = format!("/api/links/look?token={}", URL_SAFE_NO_PAD.encode(other));
        found += usize::from(nobody.read(&path).await.status() != StatusCode::GONE);
    }
    println!("A7 tokens one bit away that open: {found} of 256");
    assert_eq!(found, 0);
    for odd in ["", "x", &token[1..], &format!("{token}A"), &"A".repeat(43), &"%00".repeat(43), &"é".repeat(43)] {
        let status = nobody.read(&format!("/api/links/look?token={odd}")).await.status();
        assert_eq!(status, StatusCode::GONE, "{odd:?}");
    }
    assert_eq!(nobody.read(&format!("/api/links/look?token={token}")).await.status(), StatusCode::OK, "it is alive");
}

/// Two uses of one link at the same moment: one goes through.
#[tokio::test]
async fn two_at_once_use_a_link_once() {
    let (server, behind) = behind::start().await;
    let tenant = server.tenant("corrida", Role::Admin, None).await;
    let purpose = LinkPurpose::Invite { tenant: tenant.scope.tenant(), role: Role::Viewer };
    let mut once = 0;
    for number in 0..20 {
        let email = format!("par{number}@corrida.example");
        let token = made(&server, &tenant.scope, purpose, &email, OffsetDateTime::now_utc()).await;
        let browser = Browser::new(&server.url);
        let pairs = [("token", token.as_str()), ("name", "Par"), ("password", FRESH)];
        let (one, two) =
            tokio::join!(browser.call("/api/links/accept", &pairs), browser.call("/api/links/accept", &pairs));
        let statuses = [one.status(), two.status()];
        assert!(statuses.iter().all(|status| [StatusCode::OK, StatusCode::GONE].contains(status)), "{statuses:?}");
        let users = behind.count(&format!("select count(*) from users where email = '{email}'")).await;
        once += usize::from(users == 1 && statuses.iter().filter(|status| status.is_success()).count() == 1);
    }
    println!("A7 links used by two at once that went through once: {once} of 20");
    assert_eq!(once, 20);
}

#[tokio::test]
async fn a_withdrawn_or_replaced_invitation_opens_nothing() {
    let server = Server::start().await;
    let tenant = server.tenant("retira", Role::Admin, None).await;
    let other = server.tenant("alheia", Role::Admin, None).await;
    let (admin, stranger) = (server.signed_in(&tenant.email).await, server.signed_in(&other.email).await);
    let first = invite(&admin, "nina@retira.example", Role::Viewer).await;
    let second = invite(&admin, "nina@retira.example", Role::Agent).await;
    assert!(!opens(&server.url, &first, FRESH).await, "a new invitation takes the place of the old one");

    let open = json(admin.read("/api/team/read").await).await["invitations"].clone();
    assert_eq!(open.as_array().unwrap().len(), 1, "{open}");
    let id = open[0]["id"].as_str().unwrap().to_owned();
    let foreign = stranger.call("/api/team/withdraw", &[("invitation", &id)]).await;
    let unknown = stranger.call("/api/team/withdraw", &[("invitation", &uuid::Uuid::new_v4().to_string())]).await;
    assert_eq!((foreign.status(), unknown.status()), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
    assert_eq!(foreign.text().await.unwrap(), unknown.text().await.unwrap(), "another's is as none");
    let answer = admin.form("/api/team/withdraw", &[("invitation", &id)], TEAM).await;
    assert_eq!(location(&answer), format!("{TEAM}?done=withdrawn"));
    assert!(!opens(&server.url, &second, FRESH).await);
    assert_eq!(admin.call("/api/team/withdraw", &[("invitation", &id)]).await.status(), StatusCode::NOT_FOUND);

    for (email, words) in [(tenant.email.as_str(), "já está na equipe"), ("nina at retira", "Não parece um e-mail")]
    {
        let pairs = [("email", email), ("role", "viewer")];
        let refused = admin.call("/api/team/invite", &pairs).await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(refused_fields(refused).await, "email");
        let page = admin.form("/api/team/invite", &pairs, TEAM).await;
        assert!(follow(&admin, &server.url, &page).await.contains(words), "{email}: the page says {words:?}");
    }
}

#[tokio::test]
async fn who_has_an_account_proves_it_by_its_password() {
    let server = Server::start().await;
    let here = server.tenant("aqui", Role::Admin, None).await;
    let there = server.tenant("ali", Role::Agent, None).await;
    let admin = server.signed_in(&here.email).await;
    let token = invite(&admin, &there.email, Role::Viewer).await;
    let page = Browser::new(&server.url).text(&format!("/invite/{token}")).await;
    assert!(page.contains("Senha da sua conta") && !page.contains("Seu nome"), "the account's password is asked for");

    let (thief, refused) = accept(&server.url, &token, "Ladrão", FRESH).await;
    assert!(location(&refused).contains("__err="), "{}", location(&refused));
    assert!(follow(&thief, &server.url, &refused).await.contains("A senha desta conta não é esta."));
    assert_eq!(location(&thief.page("/").await), "/login", "and nobody is signed in");
    // A wrong password makes the account wait a second.
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;

    let (member, answer) = accept(&server.url, &token, "", PASSWORD).await;
    assert_eq!(location(&answer), "/choose", "two places now");
    let places = json(member.read("/api/session/places").await).await;
    let slugs: Vec<&str> = places.as_array().unwrap().iter().filter_map(|place| place["slug"].as_str()).collect();
    assert_eq!(slugs, ["ali", "aqui"]);
    let user = server.state.store.find_user(&there.email.parse().unwrap()).await.unwrap().unwrap();
    assert_eq!(user.name, "agent", "the name in the form changes no account");
}

#[tokio::test]
async fn weak_passwords_are_refused_at_their_field_and_the_link_stays() {
    let server = Server::start().await;
    let tenant = server.tenant("casa-girassol", Role::Admin, None).await;
    let admin = server.signed_in(&tenant.email).await;
    let token = invite(&admin, "lia.moura@casa-girassol.example", Role::Viewer).await;
    let nobody = Browser::new(&server.url);
    let long = "a-b3".repeat(33);
    let weak = [
        "",
        "curta",
        "ventania quiab",
        "senhasenhasenha1",
        "123456789012345",
        "qwertyuiopasdfgh",
        "aaaaaaaaaaaaaaaaaaaa",
        // Of the tenant and of the person.
        "casa-girassol-2026",
        "Casa-Girassol-1",
        "girassol girassol",
        "liamouraliamoura1",
        "lia.moura@casa-girassol.example",
        "painel-admin-2026",
        "corinthians-2026",
        long.as_str(),
    ];
    let mut refused = 0;
    for password in weak {
        let pairs = [("token", token.as_str()), ("name", "Lia"), ("password", password)];
        let answer = nobody.call("/api/links/accept", &pairs).await;
        let status = answer.status();
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{password:?}");
        assert_eq!(refused_fields(answer).await, "password", "{password:?}");
        refused += 1;
    }
    println!("A1 weak passwords refused at their field: {refused} of {}", weak.len());
    let (browser, answer) = accept(&server.url, &token, "Lia", "casa-girassol-2026").await;
    let page = follow(&browser, &server.url, &answer).await;
    assert!(page.contains("field-error") && page.contains("Seu convite"), "the form says it at its field");
    assert!(!page.contains("casa-girassol-2026"), "and does not repeat it");
    let (_, answer) = accept(&server.url, &token, "", FRESH).await;
    assert!(location(&answer).contains("__err="), "a name is needed");
    let (_, answer) = accept(&server.url, &token, "Lia Moura", FRESH).await;
    assert_eq!(location(&answer), "/", "the link was still good");
}

/// A reset link by the team page's form.
async fn reset_link(admin: &Browser, member: &str) -> String {
    let answer = admin.form("/api/team/reset_link", &[("member", member)], TEAM).await;
    assert_eq!(location(&answer), format!("{TEAM}?done=reset"));
    token_in(&admin.text(TEAM).await, "reset").expect("the link is shown")
}

#[tokio::test]
async fn a_new_password_by_link_ends_every_session_of_the_old_one() {
    let server = Server::start().await;
    let tenant = server.tenant("esquece", Role::Admin, None).await;
    let member = server.user("bento@esquece.example", tenant.scope.tenant(), Role::Viewer).await.to_string();
    let admin = server.signed_in(&tenant.email).await;
    for by_script in [false, true] {
        let password = if by_script { OTHER } else { FRESH };
        let before = if by_script { FRESH } else { PASSWORD };
        let mut old = Vec::new();
        for _ in 0..3 {
            let mut browser = Browser::new(&server.url);
            assert_eq!(location(&browser.log_in("bento@esquece.example", before).await), "/");
            old.push(browser);
        }
        let token = reset_link(&admin, &member).await;
        let nobody = Browser::new(&server.url);
        assert!(nobody.text(&format!("/reset/{token}")).await.contains("bento@esquece.example"));
        let weak = nobody.call("/api/links/reset", &[("token", &token), ("password", "esquece-esquece-1")]).await;
        assert_eq!(refused_fields(weak).await, "password", "a password of the tenant's words");
        let pairs = [("token", token.as_str()), ("password", password)];
        if by_script {
            assert_eq!(nobody.call("/api/links/reset", &pairs).await.status(), StatusCode::OK);
        } else {
            let answer = nobody.form("/api/links/reset", &pairs, &format!("/reset/{token}")).await;
            assert_eq!(location(&answer), "/login?reset=1");
            assert!(!answer.headers().contains_key(header::SET_COOKIE), "nobody is signed in by it");
        }
        let mut refused = 0;
        for browser in &old {
            refused += usize::from(location(&browser.page("/").await) == "/login");
            refused += usize::from(browser.read("/api/overview/read").await.status() == StatusCode::UNAUTHORIZED);
        }
        println!("B5 requests of sessions before a reset that are refused: {refused} of 6");
        assert_eq!(refused, 6);
        assert!(!opens(&server.url, &token, FRESH).await);
        let wrong = Browser::new(&server.url).log_in("bento@esquece.example", before).await;
        assert!(location(&wrong).contains("__err="), "the old password is worth nothing");
        // A wrong password makes the account wait a second.
        tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
        assert_eq!(location(&Browser::new(&server.url).log_in("bento@esquece.example", password).await), "/");
    }
}

#[tokio::test]
async fn a_fresh_link_is_shown_once_and_kept_nowhere_in_clear() {
    let log = behind::log();
    let (server, behind) = behind::start().await;
    let tenant = server.tenant("so-agora", Role::Admin, None).await;
    let member = server.user("iara@so-agora.example", tenant.scope.tenant(), Role::Viewer).await.to_string();
    server.staff("dona@agencia.example", AgencyRole::Owner).await;
    let (admin, owner) = (server.signed_in(&tenant.email).await, server.signed_in("dona@agencia.example").await);
    type Form<'a> = (&'a Browser, &'a str, &'a [(&'a str, &'a str)], &'a str, &'a str);
    let forms: [Form<'_>; 4] = [
        (&admin, "/api/team/invite", &[("email", "n@so-agora.example"), ("role", "agent")], TEAM, "/api/team/read"),
        (&admin, "/api/team/reset_link", &[("member", member.as_str())], TEAM, "/api/team/read"),
        (
            &owner,
            "/api/console/invite_staff",
            &[("email", "s@agencia.example"), ("role", "support")],
            "/console/staff",
            "/api/console/staff",
        ),
        (
            &owner,
            "/api/console/create",
            &[
                ("form[name]", "Loja Nova"),
                ("form[timezone]", "America/Recife"),
                ("form[email]", "a@nova.example"),
                ("form[slug]", "nova"),
            ],
            "/console/tenants/nova",
            "/api/console/tenant?slug=nova",
        ),
    ];
    let (mut once, mut clear, mut logged) = (0, 0, 0);
    for (browser, path, pairs, page, read) in forms {
        let find = |text: &str| token_in(text, "invite").or_else(|| token_in(text, "reset"));
        let answer = browser.form(path, pairs, page).await;
        assert_eq!(answer.status(), StatusCode::FOUND, "{path}");
        assert!(find(&location(&answer)).is_none(), "{path}: not in the address");
        // Before it is shown it waits in the session, sealed; a look at another page does not use it up.
        let waiting = behind.bytes().await;
        browser.text("/settings/security").await;
        let token = find(&browser.text(page).await).unwrap_or_else(|| panic!("{path}: the page shows the link"));
        let again = [browser.text(page).await, browser.read(read).await.text().await.unwrap()];
        once += usize::from(again.iter().all(|text| find(text).is_none()));
        clear += usize::from(behind::contains(&waiting, &token) || behind.holds(&token).await);
        // Using it, in path and in body, must not bring it into the log either.
        opens(&server.url, &token, FRESH).await;
        let lines = log.lines_with(&token);
        assert!(lines.is_empty(), "{path}: in the log: {lines:#?}");
        logged += lines.len();
    }
    assert!(log.holds("/settings/team"), "the log was gathered");
    println!(
        "A7 fresh links shown exactly once: {once} of 4; in the database in clear: {clear} of 4; in the log: {logged} of 4"
    );
    assert_eq!((once, clear, logged), (4, 0, 0));
}

#[tokio::test]
async fn an_admin_is_shown_no_link_to_an_account_that_opens_more_than_their_tenant() {
    let server = Server::start().await;
    let here = server.tenant("perto", Role::Admin, None).await;
    let there = server.tenant("longe", Role::Admin, None).await;
    let admin = server.signed_in(&here.email).await;
    let store = &server.state.store;
    let (act, now) = (Act::of_command_line(), OffsetDateTime::now_utc());
    // One with a place elsewhere, one with a role in the agency.
    let both = id_of(&server, &there.email).await;
    store.add_membership(&here.scope, &act, both, Role::Viewer, now).await.unwrap();
    let staff = server.staff("apoio@agencia.example", AgencyRole::Support).await;
    store.add_membership(&here.scope, &act, staff, Role::Viewer, now).await.unwrap();
    for user in [both, staff] {
        let answer = admin.call("/api/team/reset_link", &[("member", &user.to_string())]).await;
        assert_eq!(refused_fields(answer).await, "member");
        let answer = admin.form("/api/team/reset_link", &[("member", &user.to_string())], TEAM).await;
        let page = follow(&admin, &server.url, &answer).await;
        assert!(token_in(&page, "reset").is_none() && token_in(&admin.text(TEAM).await, "reset").is_none());
    }
    // And for nobody of another tenant at all.
    let foreign = server.user("x@longe.example", there.scope.tenant(), Role::Viewer).await.to_string();
    assert_eq!(admin.call("/api/team/reset_link", &[("member", &foreign)]).await.status(), StatusCode::NOT_FOUND);
}

fn with_mail(port: u16) -> impl FnOnce(&mut server::config::Config) {
    move |config| {
        let url = format!("smtp://127.0.0.1:{port}?tls=none");
        config.mail = Some(MailConfig::parse(&url, "Painel <painel@example.com>").unwrap());
        config.trusted_proxies = TrustedProxies::parse("127.0.0.1").unwrap();
    }
}

#[tokio::test]
async fn with_mail_a_link_goes_to_its_person_and_is_shown_to_nobody() {
    let office = PostOffice::open().await;
    let (server, behind) = behind::start_with(with_mail(office.port)).await;
    let tenant = server.tenant("carta", Role::Admin, None).await;
    let there = server.tenant("outra", Role::Viewer, None).await;
    let admin = server.signed_in(&tenant.email).await;
    let answer = admin.form("/api/team/invite", &[("email", "davi@carta.example"), ("role", "agent")], TEAM).await;
    let page = follow(&admin, &server.url, &answer).await;
    assert!(page.contains("Enviamos o link de convite por e-mail.") && token_in(&page, "invite").is_none());
    let (headers, text) = office.letter(0).await;
    assert!(headers.contains("davi@carta.example") && text.contains("Loja carta"), "{headers}\n{text}");
    let token = token_in(&text, "invite").expect("the letter has the link");
    assert!(!headers.contains(&token) && !behind.holds(&token).await);
    let (davi, answer) = accept(&server.url, &token, "Davi", FRESH).await;
    assert_eq!(location(&answer), "/");
    assert!(davi.text("/").await.contains("Loja carta"));

    // A member with a place elsewhere: the letter goes to them, the admin sees nothing.
    let both = id_of(&server, &there.email).await;
    let (act, now) = (Act::of_command_line(), OffsetDateTime::now_utc());
    server.state.store.add_membership(&tenant.scope, &act, both, Role::Viewer, now).await.unwrap();
    let answer = admin.form("/api/team/reset_link", &[("member", &both.to_string())], TEAM).await;
    let page = follow(&admin, &server.url, &answer).await;
    assert!(token_in(&page, "reset").is_none());
    let (headers, text) = office.letter(1).await;
    assert!(headers.contains(&there.email) && token_in(&text, "reset").is_some());
    assert!(text.contains("Se não foi você") && !text.contains("If it was not you"), "{text}");

    // Who chose a language is written to in it, whoever has the letter sent: an admin, or anybody at the door.
    server.state.store.set_language(both, Lang::En).await.unwrap();
    admin.form("/api/team/reset_link", &[("member", &both.to_string())], TEAM).await;
    let (_, text) = office.letter(2).await;
    assert!(text.contains("If it was not you") && !text.contains("Se não foi você"), "{text}");
}

/// Status, headers and body, less what differs by its nature.
async fn whole(answer: Response) -> String {
    let mut headers: Vec<String> = answer
        .headers()
        .iter()
        .filter(|(name, _)| !["date", "x-request-id"].contains(&name.as_str()))
        .map(|(name, value)| format!("{name}: {value:?}"))
        .collect();
    headers.sort();
    format!("{}\n{}\n{}", answer.status(), headers.join("\n"), answer.text().await.expect("a body"))
}

async fn ask(base: &str, email: &str, source: usize, by_script: bool) -> Response {
    let browser = Browser::new(base);
    let accept = if by_script { "application/json" } else { "text/html" };
    let body = url::form_urlencoded::Serializer::new(String::new()).append_pair("email", email).finish();
    let request = browser
        .request(reqwest::Method::POST, "/api/links/request_reset")
        .header("x-forwarded-for", format!("192.0.2.{source}"))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ACCEPT, accept)
        .header(header::ORIGIN, base)
        .header(header::REFERER, format!("{base}/reset"));
    browser.send(request.body(body)).await
}

#[tokio::test]
async fn asking_for_a_new_password_tells_nothing_and_works() {
    behind::log();
    let office = PostOffice::open().await;
    let (server, behind): (Server, Behind) = behind::start_with(with_mail(office.port)).await;
    let tenant = server.tenant("pede", Role::Viewer, None).await;
    server.user("parada@pede.example", tenant.scope.tenant(), Role::Viewer).await;
    let store = &server.state.store;
    let (act, now, email) = (Act::of_command_line(), OffsetDateTime::now_utc(), "parada@pede.example".parse().unwrap());
    store.set_user_disabled(&store.operator_agency(), &act, &email, true, now).await.unwrap();
    let addresses = [tenant.email.as_str(), "ninguem@pede.example", "parada@pede.example", "sem arroba", ""];
    let mut same = 0;
    let mut source = 1;
    for by_script in [true, false] {
        let mut answers = Vec::new();
        for _ in 0..10 {
            for email in addresses {
                source = source % 250 + 1;
                answers.push(whole(ask(&server.url, email, source, by_script).await).await);
                // The first one's letter is out before the next asks.
                office.letter(0).await;
            }
        }
        let first = answers[0].clone();
        same += answers.iter().filter(|answer| **answer == first).count();
        assert!(first.starts_with(if by_script { "200" } else { "302" }), "{first}");
    }
    println!("A3 answers to a request for a new password that are byte-equal: {same} of 100");
    assert_eq!(same, 100);
    let (headers, first) = office.letter(0).await;
    assert!(headers.contains(&tenant.email));
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    println!("letters for twenty requests of one account within five minutes: {} of 1", office.count());
    assert_eq!(office.count(), 1, "one letter, to the one account that works");
    let others = behind.count(&format!("select count(*) from links where email <> '{}'", tenant.email)).await;
    assert_eq!(others, 0, "and no other link was made");
    // Six minutes later another may follow; it takes the place of the first.
    behind.run("update links set created_at = created_at - 360000000").await;
    ask(&server.url, &tenant.email, 252, true).await;
    let (_, second) = office.letter(1).await;
    let nobody = Browser::new(&server.url);
    let mut look = Vec::new();
    for text in [first, second] {
        let token = token_in(&text, "reset").expect("a link");
        look.push(nobody.read(&format!("/api/links/look?token={token}")).await.status());
    }
    assert_eq!(look, [StatusCode::GONE, StatusCode::OK], "the older one is withdrawn");

    // One source may not ask for ever.
    let mut last = StatusCode::OK;
    for _ in 0..25 {
        last = ask(&server.url, "ninguem@pede.example", 251, true).await.status();
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
}
