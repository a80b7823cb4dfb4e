//! The key doctor against the real PostgREST: each thing that can be missing is made missing, must be found, and must be
//! mended by the very SQL that the finding gives to paste.

use crate::own_project::{KEY, OwnProject};
use app::credentials::Provider;
use http::Method;
use server::{
    egress::{AddressPolicy, Egress},
    providers::{self, Bases, Cause, Probe, Report, Standing, google::TokenCache},
};
use uuid::Uuid;

async fn examine(project: &OwnProject, key: &str) -> Report {
    let fields = [("project_url", project.url.as_str()), ("api_key", key)];
    let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
    let probe = Probe {
        provider: Provider::Supabase,
        egress: Egress::new(AddressPolicy::parse_allow(&project.origin).unwrap()).unwrap(),
        lane: Uuid::new_v4(),
        bases: Bases::default(),
        google: TokenCache::default(),
        base_url: "http://127.0.0.1:1".parse().unwrap(),
        now: jiff::Timestamp::now(),
        last_inbound: None,
        mapping: Default::default(),
    };
    providers::test(Provider::Supabase, &fields, &probe).await
}

/// Runs everything that a report gives to paste.
async fn paste(project: &OwnProject, report: &Report) {
    for sql in report.findings.iter().filter_map(|finding| finding.paste.as_deref()) {
        project.run(sql).await;
    }
}

fn shows(report: &Report, cause: Cause, part: &str) -> bool {
    report.findings.iter().any(|finding| finding.cause == cause && finding.what.pt.contains(part))
}

const ROWS: &str = "
    insert into conversations (phone, name, status) select '+55119' || n, 'Cliente ' || n, (array['bot','human'])[1 + n % 2]
      from generate_series(1, 900) n;
    insert into messages (conversation_id, direction, content) select 1, (array['in','out'])[1 + n % 2], 'Texto ' || n
      from generate_series(1, 900) n;
    insert into appointments (customer_name, customer_phone, service, professional, starts_at, ends_at, status)
      select 'Cliente ' || n, '+55119' || n, 'Corte', 'Rui', now(), now() + interval '1 hour', (array['scheduled','done'])[1 + n % 2]
      from generate_series(1, 900) n;
    analyze";

/// What breaks the project, the cause it must be told as, a part of what is told.
#[rustfmt::skip]
const FAULTS: &[(&str, Cause, &str)] = &[
    ("revoke select on messages from anon", Cause::Forbidden, "permissão de ler a tabela “messages”"),
    ("revoke usage on schema public from public, anon", Cause::Forbidden, "permissão de ler"),
    ("drop policy painel_le on appointments", Cause::Forbidden, "não vê nenhuma linha"),
    ("drop table appointments", Cause::NotFound, "“appointments” não existe"),
    ("alter table conversations drop column name, drop column status", Cause::NotFound, "as colunas “name”, “status”"),
    ("alter table messages disable row level security; grant all on messages to anon; analyze", Cause::TooPowerful, "RLS está desligado"),
    ("alter table conversations disable row level security; grant insert on conversations to anon; \
      update conversations set status = 'bot'; analyze", Cause::TooPowerful, "RLS está desligado"),
    ("grant all on messages to anon; analyze", Cause::Notice, "só as políticas"),
    ("grant insert on appointments to anon; truncate appointments; analyze", Cause::TooPowerful, "não se vê"),
];

#[tokio::test]
async fn whatever_is_missing_is_found_and_its_sql_mends_it() {
    let project = OwnProject::start().await;
    let report = examine(&project, KEY).await;
    assert_eq!(report.findings.iter().filter(|finding| finding.cause == Cause::NotFound).count(), 3, "{report:?}");
    paste(&project, &report).await;
    let report = examine(&project, KEY).await;
    assert_eq!(report.standing(), Standing::Healthy, "the tables that were pasted will do: {report:?}");
    assert!(shows(&report, Cause::Notice, "está vazia") && shows(&report, Cause::Works, "três tabelas"));

    project.run(ROWS).await;
    let report = examine(&project, KEY).await;
    assert_eq!((report.standing(), report.findings.len()), (Standing::Healthy, 1), "{report:?}");
    assert!(report.facts.iter().any(|fact| fact.value == "cerca de 900"), "{report:?}");

    let mut right = 0;
    for &(fault, cause, part) in FAULTS {
        project.run(fault).await;
        let report = examine(&project, KEY).await;
        assert!(shows(&report, cause, part), "{fault}: {report:?}");
        paste(&project, &report).await;
        let healed = examine(&project, KEY).await;
        assert!(!shows(&healed, cause, part), "{fault} is not mended: {healed:?}");
        assert_eq!(healed.standing(), Standing::Healthy, "{fault}: {healed:?}");
        right += 1;
    }
    println!("key doctor on the real PostgREST: {right} of {} faults found and mended by their SQL", FAULTS.len());

    let recursive = "create policy again on messages for select to anon using (exists (select from messages))";
    project.run(recursive).await;
    assert!(shows(&examine(&project, KEY).await, Cause::Forbidden, "chama a si mesma"));
    project.run("drop policy again on messages").await;

    let other = examine(&project, "sb_publishable_BBBBBBBBBBBBBBBBBBBBBB_BBBBBBBB").await;
    assert!(shows(&other, Cause::BadCredential, "não aceita") && other.findings.len() == 1);
    project.end().await;
}

/// Where anybody may write, the doctor must not.
#[tokio::test]
async fn the_doctor_writes_nothing_even_where_it_could() {
    let project = OwnProject::start().await;
    paste(&project, &examine(&project, KEY).await).await;
    let open = "alter table conversations disable row level security; grant all on all tables in schema public to anon;
                alter table messages disable row level security; alter table appointments disable row level security";
    project.run(&format!("{ROWS}; {open}")).await;
    let before = project.asked().len();
    let report = examine(&project, KEY).await;
    assert!(shows(&report, Cause::TooPowerful, "RLS está desligado"), "{report:?}");
    for table in ["conversations", "messages", "appointments"] {
        assert_eq!(project.count(table).await, 900, "{table}");
    }
    let asked = project.asked().split_off(before);
    assert!(asked.iter().all(|(method, _)| [Method::GET, Method::POST].contains(method)), "{asked:?}");
    let writes = asked.iter().filter(|(method, _)| *method == Method::POST).count();
    println!("key doctor: {} requests, {writes} of them inserts of nothing, 0 rows written", asked.len());
    project.end().await;
}
