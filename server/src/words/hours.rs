//! Business hours as people say them.

use super::time::weekday;
use crate::overview::BusinessHours;
use app::tr;
use jiff::civil::Weekday;

/// "segunda a sexta, das 08:00 às 18:00"; "segunda, quarta e sexta, das …".
pub fn business_hours(hours: &BusinessHours) -> String {
    let days: Vec<usize> = hours.days().iter().enumerate().filter(|(_, open)| **open).map(|(day, _)| day).collect();
    let name = |day: usize| {
        let offset = i8::try_from(day).unwrap_or_default();
        weekday(Weekday::from_monday_zero_offset(offset).unwrap_or(Weekday::Monday))
    };
    let (first, last) = (days.first().copied().unwrap_or_default(), days.last().copied().unwrap_or_default());
    let days = match days.as_slice() {
        all if all.len() == 7 => tr!("todos os dias", "every day").to_owned(),
        run if run.len() > 2 && last - first + 1 == run.len() => {
            format!("{} {} {}", name(first), tr!("a", "to"), name(last))
        }
        [one] => name(*one).to_owned(),
        [some @ .., end] => {
            let some: Vec<&str> = some.iter().map(|day| name(*day)).collect();
            format!("{} {} {}", some.join(", "), tr!("e", "and"), name(*end))
        }
        [] => String::new(),
    };
    let (opens, closes) = hours.times();
    tr!(format!("{days}, das {opens} às {closes}"), format!("{days}, {opens} to {closes}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::lang::{Lang, speak};

    #[test]
    fn days_in_a_row_are_told_by_their_ends() {
        for (days, words, english) in [
            ([1, 1, 1, 1, 1, 0, 0], "segunda a sexta, das 08:00 às 18:30", "Monday to Friday, 08:00 to 18:30"),
            ([1, 1, 1, 1, 1, 1, 1], "todos os dias, das 08:00 às 18:30", "every day, 08:00 to 18:30"),
            ([0, 1, 1, 0, 0, 0, 0], "terça e quarta, das 08:00 às 18:30", "Tuesday and Wednesday, 08:00 to 18:30"),
            (
                [1, 0, 1, 0, 1, 0, 0],
                "segunda, quarta e sexta, das 08:00 às 18:30",
                "Monday, Wednesday and Friday, 08:00 to 18:30",
            ),
            ([0, 0, 0, 0, 0, 1, 0], "sábado, das 08:00 às 18:30", "Saturday, 08:00 to 18:30"),
        ] {
            let hours = BusinessHours::new(days.map(|day| day == 1), "08:00", "18:30").unwrap();
            assert_eq!(business_hours(&hours), words);
            assert_eq!(speak(Lang::En, || business_hours(&hours)), english);
        }
    }
}
