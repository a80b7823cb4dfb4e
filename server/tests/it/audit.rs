//! The audit trail: every kind of event once and with its change, never a value, found by its filters, taken away as a
//! file, and found out when it was changed.

use crate::{
    behind::{self, Behind, json, token_in},
    harness::{Browser, PASSWORD, location, project},
    links::{FRESH, accept, invite},
    served::Served,
    team::enrol,
};
use app::session::{AgencyRole, Role};
use reqwest::{Method, StatusCode, header};
use server::store::{Act, AuditQuery, Event, EventKind as Kind};
use std::{collections::BTreeSet, process::Output, time::Duration};
use time::OffsetDateTime;

const TEAM: &str = "/settings/team";
const AUTOMATION: &str = "/settings/credentials/automation";
const TOKEN: &str = "EAAplanted0123456789abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMN";
const OWNER: &str = "dona@agencia.example";

/// What was recorded, step by step.
struct Ledger<'a> {
    behind: &'a Behind,
    seen: BTreeSet<&'static str>,
    steps: usize,
}

impl Ledger<'_> {
    /// Runs a step: it records exactly these events, each once, and no other.
    async fn step<T>(&mut self, kinds: &[Kind], work: impl Future<Output = T>) -> T {
        let before = self.behind.kinds().await;
        let result = work.await;
        let after = self.behind.kinds().await;
        let mut new = Vec::new();
        for (kind, count) in &after {
            let more = count - before.get(kind).copied().unwrap_or_default();
            new.extend(std::iter::repeat_n(kind.as_str(), usize::try_from(more).unwrap()));
        }
        let mut expected: Vec<&str> = kinds.iter().map(|kind| kind.as_str()).collect();
        expected.sort_unstable();
        assert_eq!(new, expected, "after step {}", self.steps);
        self.seen.extend(kinds.iter().map(|kind| kind.as_str()));
        self.steps += 1;
        result
    }
}

