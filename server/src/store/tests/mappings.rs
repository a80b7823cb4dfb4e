//! Mappings: a draft, versions, two who save at once, what is forgotten.

use super::{super::*, *};

async fn in_use(store: &Store, scope: &TenantScope) -> (i64, Option<String>) {
    let found = store.find_mapping(scope).await.unwrap();
    (found.version, found.mapping)
}

#[tokio::test]
async fn versions_follow_each_other_and_a_draft_is_in_use_nowhere() {
    on_both(async |store| {
        let a = signed_in(store, "aurora", 1).await;
        let b = signed_in(store, "barba", 2).await;
        assert_eq!(in_use(store, &a).await, (0, None));
        store.keep_mapping_draft(&a, &act(), "draft 1", NOW).await.unwrap();
        store.keep_mapping_draft(&a, &act(), "draft 2", NOW).await.unwrap();
        assert_eq!(in_use(store, &a).await, (0, None));
        let listed = store.list_mappings(&a).await.unwrap();
        assert_eq!(listed.iter().map(|one| (one.version, one.mapping.as_str())).collect::<Vec<_>>(), [(0, "draft 2")]);

        assert_eq!(store.save_mapping(&a, &act(), "one", 0, None, NOW).await.unwrap(), 1);
        assert_eq!(store.save_mapping(&a, &act(), "two", 1, None, NOW).await.unwrap(), 2);
        assert_eq!(store.save_mapping(&a, &act(), "one", 2, Some(1), NOW).await.unwrap(), 3);
        assert_eq!(in_use(store, &a).await, (3, Some("one".to_owned())));
        assert_eq!(store.find_mapping(&a).await.unwrap().timezone, "America/Sao_Paulo");
        let listed = store.list_mappings(&a).await.unwrap();
        assert_eq!(
            listed.iter().map(|one| (one.version, one.based_on)).collect::<Vec<_>>(),
            [(3, Some(1)), (2, None), (1, None)],
            "saving forgets the draft"
        );
        let late = store.save_mapping(&a, &act(), "late", 1, None, NOW).await;
        assert!(matches!(late, Err(StoreError::Conflict { current: 3 })), "{late:?}");
        assert_eq!(store.list_mappings(&b).await.unwrap(), []);

        assert!(!store.drop_mapping_draft(&a).await.unwrap());
        store.keep_mapping_draft(&a, &act(), "draft", NOW).await.unwrap();
        assert!(store.drop_mapping_draft(&a).await.unwrap());
        assert_eq!(in_use(store, &a).await.0, 3);
    })
    .await;
}

#[tokio::test]
async fn of_several_who_save_at_once_one_wins_and_old_versions_are_forgotten() {
    on_both(async |store| {
        let scope = signed_in(store, "aurora", 1).await;
        let mut won = 0;
        for round in 0..40 {
            let saves = (0..3).map(|_| {
                let store = store.clone();
                async move { store.save_mapping(&scope, &act(), "x", round, None, NOW).await }
            });
            let saved = futures::future::join_all(saves).await;
            won += saved.iter().filter(|saved| saved.is_ok()).count();
            assert!(saved.iter().all(|saved| matches!(saved, Ok(_) | Err(StoreError::Conflict { .. }))), "{saved:?}");
        }
        eprintln!("mappings: of three who save at once one wins, {won} of 40");
        assert_eq!(won, 40);
        let listed = store.list_mappings(&scope).await.unwrap();
        assert_eq!((listed.len(), listed[0].version), (30, 40));
    })
    .await;
}
