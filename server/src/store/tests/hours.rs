//! Business hours: said once, told once in the trail, each tenant its own.

use super::{super::*, *};

#[tokio::test]
async fn hours_are_each_tenants_own_and_saying_the_same_changes_nothing() {
    on_both(async |store| {
        let a = signed_in(store, "aurora", 1).await;
        let b = signed_in(store, "barba", 2).await;
        assert_eq!(store.find_business_hours(&a).await.unwrap(), None);
        for text in ["one", "one", "two"] {
            store.set_business_hours(&a, &act(), text, NOW).await.unwrap();
        }
        assert_eq!(store.find_business_hours(&a).await.unwrap().as_deref(), Some("two"));
        assert_eq!(store.find_business_hours(&b).await.unwrap(), None);
        let query = AuditQuery { kind: Some(EventKind::HoursSaved), ..AuditQuery::default() };
        let told = store.list_events(&a, &query, 10).await.unwrap();
        assert_eq!(told.iter().map(|event| event.subject.as_str()).collect::<Vec<_>>(), ["two", "one"]);
        assert!(store.list_events(&b, &query, 10).await.unwrap().is_empty());
    })
    .await;
}
