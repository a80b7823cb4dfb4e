//! The second fence, on Postgres: with nothing but raw SQL, a transaction reaches the rows it was raised for and no others.

use super::{
    super::{fence::Fence, schema::GRANTS, *},
    ground::{ROLE, administer, on_database},
    machine_tokens::machine_token,
    *,
};
use app::credentials::Provider;
use sqlx::{AssertSqlSafe, PgConnection, PgPool};

/// Tables with a tenant's id that no fence stands around: no tenant's request reads them, or their rows are reached by the
/// hash of a secret nobody can guess, before it is known whose they are.
const UNFENCED: [(&str, &str); 5] = [
    ("imported_rows", "the installation's ledger, read by the command line alone"),
    ("links", "reached by the token's hash, before anybody is signed in"),
    ("live_watches", "who watches which project, and that something changed: each process reads all that it follows"),
    ("notices", "ids alone, which each process reads to ask the rows again"),
    ("sessions", "reached by the cookie's hash"),
];

/// The fenced tables with the column that says whose a row is.
const FENCED: [(&str, &str); 14] = [
    ("audit_events", "chain"),
    ("audit_heads", "chain"),
    ("connection_changes", "tenant_id"),
    ("connection_checks", "tenant_id"),
    ("connection_health", "tenant_id"),
    ("credential_fields", "tenant_id"),
    ("credentials", "tenant_id"),
    ("glass", "tenant_id"),
    ("machine_tokens", "tenant_id"),
    ("mappings", "tenant_id"),
    ("memberships", "tenant_id"),
    ("saved_filters", "tenant_id"),
    ("tenant_keys", "tenant_id"),
    ("tenants", "id"),
];

fn pools(store: &Store) -> (&PgPool, &PgPool) {
    let (Pools::Postgres(serving), Some(admin)) = (&store.pools, &store.admin) else { panic!("not Postgres") };
    (serving, admin)
}

/// Two tenants with a row in every fenced table.
pub(super) async fn furnished(store: &Store) -> (TenantScope, TenantScope) {
    let (_, agency) = staff(store, "rui@agencia.localhost", AgencyRole::Owner, 9).await;
    let mut scopes = Vec::new();
    for (number, name) in [(1, "aurora"), (2, "barba")] {
        let scope = signed_in(store, name, number).await;
        store.save_credential(&scope, &act(), Provider::N8n, None, &[field("a", name)], NOW).await.unwrap();
        super::health::changed(store, &scope, Provider::N8n, NOW).await;
        assert!(store.create_machine_token(&scope, &act(), machine_token(number), NOW).await.unwrap());
        store.save_mapping(&scope, &act(), "{}", 0, None, NOW).await.unwrap();
        assert_eq!(store.save_filter(&scope, "Robô", "status=bot", NOW).await.unwrap(), KeptFilter::Kept);
        store.break_glass(&agency, &act(), &slug(name), "chamado", Duration::hours(1), NOW).await.unwrap();
        scopes.push(scope);
    }
    (scopes[0], scopes[1])
}

async fn tally(db: &mut PgConnection, sql: String) -> i64 {
    sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(db).await.unwrap()
}

/// Contents and row versions of one tenant's rows: whatever writes to them changes it.
async fn fingerprint(admin: &PgPool, table: &str, column: &str, tenant: TenantId) -> Option<String> {
    let sql = format!(
        "select md5(string_agg(r::text || r.xmin::text, ',' order by r::text)) from {table} r where {column} = $1"
    );
    sqlx::query_scalar(AssertSqlSafe(sql)).bind(tenant).fetch_one(admin).await.unwrap()
}

