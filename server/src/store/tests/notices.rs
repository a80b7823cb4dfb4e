//! Notices: whatever is withdrawn or changed gives one, whoever does it, and nothing else does.

use super::{
    super::{fence::Fence, in_transaction, *},
    *,
};
use app::credentials::Provider;
use std::time::Duration as Span;
use tokio::time::timeout;

/// Reads on, as a process does.
struct Reader<'a> {
    store: &'a Store,
    after: i64,
}

impl<'a> Reader<'a> {
    async fn new(store: &'a Store) -> Self {
        Self { store, after: store.newest_notice().await.unwrap() }
    }

    /// Whom the notices since the last time are about, each once.
    async fn told(&mut self) -> Vec<About> {
        let mut about: Vec<About> = Vec::new();
        for notice in self.store.list_notices(self.after, 1_000).await.unwrap() {
            assert!(notice.id > self.after, "in order");
            self.after = notice.id;
            if !about.contains(&notice.about) {
                about.push(notice.about);
            }
        }
        about
    }
}

#[tokio::test]
async fn what_is_withdrawn_of_a_user_is_told() {
    on_both(async |store| {
        let scope = signed_in(store, "aurora", 1).await;
        let admin = scope.user().unwrap();
        let ana = member(store, "ana@aurora.localhost", scope.tenant(), Role::Agent).await;
        let mut reader = Reader::new(store).await;
        let mut told = 0;
        let mut expect = async |what: &str, user: UserId| {
            assert_eq!(reader.told().await, [About::User(user)], "{what}");
            told += 1;
        };
        store.create_session(new_session(2, Some(ana), Some(scope.tenant())), NOW).await.unwrap();
        assert!(store.set_session_aside(&hash(2), &hash(3)).await.unwrap());
        expect("a session with another id", ana).await;
        store.delete_session(&hash(3), NOW).await.unwrap();
        expect("a session that was ended", ana).await;
        store.end_own_sessions(admin, &act(), NOW).await.unwrap();
        expect("all of somebody's sessions", admin).await;
        assert!(store.set_role(&scope, &act(), ana, Role::Viewer, NOW).await.unwrap());
        expect("another role", ana).await;
        assert!(store.remove_member(&scope, &act(), ana, NOW).await.unwrap());
        expect("a place that was taken away", ana).await;
        for disabled in [true, false] {
            assert!(
                store
                    .set_user_disabled(&agency(), &act(), &email("ana@aurora.localhost"), disabled, NOW)
                    .await
                    .unwrap()
            );
            expect("an account disabled, or enabled", ana).await;
        }
        assert!(store.begin_second_factor(ana, b"pending").await.unwrap());
        assert!(store.enable_second_factor(ana, &act(), b"sealed", &[hash(1)], 100, NOW).await.unwrap());
        expect("a second factor on", ana).await;
        assert!(store.disable_second_factor(ana, &act(), NOW).await.unwrap());
        expect("a second factor off", ana).await;

        let (rui, as_rui) = staff(store, "rui@agencia.localhost", AgencyRole::Owner, 4).await;
        store.break_glass(&as_rui, &act(), &slug("aurora"), "chamado", Duration::hours(1), NOW).await.unwrap();
        store.end_glass(&as_rui, &act(), scope.tenant(), NOW).await.unwrap();
        expect("a glass that was ended", rui).await;
        let address = email("rui@agencia.localhost");
        store.put_staff(&agency(), &act(), rui, &address, AgencyRole::Support, NOW).await.unwrap();
        expect("another role in the agency", rui).await;
        assert!(store.remove_staff(&agency(), &act(), rui, NOW).await.unwrap());
        expect("none in the agency", rui).await;
        eprintln!("acts on a user that give a notice: {told} of 12");
    })
    .await;
}

