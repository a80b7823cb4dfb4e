//! Which tables and columns of the tenant's project become conversations, messages and appointments.

mod api;
#[cfg(feature = "ssr")]
mod backend;
mod begin;
mod fields;
mod form;
mod in_use;
mod page;
mod preview;
mod types;
mod versions;

pub use api::{
    DetectTables, DropDraft, EditMapping, KeepDraft, ReadMapping, RestoreMapping, SaveMapping, StartFromModel,
    detect_tables, drop_draft, edit_mapping, keep_draft, read_mapping, restore_mapping, save_mapping, start_from_model,
};
#[cfg(feature = "ssr")]
pub use backend::MappingBackend;
pub use fields::{Control, FIELDS, FieldSpec, Section};
pub use page::MappingPage;
pub use types::{Detection, Draft, InUse, MappingView, PartInUse, Preview, PreviewPart, PreviewRows, VersionView};
