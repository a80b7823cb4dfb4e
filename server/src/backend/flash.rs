//! What one page leaves for the next: sealed in the caller's session, there once. A form's answer is a redirect, so this
//! is how its result reaches the page, with script and without.

use super::{RequestBackend, failure};
use crate::{
    vault::Purpose,
    web::session::{Flash, find_flash, put_flash, take_flash},
};
use app::error::AppError;
use secrecy::ExposeSecret;
use serde::{Serialize, de::DeserializeOwned};

impl RequestBackend {
    /// Leaves something for the caller's next page.
    ///
    /// # Errors
    /// `Internal`.
    pub(super) async fn leave<T: Serialize + Sync>(&self, flash: Flash, what: &T) -> Result<(), AppError> {
        let text = serde_json::to_string(what).map_err(|error| failure::internal("flash", &error))?;
        let sealed = self
            .state
            .agency
            .seal(Purpose::Flash, flash.word(), &text.into())
            .map_err(|error| failure::internal("sealing a flash", &error))?;
        put_flash(self.session()?, flash, &sealed).await.map_err(failure::session)
    }

    /// Takes what the request before this one left.
    pub(super) async fn take<T: DeserializeOwned>(&self, flash: Flash) -> Option<T> {
        let sealed = take_flash(self.session.as_ref()?, flash).await.ok()??;
        self.open_flash(flash, &sealed)
    }

    /// The same, but what was left stays.
    pub(super) async fn look<T: DeserializeOwned>(&self, flash: Flash) -> Option<T> {
        let sealed = find_flash(self.session.as_ref()?, flash).await.ok()??;
        self.open_flash(flash, &sealed)
    }

    fn open_flash<T: DeserializeOwned>(&self, flash: Flash, sealed: &[u8]) -> Option<T> {
        let text = self.state.agency.open(Purpose::Flash, flash.word(), sealed).ok()?;
        serde_json::from_str(text.expose_secret()).ok()
    }
}
