//! Texts that people search with, made safe for LIKE.

use super::Slug;

/// The pattern of "contains, whatever the case", escaped by `!`; empty stays empty.
pub(super) fn contains(text: &str) -> String {
    let text = text.trim().to_lowercase();
    if text.is_empty() {
        return text;
    }
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for sign in text.chars() {
        if matches!(sign, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(sign);
    }
    pattern.push('%');
    pattern
}

/// What the console's search looks through: a tenant's name, slug and domain in lower case. Kept in a column of its own,
/// because SQLite's `lower` knows no letters beyond ASCII.
pub(super) fn sought(name: &str, slug: &Slug, domain: &str) -> String {
    format!("{name}\n{slug}\n{domain}").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::contains;

    #[test]
    fn what_means_something_to_like_is_taken_literally() {
        assert_eq!(contains("  "), "");
        assert_eq!(contains("Ana"), "%ana%");
        assert_eq!(contains("50%_!"), "%50!%!_!!%");
    }
}
