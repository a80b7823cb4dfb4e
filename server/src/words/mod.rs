//! Words for instants, phones, money and statuses, in the reader's language. Everything a view shows is put into words
//! here, on the server and in the tenant's time zone: the wasm has no clock, no zone and no locale.

mod audit;
mod hours;
pub mod live;
mod media;
mod money;
mod number;
mod phone;
mod status;
mod text;
mod time;

pub use audit::{AUTOMATION, actor, detail, event, file_name, kept_actor, kind_label};
pub use hours::business_hours;
pub use media::media;
pub use money::reais;
pub use number::number;
pub use phone::as_written;
pub use status::{appointment_status, conversation_status, conversation_status_words, conversation_statuses};
pub use text::{UNKNOWN_BROWSER, browser, initial, one_line};
pub use time::{Calendar, day_and_month, on_weekday, plain_day, plus_days, short_day, short_weekday, weekday};
