//! Portuguese words for instants, phones, money and statuses. Everything a view shows is put into words here, on the
//! server and in the tenant's time zone: the wasm has no clock, no zone and no locale.

mod audit;
mod media;
mod money;
mod phone;
mod status;
mod text;
mod time;

pub use audit::{detail, event, kind_label};
pub use media::media;
pub use money::reais;
pub use phone::as_written;
pub use status::{appointment_status, conversation_status, conversation_status_words, conversation_statuses};
pub use text::{initial, one_line};
pub use time::{Calendar, day_and_month, plus_days};
