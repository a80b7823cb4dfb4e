//! Single-use links: good once, for a time, and for whom they were made.

use super::{super::*, *};
use futures::future::join_all;

fn invitation(number: u8, tenant: TenantId, address: &str) -> NewLink {
    NewLink {
        token_hash: hash(number),
        purpose: LinkPurpose::Invite { tenant, role: Role::Agent },
        email: email(address),
        expires_at: NOW + Duration::days(7),
    }
}

fn reset(number: u8, user: UserId, address: &str) -> NewLink {
    NewLink {
        token_hash: hash(number),
        purpose: LinkPurpose::Reset { user },
        email: email(address),
        expires_at: NOW + Duration::hours(1),
    }
}

fn newcomer() -> Placed {
    Placed::New { name: "Bia".into(), password_hash: "$argon2id$bia".into() }
}

async fn find(store: &Store, number: u8) -> Option<Link> {
    store.find_link(&hash(number), NOW).await.unwrap()
}

#[tokio::test]
async fn an_invitation_gives_a_new_account_and_a_place_once() {
    on_both(async |store| {
        let scope = signed_in(store, "aurora", 1).await;
        let act = Act::of_user(scope.user().unwrap(), "aurora@demo.localhost", None, "pedido-2");
        store.create_invitation(&scope, &act, invitation(1, scope.tenant(), "bia@x"), NOW).await.unwrap();
        let link = find(store, 1).await.unwrap();
        assert_eq!(link.purpose, LinkPurpose::Invite { tenant: scope.tenant(), role: Role::Agent });
        assert_eq!((link.email.as_str(), link.user), ("bia@x", None));
        assert_eq!(link.tenant_name.as_deref(), Some("Cliente aurora"));
        assert_eq!(link.created_by_name.as_deref(), Some("Pessoa aurora@demo.localhost"));
        let open = store.list_invitations(&scope, NOW).await.unwrap();
        assert_eq!((open.len(), open[0].id, open[0].role), (1, link.id, Role::Agent));

        let user = store.accept_invitation(&link, &act, newcomer(), NOW).await.unwrap().unwrap();
        let login = store.find_login(&email("bia@x")).await.unwrap().unwrap();
        assert_eq!((login.user_id, login.password_hash.as_str()), (user, "$argon2id$bia"));
        assert_eq!((login.memberships.len(), login.memberships[0].role), (1, Role::Agent));
        assert_eq!(store.accept_invitation(&link, &act, newcomer(), NOW).await.unwrap(), None, "taken twice");
        assert_eq!(find(store, 1).await, None);
        assert_eq!(store.list_invitations(&scope, NOW).await.unwrap(), []);
        let event = &store.list_events(&scope, &AuditQuery::default(), 1).await.unwrap()[0];
        assert_eq!((event.kind, event.actor.as_str()), (Some(EventKind::InvitationAccepted), "bia@x"));
        assert_eq!(event.fields, "agent, conta nova");
    })
    .await;
}

