//! Money in reais.

use super::number;
use app::tr;

/// `18_000` cents as "R$ 180,00", thousands parted by a point; in English as "R$180.00", by a comma.
pub fn reais(cents: i64) -> String {
    let sign = if cents < 0 { "−" } else { "" };
    let cents = cents.unsigned_abs();
    let parted = number(cents / 100);
    let cents = cents % 100;
    tr!(format!("{sign}R$\u{a0}{parted},{cents:02}"), format!("{sign}R${parted}.{cents:02}"))
}

#[cfg(test)]
mod tests {
    use super::reais;
    use app::lang::{Lang, speak};

    #[test]
    fn cents_become_reais() {
        for (cents, text, english) in [
            (0, "R$\u{a0}0,00", "R$0.00"),
            (5, "R$\u{a0}0,05", "R$0.05"),
            (18_000, "R$\u{a0}180,00", "R$180.00"),
            (123_456_789, "R$\u{a0}1.234.567,89", "R$1,234,567.89"),
            (-4_550, "−R$\u{a0}45,50", "−R$45.50"),
        ] {
            assert_eq!(reais(cents), text);
            assert_eq!(speak(Lang::En, || reais(cents)), english);
        }
    }
}
