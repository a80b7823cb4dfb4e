//! Sends letters, each over a connection of its own and within ten seconds. Does not retry: who asked is told, and asks
//! again.

use super::{Letter, MailConfig, config::Security};
use lettre::{
    AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor,
    message::{Mailbox, header::ContentType},
    transport::smtp::{
        authentication::Credentials,
        client::{Tls, TlsParameters},
        extension::ClientId,
    },
};
use secrecy::ExposeSecret as _;
use std::{sync::Arc, time::Duration};

/// The whole of one letter: reaching the server, TLS, signing in, handing over.
const DEADLINE: Duration = Duration::from_secs(10);

/// Why a letter did not go out. Never carries the letter, an address or the server's words: those repeat addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    /// No mail server was configured.
    #[error("mail is off: PAINEL_SMTP_URL is not set")]
    Off,
    /// The machine's certificates are not usable.
    #[error("no TLS to the mail server: the certificates of this machine cannot be read")]
    Certificates,
    /// The letter could not be put into the form of mail.
    #[error("the letter could not be written as mail")]
    Form,
    /// Ten seconds were not enough.
    #[error("the mail server took longer than {} s", DEADLINE.as_secs())]
    Deadline,
    /// The server said no: 4xx for now, 5xx for good.
    #[error("the mail server refused the letter with status {status}")]
    Refused {
        /// SMTP status.
        status: u16,
    },
    /// TLS was begun and failed.
    #[error("no TLS to the mail server: its certificate is not valid for its name, or it speaks an old version")]
    Tls,
    /// The server lacks what the configuration or the letter needs.
    #[error("the mail server does not offer STARTTLS, a way to sign in, or addresses in this script")]
    Unsuitable,
    /// No connection, or it broke off.
    #[error("the mail server could not be reached, or broke off")]
    Unreachable,
}

/// The way out for letters, or none. Cheap to clone.
#[derive(Clone, Default)]
pub struct Mailer(Option<Arc<Way>>);

struct Way {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    deadline: Duration,
}

impl Mailer {
    /// A mailer for this configuration; off without one. Opens no connection.
    ///
    /// # Errors
    /// `Certificates`.
    pub fn from_config(config: Option<&MailConfig>) -> Result<Self, MailError> {
        Self::with_deadline(config, DEADLINE)
    }

    fn with_deadline(config: Option<&MailConfig>, deadline: Duration) -> Result<Self, MailError> {
        let Some(config) = config else { return Ok(Self::default()) };
        let tls = || TlsParameters::new(config.host.clone()).map_err(|_| MailError::Certificates);
        let mut transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&config.host)
            .port(config.port)
            .timeout(Some(deadline))
            .hello_name(ClientId::Domain(config.from.email.domain().to_owned()))
            .tls(match config.security {
                Security::Tls => Tls::Wrapper(tls()?),
                Security::StartTls => Tls::Required(tls()?),
                Security::Loopback => Tls::None,
            });
        if let Some((user, password)) = &config.login {
            transport = transport.credentials(Credentials::new(user.clone(), password.expose_secret().to_owned()));
        }
        let way = Way { transport: transport.build(), from: config.from.clone(), deadline };
        Ok(Self(Some(Arc::new(way))))
    }

    /// Whether letters can go out at all.
    pub fn is_on(&self) -> bool {
        self.0.is_some()
    }

    /// Hands one letter to the mail server. That it arrives, only its reader knows.
    ///
    /// # Errors
    /// Why it did not go out.
    pub async fn send(&self, letter: Letter) -> Result<(), MailError> {
        let way = self.0.as_deref().ok_or(MailError::Off)?;
        let id = format!("<{}@{}>", uuid::Uuid::new_v4(), way.from.email.domain());
        let message = Message::builder()
            .from(way.from.clone())
            .to(Mailbox::new(None, letter.to))
            .subject(letter.subject)
            .message_id(Some(id))
            .header(ContentType::TEXT_PLAIN)
            .body(letter.body)
            .map_err(|_| MailError::Form)?;
        match tokio::time::timeout(way.deadline, way.transport.send(message)).await {
            Err(_) => Err(MailError::Deadline),
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(reason(&error)),
        }
    }
}

fn reason(error: &lettre::transport::smtp::Error) -> MailError {
    match error.status() {
        Some(code) => MailError::Refused { status: code.into() },
        None if error.is_timeout() => MailError::Deadline,
        None if error.is_tls() => MailError::Tls,
        None if error.is_client() => MailError::Unsuitable,
        None => MailError::Unreachable,
    }
}

impl std::fmt::Debug for Mailer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Mailer").field(&if self.is_on() { "on" } else { "off" }).finish()
    }
}

#[cfg(test)]
mod tests;
