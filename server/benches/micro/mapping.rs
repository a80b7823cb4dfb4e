//! An answer of a project, from its text to the conversations of a page.

use criterion::Criterion;
use jiff::tz::TimeZone;
use serde_json::json;
use server::mapping::{Conversation, Mapping, Row};
use std::hint::black_box;

/// As many as a page has.
const ROWS: u32 = 50;

pub(crate) fn fifty_rows(criterion: &mut Criterion) {
    let rows: Vec<_> = (0..ROWS)
        .map(|number| {
            json!({
                "id": 1_001 + number,
                "phone": format!("+55119{:08}", 40_000_000 + number * 7_919),
                "name": format!("Mariana Alves {number}"),
                "status": "open",
                "last_message": "Bom dia! Queria remarcar o horário de amanhã para a tarde, se tiver vaga.",
                "created_at": "2026-11-03T12:34:56.789012+00:00",
                "updated_at": "2026-11-24T09:08:07.654321+00:00",
            })
        })
        .collect();
    let text = serde_json::to_string(&rows).expect("JSON");
    let (mapping, zone) = (Mapping::default(), TimeZone::get("America/Sao_Paulo").expect("a zone"));
    let read = |text: &str| -> Vec<Conversation> {
        let rows: Vec<Row> = serde_json::from_str(text).expect("rows");
        rows.iter().filter_map(|row| mapping.conversation(row, &zone)).collect()
    };
    assert_eq!(read(&text).len(), rows.len());
    criterion.benchmark_group("mapping").bench_function("fifty_rows", |bench| bench.iter(|| read(black_box(&text))));
}
