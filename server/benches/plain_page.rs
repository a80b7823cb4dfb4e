//! No measurement by itself: the page that Painel's is measured against, as somebody would draw it by hand with axum and maud. It
//! takes a page of Painel's from a file, parts it into rows of markup and text, and draws it anew from them for each request:
//! without session, database, tenant or language. `bench/cases/warm.mjs` starts it.
//!
//! `plain_page FILE` says its port in the first line of its output, and serves the page at `/`.

use axum::{Router, response::Html, routing::get, serve::ListenerExt};
use maud::{PreEscaped, html};
use std::{io::Write, mem, sync::Arc};
use tokio::net::TcpListener;

/// Painel's own: what is compared is the drawing.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// Markup as it stands, and the text behind it, which is escaped whenever it is drawn.
struct Row {
    markup: String,
    text: String,
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let Some(file) = std::env::args().skip(1).find(|word| !word.starts_with('-')) else {
        eprintln!("plain_page FILE: `make bench` starts it");
        return Ok(());
    };
    let page = std::fs::read_to_string(file)?;
    let rows: Arc<[Row]> = part(&page).into();
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let mut out = std::io::stdout();
    writeln!(out, "{}", listener.local_addr()?.port())?;
    out.flush()?;
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    let answer = move || {
        let rows = Arc::clone(&rows);
        async move { Html(draw(&rows)) }
    };
    axum::serve(listener, Router::new().route("/", get(answer))).await
}

fn draw(rows: &[Row]) -> String {
    let page = html! {
        @for row in rows {
            (PreEscaped(row.markup.as_str()))
            (row.text.as_str())
        }
    };
    page.into_string()
}

/// Parts a page at its texts. Scripts, styles and comments are markup, whatever stands in them.
fn part(page: &str) -> Vec<Row> {
    let (mut rows, mut rest, mut markup) = (Vec::new(), page, String::new());
    while let Some(at) = rest.find('<') {
        let (text, tag) = rest.split_at(at);
        if text.trim().is_empty() {
            markup.push_str(text);
        } else {
            rows.push(Row { markup: mem::take(&mut markup), text: unescaped(text) });
        }
        let (tag, behind) = tag.split_at(end_of(tag));
        markup.push_str(tag);
        rest = behind;
    }
    markup.push_str(rest);
    rows.push(Row { markup, text: String::new() });
    rows
}

/// Where what begins with `<` ends.
fn end_of(tag: &str) -> usize {
    for (open, close) in [("<script", "</script>"), ("<style", "</style>"), ("<!--", "-->")] {
        if tag.starts_with(open) {
            return tag.find(close).map_or(tag.len(), |at| at + close.len());
        }
    }
    let mut quoted = false;
    let end = tag.find(|sign: char| {
        quoted ^= sign == '"';
        sign == '>' && !quoted
    });
    end.map_or(tag.len(), |at| at + 1)
}

fn unescaped(text: &str) -> String {
    let pairs = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#x27;", "'"), ("&#39;", "'"), ("&amp;", "&")];
    pairs.iter().fold(text.to_owned(), |text, (escaped, sign)| text.replace(escaped, sign))
}
