//! The tables as files: `clients` and `client_users`, each .json (an array of objects) or .csv (names in the first row).

use super::{RawRow, SourceError, Tables, from_json};
use serde_json::{Map, Value};
use std::{fs, path::Path};

/// How an exported null looks in CSV besides an empty cell.
const CSV_NULL: &str = "\\N";

/// Reads both files.
///
/// # Errors
/// When a file is missing, doubled, or as a whole not what its name says.
pub(super) fn read(folder: &Path) -> Result<Tables, SourceError> {
    Ok(Tables { clients: read_table(folder, "clients")?, users: read_table(folder, "client_users")? })
}

fn read_table(folder: &Path, table: &str) -> Result<Vec<RawRow>, SourceError> {
    let (json, csv) = (folder.join(format!("{table}.json")), folder.join(format!("{table}.csv")));
    let path = match (json.exists(), csv.exists()) {
        (true, false) => &json,
        (false, true) => &csv,
        (true, true) => {
            let folder = folder.display();
            return Err(SourceError::Files(format!(
                "{folder} has both {table}.json and {table}.csv: keep the right one"
            )));
        }
        (false, false) => {
            let folder = folder.display();
            return Err(SourceError::Files(format!("{folder} has neither {table}.json nor {table}.csv")));
        }
    };
    let bytes = fs::read(path).map_err(|source| SourceError::Io { place: path.display().to_string(), source })?;
    from_bytes(table, path == &json, &bytes)
}

/// What a file of a table holds.
pub(in crate::import) fn from_bytes(table: &str, json: bool, bytes: &[u8]) -> Result<Vec<RawRow>, SourceError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if json { from_json_file(table, bytes) } else { from_csv_file(table, bytes) }
}

fn from_json_file(table: &str, bytes: &[u8]) -> Result<Vec<RawRow>, SourceError> {
    // Without serde's own words: they may quote what stands there.
    let rows: Vec<Value> = serde_json::from_slice(bytes).map_err(|fault| SourceError::Format {
        place: format!("{table}.json"),
        problem: format!("not a JSON array of objects (line {}, column {})", fault.line(), fault.column()),
    })?;
    let place = |at: usize| format!("{table}.json, row {}", at + 1);
    Ok(rows.into_iter().enumerate().map(|(at, row)| from_json(place(at), row)).collect())
}

fn from_csv_file(table: &str, bytes: &[u8]) -> Result<Vec<RawRow>, SourceError> {
    let fault = |problem: &str| SourceError::Format { place: format!("{table}.csv"), problem: problem.to_owned() };
    // Flexible, so that one row of the wrong length is that row's trouble.
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let header = reader.headers().map_err(|_| fault("not CSV with names in its first row"))?.clone();
    if !header.iter().any(|name| name.trim() == "id") {
        return Err(fault("without a column \"id\" in its first row"));
    }
    let mut rows = Vec::new();
    for (at, record) in reader.byte_records().enumerate() {
        // The reader works on memory, so what fails here is the rest of the file.
        let record = record.map_err(|_| fault("not CSV all through"))?;
        rows.push(RawRow { place: format!("{table}.csv, row {}", at + 1), columns: from_record(&header, record) });
    }
    Ok(rows)
}

fn from_record(header: &csv::StringRecord, record: csv::ByteRecord) -> Result<Map<String, Value>, &'static str> {
    if record.len() != header.len() {
        return Err("it has not as many cells as the first row has names");
    }
    let record = csv::StringRecord::from_byte_record(record).map_err(|_| "it is not UTF-8")?;
    let cell = |text: &str| match text {
        "" | CSV_NULL => Value::Null,
        text => Value::from(text),
    };
    Ok(header.iter().zip(&record).map(|(name, text)| (name.trim().to_owned(), cell(text))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn csv(text: &[u8]) -> Vec<RawRow> {
        from_csv_file("clients", text).expect("it is CSV")
    }

    #[test]
    fn csv_cells_become_columns_and_empty_ones_nulls() {
        let rows = csv("id,client_name,plan_type\r\n1,\"Sol, \"\"Mar\"\"\",\r\n2,Lua,\\N\r\n".as_bytes());
        let first = rows[0].columns.as_ref().expect("a row");
        assert_eq!(first["client_name"], "Sol, \"Mar\"");
        assert_eq!(first["plan_type"], Value::Null);
        assert_eq!(rows[1].columns.as_ref().expect("a row")["plan_type"], Value::Null);
    }

    #[test]
    fn a_bad_csv_row_is_that_rows_trouble() {
        let rows = csv(b"id,client_name\n1\n2,a,b\n3,\xff\n4,ok\n");
        let good: Vec<bool> = rows.iter().map(|row| row.columns.is_ok()).collect();
        assert_eq!(good, [false, false, false, true]);
        assert_eq!(rows[2].place, "clients.csv, row 3");
    }

    #[test]
    fn a_folder_needs_each_table_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let said = |folder: &Path| read(folder).err().expect("an error").to_string();
        assert!(said(folder.path()).contains("neither clients.json nor clients.csv"));
        fs::write(folder.path().join("clients.json"), "\u{feff}[{\"id\": 1}, 7]").expect("written");
        fs::write(folder.path().join("client_users.csv"), "id\n").expect("written");
        let tables = read(folder.path()).expect("both are there");
        assert_eq!((tables.clients.len(), tables.users.len()), (2, 0));
        assert!(tables.clients[1].columns.is_err(), "7 is no row");
        fs::write(folder.path().join("clients.csv"), "id\n").expect("written");
        assert!(said(folder.path()).contains("both"));
        fs::remove_file(folder.path().join("clients.csv")).expect("removed");
        fs::write(folder.path().join("clients.json"), "{\"segredo\": 1}").expect("written");
        let text = said(folder.path());
        assert!(text.contains("JSON array") && !text.contains("segredo"), "{text}");
        fs::write(folder.path().join("clients.json"), "[]").expect("written");
        fs::write(folder.path().join("client_users.csv"), "email\na@b\n").expect("written");
        assert!(said(folder.path()).contains("\"id\""));
    }
}
