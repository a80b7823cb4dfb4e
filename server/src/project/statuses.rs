//! The words that really stand in a status column, for columns that can be compared with nothing else: those of a type of
//! its own, or of a truth value.

use std::collections::BTreeSet;

use super::{error::ProjectError, order::Order, reads::Project, request::Query};
use crate::mapping::{Conversations, Mapping, Part, selection};

/// Conversations that are looked through for the words of their status: the newest by id.
const LATEST: u32 = 1000;

impl Project {
    /// Which of these words the newest conversations have, as they are written there.
    pub(super) async fn statuses_there(&self, words: &[String]) -> Result<BTreeSet<String>, ProjectError> {
        let part = Part::Conversations;
        let query = |mapping: &Mapping| {
            let (order, table) = (Order::of_conversations(mapping)?, mapping.table(part));
            let Conversations::Table { status: Some(status), .. } = &mapping.conversations else {
                return Err(ProjectError::NotTold(part));
            };
            let table = table.ok_or(ProjectError::NotMapped(part))?;
            Ok(Query::new(part, table, &selection([status]), &format!("{}.desc", order.id), LATEST))
        };
        let (rows, mapping) = self.rows(part, query).await?;
        let Conversations::Table { status: Some(status), .. } = &mapping.conversations else {
            return Err(ProjectError::NotTold(part));
        };
        let wanted: BTreeSet<String> = words.iter().map(|word| word.to_lowercase()).collect();
        let found = rows.iter().filter_map(|row| status.text(row));
        Ok(found.filter(|word| wanted.contains(&word.to_lowercase())).collect())
    }
}
