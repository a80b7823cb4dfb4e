//! The agency's console: the fleet, one client from nothing to its first dashboard, suspending, and the broken glass.

use crate::{
    behind::{self, follow, json, refused_fields, token_in},
    harness::{Browser, Server, location, project},
    links::{FRESH, accept},
};
use app::session::{AgencyRole, Role};
use reqwest::StatusCode;
use server::store::{Act, AuditQuery, EventKind, NewTenant, NewTenantKey, STANDARD_PLAN, TenantId};
use time::OffsetDateTime;

const OWNER: &str = "dona@agencia.example";
const SUPPORT: &str = "apoio@agencia.example";

async fn staffed(server: &Server) -> (Browser, Browser) {
    server.staff(OWNER, AgencyRole::Owner).await;
    server.staff(SUPPORT, AgencyRole::Support).await;
    (server.signed_in(OWNER).await, server.signed_in(SUPPORT).await)
}

/// A tenant without people.
async fn bare(server: &Server, slug: &str, name: &str, domain: &str) {
    let id = TenantId::new();
    let (_, wrapped) = server.state.ring.create_tenant_key(*id.as_uuid(), 1).unwrap();
    let tenant = NewTenant {
        id,
        slug: slug.parse().unwrap(),
        name: name.into(),
        timezone: "America/Sao_Paulo".into(),
        plan: STANDARD_PLAN.into(),
        domain: domain.into(),
    };
    let key = NewTenantKey { ring_key: wrapped.ring_key, wrapped: wrapped.bytes };
    let (store, act) = (&server.state.store, Act::of_command_line());
    store.create_tenant(&store.operator_agency(), &act, tenant, key, None, OffsetDateTime::now_utc()).await.unwrap();
}

#[tokio::test]
async fn the_fleet_is_paged_and_searched_and_counted() {
    let (server, behind) = behind::start().await;
    let (owner, support) = staffed(&server).await;
    for number in 0..118 {
        let domain = if number % 10 == 0 { format!("dez{number}.example") } else { String::new() };
        bare(&server, &format!("cliente-{number:03}"), &format!("Ótica {number:03} & Filhos"), &domain).await;
    }
    let linked = server.tenant("ligada", Role::Admin, Some(0)).await;
    server.tenant("parada", Role::Admin, None).await;
    server.user("b@ligada.example", linked.scope.tenant(), Role::Viewer).await;
    let answer = owner.form("/api/console/suspend", &[("slug", "parada"), ("reason", "Em atraso.")], "/console").await;
    assert_eq!(location(&answer), "/console/tenants/parada?done=suspended");

    // Forward, as the pager leads, then back again.
    for browser in [&owner, &support] {
        let (mut pages, mut seen, mut cursor) = (Vec::new(), Vec::new(), String::new());
        loop {
            let page = json(browser.read(&format!("/api/console/fleet?after={cursor}")).await).await;
            assert_eq!(
                (page["total"].as_u64(), page["suspended"].as_u64(), page["unconnected"].as_u64()),
                (Some(120), Some(1), Some(119))
            );
            seen.extend(page["rows"].as_array().unwrap().iter().map(|row| row["slug"].as_str().unwrap().to_owned()));
            pages.push(page.clone());
            match page["next"].as_str() {
                Some(next) => cursor = next.to_owned(),
                None => break,
            }
        }
        let sizes: Vec<usize> = pages.iter().map(|page| page["rows"].as_array().unwrap().len()).collect();
        let mut sorted = seen.clone();
        sorted.sort();
        sorted.dedup();
        println!("fleet: {} of 120 tenants on pages of {sizes:?}, each once", sorted.len());
        assert_eq!((sizes, sorted.len()), (vec![50, 50, 20], 120));
        assert_eq!(seen, sorted, "by slug");
        let before = pages[2]["previous"].as_str().expect("a way back");
        let back = json(browser.read(&format!("/api/console/fleet?before={before}")).await).await;
        assert_eq!(back["rows"], pages[1]["rows"]);
    }
    let find = |query: &str| {
        let (owner, query) = (owner.clone(), query.to_owned());
        async move {
            let page = json(owner.read(&format!("/api/console/fleet?{query}")).await).await;
            page["rows"].as_array().unwrap().len()
        }
    };
    let mut right = 0;
    for (query, count) in [
        ("filter[search]=cliente-04", 10),
        ("filter[search]=CLIENTE-042", 1),
        ("filter[search]=%26%20filhos", 50),
        ("filter[search]=dez110", 1),
        ("filter[search]=.example", 12),
        ("filter[search]=%25", 0),
        ("filter[search]=_", 0),
        ("filter[search]=%27%20or%201%3D1", 0),
        ("filter[state]=suspended", 1),
        ("filter[search]=ligada&filter[state]=suspended", 0),
        ("filter[search]=ligada&filter[state]=active", 1),
    ] {
        let found = find(query).await;
        assert_eq!(found, count, "{query}");
        right += 1;
    }
    println!("fleet searches right: {right} of 11");
    let page = owner.text("/console?search=ligada").await;
    assert!(
        page.contains("Loja ligada") && page.contains("Supabase: não verificado") && page.contains("n8n: não guardado")
    );
    let row = json(owner.read("/api/console/tenant?slug=ligada").await).await;
    assert_eq!(row["row"]["members"], 2);
    assert_eq!(behind.count("select count(*) from tenants").await, 120);
}

