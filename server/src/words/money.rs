//! Money in reais.

/// `18_000` cents as "R$ 180,00"; thousands parted by a point.
pub fn reais(cents: i64) -> String {
    let sign = if cents < 0 { "−" } else { "" };
    let cents = cents.unsigned_abs();
    let whole = (cents / 100).to_string();
    let mut parted = String::with_capacity(whole.len() + whole.len() / 3);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            parted.push('.');
        }
        parted.push(digit);
    }
    format!("{sign}R$\u{a0}{parted},{:02}", cents % 100)
}

#[cfg(test)]
mod tests {
    use super::reais;

    #[test]
    fn cents_become_reais() {
        for (cents, text) in [
            (0, "R$\u{a0}0,00"),
            (5, "R$\u{a0}0,05"),
            (18_000, "R$\u{a0}180,00"),
            (123_456_789, "R$\u{a0}1.234.567,89"),
            (-4_550, "−R$\u{a0}45,50"),
        ] {
            assert_eq!(reais(cents), text);
        }
    }
}
