//! What the overview counts: periods and what they are compared to, business hours, and the figures out of rows that were
//! read once, so that headline, chart, tables and file cannot disagree. Source: `field.md` §2, "KPIs worth showing".
//!
//! Pure, but for `shelf`, which keeps finished overviews for a minute. Who asks a project stands in [`crate::project`], the
//! words in `backend/overview`.

mod bookings;
mod figures;
mod hours;
mod period;
mod said;
mod shelf;

pub use bookings::{BookingFigures, Named, StatusTotals, Turned};
pub use figures::{Both, Compared, Figures, Partial, Read, Share, TalkFigures, Tells};
pub use hours::{BadHours, BusinessHours};
pub use period::{Asked, Period, Span, Step};
pub use said::{FirstAnswer, SaidFigures};
pub use shelf::{Key, Shelf, Shown};
