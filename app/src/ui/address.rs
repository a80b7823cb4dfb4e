//! An address with its query: filters and cursors in links, so that a page can be shared and works without script.

use form_urlencoded::Serializer;
use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_url};

/// `path` with the pairs that have a value, escaped: the same on the server and in a browser.
pub fn address(path: &str, query: &[(&'static str, &str)]) -> String {
    let given = query.iter().filter(|(_, value)| !value.is_empty());
    let query = Serializer::new(String::new()).extend_pairs(given).finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// What an address asks for, as it was typed: nothing is decoded twice.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// Reads what stands after the question mark.
    pub fn read(search: &str) -> Self {
        Self(form_urlencoded::parse(search.as_bytes()).into_owned().collect())
    }

    /// The last value of this name.
    pub fn get_str(&self, name: &str) -> Option<&str> {
        self.0.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The same, to keep.
    pub fn get(&self, name: &str) -> Option<String> {
        self.get_str(name).map(str::to_owned)
    }
}

/// The page's own address: whoever tries again, or chooses how it looks, comes back to it.
pub fn here() -> impl Fn() -> String + Send + Sync + 'static {
    let location = use_location();
    move || {
        let search = location.search.get();
        let path = location.pathname.get();
        if search.is_empty() { path } else { format!("{path}?{}", search.trim_start_matches('?')) }
    }
}

/// What the address asks for now.
pub fn use_query() -> Memo<Query> {
    let url = use_url();
    Memo::new(move |_| url.with(|url| Query::read(url.search())))
}

#[cfg(test)]
mod tests {
    use super::{Query, address};

    #[test]
    fn only_what_is_given_stands_in_it_and_nothing_breaks_out() {
        assert_eq!(address("/console", &[("search", ""), ("state", "")]), "/console");
        assert_eq!(address("/console", &[("search", "sol"), ("after", "")]), "/console?search=sol");
        assert_eq!(
            address("/console", &[("search", "a&state=b #ç"), ("after", "x")]),
            "/console?search=a%26state%3Db+%23%C3%A7&after=x"
        );
    }

    #[test]
    fn what_was_typed_comes_back_as_it_was() {
        for typed in ["10%de desconto", "%2D~_.", "Corte (infantil)", "a+b c", "ação & 50%", "'\"<>\\", "%", "é%C3"]
        {
            let address = address("/a", &[("q", typed), ("day", "2026-11-24")]);
            let query = Query::read(address.split_once('?').unwrap().1);
            assert_eq!((query.get("q").as_deref(), query.get("day").as_deref()), (Some(typed), Some("2026-11-24")));
        }
        assert_eq!(Query::read("q=a&q=b").get("q").as_deref(), Some("b"));
        assert_eq!(Query::read("").get("q"), None);
    }
}
