//! How the card is read: the ID of a number (not the number), its token, and what helps to check them.

use super::{DISPLAY, ID, TOKEN, WABA};
use crate::providers::{
    form::{Form, Refusal},
    phone, text,
};
use app::tr;

/// Shortest token seen is far longer; Meta promises no length.
const MIN_TOKEN: usize = 60;

/// Checks the card.
pub(in crate::providers) fn check(form: &mut Form<'_>) {
    form.read(ID, read_id);
    form.read(TOKEN, read_token);
    form.read(DISPLAY, |text| {
        phone::to_e164(text).ok_or_else(|| {
            Refusal::from(tr!(
                "Não é um telefone completo: use DDD e número, como (11) 98765-4321, ou + e o código do país.",
                "This is not a complete phone number: use area code and number, like (11) 98765-4321, or + and the \
                 country code."
            ))
        })
    });
    form.read(WABA, read_waba_id);
    form.read("app_secret", read_app_secret);
    if form.given(WABA).is_some() && form.outcome(WABA).is_some() && form.outcome(WABA) == form.outcome(ID) {
        form.refuse(
            WABA,
            tr!(
                "É o mesmo que o ID do número. O da conta fica logo abaixo dele, em Configuração da API (API Setup).",
                "This is the same as the ID of the number. The account’s is right below it, in API Setup."
            ),
        );
    }
}

fn read_id(text: &str) -> Result<&str, Refusal> {
    let phone_like = text.starts_with('+')
        || text.contains([' ', '(', ')', '-'])
        || text.strip_prefix("55").is_some_and(|rest| text::is_digits(rest, 10, 11));
    if phone_like && text.chars().any(|c| c.is_ascii_digit()) && !text.chars().any(char::is_alphabetic) {
        return Err(tr!(
            "Isto é um telefone. O ID dele é outro número, só com dígitos: em developers.facebook.com → Meus apps → o \
             seu app → WhatsApp → Configuração da API (API Setup), copie a “Identificação do número de telefone”.",
            "This is a phone number. Its ID is another number, digits only: in developers.facebook.com → My Apps → \
             your app → WhatsApp → API Setup, copy the “Phone number ID”."
        )
        .into());
    }
    if !text::is_digits(text, 10, 20) {
        return Err(tr!(
            "O ID do número tem só dígitos, de 10 a 20: copie a “Identificação do número de telefone” em WhatsApp → \
             Configuração da API (API Setup).",
            "The ID of the number has digits only, 10 to 20 of them: copy the “Phone number ID” in WhatsApp → API \
             Setup."
        )
        .into());
    }
    Ok(text)
}

fn read_token(text: &str) -> Result<&str, Refusal> {
    let token = text::header_safe(text)?;
    if !token.starts_with("EAA") {
        return Err(tr!(
            "O token da Meta começa com EAA. Em business.facebook.com/settings → Usuários do sistema, clique em “Gerar \
             token” e copie-o inteiro.",
            "Meta’s token starts with EAA. In business.facebook.com/settings → System users, click “Generate token” \
             and copy all of it."
        )
        .into());
    }
    if !token.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(tr!(
            "O token só tem letras e números: copie outra vez, sem nada em volta.",
            "The token has only letters and digits: copy it again, with nothing around it."
        )
        .into());
    }
    if token.len() < MIN_TOKEN {
        return Err(
            tr!("O token parece cortado: copie-o inteiro.", "The token seems to be cut off: copy all of it.").into()
        );
    }
    Ok(token)
}

fn read_waba_id(text: &str) -> Result<&str, Refusal> {
    if text::is_digits(text, 5, 20) {
        return Ok(text);
    }
    Err(tr!(
        "O ID da conta tem só dígitos: copie a “Identificação da conta” em WhatsApp → Configuração da API (API Setup).",
        "The ID of the account has digits only: copy the “WhatsApp Business Account ID” in WhatsApp → API Setup."
    )
    .into())
}

fn read_app_secret(text: &str) -> Result<String, Refusal> {
    let secret = text::header_safe(text)?;
    if secret.len() == 32 && secret.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Ok(secret.to_ascii_lowercase());
    }
    Err(tr!(
        "O App secret tem 32 caracteres, de 0 a 9 e de a a f: em developers.facebook.com → o seu app → Configurações \
         do app → Básico, clique em “Mostrar” e copie-o.",
        "The App secret has 32 characters, 0 to 9 and a to f: in developers.facebook.com → your app → App settings → \
         Basic, click “Show” and copy it."
    )
    .into())
}

#[cfg(test)]
mod tests {
    use crate::providers::testing::{card, check};
    use app::credentials::Provider::Whatsapp;

    const ID: (&str, &str) = ("phone_number_id", "106540352242922");
    const TOKEN: &str = "EAAJB1yT2bZCoBO0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJ";

    #[test]
    fn reads_ids() {
        let check =
            |value: &str, expected| check(Whatsapp, &[ID, ("access_token", TOKEN)], "phone_number_id", value, expected);
        check("106540352242922", Ok("106540352242922"));
        check(" 1065403522429220 ", Ok("1065403522429220"));
        check("5512345678901234", Ok("5512345678901234"));
        for phone in ["+55 11 98765-4321", "5511987654321", "551134567890", "(11) 98765-4321", "+15550783881"] {
            check(phone, Err("é um telefone"));
        }
        for wrong in ["123456789", "123456789012345678901", "abc", "10654035224292x", "１０６５４０３５２２４２９２２"]
        {
            check(wrong, Err("só dígitos"));
        }
    }

    #[test]
    fn reads_tokens() {
        let check =
            |value: &str, expected| check(Whatsapp, &[ID, ("access_token", TOKEN)], "access_token", value, expected);
        assert_eq!(TOKEN.len(), 61);
        check(TOKEN, Ok(TOKEN));
        check(&TOKEN[..60], Ok(&TOKEN[..60]));
        check(&TOKEN[..59], Err("cortado"));
        check(&TOKEN[3..], Err("EAA"));
        check(&format!("{TOKEN}-x"), Err("letras e números"));
        check(&format!("\"{TOKEN}\""), Err("aspas"));
        check(&format!("Bearer {TOKEN}"), Err("Bearer"));
        check(&format!("{}\n{}", &TOKEN[..40], &TOKEN[40..]), Err("espaços"));
    }

    #[test]
    fn reads_the_optional_fields() {
        let stored = [ID, ("access_token", TOKEN)];
        let field = |name, value: &str, expected| check(Whatsapp, &stored, name, value, expected);
        field("display_number", "(11) 98765-4321", Ok("+5511987654321"));
        field("display_number", "91234-5678", Err("telefone completo"));
        field("waba_id", "102290129340398", Ok("102290129340398"));
        field("waba_id", "1022-9012", Err("só dígitos"));
        field("waba_id", ID.1, Err("mesmo que o ID"));
        field("app_secret", "0123456789ABCDEF0123456789abcdef", Ok("0123456789abcdef0123456789abcdef"));
        field("app_secret", "0123456789abcdef0123456789abcde", Err("32 caracteres"));
        field("app_secret", "g123456789abcdef0123456789abcdef", Err("32 caracteres"));
        assert_eq!(card(Whatsapp, &[ID, ("access_token", TOKEN)], &[]).unwrap().len(), 2);
    }
}
