//! Filters that members keep: their own alone, one of each name, so many and no more.

use super::{super::*, *};

async fn names(store: &Store, scope: &TenantScope) -> Vec<String> {
    store.list_saved_filters(scope).await.unwrap().into_iter().map(|filter| filter.name).collect()
}

#[tokio::test]
async fn filters_are_each_members_own_and_of_one_name() {
    on_both(async |store| {
        let ana = signed_in(store, "aurora", 1).await;
        let user = member(store, "rui@demo.localhost", ana.tenant(), Role::Viewer).await;
        let rui = TenantScope::new(ana.tenant(), Some(user));
        let keep = async |scope: &TenantScope, name: &str| store.save_filter(scope, name, "status=bot", NOW).await;
        assert_eq!(keep(&ana, "Às cegas").await.unwrap(), KeptFilter::Kept);
        assert_eq!(keep(&ana, "robô").await.unwrap(), KeptFilter::Kept);
        for again in ["robô", "ROBÔ", "às CEGAS"] {
            assert_eq!(keep(&ana, again).await.unwrap(), KeptFilter::NameTaken, "{again}");
        }
        assert_eq!(keep(&rui, "ROBÔ").await.unwrap(), KeptFilter::Kept);
        assert_eq!(names(store, &ana).await, ["robô", "Às cegas"]);
        let [of_rui] = &store.list_saved_filters(&rui).await.unwrap()[..] else { panic!("one filter") };
        assert_eq!((of_rui.name.as_str(), of_rui.query.as_str()), ("ROBÔ", "status=bot"));

        assert!(!store.remove_saved_filter(&ana, of_rui.id).await.unwrap(), "another member's");
        assert!(store.remove_saved_filter(&rui, of_rui.id).await.unwrap());
        assert!(!store.remove_saved_filter(&rui, of_rui.id).await.unwrap());
        assert_eq!(keep(&rui, "Robô").await.unwrap(), KeptFilter::Kept, "the name is free again");

        // Who is no member keeps nothing, and who is none any more has nothing left.
        for nobody in [TenantScope::new(ana.tenant(), None), TenantScope::new(ana.tenant(), Some(UserId::new()))] {
            assert!(matches!(keep(&nobody, "x").await, Err(StoreError::Missing)));
            assert_eq!(names(store, &nobody).await, [""; 0]);
        }
        assert!(store.remove_member(&ana, &act(), user, NOW).await.unwrap());
        assert_eq!(names(store, &rui).await, [""; 0]);
        assert_eq!(names(store, &ana).await.len(), 2);
        let told = "select count(*) from audit_events where kind like '%filter%'";
        assert_eq!(count(store, told).await, 0, "the trail hears nothing of it");
    })
    .await;
}

#[tokio::test]
async fn of_many_at_once_twenty_are_kept() {
    on_both(async |store| {
        let scope = signed_in(store, "aurora", 1).await;
        let saves = (0..26).map(|number| {
            let store = store.clone();
            async move { store.save_filter(&scope, &format!("Filtro {number}"), "q=a", NOW).await.unwrap() }
        });
        let saved = futures::future::join_all(saves).await;
        let of = |kind| saved.iter().filter(|one| **one == kind).count();
        eprintln!(
            "saved filters: of 26 at once {} are kept and {} refused",
            of(KeptFilter::Kept),
            of(KeptFilter::Full)
        );
        assert_eq!((of(KeptFilter::Kept), of(KeptFilter::Full)), (20, 6));
        assert_eq!(names(store, &scope).await.len(), 20);
    })
    .await;
}
