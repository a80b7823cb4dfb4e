//! Phones as people write them in Brazil.

/// `+5511987654321`, `5511987654321` or `5511987654321@s.whatsapp.net` as "(11) 98765-4321"; anything that is not a
/// Brazilian number as it is.
pub fn as_written(phone: &str) -> String {
    let bare = phone.split('@').next().unwrap_or_default().trim();
    let digits: String = bare.chars().filter(char::is_ascii_digit).collect();
    let only_phone_signs = bare.chars().all(|sign| sign.is_ascii_digit() || " +()-.".contains(sign));
    match digits.strip_prefix("55") {
        Some(national) if only_phone_signs && matches!(national.len(), 10 | 11) => {
            let (area, number) = national.split_at(2);
            let (head, tail) = number.split_at(number.len() - 4);
            format!("({area}) {head}-{tail}")
        }
        _ => bare.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::as_written;

    #[test]
    fn brazilian_numbers_are_grouped_and_others_kept() {
        for (given, text) in [
            ("+5511987654321", "(11) 98765-4321"),
            ("5581987654321@s.whatsapp.net", "(81) 98765-4321"),
            ("+558133334444", "(81) 3333-4444"),
            ("+15550783881", "+15550783881"),
            ("ramal 5511987654321", "ramal 5511987654321"),
            ("", ""),
        ] {
            assert_eq!(as_written(given), text, "for {given:?}");
        }
    }
}
