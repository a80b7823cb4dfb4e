//! Overview: the figures of a period beside those of the one before, when people write, what becomes of appointments, and
//! what comes next.

mod api;
#[cfg(feature = "ssr")]
mod backend;
mod figure;
mod hours;
mod page;
mod parts;
mod period;
mod types;
mod upcoming;
mod week;

pub use api::{ReadOverview, SetHours, read_overview, set_hours};
#[cfg(feature = "ssr")]
pub use backend::OverviewBackend;
pub use page::OverviewPage;
pub use types::{
    AppointmentPanel, BarCount, Bars, Change, Figure, Hours, HoursForm, Label, Overview, OverviewQuery, Part, Period,
    Trend, Upcoming, Week, WeekDay,
};
