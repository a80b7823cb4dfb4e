//! Short forms of free text, and words of ours that are kept.

use app::tr;

/// A browser that does not say which it is, as sessions and the audit trail keep it.
pub const UNKNOWN_BROWSER: &str = "Navegador desconhecido";

/// A browser as it is kept, in the reader's language.
pub fn browser(kept: &str) -> &str {
    if kept == UNKNOWN_BROWSER { tr!(UNKNOWN_BROWSER, "Unknown browser") } else { kept }
}

/// The first `most` characters on one line, with an ellipsis when cut.
pub fn one_line(text: &str, most: usize) -> String {
    let mut line = String::with_capacity(most.min(text.len()) + 4);
    let mut count = 0;
    let mut gap = false;
    for sign in text.trim().chars() {
        if sign.is_whitespace() || sign.is_control() {
            gap = true;
            continue;
        }
        if gap {
            line.push(' ');
            count += 1;
            gap = false;
        }
        if count >= most {
            line.push('…');
            break;
        }
        line.push(sign);
        count += 1;
    }
    line
}

/// The first letter or digit in upper case; "#" when there is none.
pub fn initial(name: &str) -> String {
    name.chars()
        .find(|sign| sign.is_alphanumeric())
        .map_or_else(|| "#".to_owned(), |sign| sign.to_uppercase().collect())
}

#[cfg(test)]
mod tests {
    use super::{initial, one_line};

    #[test]
    fn text_becomes_one_short_line() {
        assert_eq!(one_line("  Oi,\n tudo\t bem?  ", 140), "Oi, tudo bem?");
        assert_eq!(one_line("abcdef", 3), "abc…");
        assert_eq!(one_line("abc", 3), "abc");
        assert_eq!(one_line("", 3), "");
    }

    #[test]
    fn the_initial_skips_signs() {
        for (name, letter) in [("ágata", "Á"), ("\"Zé\"", "Z"), ("🙂", "#"), ("", "#"), ("مرحبا", "م")] {
            assert_eq!(initial(name), letter);
        }
    }
}
