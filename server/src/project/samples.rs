//! A few rows of tables that nobody has said anything about yet: what a mapping is proposed from.

use futures::{StreamExt, TryStreamExt, stream};

use super::{
    error::ProjectError,
    reads::{Project, read},
    request::Query,
};
use crate::mapping::{Mapping, Part, Row, Table};

/// Rows of a table that are looked at to recognise it.
const SAMPLE: u32 = 20;
/// Tables that are kept of those that are looked at, and columns of their rows: what a hostile project may have us hold.
const MOST_SAMPLES: usize = 20;
const WIDEST: usize = 200;
/// Tables that are looked at at a time: a tenant has four places in all.
const SAMPLES_AT_ONCE: usize = 3;

impl Project {
    /// A few rows of each of these tables that can be read, as they stand. Tables that are not there are left out.
    ///
    /// # Errors
    /// What concerns the project as a whole.
    pub async fn samples(
        &self,
        tables: &[String],
        schema: Option<&str>,
    ) -> Result<Vec<(String, Vec<Row>)>, ProjectError> {
        let table = |name: &String| Table { name: name.clone(), schema: schema.map(str::to_owned), only: Vec::new() };
        let asked: Vec<_> = tables.iter().map(|name| self.sample(table(name))).collect();
        let found = stream::iter(asked).buffered(SAMPLES_AT_ONCE).try_filter_map(|found| async { Ok(found) });
        found.take(MOST_SAMPLES).try_collect().await
    }

    /// Whether a part can be read under the conditions that its mapping has: one of a related table takes a key between both
    /// that the project knows.
    ///
    /// # Errors
    /// What concerns the project as a whole.
    pub async fn can_tell(&self, mapping: &Mapping, part: Part) -> Result<bool, ProjectError> {
        match self.ask(&read(mapping, part, "", 1)?, Self::until()).await {
            Ok(_) => Ok(true),
            Err(ProjectError::ColumnMissing(_) | ProjectError::Grant(_) | ProjectError::Other(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn sample(&self, table: Table) -> Result<Option<(String, Vec<Row>)>, ProjectError> {
        let query = Query::new(Part::Conversations, &table, "*", "", SAMPLE);
        match self.ask(&query, Self::until()).await {
            Ok(mut answer) => {
                // Wider rows are nobody's messages.
                answer.rows.retain(|row| row.columns().count() <= WIDEST);
                Ok(Some((table.name, answer.rows)))
            }
            Err(ProjectError::TableMissing(_) | ProjectError::Grant(_) | ProjectError::Other(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
