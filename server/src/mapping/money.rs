//! Prices as tables hold them: cents, reais, or a text.

use serde::{Deserialize, Serialize};

/// What a column of prices holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MoneyKind {
    /// Whole hundredths: `18000`.
    Cents,
    /// Reais, also as a text: `180.00`, `R$ 1.234,56`.
    Reais,
}

/// Above this nothing is a price: a hundred million reais, in cents.
const MOST: f64 = 1e10;

impl MoneyKind {
    /// Hundredths of the currency; `None` for what is no amount.
    pub fn read(self, text: &str) -> Option<i64> {
        let cents = match self {
            Self::Cents => text.trim().parse::<f64>().ok()?,
            Self::Reais => reais(text)? * 100.0,
        };
        let cents = cents.round();
        #[expect(clippy::cast_possible_truncation, reason = "it is whole and within ±10^10")]
        (cents.abs() <= MOST).then_some(cents as i64)
    }
}

/// A number in either notation. With both signs the last one parts the hundredths; a single one does unless exactly three
/// digits follow a point, as in `1.234`.
fn reais(text: &str) -> Option<f64> {
    let bare: String = text.trim().trim_start_matches("R$").chars().filter(|sign| !sign.is_whitespace()).collect();
    let (point, comma) = (bare.rfind('.'), bare.rfind(','));
    let plain = match (point, comma) {
        (Some(point), Some(comma)) if point > comma => bare.replace(',', ""),
        (_, Some(_)) => bare.replace('.', "").replace(',', "."),
        (Some(point), None) if text.contains("R$") && bare.len() - point == 4 => bare.replace('.', ""),
        _ => bare,
    };
    let number: f64 = plain.parse().ok()?;
    number.is_finite().then_some(number)
}

#[cfg(test)]
mod tests {
    use super::MoneyKind::{Cents, Reais};

    #[test]
    fn amounts_in_every_notation() {
        for (kind, text, cents) in [
            (Cents, "18000", Some(18_000)),
            (Cents, "18000.0", Some(18_000)),
            (Reais, "180", Some(18_000)),
            (Reais, "180.00", Some(18_000)),
            (Reais, "180,5", Some(18_050)),
            (Reais, "R$ 1.234,56", Some(123_456)),
            (Reais, "R$\u{a0}1.234", Some(123_400)),
            (Reais, "1,234.56", Some(123_456)),
            (Reais, "1234.567", Some(123_457)),
            (Reais, "-45,50", Some(-4_550)),
            (Reais, "a combinar", None),
            (Reais, "", None),
            (Reais, "inf", None),
            (Reais, "NaN", None),
            (Reais, "1e300", None),
            (Cents, "R$ 10", None),
        ] {
            assert_eq!(kind.read(text), cents, "{kind:?} {text:?}");
        }
    }
}