fn done(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

async fn a_second() {
    tokio::time::sleep(Duration::from_millis(1_200)).await;
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one walk through everything that is recorded")]
async fn everything_that_happens_is_recorded_once_and_never_a_value() {
    let (server, behind) = behind::start().await;
    let tenant = server.tenant("trilha", Role::Admin, None).await;
    let id = tenant.scope.tenant();
    let member = server.user("gil@trilha.example", id, Role::Viewer).await.to_string();
    server.user("tranca@trilha.example", id, Role::Viewer).await;
    server.staff(OWNER, AgencyRole::Owner).await;
    let support = server.staff("apoio@agencia.example", AgencyRole::Support).await.to_string();
    let mut log = Ledger { behind: &behind, seen: BTreeSet::new(), steps: 0 };
    let cli = |arguments: &[&str], input: &str| done(&behind.painel(&server, arguments, input));

    // Coming in and going out.
    let mut admin = Browser::new(&server.url);
    log.step(&[Kind::SignedIn], admin.log_in(&tenant.email, PASSWORD)).await;
    log.step(&[Kind::SignInFailed], Browser::new(&server.url).log_in("tranca@trilha.example", "planted-wrong-1")).await;
    behind.run("update login_locks set failures = 99, until_at = 0").await;
    let wrong = async { Browser::new(&server.url).log_in("tranca@trilha.example", "planted-wrong-2").await };
    log.step(&[Kind::SignInFailed, Kind::AccountLocked], wrong).await;
    log.step(&[], Browser::new(&server.url).log_in("ninguem@trilha.example", "planted-wrong-3")).await;
    let other = server.signed_in(&tenant.email).await;
    log.step(&[Kind::SignedOut], other.form("/api/session/log_out", &[], "/")).await;
    let _third = server.signed_in(&tenant.email).await;
    let sessions = json(admin.read("/api/security/read").await).await["sessions"].clone();
    let session = sessions[1]["id"].as_str().unwrap().to_owned();
    log.step(&[Kind::SessionEnded], admin.form("/api/security/end_session", &[("id", &session)], "/")).await;
    log.step(&[Kind::AllSessionsEnded], admin.form("/api/security/end_all_sessions", &[], "/")).await;

    // The second factor.
    let mut admin = server.signed_in(&tenant.email).await;
    let (secret, recovery) = log.step(&[Kind::SecondFactorOn], enrol(&mut admin)).await;
    let path = "/api/team/require_second_factor";
    log.step(&[Kind::SecondFactorRequired], admin.form(path, &[("required", "true")], TEAM)).await;
    let mut fourth = Browser::new(&server.url);
    log.step(&[], fourth.log_in(&tenant.email, PASSWORD)).await;
    let code = |code: String, browser: Browser| async move {
        browser.form("/api/session/log_in_code", &[("code", &code)], "/login/code").await
    };
    log.step(&[Kind::CodeRefused], code("000000".to_owned(), fourth.clone())).await;
    a_second().await;
    log.step(&[Kind::RecoveryCodeUsed, Kind::SignedIn], code(recovery[0].clone(), fourth)).await;
    log.step(&[Kind::SecondFactorRequired], admin.form(path, &[("required", "false")], TEAM)).await;
    let off = [("current", PASSWORD)];
    let answer = log.step(&[Kind::SecondFactorOff], admin.form("/api/security/remove_second_factor", &off, "/")).await;
    admin.keep(&answer);
    let change = [("current", PASSWORD), ("password", "planted jabuti 71 cortina")];
    let answer = log.step(&[Kind::PasswordChanged], admin.form("/api/security/change_password", &change, "/")).await;
    admin.keep(&answer);

    // People.
    log.step(&[Kind::ResetMade], admin.form("/api/team/reset_link", &[("member", &member)], TEAM)).await;
    let token = token_in(&admin.text(TEAM).await, "reset").unwrap();
    let reset = [("token", token.as_str()), ("password", FRESH)];
    log.step(&[Kind::PasswordReset], Browser::new(&server.url).call("/api/links/reset", &reset)).await;
    log.step(&[], Browser::new(&server.url).call("/api/links/reset", &reset)).await;
    let token = log.step(&[Kind::Invited], invite(&admin, "nova@trilha.example", Role::Agent)).await;
    log.step(&[Kind::InvitationAccepted, Kind::SignedIn], accept(&server.url, &token, "Nova", FRESH)).await;
    log.step(&[Kind::Invited], invite(&admin, "nunca@trilha.example", Role::Agent)).await;
    let open = json(admin.read("/api/team/read").await).await["invitations"][0]["id"].clone();
    let pairs = [("invitation", open.as_str().unwrap())];
    log.step(&[Kind::InvitationWithdrawn], admin.form("/api/team/withdraw", &pairs, TEAM)).await;
    let pairs = [("member", member.as_str()), ("role", "agent")];
    log.step(&[Kind::RoleChanged], admin.form("/api/team/set_role", &pairs, TEAM)).await;
    log.step(&[Kind::MemberRemoved], admin.form("/api/team/remove", &[("member", &member)], TEAM)).await;
    let user = [
        "user",
        "create",
        "--email",
        "cli@trilha.example",
        "--password-stdin",
        "--tenant",
        "trilha",
        "--role",
        "viewer",
    ];
    log.step(&[Kind::MemberAdded], async { cli(&user, "planted quiabo 44 lanterna\n") }).await;
    log.step(&[Kind::UserDisabled], async { cli(&["user", "disable", "cli@trilha.example"], "") }).await;
    log.step(&[Kind::UserEnabled], async { cli(&["user", "enable", "cli@trilha.example"], "") }).await;
    let staff = ["user", "create", "--email", "cli@trilha.example", "--agency", "support"];
    log.step(&[Kind::StaffAdded], async { cli(&staff, "") }).await;

    // Credentials.
    let saved = [
        ("provider", "whatsapp"),
        ("version", "0"),
        ("fields[phone_number_id]", "106540352242922"),
        ("fields[access_token]", TOKEN),
    ];
    let path = "/api/credentials/save";
    log.step(&[Kind::CredentialSaved], admin.form(path, &saved, "/settings/credentials")).await;
    log.step(&[], admin.form(path, &saved, "/settings/credentials")).await;
    let export = log.step(&[Kind::SettingsExported], admin.text("/settings/export.json")).await;
    let make = [("name", "Robô"), ("providers[whatsapp]", "on"), ("lifetime", "month")];
    let answer = admin.form("/api/automation/make", &make, AUTOMATION);
    log.step(&[Kind::MachineTokenMade], answer).await;
    let page = admin.text(AUTOMATION).await;
    let machine = page.split_once(">painel_").unwrap().1.split_once('<').unwrap().0.to_owned();
    let read = async || {
        let request = Browser::new(&server.url).request(Method::GET, "/api/v1/credentials/whatsapp");
        request.header(header::AUTHORIZATION, format!("Bearer painel_{machine}")).send().await.unwrap().status()
    };
    assert_eq!(log.step(&[Kind::CredentialHandedOut], read()).await, StatusCode::OK);
    let id = json(admin.read("/api/automation/read").await).await["tokens"][0]["id"].clone();
    let pairs = [("token", id.as_str().unwrap())];
    log.step(&[Kind::MachineTokenRevoked], admin.form("/api/automation/revoke", &pairs, AUTOMATION)).await;
    assert_eq!(log.step(&[], read()).await, StatusCode::UNAUTHORIZED);
    let hours = [("hours[sat]", "true"), ("hours[opens]", "09:00"), ("hours[closes]", "12:00")];
    log.step(&[Kind::HoursSaved], admin.form("/api/overview/set_hours", &hours, "/")).await;
    log.step(&[], admin.form("/api/overview/set_hours", &hours, "/")).await;
    let path = "/api/mapping/edit";
    log.step(&[], admin.form(path, &[], "/settings/mapping")).await;
    let view = json(admin.read("/api/mapping/read").await).await;
    let pairs = [("version", "0"), ("revision", view["draft"]["revision"].as_str().unwrap())];
    log.step(&[Kind::MappingSaved], admin.form("/api/mapping/save", &pairs, "/settings/mapping")).await;
    let back = [("version", "0"), ("current", "1")];
    log.step(&[Kind::MappingRestored], admin.form("/api/mapping/restore", &back, "/settings/mapping")).await;
    let other = "select c.sealed from credential_fields c where c.field = 'phone_number_id'";
    behind.run(&format!("update credential_fields set sealed = ({other}) where field = 'access_token'")).await;
    log.step(&[Kind::CredentialUnreadable], admin.text("/settings/credentials")).await;
    log.step(&[], admin.text("/settings/credentials")).await;
    let removed = [("provider", "whatsapp"), ("version", "1")];
    log.step(&[Kind::CredentialRemoved], admin.form("/api/credentials/remove", &removed, "/settings/credentials"))
        .await;
    let csv = log.step(&[Kind::AuditExported], admin.text("/settings/audit.csv")).await;

    // The agency.
    let mut owner = server.signed_in(OWNER).await;
    let create = [
        ("form[name]", "Criada"),
        ("form[timezone]", "America/Recife"),
        ("form[email]", "a@criada.example"),
        ("form[slug]", "criada"),
    ];
    log.step(&[Kind::TenantCreated, Kind::Invited], owner.form("/api/console/create", &create, "/console/new")).await;
    let edit =
        [("form[slug]", "criada"), ("form[name]", "Mudada"), ("form[timezone]", "America/Recife"), ("form[plan]", "x")];
    log.step(&[Kind::TenantEdited], owner.form("/api/console/edit", &edit, "/console")).await;
    log.step(&[], owner.form("/api/console/edit", &edit, "/console")).await;
    let pairs = [("slug", "criada"), ("reason", "Em atraso.")];
    log.step(&[Kind::TenantSuspended], owner.form("/api/console/suspend", &pairs, "/console")).await;
    log.step(&[Kind::TenantResumed], owner.form("/api/console/resume", &[("slug", "criada")], "/console")).await;
    let pairs = [("slug", "trilha"), ("reason", "Conferir a agenda.")];
    let answer = log.step(&[Kind::GlassBroken], owner.form("/api/console/break_glass", &pairs, "/console")).await;
    owner.keep(&answer);
    let answer = log.step(&[Kind::GlassEnded], owner.form("/api/console/end_break_glass", &[], "/")).await;
    owner.keep(&answer);
    let pairs = [("email", "s@agencia.example"), ("role", "support")];
    log.step(&[Kind::Invited], owner.form("/api/console/invite_staff", &pairs, "/console/staff")).await;
    let pairs = [("person", support.as_str())];
    log.step(&[Kind::StaffRemoved], owner.form("/api/console/remove_staff", &pairs, "/console/staff")).await;
    log.step(&[Kind::AllSessionsEnded], async { cli(&["user", "sign-out-all"], "") }).await;
    log.step(&[Kind::TenantShredded], async { cli(&["tenant", "shred", "criada", "--confirm", "criada"], "") }).await;

    // Keys, the last tenant's and the agency's.
    log.step(&[Kind::KeyRotated], async { cli(&["keys", "rotate", "--all"], "") }).await;
    log.step(&[Kind::KeysTrimmed], async { cli(&["keys", "trim"], "") }).await;
    log.step(&[], async { cli(&["keygen", "--add", "k2"], "") }).await;
    log.step(&[], async { cli(&["keygen", "--activate", "k2"], "") }).await;
    log.step(&[Kind::KeysRewrapped, Kind::KeysRewrapped], async { cli(&["keys", "rewrap"], "") }).await;
    log.step(&[Kind::RingKeyForgotten], async { cli(&["keys", "trim"], "") }).await;
    log.step(&[], async { cli(&["keys", "trim"], "") }).await;

    // Nothing causes these here: an address is refused in use (`fence`), the importer is a program of its own, and consents are
    // given and taken back beside a Google of our own (`google`); columns vanish, and content is taken away, in `families`.
    let silent = [
        Kind::AddressRefused,
        Kind::Imported,
        Kind::GoogleConnected,
        Kind::GoogleDisconnected,
        Kind::ConnectionChanged,
        Kind::MappingColumnLost,
        Kind::ContentExported,
    ];
    let all: BTreeSet<&str> = Kind::ALL.iter().map(|kind| kind.as_str()).collect();
    let expected: BTreeSet<&str> =
        all.iter().copied().filter(|word| !silent.iter().any(|kind| kind.as_str() == *word)).collect();
    println!(
        "J2 kinds recorded exactly once by their change: {} of {} ({} cannot be caused yet), in {} steps",
        log.seen.len(),
        expected.len(),
        silent.len(),
        log.steps
    );
    assert_eq!(log.seen, expected);
    assert!(expected.len() >= 24);

    // Never a value: not in the rows, not in the files made of them.
    let rows = behind.rows("audit_events").await;
    let bare: String = secret.chars().filter(|sign| !sign.is_whitespace()).collect();
    let planted =
        [PASSWORD, FRESH, TOKEN, "planted", "106540352242922", &bare, &secret, &recovery[0], &token, &machine];
    let found = planted.iter().filter(|value| rows.contains(**value) || csv.contains(**value)).count();
    println!("J2 planted values in the trail and its CSV: {found} of {}", planted.len());
    assert_eq!(found, 0);
    assert!(rows.contains("access_token"), "the field's name is there");
    let in_export = planted.iter().filter(|value| **value != "106540352242922" && export.contains(**value)).count();
    println!("planted secrets in the exported settings: {in_export} of {}", planted.len() - 1);
    assert_eq!(in_export, 0);
    assert!(
        export.contains("106540352242922") && export.contains("\"guardado\": true"),
        "what is no secret is taken along"
    );
    done(&behind.painel(&server, &["audit", "verify"], ""));
}

/// When an event cannot be written, what it tells does not happen either: both are one transaction.
#[tokio::test]
async fn a_change_without_its_event_does_not_happen() {
    let (server, behind) = behind::start().await;
    let tenant = server.tenant("juntos", Role::Admin, None).await;
    let member = server.user("gil@juntos.example", tenant.scope.tenant(), Role::Viewer).await.to_string();
    server.staff(OWNER, AgencyRole::Owner).await;
    let support = server.staff("apoio@agencia.example", AgencyRole::Support).await.to_string();
    let (admin, owner) = (server.signed_in(&tenant.email).await, server.signed_in(OWNER).await);
    invite(&admin, "aberto@juntos.example", Role::Viewer).await;
    let open = json(admin.read("/api/team/read").await).await["invitations"][0]["id"].as_str().unwrap().to_owned();
    let invited = invite(&admin, "quase@juntos.example", Role::Viewer).await;
    admin.form("/api/team/reset_link", &[("member", &member)], TEAM).await;
    let reset = token_in(&admin.text(TEAM).await, "reset").unwrap();
    let saved = [
        ("provider", "whatsapp"),
        ("version", "0"),
        ("fields[phone_number_id]", "106540352242922"),
        ("fields[access_token]", TOKEN),
    ];
    behind.refuse_events().await;
    const TABLES: [&str; 11] = [
        "tenants",
        "tenant_keys",
        "memberships",
        "links",
        "credentials",
        "credential_fields",
        "machine_tokens",
        "glass",
        "agency_members",
        "agency_settings",
        "users",
    ];
    let dump = async || {
        let mut text = String::new();
        for table in TABLES {
            text += &behind.rows(table).await;
        }
        text
    };
    let before = dump().await;
    let m = member.as_str();
    type Write<'a> = (&'a Browser, &'a str, &'a [(&'a str, &'a str)]);
    let writes: [Write<'_>; 19] = [
        (&admin, "/api/team/invite", &[("email", "x@juntos.example"), ("role", "viewer")]),
        (&admin, "/api/team/withdraw", &[("invitation", &open)]),
        (&admin, "/api/team/set_role", &[("member", m), ("role", "admin")]),
        (&admin, "/api/team/remove", &[("member", m)]),
        (&admin, "/api/team/reset_link", &[("member", m)]),
        (&admin, "/api/team/require_second_factor", &[("required", "false")]),
        (&admin, "/api/credentials/save", &saved),
        (
            &admin,
            "/api/overview/set_hours",
            &[("hours[mon]", "true"), ("hours[opens]", "08:00"), ("hours[closes]", "18:00")],
        ),
        (&admin, "/api/automation/make", &[("name", "Robô"), ("providers[n8n]", "on"), ("lifetime", "month")]),
        (&admin, "/api/links/accept", &[("token", &invited), ("name", "Quase"), ("password", FRESH)]),
        (&admin, "/api/links/reset", &[("token", &reset), ("password", FRESH)]),
        (&admin, "/api/security/change_password", &[("current", PASSWORD), ("password", FRESH)]),
        (
            &owner,
            "/api/console/create",
            &[("form[name]", "Xavier"), ("form[timezone]", "America/Recife"), ("form[email]", "x@x.example")],
        ),
        (
            &owner,
            "/api/console/edit",
            &[("form[slug]", "juntos"), ("form[name]", "Xavier"), ("form[timezone]", "America/Recife")],
        ),
        (&owner, "/api/console/suspend", &[("slug", "juntos"), ("reason", "x")]),
        (&owner, "/api/console/break_glass", &[("slug", "juntos"), ("reason", "Conferir a agenda.")]),
        (&owner, "/api/console/invite_staff", &[("email", "x@x.example"), ("role", "owner")]),
        (&owner, "/api/console/remove_staff", &[("person", &support)]),
        (&owner, "/api/console/require_second_factor", &[("required", "false")]),
    ];
    let mut undone = 0;
    for (browser, path, pairs) in writes {
        let answer = browser.call(path, pairs).await;
        let (status, text) = (answer.status(), answer.text().await.unwrap());
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR, "{path}: {text}");
        assert!(!text.contains("full"), "the database's words stay inside: {text}");
        undone += usize::from(dump().await == before);
    }
    println!("J2 changes whose event could not be written and that did not happen: {undone} of 19");
    assert_eq!(undone, 19);
    assert_eq!(admin.page(TEAM).await.status(), StatusCode::OK, "and nobody was signed out by halves");
}

