//! Whole numbers.

use app::tr;

/// "48.213", in English "48,213".
pub fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut parted = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            parted.push(tr!('.', ','));
        }
        parted.push(digit);
    }
    parted
}
