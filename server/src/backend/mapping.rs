//! The mapping of a tenant's tables: looked for, edited as a draft, shown on the tenant's own rows, put in use. `faults` has
//! what is wrong with what a form sent, `preview` the draft on the tenant's rows, `untold` what it cannot tell, `in_use` the
//! versions.

mod faults;
mod in_use;
mod preview;
mod untold;

use super::{RequestBackend, calendar, failure, instant};
use crate::{
    mapping::{self, Fields, Mapping, Part, tables_to_try},
    store::Visitor,
};
use app::{
    error::{AppError, FieldError},
    mapping::{Detection, FIELDS, InUse, MappingBackend, MappingView},
    session::Permission,
    tr,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use faults::{check, invalid};
use in_use::{parts, version};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use time::OffsetDateTime;

#[async_trait::async_trait]
impl MappingBackend for RequestBackend {
    async fn mapping(&self) -> Result<MappingView, AppError> {
        let visitor = self.member(Permission::KeepCredentials)?;
        let calendar = calendar(visitor);
        let stored = self.state.store.list_mappings(&visitor.scope).await.map_err(failure::store)?;
        let (versions, drafts): (Vec<_>, Vec<_>) = stored.into_iter().partition(|one| one.version > 0);
        let in_use = match versions.first() {
            None => InUse { version: 0, saved: None, by: String::new(), parts: parts(&Mapping::default()) },
            Some(newest) => InUse {
                version: newest.version,
                saved: Some(calendar.recently(instant(newest.created_at))),
                by: newest.created_by_name.clone().unwrap_or_default(),
                parts: parts(&read(&newest.mapping)?),
            },
        };
        let draft = match drafts.into_iter().next() {
            Some(draft) => Some(self.draft(visitor, &calendar, draft).await?),
            None => None,
        };
        let current = in_use.version;
        let versions = versions.into_iter().map(|one| version(&calendar, one, current)).collect();
        Ok(MappingView { in_use, draft, versions })
    }

    async fn detect(&self, detection: Detection) -> Result<(), AppError> {
        let visitor = self.member(Permission::KeepCredentials)?;
        let (mut tables, schema) = check(&detection)?;
        // It asks a project as often as several tests do.
        self.count_test(visitor).await?;
        for table in tables_to_try(visitor.tenant_slug.as_str()) {
            if !tables.contains(&table) {
                tables.push(table);
            }
        }
        let (project, _) = self.project_now(&visitor.scope).await?;
        let samples = project.samples(&tables, schema.as_deref()).await;
        let samples = samples.map_err(|error| self.project_failed(visitor, &project, error))?;
        let Some(mut found) = mapping::propose(&samples) else {
            let message = if samples.is_empty() {
                tr!(
                    "Nenhuma tabela com estes nomes pôde ser lida. Escreva os nomes das suas.",
                    "No table with these names could be read. Write the names of yours.",
                )
            } else {
                tr!(
                    "As tabelas encontradas estão vazias ou não parecem conversas nem agenda. Escreva os nomes das \
                     suas.",
                    "The tables that were found are empty or do not look like conversations or appointments. Write the \
                     names of yours.",
                )
            };
            return Err(AppError::Invalid(vec![FieldError::new("tables", message)]));
        };
        found.set_schema(schema.as_deref());
        if found.joins(Part::Messages) {
            let told = project.can_tell(&found, Part::Messages).await;
            if !told.map_err(|error| self.project_failed(visitor, &project, error))? {
                // The draft says what then counts as well.
                found.drop_joined(Part::Messages);
            }
        }
        self.keep(visitor, &found.to_fields()).await
    }

    async fn start_from_model(&self, talks: &str, bookings: &str) -> Result<(), AppError> {
        let visitor = self.member(Permission::KeepCredentials)?;
        let mapping = mapping::preset(talks, bookings).ok_or(AppError::NotFound)?;
        self.keep(visitor, &mapping.to_fields()).await
    }

    async fn edit_mapping(&self) -> Result<(), AppError> {
        let visitor = self.member(Permission::KeepCredentials)?;
        let in_use = self.mapping_in_use(&visitor.scope).await?;
        self.keep(visitor, &in_use.mapping.to_fields()).await
    }

    async fn keep_draft(&self, fields: BTreeMap<String, String>) -> Result<(), AppError> {
        let visitor = self.member(Permission::KeepCredentials)?;
        // Whatever else a form sent is none of the draft's; a NUL is stored nowhere.
        let known = |(name, value): (String, String)| {
            let value = value.replace('\0', "").trim().to_owned();
            (FIELDS.iter().any(|field| field.key() == name) && !value.is_empty()).then_some((name, value))
        };
        self.keep(visitor, &fields.into_iter().filter_map(known).collect()).await
    }

    async fn drop_draft(&self) -> Result<(), AppError> {
        let visitor = self.member(Permission::KeepCredentials)?;
        self.state.store.drop_mapping_draft(&visitor.scope).await.map_err(failure::store)?;
        Ok(())
    }

    async fn save_mapping(&self, version: i64, seen: &str) -> Result<(), AppError> {
        let visitor = self.member(Permission::KeepCredentials)?;
        let stored = self.state.store.list_mappings(&visitor.scope).await.map_err(failure::store)?;
        let draft = stored.into_iter().find(|one| one.version == 0).ok_or(AppError::NotFound)?;
        // What is put in use is what was read here, whatever is kept a moment later.
        if revision(&draft.mapping) != seen {
            return Err(AppError::DraftChanged);
        }
        let mapping = Mapping::from_fields(&read_fields(&draft.mapping)).map_err(invalid)?;
        self.put_in_use(visitor, &mapping, version, None).await
    }

    async fn restore_mapping(&self, version: i64, current: i64) -> Result<(), AppError> {
        let visitor = self.member(Permission::KeepCredentials)?;
        if version == current {
            return Err(AppError::Conflict);
        }
        let mapping = if version == 0 {
            Mapping::default()
        } else {
            let stored = self.state.store.list_mappings(&visitor.scope).await.map_err(failure::store)?;
            read(&stored.iter().find(|one| one.version == version).ok_or(AppError::NotFound)?.mapping)?
        };
        self.put_in_use(visitor, &mapping, current, Some(version)).await
    }
}

impl RequestBackend {
    async fn keep(&self, visitor: &Visitor, fields: &Fields) -> Result<(), AppError> {
        let json = serde_json::to_string(fields).map_err(|error| failure::internal("mapping draft", &error))?;
        let now = OffsetDateTime::now_utc();
        self.state.store.keep_mapping_draft(&visitor.scope, &self.act(), &json, now).await.map_err(failure::store)
    }

    async fn put_in_use(
        &self,
        visitor: &Visitor,
        mapping: &Mapping,
        current: i64,
        based_on: Option<i64>,
    ) -> Result<(), AppError> {
        let (store, now) = (&self.state.store, OffsetDateTime::now_utc());
        let saved = store.save_mapping(&visitor.scope, &self.act(), &mapping.to_json(), current, based_on, now).await;
        let version = saved.map_err(failure::store)?;
        tracing::info!(tenant = %visitor.scope.tenant(), version, "another mapping is in use");
        Ok(())
    }
}

fn read(json: &str) -> Result<Mapping, AppError> {
    Mapping::from_json(json).map_err(|error| failure::internal("mapping", &error))
}

/// The fields of a stored draft; another version's are no fields any more.
fn read_fields(json: &str) -> Fields {
    serde_json::from_str(json).unwrap_or_default()
}

/// What tells one draft from another: the same for the same fields, whoever kept them.
fn revision(json: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(json.as_bytes()))
}

/// Who wrote, in a word.
pub(super) fn author_label(author: mapping::Author) -> &'static str {
    mapping::author_word(author)
}
