//! Tenants with known values, to be counted after whatever was done to their keys.

use crate::backup::house::{House, Kind, error};
use app::credentials::Provider;
use secrecy::{ExposeSecret, SecretString};
use server::{
    backend::open_keys,
    startup::{self, Opened, read_ring},
    store::{Act, NewTenant, NewTenantKey, STANDARD_PLAN, Slug, Store, TenantId, TenantScope},
    vault::{Address, KeyRing},
};
use std::{fs, os::unix::fs::PermissionsExt};
use time::OffsetDateTime;

/// The values of each tenant.
pub const FIELDS: [(Provider, &str); 4] = [
    (Provider::Supabase, "project_url"),
    (Provider::Supabase, "api_key"),
    (Provider::Evolution, "token"),
    (Provider::N8n, "signing_secret"),
];

/// A house with tenants `loja-0`, `loja-1`, …
pub struct Stock {
    pub house: House,
    pub store: Store,
    pub tenants: Vec<(Slug, TenantScope)>,
}

/// What is stored there.
pub fn value(slug: &Slug, provider: &str, field: &str) -> String {
    format!("{slug} keeps {provider}.{field} for ever")
}

impl Stock {
    pub async fn of(kind: Kind, tenants: usize) -> Self {
        let house = House::new(kind).await;
        let made = house.painel(&["keygen"]).await;
        assert!(made.status.success(), "{}", error(&made));
        let Opened { store, ring, .. } = startup::open(&house.config()).await.unwrap();
        let mut stock = Self { house, store, tenants: Vec::new() };
        for number in 0..tenants {
            let slug: Slug = format!("loja-{number}").parse().unwrap();
            let scope = stock.furnish(&ring, &slug).await;
            stock.tenants.push((slug, scope));
        }
        stock
    }

    async fn furnish(&self, ring: &KeyRing, slug: &Slug) -> TenantScope {
        let (id, now, act) = (TenantId::new(), OffsetDateTime::now_utc(), Act::of_command_line());
        let (key, wrapped) = ring.create_tenant_key(*id.as_uuid(), 1).unwrap();
        let tenant = NewTenant {
            id,
            slug: slug.clone(),
            name: format!("Loja {slug}"),
            timezone: "America/Sao_Paulo".into(),
            plan: STANDARD_PLAN.into(),
            domain: String::new(),
        };
        let new_key = NewTenantKey { ring_key: wrapped.ring_key, wrapped: wrapped.bytes };
        self.store.create_tenant(&self.store.operator_agency(), &act, tenant, new_key, None, now).await.unwrap();
        let scope = self.store.operator_scope(slug).await.unwrap().unwrap();
        for provider in Provider::ALL {
            let fields: Vec<_> = FIELDS
                .iter()
                .filter(|(of, _)| *of == provider)
                .map(|(_, field)| {
                    let address = Address { tenant: *id.as_uuid(), provider: provider.as_str(), field };
                    let text = SecretString::from(value(slug, provider.as_str(), field));
                    ((*field).to_owned(), key.seal(&address, &text).unwrap())
                })
                .collect();
            if !fields.is_empty() {
                self.store.save_credential(&scope, &act, provider, Some(0), &fields, now).await.unwrap();
            }
        }
        scope
    }

    /// T × F.
    pub fn all(&self) -> usize {
        self.tenants.len() * FIELDS.len()
    }

    /// How many values open with the ring's file as it is now, and are what they were.
    pub async fn open(&self) -> usize {
        let ring = read_ring(&self.house.ring()).unwrap();
        let mut open = 0;
        for (slug, scope) in &self.tenants {
            let (credentials, rows) = self.store.list_credentials_and_keys(scope).await.unwrap();
            let keys = open_keys(&ring, scope, rows);
            for credential in credentials {
                let provider = credential.provider.as_str();
                for (field, sealed) in &credential.fields {
                    let address = Address { tenant: *scope.tenant().as_uuid(), provider, field };
                    let opened = keys.open(&address, sealed);
                    open += usize::from(opened.is_ok_and(|text| text.expose_secret() == value(slug, provider, field)));
                }
            }
        }
        open
    }

    /// Takes all other keys out of the ring's file.
    pub fn keep_in_ring(&self, names: &[&str]) {
        keep_in_ring(&self.house.ring(), names);
    }
}

/// Takes all other keys out of a ring's file, as somebody does by hand.
pub fn keep_in_ring(path: &std::path::Path, names: &[&str]) {
    let mut ring: serde_json::Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    let keys = ring["keys"].as_object_mut().unwrap();
    keys.retain(|name, _| names.contains(&name.as_str()));
    assert_eq!(keys.len(), names.len());
    let aside = path.with_extension("aside");
    fs::write(&aside, ring.to_string()).unwrap();
    fs::set_permissions(&aside, fs::Permissions::from_mode(0o600)).unwrap();
    fs::rename(aside, path).unwrap();
}
