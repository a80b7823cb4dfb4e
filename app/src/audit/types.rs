//! What was done in a tenant or in the agency, as `/settings/audit` and `/console/audit` show it. Never a value, only who, when, what and from where.

use crate::ui::{Status, When};
use serde::{Deserialize, Serialize};

/// Whose trail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// What was done in the tenant at hand.
    Tenant,
    /// What was done in the agency: tenants made and changed, its own people, their sign-ins.
    Agency,
}

impl Whose {
    /// The page's path; the file's is the same with `.csv`.
    pub fn path(self) -> &'static str {
        match self {
            Self::Tenant => "/settings/audit",
            Self::Agency => "/console/audit",
        }
    }
}

/// Which events are wanted; empty texts do not filter.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AuditFilter {
    /// An event kind's word.
    #[serde(default)]
    pub kind: String,
    /// Part of the name or e-mail of who did it.
    #[serde(default)]
    pub who: String,
    /// First day, `2026-03-01`, in the tenant's zone.
    #[serde(default)]
    pub from: String,
    /// Last day, included.
    #[serde(default)]
    pub to: String,
}

/// One page of events, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditPage {
    /// At most 50.
    pub rows: Vec<AuditRow>,
    /// Cursor to older events.
    pub older: Option<String>,
    /// The kinds to choose from: word and label.
    pub kinds: Vec<(String, String)>,
}

/// One event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditRow {
    /// Its number in the tenant's chain.
    pub number: i64,
    /// When.
    pub when: When,
    /// Who: a name, "linha de comando" or "Painel".
    pub who: String,
    /// What happened, with its tone.
    pub what: Status,
    /// On what: "Supabase · api_key", an e-mail, a role. May be empty.
    pub detail: String,
    /// From which address; empty for the command line.
    pub source: String,
}
