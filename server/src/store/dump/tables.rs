//! Which tables a backup holds, column by column. A test compares this with the schema: a table or column that is neither
//! here nor in [`LEFT_OUT`] fails it.

use ColumnKind::{Bytes, Int, Text, Uuid};
use Part::{Data, Keys};

/// What a column holds, in both databases' terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// A 64-bit integer.
    Int,
    /// Text.
    Text,
    /// Bytes.
    Bytes,
    /// An id: `uuid` in Postgres, 16 bytes in SQLite.
    Uuid,
}

/// In which file of a backup a table stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// What may be kept for years.
    Data,
    /// Wrapped keys, which must be forgotten soon for a shred to be final.
    Keys,
}

impl Part {
    /// The word in the file's name and header.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Data => "data",
            Self::Keys => "keys",
        }
    }
}

/// One table of a backup.
#[derive(Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// The file it stands in.
    pub part: Part,
    /// All its columns.
    pub columns: &'static [(&'static str, ColumnKind)],
    /// The column that says whose a row is, where row-level security asks for it.
    pub tenant: Option<&'static str>,
    /// The order of rows, the tenant first: the same in both databases.
    pub(super) order: &'static str,
}

impl Table {
    /// Where in a row that column is.
    pub(super) fn tenant_index(&self) -> Option<usize> {
        let tenant = self.tenant?;
        self.columns.iter().position(|(name, _)| *name == tenant)
    }

    /// The columns' names, parted by commas.
    pub(super) fn column_list(&self) -> String {
        self.columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
    }
}

/// What no backup holds: after a restore everybody signs in anew, and links are sent anew.
pub const LEFT_OUT: &[(&str, &str)] = &[
    ("_sqlx_migrations", "the schema's own state, which migrating makes"),
    ("connection_changes", "a restored one would tell a workflow what it was told long ago"),
    ("connection_checks", "how connections were, when the backup was taken"),
    ("connection_health", "the same: every credential is checked again within minutes of the restore"),
    ("limits", "tries of the last minute"),
    ("links", "single-use and short-lived: a restored one could be used a second time"),
    ("live_watches", "which process looks at which project: whoever serves after a restore takes them anew"),
    ("login_locks", "minutes of lock after wrong passwords"),
    ("notices", "that something changed, for processes that ran at the time"),
    ("sessions", "a restored session would revive what was ended since"),
    ("turns", "who tried a password, when the backup was taken"),
];

