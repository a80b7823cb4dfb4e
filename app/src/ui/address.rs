//! An address with its query: filters and cursors in links, so that a page can be shared and works without script.

use leptos_router::params::ParamsMap;

/// `path` with the pairs that have a value, escaped.
pub fn address(path: &str, query: &[(&'static str, &str)]) -> String {
    let given = query.iter().filter(|(_, value)| !value.is_empty());
    let query: ParamsMap = given.map(|(key, value)| (*key, (*value).to_owned())).collect();
    format!("{path}{}", query.to_query_string())
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn only_what_is_given_stands_in_it_and_nothing_breaks_out() {
        assert_eq!(address("/console", &[("search", ""), ("state", "")]), "/console");
        assert_eq!(address("/console", &[("search", "sol"), ("after", "")]), "/console?search=sol");
        assert_eq!(
            address("/console", &[("search", "a&state=b #ç"), ("after", "x")]),
            "/console?search=a%26state%3Db%20%23%C3%A7&after=x"
        );
    }
}