#[tokio::test]
async fn a_known_user_gets_a_further_place_and_a_member_none() {
    on_both(async |store| {
        let (a, b) = (signed_in(store, "aurora", 1).await, signed_in(store, "barba", 2).await);
        let known = b.user().unwrap();
        let address = "barba@demo.localhost";
        let again = store.create_invitation(&b, &act(), invitation(1, b.tenant(), address), NOW).await;
        assert!(matches!(again, Err(StoreError::AlreadyMember)));
        let elsewhere = store.create_invitation(&b, &act(), invitation(1, a.tenant(), "bia@x"), NOW).await;
        assert!(matches!(elsewhere, Err(StoreError::Missing)), "an invitation into another tenant");

        store.create_invitation(&a, &act(), invitation(1, a.tenant(), address), NOW).await.unwrap();
        let link = find(store, 1).await.unwrap();
        assert_eq!(link.user, Some(known));
        // A new account of the same address is refused, and the link stays good.
        let twice = store.accept_invitation(&link, &act(), newcomer(), NOW).await;
        assert!(matches!(twice, Err(StoreError::EmailTaken)));
        let user = store.accept_invitation(&link, &act(), Placed::Known(known), NOW).await.unwrap();
        assert_eq!(user, Some(known));
        assert_eq!(store.list_places(known).await.unwrap().len(), 2);
        // Became a member by another way in the meantime.
        let line = scope_of(a.tenant());
        store.create_invitation(&line, &act(), invitation(2, a.tenant(), "eva@x"), NOW).await.unwrap();
        let eva = member(store, "eva@x", a.tenant(), Role::Viewer).await;
        let link = find(store, 2).await.unwrap();
        let taken = store.accept_invitation(&link, &act(), Placed::Known(eva), NOW).await;
        assert!(matches!(taken, Err(StoreError::AlreadyMember)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_twenty_who_take_a_link_one_gets_it() {
    on_both(async |store| {
        let scope = signed_in(store, "aurora", 1).await;
        store.create_invitation(&scope, &act(), invitation(1, scope.tenant(), "bia@x"), NOW).await.unwrap();
        let link = find(store, 1).await.unwrap();
        let takers = (0..20).map(|_| {
            let (store, link) = (store.clone(), link.clone());
            tokio::spawn(async move { store.accept_invitation(&link, &act(), newcomer(), NOW).await.unwrap() })
        });
        let taken = join_all(takers).await.into_iter().filter(|taken| taken.as_ref().unwrap().is_some()).count();
        assert_eq!((taken, count(store, "select count(*) from users where email = 'bia@x'").await), (1, 1));

        let user = scope.user().unwrap();
        store.create_reset(None, &act(), reset(2, user, "aurora@demo.localhost"), NOW).await.unwrap();
        let link = find(store, 2).await.unwrap();
        let takers = (0..20).map(|number| {
            let (store, link) = (store.clone(), link.clone());
            tokio::spawn(async move {
                store.reset_password(&link, &act(), &format!("$argon2id${number}"), &hash(7), NOW).await.unwrap()
            })
        });
        let reset = join_all(takers).await.into_iter().filter(|taken| *taken.as_ref().unwrap()).count();
        assert_eq!(reset, 1);
        eprintln!("invitations taken: {taken} of 20; new passwords set: {reset} of 20");
    })
    .await;
}

#[tokio::test]
async fn an_expired_link_is_as_none() {
    on_both(async |store| {
        let scope = signed_in(store, "aurora", 200).await;
        let mut accepted = 0;
        for number in 0..50 {
            let address = format!("pessoa{number}@x");
            let link = invitation(number, scope.tenant(), &address);
            store.create_invitation(&scope, &act(), link, NOW).await.unwrap();
            let link = find(store, number).await.unwrap();
            let end = link.expires_at;
            assert_eq!(store.find_link(&hash(number), end).await.unwrap(), None);
            // Held since it was good.
            accepted += u32::from(store.accept_invitation(&link, &act(), newcomer(), end).await.unwrap().is_some());
        }
        assert_eq!(accepted, 0);
        eprintln!("expired links accepted: {accepted} of 50");
        assert_eq!(store.list_invitations(&scope, NOW + Duration::days(7)).await.unwrap(), []);
        assert_eq!(store.delete_dead_links(NOW + Duration::days(37), 100).await.unwrap(), 0);
        let month = NOW + Duration::days(37) + Duration::seconds(1);
        assert_eq!(store.delete_dead_links(month, 30).await.unwrap(), 30);
        assert_eq!(store.delete_dead_links(month, 30).await.unwrap(), 20);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_withdrawn_link_is_as_none_and_a_newer_one_withdraws_the_older() {
    on_both(async |store| {
        let (a, b) = (signed_in(store, "aurora", 1).await, signed_in(store, "barba", 2).await);
        store.create_invitation(&a, &act(), invitation(1, a.tenant(), "bia@x"), NOW).await.unwrap();
        store.create_invitation(&b, &act(), invitation(2, b.tenant(), "bia@x"), NOW).await.unwrap();
        store.create_invitation(&a, &act(), invitation(3, a.tenant(), "bia@x"), NOW).await.unwrap();
        assert_eq!(find(store, 1).await, None);
        assert!(find(store, 2).await.is_some(), "another tenant's invitation was withdrawn");
        let link = find(store, 3).await.unwrap();
        assert!(!store.withdraw_invitation(&b, &act(), link.id, NOW).await.unwrap(), "another tenant withdrew it");
        assert!(store.withdraw_invitation(&a, &act(), link.id, NOW).await.unwrap());
        assert!(!store.withdraw_invitation(&a, &act(), link.id, NOW).await.unwrap());
        assert_eq!(find(store, 3).await, None);
        assert_eq!(store.accept_invitation(&link, &act(), newcomer(), NOW).await.unwrap(), None);
        // Made at the same time, one is left.
        let makers = (10..30).map(|number| {
            let store = store.clone();
            tokio::spawn(async move {
                store.create_invitation(&a, &act(), invitation(number, a.tenant(), "eva@x"), NOW).await.unwrap();
            })
        });
        join_all(makers).await.into_iter().for_each(|made| made.unwrap());
        assert_eq!(store.list_invitations(&a, NOW).await.unwrap().len(), 1, "of 20 made at once");
    })
    .await;
}

#[tokio::test]
async fn a_new_password_ends_sessions_and_every_other_link() {
    on_both(async |store| {
        let scope = signed_in(store, "aurora", 1).await;
        let user = scope.user().unwrap();
        let address = "aurora@demo.localhost";
        let nobody = store.create_reset(None, &act(), reset(9, UserId::new(), address), NOW).await;
        assert!(matches!(nobody, Err(StoreError::Missing)));
        store.create_reset(None, &act(), reset(2, user, address), NOW).await.unwrap();
        let mut other = reset(3, user, address);
        other.email = email("antes@demo.localhost");
        store.create_reset(Some(&scope), &act(), other, NOW).await.unwrap();
        let link = find(store, 2).await.unwrap();
        assert_eq!(link.tenant_name, None);
        let later = NOW + Duration::minutes(1);
        let day = Lock { failures: 100, since: NOW, until: NOW + Duration::days(1) };
        for (account, device) in [(7, LockDevice::Any), (7, LockDevice::Known), (8, LockDevice::Any)] {
            store.count_failure(&hash(account), device, |_| day).await.unwrap();
        }
        assert!(store.reset_password(&link, &act(), "$argon2id$new", &hash(7), later).await.unwrap());
        assert!(!store.reset_password(&link, &act(), "$argon2id$again", &hash(7), later).await.unwrap());
        assert_eq!(caller(store, 1, NOW).await, None);
        assert_eq!(find(store, 3).await, None);
        for device in [LockDevice::Any, LockDevice::Known] {
            assert_eq!(store.find_lock(&hash(7), device).await.unwrap(), None, "its wrong passwords are forgotten");
        }
        assert_eq!(store.find_lock(&hash(8), LockDevice::Any).await.unwrap(), Some(day), "another account's stay");
        let login = store.find_login(&email(address)).await.unwrap().unwrap();
        assert_eq!((login.password_hash.as_str(), login.password_changed_at), ("$argon2id$new", later));
        // A link that sets a password places nobody, and the other way round.
        store.create_reset(None, &act(), reset(4, user, address), NOW).await.unwrap();
        let link = find(store, 4).await.unwrap();
        assert_eq!(store.accept_invitation(&link, &act(), newcomer(), NOW).await.unwrap(), None);
        store.create_invitation(&scope, &act(), invitation(5, scope.tenant(), "bia@x"), NOW).await.unwrap();
        let link = find(store, 5).await.unwrap();
        assert!(!store.reset_password(&link, &act(), "$argon2id$no", &hash(7), NOW).await.unwrap());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_twenty_who_ask_for_a_new_password_at_once_one_makes_a_link() {
    on_both(async |store| {
        const OPEN: &str = "select count(*) from links where used_at is null and withdrawn_at is null";
        let scope = signed_in(store, "aurora", 1).await;
        let (user, address) = (scope.user().unwrap(), "aurora@demo.localhost");
        let pause = Duration::minutes(5);
        let mut made = 0;
        for (round, numbers) in [(0, 10..30), (1, 30..50)] {
            let now = NOW + (pause + Duration::SECOND) * round;
            let asked = numbers.map(|number| {
                let store = store.clone();
                tokio::spawn(async move {
                    let link = reset(number, user, address);
                    store.create_requested_reset(&act(), link, now - pause, now).await.unwrap()
                })
            });
            made += join_all(asked).await.into_iter().filter(|made| *made.as_ref().unwrap()).count();
        }
        eprintln!("links made by 20 requests at once, and by 20 five minutes later: {made} of 2");
        assert_eq!((made, count(store, OPEN).await), (2, 1), "the later one withdraws the earlier");
        let told = AuditQuery { kind: Some(EventKind::ResetMade), ..AuditQuery::default() };
        assert_eq!(store.list_agency_events(&agency(), &told, 10).await.unwrap().len(), 2);

        let later = NOW + Duration::HOUR;
        store.set_user_disabled(&agency(), &act(), &email(address), true, later).await.unwrap();
        let none = store.create_requested_reset(&act(), reset(60, user, address), later - pause, later).await;
        assert!(!none.unwrap(), "a disabled user asks for nothing");
        let nobody = reset(61, UserId::new(), address);
        assert!(!store.create_requested_reset(&act(), nobody, later - pause, later).await.unwrap());
        assert_eq!(count(store, OPEN).await, 1, "and what was not made withdrew nothing");
    })
    .await;
}

#[tokio::test]
async fn an_invitation_into_the_agency_and_one_into_a_shredded_tenant() {
    on_both(async |store| {
        let purpose = LinkPurpose::Staff { role: AgencyRole::Support };
        let link = NewLink { purpose, ..invitation(1, TenantId::new(), "rui@agencia.localhost") };
        store.create_staff_invitation(&agency(), &act(), link, NOW).await.unwrap();
        let link = find(store, 1).await.unwrap();
        let user = store.accept_invitation(&link, &act(), newcomer(), NOW).await.unwrap().unwrap();
        let login = store.find_login(&email("rui@agencia.localhost")).await.unwrap().unwrap();
        assert_eq!((login.user_id, login.agency), (user, Some(AgencyRole::Support)));

        // The first admin's invitation comes with the tenant.
        let (new, key) = new_tenant("aurora");
        let tenant = new.id;
        let first = invitation(2, tenant, "ana@x");
        store.create_tenant(&agency(), &act(), new, key, Some(first), NOW).await.unwrap();
        assert!(find(store, 2).await.is_some());
        raw(store, "update tenants set shredded_at = 1 where id = $1", *tenant.as_uuid()).await.unwrap();
        assert_eq!(find(store, 2).await, None, "an invitation into a tenant that is no more");
    })
    .await;
}

#[test]
fn tokens_are_not_shown() {
    let shown = format!("{:?}", invitation(77, TenantId::new(), "bia@x"));
    assert!(!shown.contains("77, 77"), "{shown}");
}