/// The tables of a backup; those that others refer to come first.
pub const TABLES: &[Table] = &[
    Table {
        name: "tenants",
        part: Data,
        columns: &[
            ("id", Uuid),
            ("slug", Text),
            ("name", Text),
            ("timezone", Text),
            ("plan", Text),
            ("status", Text),
            ("suspended_reason", Text),
            ("created_at", Int),
            ("updated_at", Int),
            ("domain", Text),
            ("sought", Text),
            ("second_factor_required", Int),
            ("last_data_at", Int),
            ("shredded_at", Int),
            ("business_hours", Text),
            ("colour", Text),
        ],
        tenant: Some("id"),
        order: "id",
    },
    Table {
        name: "users",
        part: Data,
        columns: &[
            ("id", Uuid),
            ("email", Text),
            ("name", Text),
            ("password_hash", Text),
            ("disabled_at", Int),
            ("last_login", Int),
            ("created_at", Int),
            ("password_changed_at", Int),
            ("totp_sealed", Bytes),
            ("totp_since", Int),
            ("totp_last_step", Int),
            ("totp_pending", Bytes),
            ("language", Text),
        ],
        tenant: None,
        order: "id",
    },
    Table {
        name: "recovery_codes",
        part: Data,
        columns: &[("user_id", Uuid), ("code_hash", Bytes), ("used_at", Int)],
        tenant: None,
        order: "user_id, code_hash",
    },
    Table {
        name: "agency_members",
        part: Data,
        columns: &[("user_id", Uuid), ("role", Text), ("created_at", Int)],
        tenant: None,
        order: "user_id",
    },
    Table {
        name: "agency_secrets",
        part: Data,
        columns: &[("name", Text), ("sealed", Bytes)],
        tenant: None,
        order: "name",
    },
    Table {
        name: "agency_settings",
        part: Data,
        columns: &[("name", Text), ("value", Text)],
        tenant: None,
        order: "name",
    },
    Table {
        name: "key_checks",
        part: Data,
        columns: &[("ring_key", Text), ("check_value", Bytes), ("created_at", Int)],
        tenant: None,
        order: "ring_key",
    },
    Table {
        name: "memberships",
        part: Data,
        columns: &[("tenant_id", Uuid), ("user_id", Uuid), ("role", Text), ("created_at", Int)],
        tenant: Some("tenant_id"),
        order: "tenant_id, user_id",
    },
    Table {
        name: "credentials",
        part: Data,
        columns: &[
            ("tenant_id", Uuid),
            ("provider", Text),
            ("version", Int),
            ("updated_at", Int),
            ("updated_by", Uuid),
            ("removed_at", Int),
        ],
        tenant: Some("tenant_id"),
        order: "tenant_id, provider",
    },
    Table {
        name: "credential_fields",
        part: Data,
        columns: &[("tenant_id", Uuid), ("provider", Text), ("field", Text), ("sealed", Bytes), ("updated_at", Int)],
        tenant: Some("tenant_id"),
        order: "tenant_id, provider, field",
    },
    Table {
        name: "machine_tokens",
        part: Data,
        columns: &[
            ("id", Uuid),
            ("tenant_id", Uuid),
            ("token_hash", Bytes),
            ("name", Text),
            ("last_four", Text),
            ("providers", Text),
            ("created_at", Int),
            ("created_by", Uuid),
            ("expires_at", Int),
            ("revoked_at", Int),
            ("used_at", Int),
        ],
        tenant: Some("tenant_id"),
        order: "tenant_id, id",
    },
    Table {
        name: "mappings",
        part: Data,
        columns: &[
            ("tenant_id", Uuid),
            ("version", Int),
            ("mapping", Text),
            ("based_on", Int),
            ("created_at", Int),
            ("created_by", Uuid),
        ],
        tenant: Some("tenant_id"),
        order: "tenant_id, version",
    },
    Table {
        name: "saved_filters",
        part: Data,
        columns: &[
            ("id", Uuid),
            ("tenant_id", Uuid),
            ("user_id", Uuid),
            ("name", Text),
            ("folded_name", Text),
            ("query", Text),
            ("created_at", Int),
        ],
        tenant: Some("tenant_id"),
        order: "tenant_id, id",
    },
    Table {
        name: "glass",
        part: Data,
        columns: &[
            ("id", Uuid),
            ("tenant_id", Uuid),
            ("user_id", Uuid),
            ("reason", Text),
            ("began_at", Int),
            ("ends_at", Int),
            ("ended_at", Int),
        ],
        tenant: Some("tenant_id"),
        order: "tenant_id, id",
    },
    Table {
        name: "imported_rows",
        part: Data,
        columns: &[
            ("source_table", Text),
            ("source_id", Text),
            ("part", Text),
            ("digest", Bytes),
            ("tenant_id", Uuid),
            ("user_id", Uuid),
            ("imported_at", Int),
        ],
        tenant: None,
        order: "source_table, source_id, part",
    },
    Table {
        name: "audit_heads",
        part: Data,
        columns: &[("chain", Uuid), ("seq", Int), ("mac", Bytes)],
        tenant: Some("chain"),
        order: "chain",
    },
    Table {
        name: "audit_events",
        part: Data,
        columns: &[
            ("chain", Uuid),
            ("seq", Int),
            ("at", Int),
            ("kind", Text),
            ("actor_id", Uuid),
            ("actor", Text),
            ("source", Text),
            ("request_id", Text),
            ("subject", Text),
            ("fields", Text),
            ("mac", Bytes),
        ],
        tenant: Some("chain"),
        order: "chain, seq",
    },
    Table {
        name: "agency_keys",
        part: Keys,
        columns: &[("version", Int), ("ring_key", Text), ("wrapped", Bytes), ("created_at", Int)],
        tenant: None,
        order: "version",
    },
    Table {
        name: "tenant_keys",
        part: Keys,
        columns: &[("tenant_id", Uuid), ("version", Int), ("ring_key", Text), ("wrapped", Bytes), ("created_at", Int)],
        tenant: Some("tenant_id"),
        order: "tenant_id, version",
    },
];
