//! A mapping as its page shows it.

use super::Section;
use crate::{
    error::{AppError, FieldError},
    ui::When,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The whole page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MappingView {
    /// What is read now.
    pub in_use: InUse,
    /// What is being edited, if anything.
    pub draft: Option<Draft>,
    /// Earlier versions and the one in use, newest first.
    pub versions: Vec<VersionView>,
}

/// What is read now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InUse {
    /// Its number; 0 for the default tables.
    pub version: i64,
    /// When it was saved; none for the default tables.
    pub saved: Option<When>,
    /// By whom; empty when their account is gone.
    pub by: String,
    /// Part by part.
    pub parts: Vec<PartInUse>,
}

/// One part of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartInUse {
    /// Which part.
    pub section: Section,
    /// "tabela “conversations”", "reunidas das mensagens", "nenhuma".
    pub source: String,
    /// What is read from which column, in the form's words.
    pub values: Vec<(String, String)>,
}

/// What is being edited.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// The form's fields by name.
    pub fields: BTreeMap<String, String>,
    /// What is wrong with them.
    pub errors: Vec<FieldError>,
    /// When it was kept.
    pub kept: When,
    /// By whom; empty when their account is gone.
    pub by: String,
    /// Another one for other fields: who puts it in use says which they saw.
    pub revision: String,
    /// The tenant's own rows by it; none while something is wrong.
    pub preview: Option<Preview>,
}

/// The tenant's own rows, read by a draft.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Preview {
    /// Part by part.
    pub parts: Vec<PreviewPart>,
    /// What these tables cannot tell, a sentence each.
    pub untold: Vec<String>,
}

/// One part of a preview.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PreviewPart {
    /// Which part.
    pub section: Section,
    /// Its rows, or why there are none.
    pub rows: Result<PreviewRows, AppError>,
}

/// A few rows, cell by cell in the order of [`Section::columns`].
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PreviewRows {
    /// The rows.
    pub rows: Vec<Vec<String>>,
    /// Rows that could not be read at all.
    pub skipped: usize,
    /// Columns of the draft that the table does not have.
    pub lost: Vec<String>,
}

/// One version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionView {
    /// Its number.
    pub version: i64,
    /// When it was saved.
    pub saved: When,
    /// By whom; empty when their account is gone.
    pub by: String,
    /// The version that it brought back.
    pub based_on: Option<i64>,
    /// Its tables.
    pub tables: String,
    /// Whether it is in use.
    pub current: bool,
}

/// Where to look for tables.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Detection {
    /// Names beside the usual ones, parted by commas.
    pub tables: String,
    /// The schema; empty for the project's first one.
    pub schema: String,
}
