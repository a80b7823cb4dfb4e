//! A telephone number in E.164, read the way Brazilians write theirs. Plan of the numbers: libphonenumber's data.

/// A number as typed → E.164. Brazilian ones with or without country code, trunk zero or carrier; an old mobile number
/// of eight digits gets its ninth. Others only with `+` and country code. `None` when it is no such number.
pub(super) fn to_e164(text: &str) -> Option<String> {
    let international = text.trim_start().starts_with('+');
    let body = text.trim().trim_start_matches('+');
    if !body.chars().all(|c| c.is_ascii_digit() || " ()-.\u{a0}".contains(c)) {
        return None;
    }
    let digits: String = body.chars().filter(char::is_ascii_digit).collect();
    if international {
        return match digits.strip_prefix("55") {
            Some(national) => brazilian(national),
            None => ((8..=15).contains(&digits.len()) && !digits.starts_with('0')).then(|| format!("+{digits}")),
        };
    }
    match (digits.len(), digits.strip_prefix('0')) {
        (11 | 12, Some(national)) => brazilian(national),
        // 0, two digits of the carrier, then the number.
        (13 | 14, Some(rest)) => brazilian(&rest[2..]),
        (10 | 11, None) => brazilian(&digits),
        (12 | 13, None) => brazilian(digits.strip_prefix("55")?),
        _ => None,
    }
}

/// Area code and number → E.164.
fn brazilian(national: &str) -> Option<String> {
    if !matches!(national.len(), 10 | 11) {
        return None;
    }
    let (area, number) = national.split_at(2);
    if !is_area_code(area) {
        return None;
    }
    match (number.len(), number.as_bytes()[0]) {
        (9, b'9') | (8, b'2'..=b'5') => Some(format!("+55{area}{number}")),
        (8, b'6'..=b'9') => Some(format!("+55{area}9{number}")),
        _ => None,
    }
}

/// Whether two spellings are the same telephone. WhatsApp writes many Brazilian mobile numbers without their ninth digit,
/// so these are compared by area code and last eight digits.
pub(super) fn is_same(one: &str, other: &str) -> bool {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let (one, other) = (match_key(&digits(one)), match_key(&digits(other)));
    !one.is_empty() && one == other
}

/// Country code, area code and the last eight digits of a Brazilian mobile number; any other as it is.
fn match_key(digits: &str) -> String {
    let mobile = digits.strip_prefix("55").filter(|national| is_area_code(national.get(..2).unwrap_or_default()));
    let short = mobile.and_then(|national| match (national.len(), &national.as_bytes()[2..]) {
        (11, [b'9', b'6'..=b'9', ..]) => Some((&national[..2], &national[3..])),
        (10, [b'6'..=b'9', ..]) => Some((&national[..2], &national[2..])),
        _ => None,
    });
    short.map_or_else(|| digits.to_owned(), |(area, number)| format!("55{area}{number}"))
}

fn is_area_code(area: &str) -> bool {
    let &[first, second] = area.as_bytes() else { return false };
    match first {
        b'1' | b'4' | b'6' | b'8' | b'9' => (b'1'..=b'9').contains(&second),
        b'2' => b"12478".contains(&second),
        b'3' => b"1234578".contains(&second),
        b'5' => b"1345".contains(&second),
        b'7' => b"134579".contains(&second),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{is_area_code, is_same, to_e164};

    #[test]
    fn reads_numbers() {
        let check = |text: &str, expected: Option<&str>| assert_eq!(to_e164(text).as_deref(), expected, "{text:?}");
        for same in [
            "+55 11 98765-4321",
            "+5511987654321",
            "55 11 98765 4321",
            "5511987654321",
            "(11) 98765-4321",
            "11987654321",
            "011 98765-4321",
            "0 15 11 98765-4321",
            "11 8765-4321",
            "+55 (11) 8765.4321",
            "551187654321",
        ] {
            check(same, Some("+5511987654321"));
        }
        check("(11) 3456-7890", Some("+551134567890"));
        check("55 99988-7766", Some("+5555999887766")); // Santa Maria: area code 55, not the country
        check("+55 55 99988-7766", Some("+5555999887766"));
        check("+1 555 078 3881", Some("+15550783881"));
        check("+351 912 345 678", Some("+351912345678"));
        for wrong in [
            "",
            "+",
            "987654321",
            "(10) 98765-4321",
            "(23) 98765-4321",
            "(11) 08765-4321",
            "(11) 18765-432",
            "11 58765-4321",
            "+55 11 98765-43210",
            "+55 987654321",
            "1 555 078 3881 22",
            "+0123456789",
            "+1234567",
            "+1234567890123456",
            "11 98765-4321 ramal 2",
            "++5511987654321x",
            "١١٩٨٧٦٥٤٣٢١",
        ] {
            check(wrong, None);
        }
    }

    #[test]
    fn knows_the_67_area_codes() {
        assert_eq!((0..100).filter(|n| is_area_code(&format!("{n:02}"))).count(), 67);
    }

    #[test]
    fn a_ninth_digit_makes_no_other_number() {
        for (one, other, same) in [
            ("+5511987654321", "+55 11 98765-4321", true),
            ("+5511987654321", "551187654321", true),
            ("5581987654321", "+55 81 8765-4321", true),
            ("+15550783881", "+1 555-078-3881", true),
            ("+551134567890", "55 11 3456-7890", true),
            ("+5511987654321", "+5521987654321", false),
            ("+5511987654321", "+5511987654322", false),
            // A landline has no ninth digit to lose.
            ("+551134567890", "+5511934567890", false),
            ("+15550783881", "+5515550783881", false),
            ("", "", false),
            ("+", "-", false),
        ] {
            assert_eq!(is_same(one, other), same, "{one} and {other}");
        }
    }
}
