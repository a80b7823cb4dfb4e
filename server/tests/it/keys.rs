//! `painel keys` on the real binary: what it plans and does, what it refuses, killed at any point, and under load.

mod illegal;
mod kill;
mod load;
mod refused;
mod reload;
mod stock;

use crate::backup::house::{House, Kind, all, error, text};
use server::store::{LEFT_OUT, TABLES};
use std::process::Output;
use stock::Stock;

/// What a command said, which must have succeeded.
fn said(output: &Output) -> String {
    assert!(output.status.success(), "{}", error(output));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Every row of a backup: the whole content of the database but what lives for minutes.
async fn content(house: &House) -> Vec<String> {
    let (data, keys) = house.back_up().await;
    assert!(!TABLES.is_empty() && !LEFT_OUT.is_empty());
    crate::backup::house::rows_of(&data, &keys).into_iter().map(|(table, row)| format!("{table} {row:?}")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_are_shown_rotated_wrapped_again_and_trimmed_and_a_plan_changes_nothing() {
    for kind in all() {
        let stock = Stock::of(kind, 3).await;
        let house = &stock.house;
        let run = async |arguments: &[&str]| said(&house.painel(arguments).await);
        let shown = run(&["keys", "status"]).await;
        assert!(shown.contains("ring\tk1\tactive\twraps 4\t"), "{shown}");
        assert!(
            shown.contains("loja-0\tversion 1\tring k1\tseals 4") && shown.contains("loja-2\topen 4 of 4"),
            "{shown}"
        );

        // A new key of the ring, known and not active yet; planning with it writes nothing, not even that it is there.
        run(&["keygen", "--add", "k2"]).await;
        run(&["keygen", "--activate", "k2"]).await;
        let before = content(house).await;
        let plans = [
            run(&["keys", "rotate", "--all", "--plan"]).await,
            run(&["keys", "rotate", "--tenant", "loja-1", "--plan"]).await,
            run(&["keys", "rewrap", "--plan"]).await,
            run(&["keys", "trim", "--plan"]).await,
            run(&["keys", "status", "--tenant", "loja-1"]).await,
        ];
        assert_eq!(content(house).await, before, "{kind:?}: a plan changes nothing");
        assert!(plans[0].contains("plan: loja-2\tversion 2\t4 values") && plans[0].contains("plan: 3 of 3 tenants"));
        assert!(plans[1].contains("plan: loja-1\tversion 2") && !plans[1].contains("loja-0"));
        assert!(plans[2].contains("plan: 3 keys of 3 tenants and 1 of the agency wrapped with k2"), "{}", plans[2]);
        assert!(!plans[4].contains("loja-0"));

        let done = run(&["keys", "rewrap"]).await;
        assert!(done.contains("3 keys of 3 tenants and 1 of the agency wrapped with k2") && !done.contains("plan"));
        assert!(run(&["keys", "rewrap"]).await.contains("0 keys of 0 tenants and 0 of the agency"), "done is done");
        run(&["keys", "rotate", "--tenant", "loja-1"]).await;
        let shown = run(&["keys", "status", "--tenant", "loja-1"]).await;
        assert!(shown.contains("loja-1\tversion 1\tring k2\tseals 0"), "{shown}");
        assert!(
            shown.contains("loja-1\tversion 2\tring k2\tseals 4") && shown.contains("loja-1\topen 4 of 4"),
            "{shown}"
        );
        let plan = run(&["keys", "trim", "--plan"]).await;
        assert!(
            plan.contains("plan: loja-1\tversion 1 dropped") && plan.contains("plan: ring key k1 forgotten"),
            "{plan}"
        );
        let done = run(&["keys", "trim"]).await;
        assert!(done.contains("loja-1\tversion 1 dropped") && done.contains("ring key k1 forgotten"), "{done}");
        assert_eq!(run(&["keys", "trim"]).await, "", "nothing is left to trim");
        assert_eq!(stock.open().await, stock.all(), "{kind:?}: every value opens");

        // The ring may now do without the old key.
        stock.keep_in_ring(&["k2"]);
        let shown = run(&["keys", "status"]).await;
        assert!(shown.contains("ring\tk2\tactive\twraps 4\t") && !shown.contains("k1"), "{shown}");
        assert_eq!(stock.open().await, stock.all());
        // Each change stands in the trail of whom it concerns, and the chains are whole.
        let count =
            async |kind: &str| house.number(&format!("select count(*) from audit_events where kind = '{kind}'")).await;
        assert_eq!(count("key_rotated").await, 1);
        assert_eq!(count("keys_rewrapped").await, 4, "three tenants and the agency");
        assert_eq!((count("keys_trimmed").await, count("ring_key_forgotten").await), (1, 1));
        assert!(house.painel(&["audit", "verify"]).await.status.success());
        stock.house.tear_down().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_open_is_shown_kept_and_named() {
    for kind in all() {
        let stock = Stock::of(kind, 2).await;
        let house = &stock.house;
        let (zero, swapped) = match kind {
            Kind::Sqlite => (
                "x'0101000000010000'",
                "select c.sealed from credential_fields c where c.field = 'token' \
                              and c.tenant_id <> credential_fields.tenant_id",
            ),
            Kind::Postgres => (
                "'\\x0101000000010000'::bytea",
                "select c.sealed from credential_fields c where \
                                c.field = 'token' and c.tenant_id <> credential_fields.tenant_id",
            ),
        };
        let first = "(select id from tenants where slug = 'loja-0')";
        // One value cut short, one taken from the other tenant.
        house
            .execute(&format!(
                "update credential_fields set sealed = {zero} where field = 'api_key' and tenant_id = {first}"
            ))
            .await;
        house
            .execute(&format!(
                "update credential_fields set sealed = ({swapped}) where field = 'token' and tenant_id = {first}"
            ))
            .await;
        let status = house.painel(&["keys", "status"]).await;
        assert_eq!(status.status.code(), Some(1));
        assert!(error(&status).contains("2 values do not open"), "{}", error(&status));
        let shown = String::from_utf8_lossy(&status.stdout).into_owned();
        assert!(shown.contains("loja-0\topen 2 of 4") && shown.contains("loja-1\topen 4 of 4"), "{shown}");
        for value in [
            "supabase.api_key\tthe sealed value is not well-formed",
            "evolution.token\tthe sealed value does not open here",
        ] {
            assert!(shown.contains(&format!("loja-0\tunreadable\t{value}")), "{shown}");
        }
        // A rotation seals the others anew, says what it left, and trimming keeps the key that those name.
        let rotated = house.painel(&["keys", "rotate", "--all"]).await;
        assert_eq!(rotated.status.code(), Some(1));
        assert!(error(&rotated).contains("2 values do not open and stay as they are"), "{}", error(&rotated));
        let trimmed = said(&house.painel(&["keys", "trim"]).await);
        assert!(trimmed.contains("loja-0\tversion 1 stays: 2 values are sealed with it"), "{trimmed}");
        assert!(trimmed.contains("loja-1\tversion 1 dropped"), "{trimmed}");
        assert_eq!(stock.open().await, stock.all() - 2);
        assert_eq!(text(&house.ring()).split('/').next_back(), Some("ring.json"));
        stock.house.tear_down().await;
    }
}
