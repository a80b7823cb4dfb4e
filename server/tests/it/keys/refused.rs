//! A server does not start without the right key ring.

use super::{Stock, content};
use crate::{
    backup::house::{all, error},
    behind::lines_of_ours,
};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use std::{
    fs,
    os::unix::fs::PermissionsExt,
    time::{Duration, Instant},
};

#[tokio::test(flavor = "multi_thread")]
async fn ten_wrong_rings_start_nothing_and_write_nothing() {
    for kind in all() {
        let stock = Stock::of(kind, 1).await;
        let house = &stock.house;
        let ring = house.ring();
        let good = fs::read_to_string(&ring).unwrap();
        let json: serde_json::Value = serde_json::from_str(&good).unwrap();
        let key = json["keys"]["k1"].as_str().unwrap();
        let other = BASE64.encode(uuid::Uuid::new_v4().as_bytes().repeat(2));
        let of = |bytes: usize| BASE64.encode(&[7; 64][..bytes]);
        let rings = [
            ("missing", None, "no key ring at"),
            ("empty", Some(String::new()), "is empty"),
            ("31 bytes", Some(good.replace(key, &of(31))), "has 31 bytes, not 32"),
            ("33 bytes", Some(good.replace(key, &of(33))), "has 33 bytes, not 32"),
            ("bad base64", Some(good.replace(key, "@@@@")), "is not base64"),
            ("another key", Some(good.replace(key, &other)), "is not the key that the stored data was sealed with"),
            (
                "a name twice",
                Some(good.replace("\"k1\": ", &format!("\"k1\": \"{other}\", \"k1\": "))),
                "names the key k1 twice",
            ),
            (
                "active absent",
                Some(good.replace("\"active\": \"k1\"", "\"active\": \"k2\"")),
                "the active key k2 is not",
            ),
            ("others may read it", Some(good.clone()), "can be read by others"),
            ("a key that it lacks", Some(good.clone()), "needs the key \"k9\""),
        ];
        let (mut refused, mut times) = (0, Vec::new());
        for (name, text, part) in &rings {
            let _ = fs::remove_file(&ring);
            if let Some(text) = text {
                fs::write(&ring, text).unwrap();
                let mode = if *name == "others may read it" { 0o644 } else { 0o400 };
                fs::set_permissions(&ring, fs::Permissions::from_mode(mode)).unwrap();
            }
            let lacks = *name == "a key that it lacks";
            if lacks {
                house.execute("update tenant_keys set ring_key = 'k9'").await;
            }
            let before = content(house).await;
            for command in
                [&["serve"][..], &["tenant", "create", "--slug", "nova", "--name", "Nova"], &["keys", "rewrap"]]
            {
                let start = Instant::now();
                let output = house.painel(command).await;
                times.push(start.elapsed());
                let said = error(&output);
                assert_eq!(output.status.code(), Some(78), "{name}, {command:?}: {said}");
                assert!(said.contains(part) && lines_of_ours(&said) == 1, "{name}: {said}");
                assert!(output.stdout.is_empty());
                assert!(![key, &other, &of(31), &of(33)].iter().any(|key| said.contains(*key)), "{name} prints a key");
            }
            assert_eq!(content(house).await, before, "{name}: nothing was written");
            if lacks {
                house.execute("update tenant_keys set ring_key = 'k1'").await;
            }
            refused += 1;
        }
        times.sort();
        eprintln!(
            "E3 {kind:?}: starts refused with exit code 78: {refused} of 10, half of them within {:?}, all within {:?}",
            times[times.len() / 2],
            times.last(),
        );
        assert!(refused == 10 && times[times.len() / 2] < Duration::from_secs(2));
        assert_eq!(stock.open().await, stock.all(), "with the right ring everything opens");
        stock.house.tear_down().await;
    }
}
