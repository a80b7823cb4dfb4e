//! The agency's view: pages, searching, and that it stays quick.

use super::{super::*, *};
use app::{credentials::Provider, session::Hue};
use std::time::Instant;

fn names(page: &FleetPage) -> Vec<String> {
    page.tenants.iter().map(|tenant| tenant.slug.to_string()).collect()
}

async fn page(store: &Store, query: FleetQuery, limit: u32) -> FleetPage {
    store.list_fleet(&agency(), &query, limit).await.unwrap()
}

/// Tenants `from..=to` by one statement, named `c00001` and so on.
async fn crowd(store: &Store, from: u32, to: u32) {
    let sql = match store.backend() {
        Backend::Sqlite => format!(
            "with recursive n(i) as (select {from} union all select i + 1 from n where i < {to}) \
             insert into tenants (id, slug, name, timezone, sought, created_at, updated_at) select \
             cast(printf('%016d', i) as blob), printf('c%05d', i), 'Cliente ' || i, 'America/Sao_Paulo', 'cliente ' || i, 1, 1 from n"
        ),
        Backend::Postgres => format!(
            "insert into tenants (id, slug, name, timezone, sought, created_at, updated_at) select \
             lpad(i::text, 32, '0')::uuid, 'c' || lpad(i::text, 5, '0'), 'Cliente ' || i, 'America/Sao_Paulo', 'cliente ' || i, 1, 1 \
             from generate_series({from}, {to}) i"
        ),
    };
    run(store, sqlx::AssertSqlSafe(sql), None).await.unwrap();
}

#[tokio::test]
async fn paging_forward_and_back_gives_each_tenant_once() {
    on_both(async |store| {
        crowd(store, 1, 500).await;
        let mut forward = Vec::new();
        let mut at = page(store, FleetQuery::default(), 23).await;
        assert!(!at.more_before);
        loop {
            forward.push(names(&at));
            if !at.more_after {
                break;
            }
            let after = at.tenants.last().map(|tenant| tenant.slug.clone());
            at = page(store, FleetQuery { after, ..FleetQuery::default() }, 23).await;
            assert!(at.more_before);
        }
        let mut backward = vec![names(&at)];
        while at.more_before {
            let before = at.tenants.first().map(|tenant| tenant.slug.clone());
            at = page(store, FleetQuery { before, ..FleetQuery::default() }, 23).await;
            assert!(at.more_after);
            backward.push(names(&at));
        }
        backward.reverse();
        let expected: Vec<_> = (1..=500).map(|number| format!("c{number:05}")).collect();
        assert_eq!(forward.concat(), expected);
        assert_eq!(backward.concat(), expected);
        eprintln!("given once forward and back: {} of 500", expected.len());
    })
    .await;
}

