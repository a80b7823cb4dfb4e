//! The command line for those who run an installation: people helped or locked out, a tenant changed or destroyed, and the
//! Postgres roles by which it refuses to run.

use crate::{
    behind::{self, follow, lines_of_ours, token_in},
    command_line::{Installation, code, error},
    database::Database,
    harness::{Browser, PASSWORD, Server, location, write_ring},
    links::{FRESH, accept},
    team::enrol,
};
use app::session::{AgencyRole, Role};
use reqwest::StatusCode;
use server::vault::{Address, WrappedKey};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use std::process::Output;

fn said(output: &Output) -> String {
    assert_eq!(code(output), 0, "{}", error(output));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

#[tokio::test]
async fn people_are_invited_helped_and_shut_out() {
    let (server, behind) = behind::start().await;
    let tenant = server.tenant("balcao", Role::Admin, None).await;
    let cli = |arguments: &[&str]| behind.painel(&server, arguments, "");

    // The first owner of an agency: an invitation printed on the machine, and no password but their own.
    let link = said(&cli(&["user", "invite", "--email", "dona@agencia.example", "--agency", "owner"]));
    assert!(link.starts_with(&format!("{}/invite/", server.url)), "{link}");
    let token = token_in(&link, "invite").unwrap();
    let (owner, answer) = accept(&server.url, &token, "Dona", FRESH).await;
    assert_eq!(location(&answer), "/console");
    assert_eq!(owner.read("/api/console/staff").await.status(), StatusCode::OK);

    let link =
        said(&cli(&["user", "invite", "--email", "bia@balcao.example", "--tenant", "balcao", "--role", "agent"]));
    let (_, answer) = accept(&server.url, &token_in(&link, "invite").unwrap(), "Bia", FRESH).await;
    assert_eq!(location(&answer), "/");

    let mut admin = server.signed_in(&tenant.email).await;
    let link = said(&cli(&["user", "reset", &tenant.email]));
    let token = token_in(&link, "reset").unwrap();
    let pairs = [("token", token.as_str()), ("password", FRESH)];
    let answer = Browser::new(&server.url).form("/api/links/reset", &pairs, &format!("/reset/{token}")).await;
    assert_eq!(location(&answer), "/login?reset=1");
    assert_eq!(location(&admin.page("/").await), "/login", "sessions ended");

    assert_eq!(location(&admin.log_in(&tenant.email, FRESH).await), "/");
    said(&cli(&["user", "disable", &tenant.email]));
    assert_eq!(location(&admin.page("/").await), "/login", "from the next request on");
    let refused = Browser::new(&server.url).log_in(&tenant.email, FRESH).await;
    assert!(follow(&admin, &server.url, &refused).await.contains("E-mail ou senha incorretos"));
    said(&cli(&["user", "enable", &tenant.email]));
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    assert_eq!(location(&Browser::new(&server.url).log_in(&tenant.email, FRESH).await), "/");

    let member = server.user("leo@balcao.example", tenant.scope.tenant(), Role::Viewer).await;
    let mut leo = server.signed_in("leo@balcao.example").await;
    enrol(&mut leo).await;
    assert_eq!(location(&Browser::new(&server.url).log_in("leo@balcao.example", PASSWORD).await), "/login/code");
    said(&cli(&["user", "clear-second-factor", "leo@balcao.example"]));
    assert_eq!(location(&Browser::new(&server.url).log_in("leo@balcao.example", PASSWORD).await), "/");
    assert_eq!(member.to_string().len(), 36);

    let (one, two) = (server.signed_in("leo@balcao.example").await, owner);
    let ended = said(&cli(&["user", "sign-out-all"]));
    assert!(ended.ends_with("sessions ended") && !ended.starts_with("0 "), "{ended}");
    assert_eq!(
        (location(&one.page("/").await), location(&two.page("/console").await)),
        ("/login".into(), "/login?next=%2Fconsole".into())
    );

    let mut right = 0;
    for (arguments, wanted, part) in [
        (&["user", "reset", "ninguem@x.example"][..], 1, "there is no user ninguem@x.example"),
        (&["user", "disable", "ninguem@x.example"], 1, "there is no user"),
        (&["user", "enable", "ninguem@x.example"], 1, "there is no user"),
        (&["user", "clear-second-factor", "ninguem@x.example"], 1, "there is no user"),
        (&["user", "invite", "--email", "x@x.example", "--tenant", "nada", "--role", "agent"], 1, "there is no tenant"),
        (
            &["user", "invite", "--email", "leo@balcao.example", "--tenant", "balcao", "--role", "agent"],
            1,
            "member of this tenant already",
        ),
        (&["user", "invite", "--email", "x@x.example"], 2, "required"),
        (&["user", "invite", "--email", "x@x.example", "--tenant", "balcao"], 2, "--role"),
        (&["user", "invite", "--email", "x", "--agency", "owner"], 2, "--email"),
        (&["user", "invite", "--email", "x@x.example", "--agency", "boss"], 2, "support or owner"),
        (&["tenant", "edit", "nada", "--name", "X"], 1, "there is no tenant"),
        (&["tenant", "edit", "balcao", "--name", "  "], 1, "1 to 120"),
        (&["tenant", "edit", "balcao", "--timezone", "Mars/Base"], 2, "IANA"),
        (&["tenant", "shred", "balcao"], 2, "--confirm"),
        (&["tenant", "shred", "balcao", "--confirm", "balcão"], 2, "--confirm"),
        (&["tenant", "shred", "balcao", "--confirm", "outro"], 1, "nothing was destroyed"),
        (&["tenant", "shred", "nada", "--confirm", "nada"], 1, "there is no tenant"),
        (&["audit", "verify", "--tenant", "nada"], 1, "there is no tenant"),
    ] {
        let output = cli(arguments);
        assert_eq!(code(&output), wanted, "{arguments:?}: {}", error(&output));
        assert!(error(&output).contains(part), "{arguments:?} says {part:?}: {}", error(&output));
        right += 1;
    }
    println!("command lines refused with their exit code and reason: {right} of 18");

    said(&cli(&[
        "tenant",
        "edit",
        "balcao",
        "--name",
        "Balcão Novo",
        "--timezone",
        "America/Manaus",
        "--plan",
        "ouro",
        "--domain",
        "balcao.example",
    ]));
    assert_eq!(said(&cli(&["tenant", "list"])), "balcao\tactive\tBalcão Novo\tAmerica/Manaus");
    server.staff("dois@agencia.example", AgencyRole::Support).await;
    let page = server.signed_in("dois@agencia.example").await.text("/console/tenants/balcao").await;
    assert!(page.contains("ouro") && page.contains("balcao.example"));
    assert!(said(&cli(&["audit", "verify"])).contains("balcao\tok"));
}

/// How many of a tenant's stored fields open with the key that is stored for it.
async fn opens(server: &Server, tenant: &crate::harness::Tenant) -> (usize, usize) {
    let store = &server.state.store;
    let id = *tenant.scope.tenant().as_uuid();
    let credentials = store.list_credentials(&tenant.scope).await.unwrap();
    let all: usize = credentials.iter().map(|credential| credential.fields.len()).sum();
    let Some(row) = store.find_tenant_key(&tenant.scope).await.unwrap() else { return (0, all) };
    let wrapped = WrappedKey { ring_key: row.ring_key, bytes: row.wrapped };
    let key = server.state.ring.open_tenant_key(id, u32::try_from(row.version).unwrap(), &wrapped).unwrap();
    let mut open = 0;
    for credential in &credentials {
        for (field, sealed) in &credential.fields {
            let address = Address { tenant: id, provider: credential.provider.as_str(), field };
            open += usize::from(key.open(&address, sealed).is_ok());
        }
    }
    (open, all)
}

#[tokio::test]
async fn a_shredded_tenant_opens_nowhere_and_leaves_a_receipt() {
    let (server, behind) = behind::start().await;
    let tenant = server.tenant("parte", Role::Admin, Some(0)).await;
    let other = server.tenant("fica", Role::Admin, Some(1)).await;
    let (admin, neighbour) = (server.signed_in(&tenant.email).await, server.signed_in(&other.email).await);
    let saved = [
        ("provider", "whatsapp"),
        ("version", "0"),
        ("fields[phone_number_id]", "106540352242922"),
        ("fields[access_token]", "EAAplanted0123456789abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMN"),
    ];
    assert_eq!(admin.call("/api/credentials/save", &saved).await.status(), StatusCode::OK);
    assert_eq!(neighbour.call("/api/credentials/save", &saved).await.status(), StatusCode::OK);
    let (open, all) = opens(&server, &tenant).await;
    assert!(open == all && all >= 4, "{open} of {all} open before");
    // What a backup made before still holds: sealed fields, not the key.
    let sealed = server.state.store.list_credentials(&tenant.scope).await.unwrap();

    let mismatch = behind.painel(&server, &["tenant", "shred", "parte", "--confirm", "fica"], "");
    assert_eq!(code(&mismatch), 1);
    assert_eq!(opens(&server, &tenant).await, (open, all), "nothing was destroyed");

    let file = server.folder.path().join("receipt.json");
    let shred = ["tenant", "shred", "parte", "--confirm", "parte", "--receipt", file.to_str().unwrap()];
    let text = said(&behind.painel(&server, &shred, ""));
    let receipt: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(std::fs::read_to_string(&file).unwrap().trim(), text);
    assert_eq!(receipt["fields_that_opened_before"], format!("{all} of {all}"));
    assert_eq!(receipt["fields_that_open_now"], format!("0 of {all}"));
    assert_eq!((&receipt["keys_destroyed"], &receipt["sessions_ended"]), (&1.into(), &1.into()));
    assert!(receipt["backups"].as_str().unwrap().contains("20"), "until when backups still hold the key");

    assert!(server.state.store.find_tenant_key(&tenant.scope).await.unwrap().is_none());
    let keys = behind
        .count("select count(*) from tenant_keys where tenant_id = (select id from tenants where slug = 'parte')")
        .await;
    let fields = behind
        .count("select count(*) from credential_fields where tenant_id = (select id from tenants where slug = 'parte')")
        .await;
    assert_eq!((keys, fields), (0, 0));
    // The neighbour's key does not open the old fields either.
    let row = server.state.store.find_tenant_key(&other.scope).await.unwrap().unwrap();
    let wrapped = WrappedKey { ring_key: row.ring_key, bytes: row.wrapped };
    let key = server.state.ring.open_tenant_key(*other.scope.tenant().as_uuid(), 1, &wrapped).unwrap();
    let mut left = 0;
    for credential in &sealed {
        for (field, value) in &credential.fields {
            let address =
                Address { tenant: *tenant.scope.tenant().as_uuid(), provider: credential.provider.as_str(), field };
            left += usize::from(key.open(&address, value).is_ok());
        }
    }
    let (others, of) = opens(&server, &other).await;
    println!("E5 after shred: {left} of {all} fields open; other tenants {others} of {of}");
    assert_eq!((left, others), (0, of));

    assert_eq!(location(&admin.page("/").await), "/login", "its people are out");
    let back = Browser::new(&server.url)
        .call("/api/session/log_in", &[("email", &tenant.email), ("password", PASSWORD)])
        .await;
    assert_eq!(back.status(), StatusCode::FORBIDDEN);
    assert!(neighbour.text("/conversations").await.contains("class=\"talk\""));
    assert_eq!(code(&behind.painel(&server, &shred, "")), 1, "once");
    assert_eq!(code(&behind.painel(&server, &["audit", "verify"], "")), 0, "its trail stays whole");
}

#[tokio::test]
async fn on_postgres_it_refuses_roles_that_step_over_the_fence() {
    let database = Database::create().await;
    let house = Installation::new();
    std::fs::create_dir_all(house.path().join("data")).unwrap();
    write_ring(&house.path().join("data/keyring.json"));
    let migrated = house.run_with(
        &["migrate"],
        "",
        &[("PAINEL_DATABASE_URL", &database.url), ("PAINEL_DATABASE_OWNER_URL", &database.owner_url)],
    );
    assert_eq!(code(&migrated), 0, "{}", error(&migrated));
    let refused = house.run_with(&["migrate"], "", &[("PAINEL_DATABASE_URL", &database.url)]);
    assert_eq!(code(&refused), 78);
    assert!(error(&refused).contains("PAINEL_DATABASE_OWNER_URL is not set"), "{}", error(&refused));

    let mut admin = PgConnection::connect(&database.admin_url).await.unwrap();
    let suffix = uuid::Uuid::new_v4().simple().to_string();
    let (owner, bypass) = (format!("it_owner_{suffix}"), format!("it_bypass_{suffix}"));
    for (role, more) in [(&owner, ""), (&bypass, "bypassrls")] {
        let sql = format!("create role {role} login password 'only-for-tests' nosuperuser {more}");
        admin.execute(AssertSqlSafe(sql)).await.unwrap();
        let sql = format!(
            "grant usage on schema public to {role}; grant select, insert, update, delete on all tables in schema public to {role}"
        );
        admin.execute(AssertSqlSafe(sql)).await.unwrap();
    }
    admin.execute(AssertSqlSafe(format!("alter table tenants owner to {owner}"))).await.unwrap();
    let url_of = |role: &str| {
        let mut url = url::Url::parse(&database.url).unwrap();
        url.set_username(role).unwrap();
        url.to_string()
    };
    let mut refused = 0;
    let roles = [
        (database.admin_url.clone(), "superuser"),
        (url_of(&owner), "owns Painel's tables"),
        (url_of(&bypass), "BYPASSRLS"),
    ];
    for (url, part) in &roles {
        for command in [
            &["serve"][..],
            &["tenant", "list"],
            &["tenant", "create", "--slug", "x", "--name", "X"],
            &["audit", "verify"],
        ] {
            let output = house.run_with(command, "", &[("PAINEL_DATABASE_URL", url)]);
            assert_eq!(code(&output), 78, "{command:?} as {part}: {}", error(&output));
            assert!(error(&output).contains(part), "{command:?}: {}", error(&output));
            assert_eq!(lines_of_ours(&error(&output)), 1, "one line");
            assert!(!error(&output).contains("only-for-tests"), "no password");
        }
        refused += 1;
    }
    println!("D3 starts refused with exit code 78: {refused} of 3 (superuser, owner, bypassrls)");
    let right = house.run_with(&["tenant", "list"], "", &[("PAINEL_DATABASE_URL", &database.url)]);
    assert_eq!(code(&right), 0, "the right role is taken: {}", error(&right));
    for role in [&owner, &bypass] {
        admin
            .execute(AssertSqlSafe(format!(
                "reassign owned by {role} to current_user; drop owned by {role}; drop role {role}"
            )))
            .await
            .unwrap();
    }
    drop(admin);
    database.drop_it().await;
}