#[tokio::test]
async fn the_trail_is_filtered_paged_and_taken_away() {
    let (server, _behind) = behind::start().await;
    let tenant = server.tenant("folhas", Role::Admin, None).await;
    let other = server.tenant("alheias", Role::Admin, None).await;
    let store = &server.state.store;
    let now = OffsetDateTime::now_utc();
    let old = now - time::Duration::days(40);
    for number in 0..120 {
        let act = Act::of_stranger(if number % 4 == 0 { "=Zé da Silva; \"x\"" } else { "Bia Prado" }, None, "");
        let kind = if number % 3 == 0 { Kind::CredentialSaved } else { Kind::RoleChanged };
        let at = if number < 60 { old } else { now };
        store.record(&tenant.scope, &act, at, Event::new(kind, "=1+1")).await.unwrap();
        store.record(&other.scope, &act, at, Event::new(kind, "segredo-alheio")).await.unwrap();
    }
    let admin = server.signed_in(&tenant.email).await;
    let (mut sizes, mut numbers, mut cursor) = (Vec::new(), Vec::new(), String::new());
    loop {
        let page = json(admin.read(&format!("/api/audit/page?before={cursor}")).await).await;
        let rows = page["rows"].as_array().unwrap();
        sizes.push(rows.len());
        numbers.extend(rows.iter().map(|row| row["number"].as_i64().unwrap()));
        match page["older"].as_str() {
            Some(older) => cursor = older.to_owned(),
            None => break,
        }
    }
    // Creation, the admin's place, 120 rows, and the sign-in.
    println!("audit: {} of 123 events on pages of {sizes:?}", numbers.len());
    assert_eq!((sizes, numbers), (vec![50, 50, 23], (1..=123).rev().collect::<Vec<i64>>()));

    let day = |at: OffsetDateTime| at.to_offset(time::macros::offset!(-3)).date().to_string();
    let csv_rows = async |query: &str| {
        let answer = admin.page(&format!("/settings/audit.csv?{query}")).await;
        assert_eq!(answer.status(), StatusCode::OK, "{query}");
        answer.text().await.unwrap().lines().count() - 1
    };
    let mut right = 0;
    for (query, count) in [
        ("kind=credential_saved".to_owned(), 40),
        ("kind=role_changed".to_owned(), 80),
        ("who=BIA".to_owned(), 90),
        ("who=z%C3%A9".to_owned(), 30),
        ("who=%25".to_owned(), 0),
        ("kind=role_changed&who=bia".to_owned(), 60),
        (format!("from={}&to={}", day(old), day(old)), 60),
        (format!("to={}&kind=credential_saved", day(old)), 20),
        (format!("from={}&kind=credential_saved", day(now)), 20),
    ] {
        let found = csv_rows(&query).await;
        assert_eq!(found, count, "{query}");
        right += 1;
    }
    println!("audit filters right: {right} of 9");
    for query in ["from=ontem", "to=2026-02-30", "from=9999-01-01"] {
        assert_eq!(
            admin.page(&format!("/settings/audit.csv?{query}")).await.status(),
            StatusCode::UNPROCESSABLE_ENTITY
        );
        let page = admin.text(&format!("/settings/audit?{query}")).await;
        assert!(page.contains("Escolha um dia"), "{query}");
    }
    assert_eq!(admin.read("/api/audit/page?before=x").await.status(), StatusCode::NOT_FOUND);

    let answer = admin.page("/settings/audit.csv").await;
    assert_eq!(answer.headers()["content-type"], "text/csv; charset=utf-8");
    assert!(answer.headers()["content-disposition"].to_str().unwrap().starts_with("attachment"));
    let bytes = answer.bytes().await.unwrap();
    assert!(bytes.starts_with(b"\xef\xbb\xbf"), "a BOM");
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    assert!(text.lines().all(|line| line.matches(';').count() >= 5));
    assert!(text.contains("\"'=1+1\"") && text.contains("\"'=Zé da Silva; \"\"x\"\"\""), "no cell is a formula");
    assert!(!text.contains("segredo-alheio") && !admin.text("/settings/audit").await.contains("segredo-alheio"));
    // Its own downloads are recorded: nine filtered ones before this.
    assert_eq!(csv_rows("kind=audit_exported").await, 10);
    // What is asked for parts the columns, of the head and of the rows; what is neither leaves it to the language.
    for (sep, parts) in [(",", ","), ("%3B", ";"), ("x", ";")] {
        let text = admin.text(&format!("/settings/audit.csv?kind=audit_exported&sep={sep}")).await;
        let head = ["número", "instante", "quem", "o quê", "detalhe", "endereço"].join(parts);
        assert!(text.trim_start_matches('\u{feff}').starts_with(&format!("{head}\r\n")), "{sep}: {text}");
        assert!(text.lines().skip(1).all(|line| line.matches(&format!("\"{parts}\"")).count() == 5), "{sep}: {text}");
    }
}

