//! Ids of rows: one type a table, so that a user's id cannot be given for a tenant's.

use std::fmt;
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, sqlx::Type, serde::Serialize, serde::Deserialize)]
        #[sqlx(transparent)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A fresh id (UUID v7: those made later sort later, which keeps an index's end warm).
            #[expect(clippy::new_without_default, reason = "a default that differs each time would surprise")]
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }

            /// The id a session's data or a row holds.
            pub fn from_uuid(id: Uuid) -> Self {
                Self(id)
            }

            /// For sealing and for logs.
            pub fn as_uuid(&self) -> &Uuid {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(out)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(out, "{}({})", stringify!($name), self.0)
            }
        }
    };
}

id! {
    /// A tenant's id. Holding one opens nothing: the store's functions want a [`TenantScope`](super::TenantScope).
    TenantId
}

id! {
    /// A user's id.
    UserId
}

id! {
    /// A single-use link's id: names it without opening it.
    LinkId
}

id! {
    /// A machine token's id: names it without opening anything.
    MachineTokenId
}

id! {
    /// A saved filter's id.
    SavedFilterId
}
