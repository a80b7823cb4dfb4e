//! Machine tokens: made, shown by their hash, used, withdrawn.

use super::{super::*, *};
use app::credentials::Provider;

/// A token "Robô NUMBER" for n8n and Supabase, good for a day; its hash is `hash(NUMBER)`.
pub(super) fn machine_token(number: u8) -> NewMachineToken {
    NewMachineToken {
        token_hash: hash(number),
        name: format!("Robô {number}"),
        last_four: "wXyZ".into(),
        providers: vec![Provider::Supabase, Provider::N8n],
        expires_at: NOW + Duration::days(1),
    }
}

#[tokio::test]
async fn a_token_leads_to_its_own_tenant_until_it_ends() {
    on_both(async |store| {
        let a = signed_in(store, "aurora", 1).await;
        let b = signed_in(store, "barba", 2).await;
        for (scope, number) in [(&a, 11), (&b, 12), (&b, 13)] {
            assert!(store.create_machine_token(scope, &act(), machine_token(number), NOW).await.unwrap());
        }
        let found = store.find_machine(&hash(12), NOW).await.unwrap().unwrap();
        assert_eq!((found.scope.tenant(), found.scope.user()), (b.tenant(), None));
        assert_eq!(found.providers, [Provider::Supabase, Provider::N8n]);
        assert_eq!(store.find_machine(&hash(99), NOW).await.unwrap(), None);
        let last = NOW + Duration::days(1) - Duration::SECOND;
        assert!(store.find_machine(&hash(12), last).await.unwrap().is_some());
        assert_eq!(store.find_machine(&hash(12), last + Duration::SECOND).await.unwrap(), None, "it has expired");

        assert!(store.record_hand_out(&found, &act(), Provider::N8n, NOW + Duration::HOUR).await.unwrap());
        let listed = store.list_machine_tokens(&b).await.unwrap();
        assert_eq!(listed.iter().map(|token| token.name.as_str()).collect::<Vec<_>>(), ["Robô 13", "Robô 12"]);
        assert_eq!(listed[1].used_at, Some(NOW + Duration::HOUR));
        assert_eq!((listed[0].used_at, listed[0].revoked_at), (None, None));

        assert!(store.revoke_machine_token(&b, &act(), found.id, NOW).await.unwrap());
        assert!(!store.revoke_machine_token(&b, &act(), found.id, NOW).await.unwrap(), "once");
        assert_eq!(store.find_machine(&hash(12), NOW).await.unwrap(), None);
        assert!(!store.record_hand_out(&found, &act(), Provider::N8n, NOW).await.unwrap(), "even under way");
        assert!(store.find_machine(&hash(13), NOW).await.unwrap().is_some(), "the other one goes on");
    })
    .await;
}

#[tokio::test]
async fn a_suspended_tenants_token_is_known_and_gives_nothing() {
    on_both(async |store| {
        let scope = signed_in(store, "aurora", 1).await;
        assert!(store.create_machine_token(&scope, &act(), machine_token(1), NOW).await.unwrap());
        let (status, reason) = (TenantStatus::Suspended, Some("Em atraso."));
        store.set_tenant_status(&agency(), &act(), &slug("aurora"), status, reason, NOW).await.unwrap();
        let found = store.find_machine(&hash(1), NOW).await.unwrap().unwrap();
        assert_eq!(found.tenant_status, TenantStatus::Suspended);
        assert!(!store.record_hand_out(&found, &act(), Provider::N8n, NOW).await.unwrap());
        store.shred_tenant(&agency(), &act(), &slug("aurora"), NOW).await.unwrap().unwrap();
        assert_eq!(store.find_machine(&hash(1), NOW).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn there_are_twenty_at_most_and_ended_ones_do_not_count() {
    on_both(async |store| {
        let scope = signed_in(store, "aurora", 1).await;
        let limit = u8::try_from(MOST_MACHINE_TOKENS).unwrap();
        let old = NewMachineToken { expires_at: NOW, ..machine_token(200) };
        assert!(store.create_machine_token(&scope, &act(), old, NOW).await.unwrap());
        let made = futures::future::join_all((0..limit + 4).map(|number| {
            let store = store.clone();
            async move { store.create_machine_token(&scope, &act(), machine_token(number), NOW).await.unwrap() }
        }))
        .await;
        assert_eq!(made.iter().filter(|made| **made).count(), usize::from(limit));
        let one = store.list_machine_tokens(&scope).await.unwrap()[0].id;
        assert!(store.revoke_machine_token(&scope, &act(), one, NOW).await.unwrap());
        assert!(store.create_machine_token(&scope, &act(), machine_token(201), NOW).await.unwrap());
    })
    .await;
}