#[tokio::test]
async fn every_table_with_a_tenants_rows_is_fenced() {
    on_postgres(async |ground| {
        let (_, admin) = pools(&ground.store);
        const SQL: &str = "select c.relname::text, c.relrowsecurity, c.relforcerowsecurity, \
             exists (select 1 from pg_policy p where p.polrelid = c.oid and p.polcmd = '*' \
                     and p.polwithcheck is not null) \
             from pg_class c join pg_namespace n on n.oid = c.relnamespace \
             where n.nspname = 'public' and c.relkind in ('r', 'p') and (c.relname = 'tenants' or exists \
             (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname in ('tenant_id', 'chain') \
              and not a.attisdropped)) order by c.relname collate \"C\"";
        let rows: Vec<(String, bool, bool, bool)> = sqlx::query_as(SQL).fetch_all(admin).await.unwrap();
        let (free, fenced): (Vec<_>, Vec<_>) =
            rows.iter().partition(|row| UNFENCED.iter().any(|(table, _)| *table == row.0));
        assert_eq!(free.len(), UNFENCED.len());
        for (table, enabled, forced, checked) in &fenced {
            assert!(*enabled && *forced && *checked, "{table}: enabled {enabled}, forced {forced}, checked {checked}");
        }
        let names: Vec<_> = fenced.iter().map(|row| row.0.as_str()).collect();
        assert_eq!(names, FENCED.map(|(table, _)| table), "the tests below know another list");
        eprintln!("fenced: {} of {} tables with tenants' rows", fenced.len(), fenced.len());
        for (table, reason) in UNFENCED {
            eprintln!("  and without a fence: {table}, {reason}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_serving_role_has_what_the_list_says_and_no_more() {
    on_postgres(async |ground| {
        let (serving, admin) = pools(&ground.store);
        let tables: Vec<String> = sqlx::query_scalar(
            "select tablename::text from pg_tables where schemaname = 'public' order by tablename collate \"C\"",
        )
        .fetch_all(admin)
        .await
        .unwrap();
        assert_eq!(tables, GRANTS.iter().map(|(table, _)| *table).collect::<Vec<_>>());
        let mut checked = 0;
        for (table, rights) in GRANTS {
            let rights: Vec<_> = rights.split(", ").collect();
            for right in ["select", "insert", "update", "delete", "truncate", "references", "trigger"] {
                let has: bool = sqlx::query_scalar("select has_table_privilege($1, $2, $3)")
                    .bind(ROLE)
                    .bind(*table)
                    .bind(right)
                    .fetch_one(admin)
                    .await
                    .unwrap();
                assert_eq!(has, rights.contains(&right), "{right} on {table}");
                checked += 1;
            }
        }
        eprintln!("rights as listed: {checked} of {} on {} tables", GRANTS.len() * 7, GRANTS.len());
        for sql in [
            "update audit_events set actor = 'outra@x'",
            "delete from audit_events",
            "truncate audit_events",
            "drop table audit_events",
            "alter table audit_events disable trigger all",
            "alter table tenants disable row level security",
            "create table mine (a int)",
            "delete from audit_heads",
        ] {
            let refused = sqlx::query(sql).execute(serving).await.expect_err(sql);
            let code = refused.as_database_error().and_then(|error| error.code().map(|code| code.into_owned()));
            assert_eq!(code.as_deref(), Some("42501"), "{sql}: {refused}");
        }
    })
    .await;
}

#[tokio::test]
async fn without_a_fence_there_are_no_rows() {
    on_postgres(async |ground| {
        let (serving, admin) = pools(&ground.store);
        furnished(&ground.store).await;
        // The second time on connections where a fence was raised before, where the settings read as ''.
        for round in ["fresh", "used"] {
            let mut empty = 0;
            for (table, _) in FENCED {
                let sql = format!("select count(*) from {table}");
                assert!(tally(&mut admin.acquire().await.unwrap(), sql.clone()).await >= 2, "nothing in {table}");
                assert_eq!(tally(&mut serving.acquire().await.unwrap(), sql).await, 0, "{table}, {round}");
                empty += 1;
            }
            eprintln!("no rows without a fence ({round} connections): {empty} of {}", FENCED.len());
            ground.store.list_tenants(&agency(), 10, None).await.unwrap();
        }
    })
    .await;
}

/// How many of select, insert, update and delete on `table` did not reach `foreign` behind `fence`.
async fn refused(store: &Store, fence: Fence, table: &str, column: &str, foreign: TenantId, own: TenantId) -> u32 {
    let (serving, admin) = pools(store);
    let row: String = sqlx::query_scalar(AssertSqlSafe(format!(
        "select to_jsonb(r)::text from {table} r where {column} = $1 limit 1"
    )))
    .bind(foreign)
    .fetch_one(admin)
    .await
    .unwrap();
    let before = fingerprint(admin, table, column, foreign).await;
    // An update that leaves all as it is, one that gives rows away, a deletion: all of them of everything in sight.
    let statements = [
        format!("insert into {table} select * from jsonb_populate_record(null::{table}, $1::jsonb)"),
        format!("update {table} set {column} = {column}"),
        format!("update {table} set {column} = '{foreign}'"),
        format!("delete from {table}"),
    ];
    let mut outcomes = Vec::new();
    for sql in statements {
        let mut tx = serving.begin().await.unwrap();
        fence.raise(&mut tx).await.unwrap();
        let bound = sql.contains("$1");
        let query = sqlx::query(AssertSqlSafe(sql));
        let outcome = if bound { query.bind(&row) } else { query }.execute(&mut *tx).await;
        outcomes.push(outcome.is_err());
        match outcome {
            Ok(_) => tx.commit().await.unwrap(),
            Err(error) => {
                let code = error.as_database_error().and_then(|error| error.code().map(|code| code.into_owned()));
                // Not allowed, or not let through by the fence. Nothing else may be what kept the rows safe.
                assert_eq!(code.as_deref(), Some("42501"), "{table}: {error}");
                tx.rollback().await.unwrap();
            }
        }
        let same = fingerprint(admin, table, column, foreign).await == before;
        outcomes.push(same);
    }
    let mut refused = u32::from(outcomes[0] && outcomes[1]);
    refused += u32::from(outcomes[3] && outcomes[5]);
    refused += u32::from(outcomes[7]);
    let mut tx = serving.begin().await.unwrap();
    fence.raise(&mut tx).await.unwrap();
    let seen = format!("select count(*) from {table} where {column} not in ('{own}', '{}')", Uuid::nil());
    refused += u32::from(tally(&mut tx, seen).await == 0);
    tx.rollback().await.unwrap();
    refused
}

#[tokio::test]
async fn behind_one_tenants_fence_another_is_out_of_reach() {
    on_postgres(async |ground| {
        let mut held = 0;
        for (table, column) in FENCED {
            // Furnished anew for each table: behind its own fence a tenant's own rows do go.
            let number = GRANTS.iter().position(|(name, _)| *name == table).unwrap();
            let (a, b) = pair(&ground.store, number).await;
            let tenant = a.tenant();
            let refused = refused(&ground.store, Fence::tenant(tenant), table, column, b.tenant(), tenant).await;
            assert_eq!(refused, 4, "{table}");
            held += refused;
        }
        eprintln!("select, insert, update, delete across tenants refused: {held} of {}", 4 * FENCED.len());
    })
    .await;
}

#[tokio::test]
async fn the_agency_a_user_and_a_machine_see_and_change_nothing() {
    on_postgres(async |ground| {
        let (mut held, mut total) = (0, 0);
        let (a, b) = furnished(&ground.store).await;
        let user = b.user().unwrap();
        let fences = [
            ("agency", Fence::AGENCY),
            ("user", Fence::user(user)),
            ("machine", Fence::machine(hash(2))),
            ("none", Fence::OPEN_GROUND),
        ];
        for (word, fence) in fences {
            for (table, column) in FENCED {
                let refused = refused(&ground.store, fence, table, column, b.tenant(), a.tenant()).await;
                // What they may see.
                let sees = match word {
                    "agency" => {
                        ["tenants", "tenant_keys", "memberships", "credentials", "connection_health"].contains(&table)
                    }
                    "user" => ["tenants", "memberships"].contains(&table),
                    "machine" => table == "machine_tokens",
                    _ => false,
                };
                assert_eq!(refused, if sees { 3 } else { 4 }, "{table} behind {word}");
                held += refused;
                total += if sees { 3 } else { 4 };
            }
        }
        eprintln!("refused to the agency, a user, a machine and nobody: {held} of {total}");
    })
    .await;
}

async fn pair(store: &Store, number: usize) -> (TenantScope, TenantScope) {
    let number = u8::try_from(number).unwrap() * 4 + 10;
    let (_, agency) = staff(store, &format!("rui{number}@x"), AgencyRole::Owner, number).await;
    let mut scopes = Vec::new();
    for number in [number + 1, number + 2] {
        let name = format!("t{number}");
        let scope = signed_in(store, &name, number).await;
        store.save_credential(&scope, &act(), Provider::N8n, None, &[field("a", "1")], NOW).await.unwrap();
        super::health::changed(store, &scope, Provider::N8n, NOW).await;
        assert!(store.create_machine_token(&scope, &act(), machine_token(number), NOW).await.unwrap());
        store.save_mapping(&scope, &act(), "{}", 0, None, NOW).await.unwrap();
        assert_eq!(store.save_filter(&scope, "Robô", "status=bot", NOW).await.unwrap(), KeptFilter::Kept);
        store.break_glass(&agency, &act(), &slug(&name), "chamado", Duration::hours(1), NOW).await.unwrap();
        scopes.push(scope);
    }
    (scopes[0], scopes[1])
}

#[tokio::test]
async fn a_role_that_steps_over_the_fence_is_refused() {
    on_postgres(async |ground| {
        let owner = ground.owner.as_deref().unwrap();
        let database = owner.rsplit('/').next().unwrap();
        let id = Uuid::now_v7().simple().to_string();
        let role = |word: &str| format!("painel_test_{word}_{}", &id[16..]);
        let check = async |role: &str| {
            let store = Store::connect(&on_database(owner, database, Some(role))).await.unwrap();
            let checked = store.check_isolation().await;
            store.close().await;
            let Err(StoreError::Role(fault)) = checked else { panic!("{role} may serve: {checked:?}") };
            assert!(fault.to_string().contains("PAINEL_DATABASE_OWNER_URL"), "{fault}");
            fault
        };
        let [super_, bypass, owning, member, heir] = ["super", "bypass", "owner", "member", "heir"].map(role);
        for sql in [
            format!("create role {super_} login superuser password '{super_}'"),
            format!("create role {bypass} login bypassrls password '{bypass}'"),
            format!("create role {owning} login password '{owning}'; alter table glass owner to {owning}"),
            format!("create role {member} login password '{member}' in role {bypass}"),
            format!("create role {heir} login password '{heir}' noinherit in role {owning}"),
        ] {
            administer(owner, sql).await;
        }
        let faults = [
            (check(&super_).await, RoleFault::Superuser(super_.clone())),
            (check(&bypass).await, RoleFault::Bypasses(bypass.clone())),
            (check(&owning).await, RoleFault::Owner(owning.clone())),
            (check(&member).await, RoleFault::Bypasses(member.clone())),
            (check(&heir).await, RoleFault::Owner(heir.clone())),
        ];
        administer(owner, format!("drop owned by {owning}; drop role {super_}, {heir}, {member}, {bypass}, {owning}"))
            .await;
        for (found, expected) in &faults {
            assert_eq!(found, expected);
        }
        eprintln!("refused to serve: 3 of 3 (superuser, owner, bypassrls), and 2 of 2 members of such");
    })
    .await;
}