#[tokio::test]
async fn searching_takes_every_sign_literally_and_no_notice_of_case() {
    on_both(async |store| {
        for (name, shown) in
            [("aurora", "Água Viva 50%"), ("barba", "Barba_Rala!"), ("cafe", "CAFÉ SÃO JOÃO"), ("doce", "Doce")]
        {
            let (mut new, key) = new_tenant(name);
            new.name = shown.into();
            new.domain = format!("{name}.Exemplo.com.br");
            store.create_tenant(&agency(), &act(), new, key, None, NOW).await.unwrap();
        }
        let search = async |text: &str, status| {
            names(&page(store, FleetQuery { search: text.into(), status, ..FleetQuery::default() }, 10).await)
        };
        for (text, found) in [
            ("%", vec!["aurora"]),
            ("_", vec!["barba"]),
            ("!", vec!["barba"]),
            ("50%", vec!["aurora"]),
            ("a_r", vec!["barba"]),
            ("b_r", vec![]),
            ("  DOCE ", vec!["doce"]),
            ("água", vec!["aurora"]),
            ("Água", vec!["aurora"]),
            ("são joão", vec!["cafe"]),
            ("café", vec!["cafe"]),
            ("exemplo.COM", vec!["aurora", "barba", "cafe", "doce"]),
            ("'; drop table tenants; --", vec![]),
        ] {
            assert_eq!(search(text, None).await, found, "{text}");
        }
        let (status, doce) = (TenantStatus::Suspended, slug("doce"));
        store.set_tenant_status(&agency(), &act(), &doce, status, Some("fatura"), NOW).await.unwrap();
        assert_eq!(search("exemplo", Some(status)).await, ["doce"]);
        assert_eq!(search("", Some(TenantStatus::Active)).await, ["aurora", "barba", "cafe"]);
        // A name that is changed is found by the new one.
        let edit = TenantEdit {
            name: "Ótica Ícaro".into(),
            timezone: "America/Manaus".into(),
            plan: "plus".into(),
            domain: String::new(),
            colour: Some(Hue::Violet),
        };
        assert!(store.edit_tenant(&agency(), &act(), &doce, &edit, NOW).await.unwrap());
        assert_eq!(search("ótica ícaro", None).await, ["doce"]);
        assert_eq!(search("exemplo", None).await, ["aurora", "barba", "cafe"]);
        let facts = store.find_tenant_facts(&agency(), &doce).await.unwrap().unwrap();
        assert_eq!((facts.row.name.as_str(), facts.timezone.as_str()), ("Ótica Ícaro", "America/Manaus"));
        assert_eq!(facts.colour, Some(Hue::Violet));
        let scope = store.operator_scope(&doce).await.unwrap().unwrap();
        let event = &store.list_events(&scope, &AuditQuery::default(), 1).await.unwrap()[0];
        assert_eq!(
            (event.kind, event.fields.as_str()),
            (Some(EventKind::TenantEdited), "nome, fuso, plano, domínio, cor")
        );
        assert!(!store.edit_tenant(&agency(), &act(), &slug("none"), &edit, NOW).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn a_tenant_at_a_glance() {
    on_both(async |store| {
        let scope = signed_in(store, "aurora", 1).await;
        tenant(store, "barba").await;
        for provider in [Provider::Supabase, Provider::N8n, Provider::Whatsapp] {
            store.save_credential(&scope, &act(), provider, Some(0), &[field("a", "1")], NOW).await.unwrap();
        }
        store.remove_credential(&scope, &act(), Provider::Whatsapp, 1, NOW).await.unwrap();
        store.note_last_data(&scope, NOW).await.unwrap();
        store.note_last_data(&scope, NOW + Duration::minutes(4)).await.unwrap();
        let found = page(store, FleetQuery::default(), 10).await;
        let row = &found.tenants[0];
        assert_eq!((row.members, row.last_data_at, row.key_made_at), (1, Some(NOW), Some(NOW)));
        assert_eq!(row.providers, [Provider::Supabase, Provider::N8n]);
        assert_eq!((found.tenants[1].members, found.tenants[1].providers.len()), (0, 0));
        store.note_last_data(&scope, NOW + Duration::minutes(5)).await.unwrap();
        let facts = store.find_tenant_facts(&agency(), &slug("aurora")).await.unwrap().unwrap();
        assert_eq!(facts.row.last_data_at, Some(NOW + Duration::minutes(5)));
        assert_eq!(facts.members.len(), 1);
        let totals = store.count_fleet(&agency()).await.unwrap();
        assert_eq!(totals, FleetTotals { tenants: 2, suspended: 0, unconnected: 1 });
    })
    .await;
}

#[tokio::test]
async fn a_page_of_ten_thousand_costs_about_what_one_of_ten_costs() {
    on_both(async |store| {
        let fastest = async |query: &FleetQuery| {
            let mut best = std::time::Duration::MAX;
            for _ in 0..7 {
                let start = Instant::now();
                assert!(!store.list_fleet(&agency(), query, 10).await.unwrap().tenants.is_empty());
                best = best.min(start.elapsed());
            }
            best
        };
        crowd(store, 1, 10).await;
        let few = fastest(&FleetQuery::default()).await;
        crowd(store, 11, 10_000).await;
        // What the database does by itself soon after: it plans with what it knows of the rows.
        raw(store, "analyze tenants", None).await.unwrap();
        for query in [
            FleetQuery::default(),
            FleetQuery { after: Some(slug("c05000")), ..FleetQuery::default() },
            FleetQuery { before: Some(slug("c05000")), ..FleetQuery::default() },
            FleetQuery { status: Some(TenantStatus::Active), ..FleetQuery::default() },
        ] {
            let many = fastest(&query).await;
            let ratio = many.as_secs_f64() / few.as_secs_f64();
            eprintln!("a page of 10: {few:.1?} of 10 tenants, {many:.1?} of 10,000 ({ratio:.1} times)");
            assert!(ratio < 20.0, "{query:?}");
        }
        let searched = fastest(&FleetQuery { search: "cliente 9999".into(), ..FleetQuery::default() }).await;
        eprintln!("a search through 10,000 tenants: {searched:.1?}");
        assert!(searched.as_secs() < 2);
    })
    .await;
}
