//! Connecting a telephone to the stored Evolution instance: a code is asked for, and drawn here.

use super::RequestBackend;
use crate::{
    auth::qr_path,
    providers::{self, Code},
};
use app::{
    credentials::{MOST_CODES, Pairing, PairingCode, Provider},
    error::AppError,
    session::Permission,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};

impl RequestBackend {
    /// Asks for a code, unless so many were `shown` already. Counts as a connection test: it makes a foreign server work.
    ///
    /// # Errors
    /// As [`app::credentials::CredentialsBackend::pairing`].
    pub(super) async fn ask_pairing(&self, shown: u32) -> Result<Pairing, AppError> {
        let visitor = self.member(Permission::KeepCredentials)?;
        if shown >= MOST_CODES {
            return Ok(Pairing::GivenUp);
        }
        self.count_test(visitor).await?;
        let (version, fields) = self.stored_fields(&visitor.scope, Provider::Evolution).await?;
        if version == 0 {
            return Ok(Pairing::Unsaved);
        }
        let answer = providers::connect(&fields, &self.means(&visitor.scope, Provider::Evolution)).await;
        let pairing = match answer {
            Ok(code) => shown_as(code),
            Err(finding) => {
                Pairing::Failed { what: finding.what.here().to_owned(), fix: finding.fix.here().to_owned() }
            }
        };
        tracing::info!(tenant = %visitor.scope.tenant(), step = step(&pairing), "connecting a telephone");
        Ok(pairing)
    }
}

/// A code as the page shows it. One that is too long to draw is none.
fn shown_as(code: Code) -> Pairing {
    match code {
        Code::Text { text, pairing } => {
            let drawn = qr_path(&text).and_then(|(side, path)| Some((u32::try_from(side).ok()?, path)));
            drawn.map_or(Pairing::NotYet, |(side, path)| Pairing::Scan {
                code: PairingCode::Drawn { side, path },
                letters: pairing,
            })
        }
        Code::Picture { png, pairing } => {
            let source = format!("data:image/png;base64,{}", STANDARD.encode(png));
            Pairing::Scan { code: PairingCode::Picture(source), letters: pairing }
        }
        Code::Connected => Pairing::Connected,
        Code::NotYet => Pairing::NotYet,
        Code::GivenUp => Pairing::GivenUp,
    }
}

/// One word for the log: nothing of the code.
fn step(pairing: &Pairing) -> &'static str {
    match pairing {
        Pairing::Scan { .. } => "code shown",
        Pairing::Connected => "connected",
        Pairing::NotYet => "no code yet",
        Pairing::GivenUp => "given up",
        Pairing::Unsaved => "nothing stored",
        Pairing::Failed { .. } => "failed",
    }
}
