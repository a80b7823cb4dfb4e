//! Whoever takes a file away has something withdrawn, and the file ends with it.

use super::*;
use crate::store::{
    Act, AuditKey, NewSession, NewTenant, NewTenantKey, NewUser, STANDARD_PLAN, Slug, TenantScope, TenantStatus, UserId,
};
use app::session::{AgencyRole, Role};
use tempfile::TempDir;

/// A database with one tenant.
struct House {
    _folder: TempDir,
    store: Store,
    scope: TenantScope,
}

fn slug() -> Slug {
    "aurora".parse().unwrap()
}

impl House {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::connect(&format!("sqlite://{}/painel.db", folder.path().display())).await.unwrap();
        store.migrate(None).await.unwrap();
        store.arm(AuditKey::new([7; 32]));
        let tenant = NewTenant {
            id: TenantId::new(),
            slug: slug(),
            name: "Clínica Aurora".into(),
            timezone: "America/Sao_Paulo".into(),
            plan: STANDARD_PLAN.into(),
            domain: String::new(),
        };
        let key = NewTenantKey { ring_key: "k1".into(), wrapped: vec![0, 1, 255] };
        let (agency, act, now) = (store.operator_agency(), Act::of_command_line(), OffsetDateTime::now_utc());
        store.create_tenant(&agency, &act, tenant, key, None, now).await.unwrap();
        let scope = store.operator_scope(&slug()).await.unwrap().unwrap();
        Self { _folder: folder, store, scope }
    }

    async fn user(&self, number: u8, role: Option<Role>) -> UserId {
        let user = NewUser {
            email: format!("p{number}@aurora.example").parse().unwrap(),
            name: format!("Pessoa {number}"),
            password_hash: "$argon2id$old".into(),
            membership: role.map(|role| (self.scope.tenant(), role)),
        };
        self.store.create_user(&Act::of_command_line(), user, OffsetDateTime::now_utc()).await.unwrap()
    }

    async fn sign_in(&self, number: u8, user: UserId, tenant: Option<TenantId>) {
        let now = OffsetDateTime::now_utc();
        let session = NewSession {
            id_hash: [number; 32],
            user_id: Some(user),
            tenant_id: tenant,
            data: "{}".into(),
            device: String::new(),
            source: String::new(),
            expires_at: now + time::Duration::hours(24),
        };
        self.store.create_session(session, now).await.unwrap();
    }

    /// Somebody who is signed in to the tenant.
    async fn signed_in(&self, number: u8, role: Role) -> UserId {
        let user = self.user(number, Some(role)).await;
        self.sign_in(number, user, Some(self.scope.tenant())).await;
        user
    }

    fn still(&self, number: u8, leave: Leave) -> Still {
        let now = Instant::now();
        Still { store: self.store.clone(), session: [number; 32], leave, asked: now, told: now }
    }

    fn of_export(&self, number: u8) -> Still {
        self.still(number, Leave::InTenant(self.scope.tenant(), Permission::Export))
    }
}

/// As if it had been asked a second ago.
async fn a_second_later(still: &mut Still) -> Result<(), AppError> {
    still.asked -= AGAIN;
    still.may().await
}

