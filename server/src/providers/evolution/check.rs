//! How the card is read: the server's address, the name of the instance, and that instance's token.

use super::{INSTANCE, TOKEN, URL};
use crate::providers::{
    address::{self, AddressRules},
    form::{Form, Refusal},
    text,
};
use app::tr;

/// Checks the card.
pub(in crate::providers) fn check(form: &mut Form<'_>, rules: &AddressRules) {
    form.read(URL, |text| read_url(text, rules));
    form.read(INSTANCE, read_instance);
    form.read(TOKEN, read_token);
    // Otherwise whoever may change the address could have the stored token sent to a server of his own.
    let moved = form.outcome(URL).is_some() && form.outcome(URL) != form.stored(URL);
    if moved && form.given(TOKEN).is_none() && form.stored(TOKEN).is_some() {
        form.refuse(
            TOKEN,
            tr!(
                "O endereço mudou: cole também o token, para que ele não vá a um servidor que não é o dele.",
                "The address has changed: paste the token too, so that it does not go to a server that is not its own."
            ),
        );
    }
}

/// Origin and path, without the manager's pages and without a slash at the end.
fn read_url(text: &str, rules: &AddressRules) -> Result<String, Refusal> {
    let mut url = address::read(text, rules)?;
    let path = url.path().to_owned();
    // People copy the address of the page they look at.
    if let Some(end) = path.find("/manager").filter(|end| matches!(path.as_bytes().get(end + 8), None | Some(b'/'))) {
        url.set_path(&path[..end]);
        url.set_query(None);
        url.set_fragment(None);
    }
    address::refuse_tail(&url)?;
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

fn read_instance(text: &str) -> Result<&str, Refusal> {
    if text.chars().count() > 100 {
        return Err(tr!(
            "O nome da instância tem no máximo 100 caracteres.",
            "The name of the instance can have at most 100 characters."
        )
        .into());
    }
    if text.chars().any(|c| c.is_control() || "/\\?#%".contains(c)) || matches!(text, "." | "..") {
        return Err(tr!(
            "Cole só o nome da instância, como está no Evolution Manager, sem barras nem endereço.",
            "Paste only the name of the instance, as it is in Evolution Manager, without slashes or an address."
        )
        .into());
    }
    Ok(text)
}

fn read_token(text: &str) -> Result<&str, Refusal> {
    let token = text::header_safe(text)?;
    if !(8..=255).contains(&token.len()) {
        return Err(tr!(
            "O token da instância tem de 8 a 255 caracteres: no Evolution Manager, entre na instância e copie-o abaixo \
             do nome.",
            "The instance’s token has 8 to 255 characters: in Evolution Manager, open the instance and copy it \
             from below the name."
        )
        .into());
    }
    Ok(token)
}

#[cfg(test)]
mod tests {
    use crate::providers::testing::{card, check};
    use app::credentials::Provider::Evolution;

    const TOKEN: &str = "A1B2C3D4-E5F6-7890-ABCD-EF1234567890";
    const INSTANCE: (&str, &str) = ("instance", "clinica");

    #[test]
    fn reads_addresses() {
        let check = |value: &str, expected: Result<&str, &str>| {
            let result = card(Evolution, &[("base_url", value), ("token", TOKEN)], &[INSTANCE]);
            match expected {
                Ok(wanted) => assert_eq!(result.unwrap()["base_url"], wanted, "{value}"),
                Err(part) => assert!(result.unwrap_err()[0].message.contains(part), "{value}"),
            }
        };
        check("https://evo.exemplo.com.br", Ok("https://evo.exemplo.com.br"));
        check("https://Evo.Exemplo.com.br//", Ok("https://evo.exemplo.com.br"));
        check("https://evo.exemplo.com.br/manager", Ok("https://evo.exemplo.com.br"));
        check("https://evo.exemplo.com.br/manager/", Ok("https://evo.exemplo.com.br"));
        check("https://evo.exemplo.com.br/manager/instance/x?y=1#z", Ok("https://evo.exemplo.com.br"));
        check("https://exemplo.com.br/evo/", Ok("https://exemplo.com.br/evo"));
        check("https://exemplo.com.br/evo/manager/login", Ok("https://exemplo.com.br/evo"));
        check("https://exemplo.com.br/managers", Ok("https://exemplo.com.br/managers"));
        check("http://127.0.0.1:54321/manager", Ok("http://127.0.0.1:54321"));
        check("http://evo.exemplo.com.br", Err("https://"));
        check("https://192.168.0.10", Err("rede interna"));
        check("https://evo.exemplo.com.br:8080", Err("porta"));
        check("https://evo.exemplo.com.br/?apikey=1", Err("“?”"));
        check("https://a:b@evo.exemplo.com.br", Err("usuário"));
        check("evo.exemplo.com.br", Err("https://"));
    }

    #[test]
    fn reads_instances_and_tokens() {
        let stored = [("base_url", "https://evo.exemplo.com.br"), INSTANCE, ("token", TOKEN)];
        let field = |name, value: &str, expected| check(Evolution, &stored, name, value, expected);
        field("instance", " Clínica Aurora 2 ", Ok("Clínica Aurora 2"));
        let longest = "x".repeat(100);
        field("instance", &longest, Ok(&longest));
        field("instance", &"x".repeat(101), Err("100 caracteres"));
        for wrong in ["a/b", "a\\b", "a?b", "a#b", "a%2fb", "a\nb", "..", "https://x"] {
            field("instance", wrong, Err("só o nome"));
        }
        field("token", TOKEN, Ok(TOKEN));
        field("token", "a2345678", Ok("a2345678"));
        field("token", "a234567", Err("8 a 255"));
        field("token", &"x".repeat(256), Err("8 a 255"));
        field("token", "abc def ghi", Err("espaços"));
        field("token", "'abcdefgh'", Err("aspas"));
    }

    /// The stored token never goes to an address that was typed without it.
    #[test]
    fn a_new_address_wants_the_token_again() {
        let stored = [("base_url", "https://evo.exemplo.com.br"), INSTANCE, ("token", TOKEN)];
        let errors = card(Evolution, &[("base_url", "https://evil.example.com")], &stored).unwrap_err();
        assert_eq!((errors.len(), errors[0].field.as_str()), (1, "token"));
        assert!(card(Evolution, &[("base_url", "https://evo.exemplo.com.br/manager/")], &stored).is_ok());
        assert!(card(Evolution, &[("base_url", "https://b.exemplo.com"), ("token", TOKEN)], &stored).is_ok());
        assert!(card(Evolution, &[("base_url", "https://b.exemplo.com")], &[INSTANCE, stored[2]]).is_err());
    }
}
