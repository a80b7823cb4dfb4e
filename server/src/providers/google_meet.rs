//! Google Meet: an OAuth client, which may be the calendar's. The person's consent comes later, by Google's own page.

use super::{form::Form, google};

/// Checks the card.
pub(super) fn check(form: &mut Form<'_>) {
    google::check_client(form);
}