#[tokio::test]
async fn what_is_changed_of_a_tenant_the_agency_or_the_ring_is_told() {
    on_both(async |store| {
        let scope = signed_in(store, "aurora", 1).await;
        let (tenant, admin) = (scope.tenant(), scope.user().unwrap());
        let save = async |expected| {
            store.save_credential(&scope, &act(), Provider::N8n, expected, &[field("a", "1")], NOW).await.unwrap()
        };
        save(None).await;
        let mut reader = Reader::new(store).await;
        save(Some(1)).await;
        assert_eq!(reader.told().await, [About::Tenant(tenant)], "a credential changed");
        store.remove_credential(&scope, &act(), Provider::N8n, 2, NOW).await.unwrap();
        assert_eq!(reader.told().await, [About::Tenant(tenant)], "a credential removed");
        for status in [TenantStatus::Suspended, TenantStatus::Active] {
            assert!(store.set_tenant_status(&agency(), &act(), &slug("aurora"), status, None, NOW).await.unwrap());
            assert_eq!(reader.told().await, [About::Tenant(tenant)], "{status:?}");
        }
        store.require_second_factor(&scope, &act(), true, NOW).await.unwrap();
        assert_eq!(reader.told().await, [About::Tenant(tenant)], "a second factor is demanded");
        for required in [true, false] {
            store.require_staff_second_factor(&agency(), &act(), required, NOW).await.unwrap();
            assert_eq!(reader.told().await, [About::All], "one is demanded of the agency, or no longer");
        }
        store.record_key_check("k9", b"value", NOW).await.unwrap();
        assert_eq!(reader.told().await, [About::Ring], "a key of the ring is used for the first time");
        assert!(store.shred_tenant(&agency(), &act(), &slug("aurora"), NOW).await.unwrap().is_some());
        let told = reader.told().await;
        assert!(told.contains(&About::Tenant(tenant)) && told.contains(&About::User(admin)), "shredded: {told:?}");
    })
    .await;
}

/// Takes all places of a tenant away, and fails.
async fn half_done(store: &Store, scope: &TenantScope) -> Result<()> {
    in_transaction!(store, scope.into(), |tx| {
        let gone = sqlx::query("delete from memberships where tenant_id = $1")
            .bind(scope.tenant())
            .execute(&mut *tx)
            .await?
            .rows_affected();
        if gone > 0 {
            return Err(StoreError::Unarmed);
        }
    });
    Ok(())
}

