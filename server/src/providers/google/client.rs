//! The OAuth client of the tenant's own Google Cloud project: how it is read, and the pair that it makes.

use crate::providers::{
    form::{Form, Refusal},
    text,
};
use app::tr;
use secrecy::{ExposeSecret, SecretString};
use std::collections::BTreeMap;
use subtle::ConstantTimeEq;

const ID: &str = "client_id";
const SECRET: &str = "client_secret";

const ID_SUFFIX: &str = ".apps.googleusercontent.com";
const SECRET_PREFIX: &str = "GOCSPX-";

/// A client's id and secret.
#[derive(Debug, Clone)]
pub struct Client {
    /// The id, which Google shows to everybody.
    pub id: String,
    /// The secret.
    pub secret: SecretString,
}

impl Client {
    /// The pair of a card, when both are there.
    pub fn of(fields: &BTreeMap<String, SecretString>) -> Option<Self> {
        let id = fields.get(ID)?.expose_secret().to_owned();
        Some(Self { id, secret: fields.get(SECRET)?.clone() })
    }

    /// Whether it is the same pair.
    pub fn same_as(&self, other: &Self) -> bool {
        let (one, two) = (self.secret.expose_secret().as_bytes(), other.secret.expose_secret().as_bytes());
        self.id == other.id && bool::from(one.ct_eq(two))
    }
}

/// Checks `client_id` and `client_secret`.
pub(in crate::providers) fn check_client(form: &mut Form<'_>) {
    form.read(ID, read_client_id);
    form.read(SECRET, read_client_secret);
}

/// `<digits>-<letters, digits, _>.apps.googleusercontent.com`.
fn read_client_id(text: &str) -> Result<&str, Refusal> {
    let id = text::header_safe(text)?;
    if id.starts_with(SECRET_PREFIX) {
        return Err(tr!(
            "Este é o Client secret: cole-o no outro campo, e aqui o Client ID.",
            "This is the Client secret: paste it in the other field, and the Client ID here."
        )
        .into());
    }
    if id.ends_with(".gserviceaccount.com") {
        return Err(tr!(
            "Esta é uma conta de serviço. Crie um cliente OAuth do tipo “Web application” e use o ID dele.",
            "This is a service account. Create an OAuth client of the type “Web application” and use its ID."
        )
        .into());
    }
    let whole = id.strip_suffix(ID_SUFFIX).and_then(|name| name.split_once('-')).is_some_and(|(number, name)| {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        text::is_digits(number, 1, 30) && !name.is_empty() && name.bytes().all(allowed)
    });
    if whole {
        return Ok(id);
    }
    Err(tr!(
        "O Client ID tem a forma 123…-abc….apps.googleusercontent.com: copie-o em Google Cloud → Credentials.",
        "The Client ID looks like 123…-abc….apps.googleusercontent.com: copy it from Google Cloud → Credentials."
    )
    .into())
}

/// `GOCSPX-…`, or the 24 characters of very old clients.
fn read_client_secret(text: &str) -> Result<&str, Refusal> {
    if text.starts_with('{') {
        return Err(tr!(
            "Este é o arquivo JSON inteiro: cole só o valor de client_secret.",
            "This is the whole JSON file: paste only the value of client_secret."
        )
        .into());
    }
    let secret = text::header_safe(text)?;
    if secret.ends_with(ID_SUFFIX) {
        return Err(tr!(
            "Este é o Client ID: cole-o no outro campo, e aqui o Client secret.",
            "This is the Client ID: paste it in the other field, and the Client secret here."
        )
        .into());
    }
    if secret.starts_with("AIza") || secret.starts_with("ya29.") || secret.starts_with("1//") {
        return Err(tr!(
            "Isto é uma chave ou um token do Google, não o Client secret: ele começa com GOCSPX-.",
            "This is a key or a token of Google’s, not the Client secret: that one starts with GOCSPX-."
        )
        .into());
    }
    let charset = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
    match secret.strip_prefix(SECRET_PREFIX) {
        Some(rest) if charset(rest) && (20..=64).contains(&rest.len()) => Ok(secret),
        Some(_) => Err(tr!(
            "O Client secret parece cortado: copie-o inteiro.",
            "The Client secret seems to be cut off: copy all of it."
        )
        .into()),
        None if secret.len() == 24 && charset(secret) => Ok(secret),
        None => Err(tr!(
            "O Client secret começa com GOCSPX-: copie-o na mesma tela do Client ID.",
            "The Client secret starts with GOCSPX-: copy it on the same screen as the Client ID."
        )
        .into()),
    }
}

#[cfg(test)]
mod tests {
    use crate::providers::testing::check;
    use app::credentials::Provider::{GoogleCalendar, GoogleMeet};

    const ID: &str = "123456789012-abcdefghijklmnopqrstuvwxyz012345.apps.googleusercontent.com";
    const SECRET: &str = "GOCSPX-abcdefghijklmnopqrstuvwx_-12";

    #[test]
    fn both_providers_read_the_client() {
        let stored = [("client_id", ID), ("client_secret", SECRET), ("calendar_id", "primary")];
        for provider in [GoogleCalendar, GoogleMeet] {
            let field = |name, value: &str, expected| check(provider, &stored, name, value, expected);
            field("client_id", ID, Ok(ID));
            field("client_id", "1-a_b.apps.googleusercontent.com", Ok("1-a_b.apps.googleusercontent.com"));
            field("client_id", SECRET, Err("outro campo"));
            field("client_id", "bot@projeto.iam.gserviceaccount.com", Err("conta de serviço"));
            for wrong in [
                "123456789012",
                "123-ABC.apps.googleusercontent.com",
                "-abc.apps.googleusercontent.com",
                "123-.apps.googleusercontent.com",
                "x123-abc.apps.googleusercontent.com",
                "123-abc.apps.googleusercontent.com.evil.com",
                "https://123-abc.apps.googleusercontent.com",
            ] {
                field("client_id", wrong, Err("tem a forma"));
            }
            field("client_secret", SECRET, Ok(SECRET));
            field("client_secret", "abcdefghijklmnopqrstuv_-", Ok("abcdefghijklmnopqrstuv_-"));
            field("client_secret", ID, Err("outro campo"));
            field("client_secret", "GOCSPX-abc", Err("cortado"));
            field("client_secret", r#"{"web":{"client_id":"x"}}"#, Err("JSON"));
            field("client_secret", "AIzaSyA-0123456789abcdef", Err("chave ou um token"));
            field("client_secret", "ya29.a0AfH6SMC", Err("chave ou um token"));
            field("client_secret", "1//0gabcdefghijk", Err("chave ou um token"));
            field("client_secret", "abcdefghijklmnopqrstuvwxyz", Err("GOCSPX-"));
            field("client_secret", &format!("\"{SECRET}\""), Err("aspas"));
        }
    }
}
