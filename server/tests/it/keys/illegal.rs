//! What must not be done to keys is refused, and changes nothing.

use super::{Stock, content, said};
use crate::{
    backup::house::{all, error},
    behind::lines_of_ours,
};

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_something_needs_are_not_dropped() {
    for kind in all() {
        let stock = Stock::of(kind, 2).await;
        let house = &stock.house;
        // loja-0: version 1 dropped, 2 and 3 there. loja-1: 1 seals one value that did not open, 2 the others.
        for _ in 0..2 {
            said(&house.painel(&["keys", "rotate", "--tenant", "loja-0"]).await);
        }
        said(&house.painel(&["keys", "trim", "--tenant", "loja-0", "--below", "2"]).await);
        let spoilt = "update credential_fields set provider = provider, field = 'other' \
                      where field = 'token' and tenant_id = (select id from tenants where slug = 'loja-1')";
        house.execute(spoilt).await;
        assert!(!house.painel(&["keys", "rotate", "--tenant", "loja-1"]).await.status.success());
        // A second ring key that wraps nothing but is active.
        said(&house.painel(&["keygen", "--add", "k2"]).await);
        said(&house.painel(&["keygen", "--activate", "k2"]).await);
        said(&house.painel(&["audit", "verify"]).await);
        let before = content(house).await;

        let trim = |more: &[&'static str]| [&["keys", "trim"], more].concat();
        let calls = [
            (trim(&["--tenant", "loja-0", "--below", "0"]), "no version"),
            (trim(&["--tenant", "loja-0", "--below", "-1"]), "no version"),
            (trim(&["--tenant", "loja-0", "--below", "4"]), "beyond the newest"),
            (trim(&["--tenant", "loja-0", "--below", "1"]), "gone already"),
            (trim(&["--tenant", "loja-0", "--below", "2"]), "gone already"),
            (trim(&["--tenant", "loja-1", "--below", "2"]), "1 values are still sealed with version 1"),
            (trim(&["--ring-key", "k1"]), "still wraps keys"),
            (trim(&["--ring-key", "k2"]), "active key"),
            (trim(&["--ring-key", "k9"]), "does not know"),
            (trim(&["--tenant", "nenhuma"]), "no tenant"),
        ];
        let mut refused = 0;
        for (arguments, part) in &calls {
            for plan in [true, false] {
                let arguments = if plan { [&arguments[..], &["--plan"]].concat() } else { arguments.clone() };
                let output = house.painel(&arguments).await;
                assert_eq!(output.status.code(), Some(1), "{arguments:?}: {}", error(&output));
                assert!(error(&output).contains(part), "{arguments:?} says {part:?}: {}", error(&output));
                assert_eq!(lines_of_ours(&error(&output)), 1, "one line: {}", error(&output));
            }
            refused += 1;
        }
        // The ring's file: without a key that wraps something, and with another key under its name.
        let ring = std::fs::read_to_string(house.ring()).unwrap();
        stock.keep_in_ring(&["k2"]);
        let missing = house.painel(&["keys", "status"]).await;
        let other: serde_json::Value = serde_json::from_str(&ring).unwrap();
        let mixed = ring.replace(other["keys"]["k1"].as_str().unwrap(), other["keys"]["k2"].as_str().unwrap());
        std::fs::write(house.ring(), mixed).unwrap();
        let wrong = house.painel(&["keys", "trim"]).await;
        std::fs::write(house.ring(), ring).unwrap();
        for output in [&missing, &wrong] {
            assert_eq!(output.status.code(), Some(78), "{}", error(output));
            assert!(error(output).contains("not the one this database was sealed with"), "{}", error(output));
            refused += 1;
        }
        for usage in [
            &["keys", "rotate"][..],
            &["keys", "rotate", "--all", "--tenant", "loja-0"],
            &["keys", "trim", "--below", "2"],
        ] {
            assert_eq!(house.painel(usage).await.status.code(), Some(2), "{usage:?}");
        }
        eprintln!("E4 {kind:?}: illegal calls refused: {refused} of {} (at least 8)", calls.len() + 2);
        assert!(refused == calls.len() + 2 && refused >= 8);
        assert_eq!(content(house).await, before, "{kind:?}: and nothing was changed by them");
        stock.house.tear_down().await;
    }
}