#[tokio::test]
async fn support_sees_states_and_never_content_and_changes_nothing() {
    let server = Server::start().await;
    let (_, support) = staffed(&server).await;
    let tenant = server.tenant("intima", Role::Admin, Some(0)).await;
    let admin = server.signed_in(&tenant.email).await;
    // What only the tenant's people may read: names, phones and messages of its project, and its secrets.
    let page = json(admin.read("/api/conversations/page").await).await;
    let mut words: Vec<String> = Vec::new();
    for row in page["rows"].as_array().unwrap() {
        for key in ["who", "phone", "preview", "last", "name"] {
            words.extend(row[key].as_str().filter(|word| word.chars().count() > 7).map(str::to_owned));
        }
    }
    words.extend([project(0, "url"), project(0, "publishable_key")]);
    assert!(words.len() > 20, "{} words: {}", words.len(), page["rows"][0]);
    let mut shown = 0;
    let mut pages = 0;
    for path in [
        "/console",
        "/console?search=intima",
        "/console/tenants/intima",
        "/console/new",
        "/console/staff",
        "/choose",
        "/settings/security",
    ] {
        let text = support.text(path).await;
        shown += words.iter().filter(|word| text.contains(word.as_str())).count();
        pages += 1;
    }
    for path in ["/api/console/fleet", "/api/console/tenant?slug=intima"] {
        let text = support.read(path).await.text().await.unwrap();
        shown += words.iter().filter(|word| text.contains(word.as_str())).count();
        pages += 1;
    }
    println!("words of a tenant's content on support's pages: {shown} of {} x {pages}", words.len());
    assert_eq!(shown, 0);
    let page = support.text("/console/tenants/intima").await;
    for form in ["/api/console/edit", "/api/console/suspend", "/api/console/break_glass", "/api/console/create"] {
        assert!(!page.contains(form), "support is offered no {form}");
    }
    let mut refused = 0;
    let writes: [(&str, &[(&str, &str)]); 10] = [
        (
            "/api/console/create",
            &[("form[name]", "Xavier"), ("form[timezone]", "America/Recife"), ("form[email]", "x@x.example")],
        ),
        (
            "/api/console/edit",
            &[("form[slug]", "intima"), ("form[name]", "Xavier"), ("form[timezone]", "America/Recife")],
        ),
        ("/api/console/suspend", &[("slug", "intima"), ("reason", "x")]),
        ("/api/console/resume", &[("slug", "intima")]),
        ("/api/console/invite_staff", &[("email", "x@x.example"), ("role", "owner")]),
        ("/api/console/remove_staff", &[("person", "x")]),
        ("/api/console/require_second_factor", &[("required", "true")]),
        ("/api/console/break_glass", &[("slug", "intima"), ("reason", "porque eu quero ver")]),
        ("/api/console/end_break_glass", &[]),
        ("/api/credentials/save", &[("provider", "n8n"), ("version", "0")]),
    ];
    for (path, pairs) in writes {
        let status = support.call(path, pairs).await.status();
        refused += usize::from(status == StatusCode::FORBIDDEN);
        assert_eq!(status, StatusCode::FORBIDDEN, "{path}");
    }
    for path in
        ["/api/overview/read", "/api/conversations/page", "/api/audit/page", "/api/team/read", "/settings/audit.csv"]
    {
        // A file leads to the console, as a page does.
        let status = support.read(path).await.status();
        refused += usize::from(matches!(status, StatusCode::FORBIDDEN | StatusCode::SEE_OTHER));
    }
    println!("writes and reads of content by support, refused: {refused} of 15");
    assert_eq!(refused, 15);
}