#[tokio::test]
async fn whatever_is_withdrawn_ends_the_file() {
    let house = House::new().await;
    let (store, scope) = (&house.store, &house.scope);
    let (agency, act, now) = (store.operator_agency(), Act::of_command_line(), OffsetDateTime::now_utc());
    let (mut files, mut users) = (Vec::new(), Vec::new());
    for number in 1..=5 {
        users.push(house.signed_in(number, Role::Agent).await);
        let mut file = house.of_export(number);
        assert_eq!(a_second_later(&mut file).await, Ok(()));
        files.push(file);
    }
    store.delete_session(&[1; 32], now).await.unwrap();
    assert!(store.remove_member(scope, &act, users[1], now).await.unwrap());
    assert!(store.set_role(scope, &act, users[2], Role::Viewer, now).await.unwrap());
    let email = "p4@aurora.example".parse().unwrap();
    assert!(store.set_user_disabled(&agency, &act, &email, true, now).await.unwrap());
    let mut ends = Vec::new();
    for file in &mut files {
        ends.push(a_second_later(file).await);
    }
    let gone = || Err(AppError::NotSignedIn);
    assert_eq!(ends, [gone(), gone(), gone(), gone(), Ok(())]);

    let status = TenantStatus::Suspended;
    assert!(store.set_tenant_status(&agency, &act, &slug(), status, Some("x"), now).await.unwrap());
    files[4].asked = Instant::now();
    assert_eq!(files[4].may().await, Ok(()), "it was asked within this second");
    let suspended = Err(AppError::Suspended { reason: "x".into() });
    assert_eq!(a_second_later(&mut files[4]).await, suspended);
    assert!(store.set_tenant_status(&agency, &act, &slug(), TenantStatus::Active, None, now).await.unwrap());
    assert_eq!(a_second_later(&mut files[4]).await, Ok(()));
    store.require_second_factor(scope, &act, true, now).await.unwrap();
    assert_eq!(a_second_later(&mut files[4]).await, Err(AppError::SecondFactorDue));
}

#[tokio::test]
async fn what_a_role_may_not_take_it_may_not_go_on_taking() {
    let house = House::new().await;
    let store = &house.store;
    let (agency, act, now) = (store.operator_agency(), Act::of_command_line(), OffsetDateTime::now_utc());
    house.signed_in(1, Role::Viewer).await;
    house.signed_in(2, Role::Agent).await;
    assert_eq!(a_second_later(&mut house.of_export(1)).await, Err(AppError::NotAllowed));
    let other = Leave::InTenant(TenantId::new(), Permission::Export);
    assert_eq!(a_second_later(&mut house.still(2, other)).await, Err(AppError::NotAllowed), "of another tenant");
    let trail = Leave::InAgency(Permission::ManageTenants);
    assert_eq!(a_second_later(&mut house.still(2, trail)).await, Err(AppError::NotAllowed));
    for (number, role, may) in [(3, AgencyRole::Owner, Ok(())), (4, AgencyRole::Support, Err(AppError::NotAllowed))] {
        let user = house.user(number, None).await;
        let email = format!("p{number}@aurora.example").parse().unwrap();
        store.put_staff(&agency, &act, user, &email, role, now).await.unwrap();
        house.sign_in(number, user, None).await;
        assert_eq!(a_second_later(&mut house.still(number, trail)).await, may, "{role:?}");
        assert_eq!(a_second_later(&mut house.of_export(number)).await, Err(AppError::NotAllowed), "{role:?}");
    }
}

#[tokio::test]
async fn a_file_is_broken_off_and_ends() {
    let house = House::new().await;
    house.signed_in(1, Role::Agent).await;
    let endless = || stream::repeat_with(|| Ok("uma linha\r\n".to_owned())).boxed();
    let mut file = house.of_export(1).over(endless());
    for _ in 0..3 {
        assert!(matches!(file.next().await, Some(Ok(_))));
    }
    house.store.delete_session(&[1; 32], OffsetDateTime::now_utc()).await.unwrap();
    let mut still = house.of_export(1);
    still.asked -= AGAIN;
    let rest: Vec<_> = still.over(endless()).collect().await;
    assert_eq!(rest, [Err(AppError::NotSignedIn)]);
}

#[tokio::test]
async fn a_database_that_is_away_ends_it_after_a_while() {
    let house = House::new().await;
    house.signed_in(1, Role::Agent).await;
    let mut file = house.of_export(1);
    house.store.close().await;
    assert_eq!(a_second_later(&mut file).await, Ok(()));
    file.told -= UNTOLD;
    assert_eq!(a_second_later(&mut file).await, Err(AppError::Unavailable));
}
