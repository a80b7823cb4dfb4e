//! Feature-blind pieces: they know no tenant, no route and no server function.

mod chart;
mod empty;
mod field;
mod icon;
mod pager;
mod skeleton;
mod status;
mod trouble;
mod types;
mod when;

pub use chart::{Bar, BarChart};
pub use empty::Empty;
pub use field::Field;
pub use icon::{Icon, Shape};
pub use pager::Pager;
pub use skeleton::Skeleton;
pub use status::StatusBadge;
pub use trouble::{Trouble, Unconfigured};
pub use types::{Status, Tone, When};
pub use when::Moment;
