//! Feature-blind pieces: they know no tenant, no route and no server function.

mod address;
mod chart;
mod dash;
mod empty;
mod entrance;
mod field;
mod icon;
mod labelled;
mod new_password;
mod outcome;
mod pager;
mod refusal;
mod select;
mod skeleton;
mod status;
mod trouble;
mod types;
mod when;

pub use address::address;
pub use chart::{Bar, BarChart};
pub use dash::{instant, or_dash};
pub use empty::Empty;
pub use entrance::Entrance;
pub use field::Field;
pub use icon::{Icon, Shape};
pub use new_password::NewPassword;
pub use outcome::{Outcome, at, failure, never, successes};
pub use pager::Pager;
pub use refusal::refusal;
pub use select::Select;
pub use skeleton::Skeleton;
pub use status::StatusBadge;
pub use trouble::{Trouble, Unconfigured};
pub use types::{Status, Tone, When};
pub use when::Moment;