#[tokio::test]
async fn a_changed_trail_is_found_out_and_the_event_named() {
    let (server, behind) = behind::start().await;
    server.tenant("inteira", Role::Admin, None).await;
    let tenant = server.tenant("mexida", Role::Admin, None).await;
    let act = Act::of_command_line();
    for number in 0..8 {
        let event = Event::new(Kind::RoleChanged, &format!("pessoa{number}@mexida.example"));
        server.state.store.record(&tenant.scope, &act, OffsetDateTime::now_utc(), event).await.unwrap();
    }
    let verify = |arguments: &[&str]| {
        let output = behind.painel(&server, &[&["audit", "verify"], arguments].concat(), "");
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let (code, text) = verify(&[]);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("mexida\tok\t10 events\t") && text.contains("(agency)\tok"), "{text}");

    let chain = "chain = (select id from tenants where slug = 'mexida')";
    let copy = format!("create table spare as select * from audit_events where {chain}");
    behind.run(&copy).await;
    let heads = format!("create table spare_heads as select * from audit_heads where {chain}");
    behind.run(&heads).await;
    let restore = format!(
        "delete from audit_events where {chain}; insert into audit_events select * from spare; \
         delete from audit_heads where {chain}; insert into audit_heads select * from spare_heads"
    );
    let mut found = 0;
    for (tamper, named) in [
        (format!("update audit_events set subject = 'outra' where {chain} and seq = 5"), "event 5"),
        (format!("delete from audit_events where {chain} and seq = 4"), "event 4"),
        (format!("delete from audit_events where {chain}"), "event 0"),
        (
            format!(
                "insert into audit_events select chain, 11, at, kind, actor_id, actor, source, request_id, subject, \
                 fields, mac from audit_events where {chain} and seq = 10; update audit_heads set seq = 11 where {chain}"
            ),
            "event 11",
        ),
        (
            format!(
                "update audit_events set seq = 100 where {chain} and seq = 6; \
                 update audit_events set seq = 6 where {chain} and seq = 7; \
                 update audit_events set seq = 7 where {chain} and seq = 100"
            ),
            "event 6",
        ),
        (format!("delete from audit_events where {chain} and seq = 10"), "event 9"),
    ] {
        behind.tamper(&tamper).await;
        let (code, text) = verify(&[]);
        assert_eq!(code, Some(1), "{tamper}: {text}");
        let line = text.lines().find(|line| line.starts_with("mexida\tBROKEN")).unwrap_or_else(|| panic!("{text}"));
        assert!(line.contains(named), "{named}: {line}");
        assert!(text.contains("inteira\tok"), "the others are whole");
        assert_eq!(verify(&["--tenant", "inteira"]).0, Some(0));
        assert_eq!(verify(&["--tenant", "mexida"]).0, Some(1));
        behind.tamper(&restore).await;
        assert_eq!(verify(&[]).0, Some(0), "restored");
        found += 1;
    }
    println!("J1 tampers past the triggers found and named by the command line: {found} of 6");
}