#[tokio::test]
async fn what_changes_nothing_or_was_undone_is_not_told() {
    on_both(async |store| {
        let scope = signed_in(store, "aurora", 1).await;
        let admin = scope.user().unwrap();
        store.record_key_check("k9", b"value", NOW).await.unwrap();
        let mut reader = Reader::new(store).await;
        store.create_session(new_session(2, Some(admin), Some(scope.tenant())), NOW).await.unwrap();
        assert!(store.update_session(&hash(2), r#"{"b":1}"#, Some(admin), Some(scope.tenant())).await.unwrap());
        assert!(caller(store, 2, NOW + Duration::minutes(5)).await.is_some(), "its use is noted");
        store
            .record_login(admin, Some(scope.tenant()), &act(), NOW, Event::new(EventKind::SignedIn, "Chrome"), 10)
            .await
            .unwrap();
        assert!(store.replace_password_hash(admin, "$argon2id$old", "$argon2id$new").await.unwrap());
        store.record_key_check("k9", b"value", NOW).await.unwrap();
        store.save_credential(&scope, &act(), Provider::N8n, None, &[field("a", "1")], NOW).await.unwrap();
        store.require_second_factor(&scope, &act(), false, NOW).await.unwrap();
        store.set_tenant_status(&agency(), &act(), &slug("aurora"), TenantStatus::Active, None, NOW).await.unwrap();
        assert!(matches!(half_done(store, &scope).await, Err(StoreError::Unarmed)));
        assert_eq!(reader.told().await, []);
        // A session of nobody concerns nobody.
        store.create_session(new_session(3, None, None), NOW).await.unwrap();
        store.delete_session(&hash(3), NOW).await.unwrap();
        assert_eq!(reader.told().await, []);
        assert!(store.remove_member(&scope, &act(), admin, NOW).await.unwrap());
        assert_eq!(reader.told().await, [About::User(admin)]);
    })
    .await;
}

#[tokio::test]
async fn they_are_paged_and_swept_and_no_number_comes_twice() {
    on_both(async |store| {
        let first = store.newest_notice().await.unwrap();
        for number in 0..5 {
            store.record_key_check(&format!("k{number}"), b"value", NOW).await.unwrap();
        }
        let ids: Vec<i64> = store.list_notices(first, 3).await.unwrap().iter().map(|notice| notice.id).collect();
        assert_eq!(ids.len(), 3);
        assert_eq!(store.list_notices(ids[2], 3).await.unwrap().len(), 2);
        let newest = store.newest_notice().await.unwrap();
        let now = OffsetDateTime::now_utc();
        assert_eq!(store.delete_old_notices(now + Duration::minutes(9), 100).await.unwrap(), 0);
        let later = now + Duration::minutes(11);
        assert_eq!(store.delete_old_notices(later, 2).await.unwrap(), 2);
        assert!(store.delete_old_notices(later, 100).await.unwrap() >= 3);
        assert_eq!(store.newest_notice().await.unwrap(), 0);
        store.record_key_check("k9", b"value", NOW).await.unwrap();
        assert!(store.newest_notice().await.unwrap() > newest);
    })
    .await;
}

#[tokio::test]
async fn of_two_at_once_the_lower_number_may_come_later_and_is_found() {
    on_postgres(async |ground| {
        let store = &ground.store;
        let scope = signed_in(store, "aurora", 1).await;
        let early = member(store, "ana@aurora.localhost", scope.tenant(), Role::Agent).await;
        let late = member(store, "bia@aurora.localhost", scope.tenant(), Role::Agent).await;
        let before = store.newest_notice().await.unwrap();
        let Pools::Postgres(pool) = &store.pools else { panic!("not Postgres") };
        let mut slow = pool.begin().await.unwrap();
        let disable = sqlx::query("update users set disabled_at = 1 where id = $1").bind(early);
        assert_eq!(disable.execute(&mut *slow).await.unwrap().rows_affected(), 1);
        assert!(store.remove_member(&scope, &act(), late, NOW).await.unwrap());
        let seen = store.list_notices(before, 10).await.unwrap();
        assert!(seen.iter().all(|notice| notice.about == About::User(late)) && !seen.is_empty(), "{seen:?}");
        slow.commit().await.unwrap();
        let all = store.list_notices(before, 10).await.unwrap();
        assert_eq!(all[0].about, About::User(early));
        assert!(all[0].id < seen[0].id && all[1..] == seen[..], "{all:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_says_that_there_is_something_also_after_a_connection_broke() {
    const PATIENCE: Span = Span::from_secs(20);
    on_postgres(async |ground| {
        let store = &ground.store;
        let mut hearing = store.hearing().unwrap();
        timeout(PATIENCE, hearing.next()).await.expect("it connects");
        store.record_key_check("k1", b"value", NOW).await.unwrap();
        timeout(PATIENCE, hearing.next()).await.expect("it is told");
        assert!(timeout(Span::from_millis(300), hearing.next()).await.is_err(), "once");
        // One that was rolled back says nothing.
        let scope = signed_in(store, "aurora", 1).await;
        half_done(store, &scope).await.unwrap_err();
        assert!(timeout(Span::from_millis(300), hearing.next()).await.is_err(), "nothing happened");
        const CUT: &str = "select pg_terminate_backend(pid) from pg_stat_activity \
                           where datname = current_database() and query like 'LISTEN %'";
        assert_eq!(raw(store, CUT, None).await.unwrap(), 1, "a connection of its own");
        timeout(PATIENCE, hearing.next()).await.expect("it connects again, and has whoever reads look");
        store.record_key_check("k2", b"value", NOW).await.unwrap();
        timeout(PATIENCE, hearing.next()).await.expect("it is told again");
    })
    .await;
}

#[tokio::test]
async fn the_serving_role_writes_notices_by_its_acts_alone() {
    on_postgres(async |ground| {
        let store = &ground.store;
        let Pools::Postgres(pool) = &store.pools else { panic!("not Postgres") };
        let refused = sqlx::query("insert into notices (about) values ('all')").execute(pool).await.unwrap_err();
        let code = refused.as_database_error().and_then(|error| error.code().map(|code| code.into_owned()));
        assert_eq!(code.as_deref(), Some("42501"), "{refused}");
        // As in the moment between a migration and its grants: a process that runs goes on.
        raw(store, "revoke all on notices from painel_test_app", None).await.unwrap();
        let scope = signed_in(store, "aurora", 1).await;
        assert!(store.remove_member(&scope, &act(), scope.user().unwrap(), NOW).await.unwrap());
        assert!(count(store, "select count(*) from notices").await > 0);
        let mut tx = pool.begin().await.unwrap();
        Fence::tenant(scope.tenant()).raise(&mut tx).await.unwrap();
        assert!(sqlx::query("select id from notices").execute(&mut *tx).await.is_err());
    })
    .await;
}
