//! A tenant's machine tokens: made, listed, withdrawn.

use super::{RequestBackend, calendar, failure, hand_out::fields_handed_out, instant, typed_line};
use crate::{
    auth::MachineToken,
    store::{MOST_MACHINE_TOKENS, MachineTokenId, MachineTokenRow, NewMachineToken},
    web::session::Flash,
    words::Calendar,
};
use app::{
    automation::{AutomationBackend, AutomationView, FreshToken, HandOutView, MachineTokenView, NewToken},
    credentials::Provider,
    error::{AppError, FieldError},
    session::Permission,
    tr,
    ui::{Status, Tone},
};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// The longest name of a token, in characters.
const LONGEST_NAME: usize = 60;

#[async_trait::async_trait]
impl AutomationBackend for RequestBackend {
    async fn automation(&self) -> Result<AutomationView, AppError> {
        let visitor = self.member(Permission::KeepCredentials)?;
        let (calendar, now) = (calendar(visitor), OffsetDateTime::now_utc());
        let (tokens, stored) = futures::future::try_join(
            self.state.store.list_machine_tokens(&visitor.scope),
            self.state.store.list_credentials(&visitor.scope),
        )
        .await
        .map_err(failure::store)?;
        let hand_out = |provider: Provider| HandOutView {
            word: provider.as_str().to_owned(),
            label: provider.label().to_owned(),
            fields: fields_handed_out(provider).into_iter().map(str::to_owned).collect(),
            stored: stored.iter().any(|stored| stored.provider == provider.as_str()),
        };
        Ok(AutomationView {
            tokens: tokens.into_iter().map(|token| shown(token, &calendar, now)).collect(),
            fresh: self.take(Flash::Token).await,
            hand_out: Provider::ALL.into_iter().map(hand_out).collect(),
            confirm_due: self.confirm_due().await?,
            address: format!("{}/api/v1", self.state.base_url.as_str().trim_end_matches('/')),
        })
    }

    async fn make_token(&self, token: NewToken, current: &str) -> Result<(), AppError> {
        let visitor = self.member(Permission::KeepCredentials)?;
        let (name, providers) = check(&token)?;
        self.confirm_lately(current).await?;
        let made = MachineToken::generate().map_err(|error| failure::internal("a machine token", &error))?;
        let text = made.as_text();
        let now = OffsetDateTime::now_utc();
        let row = NewMachineToken {
            token_hash: made.hash(),
            name: name.clone(),
            last_four: text[text.len() - 4..].to_owned(),
            providers,
            expires_at: now + Duration::days(token.lifetime.days()),
        };
        let room = self.state.store.create_machine_token(&visitor.scope, &self.act(), row, now).await;
        if !room.map_err(failure::store)? {
            let message = tr!(
                format!("Já há {MOST_MACHINE_TOKENS} tokens valendo: retire antes um que não se usa mais."),
                format!(
                    "There are already {MOST_MACHINE_TOKENS} valid tokens: first revoke one that is no longer used."
                )
            );
            return Err(AppError::Invalid(vec![FieldError::new("name", message)]));
        }
        tracing::info!(tenant = %visitor.scope.tenant(), "machine token made");
        self.leave(Flash::Token, &FreshToken { name, token: text.to_string() }).await
    }

    async fn revoke_token(&self, token: &str) -> Result<(), AppError> {
        let visitor = self.member(Permission::KeepCredentials)?;
        let id = MachineTokenId::from_uuid(Uuid::parse_str(token).map_err(|_| AppError::NotFound)?);
        let now = OffsetDateTime::now_utc();
        let done = self.state.store.revoke_machine_token(&visitor.scope, &self.act(), id, now).await;
        if done.map_err(failure::store)? { Ok(()) } else { Err(AppError::NotFound) }
    }
}

/// A name and at least one provider.
///
/// # Errors
/// `Invalid` at `name` and `providers`.
fn check(token: &NewToken) -> Result<(String, Vec<Provider>), AppError> {
    let mut errors = Vec::new();
    let name = typed_line(&token.name);
    if name.is_empty() {
        let message = tr!(
            "Dê um nome ao token, para reconhecê-lo depois.",
            "Give the token a name, so that you can recognise it later.",
        );
        errors.push(FieldError::new("name", message));
    } else if name.chars().count() > LONGEST_NAME {
        let message =
            tr!(format!("No máximo {LONGEST_NAME} caracteres."), format!("{LONGEST_NAME} characters at most."));
        errors.push(FieldError::new("name", message));
    }
    let chosen = |provider: &Provider| token.providers.iter().any(|word| word == provider.as_str());
    let providers: Vec<Provider> = Provider::ALL.into_iter().filter(chosen).collect();
    if providers.is_empty() {
        errors.push(FieldError::new("providers", tr!("Marque ao menos uma conexão.", "Tick at least one connection.")));
    }
    if errors.is_empty() { Ok((name, providers)) } else { Err(AppError::Invalid(errors)) }
}

fn shown(token: MachineTokenRow, calendar: &Calendar, now: OffsetDateTime) -> MachineTokenView {
    let live = token.revoked_at.is_none() && token.expires_at > now;
    let (tone, label) = match (live, token.revoked_at) {
        (true, _) => (Tone::Ok, tr!("vale", "valid")),
        (false, Some(_)) => (Tone::Quiet, tr!("retirado", "revoked")),
        (false, None) => (Tone::Warn, tr!("venceu", "expired")),
    };
    MachineTokenView {
        id: token.id.to_string(),
        name: token.name,
        last_four: token.last_four,
        providers: token.providers.into_iter().map(|provider| provider.label().to_owned()).collect(),
        by: token.created_by_name.unwrap_or_default(),
        made: calendar.recently(instant(token.created_at)),
        expires: calendar.soon(instant(token.expires_at)),
        used: token.used_at.map(|at| calendar.recently(instant(at))),
        status: Status { tone, label: label.to_owned() },
        live,
    }
}