/// Texts that would break a line, colour a terminal or forge an entry.
fn nasty(number: usize) -> String {
    let signs =
        ["\r\n", "\n", "\r", "\u{1b}[31m", "\u{1b}]0;x\u{7}", "\u{85}", "\u{0}", "\u{8}\u{8}", "\u{c}", "\u{9b}2J"];
    format!("motivo{number:02}{}level=INFO forjada{number:02}", signs[number % signs.len()])
}

#[tokio::test]
async fn nasty_texts_stay_on_one_line_in_trail_and_log() {
    let (server, behind) = behind::start().await;
    let tenant = server.tenant("linhas", Role::Admin, None).await;
    server.staff(OWNER, AgencyRole::Owner).await;
    let served = Served::start_logged(&behind, &server, "info,tower_http=debug,server=debug", &[]).await;
    let mut owner = Browser::new(&served.url);
    assert_eq!(location(&owner.log_in(OWNER, PASSWORD).await), "/console");
    for number in 0..50 {
        let text = nasty(number);
        let pairs = [("slug", "linhas"), ("reason", text.as_str())];
        let answer = owner.form("/api/console/break_glass", &pairs, "/console").await;
        assert_eq!(location(&answer), "/", "{text:?}");
        owner.keep(&answer);
        let escaped: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
        owner.page(&format!("/nada/{escaped}")).await;
        let agent = text.replace(|sign: char| sign.is_control(), "\t");
        let request = owner.request(reqwest::Method::GET, "/nada").header("user-agent", &agent);
        let _ = request.header("x-request-id", format!("id{number:02}\t{agent}")).send().await;
        let wrong = [("email", text.as_str()), ("password", text.as_str()), ("next", text.as_str())];
        if number < 10 {
            owner.form("/api/session/log_in", &wrong, "/login").await;
        }
    }

    let log = served.log();
    let mut lines = 0;
    for line in log.lines() {
        serde_json::from_str::<serde_json::Value>(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert!(!line.chars().any(char::is_control), "{line:?}");
        lines += 1;
    }
    let of = |mark: String| log.lines().filter(|line| line.contains(&mark) && line.contains("\"answered\"")).count();
    let single = (0..50)
        .filter(|number| of(format!("/nada/motivo{number:02}")) == 1 && of(format!("\"id{number:02}")) == 1)
        .count();
    println!("J3 nasty paths and request ids on single lines of the log: {single} of 50 ({lines} lines, each JSON)");
    assert_eq!(single, 50);

    let query = AuditQuery { kind: Some(Kind::GlassBroken), ..AuditQuery::default() };
    let events = server.state.store.list_events(&tenant.scope, &query, 100).await.unwrap();
    let clean = (0..50)
        .filter(|number| {
            let mine: Vec<_> =
                events.iter().filter(|event| event.subject.contains(&format!("motivo{number:02}"))).collect();
            mine.len() == 1 && !mine[0].subject.chars().any(char::is_control)
        })
        .count();
    let csv = server.signed_in(&tenant.email).await.text("/settings/audit.csv?kind=glass_broken").await;
    println!(
        "J3 nasty reasons in single rows of the trail: {clean} of 50; lines of its CSV: {} of 50",
        csv.lines().count() - 1
    );
    assert_eq!((clean, csv.lines().count()), (50, 51));
    assert!(project(0, "url").starts_with("http"), "the stack runs");
}