#[tokio::test]
async fn a_new_client_comes_from_nothing_to_its_first_dashboard() {
    let server = Server::start().await;
    let (owner, _) = staffed(&server).await;
    let create = |pairs: Vec<(&'static str, &'static str)>| {
        let owner = owner.clone();
        async move { owner.form("/api/console/create", &pairs, "/console/new").await }
    };
    let facts = vec![
        ("form[name]", "Clínica Sol & Mar"),
        ("form[slug]", ""),
        ("form[timezone]", "America/Recife"),
        ("form[plan]", "completo"),
        ("form[domain]", "solemar.example"),
        ("form[email]", "marina@solemar.example"),
    ];
    let answer = create(facts.clone()).await;
    assert_eq!(location(&answer), "/console/tenants/clinica-sol-mar?done=created");
    let page = follow(&owner, &server.url, &answer).await;
    assert!(page.contains("Os próximos passos") && page.contains("Clínica Sol &amp; Mar"));
    let token = token_in(&page, "invite").expect("the link is shown");
    let (marina, answer) = accept(&server.url, &token, "Marina Reis", FRESH).await;
    assert_eq!(location(&answer), "/");
    assert!(marina.text("/").await.contains("Falta ligar o projeto Supabase"));
    let (url, key) = (project(0, "url"), project(0, "publishable_key"));
    let pairs = [("provider", "supabase"), ("version", "0"), ("fields[project_url]", &url), ("fields[api_key]", &key)];
    let saved = marina.form("/api/credentials/save", &pairs, "/settings/credentials").await;
    assert_eq!(location(&saved), "/settings/credentials?saved=supabase");
    let dashboard = marina.text("/").await;
    assert!(!dashboard.contains("Falta ligar") && dashboard.contains("class=\"figure"), "the first dashboard");
    assert!(marina.text("/conversations").await.contains("class=\"talk\""));
    println!("a new client by five forms, from nothing to its first dashboard: 1 of 1");

    // Once more: the name is taken; and everything odd is refused at its field.
    let mut right = 0;
    for (field, value, wrong) in [
        ("form[name]", "", "name"),
        ("form[slug]", "clinica-sol-mar", "slug"),
        ("form[slug]", "Não vale!", "slug"),
        ("form[timezone]", "America/Atlantida", "timezone"),
        ("form[plan]", "um plano com um nome que não acaba nunca mais, nunca", "plan"),
        ("form[domain]", "https://solemar.example/x", "domain"),
        ("form[email]", "marina", "email"),
    ] {
        let mut pairs = facts.clone();
        for pair in &mut pairs {
            if pair.0 == field {
                pair.1 = value;
            }
        }
        let answer = owner.call("/api/console/create", &pairs).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{field}={value}");
        right += usize::from(refused_fields(answer).await == wrong);
    }
    println!("refused at their field: {right} of 7");
    assert_eq!(right, 7);

    let edit = [
        ("form[slug]", "clinica-sol-mar"),
        ("form[name]", "Clínica do Mar"),
        ("form[timezone]", "America/Manaus"),
        ("form[plan]", "básico"),
        ("form[domain]", ""),
    ];
    let answer = owner.form("/api/console/edit", &edit, "/console/tenants/clinica-sol-mar").await;
    assert_eq!(location(&answer), "/console/tenants/clinica-sol-mar?done=edited");
    let detail = json(owner.read("/api/console/tenant?slug=clinica-sol-mar").await).await;
    assert_eq!(
        (&detail["row"]["name"], &detail["timezone"], &detail["domain"]),
        (&"Clínica do Mar".into(), &"America/Manaus".into(), &"".into())
    );
    assert!(marina.text("/").await.contains("Clínica do Mar"));
    let mut unknown = edit;
    unknown[0].1 = "nao-existe";
    assert_eq!(owner.call("/api/console/edit", &unknown).await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn suspending_tells_the_reason_at_the_next_request_and_resuming_lets_in() {
    let server = Server::start().await;
    let (owner, _) = staffed(&server).await;
    let tenant = server.tenant("pausa", Role::Admin, Some(0)).await;
    let member = server.signed_in(&tenant.email).await;
    for reason in ["", "   ", &"x".repeat(301)] {
        let answer = owner.call("/api/console/suspend", &[("slug", "pausa"), ("reason", reason)]).await;
        assert_eq!(refused_fields(answer).await, "reason");
    }
    let reason = "Mensalidade de outubro <em> aberto.";
    let answer =
        owner.form("/api/console/suspend", &[("slug", "pausa"), ("reason", reason)], "/console/tenants/pausa").await;
    assert_eq!(location(&answer), "/console/tenants/pausa?done=suspended");
    let mut told = 0;
    for path in ["/", "/conversations", "/appointments", "/settings/credentials", "/settings/team", "/settings/audit"] {
        let page = member.text(path).await;
        told +=
            usize::from(page.contains("Acesso suspenso") && page.contains("Mensalidade de outubro &lt;em&gt; aberto."));
    }
    for path in
        ["/api/overview/read", "/api/conversations/page", "/api/team/read", "/api/credentials/list", "/api/audit/page"]
    {
        let answer = member.read(path).await;
        told += usize::from(
            answer.status() == StatusCode::FORBIDDEN && answer.text().await.unwrap().contains("Mensalidade"),
        );
    }
    let csv = member.page("/settings/audit.csv").await;
    told += usize::from(csv.status() == StatusCode::FORBIDDEN);
    println!("requests of a suspended tenant's admin told so at once: {told} of 12");
    assert_eq!(told, 12);
    assert!(owner.text("/console/tenants/pausa").await.contains("Mensalidade"));
    let answer = owner.form("/api/console/resume", &[("slug", "pausa")], "/console/tenants/pausa").await;
    assert_eq!(location(&answer), "/console/tenants/pausa?done=resumed");
    assert!(member.text("/conversations").await.contains("class=\"talk\""), "the same session goes on");
}

#[tokio::test]
async fn the_broken_glass_is_short_read_only_seen_and_recorded() {
    let (server, behind) = behind::start().await;
    let (mut owner, _) = staffed(&server).await;
    let tenant = server.tenant("vidro", Role::Admin, Some(0)).await;
    server.tenant("outro", Role::Admin, Some(1)).await;
    let member = server.signed_in(&tenant.email).await;
    let reads = ["/api/overview/read", "/api/conversations/page", "/api/appointments/agenda"];
    for path in reads {
        assert_eq!(owner.read(path).await.status(), StatusCode::FORBIDDEN, "without glass: {path}");
    }
    assert_eq!(location(&owner.page("/conversations").await), "/console");
    for reason in ["", "curto", "         x         ", &"x".repeat(301)] {
        let answer = owner.call("/api/console/break_glass", &[("slug", "vidro"), ("reason", reason)]).await;
        assert_eq!(refused_fields(answer).await, "reason", "{reason:?}");
    }
    let unknown = [("slug", "nenhum"), ("reason", "Conferir a agenda.")];
    assert_eq!(owner.call("/api/console/break_glass", &unknown).await.status(), StatusCode::NOT_FOUND);

    let reason = "Conferir a agenda a pedido da Marina.";
    let enter = async |owner: &mut Browser| {
        let pairs = [("slug", "vidro"), ("reason", reason)];
        let answer = owner.form("/api/console/break_glass", &pairs, "/console/tenants/vidro").await;
        assert_eq!((answer.status(), location(&answer)), (StatusCode::FOUND, "/".to_owned()));
        let before = owner.clone();
        owner.keep(&answer);
        assert_ne!(before.cookie, owner.cookie, "a new session id");
        assert_eq!(before.read("/api/console/fleet").await.status(), StatusCode::UNAUTHORIZED, "the old one is dead");
    };
    enter(&mut owner).await;
    for path in reads {
        assert_eq!(owner.read(path).await.status(), StatusCode::OK, "{path}");
    }
    assert!(owner.text("/conversations").await.contains("class=\"talk\""));
    let page = owner.text("/").await;
    assert!(page.contains("Você está dentro de Loja vidro") && page.contains(reason) && page.contains("só leitura"));
    let page = member.text("/").await;
    assert!(page.contains("dona, da agência, tem acesso de leitura") && page.contains(reason), "its people see it");

    let mut refused = 0;
    let writes: [(&str, &[(&str, &str)]); 7] = [
        ("/api/credentials/save", &[("provider", "n8n"), ("version", "0")]),
        ("/api/credentials/remove", &[("provider", "supabase"), ("version", "1")]),
        ("/api/team/invite", &[("email", "x@x.example"), ("role", "admin")]),
        ("/api/team/remove", &[("member", "x")]),
        ("/api/team/set_role", &[("member", "x"), ("role", "admin")]),
        ("/api/team/reset_link", &[("member", "x")]),
        ("/api/team/require_second_factor", &[("required", "false")]),
    ];
    for (path, pairs) in writes {
        refused += usize::from(owner.call(path, pairs).await.status() == StatusCode::FORBIDDEN);
    }
    for path in
        ["/api/credentials/list", "/api/team/read", "/api/audit/page", "/settings/audit.csv", "/settings/export.json"]
    {
        refused += usize::from(owner.read(path).await.status() == StatusCode::FORBIDDEN);
    }
    println!("writes, secrets' states and exports from behind the glass, refused: {refused} of 12");
    assert_eq!(refused, 12);

    // Thirty minutes, by the store's own row; then nothing, with the same cookie.
    let span = behind.count("select ends_at - began_at from glass").await;
    assert_eq!(span, 30 * 60 * 1_000_000);
    // Whatever the time up to here was.
    let ends_in = async |seconds: i64| {
        let ends = OffsetDateTime::now_utc().unix_timestamp() * 1_000_000 + seconds * 1_000_000;
        behind.run(&format!("update glass set began_at = {ends} - {span}, ends_at = {ends}")).await;
    };
    ends_in(20).await;
    assert_eq!(owner.read("/api/overview/read").await.status(), StatusCode::OK, "20 s before its end");
    ends_in(-1).await;
    for path in reads {
        assert_eq!(owner.read(path).await.status(), StatusCode::FORBIDDEN, "after 30 minutes: {path}");
    }
    assert_eq!(location(&owner.page("/").await), "/console");
    assert!(!member.text("/").await.contains("da agência, tem acesso"), "the banner is gone");

    // Once more, and left by the form.
    enter(&mut owner).await;
    let answer = owner.form("/api/console/end_break_glass", &[], "/").await;
    assert_eq!(location(&answer), "/console");
    let inside = owner.clone();
    owner.keep(&answer);
    assert_eq!(inside.read("/api/overview/read").await.status(), StatusCode::UNAUTHORIZED, "that session is dead");
    assert_eq!(owner.read("/api/overview/read").await.status(), StatusCode::FORBIDDEN);
    assert!(owner.text("/console/tenants/vidro").await.contains(reason), "the tenant's page tells of both times");

    let events = server.state.store.list_events(&tenant.scope, &AuditQuery::default(), 100).await.unwrap();
    let broken: Vec<_> = events.iter().filter(|event| event.kind == Some(EventKind::GlassBroken)).collect();
    let ended = events.iter().filter(|event| event.kind == Some(EventKind::GlassEnded)).count();
    assert_eq!((broken.len(), ended), (2, 1));
    assert!(broken.iter().all(|event| event.subject == reason && event.actor == "dona (dona@agencia.example)"));
    let trail = json(member.read("/api/audit/page").await).await;
    assert!(trail.to_string().contains("agência entrou no painel"), "the tenant reads it in its own trail");
}
