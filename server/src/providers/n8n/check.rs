//! How the card is read: a webhook's production address, and the secret to sign with.
//!
//! The prefix `/webhook/` is configurable in n8n, so an address without it is kept; the addresses that are known to be
//! something else are refused with what to do instead.

use super::{SECRET, URL};
use crate::providers::{
    address::{self, AddressRules},
    form::{Form, Refusal},
    text,
};
use app::tr;

/// Shorter ones can be guessed by whoever sees one signed call.
const MIN_SECRET: usize = 16;

/// Checks the card.
pub(in crate::providers) fn check(form: &mut Form<'_>, rules: &AddressRules) {
    form.read(URL, |text| read_url(text, rules));
    form.read(SECRET, read_secret);
}

fn read_url(text: &str, rules: &AddressRules) -> Result<String, Refusal> {
    let url = address::read(text, rules)?;
    // The first telling part of the path decides: `/webhook/form/x` is a webhook whose own path is `form/x`.
    for segment in url.path_segments().into_iter().flatten() {
        match segment {
            "webhook" => break,
            "webhook-test" => {
                return Err(tr!(
                    "Esta é a URL de teste, que só vale por 120 segundos. Ative o fluxo e copie a “Production URL” \
                     (/webhook/…) do nó Webhook.",
                    "This is the test URL, which only works for 120 seconds. Activate the workflow and copy the \
                     “Production URL” (/webhook/…) of the Webhook node.",
                )
                .into());
            }
            "webhook-waiting" | "form-waiting" => {
                return Err(tr!(
                    "Esta URL continua uma execução parada e vale uma só vez. Copie a “Production URL” do nó Webhook.",
                    "This URL resumes a paused execution and works only once. Copy the “Production URL” of the \
                     Webhook node.",
                )
                .into());
            }
            "form" | "form-test" => {
                return Err(tr!(
                    "Esta é a página de um formulário do n8n. Use um nó Webhook e copie a “Production URL”.",
                    "This is the page of an n8n form. Use a Webhook node and copy the “Production URL”.",
                )
                .into());
            }
            "workflow" | "workflows" => {
                return Err(tr!(
                    "Esta é a página do editor. Abra o nó Webhook do fluxo e copie a “Production URL”.",
                    "This is the editor’s page. Open the workflow’s Webhook node and copy the “Production URL”.",
                )
                .into());
            }
            _ => {}
        }
    }
    if url.fragment().is_some() {
        return Err(
            tr!("Cole o endereço só até antes de “#”.", "Paste only the part of the address before “#”.",).into()
        );
    }
    if url.path().trim_matches('/').is_empty() {
        return Err(tr!(
            "Falta o caminho: copie a “Production URL” inteira (…/webhook/…).",
            "The path is missing: copy the whole “Production URL” (…/webhook/…).",
        )
        .into());
    }
    Ok(url.into())
}

fn read_secret(text: &str) -> Result<&str, Refusal> {
    let secret = text::header_safe(text)?;
    if secret.len() < MIN_SECRET {
        return Err(tr!(
            "Use ao menos 16 caracteres: um segredo curto se descobre por tentativas.",
            "Use at least 16 characters: a short secret can be found by trying.",
        )
        .into());
    }
    Ok(secret)
}

#[cfg(test)]
mod tests {
    use crate::providers::testing::check;
    use app::credentials::Provider::N8n;

    const STORED: [(&str, &str); 1] = [("webhook_url", "https://n8n.exemplo.com.br/webhook/abc")];

    #[test]
    fn reads_addresses() {
        let check = |value: &str, expected| check(N8n, &STORED, "webhook_url", value, expected);
        for good in [
            "https://n8n.exemplo.com.br/webhook/0b7e2f2c-6a53-4b1e-9a53-0b7e2f2c6a53",
            "https://exemplo.com.br/n8n/webhook/abc",
            "https://n8n.exemplo.com.br/webhook/form/abc",
            "https://n8n.exemplo.com.br/webhook/abc?origem=painel",
            "https://n8n.exemplo.com.br/gancho/abc",
            "http://127.0.0.1:54321/webhook/abc",
        ] {
            check(good, Ok(good));
        }
        check("HTTPS://N8N.exemplo.com.br/webhook/AbC", Ok("https://n8n.exemplo.com.br/webhook/AbC"));
        check("https://n8n.exemplo.com.br/webhook-test/abc", Err("120 segundos"));
        check("https://n8n.exemplo.com.br/n8n/webhook-test/abc", Err("120 segundos"));
        check("https://n8n.exemplo.com.br/webhook-waiting/12", Err("uma só vez"));
        check("https://n8n.exemplo.com.br/form/abc", Err("formulário"));
        check("https://n8n.exemplo.com.br/form-test/abc", Err("formulário"));
        check("https://n8n.exemplo.com.br/workflow/abc", Err("editor"));
        check("https://n8n.exemplo.com.br/", Err("Falta o caminho"));
        check("https://n8n.exemplo.com.br/webhook/abc#x", Err("“#”"));
        check("http://n8n.exemplo.com.br/webhook/abc", Err("https://"));
        check("https://localhost/webhook/abc", Err("rede interna"));
        check("https://n8n.exemplo.com.br:5678/webhook/abc", Err("porta"));
        check("https://a:b@n8n.exemplo.com.br/webhook/abc", Err("usuário"));
    }

    #[test]
    fn reads_secrets() {
        let check = |value: &str, expected| check(N8n, &STORED, "signing_secret", value, expected);
        check("0123456789abcdef", Ok("0123456789abcdef"));
        check("0123456789abcde", Err("16 caracteres"));
        check("um segredo com espaços", Err("espaços"));
    }
}
