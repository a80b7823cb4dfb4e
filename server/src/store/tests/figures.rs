//! Counts of all tenants together, on both databases and through the fence.

use super::{super::*, *};
use app::credentials::Provider;

#[tokio::test]
async fn sessions_and_connections_are_counted() {
    on_both(async |store| {
        for number in 1..=3 {
            signed_in(store, &format!("conta-{number}"), number).await;
        }
        store.create_session(new_session(4, None, None), NOW).await.unwrap();
        store.delete_session(&hash(1), NOW).await.unwrap();
        let figures = store.figures(&agency(), NOW, IDLE).await.unwrap();
        assert_eq!(figures.sessions, 2, "three signed in, one of them out again; the fourth belongs to nobody");
        assert_eq!(figures.connections.len(), Provider::ALL.len() * ConnectionState::ALL.len());
        assert!(figures.connections.iter().all(|(_, _, many)| *many == 0));
        assert_eq!(store.figures(&agency(), NOW + IDLE + IDLE, IDLE).await.unwrap().sessions, 0);
        let pools = store.pools();
        assert!(pools.iter().all(|pool| pool.in_use + pool.idle <= pool.most && pool.most > 0), "{pools:?}");
    })
    .await;
}
