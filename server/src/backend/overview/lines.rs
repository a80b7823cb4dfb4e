//! The overview as lines of a file: what the page shows, number by number, of the same reading.

use app::{
    overview::{Label, Overview, Part},
    tr,
};

/// A line of the file: the panel, what is counted, the number, and that of the period before.
type Line = [String; 4];

/// All of them, in the language in which the overview was read.
pub(super) fn lines(view: &Overview) -> Vec<Line> {
    let line =
        |panel: &str, item: &str, value: String, before: String| [panel.to_owned(), item.to_owned(), value, before];
    let mut lines = vec![line(
        tr!("Período", "Period"),
        &view.period.label,
        tr!(
            format!("{} a {}", view.period.from, view.period.to),
            format!("{} to {}", view.period.from, view.period.to)
        ),
        view.period.against.clone(),
    )];
    let sample = |panel: &str, sample: &Option<String>| {
        sample.as_ref().map(|words| line(panel, tr!("Amostra", "Sample"), words.clone(), String::new()))
    };
    let numbers = tr!("Números", "Figures");
    for figure in view.figures.iter().chain(&view.more) {
        let before = figure.change.as_ref().map(|change| format!("{} ({})", change.before, change.against));
        let before = before.unwrap_or_default();
        lines.push(line(numbers, &figure.label, figure.now.clone(), before));
        let notes = figure.notes.iter().chain(&figure.sample);
        lines.extend(notes.map(|note| line(numbers, &figure.label, note.clone(), String::new())));
    }
    if let Ok(bars) = &view.bars {
        lines.extend(sample(&bars.title, &bars.sample));
        lines.extend(bars.bars.iter().map(|bar| line(&bars.title, &bar.full, bar.count.to_string(), String::new())));
    }
    if let Ok(week) = &view.week {
        // What the lines of the week are called.
        let name = tr!("Mensagens recebidas na semana", "Messages received in the week");
        lines.extend(sample(name, &week.sample));
        let hours = week
            .days
            .iter()
            .flat_map(|day| day.hours.iter().enumerate().map(move |(hour, count)| (day, hour, count.0)));
        lines.extend(hours.map(|(day, hour, count)| {
            let at = tr!(format!("{} {hour} h", day.full), format!("{} {hour:02}:00", day.full));
            line(name, &at, count.to_string(), String::new())
        }));
    }
    if let Ok(panel) = &view.appointments {
        let name = tr!("Agendamentos do período", "Appointments in the period");
        lines.extend(sample(name, &panel.sample));
        let panels = [
            (tr!("Estados", "Statuses"), &panel.statuses),
            (tr!("Profissionais", "Professionals"), &panel.professionals),
            (tr!("Serviços", "Services"), &panel.services),
        ];
        for (name, parts) in panels {
            lines.extend(parts.iter().map(|part| line(name, label(part), part.count.clone(), String::new())));
        }
    }
    let untold = tr!("Não se sabe", "Not known");
    lines.extend(view.untold.iter().map(|sentence| line(untold, sentence, String::new(), String::new())));
    lines
}

fn label(part: &Part) -> &str {
    match &part.label {
        Label::Status(status) => &status.label,
        Label::Name(name) | Label::Word(name) => name,
    }
}
