//! Overview: the figures of today and of the week, what comes next, and the last 30 days.

mod api;
#[cfg(feature = "ssr")]
mod backend;
mod figure;
mod page;
mod types;

pub use api::{ReadOverview, read_overview};
#[cfg(feature = "ssr")]
pub use backend::OverviewBackend;
pub use page::OverviewPage;
pub use types::{AppointmentPanel, ConversationPanel, DayCount, Figure, Overview, Trend, Upcoming};
