//! One value of a row, in a form that is neither database's: `null`, a number, a text, or `{"b64": …}` in a backup.

use super::{ColumnKind, Table};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use sqlx::{ColumnIndex, Database, Decode, Encode, Row, Type, query_builder::Separated};
use uuid::Uuid;

/// A value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Cell {
    /// Of an integer column.
    Int(i64),
    /// Of a text column.
    Text(String),
    /// Of a column of bytes or ids.
    Bytes {
        /// The bytes.
        #[serde(rename = "b64", serialize_with = "to_base64", deserialize_with = "from_base64")]
        bytes: Vec<u8>,
    },
    /// Nothing.
    Null,
}

impl Cell {
    /// Whether the value can stand in such a column.
    pub fn fits(&self, kind: ColumnKind) -> bool {
        match (self, kind) {
            (Self::Null, _) | (Self::Int(_), ColumnKind::Int) | (Self::Text(_), ColumnKind::Text) => true,
            (Self::Bytes { .. }, ColumnKind::Bytes) => true,
            (Self::Bytes { bytes }, ColumnKind::Uuid) => bytes.len() == 16,
            _ => false,
        }
    }

    /// The id it holds.
    pub(super) fn id(&self) -> Option<Uuid> {
        match self {
            Self::Bytes { bytes } => Uuid::from_slice(bytes).ok(),
            _ => None,
        }
    }
}

fn to_base64<S: Serializer>(bytes: &[u8], out: S) -> Result<S::Ok, S::Error> {
    out.serialize_str(&BASE64.encode(bytes))
}

fn from_base64<'de, D: Deserializer<'de>>(text: D) -> Result<Vec<u8>, D::Error> {
    // serde's own words would quote the input.
    BASE64.decode(String::deserialize(text)?).map_err(|_| D::Error::custom("not base64"))
}

/// What both databases can read and write: the types of all columns.
pub(super) trait Cells: Database {
    /// A row's values.
    fn read(table: &Table, row: &Self::Row) -> sqlx::Result<Vec<Cell>>;
    /// Binds a value, as nothing where it is null: Postgres wants to know the type of nothing too.
    fn write(kind: ColumnKind, cell: Cell, to: &mut Separated<'_, Self, &'static str>);
}

impl<DB: Database> Cells for DB
where
    usize: ColumnIndex<DB::Row>,
    for<'q> i64: Type<DB> + Decode<'q, DB> + Encode<'q, DB>,
    for<'q> String: Type<DB> + Decode<'q, DB> + Encode<'q, DB>,
    for<'q> Vec<u8>: Type<DB> + Decode<'q, DB> + Encode<'q, DB>,
    for<'q> Uuid: Type<DB> + Decode<'q, DB> + Encode<'q, DB>,
    for<'q> Option<i64>: Encode<'q, DB>,
    for<'q> Option<String>: Encode<'q, DB>,
    for<'q> Option<Vec<u8>>: Encode<'q, DB>,
    for<'q> Option<Uuid>: Encode<'q, DB>,
{
    fn read(table: &Table, row: &DB::Row) -> sqlx::Result<Vec<Cell>> {
        let bytes = |bytes: Vec<u8>| Cell::Bytes { bytes };
        let cell = |(index, (_, kind)): (usize, &(&str, ColumnKind))| {
            Ok(match kind {
                ColumnKind::Int => row.try_get::<Option<i64>, _>(index)?.map(Cell::Int),
                ColumnKind::Text => row.try_get::<Option<String>, _>(index)?.map(Cell::Text),
                ColumnKind::Bytes => row.try_get::<Option<Vec<u8>>, _>(index)?.map(bytes),
                ColumnKind::Uuid => row.try_get::<Option<Uuid>, _>(index)?.map(|id| bytes(id.as_bytes().to_vec())),
            }
            .unwrap_or(Cell::Null))
        };
        table.columns.iter().enumerate().map(cell).collect()
    }

    fn write(kind: ColumnKind, cell: Cell, to: &mut Separated<'_, DB, &'static str>) {
        match kind {
            ColumnKind::Int => to.push_bind(if let Cell::Int(number) = cell { Some(number) } else { None }),
            ColumnKind::Uuid => to.push_bind(cell.id()),
            ColumnKind::Text => to.push_bind(if let Cell::Text(text) = cell { Some(text) } else { None }),
            ColumnKind::Bytes => to.push_bind(if let Cell::Bytes { bytes } = cell { Some(bytes) } else { None }),
        };
    }
}
