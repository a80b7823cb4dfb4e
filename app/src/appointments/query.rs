//! What stands in the agenda's address: which view of which day, and what narrows it. All of it is optional.

use super::View;
use crate::ui::{Query, address};
use serde::{Deserialize, Serialize};

/// The agenda's own page.
pub(super) const AGENDA: &str = "/appointments";

/// `view`, `date`, `professional`, `service`, `status` and `group`, as somebody typed them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AgendaQuery {
    /// `day`, `week`, `month` or `list`; anything else is the week.
    pub view: String,
    /// A day of the span, ISO; anything else is today.
    pub date: String,
    /// With whom, as the table writes it.
    pub professional: String,
    /// What for, as the table writes it.
    pub service: String,
    /// A status by its short name, or as the table writes it.
    pub status: String,
    /// `professional`: a day has a column for each.
    pub group: String,
}

impl AgendaQuery {
    /// Out of an address.
    pub fn read(query: &Query) -> Self {
        let given = |key| query.get(key).unwrap_or_default();
        Self {
            view: given("view"),
            date: given("date"),
            professional: given("professional"),
            service: given("service"),
            status: given("status"),
            group: given("group"),
        }
    }

    /// An address with this.
    pub fn href(&self, path: &str) -> String {
        let Self { view, date, professional, service, status, group } = self;
        let query = [
            ("view", view.as_str()),
            ("date", date),
            ("professional", professional),
            ("service", service),
            ("status", status),
            ("group", group),
        ];
        address(path, &query)
    }

    /// The same on another day; none is today.
    #[must_use]
    pub fn on(&self, date: &str) -> Self {
        Self { date: date.to_owned(), ..self.clone() }
    }

    /// The same in another view.
    #[must_use]
    pub fn seen_as(&self, view: View) -> Self {
        Self { view: view.as_str().to_owned(), ..self.clone() }
    }

    /// The same with nothing that narrows it.
    #[must_use]
    pub fn whole(&self) -> Self {
        let (professional, service, status) = Default::default();
        Self { professional, service, status, ..self.clone() }
    }

    /// Whether anything narrows it.
    pub fn narrowed(&self) -> bool {
        [&self.professional, &self.service, &self.status].into_iter().any(|one| !one.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_of_the_state_stays_in_every_link() {
        let asked = AgendaQuery { service: "Corte & barba".into(), status: "confirmed".into(), ..Default::default() };
        assert_eq!(
            asked.on("2026-11-24").seen_as(View::Day).href(AGENDA),
            "/appointments?view=day&date=2026-11-24&service=Corte+%26+barba&status=confirmed"
        );
        assert!(asked.narrowed() && !asked.whole().narrowed());
        assert_eq!(AgendaQuery::default().href(AGENDA), AGENDA);
        assert_eq!(asked.seen_as(View::Week).view, "", "the usual view needs no word");
    }
}
